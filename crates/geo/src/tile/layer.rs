//! A layer made ready for tiles, and its edits. Edits lie beside the base in a small store of their own, with a mask of
//! the rows they replace, and are seen by the next tile; readers hold the version they began with (share a layer as
//! `Arc<PreparedLayer>` and swap it). Lớp bản đồ.

use super::{
    grid::TileMatrixSet,
    index::BLOCK,
    rows::Rows,
    store::Store,
    value::{Dictionary, NULL, Value},
};
use geo_types::Geometry;
use std::{collections::HashSet, sync::Arc};

/// Why a feature cannot be in a layer.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum LayerError {
    #[error(
        "placed feature {id}: the position lon {lon}, lat {lat} is not a number or lies outside the grid's plane; correct the geometry"
    )]
    Outside { id: u64, lon: f64, lat: f64 },
    #[error(
        "placed feature {id}: it has {found} values for {expected} attributes; give one for each, null where there is none"
    )]
    Columns { id: u64, found: usize, expected: usize },
    #[error("prepared a layer: more than 4 billion bytes or numbers of {0}; split the layer")]
    TooLarge(&'static str),
    #[error("put a layer on another grid: its own does not lead back to longitude and latitude; take one of the web's")]
    OneWay,
}

/// A feature given to an edit.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    pub id: u64,
    /// In WGS84, longitude first.
    pub geometry: Geometry<f64>,
    /// One for each attribute of the layer.
    pub values: Vec<Value<'static>>,
    /// What stays longest under a byte budget; without it the largest does.
    pub importance: Option<f32>,
}

/// What changes from one version of a layer to the next.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Delta {
    /// New features, and new versions of those whose id is there already.
    pub put: Vec<Feature>,
    pub removed: Vec<u64>,
}

/// Name and attributes, as they stand in a tile.
#[derive(Debug)]
pub(super) struct Schema {
    pub name: String,
    pub attributes: Vec<String>,
}

/// Collects the features of a layer.
#[derive(Debug)]
pub struct LayerBuilder {
    set: TileMatrixSet,
    schema: Schema,
    rows: Rows,
    dictionary: Dictionary,
    numbers: Vec<u32>,
    field: Vec<u8>,
}

impl LayerBuilder {
    pub fn new<N: Into<String>>(set: TileMatrixSet, name: &str, attributes: impl IntoIterator<Item = N>) -> Self {
        let attributes: Vec<String> = attributes.into_iter().map(Into::into).collect();
        Self {
            set,
            rows: Rows::new(attributes.len()),
            schema: Schema { name: name.to_owned(), attributes },
            dictionary: Dictionary::default(),
            numbers: Vec::new(),
            field: Vec::new(),
        }
    }

    /// Adds a feature whose importance is its size. Ids should differ: an edit of an id is one of all features with it.
    pub fn push(&mut self, id: u64, geometry: &Geometry<f64>, values: &[Value<'_>]) -> Result<(), LayerError> {
        self.push_ranked(id, geometry, values, None)
    }

    /// Adds a feature; the greater `importance`, the longer it stays under a byte budget. An empty geometry lies in no
    /// tile, and a refused feature leaves the builder as it was.
    pub fn push_ranked(
        &mut self,
        id: u64,
        geometry: &Geometry<f64>,
        values: &[Value<'_>],
        importance: Option<f32>,
    ) -> Result<(), LayerError> {
        check_columns(id, values, &self.schema)?;
        self.numbers.clear();
        for value in values {
            self.field.clear();
            value.write(&mut self.field);
            self.numbers.push(if self.field.is_empty() { NULL } else { self.dictionary.intern(&self.field)? });
        }
        self.rows.push(&self.set, id, geometry, &self.numbers, importance)
    }

    /// Puts all in order.
    pub fn finish(self) -> Result<PreparedLayer, LayerError> {
        let base = Store::build(self.rows, 0, |number| self.dictionary.field(number))?;
        PreparedLayer::of(Arc::new(self.schema), self.set, base, 0)
    }
}

fn check_columns(id: u64, values: &[Value<'_>], schema: &Schema) -> Result<(), LayerError> {
    let (found, expected) = (values.len(), schema.attributes.len());
    if found == expected { Ok(()) } else { Err(LayerError::Columns { id, found, expected }) }
}

/// One version of a layer, ready for tiles. Cheap to share; see [`super::encode`].
#[derive(Debug, Clone)]
pub struct PreparedLayer {
    pub(super) schema: Arc<Schema>,
    set: TileMatrixSet,
    pub(super) base: Arc<Store>,
    pub(super) delta: Arc<Store>,
    /// Rows of the base that are no more, a word a block; empty when all are.
    pub(super) gone: Arc<[u64]>,
    generation: u64,
}

impl PreparedLayer {
    pub(super) fn of(
        schema: Arc<Schema>,
        set: TileMatrixSet,
        base: Store,
        generation: u64,
    ) -> Result<Self, LayerError> {
        let columns = schema.attributes.len();
        let delta = Store::build(Rows::new(columns), base.dictionary.len() as u32, |_| &[])?;
        Ok(Self { schema, set, base: Arc::new(base), delta: Arc::new(delta), gone: Arc::new([]), generation })
    }

    pub fn name(&self) -> &str {
        &self.schema.name
    }

    pub fn attributes(&self) -> &[String] {
        &self.schema.attributes
    }

    pub fn tile_matrix_set(&self) -> &TileMatrixSet {
        &self.set
    }

    /// Counts the edits; a cache of tiles is keyed by it.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Features held (a collection of points, lines and polygons counts once for each kind).
    pub fn len(&self) -> usize {
        let gone: u32 = self.gone.iter().map(|word| word.count_ones()).sum();
        self.base.len() + self.delta.len() - gone as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// West, south, east, north of all features; after removals it may be too large, never too small. `None` when there
    /// never was a feature.
    pub fn bounds_wgs84(&self) -> Option<[f64; 4]> {
        let (a, b) = (self.base.bounds_wgs84(), self.delta.bounds_wgs84());
        let all = [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
        (all[0] <= all[2]).then_some(all)
    }

    /// Memory of this version in bytes, with what has been drawn for zooms so far.
    pub fn bytes_held(&self) -> usize {
        self.base.bytes_held() + self.delta.bytes_held() + 8 * self.gone.len()
    }

    /// Draws the shapes of a zoom before its first tile is asked for.
    pub fn prepare_zoom(&self, z: u8, extent: u32) {
        let bits = (u32::from(z) + super::extent_bits(extent)).min(32);
        self.base.draw(bits);
        self.delta.draw(bits);
    }

    /// The next version. It costs time in proportion to the edits since the last compaction; when these are more than a
    /// quarter of the base (and 4,096), the version made here is compacted. Call [`Self::compacted`] beforehand, away
    /// from requests, when [`Self::wants_compaction`].
    pub fn with(&self, delta: &Delta) -> Result<Self, LayerError> {
        let touched: HashSet<u64> = delta.removed.iter().copied().chain(delta.put.iter().map(|f| f.id)).collect();
        let mut rows = Rows::new(self.schema.attributes.len());
        rows.bounds_wgs84 = self.delta.bounds_wgs84();
        for row in (0..self.delta.len()).filter(|row| !touched.contains(&self.delta.id(*row))) {
            rows.push_row(&self.delta, row)?;
        }
        let (mut fresh, fresh_from) = (Dictionary::default(), self.values());
        let (mut numbers, mut field) = (Vec::new(), Vec::new());
        for feature in &delta.put {
            check_columns(feature.id, &feature.values, &self.schema)?;
            numbers.clear();
            for value in &feature.values {
                field.clear();
                value.write(&mut field);
                numbers.push(match self.number_of(&field) {
                    Some(number) => number,
                    None => fresh_from + fresh.intern(&field)?,
                });
            }
            rows.push(&self.set, feature.id, &feature.geometry, &numbers, feature.importance)?;
        }
        let field_of = |n: u32| if n < fresh_from { self.field(n) } else { fresh.field(n - fresh_from) };
        let mut gone = self.gone.to_vec();
        for row in touched.iter().flat_map(|id| self.base.rows_with(*id)).map(|row| *row as usize) {
            gone.resize(self.base.len().div_ceil(BLOCK), 0);
            gone[row / BLOCK] |= 1 << (row % BLOCK);
        }
        let next = Self {
            delta: Arc::new(Store::build(rows, self.delta.own_from, field_of)?),
            gone: gone.into(),
            generation: self.generation + 1,
            ..self.clone()
        };
        if next.delta.len() > 4096.max(next.base.len() / 4) { next.compacted() } else { Ok(next) }
    }

    /// Whether edits are so many (a sixteenth of the base, and 1,024) that each next one is felt.
    pub fn wants_compaction(&self) -> bool {
        self.delta.len() > 1024.max(self.base.len() / 16)
    }

    /// The same features and generation without a delta. Edits that arrive meanwhile are applied to the result again.
    pub fn compacted(&self) -> Result<Self, LayerError> {
        let mut rows = Rows::new(self.schema.attributes.len());
        if let Some(bounds) = self.bounds_wgs84() {
            rows.bounds_wgs84 = bounds;
        }
        for (store, row) in self.rows() {
            rows.push_row(store, row)?;
        }
        let base = Store::build(rows, 0, |number| self.field(number))?;
        Self::of(Arc::clone(&self.schema), self.set.clone(), base, self.generation)
    }

    /// Rows that are still there, of base and delta.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&Store, usize)> {
        let there = |row: &usize| self.gone_word(row / BLOCK) >> (row % BLOCK) & 1 == 0;
        let base = (0..self.base.len()).filter(there).map(|row| (&*self.base, row));
        base.chain((0..self.delta.len()).map(|row| (&*self.delta, row)))
    }

    /// Distinct values in base and delta.
    pub(super) fn values(&self) -> u32 {
        self.delta.own_from + self.delta.dictionary.len() as u32
    }

    pub(super) fn field(&self, number: u32) -> &[u8] {
        let (rest, len) = self.field_and_rest(number);
        &rest[..len]
    }

    /// See [`Dictionary::field_and_rest`].
    #[inline]
    pub(super) fn field_and_rest(&self, number: u32) -> (&[u8], usize) {
        match number.checked_sub(self.delta.own_from) {
            None => self.base.dictionary.field_and_rest(number),
            Some(own) => self.delta.dictionary.field_and_rest(own),
        }
    }

    pub(super) fn value(&self, number: u32) -> Value<'_> {
        match number.checked_sub(self.delta.own_from) {
            None => self.base.dictionary.value(number),
            Some(own) => self.delta.dictionary.value(own),
        }
    }

    fn number_of(&self, field: &[u8]) -> Option<u32> {
        if field.is_empty() {
            return Some(NULL);
        }
        let own = || self.delta.dictionary.find(field).map(|n| self.delta.own_from + n);
        self.base.dictionary.find(field).or_else(own)
    }

    #[inline]
    pub(super) fn gone_word(&self, block: usize) -> u64 {
        self.gone.get(block).copied().unwrap_or(0)
    }
}
