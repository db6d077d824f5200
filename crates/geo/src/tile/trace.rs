//! Faces of an arrangement whose edges meet at their ends only: winding numbers spread from the outside across the edges,
//! and the border between inside and outside is walked with the inside at the left. A walk that comes by a corner again
//! is cut there, so every ring is simple and the inside of every polygon hangs together (OGC 06-103r4 §6.1.11).

use super::{
    arrange::Link,
    rings::{Pt, Rings, area2, cross, edges, winding_of},
};

const NONE: u32 = u32::MAX;

/// Room for tracing. Half-edges: link `i` is `2 i` as it runs and `2 i + 1` the other way.
#[derive(Debug, Default)]
pub(super) struct Tracer {
    /// Half-edges around each corner, by angle.
    fan: Vec<u32>,
    fan_start: Vec<u32>,
    place: Vec<u32>,
    /// Winding number of the face at the left, once known.
    left: Vec<Option<i32>>,
    stack: Vec<(u32, i32)>,
    done: Vec<bool>,
    path: Vec<u32>,
    path_at: Vec<u32>,
    loops: Vec<Loop>,
    loop_pts: Vec<Pt>,
}

/// A ring of the border; a positive area is an exterior.
#[derive(Debug, Clone, Copy)]
struct Loop {
    from: usize,
    to: usize,
    area2: i128,
    walk: u32,
    owner: u32,
}

/// What is traced: corners and the links between them.
#[derive(Clone, Copy)]
struct Graph<'a> {
    pts: &'a [Pt],
    links: &'a [Link],
}

impl Graph<'_> {
    fn tail(&self, half: u32) -> u32 {
        let link = &self.links[(half / 2) as usize];
        if half.is_multiple_of(2) { link.from } else { link.to }
    }

    fn head(&self, half: u32) -> u32 {
        self.tail(half ^ 1)
    }

    /// What the winding number at the left has more than at the right.
    fn times(&self, half: u32) -> i32 {
        let times = self.links[(half / 2) as usize].times;
        if half.is_multiple_of(2) { times } else { -times }
    }

    fn pt(&self, corner: u32) -> Pt {
        self.pts[corner as usize]
    }

    /// Order of the half-edges around a corner, from the direction of x on.
    fn by_angle(&self, one: u32, other: u32) -> std::cmp::Ordering {
        let (from, to, to_other) = (self.pt(self.tail(one)), self.pt(self.head(one)), self.pt(self.head(other)));
        let lower = |p: Pt| !(p.y > from.y || (p.y == from.y && p.x > from.x));
        lower(to).cmp(&lower(to_other)).then_with(|| 0.cmp(&cross(from, to, to_other)))
    }
}

impl Tracer {
    /// Appends to `out` the polygons where the winding number is not zero.
    pub fn trace(&mut self, pts: &[Pt], links: &[Link], out: &mut Rings) {
        let graph = Graph { pts, links };
        self.fan_out(graph);
        self.spread(graph);
        self.walk_all(graph);
        self.hand_out(out);
    }

    fn fan_out(&mut self, graph: Graph<'_>) {
        let halves = 2 * graph.links.len() as u32;
        self.fan.clear();
        self.fan.extend(0..halves);
        self.fan.sort_unstable_by(|a, b| graph.tail(*a).cmp(&graph.tail(*b)).then_with(|| graph.by_angle(*a, *b)));
        self.place.clear();
        self.place.resize(halves as usize, 0);
        self.fan_start.clear();
        for (at, half) in self.fan.iter().enumerate() {
            self.place[*half as usize] = at as u32;
            while self.fan_start.len() <= graph.tail(*half) as usize {
                self.fan_start.push(at as u32);
            }
        }
        self.fan_start.resize(graph.pts.len() + 1, halves);
    }

    /// The half-edge next to `half` around its tail, against the order of angles.
    fn before(&self, graph: Graph<'_>, half: u32) -> u32 {
        let corner = graph.tail(half) as usize;
        let at = self.place[half as usize];
        let at = if at == self.fan_start[corner] { self.fan_start[corner + 1] } else { at };
        self.fan[at as usize - 1]
    }

    /// Finds the winding number at the left of every half-edge.
    fn spread(&mut self, graph: Graph<'_>) {
        self.left.clear();
        self.left.resize(2 * graph.links.len(), None);
        for corner in 0..graph.pts.len() {
            let fan = &self.fan[self.fan_start[corner] as usize..self.fan_start[corner + 1] as usize];
            // Corners are sorted: this is the leftmost of its piece, and the face at its left is the one around it.
            let upper = |half: &u32| graph.pt(graph.head(*half)).y >= graph.pts[corner].y;
            let Some(outer) = fan.iter().rfind(|h| upper(h)).or(fan.last()).copied() else { continue };
            if self.left[outer as usize].is_some() {
                continue;
            }
            self.flood(graph, outer, winding_left_of(graph, graph.pts[corner]));
        }
    }

    /// Numbers the face at the left of `half` and all that can be reached from it across edges.
    fn flood(&mut self, graph: Graph<'_>, half: u32, number: i32) {
        self.stack.push((half, number));
        while let Some((start, number)) = self.stack.pop() {
            if self.left[start as usize].is_some() {
                continue;
            }
            let mut at = start;
            loop {
                self.left[at as usize] = Some(number);
                if self.left[(at ^ 1) as usize].is_none() {
                    self.stack.push((at ^ 1, number - graph.times(at)));
                }
                at = self.before(graph, at ^ 1);
                if at == start {
                    break;
                }
            }
        }
    }

    /// Whether the half-edge is a border with the inside at its left.
    fn border(&self, half: u32) -> bool {
        self.left[half as usize].is_some_and(|n| n != 0) && self.left[(half ^ 1) as usize] == Some(0)
    }

    fn walk_all(&mut self, graph: Graph<'_>) {
        self.loops.clear();
        self.loop_pts.clear();
        self.done.clear();
        self.done.resize(2 * graph.links.len(), false);
        self.path_at.clear();
        self.path_at.resize(graph.pts.len(), NONE);
        for start in 0..2 * graph.links.len() as u32 {
            if !self.done[start as usize] && self.border(start) {
                self.walk(graph, start);
            }
        }
    }

    fn walk(&mut self, graph: Graph<'_>, start: u32) {
        let mut half = start;
        self.path.clear();
        loop {
            self.done[half as usize] = true;
            self.step_on(graph, graph.tail(half), start);
            half = self.before(graph, half ^ 1);
            while !self.border(half) {
                half = self.before(graph, half);
            }
            if half == start {
                break;
            }
        }
        self.cut(graph, 0, start);
    }

    /// Adds a corner to the walk; one that is on it already closes a ring.
    fn step_on(&mut self, graph: Graph<'_>, corner: u32, walk: u32) {
        let seen = self.path_at[corner as usize];
        if seen != NONE {
            self.cut(graph, seen as usize, walk);
        }
        self.path_at[corner as usize] = self.path.len() as u32;
        self.path.push(corner);
    }

    fn cut(&mut self, graph: Graph<'_>, at: usize, walk: u32) {
        let from = self.loop_pts.len();
        for corner in self.path.drain(at..) {
            self.path_at[corner as usize] = NONE;
            self.loop_pts.push(graph.pt(corner));
        }
        let area2 = area2(&self.loop_pts[from..]);
        self.loops.push(Loop { from, to: self.loop_pts.len(), area2, walk, owner: NONE });
    }

    /// Gives each hole to its exterior and writes them one after the other.
    fn hand_out(&mut self, out: &mut Rings) {
        // Walks begin at ever larger half-edges, and each has at most one exterior.
        let exteriors: Vec<u32> = (0..self.loops.len() as u32).filter(|i| self.loops[*i as usize].area2 > 0).collect();
        for i in 0..self.loops.len() {
            let it = self.loops[i];
            let of_walk = exteriors.binary_search_by_key(&it.walk, |e| self.loops[*e as usize].walk);
            self.loops[i].owner = of_walk.map_or_else(|_| self.around(it, &exteriors), |at| exteriors[at]);
        }
        self.loops.sort_by_key(|l| (l.owner, l.area2 < 0));
        for l in &self.loops {
            out.push(&self.loop_pts[l.from..l.to], l.area2 < 0);
        }
    }

    /// The smallest exterior around a hole. The middle of an edge of the hole lies on no other ring.
    fn around(&self, hole: Loop, exteriors: &[u32]) -> u32 {
        let (from, to) = (self.loop_pts[hole.from], self.loop_pts[hole.from + 1]);
        let middle = Pt { x: from.x + to.x, y: from.y + to.y };
        let holds = |e: &&u32| {
            let exterior = self.loops[**e as usize];
            let ring = &self.loop_pts[exterior.from..exterior.to];
            winding_of(edges(ring).map(|(p, q)| (Pt { x: 2 * p.x, y: 2 * p.y }, Pt { x: 2 * q.x, y: 2 * q.y })), middle)
                != 0
        };
        let found = exteriors.iter().filter(holds).min_by_key(|e| self.loops[**e as usize].area2);
        found.copied().unwrap_or(NONE)
    }
}

/// Winding number just left of `p` made by the links that pass left of it.
fn winding_left_of(graph: Graph<'_>, p: Pt) -> i32 {
    let mut turns = 0;
    for link in graph.links {
        let (a, b) = (graph.pt(link.from), graph.pt(link.to));
        // `from` is the smaller corner: a link that starts right of `p` lies there whole.
        if a.x >= p.x {
            break;
        }
        let up = a.y <= p.y && b.y > p.y;
        let down = b.y <= p.y && a.y > p.y;
        // Left of p: p is right of the way up, or left of the way down.
        if up && cross(a, b, p) < 0 {
            turns -= link.times;
        } else if down && cross(a, b, p) > 0 {
            turns += link.times;
        }
    }
    turns
}
