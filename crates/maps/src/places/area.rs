//! Đơn vị hành chính as places: the areas of every time by their names, and those in which a place lies.

use geo::Intersects;
use geo_types::{Coord, Geometry, Point};
use jiff::civil::Date;
use songhan_app::Cx;
use songhan_base::{Internal, Lang};
use songhan_city::Area;

use super::ground::Ground;
use super::ranking::{Fit, fit_of_names};
use super::{Place, Precision, index, rounded};
use crate::View;
use crate::layer::{Layer, Layers, Of, Reach};
use crate::store::features;
use crate::{shape, snapshot};

/// Beside a place of the same name a unit stands first.
const OF_A_UNIT: Fit = 100;
/// A unit that is no more stands behind one that is.
const OF_THE_PAST: Fit = -150;

/// The layers of areas that anybody reads, as of a day.
fn layers(cx: &Cx, day: Date) -> Vec<std::sync::Arc<Layer>> {
    let stands = |layer: &Layer| {
        layer.search.as_ref().is_some_and(|search| search.of == Of::Area)
            && layer.rights.reads(cx) == Reach::Everything
            && layer.from.is_none_or(|from| from <= day)
            && layer.until.is_none_or(|until| day <= until)
    };
    cx.city.get::<Layers>().iter().filter(|layer| stands(layer)).cloned().collect()
}

/// The codes of the areas in which a place lay on a day, by the layers that stood then.
pub async fn codes_at(cx: &Cx, at: Coord<f64>, day: Date) -> Result<Vec<String>, Internal> {
    let mut codes = Vec::new();
    for layer in layers(cx, day) {
        let Some(code) = layer.search.as_ref().and_then(|search| search.code.as_deref()) else { continue };
        let Some(now) = snapshot::of(cx, &layer).await? else { continue };
        let near = now.index.within([at.x, at.y, at.x, at.y], &Reach::Everything);
        for feature in features::these(&cx.db, now.base, &near).await? {
            let Some(placed) = feature.geometry.as_deref().map(shape::stored).transpose()? else { continue };
            if placed.geometry.intersects(&Point::from(at)) {
                let known: serde_json::Value = serde_json::from_str(&feature.properties).map_err(Internal::new)?;
                codes.extend(known[code].as_str().map(str::to_owned));
            }
        }
    }
    Ok(codes)
}

/// The names of the areas in which a place lies today.
pub async fn names_at(cx: &Cx, at: Coord<f64>) -> Result<Vec<String>, Internal> {
    let today = cx.today();
    let name = |code: &String| cx.city.areas().at(code, today).map(|area| area.name.get(cx.lang).to_owned());
    Ok(codes_at(cx, at, today).await?.iter().filter_map(name).collect())
}

/// The areas of every time that are called so, the best first.
pub fn named<'a>(cx: &'a Cx, typed: &[String]) -> Vec<(Fit, &'a Area)> {
    let today = cx.today();
    let fit = |area: &'a Area| {
        let names = names(cx, area);
        let fit = fit_of_names(&[&names[0], &names[1], &names[2]], typed)?;
        let past = if area.is_valid_on(today) { 0 } else { OF_THE_PAST };
        Some((fit + OF_A_UNIT + past, area))
    };
    let mut found: Vec<_> = cx.city.areas().iter().filter_map(fit).collect();
    found.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.code.cmp(&other.code)));
    found
}

/// The folded names of an area: in both languages, and without its kind.
fn names(cx: &Cx, area: &Area) -> [String; 3] {
    let parlance = &cx.city.get::<View>().parlance;
    [area.name.get(Lang::Vi), area.name.get(Lang::En), area.bare_name()].map(|name| parlance.words(name).join(" "))
}

/// Whether any area of any time is called just so.
pub fn is_called(cx: &Cx, typed: &[String]) -> bool {
    let typed = typed.join(" ");
    cx.city.areas().iter().any(|area| names(cx, area).contains(&typed))
}

/// Where the areas lie that are called just so, of today and of before; none where no area is, empty where the map does
/// not know their shapes.
pub async fn ground(cx: &Cx, typed: &[String]) -> Result<Option<Ground>, Internal> {
    let (typed, today) = (typed.join(" "), cx.today());
    let called: Vec<&Area> = cx.city.areas().iter().filter(|area| names(cx, area).contains(&typed)).collect();
    if called.is_empty() {
        return Ok(None);
    }
    let mut ground = Ground::default();
    for area in called {
        if let Some((_, _, shape, _)) = drawn(cx, &area.code, area.valid_to.unwrap_or(today)).await? {
            ground.push(shape);
            continue;
        }
        // Of one that is no more, what it became.
        for next in cx.city.areas().now(area, today) {
            if let Some((_, _, shape, _)) = drawn(cx, &next.code, today).await? {
                ground.push(shape);
            }
        }
    }
    Ok(Some(ground))
}

/// An area as a place: where its layer draws it; one that is no more, where what it became lies.
pub async fn place(cx: &Cx, area: &Area) -> Result<Option<Place>, Internal> {
    let today = cx.today();
    let now = cx.city.areas().now(area, today);
    let past = !area.is_valid_on(today);
    let drawn = match drawn(cx, &area.code, area.valid_to.unwrap_or(today)).await? {
        None if past => match now.first() {
            Some(next) => drawn(cx, &next.code, today).await?,
            None => None,
        },
        own => own,
    };
    let office = area.lon.zip(area.lat).map(|(x, y)| Coord { x, y });
    let shape = drawn.as_ref().and_then(|(_, _, shape, _)| index::middle(shape));
    let Some(at) = shape.or(office) else { return Ok(None) };
    let parent = cx.city.areas().parent(area).map(|parent| parent.name.get(cx.lang).to_owned());
    let names = now.iter().map(|next| next.name.get(cx.lang)).collect::<Vec<_>>().join(", ");
    let note = area.valid_to.filter(|_| past).map(|last| {
        let last = last.strftime("%d/%m/%Y").to_string();
        // Districts ended without a successor.
        let key = if names.is_empty() { "places-area-ended" } else { "places-area-of-the-past" };
        cx.text(cx.lang, key, &[("last", &last), ("now", &names)])
    });
    Ok(Some(Place {
        name: area.name.get(cx.lang).to_owned(),
        kind: cx.t(if past { "places-former-area" } else { "places-area" }),
        address: None,
        areas: parent.into_iter().collect(),
        lon: rounded(at.x),
        lat: rounded(at.y),
        bbox: drawn.as_ref().and_then(|(.., bounds)| *bounds).map(|bounds| bounds.map(rounded)),
        layer: drawn.as_ref().map(|(layer, ..)| layer.clone()),
        feature: drawn.as_ref().map(|(_, feature, ..)| *feature),
        precision: if past { Precision::Area } else { Precision::Exact },
        note,
        distance_m: None,
        simulated: false,
    }))
}

type Drawn = (String, i64, Geometry<f64>, Option<[f64; 4]>);

/// The feature that draws an area, by its code, in the layers that stood on a day.
async fn drawn(cx: &Cx, code: &str, day: Date) -> Result<Option<Drawn>, Internal> {
    for layer in layers(cx, day) {
        let Some(search) = &layer.search else { continue };
        let Some(held) = super::held::of(cx, &layer, search).await? else { continue };
        let Some(feature) = held.index.by_code(code) else { continue };
        let found = features::these(&cx.db, held.base, &[feature]).await?;
        let shape = found.first().and_then(|feature| feature.geometry.as_deref()).map(shape::stored).transpose()?;
        if let Some(placed) = shape {
            return Ok(Some((layer.code.clone(), feature, placed.geometry, placed.bounds)));
        }
    }
    Ok(None)
}
