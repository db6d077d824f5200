//! Polygons from loose rings, for sources that do not say which hole is whose: Shapefile, multipolygons of OpenStreetMap.

use super::{Expected, Limits, Outcome, Reason, Steps, What, boxes::Boxes, shape::repair};
use geo::{
    Orientation,
    kernels::{Kernel, RobustKernel},
};
use geo_types::{Coord, LineString, MultiPolygon, Polygon, coord};
use std::cmp::Ordering;

/// Puts rings together by how they lie in each other, whichever way they run: within an even number of others a ring is
/// an exterior, within an odd number a hole of the smallest around it. A ring given twice counts once. Rings that cross
/// are repaired as [`repair`] does; the rest of `limits` holds as there.
pub fn polygon_of(rings: Vec<LineString<f64>>, limits: &Limits) -> Outcome {
    let mut closed = false;
    let coordinates = rings.iter().map(|ring| ring.0.len()).sum();
    if coordinates > limits.coordinates_max {
        return Outcome::Refused {
            reason: Reason::TooManyCoordinates { given: coordinates, max: limits.coordinates_max },
        };
    }
    if let Some(at) = rings.iter().flat_map(|ring| &ring.0).find(|at| !at.x.is_finite() || !at.y.is_finite()) {
        return Outcome::Refused { reason: Reason::NotFinite { x: at.x, y: at.y } };
    }
    let rings: Vec<LineString<f64>> = rings
        .into_iter()
        .filter(|ring| !ring.0.is_empty())
        .map(|mut ring| {
            closed |= !ring.is_closed();
            ring.close();
            ring
        })
        .collect();
    let assembled = match assemble(rings, &mut Steps::for_coordinates(coordinates)) {
        Ok(assembled) => assembled,
        Err(reason) => return Outcome::Refused { reason },
    };
    let geometry = match <[Polygon<f64>; 1]>::try_from(assembled) {
        Ok([single]) => single.into(),
        Err(many) => MultiPolygon(many).into(),
    };
    match repair(geometry, Expected::Areas, limits) {
        Outcome::Whole { geometry } if closed => Outcome::Repaired { geometry, what: vec![What::RingClosed] },
        Outcome::Repaired { geometry, mut what } if closed => {
            what.insert(0, What::RingClosed);
            Outcome::Repaired { geometry, what }
        }
        other => other,
    }
}

fn assemble(mut rings: Vec<LineString<f64>>, steps: &mut Steps) -> Result<Vec<Polygon<f64>>, Reason> {
    drop_twins(&mut rings);
    let areas: Vec<f64> = rings.iter().map(|ring| double_area(ring).abs()).collect();
    let edges: Vec<(Coord<f64>, Coord<f64>, usize)> = rings
        .iter()
        .enumerate()
        .flat_map(|(number, ring)| ring.0.windows(2).map(move |ends| (ends[0], ends[1], number)))
        .collect();
    let boxes =
        Boxes::new(edges.iter().map(|(a, b, _)| [a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)]).collect());
    let mut owners = Vec::with_capacity(rings.len());
    for (number, ring) in rings.iter().enumerate() {
        let place = within(ring);
        let mut passed = Vec::new();
        boxes.each([f64::NEG_INFINITY, place.y, place.x, place.y], 0, steps, &mut |i| {
            let (a, b, other) = edges[i];
            let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
            if low.y <= place.y
                && place.y < high.y
                && RobustKernel::orient2d(low, high, place) == Orientation::Clockwise
            {
                passed.push(other);
            }
            Ok(())
        })?;
        passed.sort_unstable();
        let odd = passed.chunk_by(|a, b| a == b).filter(|times| times.len() % 2 == 1).map(|times| times[0]);
        // Only what is larger can be around it, so that two rings are never each other's hole.
        let around: Vec<usize> = odd.filter(|other| *other != number && areas[*other] > areas[number]).collect();
        let smallest = around.iter().copied().min_by(|a, b| areas[*a].total_cmp(&areas[*b]));
        owners.push(smallest.filter(|_| around.len() % 2 == 1));
    }
    // In a tangle a hole may seem to be in a hole; such a ring is an exterior, so that none gets lost.
    let owners: Vec<Option<usize>> =
        owners.iter().map(|owner| owner.filter(|owner| owners[*owner].is_none())).collect();
    let mut holes: Vec<Vec<LineString<f64>>> = vec![Vec::new(); rings.len()];
    let mut exteriors = Vec::new();
    for (number, (ring, owner)) in rings.into_iter().zip(owners).enumerate() {
        match owner {
            Some(owner) => holes[owner].push(ring),
            None => exteriors.push((number, ring)),
        }
    }
    Ok(exteriors.into_iter().map(|(number, ring)| Polygon::new(ring, std::mem::take(&mut holes[number]))).collect())
}

/// Rings with the same corners in the same order, from whichever they begin and whichever way they run.
fn drop_twins(rings: &mut Vec<LineString<f64>>) {
    let by_place = |a: &Coord<f64>, b: &Coord<f64>| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y));
    let canonical = |ring: &LineString<f64>| {
        let mut open = ring.0.clone();
        open.pop();
        let first = open.iter().enumerate().min_by(|a, b| by_place(a.1, b.1)).map_or(0, |(at, _)| at);
        open.rotate_left(first);
        if open.len() > 2 && by_place(&open[1], &open[open.len() - 1]) == Ordering::Greater {
            open[1..].reverse();
        }
        open.iter().map(|at| (at.x.to_bits(), at.y.to_bits())).collect::<Vec<_>>()
    };
    let mut seen = std::collections::HashSet::new();
    rings.retain(|ring| seen.insert(canonical(ring)));
}

fn double_area(ring: &LineString<f64>) -> f64 {
    let Some(first) = ring.0.first() else { return 0.0 };
    let from = |at: &Coord<f64>| (at.x - first.x, at.y - first.y);
    ring.0
        .windows(2)
        .map(|ends| {
            let ((ax, ay), (bx, by)) = (from(&ends[0]), from(&ends[1]));
            ax * by - ay * bx
        })
        .sum()
}

/// A place inside a ring, away from its border: rings that share corners or edges do not meet there. Halfway up the
/// tallest stretch without a corner, the middle of the widest piece.
fn within(ring: &LineString<f64>) -> Coord<f64> {
    let mut heights: Vec<f64> = ring.0.iter().map(|at| at.y).collect();
    heights.sort_by(f64::total_cmp);
    let tallest = heights.windows(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    let y = tallest.map_or(ring.0[0].y, |ends| ends[0] + (ends[1] - ends[0]) / 2.0);
    let passing = ring.0.windows(2).filter(|ends| (ends[0].y <= y) != (ends[1].y <= y));
    let mut places: Vec<f64> =
        passing.map(|ends| ends[0].x + (y - ends[0].y) / (ends[1].y - ends[0].y) * (ends[1].x - ends[0].x)).collect();
    places.sort_by(f64::total_cmp);
    let widest = places.chunks_exact(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    widest.map_or(ring.0[0], |ends| coord! { x: ends[0] + (ends[1] - ends[0]) / 2.0, y: y })
}
