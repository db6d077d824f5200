//! `bbox`: the rectangle that features must touch, in whichever system it is given.

use geo::{BoundingRect, Intersects};
use geo_types::{Coord, Geometry, Rect};
use songhan_app::Problem;
use songhan_geo::crs::CrsError;

use super::answer::shortened;
use super::system::System;
use crate::store::features::Bounds;

/// Four numbers, or six with heights, which our features have not. West greater than east crosses the antimeridian, in
/// WGS 84 alone.
pub fn read(text: &str, system: System) -> Result<Bounds, Problem> {
    let wrong = |why: &str| Problem::bad_request(format!("bbox={} cannot be read: {why}", shortened(text)));
    let numbers: Option<Vec<f64>> = text
        .split(',')
        .take(7)
        .map(|part| part.trim().parse::<f64>().ok().filter(|number| number.is_finite()))
        .collect();
    let (a, b, c, d) = match numbers.as_deref() {
        Some(&[a, b, c, d]) => (a, b, c, d),
        Some(&[a, b, low, c, d, high]) if low <= high => (a, b, c, d),
        _ => return Err(wrong("write 4 numbers with commas between them, west,south,east,north, or 6 with heights")),
    };
    let (west, south, east, north) = if system.is_swapped() { (b, a, d, c) } else { (a, b, c, d) };
    if south > north {
        return Err(wrong("the south lies north of the north; check the order of the axes in bbox-crs"));
    }
    if system.is_stored() && west > east {
        let inside = [west, east].iter().all(|x| x.abs() <= 180.0) && [south, north].iter().all(|y| y.abs() <= 90.0);
        return if inside { Ok([west, south, east, north]) } else { Err(wrong("the west lies east of the east")) };
    }
    if west > east {
        return Err(wrong("the west lies east of the east; only bboxes in WGS 84 cross the antimeridian"));
    }
    let own = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
    let rect = system.0.bounds_to_wgs84(own).map_err(|error: CrsError| wrong(&error.to_string()))?;
    Ok([rect.min().x, rect.min().y, rect.max().x, rect.max().y])
}

/// Whether a shape touches the rectangle, and not only its own box.
pub fn touches(geometry: &Geometry<f64>, bounds: &Bounds) -> bool {
    let [west, south, east, north] = *bounds;
    let rect = |west, east| Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
    if west > east {
        return meets(geometry, rect(west, 180.0)) || meets(geometry, rect(-180.0, east));
    }
    meets(geometry, rect(west, east))
}

fn meets(geometry: &Geometry<f64>, rect: Rect<f64>) -> bool {
    let Some(own) = geometry.bounding_rect() else { return false };
    let within = rect.min().x <= own.min().x
        && own.max().x <= rect.max().x
        && rect.min().y <= own.min().y
        && own.max().y <= rect.max().y;
    within || (rect.intersects(&own) && geometry.intersects(&rect))
}

#[cfg(test)]
mod tests {
    use geo_types::{line_string, point};

    use super::*;

    fn read84(text: &str) -> Result<Bounds, Problem> {
        read(text, System::DEFAULT)
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "as they were written")]
    fn boxes_are_read_in_their_system() {
        assert_eq!(read84("108,16,108.5,16.5").unwrap(), [108.0, 16.0, 108.5, 16.5]);
        assert_eq!(read84("108, 16, 0, 108.5, 16.5, 100").unwrap(), [108.0, 16.0, 108.5, 16.5]);
        assert_eq!(read84("170,-10,-170,10").unwrap(), [170.0, -10.0, -170.0, 10.0]);
        let system = |name| System::read("bbox-crs", Some(name)).unwrap();
        assert_eq!(read("16,108,16.5,108.5", system("EPSG:4326")).unwrap(), [108.0, 16.0, 108.5, 16.5]);
        let vn = read("550000,1777000,551000,1778000", system("EPSG:5899")).unwrap();
        assert!(vn[0] < 108.2208 && 108.2208 < vn[2] && vn[1] < 16.0678 && 16.0678 < vn[3], "{vn:?}");
        for wrong in
            ["", "1,2,3", "1,2,3,4,5", "NaN,1,2,3", "inf,1,2,3", "a,b,c,d", "1,5,2,4", "1,2,9,3,4,8", "500,1,400,2"]
        {
            let problem = read84(wrong).unwrap_err();
            assert!(problem.status() == 400 && problem.detail().contains("bbox"), "{wrong}");
        }
        assert!(read("551000,1,550000,2", system("EPSG:5899")).is_err());
    }

    #[test]
    fn a_shape_whose_box_touches_may_not_itself() {
        let line = line_string![(x: 0.0, y: 0.0), (x: 10.0, y: 10.0)].into();
        assert!(touches(&line, &[4.0, 4.0, 6.0, 6.0]));
        assert!(!touches(&line, &[6.0, 0.0, 9.0, 3.0]));
        let point = point!(x: 179.5, y: 0.0).into();
        assert!(touches(&point, &[179.0, -1.0, -179.0, 1.0]));
        assert!(!touches(&point, &[-179.9, -1.0, -179.0, 1.0]));
    }
}
