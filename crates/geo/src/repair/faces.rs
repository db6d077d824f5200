//! Which faces of a graph are inside. A walk from face to face keeps how often each ring winds around the face it is in;
//! of a part is inside what its exterior winds around and none of its holes does.

use super::{
    Faults, Reason, Steps, What,
    boxes::Boxes,
    graph::{Graph, Half},
    grid::cross,
    node::Edge,
};

#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    pub part: u32,
    pub hole: bool,
}

#[derive(Clone, Copy, Default)]
struct Part {
    exteriors: u32,
    holes: u32,
}

impl Part {
    fn covers(self) -> bool {
        self.exteriors > 0 && self.holes == 0
    }
}

/// The face a walk is in.
struct State<'a> {
    roles: &'a [Role],
    windings: Vec<i32>,
    parts: Vec<Part>,
    /// Holes around this face that were never seen with their exterior, by part.
    waiting: Vec<Vec<u32>>,
    /// Parts that cover the face.
    cover: u32,
    /// Rings that wind around some face.
    seen: Vec<bool>,
    /// Holes that take something from their exterior.
    meets: Vec<bool>,
    changed: Vec<(u32, i32)>,
    faults: Faults,
}

/// What the walk found.
pub(super) struct Faces {
    /// By half-edge: whether the face at its left is inside.
    pub inside: Vec<bool>,
    pub faults: Faults,
    pub seen: Vec<bool>,
    pub meets: Vec<bool>,
}

impl<'a> State<'a> {
    fn new(roles: &'a [Role]) -> Self {
        let parts = roles.iter().map(|role| role.part as usize + 1).max().unwrap_or(0);
        Self {
            roles,
            windings: vec![0; roles.len()],
            parts: vec![Part::default(); parts],
            waiting: vec![Vec::new(); parts],
            cover: 0,
            seen: vec![false; roles.len()],
            meets: vec![false; roles.len()],
            changed: Vec::new(),
            faults: Faults::new(),
        }
    }

    /// Steps over a border. Rings that are left come first, so that nothing in between looks as if both were around.
    fn step(&mut self, passes: impl Iterator<Item = (u32, i32)>) {
        let mut changed = std::mem::take(&mut self.changed);
        changed.clear();
        changed.extend(passes);
        for (ring, by) in &mut changed {
            let winding = &mut self.windings[*ring as usize];
            if *winding != 0 && *winding + *by == 0 {
                (*winding, *by) = (0, 0);
                self.turn(*ring, false);
            }
        }
        for &(ring, by) in &changed {
            let winding = &mut self.windings[ring as usize];
            let entered = *winding == 0 && by != 0;
            *winding += by;
            if entered {
                self.turn(ring, true);
            }
        }
        for (ring, _) in &changed {
            let part = self.parts[self.roles[*ring as usize].part as usize];
            if part.holes > 0 && part.exteriors == 0 {
                self.faults.insert(What::HoleOutside);
            }
            if part.holes > 1 {
                self.faults.insert(What::HolesOverlap);
            }
        }
        if self.cover > 1 {
            self.faults.insert(What::PartsOverlap);
        }
        self.changed = changed;
    }

    /// A ring begins or ceases to wind around where the walk is.
    fn turn(&mut self, ring: u32, on: bool) {
        let role = self.roles[ring as usize];
        let part = &mut self.parts[role.part as usize];
        let covered = part.covers();
        let count = if role.hole { &mut part.holes } else { &mut part.exteriors };
        *count = if on { *count + 1 } else { count.saturating_sub(1) };
        let (covers, exteriors) = (part.covers(), part.exteriors);
        self.cover = (self.cover + u32::from(covers)).saturating_sub(u32::from(covered));
        if !on {
            return;
        }
        self.seen[ring as usize] = true;
        let waiting = &mut self.waiting[role.part as usize];
        if !role.hole {
            for hole in waiting.drain(..).filter(|hole| self.windings[*hole as usize] != 0) {
                self.meets[hole as usize] = true;
            }
        } else if exteriors > 0 {
            self.meets[ring as usize] = true;
        } else if !self.meets[ring as usize] {
            waiting.push(ring);
        }
    }
}

/// Tells the faces inside from those outside. `edges` are those the graph was made of.
pub(super) fn tell(graph: &Graph, edges: &[Edge], roles: &[Role], steps: &mut Steps) -> Result<Faces, Reason> {
    let boxes = Boxes::new(
        edges.iter().map(|e| [e.a.x.min(e.b.x), e.a.y.min(e.b.y), e.a.x.max(e.b.x), e.a.y.max(e.b.y)]).collect(),
    );
    let mut walk =
        Walk { graph, state: State::new(roles), inside: vec![None; graph.halves() as usize], way: Vec::new() };
    let mut passed = Vec::new();
    for corner in 0..graph.corners.len() {
        // Corners are sorted: the first of a piece is its leftmost, and the last link around it has the west at its left.
        let Some(outer) = graph.leaving(corner).last().copied() else { continue };
        if walk.inside[outer as usize].is_some() {
            continue;
        }
        let at = graph.corners[corner];
        passed.clear();
        boxes.each([i64::MIN, at.y, at.x, at.y], 0, steps, &mut |i| {
            let Edge { a, b, ring } = edges[i];
            let up = a.y <= at.y;
            let (low, high) = if up { (a, b) } else { (b, a) };
            if up != (b.y <= at.y) && cross(low, high, at) < 0 {
                passed.push((ring, if up { -1 } else { 1 }));
            }
            Ok(())
        })?;
        passed.sort_unstable();
        let sums: Vec<(u32, i32)> =
            passed.chunk_by(|p, q| p.0 == q.0).map(|ring| (ring[0].0, ring.iter().map(|pass| pass.1).sum())).collect();
        walk.state.step(sums.iter().copied());
        walk.piece(outer);
        walk.state.step(sums.iter().map(|(ring, by)| (*ring, -by)));
    }
    let Walk { state, inside, .. } = walk;
    Ok(Faces {
        inside: inside.into_iter().map(|inside| inside == Some(true)).collect(),
        faults: state.faults,
        seen: state.seen,
        meets: state.meets,
    })
}

struct Walk<'a> {
    graph: &'a Graph,
    state: State<'a>,
    inside: Vec<Option<bool>>,
    /// Faces entered and not left.
    way: Vec<Visit>,
}

struct Visit {
    entered: Half,
    /// The border to be looked at next.
    next: Option<Half>,
}

impl Walk<'_> {
    /// Goes through all faces of a piece, beginning with the one around it, at the left of `outer`, and back there.
    fn piece(&mut self, outer: Half) {
        self.enter(outer);
        while let Some(visit) = self.way.last_mut() {
            if let Some(border) = visit.next {
                let next = self.graph.next(border);
                visit.next = (next != visit.entered).then_some(next);
                let over = border ^ 1;
                if self.inside[over as usize].is_none() {
                    self.state.step(self.graph.passes(over));
                    self.enter(over);
                }
            } else {
                let back = visit.entered ^ 1;
                self.way.pop();
                if !self.way.is_empty() {
                    self.state.step(self.graph.passes(back));
                }
            }
        }
    }

    fn enter(&mut self, half: Half) {
        let inside = Some(self.state.cover > 0);
        let mut border = half;
        loop {
            self.inside[border as usize] = inside;
            border = self.graph.next(border);
            if border == half {
                break;
            }
        }
        self.way.push(Visit { entered: half, next: Some(half) });
    }
}
