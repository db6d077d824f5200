//! How the rings of an area meet, on the coordinates as given and with exact tests (Shewchuk 1997, crate `robust`). Most
//! shapes are settled here: rings that do not meet and lie in each other as they should are valid.

use super::{
    Reason, Steps,
    boxes::{Box4, Boxes},
};
use geo::{
    Orientation,
    kernels::{Kernel, RobustKernel},
};
use geo_types::{Coord, Polygon};

/// The closest way in which any two edges meet that do not follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Contact {
    Apart,
    /// In corners of both only.
    Corner,
    /// A corner on an edge, or edges along each other.
    Touch,
    Cross,
}

#[derive(Clone, Copy)]
struct Edge {
    a: Coord<f64>,
    b: Coord<f64>,
    ring: u32,
}

struct Ring {
    part: u32,
    hole: bool,
    first: usize,
    end: usize,
}

/// Edges of closed rings, in order.
#[expect(clippy::struct_field_names, reason = "its rings are what it holds")]
pub(super) struct Rings {
    edges: Vec<Edge>,
    rings: Vec<Ring>,
    boxes: Boxes<f64>,
}

impl Rings {
    pub fn new(parts: &[Polygon<f64>]) -> Self {
        let (mut edges, mut rings) = (Vec::new(), Vec::new());
        for (part, polygon) in parts.iter().enumerate() {
            for (at, line) in std::iter::once(polygon.exterior()).chain(polygon.interiors()).enumerate() {
                let first = edges.len();
                let ring = rings.len() as u32;
                edges.extend(line.0.windows(2).map(|ends| Edge { a: ends[0], b: ends[1], ring }));
                rings.push(Ring { part: part as u32, hole: at > 0, first, end: edges.len() });
            }
        }
        let boxes = Boxes::new(edges.iter().map(bounds).collect());
        Self { edges, rings, boxes }
    }

    pub fn contact(&self, steps: &mut Steps) -> Result<Contact, Reason> {
        let mut closest = Contact::Apart;
        for (i, edge) in self.edges.iter().enumerate() {
            self.boxes.each(bounds(edge), i + 1, steps, &mut |j| {
                closest = closest.max(self.pair(i, j));
                Ok(())
            })?;
            if closest == Contact::Cross {
                break;
            }
        }
        Ok(closest)
    }

    fn pair(&self, i: usize, j: usize) -> Contact {
        let (e, f) = (self.edges[i], self.edges[j]);
        let ring = &self.rings[e.ring as usize];
        if e.ring == f.ring && j == i + 1 {
            return follow(e, f);
        }
        if e.ring == f.ring && i == ring.first && j + 1 == ring.end {
            return follow(f, e);
        }
        meet(e, f)
    }

    /// Whether every hole is in its exterior and in no other hole, and no part in another; for rings that are
    /// [`Contact::Apart`], where one corner speaks for its ring.
    pub fn are_nested(&self, steps: &mut Steps) -> Result<bool, Reason> {
        for (number, ring) in self.rings.iter().enumerate() {
            let around = self.around(self.edges[ring.first].a, number as u32, steps)?;
            let (mut own, mut own_holes, mut others) = (0, 0, 0);
            for other in around.iter().map(|other| &self.rings[*other as usize]) {
                match (other.part == ring.part, other.hole) {
                    (true, false) => own += 1,
                    (true, true) => own_holes += 1,
                    // Within another part's hole is within that part's exterior too: together they count for nothing.
                    (false, hole) => others += if hole { -1 } else { 1 },
                }
            }
            let right = if ring.hole { own == 1 && own_holes == 0 } else { own + own_holes == 0 && others == 0 };
            if !right {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The rings around a corner of ring `but`, that one aside: those that a ray to the left passes an odd number of times.
    fn around(&self, at: Coord<f64>, but: u32, steps: &mut Steps) -> Result<Vec<u32>, Reason> {
        let mut passed = Vec::new();
        self.boxes.each([f64::NEG_INFINITY, at.y, at.x, at.y], 0, steps, &mut |i| {
            let Edge { a, b, ring } = self.edges[i];
            if ring != but && (a.y <= at.y) != (b.y <= at.y) {
                let (low, high) = if a.y <= at.y { (a, b) } else { (b, a) };
                if RobustKernel::orient2d(low, high, at) == Orientation::Clockwise {
                    passed.push(ring);
                }
            }
            Ok(())
        })?;
        passed.sort_unstable();
        Ok(passed.chunk_by(|a, b| a == b).filter(|times| times.len() % 2 == 1).map(|times| times[0]).collect())
    }
}

fn bounds(edge: &Edge) -> Box4<f64> {
    let (a, b) = (edge.a, edge.b);
    [a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)]
}

/// Two edges of a ring, one after the other: they may not run back along each other.
fn follow(e: Edge, f: Edge) -> Contact {
    let turn = RobustKernel::orient2d(e.a, e.b, f.b);
    // In line, and both ends on the same side of the corner, seen along the axis in which they differ.
    let same_side = |corner: f64, a: f64, b: f64| (a < corner && b < corner) || (a > corner && b > corner);
    let back = same_side(e.b.x, e.a.x, f.b.x) || same_side(e.b.y, e.a.y, f.b.y);
    if turn == Orientation::Collinear && back { Contact::Touch } else { Contact::Apart }
}

fn meet(e: Edge, f: Edge) -> Contact {
    use Orientation::Collinear;
    let (fa, fb) = (RobustKernel::orient2d(e.a, e.b, f.a), RobustKernel::orient2d(e.a, e.b, f.b));
    let (ea, eb) = (RobustKernel::orient2d(f.a, f.b, e.a), RobustKernel::orient2d(f.a, f.b, e.b));
    if (fa == fb && fa != Collinear) || (ea == eb && ea != Collinear) {
        return Contact::Apart;
    }
    if [fa, fb, ea, eb].iter().all(|side| *side != Collinear) {
        return Contact::Cross;
    }
    if (e.a == f.a && e.b == f.b) || (e.a == f.b && e.b == f.a) {
        return Contact::Touch;
    }
    let on = |side: Orientation, at: Coord<f64>, edge: Edge| {
        let [left, bottom, right, top] = bounds(&edge);
        let within = left <= at.x && at.x <= right && bottom <= at.y && at.y <= top;
        match (side == Collinear && within, at == edge.a || at == edge.b) {
            (false, _) => Contact::Apart,
            (true, true) => Contact::Corner,
            (true, false) => Contact::Touch,
        }
    };
    on(fa, f.a, e).max(on(fb, f.b, e)).max(on(ea, e.a, f)).max(on(eb, e.b, f))
}
