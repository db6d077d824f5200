//! Where a system holds. Asked before anything is computed, so that a formula never sees what it cannot answer.

use super::{
    Crs, CrsError, Kind, Mercator,
    table::{FALSE_EASTING, Zone},
};
use geo_types::{Coord, Rect, coord};

/// How far from its meridian a zone is served, in degrees: all waters of Vietnam from each of its zones.
const REACH: f64 = 18.0;
/// VN-2000 is Vietnam's, with its waters: degrees taken for metres lie on the equator and are refused.
const VN2000_LAT: std::ops::RangeInclusive<f64> = 3.0..=27.0;
/// Beyond these UTM gives way to polar systems.
const LAT_MIN: f64 = -80.0;
const LAT_MAX: f64 = 84.0;
/// What `REACH` and the latitudes come to in metres, rounded up.
const REACH_EAST_M: f64 = 2_060_000.0;
const REACH_NORTH_M: f64 = 9_400_000.0;
/// EPSG's area of use for 3857: a little more than the square.
const WEB_LAT_MAX: f64 = 85.06;
const WEB_NORTHING_MAX_M: f64 = 20_048_967.0;

impl Crs {
    /// Whether a place in WGS 84 lies where the system holds; the error names what was given.
    pub(super) fn check_wgs84(self, at: Coord<f64>) -> Result<(), CrsError> {
        let lat_max = if self.0 == Kind::WebMercator { WEB_LAT_MAX } else { 90.0 };
        let inside = at.x.abs() <= 180.0 && at.y.abs() <= lat_max;
        let inside = inside && self.zone().is_none_or(|zone| reaches(&zone, at));
        let inside = inside && (!self.is_vn2000() || VN2000_LAT.contains(&at.y));
        inside.then_some(()).ok_or_else(|| self.outside(at))
    }

    /// Whether a coordinate of the system can be one; a zone's corners are left to [`Self::check_wgs84`].
    pub(super) fn check_own(self, at: Coord<f64>) -> Result<(), CrsError> {
        let domain = self.domain();
        let inside =
            (domain.min().x..=domain.max().x).contains(&at.x) && (domain.min().y..=domain.max().y).contains(&at.y);
        inside.then_some(()).ok_or_else(|| self.outside(at))
    }

    pub(super) fn outside(self, at: Coord<f64>) -> CrsError {
        if at.x.is_finite() && at.y.is_finite() {
            CrsError::Outside { x: at.x, y: at.y, crs: self, domain: self.domain_words() }
        } else {
            CrsError::NotFinite { x: at.x, y: at.y }
        }
    }

    /// The rectangle around all coordinates of the system, east and north.
    pub fn domain(self) -> Rect<f64> {
        let around =
            |x: f64, y: f64, north: f64| Rect::new(coord! { x: -x, y: north - y }, coord! { x: x, y: north + y });
        match (self.0, self.zone()) {
            (Kind::WebMercator, _) => around(Mercator::EXTENT_M, WEB_NORTHING_MAX_M, 0.0),
            (_, Some(zone)) => {
                let (x, y) = (FALSE_EASTING, zone.false_northing);
                Rect::new(
                    coord! { x: x - REACH_EAST_M, y: y - REACH_NORTH_M },
                    coord! { x: x + REACH_EAST_M, y: y + REACH_NORTH_M },
                )
            }
            _ => around(180.0, 90.0, 0.0),
        }
    }

    /// The same in WGS 84: all longitudes where the zone reaches across the antimeridian.
    pub(super) fn domain_wgs84(self) -> Rect<f64> {
        match (self.0, self.zone()) {
            (Kind::WebMercator, _) => Rect::new((-180.0, -WEB_LAT_MAX), (180.0, WEB_LAT_MAX)),
            (_, Some(zone)) => {
                let (west, east) = (zone.meridian - REACH, zone.meridian + REACH);
                let (west, east) = if west < -180.0 || east > 180.0 { (-180.0, 180.0) } else { (west, east) };
                Rect::new((west, LAT_MIN), (east, LAT_MAX))
            }
            _ => Rect::new((-180.0, -90.0), (180.0, 90.0)),
        }
    }

    fn domain_words(self) -> String {
        match (self.0, self.central_meridian()) {
            (Kind::WebMercator, _) => format!("it holds between latitudes -{WEB_LAT_MAX} and {WEB_LAT_MAX}"),
            _ if self.is_vn2000() => format!(
                "it holds between latitudes {} and {}, a zone within {REACH} degrees of its meridian; check which system the data is in, and the order of the axes",
                VN2000_LAT.start(),
                VN2000_LAT.end()
            ),
            (_, Some(meridian)) => format!(
                "it holds within {REACH} degrees of longitude {meridian}; check which system the data is in, and the order of the axes"
            ),
            _ => "longitudes go from -180 to 180 and latitudes from -90 to 90; check the order of the axes".to_owned(),
        }
    }
}

fn reaches(zone: &Zone, at: Coord<f64>) -> bool {
    let away = (at.x - zone.meridian).abs();
    away.min(360.0 - away) <= REACH && (LAT_MIN..=LAT_MAX).contains(&at.y)
}
