//! Areas: first a look at the coordinates as they are, which settles what is valid; then the grid.

use super::{
    Faults, Limits, Reason, Steps, What,
    contact::{Contact, Rings},
    faces::{self, Role},
    graph::Graph,
    grid::{Grid, Pt},
    node::{self, Edge},
    trace::{self, Traced},
};
use geo::{MapCoordsInPlace, Winding, winding_order::WindingOrder};
use geo_types::{Coord, LineString, Polygon, coord};

/// Makes parts of one area valid. Coordinates were checked; faults found are added.
pub(super) fn make_valid(
    mut parts: Vec<Polygon<f64>>,
    limits: &Limits,
    faults: &mut Faults,
    steps: &mut Steps,
) -> Result<Vec<Polygon<f64>>, Reason> {
    flush(&mut parts, faults);
    clean(&mut parts, faults)?;
    let rings = Rings::new(&parts);
    let contact = rings.contact(steps)?;
    if contact == Contact::Apart && rings.are_nested(steps)? {
        turn(&mut parts);
        return Ok(parts);
    }
    drop(rings);
    let grid = Grid::over(limits.bounds);
    let mut found = Faults::new();
    let (graph, traced) = on_grid(&parts, grid, &mut found, steps)?;
    let rings_before: usize = parts.iter().map(|part| 1 + part.interiors().len()).sum();
    let rings_after: usize = traced.iter().map(Vec::len).sum();
    if traced.is_empty() {
        return Err(Reason::ZeroArea);
    }
    if found.is_empty() && (traced.len(), rings_after) == (parts.len(), rings_before) {
        // Rings that touch in points, as they may; unless they cross, or a piece of one is gone, by less than the grid
        // can tell: the grid then speaks of other rings than those given.
        if contact < Contact::Cross && keeps_apart(&parts, grid) {
            turn(&mut parts);
            return Ok(parts);
        }
        found.insert(What::Snapped);
    } else if found.is_empty() {
        found.insert(What::InteriorCut);
    }
    faults.append(&mut found);
    with_coordinates(&parts, grid, &graph, &traced, steps)
}

/// Whether corners in different places are so on the grid too.
fn keeps_apart(parts: &[Polygon<f64>], grid: Grid) -> bool {
    let mut places: Vec<(Pt, Coord<f64>)> =
        parts.iter().flat_map(lines).flat_map(|line| &line.0).map(|at| (grid.snap(*at), *at)).collect();
    places.sort_by_key(|place| place.0);
    places.windows(2).all(|two| two[0].0 != two[1].0 || two[0].1 == two[1].1)
}

fn lines(part: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(part.exterior()).chain(part.interiors())
}

/// What is smaller than this is taken for nothing: products of it would leave what a float holds, and the tests on
/// coordinates would no longer be exact (Shewchuk 1997 §1).
const LEAST: f64 = 1e-100;

fn flush(parts: &mut [Polygon<f64>], faults: &mut Faults) {
    let tiny = |v: f64| v != 0.0 && v.abs() < LEAST;
    if !parts.iter().flat_map(lines).flat_map(|line| &line.0).any(|at| tiny(at.x) || tiny(at.y)) {
        return;
    }
    faults.insert(What::Snapped);
    let flushed = |v: f64| if tiny(v) { 0.0 } else { v };
    for part in parts {
        part.map_coords_in_place(|at| coord! { x: flushed(at.x), y: flushed(at.y) });
    }
}

/// Leaves out repeated points and what has fewer than three corners.
fn clean(parts: &mut Vec<Polygon<f64>>, faults: &mut Faults) -> Result<(), Reason> {
    if parts.iter().all(|part| part.exterior().0.is_empty()) {
        return Err(Reason::Empty);
    }
    let mut out = Vec::with_capacity(parts.len());
    for part in parts.drain(..) {
        let (exterior, holes) = part.into_inner();
        if exterior.0.is_empty() {
            faults.insert(What::PartEmpty);
            continue;
        }
        let holes_before = holes.len();
        let exterior = without_repeats(exterior, faults);
        let holes =
            holes.into_iter().map(|hole| without_repeats(hole, faults)).filter(|hole| hole.0.len() > 3).collect();
        if exterior.0.len() > 3 {
            let part = Polygon::new(exterior, holes);
            if part.interiors().len() < holes_before {
                faults.insert(What::PartCollapsed);
            }
            out.push(part);
        } else {
            faults.insert(What::PartCollapsed);
        }
    }
    *parts = out;
    if parts.is_empty() { Err(Reason::ZeroArea) } else { Ok(()) }
}

fn without_repeats(mut line: LineString<f64>, faults: &mut Faults) -> LineString<f64> {
    let before = line.0.len();
    line.0.dedup();
    if line.0.len() < before && line.0.len() > 3 {
        faults.insert(What::RepeatedPoints);
    }
    line
}

/// The right-hand rule: exteriors against the clock, holes with it (RFC 7946 §3.1.6).
fn turn(parts: &mut [Polygon<f64>]) {
    for part in parts {
        part.exterior_mut(Winding::make_ccw_winding);
        part.interiors_mut(|holes| holes.iter_mut().for_each(Winding::make_cw_winding));
    }
}

fn on_grid(
    parts: &[Polygon<f64>],
    grid: Grid,
    found: &mut Faults,
    steps: &mut Steps,
) -> Result<(Graph, Vec<Traced>), Reason> {
    let (mut edges, mut roles) = (Vec::new(), Vec::new());
    for (number, part) in parts.iter().enumerate() {
        for (at, line) in lines(part).enumerate() {
            let ring = roles.len() as u32;
            roles.push(Role { part: number as u32, hole: at > 0 });
            let ends = line.0.windows(2).map(|ends| (grid.snap(ends[0]), grid.snap(ends[1])));
            edges.extend(ends.filter(|(a, b)| a != b).map(|(a, b)| Edge { a, b, ring }));
        }
    }
    let edges = node::node(edges, steps)?;
    let graph = Graph::new(&edges, found);
    let mut told = faces::tell(&graph, &edges, &roles, steps)?;
    found.append(&mut told.faults);
    if told.seen.contains(&false) {
        found.insert(What::PartCollapsed);
    }
    let mut apart = parts.len() as u32;
    let mut exterior_seen = false;
    for (ring, role) in roles.iter_mut().enumerate() {
        exterior_seen = if role.hole { exterior_seen } else { told.seen[ring] };
        // Away from its exterior altogether: an area of its own, as PostGIS and JTS have it. Where the exterior has no
        // extent nothing says that the hole ever was ground, and it goes with its part.
        if role.hole && exterior_seen && told.seen[ring] && !told.meets[ring] {
            *role = Role { part: apart, hole: false };
            apart += 1;
        }
    }
    if apart > parts.len() as u32 {
        told = faces::tell(&graph, &edges, &roles, steps)?;
    }
    let traced = trace::trace(&graph, &told.inside, steps)?;
    Ok((graph, traced))
}

/// Back from the grid. Corners get the coordinates that were given there, unless rings then meet as they should not.
fn with_coordinates(
    parts: &[Polygon<f64>],
    grid: Grid,
    graph: &Graph,
    traced: &[Traced],
    steps: &mut Steps,
) -> Result<Vec<Polygon<f64>>, Reason> {
    let mut given: Vec<(Pt, Coord<f64>)> =
        parts.iter().flat_map(lines).flat_map(|line| &line.0).map(|at| (grid.snap(*at), *at)).collect();
    given.sort_by_key(|(pt, _)| *pt);
    given.dedup_by_key(|(pt, _)| *pt);
    let as_given = polygons(traced, &|corner| {
        let pt = graph.corner(corner);
        given.binary_search_by_key(&pt, |(pt, _)| *pt).map_or_else(|_| grid.back(pt), |at| given[at].1)
    });
    let turned = as_given.iter().all(|part| {
        part.exterior().winding_order() == Some(WindingOrder::CounterClockwise)
            && part.interiors().iter().all(|hole| hole.winding_order() == Some(WindingOrder::Clockwise))
    });
    if turned && Rings::new(&as_given).contact(steps)? <= Contact::Corner {
        return Ok(as_given);
    }
    Ok(polygons(traced, &|corner| grid.back(graph.corner(corner))))
}

fn polygons(traced: &[Traced], coordinate: &dyn Fn(u32) -> Coord<f64>) -> Vec<Polygon<f64>> {
    let line = |ring: &Vec<u32>| LineString(ring.iter().map(|corner| coordinate(*corner)).collect());
    traced
        .iter()
        .filter_map(|rings| rings.split_first())
        .map(|(exterior, holes)| Polygon::new(line(exterior), holes.iter().map(line).collect()))
        .collect()
}
