//! Search places: what people name, found as they type it.

use std::collections::{BTreeMap, HashMap, HashSet};

use axum::Json;
use geo_types::Coord;
use serde::Serialize;
use songhan_app::{Cx, Problem};
use songhan_base::Internal;
use utoipa::ToSchema;

use super::question::Question;
use super::ranking::Fit;
use super::source::{Candidate, rows};
use super::{Place, Precision, READ_AHEAD, WITHIN, area, coordinate, coordinates, limit, of_feature, rounded};
use crate::View;
use crate::layer::{Layer, Of, Reach};
use crate::ogc::answer::{Asked, shortened};
use crate::store::features;

const KNOWN: [&str; 3] = ["q", "near", "limit"];
const LIMIT: usize = 10;
const LENGTH_MAX: usize = 200;

/// Kết quả tra cứu địa điểm.
#[derive(Debug, Serialize, ToSchema)]
pub struct Places {
    /// The best first.
    pub places: Vec<Place>,
}

fn question(asked: &Asked) -> Result<(&str, Option<Coord<f64>>), Problem> {
    asked.check(&KNOWN, &[])?;
    let text = asked.get("q").unwrap_or_default().trim();
    let length = text.chars().count();
    if length == 0 || length > LENGTH_MAX {
        let told = format!("q has {length} characters; write what you look for in 1 to {LENGTH_MAX}");
        return Err(Problem::bad_request(told));
    }
    let near = asked.get("near").map(|text| {
        let how = "write longitude,latitude as 108.22,16.07";
        let unread = || Problem::bad_request(format!("near={} cannot be read; {how}", shortened(text)));
        let (lon, lat) = text.split_once(',').ok_or_else(unread)?;
        Ok::<_, Problem>(Coord { x: coordinate("near", lon, 180.0)?, y: coordinate("near", lat, 90.0)? })
    });
    Ok((text, near.transpose()?))
}

/// What people name, the best first; of a text that is too long the beginning.
pub async fn find(cx: &Cx, text: &str, limit: usize) -> Result<Vec<Place>, Internal> {
    let text: String = text.trim().chars().take(LENGTH_MAX).collect();
    search(cx, &text, None, limit).await
}

async fn search(cx: &Cx, text: &str, near: Option<Coord<f64>>, limit: usize) -> Result<Vec<Place>, Internal> {
    let view = cx.city.get::<View>();
    if let Some(at) = coordinates::read(text, view.crs) {
        return Ok(vec![of_coordinates(cx, at).await?]);
    }
    let mut question = Question::of(cx, text, near).await?;
    let mut candidates = rows(cx, &question, limit, false).await?;
    let mut areas = area::named(cx, &question.words);
    let nothing = |candidates: &[Candidate], areas: &[_]| candidates.is_empty() && areas.is_empty();
    if nothing(&candidates, &areas)
        && let Some(divided) = Question::divided(cx, text, &view.parlance)
    {
        let divided = Question::of(cx, &divided, near).await?;
        candidates = rows(cx, &divided, limit, false).await?;
        areas = area::named(cx, &divided.words);
        if !nothing(&candidates, &areas) {
            question = divided;
        }
    }
    if nothing(&candidates, &areas) {
        candidates = rows(cx, &question, limit, true).await?;
    }
    candidates.sort_by(|a, b| (b.fit, &a.layer.code, a.feature).cmp(&(a.fit, &b.layer.code, b.feature)));
    let mut places = read(cx, &candidates, limit).await?;
    let named = if question.within.is_empty() { 0 } else { WITHIN };
    for (fit, area) in areas.into_iter().take(limit) {
        if let Some(place) = area::place(cx, area).await? {
            places.push((fit + named, place));
        }
    }
    // Stable: what fits alike stays in its order.
    places.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    Ok(places.into_iter().take(limit).map(|(_, place)| place).collect())
}

/// The best candidates as they are in the database now; parts of one thing, as the segments of a street, are one place.
async fn read(cx: &Cx, candidates: &[Candidate], limit: usize) -> Result<Vec<(Fit, Place)>, Internal> {
    let best = &candidates[..candidates.len().min(limit * READ_AHEAD)];
    let mut by_layer: BTreeMap<(&str, i64), Vec<i64>> = BTreeMap::new();
    for one in best {
        by_layer.entry((&one.layer.code, one.base)).or_default().push(one.feature);
    }
    let mut rows = HashMap::new();
    for ((layer, base), features) in by_layer {
        let found = features::these(&cx.db, base, &features).await?;
        rows.extend(found.into_iter().map(|feature| ((layer, feature.feature), feature)));
    }
    let (mut places, mut seen) = (Vec::new(), HashSet::new());
    for one in best {
        let Some(search) = &one.layer.search else { continue };
        let Some(feature) = rows.get(&(one.layer.code.as_str(), one.feature)) else { continue };
        // The row may have come under another area since its words were gathered.
        if !reads(cx, &one.layer, feature.area.as_deref()) {
            continue;
        }
        let Some(mut place) = of_feature(cx, &one.layer, search, feature).await? else { continue };
        if search.of == Of::Street && !seen.insert((one.layer.code.clone(), place.name.clone(), place.areas.clone())) {
            continue;
        }
        if search.of != Of::Street && !seen.insert((one.layer.code.clone(), one.feature.to_string(), Vec::new())) {
            continue;
        }
        place.precision = one.precision;
        places.push((one.fit, place));
        if places.len() == limit {
            break;
        }
    }
    Ok(places)
}

fn reads(cx: &Cx, layer: &Layer, area: Option<&str>) -> bool {
    match layer.rights.reads(cx) {
        Reach::Everything => true,
        reach => reach.holds(area),
    }
}

async fn of_coordinates(cx: &Cx, at: Coord<f64>) -> Result<Place, Internal> {
    Ok(Place {
        name: format!("{:.6}, {:.6}", at.y, at.x),
        kind: cx.t("places-coordinates"),
        address: None,
        areas: area::names_at(cx, at).await?,
        lon: rounded(at.x),
        lat: rounded(at.y),
        bbox: None,
        layer: None,
        feature: None,
        precision: Precision::Exact,
        note: None,
        distance_m: None,
        simulated: false,
    })
}

/// Search places.
#[utoipa::path(get, path = "/api/v1/places", operation_id = "search_places", tag = "maps",
    description = "Places, streets, numbers on them (`K34/12 Nguyễn Văn Linh`), administrative units of today and of before, and \
        coordinates (decimal with point or comma, degrees with minutes, VN-2000 of the city's zone). Without accents, with \
        small typos, and while it is typed. What stands behind a comma names an area, of today or of before \
        (`12 Bạch Đằng, Hải Châu`): what lies there stands first. An address whose number is not known is answered by its street, and says so by `precision`.",
    params(("q" = String, Query, description = "What is looked for", example = "hai chau"),
        ("near" = Option<String>, Query, description = "What lies near stands first: longitude,latitude", example = "108.22,16.07"),
        ("limit" = Option<usize>, Query, description = "1 to 50; 10 if it is not said", example = 10),
        ("lang" = Option<String>, Query, description = "`vi` or `en`", example = "vi")),
    responses((status = 200, description = "What was found, the best first", body = Places)))]
pub async fn handler(cx: Cx, asked: Asked) -> Result<Json<Places>, Problem> {
    let (text, near) = question(&asked)?;
    let limit = limit(asked.get("limit"), LIMIT)?;
    Ok(Json(Places { places: search(&cx, text, near, limit).await? }))
}
