//! FlatGeobuf, version 3. The crate `flatgeobuf` knows the tables, checks them and packs the index; cutting the file into
//! features is done here, because the crate allocates what a length field says (up to 4 GB) and asserts on an index it
//! does not like, and so is writing ([`flat`]).

mod flat;
mod geometry;
mod properties;
mod read;
mod shape;
mod write;

use std::path::Path;

use flatgeobuf::GeometryType;

use crate::loss::Losses;
use crate::sink::{Plan, Push};
use crate::source::Opened;
use crate::{Fatal, Format, GeometryKind, LayerInfo, Options};

fn broken(at: impl ToString, why: impl ToString) -> Fatal {
    Fatal::broken(Format::FlatGeobuf, at, why)
}

pub fn layer(path: &Path, options: &Options) -> Result<LayerInfo, Fatal> {
    Ok(open(path, options)?.info)
}

pub fn open(path: &Path, options: &Options) -> Result<Opened, Fatal> {
    read::open(path, options)
}

pub fn create(path: &Path, plan: &Plan<'_>, losses: &mut Losses) -> Result<Box<dyn Push>, Fatal> {
    Ok(Box::new(write::Writer::create(path, plan, losses)?))
}

fn kind_of_type(kind: GeometryType) -> GeometryKind {
    match kind {
        GeometryType::Point => GeometryKind::Point,
        GeometryType::LineString => GeometryKind::Line,
        GeometryType::Polygon => GeometryKind::Polygon,
        GeometryType::MultiPoint => GeometryKind::MultiPoint,
        GeometryType::MultiLineString => GeometryKind::MultiLine,
        GeometryType::MultiPolygon => GeometryKind::MultiPolygon,
        GeometryType::GeometryCollection => GeometryKind::Collection,
        _ => GeometryKind::Any,
    }
}

fn type_of_kind(kind: GeometryKind) -> GeometryType {
    match kind {
        GeometryKind::Point => GeometryType::Point,
        GeometryKind::Line => GeometryType::LineString,
        GeometryKind::Polygon => GeometryType::Polygon,
        GeometryKind::MultiPoint => GeometryType::MultiPoint,
        GeometryKind::MultiLine => GeometryType::MultiLineString,
        GeometryKind::MultiPolygon => GeometryType::MultiPolygon,
        GeometryKind::None | GeometryKind::Collection | GeometryKind::Any => GeometryType::Unknown,
    }
}
