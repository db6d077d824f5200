//! A filter whose geometries are in another reference system than the layer (`filter-crs` of OGC API Features, part 3).

use geo::MapCoords;
use geo_types::{Coord, Geometry, LineString, Polygon};

use super::ast::{Expr, Filter, Node};
use super::error::{Cql2Error, Position, Result};
use super::shape::{BBox, Shape};

/// Into how many pieces a side of a box is cut, as it may be curved in the other system.
const PIECES: u32 = 16;

impl Filter {
    /// The filter with every position changed by `change`, which also puts axes into the layer's order; `None` says
    /// that a position is beyond what the system can express. A box becomes the polygon that it is in the other system.
    pub fn transformed(&self, change: impl Fn(Coord<f64>) -> Option<Coord<f64>>) -> Result<Filter, Cql2Error> {
        let mut root = self.root.clone();
        node(&mut root, &change)?;
        Ok(Filter { root })
    }
}

type Change<'a> = dyn Fn(Coord<f64>) -> Option<Coord<f64>> + 'a;

fn node(part: &mut Node, change: &Change<'_>) -> Result<()> {
    match &mut part.expr {
        Expr::Shape(shape) => shape.geometry = geometry(&shape.geometry, change, &part.at)?,
        Expr::BBox(bbox) => {
            let geometry = geometry(&outline(bbox, &part.at)?, change, &part.at)?;
            part.expr = Expr::Shape(Box::new(Shape { geometry, heights: Vec::new() }));
        }
        Expr::Not(inner) | Expr::IsNull(inner) | Expr::Fold(_, inner) => node(inner, change)?,
        Expr::And(parts) | Expr::Or(parts) | Expr::List(parts) | Expr::Call(_, parts) => nodes(parts, change)?,
        Expr::In(needle, parts) => {
            node(needle, change)?;
            nodes(parts, change)?;
        }
        Expr::Between(parts) => nodes(&mut **parts, change)?,
        Expr::Interval(parts)
        | Expr::Compare(_, parts)
        | Expr::Like(parts)
        | Expr::Spatial(_, parts)
        | Expr::Temporal(_, parts)
        | Expr::Array(_, parts)
        | Expr::Arithmetic(_, parts) => nodes(&mut **parts, change)?,
        Expr::Boolean(_)
        | Expr::Number(_)
        | Expr::Text(_)
        | Expr::Date(_)
        | Expr::Timestamp(_)
        | Expr::Unbounded
        | Expr::Property(_) => {}
    }
    Ok(())
}

fn nodes(parts: &mut [Node], change: &Change<'_>) -> Result<()> {
    parts.iter_mut().try_for_each(|part| node(part, change))
}

fn geometry(shape: &Geometry<f64>, change: &Change<'_>, at: &Position) -> Result<Geometry<f64>> {
    let beyond = || Cql2Error::literal(at, "geometry", "keep it where the reference systems of filter and layer hold");
    let finite = |coord: &Coord<f64>| coord.x.is_finite() && coord.y.is_finite();
    shape.try_map_coords(|coord| change(coord).filter(finite).ok_or_else(beyond))
}

fn outline(bbox: &BBox, at: &Position) -> Result<Geometry<f64>> {
    if bbox.west > bbox.east {
        return Err(Cql2Error::literal(at, "bounding box", "put the smaller first coordinate first"));
    }
    let corners = [(bbox.west, bbox.south), (bbox.east, bbox.south), (bbox.east, bbox.north), (bbox.west, bbox.north)];
    let mut ring = Vec::with_capacity(4 * PIECES as usize + 1);
    for (i, (x0, y0)) in corners.into_iter().enumerate() {
        let (x1, y1) = corners[(i + 1) % 4];
        ring.extend((0..PIECES).map(|piece| {
            let part = f64::from(piece) / f64::from(PIECES);
            Coord { x: x0 + (x1 - x0) * part, y: y0 + (y1 - y0) * part }
        }));
    }
    ring.push(Coord { x: bbox.west, y: bbox.south });
    Ok(Polygon::new(LineString(ring), Vec::new()).into())
}
