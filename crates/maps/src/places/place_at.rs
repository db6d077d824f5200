//! What lies at a place: the nearest street and places, the units in which it lies, and those in which it lay before the
//! last arrangement.

use axum::Json;
use geo::{Closest, ClosestPoint, MapCoords};
use geo_types::{Coord, Point};
use serde::Serialize;
use songhan_app::{Cx, Problem};
use songhan_base::Internal;
use utoipa::ToSchema;

use super::{Place, area, coordinate, limit, of_feature, plane};
use crate::layer::{Layers, Of};
use crate::ogc::answer::Asked;
use crate::store::features;
use crate::{shape, snapshot};

const KNOWN: [&str; 3] = ["lon", "lat", "limit"];
const LIMIT: usize = 5;
/// What is farther away than the last does not say where one is; the first are looked at where much lies.
const WITHIN_M: [f64; 3] = [25.0, 80.0, 250.0];
/// Features of a layer looked at: a place may lie where very many do.
const LOOKED_AT_MAX: usize = 500;
/// So many times what is asked for, and what lies farther is not looked at: parts of one street are one answer.
const ENOUGH: usize = 10;

/// Vị trí: what is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceAt {
    /// The nearest first.
    pub places: Vec<Place>,
    /// The units of today, the smallest first.
    #[schema(example = json!(["Phường Hải Châu"]))]
    pub areas: Vec<String>,
    /// The units on the last day of the arrangement before, where the map knows them.
    #[schema(example = json!(["Quận Hải Châu"]))]
    pub former_areas: Vec<String>,
}

async fn look(cx: &Cx, asked: &Asked) -> Result<PlaceAt, Problem> {
    asked.check(&KNOWN, &[])?;
    let needed = |name: &'static str, bound| match asked.get(name) {
        Some(text) => coordinate(name, text, bound),
        None => Err(Problem::bad_request(format!("{name} is missing: write the place as lon=108.22&lat=16.07"))),
    };
    let at = Coord { x: needed("lon", 180.0)?, y: needed("lat", 90.0)? };
    let limit = limit(asked.get("limit"), LIMIT)?;
    Ok(PlaceAt {
        places: nearest(cx, at, limit).await?,
        areas: area::names_at(cx, at).await?,
        former_areas: former(cx, at).await?,
    })
}

/// The units by the layers that ended last.
async fn former(cx: &Cx, at: Coord<f64>) -> Result<Vec<String>, Internal> {
    let today = cx.today();
    let is_area = |of: Option<Of>| of == Some(Of::Area);
    let ends = cx.city.get::<Layers>();
    let ends = ends.iter().filter(|layer| is_area(layer.search.as_ref().map(|search| search.of)));
    let Some(last) = ends.filter_map(|layer| layer.until).filter(|until| *until < today).max() else {
        return Ok(Vec::new());
    };
    let name = |code: &String| cx.city.areas().at(code, last).map(|area| area.name.get(cx.lang).to_owned());
    Ok(area::codes_at(cx, at, last).await?.iter().filter_map(name).collect())
}

async fn nearest(cx: &Cx, at: Coord<f64>, limit: usize) -> Result<Vec<Place>, Internal> {
    let mut near = Vec::new();
    for layer in cx.city.get::<Layers>().iter() {
        let Some(search) = layer.search.as_ref().filter(|search| search.of != Of::Area) else { continue };
        let reach = layer.rights.reads(cx);
        if reach.is_nothing() {
            continue;
        }
        let Some(now) = snapshot::of(cx, layer).await? else { continue };
        let mut numbers = Vec::new();
        for within in WITHIN_M {
            numbers = now.index.within(around(at, within), &reach);
            if numbers.len() >= ENOUGH * limit {
                break;
            }
        }
        numbers.truncate(LOOKED_AT_MAX);
        for feature in features::these(&cx.db, now.base, &numbers).await? {
            let Some(placed) = feature.geometry.as_deref().map(shape::stored).transpose()? else { continue };
            let flat = placed.geometry.map_coords(|one| plane(at, one).into());
            let distance = match flat.closest_point(&Point::new(0.0, 0.0)) {
                Closest::Intersection(_) => 0.0,
                Closest::SinglePoint(point) => point.x().hypot(point.y()),
                Closest::Indeterminate => continue,
            };
            if distance <= WITHIN_M[2] && reach.holds(feature.area.as_deref()) {
                near.push((distance, layer.clone(), search.clone(), feature));
            }
        }
    }
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| (&a.1.code, a.3.feature).cmp(&(&b.1.code, b.3.feature))));
    let mut places: Vec<Place> = Vec::new();
    for (distance, layer, search, feature) in near {
        let Some(mut place) = of_feature(cx, &layer, &search, &feature).await? else { continue };
        // Of a street the nearest segment stands for it.
        if search.of == Of::Street && places.iter().any(|one| one.layer == place.layer && one.name == place.name) {
            continue;
        }
        place.distance_m = Some((distance * 10.0).round() / 10.0);
        places.push(place);
        if places.len() == limit {
            break;
        }
    }
    Ok(places)
}

/// A box so many metres to each side.
fn around(at: Coord<f64>, metres: f64) -> [f64; 4] {
    let (lat, lon) = (metres / 110_574.0, metres / (111_320.0 * at.y.to_radians().cos().max(0.01)));
    [at.x - lon, at.y - lat, at.x + lon, at.y + lat]
}

/// What lies at a place.
#[utoipa::path(get, path = "/api/v1/places/at", operation_id = "show_place_at", tag = "maps",
    description = "The nearest streets and places within 250 metres, the administrative units of today and those before.",
    params(("lon" = f64, Query, description = "Longitude, WGS 84", example = 108.2208),
        ("lat" = f64, Query, description = "Latitude, WGS 84", example = 16.0678),
        ("limit" = Option<usize>, Query, description = "1 to 50; 5 if it is not said", example = 5),
        ("lang" = Option<String>, Query, description = "`vi` or `en`", example = "vi")),
    responses((status = 200, description = "What is there", body = PlaceAt)))]
pub async fn handler(cx: Cx, asked: Asked) -> Result<Json<PlaceAt>, Problem> {
    look(&cx, &asked).await.map(Json)
}
