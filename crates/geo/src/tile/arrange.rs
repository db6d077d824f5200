//! Repair of rings that cross or touch on the grid: snap rounding (Hobby 1999; Guibas and Marimont 1998). Every corner and
//! every crossing, rounded to its cell, is "hot"; an edge is led through the centre of each hot cell it passes. After that
//! edges meet at their ends only, all on whole numbers, and [`super::trace`] reads off the faces. All tests are exact.

use super::{
    check::{Edge, LOOKED_MAX, Sweep},
    rings::{Pt, Rings, cross, edges},
    simplify::{close_ring, join_ring},
    trace::Tracer,
};

/// An edge of the arrangement between two hot cells, and how often it is passed that way less the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    pub from: u32,
    pub to: u32,
    pub times: i32,
}

/// Room for a repair, kept from shape to shape.
#[derive(Debug, Default)]
pub(super) struct Repair {
    pub sweep: Sweep,
    hot: Vec<Pt>,
    links: Vec<Link>,
    on_edge: Vec<u32>,
    tracer: Tracer,
    /// Hot cells held against edges.
    looked: u64,
}

impl Repair {
    /// Replaces `rings` by valid ones around the same places: inside is where the winding number is not zero. Rings so
    /// tangled that their crossings outgrow their corners many times are taken on a coarser grid, again and again, so
    /// that memory stays in proportion to the input; nothing is left of rings only when they enclose nothing.
    pub fn make_valid(&mut self, rings: &mut Rings) {
        let mut coarser = 0;
        while coarser < 48 {
            if coarser > 0 {
                *rings = coarsened(rings, coarser);
            }
            if self.link(rings) {
                rings.clear();
                self.tracer.trace(&self.hot, &self.links, rings);
                return;
            }
            // What cost much time is not tried many times.
            coarser += if self.sweep.gave_up() || self.looked > LOOKED_MAX { 2 } else { 1 };
        }
        rings.clear();
    }

    /// Fills `hot` and `links`; false when there are too many.
    fn link(&mut self, rings: &Rings) -> bool {
        let corners = rings.points().len();
        let (hot_max, links_max) = (8 * corners + 4096, 32 * corners + 16_384);
        self.looked = 0;
        self.hot.clear();
        self.hot.extend_from_slice(rings.points());
        let hot = &mut self.hot;
        let too_many = self.sweep.each_pair(rings, |e, f| {
            hot.extend(crossing(e, f));
            hot.len() > hot_max
        });
        if too_many {
            return false;
        }
        self.hot.sort_unstable();
        self.hot.dedup();
        self.links.clear();
        for (ring, _) in rings.iter() {
            for (a, b) in edges(ring) {
                self.lead(a, b);
                if self.links.len() > links_max || self.looked > LOOKED_MAX {
                    return false;
                }
            }
        }
        self.links.sort_unstable();
        merge(&mut self.links);
        true
    }

    /// Leads one edge through the hot cells it passes.
    fn lead(&mut self, a: Pt, b: Pt) {
        let (left, right) = (a.x.min(b.x), a.x.max(b.x));
        let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
        let from = self.hot.partition_point(|p| *p < Pt { x: left, y: top });
        self.on_edge.clear();
        for (i, p) in self.hot.iter().enumerate().skip(from).take_while(|(_, p)| p.x <= right) {
            self.looked += 1;
            if top <= p.y && p.y <= bottom && passes(a, b, *p) {
                self.on_edge.push(i as u32);
            }
        }
        let (x_way, y_way) = ((b.x - a.x).signum(), (b.y - a.y).signum());
        let hot = &self.hot;
        self.on_edge.sort_unstable_by_key(|i| (x_way * hot[*i as usize].x, y_way * hot[*i as usize].y));
        for step in self.on_edge.windows(2) {
            let (u, v) = (step[0], step[1]);
            self.links.push(Link { from: u.min(v), to: u.max(v), times: if u < v { 1 } else { -1 } });
        }
    }
}

/// One link for all between the same cells; those that cancel out vanish.
fn merge(links: &mut Vec<Link>) {
    let mut kept = 0;
    let mut i = 0;
    while i < links.len() {
        let mut link = links[i];
        i += 1;
        while i < links.len() && (links[i].from, links[i].to) == (link.from, link.to) {
            link.times += links[i].times;
            i += 1;
        }
        if link.times != 0 {
            links[kept] = link;
            kept += 1;
        }
    }
    links.truncate(kept);
}

/// Where two edges cross, rounded to its cell; `None` unless each passes through the inside of the other.
fn crossing(e: &Edge, f: &Edge) -> Option<Pt> {
    let around_e = cross(e.a, e.b, f.a).signum() * cross(e.a, e.b, f.b).signum();
    let (start, end) = (cross(f.a, f.b, e.a), cross(f.a, f.b, e.b));
    if around_e >= 0 || start.signum() * end.signum() >= 0 {
        return None;
    }
    // At the share start / (start - end) of the way from e.a to e.b.
    let (num, den) = if start > end { (start, start - end) } else { (-start, end - start) };
    let round = |from: i64, to: i64| {
        let far = i128::from(to - from) * num;
        from + (2 * far + den).div_euclid(2 * den) as i64
    };
    Some(Pt { x: round(e.a.x, e.b.x), y: round(e.a.y, e.b.y) })
}

/// A limit of the part of an edge inside a cell, as a fraction of its length.
#[derive(Clone, Copy)]
struct Limit {
    num: i128,
    den: i128,
    open: bool,
}

impl Limit {
    fn new(num: i64, den: i64, open: bool) -> Self {
        Self { num: num.into(), den: den.into(), open }
    }

    fn order(&self, other: &Self) -> std::cmp::Ordering {
        (self.num * other.den).cmp(&(other.num * self.den))
    }
}

/// Whether the edge passes the cell around `c`, which holds its left and top side but not its right and bottom: each
/// place of the plane is then in one cell only, as rounding has it.
fn passes(a: Pt, b: Pt, c: Pt) -> bool {
    if c == a || c == b {
        return true;
    }
    if 2 * cross(a, b, c).abs() > i128::from((b.x - a.x).abs() + (b.y - a.y).abs()) {
        return false;
    }
    let (mut from, mut to) = (Limit::new(0, 1, false), Limit::new(1, 1, false));
    for (start, way, centre) in [(2 * a.x, 2 * (b.x - a.x), 2 * c.x), (2 * a.y, 2 * (b.y - a.y), 2 * c.y)] {
        let (low, high) = (centre - 1, centre + 1);
        let (enter, leave) = match way.signum() {
            0 if low <= start && start < high => continue,
            0 => return false,
            1 => (Limit::new(low - start, way, false), Limit::new(high - start, way, true)),
            _ => (Limit::new(start - high, -way, true), Limit::new(start - low, -way, false)),
        };
        match enter.order(&from) {
            std::cmp::Ordering::Greater => from = enter,
            std::cmp::Ordering::Equal => from.open |= enter.open,
            std::cmp::Ordering::Less => {}
        }
        match leave.order(&to) {
            std::cmp::Ordering::Less => to = leave,
            std::cmp::Ordering::Equal => to.open |= leave.open,
            std::cmp::Ordering::Greater => {}
        }
    }
    match from.order(&to) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Equal => !from.open && !to.open,
        std::cmp::Ordering::Greater => false,
    }
}

/// The rings on a grid whose cells are 2^`bits` wide.
fn coarsened(rings: &Rings, bits: u32) -> Rings {
    let mut out = Rings::default();
    let mut ring = Vec::new();
    for (from, hole) in rings.iter() {
        ring.clear();
        for p in from {
            join_ring(&mut ring, Pt { x: (p.x >> bits) << bits, y: (p.y >> bits) << bits });
        }
        close_ring(&mut ring);
        out.push(&ring, hole);
    }
    out
}
