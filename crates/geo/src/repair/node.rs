//! Edges cut until they meet in their ends only: where two cross, the nearest place of the grid becomes a corner of both,
//! and an edge that passes within half a step of a corner goes through it. Cutting bends edges a little, so it is done
//! again until nothing is left to cut; a few rounds do, and a limit stands behind them.

use super::{
    Reason, Steps,
    boxes::{Box4, Boxes},
    grid::{Pt, cross},
};

const ROUNDS_MAX: usize = 40;

#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub a: Pt,
    pub b: Pt,
    pub ring: u32,
}

/// A place at which an edge is cut; sorted along the edge.
type Cut = (u32, i128, Pt);

pub(super) fn node(mut edges: Vec<Edge>, steps: &mut Steps) -> Result<Vec<Edge>, Reason> {
    let edges_max = (64 * edges.len() + 65_536).min(4 * edges.len() + 2_000_000);
    for _ in 0..ROUNDS_MAX {
        let cuts = find_cuts(&edges, edges_max, steps)?;
        if cuts.is_empty() {
            return Ok(edges);
        }
        edges = cut(&edges, &cuts);
        // What is done with an edge later costs about as much as so many looks at a rectangle.
        steps.take(100 * edges.len() as u64)?;
    }
    Err(Reason::TooTangled)
}

fn find_cuts(edges: &[Edge], edges_max: usize, steps: &mut Steps) -> Result<Vec<Cut>, Reason> {
    let boxes = Boxes::new(edges.iter().map(bounds).collect());
    let mut cuts: Vec<Cut> = Vec::new();
    for (i, e) in edges.iter().enumerate() {
        boxes.each(bounds(e), i + 1, steps, &mut |j| {
            let f = &edges[j];
            for (at, edge, place) in [(i, e, f.a), (i, e, f.b), (j, f, e.a), (j, f, e.b)] {
                if passes(edge, place) {
                    cuts.push((at as u32, along(edge, place), place));
                }
            }
            if let Some(place) = crossing(e, f) {
                for (at, edge) in [(i, e), (j, f)] {
                    if place != edge.a && place != edge.b {
                        cuts.push((at as u32, along(edge, place), place));
                    }
                }
            }
            // One corner may be found by many edges; what counts is how many cuts there are without those.
            if cuts.len() > 2 * edges_max {
                cuts.sort_unstable();
                cuts.dedup();
                if cuts.len() > edges_max {
                    return Err(Reason::TooTangled);
                }
            }
            Ok(())
        })?;
    }
    cuts.sort_unstable();
    cuts.dedup();
    if cuts.len() + edges.len() > edges_max { Err(Reason::TooTangled) } else { Ok(cuts) }
}

fn cut(edges: &[Edge], cuts: &[Cut]) -> Vec<Edge> {
    let mut out = Vec::with_capacity(edges.len() + cuts.len());
    let mut rest = cuts;
    for (i, edge) in edges.iter().enumerate() {
        let (own, after) = rest.split_at(rest.iter().take_while(|cut| cut.0 as usize == i).count());
        rest = after;
        let mut from = edge.a;
        for to in own.iter().map(|cut| cut.2).chain([edge.b]) {
            if from != to {
                out.push(Edge { a: from, b: to, ring: edge.ring });
            }
            from = to;
        }
    }
    out
}

fn bounds(edge: &Edge) -> Box4<i64> {
    let (a, b) = (edge.a, edge.b);
    [a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)]
}

fn along(edge: &Edge, place: Pt) -> i128 {
    let (dx, dy) = (edge.b.x - edge.a.x, edge.b.y - edge.a.y);
    i128::from(dx) * i128::from(place.x - edge.a.x) + i128::from(dy) * i128::from(place.y - edge.a.y)
}

/// Whether the edge passes the square around a place other than its ends.
fn passes(edge: &Edge, place: Pt) -> bool {
    let [left, bottom, right, top] = bounds(edge);
    let within = left <= place.x && place.x <= right && bottom <= place.y && place.y <= top;
    within
        && place != edge.a
        && place != edge.b
        && 2 * cross(edge.a, edge.b, place).abs() <= i128::from((right - left) + (top - bottom))
}

/// Where two edges cross, rounded to the grid; `None` unless each passes through the inside of the other.
#[expect(clippy::many_single_char_names, reason = "ends of two edges, as geometry books call them")]
fn crossing(e: &Edge, f: &Edge) -> Option<Pt> {
    let (c, d) = (cross(e.a, e.b, f.a).signum(), cross(e.a, e.b, f.b).signum());
    let (a, b) = (cross(f.a, f.b, e.a), cross(f.a, f.b, e.b));
    if c * d >= 0 || a.signum() * b.signum() >= 0 {
        return None;
    }
    // At the share a / (a - b) of the way from e.a to e.b: 40 bits times 80 fit.
    let (num, den) = if a > b { (a, a - b) } else { (-a, b - a) };
    let round = |from: i64, to: i64| from + (2 * i128::from(to - from) * num + den).div_euclid(2 * den) as i64;
    Some(Pt { x: round(e.a.x, e.b.x), y: round(e.a.y, e.b.y) })
}
