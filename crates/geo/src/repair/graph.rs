//! Edges that meet in their ends only, as a graph: one link for all edges between the same corners, and around each corner
//! its links by angle.

use super::{
    Faults, What,
    grid::{Pt, cross},
    node::Edge,
};
use std::cmp::Ordering;

/// Link `i` as it runs is half-edge `2 i`, the other way `2 i + 1`.
pub(super) type Half = u32;

#[derive(Clone, Copy)]
struct Link {
    from: u32,
    to: u32,
    /// Where its passes end in the list of all.
    passes_end: u32,
}

pub(super) struct Graph {
    pub corners: Vec<Pt>,
    links: Vec<Link>,
    /// Ring, and how often it passes the link as it runs, less the other way.
    passes: Vec<(u32, i32)>,
    /// Half-edges by the corner they leave, then by angle against the clock.
    fan: Vec<Half>,
    fan_start: Vec<u32>,
    /// Where a half-edge stands in `fan`.
    place: Vec<u32>,
}

impl Graph {
    /// What is wrong with single rings, and with rings along each other, shows here and is added to `faults`.
    pub fn new(edges: &[Edge], faults: &mut Faults) -> Self {
        let mut corners: Vec<Pt> = edges.iter().map(|edge| edge.a).collect();
        corners.sort_unstable();
        corners.dedup();
        // Rings are closed, so every end is also a beginning.
        let number = |pt: &Pt| corners.binary_search(pt).unwrap_or_default() as u32;
        let mut passed: Vec<(u32, u32, u32, i32)> = edges
            .iter()
            .map(|edge| {
                let (a, b) = (number(&edge.a), number(&edge.b));
                if a < b { (a, b, edge.ring, 1) } else { (b, a, edge.ring, -1) }
            })
            .collect();
        passed.sort_unstable();
        let (mut links, mut passes, mut leaves) = (Vec::new(), Vec::new(), Vec::new());
        for link in passed.chunk_by(|p, q| (p.0, p.1) == (q.0, q.1)) {
            let (from, to, before) = (link[0].0, link[0].1, passes.len());
            for ring in link.chunk_by(|p, q| p.2 == q.2) {
                let times: i32 = ring.iter().map(|pass| pass.3).sum();
                if times.unsigned_abs() as usize != ring.len() {
                    faults.insert(What::Spike);
                }
                if times != 0 {
                    passes.push((ring[0].2, times));
                    leaves.extend((0..times.abs()).map(|_| (ring[0].2, if times > 0 { from } else { to })));
                }
            }
            if passes.len() > before + 1 {
                faults.insert(What::SharedEdge);
            }
            if passes.len() > before {
                links.push(Link { from, to, passes_end: passes.len() as u32 });
            }
        }
        leaves.sort_unstable();
        if leaves.windows(2).any(|two| two[0] == two[1]) {
            faults.insert(What::SelfIntersection);
        }
        let mut graph = Self { corners, links, passes, fan: Vec::new(), fan_start: Vec::new(), place: Vec::new() };
        graph.fan_out();
        graph
    }

    fn fan_out(&mut self) {
        let mut fan: Vec<Half> = (0..self.halves()).collect();
        fan.sort_unstable_by(|a, b| self.tail(*a).cmp(&self.tail(*b)).then_with(|| self.by_angle(*a, *b)));
        self.place = vec![0; fan.len()];
        for (at, half) in fan.iter().enumerate() {
            self.place[*half as usize] = at as u32;
            while self.fan_start.len() <= self.tail(*half) as usize {
                self.fan_start.push(at as u32);
            }
        }
        self.fan_start.resize(self.corners.len() + 1, fan.len() as u32);
        self.fan = fan;
    }

    /// Order around a corner: from straight down (left out) over the east and the north to the west and back down, so
    /// that at the leftmost corner of a piece the last has the west at its left.
    #[expect(clippy::many_single_char_names, reason = "corners of a geometric figure")]
    fn by_angle(&self, a: Half, b: Half) -> Ordering {
        let (o, p, q) = (self.corner(self.tail(a)), self.corner(self.head(a)), self.corner(self.head(b)));
        let west = |t: Pt| !(t.x > o.x || (t.x == o.x && t.y > o.y));
        west(p).cmp(&west(q)).then_with(|| 0.cmp(&cross(o, p, q)))
    }

    pub fn halves(&self) -> u32 {
        2 * self.links.len() as u32
    }

    pub fn tail(&self, half: Half) -> u32 {
        let link = &self.links[(half / 2) as usize];
        if half.is_multiple_of(2) { link.from } else { link.to }
    }

    pub fn head(&self, half: Half) -> u32 {
        self.tail(half ^ 1)
    }

    pub fn corner(&self, number: u32) -> Pt {
        self.corners[number as usize]
    }

    /// Half-edges that leave a corner.
    pub fn leaving(&self, corner: usize) -> &[Half] {
        &self.fan[self.fan_start[corner] as usize..self.fan_start[corner + 1] as usize]
    }

    /// The half-edge beside this one around its tail, with the clock.
    pub fn beside(&self, half: Half) -> Half {
        let corner = self.tail(half) as usize;
        let (first, at) = (self.fan_start[corner], self.place[half as usize]);
        let at = if at == first { self.fan_start[corner + 1] } else { at };
        self.fan[at as usize - 1]
    }

    /// The next half-edge around the face at the left.
    pub fn next(&self, half: Half) -> Half {
        self.beside(half ^ 1)
    }

    /// Rings along a half-edge, and by how much each winds more at its left than at its right.
    pub fn passes(&self, half: Half) -> impl Iterator<Item = (u32, i32)> + '_ {
        let link = (half / 2) as usize;
        let first = if link == 0 { 0 } else { self.links[link - 1].passes_end };
        let sign = if half.is_multiple_of(2) { 1 } else { -1 };
        self.passes[first as usize..self.links[link].passes_end as usize]
            .iter()
            .map(move |(ring, times)| (*ring, sign * times))
    }
}
