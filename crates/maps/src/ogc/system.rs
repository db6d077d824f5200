//! Reference systems as requests name them (part 2), and the order in which their numbers are spoken.

use axum::http::HeaderValue;
use geo::MapCoords;
use geo_types::{Coord, Geometry};
use songhan_app::Problem;
use songhan_geo::crs::{AxisOrder, Crs, CrsError};

use super::answer::shortened;

/// Zones of UTM that reach Vietnam and its sea.
const UTM: [u32; 4] = [32648, 32649, 32647, 32650];

/// Degrees have seven decimals at most, a centimetre; metres four.
const DEGREES: u32 = 7;
const METRES: u32 = 4;

/// The systems of every collection, that of GeoJSON first.
pub fn offered() -> impl Iterator<Item = Crs> {
    let degrees = [Crs::CRS84, Crs::WGS84, Crs::WEB_MERCATOR, Crs::VN2000];
    degrees.into_iter().chain(Crs::vn2000_zones()).chain(UTM.into_iter().filter_map(|code| Crs::epsg(code).ok()))
}

/// A system as a client speaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct System(pub Crs);

impl System {
    /// GeoJSON's own.
    pub const DEFAULT: Self = Self(Crs::CRS84);

    /// What a parameter or header names.
    pub fn read(what: &str, name: Option<&str>) -> Result<Self, Problem> {
        let Some(name) = name else { return Ok(Self::DEFAULT) };
        let crs: Crs = name.parse().map_err(|error: CrsError| {
            Problem::bad_request(format!("{what}={} is no reference system: {error}", shortened(name)))
        })?;
        if offered().any(|one| one == crs) {
            return Ok(Self(crs));
        }
        let told = format!("{what}={} is not offered; choose one of the collection's list crs", shortened(name));
        Err(Problem::bad_request(told))
    }

    pub fn is_swapped(self) -> bool {
        self.0.axis_order() == AxisOrder::NorthEast
    }

    /// Whether coordinates are those that are stored, but for their order.
    pub fn is_stored(self) -> bool {
        self.0 == Crs::CRS84 || self.0 == Crs::WGS84
    }

    pub fn decimals(self) -> u32 {
        if self.0.is_geographic() { DEGREES } else { METRES }
    }

    /// A stored coordinate as it is said.
    pub fn said(self, at: Coord<f64>) -> Result<Coord<f64>, CrsError> {
        let own = if self.is_stored() { at } else { self.0.from_wgs84(at)? };
        Ok(if self.is_swapped() { Coord { x: own.y, y: own.x } } else { own })
    }

    /// The way back.
    pub fn heard(self, at: Coord<f64>) -> Result<Coord<f64>, CrsError> {
        let own = if self.is_swapped() { Coord { x: at.y, y: at.x } } else { at };
        self.0.to_wgs84(own)
    }

    pub fn heard_geometry(self, geometry: &Geometry<f64>) -> Result<Geometry<f64>, CrsError> {
        geometry.try_map_coords(|at| self.heard(at))
    }

    /// `Content-Crs`.
    pub fn header(self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("<{}>", self.0.uri())).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_read_in_all_their_names_and_swapped_where_they_are() {
        let vn = System::read("crs", Some("http://www.opengis.net/def/crs/EPSG/0/5899")).unwrap();
        let place = Coord { x: 108.2208, y: 16.0678 };
        let said = vn.said(place).unwrap();
        assert!((said.x - 550175.0803).abs() < 1e-3 && (said.y - 1777138.3210).abs() < 1e-3, "{said:?}");
        let wgs = System::read("crs", Some("[EPSG:4326]")).unwrap();
        assert_eq!(wgs.said(place).unwrap(), Coord { x: 16.0678, y: 108.2208 });
        assert_eq!(wgs.heard(Coord { x: 16.0678, y: 108.2208 }).unwrap(), place);
        let vn2000 = System::read("crs", Some("EPSG:4756")).unwrap();
        let back = vn2000.heard(vn2000.said(place).unwrap()).unwrap();
        assert!((back.x - place.x).abs() < 1e-7 && (back.y - place.y).abs() < 1e-7);
        assert!(System::read("crs", Some("EPSG:32601")).is_err());
        assert!(System::read("crs", Some("nonsense")).is_err());
        assert!(System::read("crs", Some("EPSG:6959")).unwrap_err().detail().contains("5899"));
    }
}
