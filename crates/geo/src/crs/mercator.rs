//! Web Mercator in two formulas (EPSG:3857), without a check or an error: for tiles, where speed counts and what lies
//! beyond the square is drawn at its edge.

use std::f64::consts::{FRAC_PI_2, PI};

/// Phép chiếu của bản đồ mạng.
#[derive(Clone, Copy, Debug)]
pub struct Mercator;

impl Mercator {
    pub const RADIUS_M: f64 = 6_378_137.0;
    /// Half a side of the square.
    pub const EXTENT_M: f64 = PI * Self::RADIUS_M;
    /// Latitude at which the square ends.
    pub const LAT_MAX: f64 = 85.051_128_779_806_6;

    /// Degrees to metres. Places beyond the square come out at its edge; what is not a number stays so.
    #[inline]
    pub fn forward(lon: f64, lat: f64) -> [f64; 2] {
        let y = Self::northing(lat.clamp(-90.0, 90.0)).clamp(-Self::EXTENT_M, Self::EXTENT_M);
        [Self::easting(lon.clamp(-180.0, 180.0)), y]
    }

    /// Metres to degrees, clamped alike.
    #[inline]
    pub fn inverse(x: f64, y: f64) -> [f64; 2] {
        let inside = |v: f64| v.clamp(-Self::EXTENT_M, Self::EXTENT_M);
        [Self::longitude(inside(x)), Self::latitude(inside(y))]
    }

    #[inline]
    pub(super) fn easting(lon: f64) -> f64 {
        lon.to_radians() * Self::RADIUS_M
    }

    /// `asinh(tan φ)`, which keeps its digits near the equator.
    #[inline]
    pub(super) fn northing(lat: f64) -> f64 {
        lat.to_radians().tan().asinh() * Self::RADIUS_M
    }

    #[inline]
    pub(super) fn longitude(x: f64) -> f64 {
        (x / Self::RADIUS_M).to_degrees()
    }

    #[inline]
    pub(super) fn latitude(y: f64) -> f64 {
        (2.0 * (y / Self::RADIUS_M).exp().atan() - FRAC_PI_2).to_degrees()
    }
}
