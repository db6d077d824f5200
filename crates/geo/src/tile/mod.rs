//! Vector tiles (Mapbox Vector Tile 2.1) of a layer held in memory, encoded on request: this is what a map waits for, so
//! everything that can be done once is done once.
//!
//! A layer is built by [`LayerBuilder`]: positions are projected once to whole numbers, features put in Hilbert order
//! under a packed R-tree, attribute values written once as a tile carries them. For each zoom the shapes are snapped to
//! the tile's grid, thinned, made valid and written as commands, a block of 64 features at a time, when the first tile
//! needs them: since a tile's coordinates are steps from point to point, the bytes are the same in every tile. What
//! [`encode`] then does is copy. Only shapes across a tile's edge are clipped, and repaired when that made them invalid.
//!
//! Snapping goes before clipping and happens on one grid for the whole world, so neighbouring tiles agree on every
//! vertex. Polygons come out valid by MVT 2.1 §4.3.4.4 and OGC 06-103r4 §6.1.11: the inside of what crossed is where the
//! winding number is not zero. Polygons and lines smaller than the grid are not lost in silence: their areas add up until
//! they make half a cell, which is drawn where they did, and the tile counts the others ([`Tile::collapsed`]). A part of
//! a shape that is smaller than the grid is not drawn while other parts of the shape are. Under a byte budget the most
//! important features stay, and [`Tile::thinned`] says how many of how many.
//!
//! Edits ([`PreparedLayer::with`]) make a new version that shares all but the edited features with the last.
//! Ô bản đồ véc-tơ.

mod anchor;
mod arrange;
mod check;
mod clip;
mod decode;
mod draw;
mod encode;
mod grid;
mod index;
mod layer;
mod level;
mod path;
mod regrid;
mod rings;
mod rows;
mod simplify;
mod store;
#[cfg(test)]
mod tests;
mod thin;
mod trace;
mod value;
mod wire;

pub use decode::{DecodeError, DecodedFeature, DecodedLayer, decode};
pub use encode::{FeatureView, Options, Thinned, Tile, encode, encode_layers};
pub use grid::{Project, TileMatrixSet, ZOOM_MAX};
pub use layer::{Delta, Feature, LayerBuilder, LayerError, PreparedLayer};
pub use value::Value;

/// Bits of an extent.
fn extent_bits(extent: u32) -> u32 {
    extent.clamp(256, 16_384).next_power_of_two().trailing_zeros()
}
