//! Geometries of CQL2 JSON: GeoJSON (RFC 7946, clause 3.1) and `bbox`.

use geo_types::{Coord, Geometry, GeometryCollection, MultiLineString, MultiPoint, MultiPolygon, Point};
use serde_json::{Map, Value as Json, json};

use super::ast::Expr;
use super::error::{Cql2Error, Position, Result, shorten};
use super::json::{Reader, kind};
use super::shape::{BBox, Gather, Shape, line, polygon};

impl Reader {
    pub(super) fn geometry(&mut self, members: &Map<String, Json>, at: &Position) -> Result<Expr> {
        let mut gather = Gather::default();
        let geometry = self.typed(members, &mut gather, at, true)?;
        Ok(Expr::Shape(Box::new(gather.shape(geometry))))
    }

    fn typed(
        &mut self,
        members: &Map<String, Json>,
        gather: &mut Gather,
        at: &Position,
        collection: bool,
    ) -> Result<Geometry<f64>> {
        let Some(Json::String(name)) = members.get("type") else {
            return Err(Cql2Error::syntax(at, "the type of a GeoJSON geometry", "another `type`"));
        };
        if name == "GeometryCollection" && collection {
            let geometries = array(members.get("geometries"), "geometries", at)?;
            let geometries = self.step("geometries", |r| r.each(geometries, |r, item| r.member(item, gather)))?;
            return Ok(Geometry::GeometryCollection(GeometryCollection(filled(geometries, at)?)));
        }
        let coordinates = array(members.get("coordinates"), "coordinates", at)?;
        self.step("coordinates", |reader| {
            Ok(match name.as_str() {
                "Point" => Point(reader.position(coordinates, gather)?).into(),
                "LineString" => line(reader.positions(coordinates, gather)?, at)?.into(),
                "Polygon" => polygon(reader.rings(coordinates, gather)?, at)?.into(),
                "MultiPoint" => {
                    let coords = filled(reader.positions(coordinates, gather)?, at)?;
                    MultiPoint(coords.into_iter().map(Point).collect()).into()
                }
                "MultiLineString" => {
                    let lines = reader.rings(coordinates, gather)?.into_iter().map(|coords| line(coords, at));
                    MultiLineString(filled(lines.collect::<Result<_>>()?, at)?).into()
                }
                "MultiPolygon" => {
                    let polygons = reader.each(coordinates, |reader, rings| {
                        let rings = array(Some(rings), "coordinates", at)?;
                        polygon(reader.rings(rings, gather)?, at)
                    })?;
                    MultiPolygon(filled(polygons, at)?).into()
                }
                other => {
                    let wanted = "Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon or (not inside \
                                  another) GeometryCollection";
                    return Err(Cql2Error::syntax(at, wanted, shorten(other)));
                }
            })
        })
    }

    fn member(&mut self, value: &Json, gather: &mut Gather) -> Result<Geometry<f64>> {
        let at = self.at();
        let Json::Object(members) = value else { return Err(Cql2Error::syntax(&at, "a geometry", kind(value))) };
        self.typed(members, gather, &at, false)
    }

    fn rings(&mut self, value: &[Json], gather: &mut Gather) -> Result<Vec<Vec<Coord<f64>>>> {
        self.each(value, |reader, ring| {
            let at = reader.at();
            reader.positions(array(Some(ring), "coordinates", &at)?, gather)
        })
    }

    fn positions(&mut self, value: &[Json], gather: &mut Gather) -> Result<Vec<Coord<f64>>> {
        self.each(value, |reader, position| {
            let at = reader.at();
            reader.position(array(Some(position), "coordinates", &at)?, gather)
        })
    }

    fn position(&mut self, value: &[Json], gather: &mut Gather) -> Result<Coord<f64>> {
        let at = self.at();
        // RFC 7946 lets a position have more than three numbers and gives those no meaning.
        let numbers: Vec<f64> = value.iter().take(3).map_while(number).collect();
        if numbers.len() < value.len().min(3) {
            return Err(Cql2Error::syntax(&at, "2 or 3 numbers", "something else"));
        }
        gather.position(&numbers, &mut self.coordinates, &at)
    }
}

/// `bbox` as a literal.
pub fn bbox(numbers: &Json, at: &Position) -> Result<Expr> {
    let numbers: Option<Vec<f64>> =
        numbers.as_array().filter(|items| items.len() <= 6).map(|items| items.iter().filter_map(number).collect());
    let numbers = numbers.ok_or_else(|| Cql2Error::syntax(at, "an array of 4 or 6 numbers as `bbox`", "other"))?;
    BBox::new(&numbers, at).map(|bbox| Expr::BBox(Box::new(bbox)))
}

fn number(value: &Json) -> Option<f64> {
    value.as_f64().filter(|number| number.is_finite())
}

fn array<'a>(value: Option<&'a Json>, name: &str, at: &Position) -> Result<&'a Vec<Json>> {
    let found = value.map_or("none", kind);
    value.and_then(Json::as_array).ok_or_else(|| Cql2Error::syntax(at, format!("an array `{name}`"), found))
}

fn filled<T>(parts: Vec<T>, at: &Position) -> Result<Vec<T>> {
    if parts.is_empty() {
        return Err(Cql2Error::literal(at, "geometry", "give it at least one position"));
    }
    Ok(parts)
}

/// A shape as GeoJSON.
pub fn write(shape: &Shape) -> Json {
    let mut heights = shape.heights.iter().copied();
    object(&shape.geometry, &mut heights)
}

type Heights<'a> = dyn Iterator<Item = f64> + 'a;

fn object(geometry: &Geometry<f64>, heights: &mut Heights<'_>) -> Json {
    let (name, coordinates) = match geometry {
        Geometry::Point(point) => ("Point", position(point.0, heights)),
        Geometry::LineString(line) => ("LineString", positions(&line.0, heights)),
        Geometry::Polygon(polygon) => ("Polygon", rings(polygon, heights)),
        Geometry::MultiPoint(points) => {
            ("MultiPoint", points.0.iter().map(|point| position(point.0, heights)).collect())
        }
        Geometry::MultiLineString(lines) => {
            ("MultiLineString", lines.0.iter().map(|line| positions(&line.0, heights)).collect())
        }
        Geometry::MultiPolygon(polygons) => {
            ("MultiPolygon", polygons.0.iter().map(|polygon| rings(polygon, heights)).collect())
        }
        Geometry::GeometryCollection(members) => {
            let members: Vec<Json> = members.0.iter().map(|member| object(member, heights)).collect();
            return json!({ "type": "GeometryCollection", "geometries": members });
        }
        // No literal is read as one of these.
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => ("Point", json!([])),
    };
    json!({ "type": name, "coordinates": coordinates })
}

fn rings(polygon: &geo_types::Polygon<f64>, heights: &mut Heights<'_>) -> Json {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|ring| positions(&ring.0, heights)).collect()
}

fn positions(coords: &[Coord<f64>], heights: &mut Heights<'_>) -> Json {
    coords.iter().map(|coord| position(*coord, heights)).collect()
}

fn position(coord: Coord<f64>, heights: &mut Heights<'_>) -> Json {
    match heights.next() {
        Some(z) => json!([coord.x, coord.y, z]),
        None => json!([coord.x, coord.y]),
    }
}
