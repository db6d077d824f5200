//! The borders of what is inside, walked with the inside at the left. A walk that comes by a corner again is cut there,
//! so every ring is simple and the inside of every polygon hangs together (OGC 06-103r4 §6.1.11.1).

use super::{
    Reason, Steps,
    boxes::Boxes,
    graph::{Graph, Half},
    grid::{Pt, cross},
};

const NONE: u32 = u32::MAX;

/// A polygon in corners of the graph: its exterior, then its holes. Rings are open.
pub(super) type Traced = Vec<Vec<u32>>;

struct Ring {
    corners: Vec<u32>,
    double_area: i128,
    walk: u32,
}

pub(super) fn trace(graph: &Graph, inside: &[bool], steps: &mut Steps) -> Result<Vec<Traced>, Reason> {
    let border = |half: Half| inside[half as usize] && !inside[(half ^ 1) as usize];
    let mut done = vec![false; inside.len()];
    let mut place = vec![NONE; graph.corners.len()];
    let mut rings = Vec::new();
    for (walk, start) in (0..graph.halves()).filter(|half| border(*half)).enumerate() {
        if done[start as usize] {
            continue;
        }
        let mut path: Vec<u32> = Vec::new();
        let mut half = start;
        while !done[half as usize] {
            done[half as usize] = true;
            let tail = graph.tail(half);
            path_to(tail, &mut path, &mut place, |corners| rings.push(Ring::new(graph, corners, walk as u32)));
            half = graph.next(half);
            while !border(half) {
                half = graph.beside(half);
            }
        }
        path_to(graph.tail(start), &mut path, &mut place, |corners| rings.push(Ring::new(graph, corners, walk as u32)));
        for corner in &path {
            place[*corner as usize] = NONE;
        }
    }
    hand_out(graph, rings, steps)
}

/// Goes on to a corner; when it is on the path already, what lies between is a ring.
fn path_to(corner: u32, path: &mut Vec<u32>, place: &mut [u32], mut ring: impl FnMut(Vec<u32>)) {
    let before = place[corner as usize];
    if before == NONE {
        place[corner as usize] = path.len() as u32;
        path.push(corner);
        return;
    }
    let cut = path.split_off(before as usize + 1);
    for corner in &cut {
        place[*corner as usize] = NONE;
    }
    ring(std::iter::once(corner).chain(cut).collect());
}

impl Ring {
    fn new(graph: &Graph, corners: Vec<u32>, walk: u32) -> Self {
        let first = graph.corner(corners[0]);
        let pairs = corners.windows(2).skip(1);
        let double_area = pairs.map(|ends| cross(first, graph.corner(ends[0]), graph.corner(ends[1]))).sum();
        Self { corners, double_area, walk }
    }
}

/// Gives every hole its exterior: that of its own walk, or the smallest around it.
fn hand_out(graph: &Graph, rings: Vec<Ring>, steps: &mut Steps) -> Result<Vec<Traced>, Reason> {
    let (exteriors, holes): (Vec<Ring>, Vec<Ring>) = rings.into_iter().partition(|ring| ring.double_area > 0);
    let areas: Vec<i128> = exteriors.iter().map(|ring| ring.double_area).collect();
    let mut of_walk: Vec<(u32, usize)> = exteriors.iter().enumerate().map(|(i, ring)| (ring.walk, i)).collect();
    of_walk.sort_unstable();
    let edges: Vec<(Pt, Pt, u32)> = exteriors
        .iter()
        .enumerate()
        .flat_map(|(i, ring)| {
            let ends = ring.corners.iter().zip(ring.corners.iter().cycle().skip(1));
            ends.map(move |(a, b)| (graph.corner(*a), graph.corner(*b), i as u32))
        })
        .collect();
    let boxes =
        Boxes::new(edges.iter().map(|(a, b, _)| [a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)]).collect());
    let mut out: Vec<Traced> = exteriors.into_iter().map(|ring| vec![ring.corners]).collect();
    let mut passed = Vec::new();
    for hole in holes {
        let own = of_walk.binary_search_by_key(&hole.walk, |walk| walk.0).ok().map(|at| of_walk[at].1);
        let owner = if own.is_some() {
            own
        } else {
            passed.clear();
            // The middle of an edge lies on no other; on a grid twice as fine it is a place too.
            let middle = doubled(graph.corner(hole.corners[0]), graph.corner(hole.corners[1]));
            let (x, y) = (middle.x.div_euclid(2), middle.y.div_euclid(2));
            boxes.each([i64::MIN, y, x + 1, y + 1], 0, steps, &mut |i| {
                let (a, b, ring) = edges[i];
                let (a, b) = (doubled(a, a), doubled(b, b));
                let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
                if low.y <= middle.y && middle.y < high.y && cross(low, high, middle) < 0 {
                    passed.push(ring);
                }
                Ok(())
            })?;
            passed.sort_unstable();
            let around =
                passed.chunk_by(|a, b| a == b).filter(|times| times.len() % 2 == 1).map(|times| times[0] as usize);
            around.min_by_key(|ring| areas[*ring])
        };
        if let Some(polygon) = owner.and_then(|owner| out.get_mut(owner)) {
            polygon.push(hole.corners);
        }
    }
    Ok(out)
}

fn doubled(a: Pt, b: Pt) -> Pt {
    Pt { x: a.x + b.x, y: a.y + b.y }
}
