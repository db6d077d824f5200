//! Rings put together to polygons, for formats that list rings without saying which hole is whose.

use std::cell::Cell;

use geo_types::{Coord, LineString, Polygon};

use crate::Reason;
use crate::shapes::double_area;

/// Which rings are holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holes {
    /// Those against the clock (Shapefile), unless no ring runs with it.
    ByWinding,
    /// Those within an odd number of others (OpenStreetMap).
    ByNesting,
}

/// Steps (two rings compared, a corner held against an edge) that one shape may cost, a few seconds; a shape that wants
/// more was made to.
const STEPS_MAX: u64 = 1_000_000_000;

/// A ring of which so many corners lie on another does not lie within it for our purpose.
const CORNERS_TRIED: usize = 16;

struct Steps(Cell<u64>);

impl Steps {
    fn pay(&self, steps: usize) -> bool {
        let left = self.0.get().saturating_sub(steps as u64);
        self.0.set(left);
        left > 0
    }
}

struct Ring {
    line: LineString<f64>,
    min: Coord<f64>,
    max: Coord<f64>,
    double_area: f64,
}

impl Ring {
    fn new(line: LineString<f64>) -> Self {
        let far = Coord { x: f64::INFINITY, y: f64::INFINITY };
        let mut ring = Self { double_area: double_area(&line.0), min: far, max: -far, line };
        for coord in &ring.line.0 {
            ring.min = Coord { x: ring.min.x.min(coord.x), y: ring.min.y.min(coord.y) };
            ring.max = Coord { x: ring.max.x.max(coord.x), y: ring.max.y.max(coord.y) };
        }
        ring
    }

    fn contains(&self, inner: &Self, steps: &Steps) -> bool {
        let around = self.min.x <= inner.min.x
            && self.min.y <= inner.min.y
            && self.max.x >= inner.max.x
            && self.max.y >= inner.max.y;
        // A corner on the outer ring says nothing; the first that is not decides.
        let mut corners = inner.line.0.iter().take(CORNERS_TRIED).take_while(|_| steps.pay(self.line.0.len()));
        steps.pay(1) && around && corners.find_map(|corner| self.side(*corner)) == Some(true)
    }

    /// Inside or outside; none on the ring itself.
    fn side(&self, at: Coord<f64>) -> Option<bool> {
        let mut inside = false;
        for edge in self.line.0.windows(2) {
            let (a, b) = (edge[0], edge[1]);
            let cross = (b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x);
            let within = at.x >= a.x.min(b.x) && at.x <= a.x.max(b.x) && at.y >= a.y.min(b.y) && at.y <= a.y.max(b.y);
            if cross == 0.0 && within {
                return None;
            }
            if (a.y > at.y) != (b.y > at.y) && (cross > 0.0) == (b.y > a.y) {
                inside = !inside;
            }
        }
        Some(inside)
    }
}

/// Polygons of the rings, in the order of their outer rings. A hole that lies in no ring becomes a polygon of its own,
/// so that nothing is lost; what the result is worth is for the repair to say.
pub fn polygons(rings: Vec<LineString<f64>>, holes: Holes) -> Result<Vec<Polygon<f64>>, Reason> {
    within(rings, holes, STEPS_MAX)
}

fn within(rings: Vec<LineString<f64>>, holes: Holes, steps: u64) -> Result<Vec<Polygon<f64>>, Reason> {
    if rings.len() <= 1 {
        return Ok(rings.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect());
    }
    let rings: Vec<Ring> = rings.into_iter().map(Ring::new).collect();
    let clockwise = rings.iter().filter(|ring| ring.double_area < 0.0).count();
    let steps = Steps(Cell::new(steps));
    let wound = holes == Holes::ByWinding && clockwise > 0;
    let holder = if wound { by_winding(&rings, &steps) } else { by_nesting(&rings, &steps) };
    if steps.0.get() == 0 {
        return Err(Reason::Shape(format!(
            "which of {} rings are holes takes too long to tell; split it",
            rings.len()
        )));
    }
    let mut places = vec![usize::MAX; rings.len()];
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    for (index, ring) in rings.iter().enumerate().filter(|(index, _)| holder[*index].is_none()) {
        places[index] = polygons.len();
        polygons.push(Polygon::new(ring.line.clone(), Vec::new()));
    }
    for (ring, holder) in rings.into_iter().zip(holder) {
        if let Some(outer) = holder {
            polygons[places[outer]].interiors_push(ring.line);
        }
    }
    Ok(polygons)
}

/// For each hole the smallest ring with the clock around it.
fn by_winding(rings: &[Ring], steps: &Steps) -> Vec<Option<usize>> {
    let outers: Vec<usize> = (0..rings.len()).filter(|index| rings[*index].double_area < 0.0).collect();
    let holder = |ring: &Ring| {
        let around = outers.iter().copied().filter(|outer| rings[*outer].contains(ring, steps));
        around.min_by(|a, b| rings[*b].double_area.total_cmp(&rings[*a].double_area))
    };
    rings.iter().map(|ring| if ring.double_area < 0.0 || steps.0.get() == 0 { None } else { holder(ring) }).collect()
}

/// For each ring within an odd number of others the smallest of them.
fn by_nesting(rings: &[Ring], steps: &Steps) -> Vec<Option<usize>> {
    let size = |index: usize| rings[index].double_area.abs();
    let holder = |(index, ring): (usize, &Ring)| {
        if steps.0.get() == 0 {
            return None;
        }
        let larger = |other: usize| other != index && (size(other), index) > (size(index), other);
        let around: Vec<usize> =
            (0..rings.len()).filter(|other| larger(*other) && rings[*other].contains(ring, steps)).collect();
        let innermost = around.iter().copied().min_by(|a, b| size(*a).total_cmp(&size(*b)));
        innermost.filter(|_| around.len() % 2 == 1)
    };
    rings.iter().enumerate().map(holder).collect()
}

/// The ring turned so that it runs with or against the clock.
pub fn wound(ring: &LineString<f64>, clockwise: bool) -> LineString<f64> {
    let mut ring = ring.clone();
    if (double_area(&ring.0) < 0.0) != clockwise {
        ring.0.reverse();
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64, clockwise: bool) -> LineString<f64> {
        let ring = LineString::from(vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]);
        wound(&ring, clockwise)
    }

    fn shape(polygons: &[Polygon<f64>]) -> Vec<usize> {
        polygons.iter().map(|polygon| polygon.interiors().len()).collect()
    }

    #[test]
    fn an_island_in_a_lake_in_an_island() {
        for holes in [Holes::ByWinding, Holes::ByNesting] {
            let rings = vec![
                square(4.0, 4.0, 2.0, true),
                square(2.0, 2.0, 6.0, false),
                square(0.0, 0.0, 10.0, true),
                square(20.0, 0.0, 3.0, true),
            ];
            assert_eq!(shape(&polygons(rings, holes).unwrap()), [0, 1, 0], "{holes:?}");
        }
    }

    #[test]
    fn rings_that_all_run_against_the_clock_are_nested() {
        let rings = vec![square(0.0, 0.0, 10.0, false), square(2.0, 2.0, 6.0, false)];
        assert_eq!(shape(&polygons(rings, Holes::ByWinding).unwrap()), [1]);
    }

    #[test]
    fn a_hole_without_a_ring_is_kept_and_neighbours_are_no_holes() {
        let rings = vec![square(0.0, 0.0, 1.0, true), square(5.0, 5.0, 1.0, false)];
        assert_eq!(shape(&polygons(rings, Holes::ByWinding).unwrap()), [0, 0]);
        let rings = vec![square(0.0, 0.0, 2.0, true), square(2.0, 0.0, 1.0, true), square(0.0, 2.0, 2.0, true)];
        assert_eq!(shape(&polygons(rings, Holes::ByNesting).unwrap()), [0, 0, 0]);
    }

    #[test]
    fn a_hole_that_touches_its_ring_is_its() {
        let hole = LineString::from(vec![(0.0, 0.0), (5.0, 2.0), (2.0, 5.0), (0.0, 0.0)]);
        let rings = vec![square(0.0, 0.0, 10.0, true), wound(&hole, false)];
        assert_eq!(shape(&polygons(rings, Holes::ByNesting).unwrap()), [1]);
    }

    #[test]
    fn rings_that_take_too_long_are_refused() {
        let rings: Vec<_> = (0..200).map(|n| square(f64::from(n) * 2.0, 0.0, 1.0, n % 2 == 0)).collect();
        for holes in [Holes::ByWinding, Holes::ByNesting] {
            assert!(within(rings.clone(), holes, 5_000).is_err());
            assert_eq!(polygons(rings.clone(), holes).unwrap().len(), 200);
        }
    }
}
