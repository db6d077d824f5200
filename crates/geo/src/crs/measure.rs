//! Lengths and areas of shapes in WGS 84: along the ellipsoid (geodesics by Karney's algorithms, what a distance on the
//! ground comes to), and in the plane of a zone (what land papers state, diện tích thửa đất).

use super::{Crs, CrsError};
use geo::{Area, CoordsIter, Geodesic, GeodesicArea, Length};
use geo_types::{Geometry, LineString, Polygon};

const DEPTH_MAX: usize = 32;

/// Metres of all lines of the shape; of an area the length around it and around its holes.
pub fn length_m(shape: &Geometry<f64>) -> Result<f64, CrsError> {
    check(shape)?;
    Ok(sum(shape, &|line| Geodesic.length(line), &|area| rings(area).map(|ring| Geodesic.length(ring)).sum()))
}

/// Square metres of all areas of the shape, whichever way their rings run. An area is taken on the side of its rings that
/// is less than half of the earth.
pub fn area_m2(shape: &Geometry<f64>) -> Result<f64, CrsError> {
    check(shape)?;
    let ring_m2 = |ring: &LineString<f64>| Polygon::new(ring.clone(), Vec::new()).geodesic_area_signed().abs();
    Ok(sum(shape, &|_| 0.0, &|area| {
        let holes: f64 = area.interiors().iter().map(ring_m2).sum();
        (ring_m2(area.exterior()) - holes).max(0.0)
    }))
}

/// Square metres in the plane of a zone, such as EPSG:5899. Differs from [`area_m2`] by the scale of the projection.
pub fn plane_area_m2(shape: &Geometry<f64>, zone: Crs) -> Result<f64, CrsError> {
    if zone.is_geographic() {
        return Err(CrsError::NotPlane { crs: zone });
    }
    let plane = zone.geometry_from_wgs84(shape)?;
    Ok(sum(&plane, &|_| 0.0, &Area::unsigned_area))
}

fn check(shape: &Geometry<f64>) -> Result<(), CrsError> {
    if is_deeper(shape, DEPTH_MAX) {
        return Err(CrsError::TooDeep { max: DEPTH_MAX });
    }
    shape.coords_iter().try_for_each(|at| Crs::CRS84.check_wgs84(at))
}

fn rings(area: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(area.exterior()).chain(area.interiors())
}

/// Adds up what lines and areas come to; collections are no deeper than was checked.
fn sum(shape: &Geometry<f64>, line: &dyn Fn(&LineString<f64>) -> f64, area: &dyn Fn(&Polygon<f64>) -> f64) -> f64 {
    match shape {
        Geometry::Point(_) | Geometry::MultiPoint(_) => 0.0,
        Geometry::Line(one) => line(&LineString::from(*one)),
        Geometry::LineString(one) => line(one),
        Geometry::MultiLineString(many) => many.iter().map(line).sum(),
        Geometry::Polygon(one) => area(one),
        Geometry::MultiPolygon(many) => many.iter().map(area).sum(),
        Geometry::Rect(rect) => area(&rect.to_polygon()),
        Geometry::Triangle(triangle) => area(&triangle.to_polygon()),
        Geometry::GeometryCollection(many) => many.iter().map(|one| sum(one, line, area)).sum(),
    }
}

/// Whether collections are nested deeper than `max`; looks no deeper than that itself.
pub(super) fn is_deeper(shape: &Geometry<f64>, max: usize) -> bool {
    match shape {
        Geometry::GeometryCollection(_) if max == 0 => true,
        Geometry::GeometryCollection(many) => many.iter().any(|one| is_deeper(one, max - 1)),
        _ => false,
    }
}
