//! Reference systems: WGS 84 (geographic, Web Mercator, UTM) and VN-2000 (geographic, UTM, and the TM-3 zones of the
//! provinces), named as OGC names them, and what is measured on the ellipsoid.
//!
//! Everything is kept in WGS 84 longitude and latitude; a [`Crs`] leads there and back. Inside, `x` is always the east
//! and `y` the north, whatever the system says of itself: what reads or writes coordinates for others swaps them where
//! [`Crs::axis_order`] tells so. The order is that of the EPSG registry (version of PROJ 9.5.1): latitude first in 4326
//! and 4756, easting first in 3857 and in all UTM and TM-3 zones; in CRS84 longitude first (OGC API Features part 2,
//! OGC 18-058r1, requirement 7 sends coordinates in the order of the system). Surveyors write X for the northing; files
//! and services do not.
//!
//! The registry's order was chosen because clients count on it. QGIS turns the `bbox` around that it sends, and the
//! shapes that it gets, in every system whose axes are inverted (`qgsoapiffeaturedownloaderimpl.cpp`); so does GDAL from
//! 3.7 on, unless its option `SERVER_FEATURE_AXIS_ORDER` says otherwise (its page of the driver OAPIF). GDAL 3.6 has no
//! option to ask for another system than CRS84. This is read from their sources and pages, not tried in a test.
//!
//! VN-2000 lies about 225 m from WGS 84. The shift is that of the Ministry, EPSG transformation 6960, which PROJ takes
//! for itself too. The projections are those of `proj4rs`: over 10,000 places on land and sea, in all twenty zones of
//! VN-2000, it was within 0.07 mm of PROJ 9.5.1 on the way there and within 0.001 mm on the way back. Both leave the
//! height out, so a place that goes to VN-2000 and back may come out up to 1.6 mm beside itself.

mod area;
mod convert;
mod measure;
mod mercator;
mod name;
mod table;
mod wkt;

#[cfg(test)]
mod tests;

pub use measure::{area_m2, length_m, plane_area_m2};
pub use mercator::Mercator;

use std::fmt;

/// A reference system, as small as a number. Hệ tọa độ.
#[derive(Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Crs(Kind);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Crs84,
    Wgs84,
    WebMercator,
    Vn2000,
    /// A row of [`table::VN2000_ZONES`].
    Vn2000Zone(u8),
    Utm {
        zone: u8,
        south: bool,
    },
}

/// Which number of a coordinate comes first where the system is spoken to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisOrder {
    /// Longitude before latitude, easting before northing: as we keep them.
    EastNorth,
    /// Latitude before longitude: to be swapped.
    NorthEast,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CrsError {
    #[error("reference system '{given}' is not known here: name one such as EPSG:4326, EPSG:5899 or OGC:CRS84")]
    Unknown { given: String },
    #[error("EPSG:{given} is withdrawn, it has east and north of the origin confused: use EPSG:{instead}")]
    Withdrawn { given: u32, instead: u32 },
    #[error("coordinate {x} {y} lies outside of {crs}: {domain}")]
    Outside { x: f64, y: f64, crs: Crs, domain: String },
    #[error("coordinate {x} {y} is not a pair of numbers: leave the shape out or correct it")]
    NotFinite { x: f64, y: f64 },
    #[error("{crs} measures in degrees, not in metres: name a zone such as EPSG:5899")]
    NotPlane { crs: Crs },
    #[error("collections of shapes are nested more than {max} levels deep: take them apart")]
    TooDeep { max: usize },
}

impl Crs {
    /// WGS 84, longitude first: that of GeoJSON (RFC 7946 §4).
    pub const CRS84: Self = Self(Kind::Crs84);
    /// WGS 84, EPSG:4326: latitude first.
    pub const WGS84: Self = Self(Kind::Wgs84);
    /// Web maps, EPSG:3857.
    pub const WEB_MERCATOR: Self = Self(Kind::WebMercator);
    /// VN-2000 in degrees, EPSG:4756: latitude first.
    pub const VN2000: Self = Self(Kind::Vn2000);

    /// All systems, those most used first.
    pub fn all() -> impl Iterator<Item = Self> {
        let first = [Self::CRS84, Self::WGS84, Self::WEB_MERCATOR, Self::VN2000];
        let utm = |south| (1..=60).map(move |zone| Self(Kind::Utm { zone, south }));
        first.into_iter().chain(Self::vn2000_zones()).chain(utm(false)).chain(utm(true))
    }

    /// The zones of VN-2000 in metres: TM-3 of the provinces, then UTM.
    pub fn vn2000_zones() -> impl Iterator<Item = Self> {
        (0..table::VN2000_ZONES.len()).map(|row| Self(Kind::Vn2000Zone(row as u8)))
    }

    /// The TM-3 zone around a meridian, for files that name the meridian and no code. Kinh tuyến trục.
    pub fn vn2000_tm3(meridian: f64) -> Option<Self> {
        Self::vn2000_zones()
            .find(|crs| crs.zone().is_some_and(|zone| zone.is_tm3() && (zone.meridian - meridian).abs() < 1e-6))
    }

    pub fn axis_order(self) -> AxisOrder {
        match self.0 {
            Kind::Wgs84 | Kind::Vn2000 => AxisOrder::NorthEast,
            Kind::Crs84 | Kind::WebMercator | Kind::Vn2000Zone(_) | Kind::Utm { .. } => AxisOrder::EastNorth,
        }
    }

    /// In degrees, not in metres.
    pub fn is_geographic(self) -> bool {
        matches!(self.0, Kind::Crs84 | Kind::Wgs84 | Kind::Vn2000)
    }

    pub fn is_vn2000(self) -> bool {
        matches!(self.0, Kind::Vn2000 | Kind::Vn2000Zone(_))
    }

    /// Kinh tuyến trục, of a zone.
    pub fn central_meridian(self) -> Option<f64> {
        self.zone().map(|zone| zone.meridian)
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code() {
            Some(code) => write!(f, "EPSG:{code}"),
            None => f.write_str("OGC:CRS84"),
        }
    }
}

impl fmt::Debug for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
