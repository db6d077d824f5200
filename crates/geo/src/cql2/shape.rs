//! Geometry literals: the flat shape that is evaluated and the heights that are only kept to be written back.

use geo_types::{Coord, Geometry, LineString, Polygon};

use super::MAX_COORDINATES;
use super::error::{Cql2Error, Position, Result};

/// A geometry of WKT or GeoJSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub geometry: Geometry<f64>,
    /// One for each position in the order they are written, or none at all.
    pub heights: Vec<f64>,
}

/// `BBOX(west, south, east, north)`, with the lowest and the highest height where it has six numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct BBox {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
    pub heights: Option<[f64; 2]>,
}

impl BBox {
    /// Four numbers, or six with the heights third and last.
    pub fn new(numbers: &[f64], at: &Position) -> Result<Self> {
        let (west, south, east, north, heights) = match *numbers {
            [west, south, east, north] => (west, south, east, north, None),
            [west, south, low, east, north, high] => (west, south, east, north, Some([low, high])),
            _ => {
                let found = format!("{} numbers", numbers.len());
                return Err(Cql2Error::syntax(at, "4 or 6 numbers of a bounding box", found));
            }
        };
        // West may be greater than east across the antimeridian; what that means depends on the layer.
        if south > north {
            return Err(Cql2Error::literal(at, "bounding box", "put the smaller second coordinate first"));
        }
        Ok(Self { west, south, east, north, heights })
    }

    pub fn numbers(&self) -> Vec<f64> {
        match self.heights {
            None => vec![self.west, self.south, self.east, self.north],
            Some([low, high]) => vec![self.west, self.south, low, self.east, self.north, high],
        }
    }
}

/// Gathers the positions of one geometry.
#[derive(Debug, Default)]
pub struct Gather {
    heights: Vec<f64>,
    count: usize,
}

impl Gather {
    /// One position. `total` counts those of the whole filter.
    pub fn position(&mut self, numbers: &[f64], total: &mut usize, at: &Position) -> Result<Coord<f64>> {
        *total += 1;
        if *total > MAX_COORDINATES {
            return Err(Cql2Error::TooManyCoordinates { at: at.clone() });
        }
        let (x, y) = match *numbers {
            [x, y] => (x, y),
            [x, y, z] => {
                self.heights.push(z);
                (x, y)
            }
            _ => return Err(Cql2Error::syntax(at, "2 or 3 numbers", format!("{}", numbers.len()))),
        };
        self.count += 1;
        if !self.heights.is_empty() && self.heights.len() != self.count {
            return Err(Cql2Error::literal(at, "position", "give all positions of a geometry a height, or none"));
        }
        Ok(Coord { x, y })
    }

    pub fn shape(self, geometry: Geometry<f64>) -> Shape {
        Shape { geometry, heights: self.heights }
    }
}

/// A line of at least two positions.
pub fn line(coords: Vec<Coord<f64>>, at: &Position) -> Result<LineString<f64>> {
    if coords.len() < 2 {
        return Err(Cql2Error::literal(at, "line", "give it at least 2 positions"));
    }
    Ok(LineString(coords))
}

/// A polygon of closed rings.
pub fn polygon(rings: Vec<Vec<Coord<f64>>>, at: &Position) -> Result<Polygon<f64>> {
    let mut closed = Vec::with_capacity(rings.len());
    for ring in rings {
        if ring.len() < 4 {
            return Err(Cql2Error::literal(at, "ring of a polygon", "give it at least 4 positions"));
        }
        if ring.first() != ring.last() {
            return Err(Cql2Error::literal(at, "ring of a polygon", "close it: repeat its first position at its end"));
        }
        closed.push(LineString(ring));
    }
    let mut closed = closed.into_iter();
    let Some(exterior) = closed.next() else {
        return Err(Cql2Error::literal(at, "polygon", "give it at least one ring"));
    };
    Ok(Polygon::new(exterior, closed.collect()))
}
