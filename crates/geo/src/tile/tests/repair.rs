//! The repair by itself: on the coarsest grids, where everything touches.

use super::Rng;
use crate::tile::{
    arrange::Repair,
    rings::{Pt, Rings, area2, edges, pts, winding},
    simplify::{close_ring, join_ring},
};
use geo::{Distance, Euclidean, Validation};
use geo_types::{Coord, Line, LineString, MultiPolygon, Point, Polygon};

fn random(rng: &mut Rng, side: u64) -> Rings {
    let mut rings = Rings::default();
    for r in 0..=rng.below(3) {
        let mut ring = Vec::new();
        for _ in 0..3 + rng.below(12) {
            join_ring(&mut ring, Pt { x: rng.below(side) as i64, y: rng.below(side) as i64 });
        }
        close_ring(&mut ring);
        rings.push(&ring, r > 0 && rng.below(2) == 0);
    }
    rings
}

fn geometry(rings: &Rings) -> MultiPolygon<f64> {
    let mut out: Vec<Polygon<f64>> = Vec::new();
    for (ring, hole) in rings.iter() {
        let line =
            LineString(ring.iter().chain(ring.first()).map(|p| Coord { x: p.x as f64, y: p.y as f64 }).collect());
        match out.last_mut() {
            Some(polygon) if hole => polygon.interiors_push(line),
            _ => out.push(Polygon::new(line, Vec::new())),
        }
    }
    MultiPolygon(out)
}

fn area(rings: &Rings) -> i128 {
    rings.iter().map(|(ring, _)| area2(ring)).sum()
}

#[test]
fn what_is_repaired_is_valid() {
    let mut rng = Rng(7);
    let mut repair = Repair::default();
    for i in 0..3000 {
        let side = [4, 6, 10, 40, 4000][i % 5];
        let mut rings = random(&mut rng, side);
        let before = rings.clone();
        repair.make_valid(&mut rings);
        let shape = geometry(&rings);
        if let Err(e) = shape.check_validation() {
            panic!("{e}: {before:?} became {rings:?}");
        }
    }
}

#[test]
fn inside_is_where_the_winding_is_not_zero() {
    let mut rng = Rng(8);
    let mut repair = Repair::default();
    let mut asked = 0;
    for _ in 0..200 {
        let rings = random(&mut rng, 1000);
        let mut valid = rings.clone();
        repair.make_valid(&mut valid);
        let lines: Vec<Line<f64>> = rings.iter().flat_map(|(ring, _)| edges(ring)).map(line).collect();
        for _ in 0..100 {
            let p = Pt { x: rng.below(1000) as i64, y: rng.below(1000) as i64 };
            // Rounding moves an edge by less than a step.
            let at = Point::new(p.x as f64, p.y as f64);
            if lines.iter().all(|line| Euclidean.distance(&at, line) > 1.0) {
                let turns = |of: &Rings| of.iter().map(|(ring, _)| winding(ring, p)).sum::<i32>();
                assert_eq!(turns(&valid), i32::from(turns(&rings) != 0), "{p:?}: {rings:?} became {valid:?}");
                asked += 1;
            }
        }
    }
    assert!(asked > 15_000, "{asked}");
}

fn line((a, b): (Pt, Pt)) -> Line<f64> {
    let coord = |p: Pt| Coord { x: p.x as f64, y: p.y as f64 };
    Line::new(coord(a), coord(b))
}

#[test]
fn known_shapes() {
    let mut repair = Repair::default();
    let mut bow = Rings::default();
    bow.push(&pts(&[(0, 0), (10, 10), (10, 0), (0, 20)]), false);
    repair.make_valid(&mut bow);
    assert_eq!(bow.len(), 2);

    // A hole that touches the exterior in a corner stays a hole; one that touches twice parts the polygon.
    let square = pts(&[(0, 0), (20, 0), (20, 20), (0, 20)]);
    let mut touch = Rings::default();
    touch.push(&square, false);
    touch.push(&pts(&[(0, 0), (9, 5), (5, 9)]), true);
    repair.make_valid(&mut touch);
    assert_eq!(touch.iter().map(|(_, hole)| hole).collect::<Vec<_>>(), [false, true]);
    let mut apart = Rings::default();
    apart.push(&square, false);
    apart.push(&pts(&[(0, 0), (20, 20), (5, 9)]), true);
    repair.make_valid(&mut apart);
    assert_eq!(apart.iter().map(|(_, hole)| hole).collect::<Vec<_>>(), [false, false]);

    // Neighbours that share an edge become one; an island in a hole stays.
    let mut pair = Rings::default();
    pair.push(&square, false);
    pair.push(&pts(&[(20, 0), (40, 0), (40, 20), (20, 20)]), false);
    repair.make_valid(&mut pair);
    assert_eq!((pair.len(), area(&pair)), (1, 1600));
    let mut island = Rings::default();
    island.push(&square, false);
    island.push(&pts(&[(2, 2), (18, 2), (18, 18), (2, 18)]), true);
    island.push(&pts(&[(5, 5), (9, 5), (9, 9), (5, 9)]), false);
    repair.make_valid(&mut island);
    assert_eq!(island.iter().map(|(_, hole)| hole).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn the_worst_tangle_is_bounded() {
    let mut rng = Rng(9);
    let ring: Vec<Pt> = (0..600).map(|_| Pt { x: rng.below(1 << 30) as i64, y: rng.below(1 << 30) as i64 }).collect();
    let mut rings = Rings::default();
    rings.push(&ring, false);
    Repair::default().make_valid(&mut rings);
    assert!(!rings.is_empty());
    assert!(rings.points().len() < 100_000);
    assert!(rings.iter().all(|(r, hole)| (area2(r) < 0) == hole));
}

#[test]
fn a_tangle_that_takes_too_long_is_taken_on_a_coarser_grid_and_not_lost() {
    let mut rng = Rng(11);
    let mut ring = Vec::new();
    for _ in 0..4000 {
        join_ring(&mut ring, Pt { x: rng.below(4096) as i64, y: rng.below(4096) as i64 });
    }
    close_ring(&mut ring);
    let mut rings = Rings::default();
    rings.push(&ring, false);
    let mut repair = Repair::default();
    assert!(!repair.sweep.valid(&rings));
    repair.make_valid(&mut rings);
    assert!(geometry(&rings).is_valid());
    assert!(area(&rings) > 2 * 3000 * 3000, "{}", area(&rings));
}
