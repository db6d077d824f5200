//! Clipping to a tile's bounds with its buffer, on the grid. Rings: Sutherland–Hodgman, one side after the other; what it
//! leaves along the sides is looked at and repaired afterwards. Lines: in pieces. Where an edge meets a side it is
//! rounded the same way from either end, so features that share an edge still share it.

use super::{
    rings::Pt,
    simplify::{close_ring, join, join_ring},
};

/// Bounds on the grid, all inside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub low: Pt,
    pub high: Pt,
}

impl Frame {
    /// On which sides of the frame a point lies outside.
    #[inline]
    fn sides(&self, p: Pt) -> u8 {
        u8::from(p.x < self.low.x)
            | u8::from(p.x > self.high.x) << 1
            | u8::from(p.y < self.low.y) << 2
            | u8::from(p.y > self.high.y) << 3
    }

    pub fn holds(&self, p: Pt) -> bool {
        self.sides(p) == 0
    }
}

/// Where the edge from `a` to `b` meets a side: `along` is the coordinate held, as (value at a, at b), `across` the other.
fn meet(side: i64, along: (i64, i64), across: (i64, i64)) -> i64 {
    // From the smaller end, whichever way the edge runs.
    let (along, across) = if along.0 <= along.1 { (along, across) } else { ((along.1, along.0), (across.1, across.0)) };
    let (way, far) = (along.1 - along.0, across.1 - across.0);
    let part = side - along.0;
    let cut = if let Some(twice) = far.checked_mul(2 * part) {
        (twice + way).div_euclid(2 * way)
    } else {
        let twice = 2 * i128::from(far) * i128::from(part) + i128::from(way);
        twice.div_euclid(2 * i128::from(way)) as i64
    };
    across.0 + cut
}

/// The four sides in turn: which coordinate, its value, and whether inside is above it.
fn sides(frame: &Frame) -> [(bool, i64, bool); 4] {
    [(true, frame.low.x, true), (true, frame.high.x, false), (false, frame.low.y, true), (false, frame.high.y, false)]
}

fn on_side(a: Pt, b: Pt, (is_x, side, _): (bool, i64, bool)) -> Pt {
    if is_x {
        Pt { x: side, y: meet(side, (a.x, b.x), (a.y, b.y)) }
    } else {
        Pt { x: meet(side, (a.y, b.y), (a.x, b.x)), y: side }
    }
}

fn inside(p: Pt, (is_x, side, above): (bool, i64, bool)) -> bool {
    let v = if is_x { p.x } else { p.y };
    if above { v >= side } else { v <= side }
}

/// Clips the ring in place, with `room` for the work. Fewer than three corners are left when nothing is inside.
pub(super) fn ring(pts: &mut Vec<Pt>, frame: &Frame, room: &mut Vec<Pt>) {
    let crossed = skip_outside(pts, frame, room);
    for (i, side) in sides(frame).into_iter().enumerate() {
        if crossed & 1 << i == 0 {
            continue;
        }
        room.clear();
        let Some(mut before) = pts.last().copied() else { return };
        let mut was_in = inside(before, side);
        for &p in pts.iter() {
            let is_in = inside(p, side);
            if is_in != was_in {
                join_ring(room, on_side(before, p, side));
            }
            if is_in {
                join_ring(room, p);
            }
            (before, was_in) = (p, is_in);
        }
        std::mem::swap(pts, room);
    }
    close_ring(pts);
}

/// Drops corners that lie, with the corner kept before and the next, outside one side: of a coast only what is near the
/// tile is worked on. Says on which sides anything was outside.
fn skip_outside(pts: &mut Vec<Pt>, frame: &Frame, room: &mut Vec<Pt>) -> u8 {
    let Some(last) = pts.last().map(|p| frame.sides(*p)) else { return 0 };
    room.clear();
    let (mut kept, mut here, mut all) = (last, frame.sides(pts[0]), last);
    for i in 0..pts.len() - 1 {
        let after = frame.sides(pts[i + 1]);
        all |= here;
        if kept & here & after == 0 {
            room.push(pts[i]);
            kept = here;
        }
        here = after;
    }
    // The last is where the first began to look, so it stays.
    room.push(pts[pts.len() - 1]);
    std::mem::swap(pts, room);
    all
}

/// Calls `f` with each piece of the line inside the frame. A touch in one point is no piece.
pub(super) fn line(pts: &[Pt], frame: &Frame, piece: &mut Vec<Pt>, mut f: impl FnMut(&[Pt])) {
    piece.clear();
    let Some((&(mut a), rest)) = pts.split_first() else { return };
    let mut out_a = frame.sides(a);
    if out_a == 0 {
        piece.push(a);
    }
    for &b in rest {
        let out_b = frame.sides(b);
        if out_a | out_b == 0 {
            join(piece, b);
        } else if out_a & out_b == 0
            && let Some((from, to)) = segment(a, b, frame)
        {
            join(piece, from);
            join(piece, to);
        }
        if out_b != 0 {
            if piece.len() > 1 {
                f(piece);
            }
            piece.clear();
        }
        (a, out_a) = (b, out_b);
    }
    if piece.len() > 1 {
        f(piece);
    }
}

/// The part of a segment inside the frame (Cohen–Sutherland).
fn segment(mut a: Pt, mut b: Pt, frame: &Frame) -> Option<(Pt, Pt)> {
    let (from, to) = (a, b);
    for (i, side) in sides(frame).into_iter().enumerate() {
        let (out_a, out_b) = (frame.sides(a) >> i & 1, frame.sides(b) >> i & 1);
        match (out_a, out_b) {
            (0, 0) => {}
            (1, 1) => return None,
            // Measured on the whole segment, so that a cut does not bend what another cut measures.
            (1, _) => a = on_side(from, to, side),
            _ => b = on_side(from, to, side),
        }
    }
    (frame.holds(a) && frame.holds(b)).then_some((a, b))
}

#[cfg(test)]
mod tests {
    use super::super::rings::{area2, pts};
    use super::*;

    const FRAME: Frame = Frame { low: Pt { x: 0, y: 0 }, high: Pt { x: 100, y: 100 } };

    fn pieces(list: &[(i64, i64)]) -> Vec<Vec<Pt>> {
        let mut out = Vec::new();
        line(&pts(list), &FRAME, &mut Vec::new(), |piece| out.push(piece.to_vec()));
        out
    }

    #[test]
    fn lines_are_cut_into_pieces() {
        assert_eq!(pieces(&[(-50, 50), (150, 50)]), [pts(&[(0, 50), (100, 50)])]);
        assert_eq!(
            pieces(&[(10, 10), (10, 150), (20, 150), (20, 10)]),
            [pts(&[(10, 10), (10, 100)]), pts(&[(20, 100), (20, 10)])]
        );
        assert_eq!(pieces(&[(0, 0), (0, 100), (100, 100)]), [pts(&[(0, 0), (0, 100), (100, 100)])]);
        // Past the corner, and through it in one point.
        assert!(pieces(&[(-50, 40), (40, -50)]).is_empty());
        assert!(pieces(&[(-50, 50), (50, -50)]).is_empty());
        assert_eq!(pieces(&[(-10, 50), (0, 50), (-10, 60), (50, 60)]), [pts(&[(0, 60), (50, 60)])]);
    }

    #[test]
    fn rings_are_cut_at_each_side() {
        let mut room = Vec::new();
        let mut around = pts(&[(-50, -50), (150, -50), (150, 150), (-50, 150)]);
        ring(&mut around, &FRAME, &mut room);
        assert_eq!(area2(&around), 20_000);
        let mut corner = pts(&[(50, 50), (150, 50), (150, 150), (50, 150)]);
        ring(&mut corner, &FRAME, &mut room);
        assert_eq!(area2(&corner), 5000);
        let mut away = pts(&[(-50, 150), (-10, 150), (50, 300)]);
        ring(&mut away, &FRAME, &mut room);
        assert!(away.len() < 3);
        let mut far_around =
            pts(&[(-500, -500), (0, -600), (500, -500), (600, 600), (50, 700), (-500, 600), (-600, 0)]);
        ring(&mut far_around, &FRAME, &mut room);
        assert_eq!(area2(&far_around), 20_000);
    }

    #[test]
    fn a_shared_edge_is_cut_alike_from_both_ends() {
        for i in 1..500 {
            let (a, b) = (Pt { x: -i, y: 7 * i % 90 }, Pt { x: 3 * i, y: 11 * i % 97 });
            let side = sides(&FRAME)[0];
            assert_eq!(on_side(a, b, side), on_side(b, a, side));
        }
        let far = i64::from(u32::MAX) * 16;
        assert_eq!(meet(0, (-far, far), (-far, far)), 0);
    }
}
