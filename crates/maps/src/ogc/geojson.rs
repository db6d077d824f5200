//! Shapes as clients send them (RFC 7946 §3.1). The body that holds them is bounded, and JSON itself to 128 levels.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use serde_json::Value;

use super::answer::shortened;

/// Collections inside collections.
const DEPTH_MAX: usize = 4;
/// Positions of one shape: what a body can hold is less.
const POSITIONS_MAX: usize = 500_000;

const NOT_ONE: &str = "it is not a GeoJSON geometry; write {\"type\": \"Point\", \"coordinates\": [108.22, 16.07]}";

/// A shape, or none for null. An error says what is wrong and what to do.
pub fn geometry(value: &Value) -> Result<Option<Geometry<f64>>, String> {
    if value.is_null() {
        return Ok(None);
    }
    Reader { positions: 0 }.geometry(value, 0).map(Some)
}

struct Reader {
    positions: usize,
}

impl Reader {
    fn geometry(&mut self, value: &Value, depth: usize) -> Result<Geometry<f64>, String> {
        let kind = value.get("type").and_then(Value::as_str).ok_or(NOT_ONE)?;
        if kind == "GeometryCollection" {
            if depth == DEPTH_MAX {
                return Err(format!("collections are nested more than {DEPTH_MAX} levels deep; take them apart"));
            }
            let members = list(value.get("geometries"), "geometries")?;
            let members = members.iter().map(|member| self.geometry(member, depth + 1)).collect::<Result<_, _>>()?;
            return Ok(Geometry::GeometryCollection(GeometryCollection(members)));
        }
        let coordinates = value.get("coordinates");
        let parts = |name| list(coordinates, name);
        Ok(match kind {
            "Point" => Point(self.position(coordinates.ok_or(NOT_ONE)?)?).into(),
            "LineString" => self.line(coordinates)?.into(),
            "Polygon" => self.polygon(coordinates)?.into(),
            "MultiPoint" => {
                let points =
                    parts(kind)?.iter().map(|part| self.position(part).map(Point)).collect::<Result<_, _>>()?;
                MultiPoint(points).into()
            }
            "MultiLineString" => {
                MultiLineString(parts(kind)?.iter().map(|part| self.line(Some(part))).collect::<Result<_, _>>()?).into()
            }
            "MultiPolygon" => {
                MultiPolygon(parts(kind)?.iter().map(|part| self.polygon(Some(part))).collect::<Result<_, _>>()?).into()
            }
            other => return Err(format!("{} is no type of geometry; {NOT_ONE}", shortened(other))),
        })
    }

    fn polygon(&mut self, value: Option<&Value>) -> Result<Polygon<f64>, String> {
        let rings: Vec<_> = list(value, "rings")?.iter().map(|ring| self.line(Some(ring))).collect::<Result<_, _>>()?;
        let mut rings = rings.into_iter();
        let exterior = rings.next().ok_or("a polygon has no ring; draw it")?;
        // This closes rings that are not; whoever repairs shapes would say so.
        Ok(Polygon::new(exterior, rings.collect()))
    }

    fn line(&mut self, value: Option<&Value>) -> Result<LineString<f64>, String> {
        list(value, "positions")?.iter().map(|position| self.position(position)).collect()
    }

    /// Heights are left out.
    fn position(&mut self, value: &Value) -> Result<Coord<f64>, String> {
        self.positions += 1;
        if self.positions > POSITIONS_MAX {
            return Err(format!("the shape has more than {POSITIONS_MAX} positions; simplify it"));
        }
        let number = |at: usize| value.get(at).and_then(Value::as_f64).filter(|number| number.is_finite());
        match (number(0), number(1)) {
            (Some(x), Some(y)) => Ok(Coord { x, y }),
            _ => Err("a position is not two numbers; write [108.22, 16.07]".to_owned()),
        }
    }
}

fn list<'a>(value: Option<&'a Value>, what: &str) -> Result<&'a [Value], String> {
    let list = value.and_then(Value::as_array).map(Vec::as_slice);
    list.ok_or_else(|| format!("the {what} are not a list; {NOT_ONE}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use songhan_geofiles::wkb;

    use super::*;
    use crate::ogc::{system::System, write};

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            json!({ "type": "Point", "coordinates": [108.2, 16] }),
            json!({ "type": "LineString", "coordinates": [[1, 2], [3, 4]] }),
            json!({ "type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 0]]] }),
            json!({ "type": "MultiPoint", "coordinates": [[1, 2], [3, 4]] }),
            json!({ "type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]]] }),
            json!({ "type": "MultiPolygon", "coordinates": [[[[0, 0], [9, 0], [9, 9], [0, 0]]]] }),
            json!({ "type": "GeometryCollection", "geometries": [{ "type": "Point", "coordinates": [1, 2] }] }),
        ] {
            let (mut bytes, mut out) = (Vec::new(), Vec::new());
            wkb::write(&geometry(&text).unwrap().unwrap(), &mut bytes);
            write::geometry(&mut out, &bytes, System::DEFAULT).unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), text);
        }
        assert_eq!(geometry(&Value::Null).unwrap(), None);
        let heights = json!({ "type": "Point", "coordinates": [1.0, 2.0, 30.0] });
        assert_eq!(geometry(&heights).unwrap(), Some(Point::new(1.0, 2.0).into()));
    }

    #[test]
    fn what_is_no_shape_is_told() {
        let mut deep = json!({ "type": "Point", "coordinates": [1, 2] });
        for _ in 0..6 {
            deep = json!({ "type": "GeometryCollection", "geometries": [deep] });
        }
        for wrong in [
            json!("Point"),
            json!({}),
            json!({ "type": "Circle", "coordinates": [1, 2] }),
            json!({ "type": "Point" }),
            json!({ "type": "Point", "coordinates": [] }),
            json!({ "type": "Point", "coordinates": ["a", 1] }),
            json!({ "type": "LineString", "coordinates": [1, 2] }),
            json!({ "type": "Polygon", "coordinates": [] }),
            json!({ "type": "Polygon", "coordinates": [[1, 2]] }),
            json!({ "type": "GeometryCollection" }),
            deep,
        ] {
            assert!(geometry(&wrong).is_err(), "{wrong}");
        }
    }
}
