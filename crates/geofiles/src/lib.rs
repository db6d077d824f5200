//! Map files read and written feature by feature, with memory bounded: a caller opens a layer and takes one feature at a
//! time, and a file of any size needs no more memory than its largest feature (OpenStreetMap excepted, whose ways point
//! at nodes: see [`osm`](Format::OsmPbf) and [`Limits::osm_nodes`]).
//!
//! | format | read | written | standard |
//! |---|---|---|---|
//! | GeoJSON, and one feature a line | ✓ | ✓ | RFC 7946, RFC 8142 |
//! | GeoPackage | ✓ | ✓ | OGC 12-128r18 |
//! | Shapefile (a folder, a zip, or the `.shp` among its sisters) | ✓ | ✓ | ESRI white paper J-7855, 1998 |
//! | FlatGeobuf | ✓ | ✓ | specification version 3 |
//! | CSV | ✓ | ✓ | RFC 4180, with what spreadsheets make of it |
//! | KML and KMZ | ✓ | ✓ | OGC 12-007r2 |
//! | GPX | ✓ | ✓ | 1.1 |
//! | OpenStreetMap `.osm.pbf` | ✓ | | OSM wiki, PBF format |
//!
//! Coordinates are handed over as they stand in the file, with the reference system that the file names ([`Srs`]); the
//! caller projects. What a format or this crate cannot carry is counted and reported ([`Loss`]), never left out silently.
//! A feature that cannot be read is a [`Trouble`] with its place and reason, and reading goes on behind it; a file that
//! cannot be read further is [`Fatal`].

mod bytes;
mod feature;
mod flatgeobuf;
mod format;
mod geojson;
mod gpkg;
mod gpx;
mod infer;
mod kml;
mod layer;
mod leash;
mod limits;
mod loss;
mod marked;
mod osm;
mod problem;
mod rings;
mod shapefile;
mod shapes;
mod sink;
mod source;
mod srs;
mod table;
mod unzip;
mod value;
pub mod wkb;
pub mod wkt;
mod xml;

pub use feature::{Feature, Field, FieldKind, Id, Value};
pub use format::{Format, recognise};
pub use infer::Inference;
pub use layer::{Bounds, GeometryKind, LayerInfo};
pub use limits::Limits;
pub use loss::{Loss, LossKind};
pub use problem::{Fatal, Problem, Reason, Trouble};
pub use shapefile::column_names;
pub use sink::{About, Plan, Sink};
pub use source::{CsvColumns, Options, Source, layers, open};
pub use srs::Srs;
