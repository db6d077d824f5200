//! Features in the form tiles are made from: flat arrays in Hilbert order, a tree over blocks of 64, and for each zoom the
//! blocks' shapes as they will be copied, drawn when first needed.

use super::{
    index::{BLOCK, Bounds, EMPTY, Tree, hilbert, union},
    layer::LayerError,
    level::{self, Shapes},
    rows::Rows,
    value::{ALONE, Dictionary, NULL},
};
use std::{ops::Range, sync::OnceLock};

/// Kind of shape, by its number in a tile (MVT 2.1 §4.3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// Grids of 2^0 to 2^32 steps a side.
const LEVELS: usize = 33;

type Level = OnceLock<Box<[OnceLock<Shapes>]>>;

#[derive(Debug)]
pub(super) struct Store {
    rows: Rows,
    bounds: Vec<Bounds>,
    /// Sorts what stays under a byte budget: the smallest first.
    priority: Vec<u64>,
    by_id: Vec<u32>,
    tree: Tree,
    /// Whether a block has anything but points.
    drawn: Vec<bool>,
    levels: Box<[Level; LEVELS]>,
    /// Values numbered from `own_from` on; smaller numbers are the base's.
    pub dictionary: Dictionary,
    pub own_from: u32,
}

impl Store {
    /// Puts rows in order. Values from `own_from` on are numbered anew, as the order meets them, so that what a tile
    /// copies lies together; `field_of` tells what a number stood for.
    pub fn build<'a>(rows: Rows, own_from: u32, field_of: impl Fn(u32) -> &'a [u8]) -> Result<Self, LayerError> {
        let bounds: Vec<Bounds> = (0..rows.len()).map(|row| bounds_of(&rows, row)).collect();
        let order = order(&bounds);
        let mut sorted = sort(&rows, &order);
        drop(rows);
        let bounds: Vec<Bounds> = order.iter().map(|i| bounds[*i as usize]).collect();
        let dictionary = renumber(&mut sorted, own_from, field_of)?;
        let mut by_id: Vec<u32> = (0..sorted.len() as u32).collect();
        by_id.sort_unstable_by_key(|row| (sorted.ids[*row as usize], *row));
        let leaves = bounds.chunks(BLOCK).map(|block| block.iter().fold(EMPTY, |a, b| union(&a, b))).collect();
        let drawn = sorted.kinds.chunks(BLOCK).map(|block| block.iter().any(|k| *k != Kind::Point)).collect();
        let mut store = Self {
            rows: sorted,
            bounds,
            priority: Vec::new(),
            by_id,
            tree: Tree::new(leaves),
            drawn,
            levels: Box::new([const { OnceLock::new() }; LEVELS]),
            dictionary,
            own_from,
        };
        store.priority = (0..store.len()).map(|row| store.priority_of(row)).collect();
        Ok(store)
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn id(&self, row: usize) -> u64 {
        self.rows.ids[row]
    }

    #[inline]
    pub fn kind(&self, row: usize) -> Kind {
        self.rows.kinds[row]
    }

    #[inline]
    pub fn bounds(&self, row: usize) -> &Bounds {
        &self.bounds[row]
    }

    /// Numbers of the values, in the base with the mark [`ALONE`].
    #[inline]
    pub fn values(&self, row: usize) -> &[u32] {
        &self.rows.values[row * self.rows.columns..(row + 1) * self.rows.columns]
    }

    pub fn importance(&self, row: usize) -> Option<f32> {
        self.rows.importance[row]
    }

    pub fn priority(&self, row: usize) -> u64 {
        self.priority[row]
    }

    pub fn bounds_wgs84(&self) -> [f64; 4] {
        self.rows.bounds_wgs84
    }

    /// Lines, rings (true for a hole) or the one part of points.
    pub fn parts(&self, row: usize) -> impl Iterator<Item = (&[[u32; 2]], bool)> + '_ {
        parts(&self.rows, row)
    }

    /// Rows of a feature.
    pub fn rows_with(&self, id: u64) -> &[u32] {
        let from = self.by_id.partition_point(|row| self.id(*row as usize) < id);
        let to = self.by_id.partition_point(|row| self.id(*row as usize) <= id);
        &self.by_id[from..to]
    }

    pub fn search(&self, bounds: &Bounds, blocks: &mut Vec<u32>) {
        blocks.clear();
        self.tree.search(bounds, blocks);
    }

    pub fn block(&self, block: usize) -> Range<usize> {
        block * BLOCK..self.len().min((block + 1) * BLOCK)
    }

    /// Shapes of a block on the grid with 2^`bits` steps a side; `None` for points, which need none.
    pub fn shapes(&self, block: usize, bits: u32) -> Option<&Shapes> {
        if !self.drawn[block] {
            return None;
        }
        let blocks = self.levels[(bits as usize).min(LEVELS - 1)]
            .get_or_init(|| self.drawn.iter().map(|_| OnceLock::new()).collect());
        Some(blocks[block].get_or_init(|| level::build(self, self.block(block), bits)))
    }

    /// Draws all blocks of a grid now.
    pub fn draw(&self, bits: u32) {
        for block in 0..self.drawn.len() {
            self.shapes(block, bits);
        }
    }

    /// Area of a polygon in squares of 2^-32 of the grid's side.
    pub fn area(&self, row: usize) -> f64 {
        self.parts(row)
            .map(|(ring, hole)| {
                let at = |i: usize| {
                    (f64::from(ring[i][0]) - f64::from(ring[0][0]), f64::from(ring[i][1]) - f64::from(ring[0][1]))
                };
                let sum: f64 = (1..ring.len().saturating_sub(1))
                    .map(|i| (at(i), at(i + 1)))
                    .map(|((ax, ay), (bx, by))| ax * by - ay * bx)
                    .sum();
                if hole { -sum.abs() / 2.0 } else { sum.abs() / 2.0 }
            })
            .sum::<f64>()
            .max(0.0)
    }

    /// Length of a line in 2^-32 of the grid's side.
    pub fn length(&self, row: usize) -> f64 {
        let step = |p: &[[u32; 2]]| {
            let (dx, dy) = (f64::from(p[1][0]) - f64::from(p[0][0]), f64::from(p[1][1]) - f64::from(p[0][1]));
            dx.hypot(dy)
        };
        self.parts(row).map(|(line, _)| line.windows(2).map(step).sum::<f64>()).sum()
    }

    /// The most important first, by default the largest; among equals such that any number of them is spread evenly over
    /// the Hilbert curve (van der Corput's order).
    fn priority_of(&self, row: usize) -> u64 {
        let weight = self.importance(row).unwrap_or_else(|| match self.kind(row) {
            Kind::Point => 0.0,
            Kind::Line => self.length(row) as f32,
            Kind::Polygon => self.area(row) as f32,
        });
        let bits = if weight.is_nan() { f32::NEG_INFINITY } else { weight }.to_bits();
        let ascending = bits ^ ((bits as i32 >> 31) as u32 | 0x8000_0000);
        u64::from(!ascending) << 32 | u64::from((row as u32).reverse_bits())
    }

    /// Memory held: features, and what has been drawn for zooms so far.
    pub fn bytes_held(&self) -> usize {
        let r = &self.rows;
        let features = 8 * r.ids.capacity()
            + r.kinds.capacity()
            + 8 * r.importance.capacity()
            + 4 * (r.part_ends.capacity() + r.coord_ends.capacity() + r.values.capacity())
            + r.holes.capacity()
            + 8 * r.coords.capacity()
            + 16 * self.bounds.capacity()
            + 8 * self.priority.capacity()
            + 4 * self.by_id.capacity();
        let drawn: usize = self
            .levels
            .iter()
            .filter_map(OnceLock::get)
            .flatten()
            .filter_map(OnceLock::get)
            .map(Shapes::bytes_held)
            .sum();
        features + self.tree.bytes_held() + self.dictionary.bytes_held() + drawn
    }
}

fn parts(rows: &Rows, row: usize) -> impl Iterator<Item = (&[[u32; 2]], bool)> + '_ {
    let from = if row == 0 { 0 } else { rows.part_ends[row - 1] as usize };
    (from..rows.part_ends[row] as usize).map(|part| {
        let first = if part == 0 { 0 } else { rows.coord_ends[part - 1] as usize };
        (&rows.coords[first..rows.coord_ends[part] as usize], rows.holes[part])
    })
}

fn bounds_of(rows: &Rows, row: usize) -> Bounds {
    parts(rows, row).flat_map(|(part, _)| part).fold(EMPTY, |b, p| union(&b, &[p[0], p[1], p[0], p[1]]))
}

/// Rows along the Hilbert curve through the middles of their bounds.
fn order(bounds: &[Bounds]) -> Vec<u32> {
    let all = bounds.iter().fold(EMPTY, |a, b| union(&a, b));
    let side = u64::from(all[2].saturating_sub(all[0]).max(all[3].saturating_sub(all[1]))).max(1);
    let cell = |low: u32, high: u32, from: u32| {
        ((u64::midpoint(low.into(), high.into()) - u64::from(from)) * 0xffff / side) as u32
    };
    let mut order: Vec<(u32, u32)> =
        bounds.iter().zip(0..).map(|(b, i)| (hilbert(cell(b[0], b[2], all[0]), cell(b[1], b[3], all[1])), i)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, i)| i).collect()
}

fn sort(rows: &Rows, order: &[u32]) -> Rows {
    let mut out = Rows::new(rows.columns);
    out.bounds_wgs84 = rows.bounds_wgs84;
    out.coords.reserve_exact(rows.coords.len());
    out.coord_ends.reserve_exact(rows.coord_ends.len());
    out.holes.reserve_exact(rows.holes.len());
    out.values.reserve_exact(rows.values.len());
    for i in order.iter().map(|i| *i as usize) {
        for (part, hole) in parts(rows, i) {
            out.coords.extend_from_slice(part);
            out.coord_ends.push(out.coords.len() as u32);
            out.holes.push(hole);
        }
        out.part_ends.push(out.coord_ends.len() as u32);
        out.values.extend_from_slice(&rows.values[i * rows.columns..(i + 1) * rows.columns]);
    }
    let at = |i: &u32| *i as usize;
    out.ids = order.iter().map(|i| rows.ids[at(i)]).collect();
    out.kinds = order.iter().map(|i| rows.kinds[at(i)]).collect();
    out.importance = order.iter().map(|i| rows.importance[at(i)]).collect();
    out
}

fn renumber<'a>(rows: &mut Rows, own_from: u32, field_of: impl Fn(u32) -> &'a [u8]) -> Result<Dictionary, LayerError> {
    let mut dictionary = Dictionary::default();
    let most = rows.values.iter().filter(|n| **n != NULL).max().map_or(0, |n| *n as usize + 1);
    let mut anew = vec![NULL; most.saturating_sub(own_from as usize)];
    for number in &mut rows.values {
        if *number == NULL || *number < own_from {
            continue;
        }
        let slot = &mut anew[(*number - own_from) as usize];
        if *slot == NULL {
            *slot = own_from + dictionary.intern(field_of(*number))?;
        }
        *number = *slot;
    }
    if own_from == 0 {
        mark_alone(&mut rows.values, dictionary.len());
    }
    Ok(dictionary)
}

fn mark_alone(numbers: &mut [u32], distinct: usize) {
    let mut uses = vec![0_u8; distinct];
    for number in numbers.iter().filter(|n| **n != NULL) {
        uses[*number as usize] = uses[*number as usize].saturating_add(1);
    }
    for number in numbers.iter_mut().filter(|n| **n != NULL) {
        if uses[*number as usize] == 1 {
            *number |= ALONE;
        }
    }
}
