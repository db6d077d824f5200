//! Search places: what people name, found as they type it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use axum::Json;
use geo_types::Coord;
use serde::Serialize;
use songhan_app::{Cx, Problem};
use songhan_base::Internal;
use utoipa::ToSchema;

use super::address::{Address, STREET};
use super::index::{self, Fit, TYPO};
use super::{Place, Precision, area, coordinate, coordinates, held, limit, metres, of_feature, rounded};
use crate::View;
use crate::layer::{Layer, Layers, Of, Reach};
use crate::ogc::answer::{Asked, shortened};
use crate::store::features;

const KNOWN: [&str; 3] = ["q", "near", "limit"];
const LIMIT: usize = 10;
const LENGTH_MAX: usize = 200;
/// So many times what is asked for are read, because segments of one street are one answer.
const READ_AHEAD: usize = 4;
/// Of a number on a street that is known, above whatever else has these words.
const NUMBER: Fit = 1_500;
/// What lies near stands before what lies far: a point less each so many metres, so many at most.
const METRES_A_POINT: f64 = 200.0;
const FAR: f64 = 150.0;

/// Kết quả tra cứu địa điểm.
#[derive(Debug, Serialize, ToSchema)]
pub struct Places {
    /// The best first.
    pub places: Vec<Place>,
}

/// A row that fits, before it is read.
struct Candidate {
    fit: Fit,
    layer: Arc<Layer>,
    base: i64,
    feature: i64,
    precision: Precision,
}

/// What was asked for.
struct Question<'a> {
    words: Vec<String>,
    address: Option<Address>,
    near: Option<Coord<f64>>,
    text: &'a str,
}

impl<'a> Question<'a> {
    fn of(text: &'a str, near: Option<Coord<f64>>) -> Self {
        Self { words: index::words(text), address: Address::read(text), near, text }
    }
}

fn question(asked: &Asked) -> Result<Question<'_>, Problem> {
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
    Ok(Question::of(text, near.transpose()?))
}

/// What people name, the best first; of a text that is too long the beginning.
pub async fn find(cx: &Cx, text: &str, limit: usize) -> Result<Vec<Place>, Internal> {
    let text: String = text.trim().chars().take(LENGTH_MAX).collect();
    search(cx, &Question::of(&text, None), limit).await
}

async fn search(cx: &Cx, question: &Question<'_>, limit: usize) -> Result<Vec<Place>, Internal> {
    if let Some(at) = coordinates::read(question.text, cx.city.get::<View>().crs) {
        return Ok(vec![of_coordinates(cx, at).await?]);
    }
    let mut candidates = rows(cx, question, false).await?;
    let areas = area::named(cx, &question.words);
    if candidates.is_empty() && areas.is_empty() {
        candidates = rows(cx, question, true).await?;
    }
    candidates.sort_by(|a, b| (b.fit, &a.layer.code, a.feature).cmp(&(a.fit, &b.layer.code, b.feature)));
    let mut places = read(cx, &candidates, limit).await?;
    for (fit, area) in areas.into_iter().take(limit) {
        if let Some(place) = area::place(cx, area).await? {
            places.push((fit, place));
        }
    }
    // Stable: what fits alike stays in its order.
    places.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    Ok(places.into_iter().take(limit).map(|(_, place)| place).collect())
}

/// The rows of all layers that fit; `corrected` with the words that were mistyped put right.
async fn rows(cx: &Cx, question: &Question<'_>, corrected: bool) -> Result<Vec<Candidate>, Internal> {
    let mut found = Vec::new();
    for layer in cx.city.get::<Layers>().iter() {
        let Some(search) = layer.search.as_ref().filter(|search| search.of != Of::Area) else { continue };
        let reach = layer.rights.reads(cx);
        if reach.is_nothing() {
            continue;
        }
        let Some(held) = held::of(cx, layer, search).await? else { continue };
        let mut add = |fit: Fit, row: &index::Row, precision| {
            let far = question.near.zip(row.at).map_or(0.0, |(near, at)| (metres(near, at) / METRES_A_POINT).min(FAR));
            let (layer, base) = (layer.clone(), held.base);
            found.push(Candidate { fit: fit - far as Fit, layer, base, feature: row.feature, precision });
        };
        let less = if corrected { TYPO } else { 0 };
        let spelled = |words: &[String]| if corrected { held.index.corrected(words) } else { Some(words.to_vec()) };
        if let Some(words) = spelled(&question.words) {
            let mut fitting = held.index.find(&words, &reach);
            // "Đ. Lê Lợi" is written without its first word in many places.
            if let [first, rest @ ..] = words.as_slice()
                && fitting.is_empty()
                && STREET.contains(&first.as_str())
            {
                fitting = held.index.find(rest, &reach);
            }
            for (fit, row) in fitting {
                add(fit - less, row, Precision::Exact);
            }
        }
        let Some(address) = &question.address else { continue };
        let Some(street) = spelled(&address.street) else { continue };
        for (fit, row) in held.index.find(&street, &reach) {
            let same =
                row.address.as_ref().is_some_and(|own| own.way == address.way && own.street.starts_with(&street));
            if same {
                add(NUMBER - less, row, Precision::Exact);
            } else if search.of == Of::Street {
                add(fit - less, row, Precision::Street);
            }
        }
    }
    Ok(found)
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
        coordinates (decimal, degrees with minutes, VN-2000 of the city's zone). Without accents, with small typos, and while \
        it is typed. An address whose number is not known is answered by its street, and says so by `precision`.",
    params(("q" = String, Query, description = "What is looked for", example = "hai chau"),
        ("near" = Option<String>, Query, description = "What lies near stands first: longitude,latitude", example = "108.22,16.07"),
        ("limit" = Option<usize>, Query, description = "1 to 50; 10 if it is not said", example = 10),
        ("lang" = Option<String>, Query, description = "`vi` or `en`", example = "vi")),
    responses((status = 200, description = "What was found, the best first", body = Places)))]
pub async fn handler(cx: Cx, asked: Asked) -> Result<Json<Places>, Problem> {
    let question = question(&asked)?;
    let limit = limit(asked.get("limit"), LIMIT)?;
    Ok(Json(Places { places: search(&cx, &question, limit).await? }))
}
