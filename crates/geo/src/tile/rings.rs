//! Points and rings on a whole-number grid. Axes are a tile's: x to the right, y down; a positive area by the surveyor's
//! formula is then an exterior ring (MVT 2.1 §4.3.3.3). Products are taken in 128 bits, so no comparison is ever rounded.

/// A place on the grid; sorted by x, then y.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Pt {
    pub x: i64,
    pub y: i64,
}

/// Twice the area of the triangle; positive when `b` lies to the left of `o`→`a` in axes where y goes up.
#[inline]
pub(super) fn cross(o: Pt, a: Pt, b: Pt) -> i128 {
    i128::from(a.x - o.x) * i128::from(b.y - o.y) - i128::from(a.y - o.y) * i128::from(b.x - o.x)
}

/// Twice the signed area of a ring.
pub(super) fn area2(ring: &[Pt]) -> i128 {
    ring.windows(2).skip(1).map(|e| cross(ring[0], e[0], e[1])).sum()
}

/// Corners of a ring in pairs, the last with the first.
pub(super) fn edges(ring: &[Pt]) -> impl Iterator<Item = (Pt, Pt)> + '_ {
    (0..ring.len()).map(|i| (ring[i], ring[if i + 1 == ring.len() { 0 } else { i + 1 }]))
}

#[derive(Debug, Clone, Copy)]
struct Ring {
    end: usize,
    hole: bool,
}

/// Rings of one feature: each exterior is followed by its holes. First and last corner differ. Emptied and filled again,
/// so that the hot path allocates nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Rings {
    pts: Vec<Pt>,
    rings: Vec<Ring>,
}

impl Rings {
    pub fn clear(&mut self) {
        self.pts.clear();
        self.rings.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.rings.is_empty()
    }

    pub fn len(&self) -> usize {
        self.rings.len()
    }

    pub fn points(&self) -> &[Pt] {
        &self.pts
    }

    pub fn ring(&self, i: usize) -> (&[Pt], bool) {
        let from = if i == 0 { 0 } else { self.rings[i - 1].end };
        (&self.pts[from..self.rings[i].end], self.rings[i].hole)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&[Pt], bool)> + '_ {
        (0..self.rings.len()).map(|i| self.ring(i))
    }

    /// Appends a ring and turns it the way its role asks. A ring without area is left out.
    pub fn push(&mut self, ring: &[Pt], hole: bool) -> bool {
        let area = area2(ring);
        if area == 0 {
            return false;
        }
        if (area > 0) == hole {
            self.pts.extend(ring.iter().rev());
        } else {
            self.pts.extend_from_slice(ring);
        }
        self.rings.push(Ring { end: self.pts.len(), hole });
        true
    }
}

/// How often a ring winds around a point that is not on it.
pub(super) fn winding(ring: &[Pt], p: Pt) -> i32 {
    winding_of(edges(ring), p)
}

/// The same of edges that make up a ring.
pub(super) fn winding_of(edges: impl Iterator<Item = (Pt, Pt)>, p: Pt) -> i32 {
    edges
        .filter(|(a, b)| (a.y <= p.y) != (b.y <= p.y))
        .map(|(a, b)| match (a.y <= p.y, cross(a, b, p)) {
            (true, 1..) => 1,
            (false, ..0) => -1,
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
pub(super) fn pts(list: &[(i64, i64)]) -> Vec<Pt> {
    list.iter().map(|&(x, y)| Pt { x, y }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_turned_by_their_role() {
        let square = pts(&[(0, 0), (4, 0), (4, 4), (0, 4)]);
        assert_eq!(area2(&square), 32);
        let mut rings = Rings::default();
        assert!(rings.push(&square, false) && rings.push(&square, true));
        assert!(!rings.push(&pts(&[(0, 0), (1, 1), (2, 2)]), false));
        assert_eq!(rings.iter().map(|(r, h)| (area2(r), h)).collect::<Vec<_>>(), [(32, false), (-32, true)]);
    }

    #[test]
    fn winding_counts_turns() {
        let square = pts(&[(0, 0), (4, 0), (4, 4), (0, 4)]);
        assert_eq!(winding(&square, Pt { x: 2, y: 2 }), 1);
        assert_eq!(winding(&square, Pt { x: 5, y: 4 }), 0);
        let back: Vec<Pt> = square.into_iter().rev().collect();
        assert_eq!(winding(&back, Pt { x: 1, y: 3 }), -1);
    }
}
