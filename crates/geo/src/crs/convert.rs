//! From WGS 84 longitude and latitude to a system and back.

use super::{Crs, CrsError, Kind, Mercator, table::FALSE_EASTING};
use geo::MapCoords;
use geo_types::{Coord, Geometry, Rect, coord};
use proj4rs::{Proj, errors::Error, transform::transform};
use std::sync::LazyLock;

/// Metres, seconds of arc and parts in a million, rotations as of a position vector: Decision 05/2007/QĐ-BTNMT, EPSG
/// transformation 6960 (which counts rotations the other way about).
pub(super) const VN2000_TO_WGS84: &str =
    "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278";

/// Points along an edge of a rectangle, as many as GDAL takes.
const EDGE_POINTS: u32 = 21;
/// Degrees that a computed longitude may be off, 0.1 mm on the ground.
const ROUNDING: f64 = 1e-9;
/// Collections inside collections that are followed.
const DEPTH_MAX: usize = 32;

struct Table {
    wgs84: Proj,
    vn2000: Proj,
    vn2000_zones: Vec<Proj>,
    utm: Vec<Proj>,
}

/// The definitions are ours; a test goes through each.
static TABLE: LazyLock<Result<Table, Error>> = LazyLock::new(|| {
    let shift = format!("+ellps=WGS84 +towgs84={VN2000_TO_WGS84} +no_defs");
    let zone = |crs: Crs, base: &str| {
        let zone = crs.zone().ok_or(Error::ProjectionNotFound)?;
        Proj::from_proj_string(&format!(
            "+proj=etmerc +lat_0=0 +lon_0={} +k={} +x_0={FALSE_EASTING} +y_0={} +units=m {base}",
            zone.meridian, zone.scale, zone.false_northing
        ))
    };
    let utm = |south| (1..=60).map(move |zone| Crs(Kind::Utm { zone, south }));
    Ok(Table {
        wgs84: Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs")?,
        vn2000: Proj::from_proj_string(&format!("+proj=longlat {shift}"))?,
        vn2000_zones: Crs::vn2000_zones().map(|crs| zone(crs, &shift)).collect::<Result<_, _>>()?,
        utm: utm(false).chain(utm(true)).map(|crs| zone(crs, "+datum=WGS84 +no_defs")).collect::<Result<_, _>>()?,
    })
});

impl Table {
    fn of(&self, crs: Crs) -> Option<&Proj> {
        match crs.0 {
            Kind::Crs84 | Kind::Wgs84 | Kind::WebMercator => None,
            Kind::Vn2000 => Some(&self.vn2000),
            Kind::Vn2000Zone(row) => self.vn2000_zones.get(usize::from(row)),
            Kind::Utm { zone, south } => self.utm.get(usize::from(zone) - 1 + if south { 60 } else { 0 }),
        }
    }
}

impl Crs {
    /// A place in WGS 84 (`x` the longitude) as this system has it (`x` to the east).
    pub fn from_wgs84(self, at: Coord<f64>) -> Result<Coord<f64>, CrsError> {
        self.check_wgs84(at)?;
        match self.0 {
            Kind::Crs84 | Kind::Wgs84 => Ok(at),
            Kind::WebMercator => Ok(coord! { x: Mercator::easting(at.x), y: Mercator::northing(at.y) }),
            Kind::Vn2000 | Kind::Vn2000Zone(_) | Kind::Utm { .. } => {
                self.computed(true, at).ok_or_else(|| self.outside(at))
            }
        }
    }

    /// The way back.
    pub fn to_wgs84(self, at: Coord<f64>) -> Result<Coord<f64>, CrsError> {
        self.check_own(at)?;
        // The error names what was given, not what it came to.
        self.back(at).filter(|place| self.check_wgs84(*place).is_ok()).ok_or_else(|| self.outside(at))
    }

    fn back(self, at: Coord<f64>) -> Option<Coord<f64>> {
        match self.0 {
            Kind::Crs84 | Kind::Wgs84 => Some(at),
            Kind::WebMercator => Some(coord! { x: Mercator::longitude(at.x), y: Mercator::latitude(at.y) }),
            Kind::Vn2000 | Kind::Vn2000Zone(_) | Kind::Utm { .. } => self.computed(false, at),
        }
    }

    fn computed(self, forward: bool, at: Coord<f64>) -> Option<Coord<f64>> {
        let table = TABLE.as_ref().ok()?;
        let (own, degrees_in, degrees_out) =
            (table.of(self)?, forward || self.is_geographic(), !forward || self.is_geographic());
        let mut point = if degrees_in { (at.x.to_radians(), at.y.to_radians(), 0.0) } else { (at.x, at.y, 0.0) };
        let (from, to) = if forward { (&table.wgs84, own) } else { (own, &table.wgs84) };
        transform(from, to, &mut point).ok()?;
        let (x, y) = if degrees_out {
            (within_the_world(point.0.to_degrees()), point.1.to_degrees())
        } else {
            (point.0, point.1)
        };
        (x.is_finite() && y.is_finite()).then_some(coord! { x: x, y: y })
    }

    /// The whole shape, or the first coordinate that does not go.
    pub fn geometry_from_wgs84(self, shape: &Geometry<f64>) -> Result<Geometry<f64>, CrsError> {
        converted(shape, |at| self.from_wgs84(at))
    }

    pub fn geometry_to_wgs84(self, shape: &Geometry<f64>) -> Result<Geometry<f64>, CrsError> {
        converted(shape, |at| self.to_wgs84(at))
    }

    /// The longitudes and latitudes around a rectangle of this system. Its sides bend on the way, so points along them
    /// are taken too. What reaches beyond the system is cut to it, as a client may ask for the whole world; an error
    /// only when nothing is left. Across the antimeridian it is all longitudes, too much rather than too little.
    pub fn bounds_to_wgs84(self, bounds: Rect<f64>) -> Result<Rect<f64>, CrsError> {
        let (min, max) = (bounds.min(), bounds.max());
        for corner in [min, max] {
            if corner.x.is_nan() || corner.y.is_nan() {
                return Err(self.outside(corner));
            }
        }
        let domain = self.domain();
        let (low, high) = (domain.min(), domain.max());
        if min.x > high.x || min.y > high.y || max.x < low.x || max.y < low.y {
            self.check_own(min)?;
            self.check_own(max)?;
        }
        let inside = |at: Coord<f64>| coord! { x: at.x.clamp(low.x, high.x), y: at.y.clamp(low.y, high.y) };
        let (min, max) = (inside(min), inside(max));
        let (xs, ys) = (self.stops(min.x, max.x, FALSE_EASTING), self.stops(min.y, max.y, self.equator()));
        let sides = xs.iter().flat_map(|&x| [coord! { x: x, y: min.y }, coord! { x: x, y: max.y }]);
        let ends = ys.iter().flat_map(|&y| [coord! { x: min.x, y: y }, coord! { x: max.x, y: y }]);
        let places = sides.chain(ends).filter_map(|at| self.back(at).map(|place| self.on_its_side(at, place)));
        self.around(places).ok_or_else(|| self.outside(min))
    }

    fn around(self, places: impl Iterator<Item = Coord<f64>>) -> Option<Rect<f64>> {
        let whole = self.domain_wgs84();
        let places = places.map(|at| {
            coord! { x: at.x.clamp(whole.min().x, whole.max().x), y: at.y.clamp(whole.min().y, whole.max().y) }
        });
        places
            .map(|at| (at, at))
            .reduce(|(low, high), (at, _)| {
                (coord! { x: low.x.min(at.x), y: low.y.min(at.y) }, coord! { x: high.x.max(at.x), y: high.y.max(at.y) })
            })
            .map(|(low, high)| {
                // No zone is half the earth wide, so these lie on both sides of the antimeridian.
                let across = self.zone().is_some() && high.x - low.x > 180.0;
                let (west, east) = if across { (whole.min().x, whole.max().x) } else { (low.x, high.x) };
                Rect::new((west, low.y), (east, high.y))
            })
    }

    /// The shift of VN-2000 takes the outermost metres of the world over the antimeridian; an edge stays where it was.
    fn on_its_side(self, at: Coord<f64>, place: Coord<f64>) -> Coord<f64> {
        let jumped = self.0 == Kind::Vn2000 && (place.x - at.x).abs() > 180.0;
        if jumped {
            coord! { x: 180.0_f64.copysign(at.x), y: place.y }
        } else {
            place
        }
    }

    /// Points of an edge; the meridian and the equator are the farthest of a bent edge, so they are among them.
    fn stops(self, from: f64, to: f64, turn: f64) -> Vec<f64> {
        if self.zone().is_none() && self.0 != Kind::Vn2000 {
            return vec![from, to];
        }
        let step = (to - from) / f64::from(EDGE_POINTS - 1);
        let mut stops: Vec<f64> = (0..EDGE_POINTS - 1).map(|i| from + f64::from(i) * step).collect();
        stops.push(to);
        stops.extend(Some(turn).filter(|turn| (from..to).contains(turn)));
        stops
    }

    fn equator(self) -> f64 {
        self.zone().map_or(0.0, |zone| zone.false_northing)
    }
}

/// The last digit may carry a place on the antimeridian beyond it.
fn within_the_world(longitude: f64) -> f64 {
    if longitude.abs() > 180.0 + ROUNDING { longitude } else { longitude.clamp(-180.0, 180.0) }
}

fn converted(
    shape: &Geometry<f64>,
    convert: impl Fn(Coord<f64>) -> Result<Coord<f64>, CrsError> + Copy,
) -> Result<Geometry<f64>, CrsError> {
    if super::measure::is_deeper(shape, DEPTH_MAX) {
        return Err(CrsError::TooDeep { max: DEPTH_MAX });
    }
    shape.try_map_coords(convert)
}
