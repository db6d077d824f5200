//! Is a feature's set of rings valid as it is? Nearly all are, so the answer must be cheap: a convex ring by its turns
//! alone, a small one by comparing all edges, a large one by a sweep from left to right. Two edges that are not
//! neighbours and share any place make the answer "no", even where the standard would allow the touch: the repair then
//! finds the touch and keeps it.

use super::rings::{Pt, Rings, cross, edges, winding};

/// So many pairs are looked at, about half a second of work; shapes that need more are tangled, or larger than any tile.
/// Tests tangle smaller ones.
pub(super) const LOOKED_MAX: u64 = if cfg!(test) { 1 << 22 } else { 1 << 28 };

/// Up to so many edges all pairs are compared: sorting costs more.
const ALL_PAIRS: usize = 24;

#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub a: Pt,
    pub b: Pt,
    /// Ring and place in it, to know neighbours.
    ring: u32,
    at: u32,
    count: u32,
}

impl Edge {
    fn left(&self) -> i64 {
        self.a.x.min(self.b.x)
    }

    fn right(&self) -> i64 {
        self.a.x.max(self.b.x)
    }

    /// Its ends, whichever way it runs.
    fn ends(&self) -> (Pt, Pt) {
        (self.a.min(self.b), self.a.max(self.b))
    }

    fn follows(&self, other: &Self) -> bool {
        self.ring == other.ring && (if other.at + 1 == other.count { 0 } else { other.at + 1 }) == self.at
    }
}

/// Room for the sweep, kept from shape to shape.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    edges: Vec<Edge>,
    open: Vec<u32>,
    /// Pairs that the last sweep looked at.
    looked: u64,
}

impl Sweep {
    fn fill(&mut self, rings: &Rings) {
        self.edges.clear();
        for (r, (ring, _)) in rings.iter().enumerate() {
            let count = ring.len() as u32;
            let made = edges(ring).zip(0..).map(|((a, b), at)| Edge { a, b, ring: r as u32, at, count });
            self.edges.extend(made);
        }
    }

    /// Whether the last sweep ended because it had looked at enough.
    pub fn gave_up(&self) -> bool {
        self.looked > LOOKED_MAX
    }

    /// Calls `f` with each pair of edges whose bounds meet, until it says stop, or enough has been looked at. True then.
    fn pairs(&mut self, mut f: impl FnMut(&Edge, &Edge) -> bool) -> bool {
        self.looked = 0;
        if self.edges.len() <= ALL_PAIRS {
            return (1..self.edges.len()).any(|i| {
                (0..i).any(|j| bounds_meet(&self.edges[j], &self.edges[i]) && f(&self.edges[j], &self.edges[i]))
            });
        }
        self.edges.sort_unstable_by_key(Edge::left);
        self.open.clear();
        for (i, edge) in self.edges.iter().enumerate() {
            self.looked += self.open.len() as u64;
            if self.looked > LOOKED_MAX {
                return true;
            }
            let mut k = 0;
            while k < self.open.len() {
                let other = &self.edges[self.open[k] as usize];
                if other.right() < edge.left() {
                    self.open.swap_remove(k);
                    continue;
                }
                if bounds_meet(other, edge) && f(other, edge) {
                    return true;
                }
                k += 1;
            }
            self.open.push(i as u32);
        }
        false
    }

    /// Every pair of edges that may touch, whatever ring they are of. Edges between the same places count once: on a
    /// coarse grid a tangle has few others.
    pub fn each_pair(&mut self, rings: &Rings, f: impl FnMut(&Edge, &Edge) -> bool) -> bool {
        self.fill(rings);
        self.edges.sort_unstable_by_key(Edge::ends);
        self.edges.dedup_by_key(|edge| edge.ends());
        self.pairs(f)
    }

    /// Whether the rings are simple, do not touch, and lie in each other as their roles say.
    pub fn valid(&mut self, rings: &Rings) -> bool {
        if rings.iter().any(|(ring, _)| ring.len() < 3) {
            return false;
        }
        if rings.len() == 1 && convex(rings.ring(0).0) {
            return true;
        }
        self.fill(rings);
        !self.pairs(conflict) && (rings.len() == 1 || nested(rings))
    }
}

fn bounds_meet(e: &Edge, f: &Edge) -> bool {
    e.a.y.min(e.b.y) <= f.a.y.max(f.b.y)
        && f.a.y.min(f.b.y) <= e.a.y.max(e.b.y)
        && e.left() <= f.right()
        && f.left() <= e.right()
}

/// Every turn to the same side and only one way there and one back along x: such a ring cannot cross itself.
fn convex(ring: &[Pt]) -> bool {
    let n = ring.len();
    let mut changes = 0;
    let mut before = 0;
    let mut first = 0;
    for i in 0..n {
        let (a, b) = (ring[i], ring[(i + 1) % n]);
        if cross(a, b, ring[(i + 2) % n]) <= 0 {
            return false;
        }
        let way = (b.x - a.x).signum();
        if way != 0 {
            if before == 0 {
                first = way;
            } else {
                changes += i32::from(way != before);
            }
            before = way;
        }
    }
    changes + i32::from(first != before) == 2
}

/// Whether two edges share more than rings may.
fn conflict(e: &Edge, f: &Edge) -> bool {
    if f.follows(e) {
        return doubles_back(e.a, e.b, f.b);
    }
    if e.follows(f) {
        return doubles_back(f.a, f.b, e.b);
    }
    let (d1, d2) = (cross(e.a, e.b, f.a), cross(e.a, e.b, f.b));
    let (d3, d4) = (cross(f.a, f.b, e.a), cross(f.a, f.b, e.b));
    // Their bounds meet: two stretches of one line then share a place.
    !((d1 > 0 && d2 > 0) || (d1 < 0 && d2 < 0) || (d3 > 0 && d4 > 0) || (d3 < 0 && d4 < 0))
}

/// Whether the way `a`→`b`→`c` goes back over itself.
fn doubles_back(a: Pt, b: Pt, c: Pt) -> bool {
    let along = i128::from(b.x - a.x) * i128::from(c.x - b.x) + i128::from(b.y - a.y) * i128::from(c.y - b.y);
    along < 0 && cross(a, b, c) == 0
}

/// With rings that nowhere touch one corner tells for the whole: an exterior lies in nothing, a hole in its own exterior
/// and in nothing else.
fn nested(rings: &Rings) -> bool {
    let mut own = 0;
    (0..rings.len()).all(|i| {
        let (ring, hole) = rings.ring(i);
        if !hole {
            own = i;
        }
        let around: i32 = (0..rings.len()).filter(|k| *k != i).map(|k| winding(rings.ring(k).0, ring[0])).sum();
        around == i32::from(hole) && (!hole || winding(rings.ring(own).0, ring[0]) == 1)
    })
}

#[cfg(test)]
mod tests {
    use super::super::rings::pts;
    use super::*;

    fn valid(list: &[(&[(i64, i64)], bool)]) -> bool {
        let mut rings = Rings::default();
        for (ring, hole) in list {
            assert!(rings.push(&pts(ring), *hole));
        }
        Sweep::default().valid(&rings)
    }

    const BOX: &[(i64, i64)] = &[(0, 0), (20, 0), (20, 20), (0, 20)];

    #[test]
    fn simple_rings_pass() {
        assert!(valid(&[(BOX, false)]));
        assert!(valid(&[(&[(0, 0), (10, 0), (10, 10), (5, 3), (0, 10)], false)]));
        assert!(valid(&[(BOX, false), (&[(5, 5), (9, 5), (9, 9)], true), (&[(12, 5), (15, 5), (15, 9)], true)]));
        let star: Vec<(i64, i64)> =
            (0..200_i64).map(|i| (i, if i % 2 == 0 { 0 } else { 9 })).chain([(100, -90_000)]).collect();
        assert!(valid(&[(&star, false)]));
    }

    #[test]
    fn crossings_touches_and_wrong_nesting_fail() {
        assert!(!valid(&[(&[(0, 0), (10, 10), (10, 0), (0, 7)], false)]));
        // A pentagram only turns left, but goes around twice.
        assert!(!valid(&[(&[(0, 30), (18, -24), (-29, 9), (29, 9), (-18, -24)], false)]));
        assert!(!valid(&[(&[(0, 0), (10, 0), (20, 0), (10, 0), (10, 10)], false)]));
        assert!(!valid(&[(BOX, false), (&[(0, 5), (5, 5), (5, 9)], true)]));
        assert!(!valid(&[(BOX, false), (&[(25, 5), (29, 5), (29, 9)], true)]));
        assert!(!valid(&[(BOX, false), (&[(5, 5), (9, 5), (9, 9)], false)]));
    }
}
