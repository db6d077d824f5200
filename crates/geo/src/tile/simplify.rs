//! Snapping and thinning of vertices on the grid of a zoom: equal neighbours and spikes go, then Douglas–Peucker with a
//! tolerance of one step (1/4096 of a tile: an eighth of a pixel where a tile is 512 wide). Small rings keep nearly all: one step is
//! much of a parcel at a low zoom.

use super::rings::Pt;

/// Squares of the largest distance a vertex may lie from the line that replaces it, in steps of the grid.
const TOLERANCE_2: f64 = 1.0;
const TOLERANCE_SMALL_2: f64 = 0.25;
/// Rings with so few corners are small ones.
const SMALL: usize = 8;
/// Douglas–Peucker is quadratic at worst: it works on stretches of so many vertices, so a spiral costs no more than a
/// straight line.
const STRETCH: usize = 512;

/// Room for the work, kept from shape to shape.
#[derive(Debug, Default)]
pub(super) struct Room {
    keep: Vec<bool>,
    stack: Vec<(usize, usize)>,
    out: Vec<Pt>,
}

/// Appends a vertex of a line unless it repeats the last.
pub(super) fn join(line: &mut Vec<Pt>, p: Pt) {
    if line.last() != Some(&p) {
        line.push(p);
    }
}

/// Appends a corner of a ring; equal neighbours and spikes (there and back) vanish.
pub(super) fn join_ring(ring: &mut Vec<Pt>, p: Pt) {
    let n = ring.len();
    if n >= 2 && ring[n - 2] == p {
        ring.pop();
    } else {
        join(ring, p);
    }
}

/// The same where the end of a ring meets its beginning.
pub(super) fn close_ring(ring: &mut Vec<Pt>) {
    let (mut from, mut to) = (0, ring.len());
    while to - from >= 2 {
        if ring[from] == ring[to - 1] {
            to -= 1;
        } else if to - from >= 3 && ring[to - 2] == ring[from] {
            to -= 2;
        } else if to - from >= 3 && ring[to - 1] == ring[from + 1] {
            from += 1;
        } else {
            break;
        }
    }
    ring.truncate(to);
    ring.drain(..from);
}

/// Thins an open line in place; its ends stay.
pub(super) fn line(pts: &mut Vec<Pt>, room: &mut Room) {
    if pts.len() > 2 {
        room.thin(pts, TOLERANCE_2);
        pts.clear();
        pts.extend_from_slice(&room.out);
    }
}

/// Thins a ring in place. One that would lose its area keeps its corners.
pub(super) fn ring(pts: &mut Vec<Pt>, room: &mut Room) {
    if pts.len() <= 3 {
        return;
    }
    let tolerance_2 = if pts.len() > SMALL { TOLERANCE_2 } else { TOLERANCE_SMALL_2 };
    // The corner farthest from the first is a second anchor: else a ring has no line to measure from.
    let first = pts[0];
    let far = (1..pts.len()).max_by(|a, b| distance_2(pts[*a], first).total_cmp(&distance_2(pts[*b], first)));
    let far = far.unwrap_or(0);
    room.thin(&pts[..=far], tolerance_2);
    let mut kept = std::mem::take(&mut room.out);
    pts.push(first);
    room.thin(&pts[far..], tolerance_2);
    pts.pop();
    kept.extend_from_slice(&room.out[1..]);
    kept.pop();
    if super::rings::area2(&kept) != 0 {
        pts.clear();
        pts.extend_from_slice(&kept);
    }
    room.out = kept;
}

impl Room {
    /// Leaves in `out` what stays of the line.
    fn thin(&mut self, pts: &[Pt], tolerance_2: f64) {
        let last = pts.len() - 1;
        self.keep.clear();
        self.keep.resize(pts.len(), false);
        for from in (0..last).step_by(STRETCH) {
            let to = last.min(from + STRETCH);
            (self.keep[from], self.keep[to]) = (true, true);
            self.stack.push((from, to));
        }
        self.keep[last] = true;
        while let Some((from, to)) = self.stack.pop() {
            let (mut worst, mut at) = (tolerance_2, 0);
            for i in from + 1..to {
                let d = distance_to_2(pts[i], pts[from], pts[to]);
                if d > worst {
                    (worst, at) = (d, i);
                }
            }
            if at > 0 {
                self.keep[at] = true;
                self.stack.push((from, at));
                self.stack.push((at, to));
            }
        }
        self.out.clear();
        self.out.extend(pts.iter().zip(&self.keep).filter(|(_, keep)| **keep).map(|(p, _)| *p));
    }
}

fn distance_2(a: Pt, b: Pt) -> f64 {
    let (x, y) = ((a.x - b.x) as f64, (a.y - b.y) as f64);
    x * x + y * y
}

/// Square of the distance from `p` to the stretch from `a` to `b`: not to the endless line, so that a tip is kept.
fn distance_to_2(p: Pt, a: Pt, b: Pt) -> f64 {
    let (dx, dy) = ((b.x - a.x) as f64, (b.y - a.y) as f64);
    let (px, py) = ((p.x - a.x) as f64, (p.y - a.y) as f64);
    let (along, length_2) = (px * dx + py * dy, dx * dx + dy * dy);
    if along <= 0.0 {
        px * px + py * py
    } else if along >= length_2 {
        distance_2(p, b)
    } else {
        let across = px * dy - py * dx;
        across * across / length_2
    }
}

#[cfg(test)]
mod tests {
    use super::super::rings::pts;
    use super::*;

    #[test]
    fn lines_lose_what_no_eye_sees() {
        let mut l = pts(&[(0, 0), (10, 1), (20, 0), (30, 5), (40, 0)]);
        line(&mut l, &mut Room::default());
        assert_eq!(l, pts(&[(0, 0), (20, 0), (30, 5), (40, 0)]));
        let mut tip = pts(&[(0, 0), (100, 0), (50, 0)]);
        line(&mut tip, &mut Room::default());
        assert_eq!(tip.len(), 3);
    }

    #[test]
    fn spikes_and_repeats_vanish_from_rings() {
        let mut r = Vec::new();
        for p in pts(&[(0, 0), (5, 0), (5, 0), (9, 0), (5, 0), (5, 5), (0, 5), (-3, 5), (0, 5), (0, 0)]) {
            join_ring(&mut r, p);
        }
        close_ring(&mut r);
        assert_eq!(r, pts(&[(0, 0), (5, 0), (5, 5), (0, 5)]));
        let mut spike_first = pts(&[(-4, 0), (0, 0), (5, 0), (5, 5), (0, 0)]);
        close_ring(&mut spike_first);
        assert_eq!(spike_first, pts(&[(0, 0), (5, 0), (5, 5)]));
    }

    #[test]
    fn a_ring_keeps_its_area() {
        let mut unit = pts(&[(0, 0), (1, 0), (1, 1), (0, 1)]);
        ring(&mut unit, &mut Room::default());
        assert_eq!(unit.len(), 4);
        let mut long: Vec<Pt> = (0..2000).map(|i| Pt { x: i, y: i % 2 }).chain([Pt { x: 1000, y: 900 }]).collect();
        ring(&mut long, &mut Room::default());
        assert!(long.len() < 12, "{}", long.len());
    }
}
