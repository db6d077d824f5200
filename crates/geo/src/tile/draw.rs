//! The hot path: the rows of one layer that lie in one tile, written as features. Nothing is allocated for a feature, no
//! text is compared, and a shape that lies whole inside the tile is copied; only what crosses the tile's bounds is read
//! back, clipped, looked at and, if need be, repaired.

use super::{
    arrange::Repair,
    clip::{self, Frame},
    encode::{FeatureView, Options},
    extent_bits,
    index::{Bounds, meets, within},
    layer::PreparedLayer,
    level::{Run, Shapes, Snap},
    path::{self, Pen},
    rings::{Pt, Rings, area2},
    store::{Kind, Store},
    value::{ALONE, NULL},
    wire::{MOVE_TO, WINDOW, command, copy_short, put_varint, varint_len, write_in_window, write_varint, zigzag},
};

/// Room for encoding, kept from tile to tile.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Features written; longer than what is filled, so that each is written into a slice.
    pub out: Vec<u8>,
    pub filled: usize,
    /// For each value of the layer the tile that used it last (high half) and its number there.
    pub marks: Vec<u64>,
    pub tile: u32,
    /// Values of this tile, as its layer will carry them; longer than what is filled.
    pub values: Vec<u8>,
    /// Which those are, in the tile's own numbering.
    pub used: Vec<u32>,
    pub tags: Vec<u8>,
    pub blocks: Vec<u32>,
    part: Vec<Pt>,
    room: Vec<Pt>,
    rings: Rings,
    repair: Repair,
    commands: Vec<u8>,
}

/// Which tile, in the terms of the grid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub bits: u32,
    snap: Snap,
    /// Doublings from the finest grid kept to the tile's; 0 except at the deepest zooms.
    up: u32,
    origin: Pt,
    frame: Frame,
    /// Rows that may show, and rows that lie whole inside.
    pub outer: Bounds,
    inner: Option<Bounds>,
}

impl Place {
    pub fn new(z: u8, x: u32, y: u32, options: &Options<'_>) -> Self {
        let tile_bits = extent_bits(options.extent);
        let wanted = u32::from(z) + tile_bits;
        let (bits, up) = (wanted.min(32), wanted.saturating_sub(32));
        let extent = 1_i64 << tile_bits;
        let buffer = i64::from(options.buffer).min(extent);
        let origin = Pt { x: i64::from(x) << tile_bits, y: i64::from(y) << tile_bits };
        let snap = Snap::new(bits);
        // A shape of one cell reaches one step beyond its bounds, hence the 1.
        let range = |from: i64, less: i64| {
            let (low, high) = (from - buffer, from + extent + buffer - less);
            let down = |v: i64| v.div_euclid(1 << up);
            snap.range(down(low + (1 << up) - 1), down(high))
        };
        let bounds = |less| {
            let ((west, east), (north, south)) = (range(origin.x, less), range(origin.y, less));
            [west, north, east, south]
        };
        Self {
            bits,
            snap,
            up,
            origin,
            frame: Frame { low: Pt { x: -buffer, y: -buffer }, high: Pt { x: extent + buffer, y: extent + buffer } },
            outer: bounds(0),
            inner: (up == 0).then(|| bounds(1)),
        }
    }

    #[inline]
    fn in_tile(&self, p: Pt) -> Pt {
        Pt { x: (p.x << self.up) - self.origin.x, y: (p.y << self.up) - self.origin.y }
    }
}

/// Encodes the rows of one layer.
pub(super) struct Drawing<'a> {
    pub layer: &'a PreparedLayer,
    pub options: &'a Options<'a>,
    pub place: Place,
    /// Attributes wanted, by their number in the layer.
    pub columns: &'a [usize],
    pub scratch: &'a mut Scratch,
    pub features: usize,
    pub collapsed: usize,
    /// Whether the layer has no edits, which may bring a base's value again.
    pub base_only: bool,
    /// Bytes of the values used.
    pub value_bytes: usize,
}

impl Drawing<'_> {
    /// Base and delta.
    pub fn stores(layer: &PreparedLayer) -> [&Store; 2] {
        [&layer.base, &layer.delta]
    }

    /// Draws all rows; stops and says false as soon as features and values are more than `bytes_max`.
    pub fn all(&mut self, bytes_max: usize) -> bool {
        let layer = self.layer;
        for (which, store) in Self::stores(layer).into_iter().enumerate() {
            let mut blocks = std::mem::take(&mut self.scratch.blocks);
            store.search(&self.place.outer, &mut blocks);
            for block in &blocks {
                self.block(store, which, *block as usize);
                if self.scratch.filled + self.value_bytes > bytes_max {
                    break;
                }
            }
            self.scratch.blocks = blocks;
        }
        self.scratch.filled + self.value_bytes <= bytes_max
    }

    fn block(&mut self, store: &Store, which: usize, block: usize) {
        let shapes = store.shapes(block, self.place.bits);
        let rows = store.block(block);
        let first = rows.start;
        for row in rows {
            if self.shows(store, which, row) {
                self.row(store, row, shapes.map(|s| (s, row - first)));
            }
        }
    }

    /// Whether the row lies here, is not edited away, and passes the filter.
    #[inline]
    pub fn shows(&self, store: &Store, which: usize, row: usize) -> bool {
        meets(store.bounds(row), &self.place.outer)
            && (which != 0 || self.layer.gone_word(row / 64) >> (row % 64) & 1 == 0)
            && self.options.filter.is_none_or(|f| f(FeatureView { layer: self.layer, store, row }))
    }

    /// Writes one row; where nothing of it shows, nothing.
    #[inline]
    pub fn row(&mut self, store: &Store, row: usize, shapes: Option<(&Shapes, usize)>) {
        let bounds = store.bounds(row);
        if store.kind(row) == Kind::Point {
            if bounds[..2] == bounds[2..] {
                let at = self.place.in_tile(self.place.snap.point([bounds[0], bounds[1]]));
                self.feature(store, row, 1, at, Run::from(&[][..]));
            } else {
                self.points(store, row);
            }
            return;
        }
        let Some((start, commands)) = shapes.and_then(|(shapes, i)| shapes.get(i)) else {
            self.collapsed += 1;
            return;
        };
        if self.place.inner.is_some_and(|inner| within(bounds, &inner)) {
            self.feature(store, row, 1, self.place.in_tile(start), commands);
        } else if let Some(start) = self.clipped(store.kind(row), start, commands.bytes()) {
            let commands = std::mem::take(&mut self.scratch.commands);
            self.feature(store, row, 1, start, commands[..].into());
            self.scratch.commands = commands;
        }
    }

    /// A multipoint: those of its points that lie here.
    fn points(&mut self, store: &Store, row: usize) {
        let mut commands = std::mem::take(&mut self.scratch.commands);
        commands.clear();
        let (mut first, mut at, mut count) = (None, Pt::default(), 0);
        for p in store.parts(row).flat_map(|(part, _)| part) {
            let p = self.place.in_tile(self.place.snap.point(*p));
            if !self.place.frame.holds(p) {
                continue;
            }
            if first.is_none() {
                first = Some(p);
            } else {
                put_varint(&mut commands, zigzag(p.x - at.x));
                put_varint(&mut commands, zigzag(p.y - at.y));
            }
            (at, count) = (p, count + 1);
        }
        if let Some(first) = first {
            self.feature(store, row, count, first, commands[..].into());
        }
        self.scratch.commands = commands;
    }

    /// Reads a shape back and leaves in `scratch.commands` what of it lies inside; `None` if nothing does.
    fn clipped(&mut self, kind: Kind, start: Pt, commands: &[u8]) -> Option<Pt> {
        let (place, Scratch { part, room, rings, repair, commands: out, .. }) = (self.place, &mut *self.scratch);
        let mut pen = Pen::default();
        out.clear();
        if kind == Kind::Line {
            path::read(
                commands,
                start,
                part,
                |p| place.in_tile(p),
                |line| {
                    clip::line(line, &place.frame, room, |piece| pen.line(out, piece));
                },
            );
            return pen.start;
        }
        rings.clear();
        path::read(
            commands,
            start,
            part,
            |p| place.in_tile(p),
            |ring| {
                clip::ring(ring, &place.frame, room);
                rings.push(ring, area2(ring) < 0);
            },
        );
        if !rings.is_empty() && !repair.sweep.valid(rings) {
            repair.make_valid(rings);
        }
        for (ring, _) in rings.iter() {
            pen.ring(out, ring);
        }
        pen.start
    }

    /// Writes a feature whose geometry begins with `count` MoveTo, the first to `at`, and goes on with `commands`.
    #[inline]
    fn feature(&mut self, store: &Store, row: usize, count: u64, at: Pt, commands: Run<'_>) {
        let tags_len = self.tags(store.values(row));
        let (id, kind) = (store.id(row), store.kind(row) as u8);
        let (head, x, y) = (command(MOVE_TO, count), zigzag(at.x), zigzag(at.y));
        let geometry = varint_len(head) + varint_len(x) + varint_len(y) + commands.len;
        let tags_field = if tags_len == 0 { 0 } else { 1 + varint_len(tags_len as u64) + tags_len };
        let body = 4 + varint_len(id) + tags_field + varint_len(geometry as u64) + geometry;

        let Scratch { out, filled, tags, .. } = &mut *self.scratch;
        // The largest head of a feature and of a geometry, and what short copies take too much.
        let most = *filled + body + 4 * WINDOW;
        if out.len() < most {
            out.resize(most.max(2 * out.len()), 0);
        }
        if let Some(to) = out[*filled..].first_chunk_mut() {
            let mut i = 1;
            to[0] = 0x12;
            write_in_window(to, &mut i, body as u64);
            write_in_window(to, &mut i, 0x08);
            write_in_window(to, &mut i, id);
            if tags_len > 0 {
                write_in_window(to, &mut i, 0x12);
                write_in_window(to, &mut i, tags_len as u64);
            }
            *filled += i;
        }
        copy_short::<16>(&mut out[*filled..], tags, tags_len);
        *filled += tags_len;
        if let Some(to) = out[*filled..].first_chunk_mut() {
            let mut i = 3;
            (to[0], to[1], to[2]) = (0x18, kind, 0x22);
            write_in_window(to, &mut i, geometry as u64);
            write_in_window(to, &mut i, head);
            write_in_window(to, &mut i, x);
            write_in_window(to, &mut i, y);
            *filled += i;
        }
        copy_short::<32>(&mut out[*filled..], commands.rest, commands.len);
        *filled += commands.len;
        self.features += 1;
    }

    /// Writes the row's attributes into `scratch.tags` and says how many bytes; values new to the tile are copied to its
    /// values and get a number.
    #[inline]
    fn tags(&mut self, row: &[u32]) -> usize {
        let Scratch { marks, tile, used, tags, values, .. } = &mut *self.scratch;
        let mut len = 0;
        for (key, column) in self.columns.iter().enumerate() {
            let number = row[*column];
            if number == NULL {
                continue;
            }
            let value = number & !ALONE;
            // What one feature alone has is new to any tile: its mark, out of the cache more often than not, is not read.
            let (new, number) = if number != value && self.base_only {
                (true, used.len() as u64)
            } else {
                let mark = &mut marks[value as usize];
                let new = (*mark >> 32) as u32 != *tile;
                if new {
                    *mark = u64::from(*tile) << 32 | used.len() as u64;
                }
                (new, *mark & 0xffff_ffff)
            };
            if new {
                used.push(value);
                let (rest, field) = self.layer.field_and_rest(value);
                let most = self.value_bytes + field + WINDOW;
                if values.len() < most {
                    values.resize(most.max(2 * values.len()), 0);
                }
                copy_short::<32>(&mut values[self.value_bytes..], rest, field);
                self.value_bytes += field;
            }
            if key < 0x80 && number < 0x4000 {
                // Nearly always: both numbers in one word of two or three bytes.
                let long = u64::from(number >= 0x80);
                let word = key as u64 | ((number & 0x7f) | long << 7) << 8 | (number >> 7) << 16;
                copy_short::<4>(&mut tags[len..], &(word as u32).to_le_bytes(), 4);
                len += 2 + long as usize;
            } else {
                write_varint(tags, &mut len, key as u64);
                write_varint(tags, &mut len, number);
            }
        }
        len
    }
}
