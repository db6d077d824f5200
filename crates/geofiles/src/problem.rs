//! What can go wrong: with one feature, behind which reading goes on, and with the file.

use std::io;

use crate::Format;

/// One feature that cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("feature {position}{}: {reason}", .id.as_ref().map(|id| format!(" (id {id})")).unwrap_or_default())]
pub struct Trouble {
    /// The how-manieth of the layer, from 1, those that cannot be read included.
    pub position: u64,
    /// Its id, if that much could be read.
    pub id: Option<String>,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error("its shape has more than {max} coordinates; split it")]
    TooManyCoordinates { max: usize },
    #[error("its shape is nested deeper than {max}; flatten it")]
    TooDeep { max: usize },
    #[error("it is longer than {max} bytes; split it")]
    TooLarge { max: usize },
    #[error("field {field} is longer than {max} bytes; shorten it")]
    TextTooLong { field: String, max: usize },
    #[error("it has more than {max} fields; leave some out")]
    TooManyFields { max: usize },
    #[error("a coordinate is not a finite number")]
    NotFinite,
    #[error("its shape cannot be read: {0}")]
    Shape(String),
    #[error("shapes of the kind {0} are not read; convert them to points, lines or polygons")]
    UnknownShape(String),
    #[error("{format} cannot hold a {shape} in this layer")]
    ShapeNotHeld { format: Format, shape: &'static str },
    #[error("field {field} cannot be read: {why}")]
    Field { field: String, why: String },
    #[error("it cannot be read: {0}")]
    Syntax(String),
}

/// The file as a whole cannot be read or written, or not further.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    #[error("{doing}: {error}")]
    Io { doing: &'static str, error: io::Error },
    #[error("the file has {bytes} bytes and {max} are accepted; split it")]
    FileTooLarge { bytes: u64, max: u64 },
    #[error("the zip unpacks to more than {max} bytes or {ratio} times its size; hand in the files themselves")]
    ZipBomb { max: u64, ratio: u64 },
    #[error("the zip cannot be read: {0}")]
    Zip(String),
    #[error(
        "the format of the file is not known; GeoJSON, GeoPackage, Shapefile, FlatGeobuf, CSV, KML, GPX and .osm.pbf are"
    )]
    UnknownFormat,
    #[error("{format} is read, not written; choose another format")]
    NotWritten { format: Format },
    #[error("the file has no layer {name}; it has: {there}")]
    NoLayer { name: String, there: String },
    #[error("the layer has more than {max} features; split it")]
    TooManyFeatures { max: u64 },
    #[error("the layer has more than {max} fields; leave some out")]
    TooManyFields { max: usize },
    #[error("the file needs more than {max} nodes in memory; cut a smaller extract")]
    TooManyNodes { max: usize },
    #[error("read {format}: the file is broken at {at}: {why}")]
    Broken { format: Format, at: String, why: String },
    #[error("the file declares a document type, which is refused; remove the <!DOCTYPE>")]
    Doctype,
    #[error("the Shapefile has no .{0}; hand in .shp, .dbf, .prj and .cpg together, zipped or in one folder")]
    MissingPart(&'static str),
    #[error("the file cannot be read as {format}: {why}")]
    Refused { format: Format, why: String },
    #[error("{format} cannot hold a layer of {what}; choose another format")]
    NotHeld { format: Format, what: String },
}

impl Fatal {
    pub fn io(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { doing, error }
    }

    pub fn broken(format: Format, at: impl ToString, why: impl ToString) -> Self {
        Self::Broken { format, at: at.to_string(), why: why.to_string() }
    }
}

/// What an iteration meets: a feature that is passed over, or the end of the file's usefulness.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error(transparent)]
    Feature(#[from] Trouble),
    #[error(transparent)]
    File(#[from] Fatal),
}

/// As the readers say it; the position is counted by who calls them.
#[derive(Debug)]
pub enum Halt {
    Feature { id: Option<String>, reason: Reason },
    File(Fatal),
}

impl From<Reason> for Halt {
    fn from(reason: Reason) -> Self {
        Self::Feature { id: None, reason }
    }
}

impl From<Fatal> for Halt {
    fn from(fatal: Fatal) -> Self {
        Self::File(fatal)
    }
}
