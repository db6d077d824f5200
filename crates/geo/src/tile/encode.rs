//! Tiles from prepared layers: what a caller asks for, and the frame around the features.

use super::{
    draw::{Drawing, Place, Scratch},
    extent_bits,
    grid::holds,
    layer::PreparedLayer,
    store::Store,
    thin,
    value::{NULL, Value, plain},
    wire::{VARINT_MAX, WINDOW, put_bytes, put_varint, varint_len},
};
use std::cell::RefCell;

/// How a tile is made.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Steps a side of the tile's grid. A power of two from 256 to 16,384; others are taken to the next.
    pub extent: u32,
    /// Steps drawn beyond each side, at most the extent.
    pub buffer: u32,
    /// The most a tile may weigh; what does not fit is left out by importance, and [`Tile::thinned`] says so.
    pub bytes_max: Option<usize>,
    /// Attributes to carry, by name; all when `None`. Names that the layer has not are passed over.
    pub attributes: Option<&'a [&'a str]>,
    /// Which features to show.
    pub filter: Option<&'a dyn Fn(FeatureView<'_>) -> bool>,
}

impl Default for Options<'_> {
    /// 4,096 steps with a buffer of 64, as most servers have it.
    fn default() -> Self {
        Self { extent: 4096, buffer: 64, bytes_max: None, attributes: None, filter: None }
    }
}

/// A feature as a filter sees it.
#[derive(Clone, Copy)]
pub struct FeatureView<'a> {
    pub(super) layer: &'a PreparedLayer,
    pub(super) store: &'a Store,
    pub(super) row: usize,
}

impl<'a> FeatureView<'a> {
    pub fn id(&self) -> u64 {
        self.store.id(self.row)
    }

    /// The value of an attribute by its place in [`PreparedLayer::attributes`]; null where there is none.
    pub fn value(&self, attribute: usize) -> Value<'a> {
        let number = self.store.values(self.row).get(attribute).copied().unwrap_or(NULL);
        self.layer.value(plain(number))
    }
}

/// What a byte budget left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thinned {
    pub kept: usize,
    /// Features whose bounds meet the tile and that its grid can show.
    pub of: usize,
}

/// A vector tile (MVT 2.1), not compressed. Ô bản đồ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tile {
    /// Empty when there is nothing here.
    pub bytes: Vec<u8>,
    pub features: usize,
    /// Lines and polygons that lie here but are smaller than the grid shows; others stand for them, see the module.
    pub collapsed: usize,
    /// `None` when all is here.
    pub thinned: Option<Thinned>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// One layer as a tile. An address outside the grid gives an empty tile.
pub fn encode(layer: &PreparedLayer, z: u8, x: u32, y: u32, options: &Options<'_>) -> Tile {
    if !holds(z, x, y) {
        return Tile::default();
    }
    SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
        Ok(mut scratch) => encode_in(layer, z, x, y, options, &mut scratch),
        // A filter that encodes a tile itself.
        Err(_) => encode_in(layer, z, x, y, options, &mut Scratch::default()),
    })
}

/// Several layers as one tile of at most `bytes_max`. Layers that need less than an even share get what they need, and
/// the others share what is left.
pub fn encode_layers(
    layers: &[(&PreparedLayer, Options<'_>)],
    z: u8,
    x: u32,
    y: u32,
    bytes_max: Option<usize>,
) -> Tile {
    let within = |own: Option<usize>, max: usize| Some(own.unwrap_or(usize::MAX).min(max));
    let cap = bytes_max.unwrap_or(usize::MAX);
    let mut tiles: Vec<Tile> = layers
        .iter()
        .map(|(layer, o)| encode(layer, z, x, y, &Options { bytes_max: within(o.bytes_max, cap), ..*o }))
        .collect();
    if tiles.iter().map(|t| t.bytes.len()).sum::<usize>() > cap {
        let mut by_size: Vec<usize> = (0..tiles.len()).collect();
        by_size.sort_by_key(|i| (tiles[*i].bytes.len(), *i));
        let (mut left, mut others) = (cap, tiles.len());
        for i in by_size {
            let share = left / others;
            let (layer, o) = layers[i];
            if tiles[i].bytes.len() > share {
                tiles[i] = encode(layer, z, x, y, &Options { bytes_max: within(o.bytes_max, share), ..o });
            }
            left -= tiles[i].bytes.len().min(left);
            others -= 1;
        }
    }
    let mut all = Tile::default();
    for tile in tiles {
        all.bytes.extend_from_slice(&tile.bytes);
        all.features += tile.features;
        all.collapsed += tile.collapsed;
        if let Some(t) = tile.thinned {
            let so_far = all.thinned.unwrap_or(Thinned { kept: 0, of: 0 });
            all.thinned = Some(Thinned { kept: so_far.kept + t.kept, of: so_far.of + t.of });
        }
    }
    all
}

/// What stands around the features of a layer: name before them, keys before the values, extent and version at the end
/// (MVT 2.1 §4.1).
pub(super) struct Envelope {
    before: Vec<u8>,
    keys: Vec<u8>,
    after: Vec<u8>,
}

impl Envelope {
    fn new(layer: &PreparedLayer, columns: &[usize], extent: u32) -> Self {
        let (mut before, mut keys, mut after) = (Vec::new(), Vec::new(), Vec::new());
        put_bytes(&mut before, 0x0a, layer.name().as_bytes());
        for column in columns {
            put_bytes(&mut keys, 0x1a, layer.attributes()[*column].as_bytes());
        }
        after.push(0x28);
        put_varint(&mut after, 1 << extent_bits(extent));
        after.extend_from_slice(&[0x78, 2]);
        Self { before, keys, after }
    }

    /// Bytes of the tile besides `content`, which is features and values.
    pub fn bytes_around(&self, content: usize) -> usize {
        let layer = self.before.len() + self.keys.len() + self.after.len() + content;
        layer - content + 1 + varint_len(layer as u64)
    }

    fn close(&self, drawing: &Drawing<'_>) -> Vec<u8> {
        let features = &drawing.scratch.out[..drawing.scratch.filled];
        let content = features.len() + drawing.value_bytes;
        let around = self.bytes_around(content);
        let mut bytes = Vec::with_capacity(around + content);
        bytes.push(0x1a);
        put_varint(&mut bytes, (self.before.len() + self.keys.len() + self.after.len() + content) as u64);
        bytes.extend_from_slice(&self.before);
        bytes.extend_from_slice(features);
        bytes.extend_from_slice(&self.keys);
        bytes.extend_from_slice(&drawing.scratch.values[..drawing.value_bytes]);
        bytes.extend_from_slice(&self.after);
        bytes
    }
}

fn encode_in(layer: &PreparedLayer, z: u8, x: u32, y: u32, options: &Options<'_>, scratch: &mut Scratch) -> Tile {
    let named = |name: &&str| layer.attributes().iter().position(|a| a == name);
    let columns: Vec<usize> = match options.attributes {
        None => (0..layer.attributes().len()).collect(),
        Some(names) => names.iter().filter_map(named).collect(),
    };
    scratch.begin(layer.values() as usize, columns.len());
    let place = Place::new(z, x, y, options);
    let mut drawing = Drawing {
        layer,
        options,
        place,
        columns: &columns,
        scratch,
        features: 0,
        collapsed: 0,
        base_only: layer.delta.len() == 0,
        value_bytes: 0,
    };
    let envelope = Envelope::new(layer, &columns, options.extent);
    let mut thinned = None;
    let fits = match options.bytes_max {
        None => drawing.all(usize::MAX),
        Some(max) => {
            drawing.all(max) && {
                let content = drawing.scratch.filled + drawing.value_bytes;
                content + envelope.bytes_around(content) <= max || drawing.features == 0
            }
        }
    };
    if let (false, Some(max)) = (fits, options.bytes_max) {
        thinned = Some(thin::thin(&mut drawing, &envelope, max));
    }
    let bytes = if drawing.features == 0 { Vec::new() } else { envelope.close(&drawing) };
    Tile { bytes, features: drawing.features, collapsed: drawing.collapsed, thinned }
}

impl Scratch {
    /// Forgets the last tile.
    pub fn begin(&mut self, values: usize, columns: usize) {
        self.filled = 0;
        self.used.clear();
        if self.marks.len() < values {
            self.marks.resize(values, 0);
        }
        if self.tags.len() < 2 * VARINT_MAX * columns + WINDOW {
            self.tags.resize(2 * VARINT_MAX * columns + WINDOW, 0);
        }
        self.tile = self.tile.wrapping_add(1);
        if self.tile == 0 {
            self.marks.fill(0);
            self.tile = 1;
        }
    }
}
