//! The shapes of one block of rows at one zoom: snapped to the zoom's grid, thinned, made valid and written as the
//! commands of a tile. Done when the first tile needs the block at that zoom, then kept: a tile that holds a shape whole
//! copies its bytes.
//!
//! What is smaller than the grid is not drawn each for itself, nor forgotten: areas (lengths of lines) that do not show
//! are added up along the Hilbert curve, less what snapping drew too large, and whenever they make half a cell, the shape
//! at which they do is drawn as one cell. A city of parcels keeps its density at low zooms, in every tile alike, and the
//! tile counts those not drawn.

use super::{
    arrange::Repair,
    path::Pen,
    rings::{Pt, Rings, area2},
    simplify::{self, Room, close_ring, join, join_ring},
    store::{Kind, Store},
};
use std::ops::Range;

/// A shape on the grid: its first point and where the commands after that stand.
#[derive(Debug, Clone, Copy, Default)]
struct Shape {
    x: u32,
    y: u32,
    from: u32,
    to: u32,
}

/// Bytes that begin with the `len` of a shape: a copy may take more than those at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub rest: &'a [u8],
    pub len: usize,
}

impl<'a> Run<'a> {
    pub fn bytes(self) -> &'a [u8] {
        &self.rest[..self.len]
    }
}

impl<'a> From<&'a [u8]> for Run<'a> {
    fn from(rest: &'a [u8]) -> Self {
        Self { rest, len: rest.len() }
    }
}

/// Shapes of the rows of a block, in their order.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    shapes: Vec<Shape>,
    bytes: Vec<u8>,
}

impl Shapes {
    /// First point and commands; `None` where the row is too small to be drawn.
    #[inline]
    pub fn get(&self, in_block: usize) -> Option<(Pt, Run<'_>)> {
        let shape = self.shapes.get(in_block).filter(|s| s.from < s.to)?;
        let run = Run { rest: &self.bytes[shape.from as usize..], len: (shape.to - shape.from) as usize };
        Some((Pt { x: shape.x.into(), y: shape.y.into() }, run))
    }

    pub fn bytes_held(&self) -> usize {
        self.bytes.capacity() + self.shapes.capacity() * size_of::<Shape>()
    }
}

/// Snaps to the grid with 2^`bits` steps a side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Snap {
    shift: u32,
    half: u64,
}

impl Snap {
    pub fn new(bits: u32) -> Self {
        let shift = 32 - bits.min(32);
        Self { shift, half: if shift == 0 { 0 } else { 1 << (shift - 1) } }
    }

    #[inline]
    pub fn to_grid(self, v: u32) -> i64 {
        ((u64::from(v) + self.half) >> self.shift) as i64
    }

    #[inline]
    pub fn point(self, p: [u32; 2]) -> Pt {
        Pt { x: self.to_grid(p[0]), y: self.to_grid(p[1]) }
    }

    /// The steps that snap to the cells from `low` to `high`.
    pub fn range(self, low: i64, high: i64) -> (u32, u32) {
        let at = |cell: i64| (i128::from(cell) << self.shift) - i128::from(self.half);
        let hold = |v: i128| v.clamp(0, u32::MAX.into()) as u32;
        (hold(at(low)), hold(at(high + 1) - 1))
    }
}

/// Up to so many cells what snapping adds or takes is a large share of a shape.
const SMALL: f64 = 4.0;

/// What is too small to be drawn by itself, in cells.
#[derive(Debug, Default)]
struct Owed(f64);

impl Owed {
    /// Adds what a shape is worth; true when it is to be drawn at the `price`.
    fn pays(&mut self, worth: f64, price: f64) -> bool {
        self.0 += worth;
        if self.0 * 2.0 >= price {
            self.0 = (self.0 - price).clamp(-2.0, 1.0);
            return true;
        }
        self.0 = self.0.min(1.0);
        false
    }

    /// Takes note of what snapping made of a small shape: a quarter of a cell that came out as one has drawn for others.
    fn settle(&mut self, worth: f64, drawn: f64) {
        if drawn < SMALL {
            self.0 = (self.0 + worth - drawn).clamp(-2.0, 1.0);
        }
    }
}

struct Builder<'a> {
    store: &'a Store,
    snap: Snap,
    bytes: Vec<u8>,
    part: Vec<Pt>,
    rings: Rings,
    room: Room,
    repair: Repair,
    owed_area: Owed,
    owed_length: Owed,
}

/// Draws the rows of a block on the grid with 2^`bits` steps a side.
pub(super) fn build(store: &Store, rows: Range<usize>, bits: u32) -> Shapes {
    let mut builder = Builder {
        store,
        snap: Snap::new(bits),
        bytes: Vec::new(),
        part: Vec::new(),
        rings: Rings::default(),
        room: Room::default(),
        repair: Repair::default(),
        owed_area: Owed::default(),
        owed_length: Owed::default(),
    };
    let mut shapes = Vec::with_capacity(rows.len());
    for row in rows {
        let from = builder.bytes.len() as u32;
        let start = match store.kind(row) {
            Kind::Point => None,
            Kind::Line => builder.lines(row),
            Kind::Polygon => builder.polygons(row),
        };
        let start = start.unwrap_or_default();
        shapes.push(Shape { x: start.x as u32, y: start.y as u32, from, to: builder.bytes.len() as u32 });
    }
    builder.bytes.shrink_to_fit();
    Shapes { shapes, bytes: builder.bytes }
}

impl Builder<'_> {
    fn lines(&mut self, row: usize) -> Option<Pt> {
        let (mut pen, mut drawn) = (Pen::default(), 0.0);
        for (line, _) in self.store.parts(row) {
            self.part.clear();
            for p in line {
                join(&mut self.part, self.snap.point(*p));
            }
            simplify::line(&mut self.part, &mut self.room);
            if self.part.len() > 1 {
                drawn += self
                    .part
                    .windows(2)
                    .map(|p| ((p[1].x - p[0].x) as f64).hypot((p[1].y - p[0].y) as f64))
                    .sum::<f64>();
                pen.line(&mut self.bytes, &self.part);
            }
        }
        let cells = self.store.length(row) / self.cell();
        if pen.start.is_some() {
            self.owed_length.settle(cells, drawn);
        } else if self.owed_length.pays(cells, 1.0) {
            let a = self.corner(row);
            pen.line(&mut self.bytes, &[a, Pt { x: a.x + 1, y: a.y }]);
        }
        pen.start
    }

    fn polygons(&mut self, row: usize) -> Option<Pt> {
        self.rings.clear();
        let mut exterior_gone = false;
        for (ring, hole) in self.store.parts(row) {
            if hole && exterior_gone {
                continue;
            }
            self.part.clear();
            for p in ring {
                join_ring(&mut self.part, self.snap.point(*p));
            }
            close_ring(&mut self.part);
            simplify::ring(&mut self.part, &mut self.room);
            let kept = self.rings.push(&self.part, hole);
            if !hole {
                exterior_gone = !kept;
            }
        }
        if !self.rings.is_empty() && !self.repair.sweep.valid(&self.rings) {
            self.repair.make_valid(&mut self.rings);
        }
        let mut pen = Pen::default();
        let cells = self.store.area(row) / (self.cell() * self.cell());
        if self.rings.is_empty() {
            self.tiny(row, cells, &mut pen);
        } else {
            self.owed_area.settle(cells, self.rings.iter().map(|(ring, _)| area2(ring) as f64 / 2.0).sum());
        }
        for (ring, _) in self.rings.iter() {
            pen.ring(&mut self.bytes, ring);
        }
        pen.start
    }

    /// A polygon without area on the grid: one cell, or a row of them where it is a strip along an axis.
    fn tiny(&mut self, row: usize, cells: f64, pen: &mut Pen) {
        let a = self.corner(row);
        let bounds = self.store.bounds(row);
        let b = self.snap.point([bounds[2], bounds[3]]);
        let (w, h) = (b.x - a.x, b.y - a.y);
        let (w, h) = if w == 0 || h == 0 { (w.max(1), h.max(1)) } else { (1, 1) };
        if self.owed_area.pays(cells, (w * h) as f64) {
            let corner = |dx, dy| Pt { x: a.x + dx, y: a.y + dy };
            pen.ring(&mut self.bytes, &[a, corner(w, 0), corner(w, h), corner(0, h)]);
        }
    }

    /// Steps of 2^32 a side in a cell.
    fn cell(&self) -> f64 {
        f64::from(self.snap.shift).exp2()
    }

    fn corner(&self, row: usize) -> Pt {
        let bounds = self.store.bounds(row);
        self.snap.point([bounds[0], bounds[1]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_what_snaps_into_them() {
        for bits in [12, 20, 31, 32] {
            let snap = Snap::new(bits);
            let (low, high) = snap.range(100, 105);
            assert_eq!((snap.to_grid(low), snap.to_grid(high)), (100, 105));
            assert_eq!((snap.to_grid(low - 1), snap.to_grid(high + 1)), (99, 106));
        }
        assert_eq!(Snap::new(12).range(-64, 1 << 13), (0, u32::MAX));
        assert_eq!(Snap::new(0).to_grid(u32::MAX), 1);
    }

    #[test]
    fn small_things_add_up() {
        let mut owed = Owed::default();
        let drawn = (0..1000).filter(|_| owed.pays(0.25, 1.0)).count();
        assert!((249..=251).contains(&drawn), "{drawn}");
    }
}
