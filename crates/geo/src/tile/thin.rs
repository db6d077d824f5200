//! A tile within a byte budget: the most important features first, until nothing more fits. The order is the layer's, not
//! the tile's, so that the same features stay wherever they show, and a tile comes out the same each time.

use super::{
    draw::Drawing,
    encode::{Envelope, Thinned},
};
use std::{cmp::Reverse, collections::BinaryHeap};

/// After so many features in a row that do not fit the tile is full.
const MISSES_MAX: usize = 32;

/// Marks a row of the delta in a candidate.
const OF_DELTA: u64 = 1 << 32;

/// Draws anew within `bytes_max`.
pub(super) fn thin(drawing: &mut Drawing<'_>, envelope: &Envelope, bytes_max: usize) -> Thinned {
    let layer = drawing.layer;
    let stores = Drawing::stores(layer);
    drawing.scratch.begin(0, 0);
    (drawing.features, drawing.collapsed, drawing.value_bytes) = (0, 0, 0);

    // Not all are sorted: only those that are taken leave the heap.
    let mut candidates = Vec::new();
    let mut blocks = std::mem::take(&mut drawing.scratch.blocks);
    for (which, store) in stores.into_iter().enumerate() {
        store.search(&drawing.place.outer, &mut blocks);
        for block in &blocks {
            let shapes = store.shapes(*block as usize, drawing.place.bits);
            let rows = store.block(*block as usize);
            let first = rows.start;
            for row in rows {
                if !drawing.shows(store, which, row) {
                    continue;
                }
                let point = store.kind(row) == super::store::Kind::Point;
                if !point && shapes.is_none_or(|s| s.get(row - first).is_none()) {
                    drawing.collapsed += 1;
                    continue;
                }
                let of = if which == 0 { 0 } else { OF_DELTA };
                candidates.push(Reverse((store.priority(row), of | row as u64)));
            }
        }
    }
    drawing.scratch.blocks = blocks;

    let of = candidates.len();
    let mut heap = BinaryHeap::from(candidates);
    let mut misses = 0;
    while let Some(Reverse((_, candidate))) = heap.pop() {
        let store = stores[usize::from(candidate & OF_DELTA != 0)];
        if draw_if_fits(drawing, store, (candidate & !OF_DELTA) as usize, envelope, bytes_max) {
            misses = 0;
        } else {
            misses += 1;
            if misses == MISSES_MAX {
                break;
            }
        }
    }
    Thinned { kept: drawing.features, of }
}

fn draw_if_fits(
    drawing: &mut Drawing<'_>,
    store: &super::store::Store,
    row: usize,
    envelope: &Envelope,
    bytes_max: usize,
) -> bool {
    let before = (drawing.scratch.filled, drawing.features, drawing.value_bytes, drawing.scratch.used.len());
    let block = row / super::index::BLOCK;
    let shapes = store.shapes(block, drawing.place.bits);
    drawing.row(store, row, shapes.map(|s| (s, row - store.block(block).start)));
    let content = drawing.scratch.filled + drawing.value_bytes;
    if content + envelope.bytes_around(content) <= bytes_max {
        return true;
    }
    let scratch = &mut *drawing.scratch;
    (scratch.filled, drawing.features, drawing.value_bytes) = (before.0, before.1, before.2);
    for value in scratch.used.drain(before.3..) {
        scratch.marks[value as usize] = 0;
    }
    false
}
