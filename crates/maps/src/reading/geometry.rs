//! Shapes as people write and read them: well-known text or GeoJSON, metres and square metres.

use geo_types::{Coord, Geometry};
use songhan_geo::crs::{area_m2, length_m};
use songhan_geofiles::wkt;

use crate::ogc::geojson;
use crate::ogc::system::System;

/// How long or how large a shape is on the ground, along the ellipsoid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// In metres.
    Length(f64),
    /// In square metres.
    Area(f64),
}

impl Measure {
    pub(super) fn of(geometry: &Geometry<f64>) -> Option<Self> {
        let area = area_m2(geometry).ok().filter(|area| *area > 0.0);
        let length = || length_m(geometry).ok().filter(|length| *length > 0.0);
        area.map(Self::Area).or_else(|| length().map(Self::Length))
    }
}

/// Reads what somebody wrote or drew: GeoJSON, or well-known text, which may name another reference system before it:
/// `SRID=5899;POINT(550175 1777138)`. Empty text is no place.
pub fn read_geometry(text: &str) -> Result<Option<Geometry<f64>>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.starts_with('{') {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}; correct it"))?;
        let value = match value.get("type").and_then(serde_json::Value::as_str) {
            Some("Feature") => value.get("geometry").cloned().unwrap_or_default(),
            _ => value,
        };
        return geojson::geometry(&value);
    }
    let shape = wkt::shape_of(text).map_err(|reason| reason.to_string())?;
    let srid = text.split_once(';').and_then(|(srid, _)| srid.split_once('='));
    let Some(((_, code), shape)) = srid.zip(shape.clone()) else { return Ok(shape) };
    let system = System::read("SRID", Some(&format!("EPSG:{}", code.trim()))).map_err(|e| e.detail().to_owned())?;
    // Well-known text has the easting or longitude first, whatever the system says of its axes.
    let heard = |at: Coord<f64>| system.0.to_wgs84(at);
    geo::MapCoords::try_map_coords(&shape, heard).map(Some).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use geo_types::point;

    use super::*;

    #[test]
    fn shapes_are_read_in_both_writings() {
        let there = Some(Geometry::from(point!(x: 108.2208, y: 16.0678)));
        for text in [
            "POINT (108.2208 16.0678)",
            " point(108.2208 16.0678) ",
            "SRID=4326;POINT(108.2208 16.0678)",
            r#"{"type":"Point","coordinates":[108.2208,16.0678]}"#,
            r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[108.2208,16.0678]}}"#,
        ] {
            assert_eq!(read_geometry(text).unwrap(), there, "{text}");
        }
        assert_eq!(read_geometry(" \n").unwrap(), None);
        let vn = read_geometry("SRID=5899;POINT(550175.0803 1777138.3210)").unwrap().unwrap();
        let Geometry::Point(vn) = vn else { panic!("{vn:?}") };
        assert!((vn.x() - 108.2208).abs() < 1e-7 && (vn.y() - 16.0678).abs() < 1e-7, "{vn:?}");
        for wrong in ["POINT", "POINT(1)", "a tree", "{", "{}", "SRID=1;POINT(1 2)", "SRID=5899;POINT(1e9 2)"] {
            assert!(read_geometry(wrong).is_err(), "{wrong}");
        }
    }
}
