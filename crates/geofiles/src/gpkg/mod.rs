//! GeoPackage (OGC 12-128r18): a SQLite database with feature tables. A database from outside is hostile input: it is
//! opened without leave to write, run functions or follow views, and only its plain tables are read.

mod blob;
mod read;
mod store;
mod write;

use std::path::Path;

use crate::sink::{Plan, Push};
use crate::source::{Opened, pick};
use crate::{Fatal, Format, GeometryKind, LayerInfo, Options};

fn fatal(error: rusqlite::Error) -> Fatal {
    Fatal::broken(Format::GeoPackage, "its database", error)
}

pub fn layers(path: &Path, options: &Options) -> Result<Vec<LayerInfo>, Fatal> {
    let db = store::Db::open(path)?;
    let tables = db.tables(&options.limits)?;
    Ok(tables.into_iter().map(|table| table.info).collect())
}

pub fn open(path: &Path, layer: Option<&str>, options: &Options) -> Result<Opened, Fatal> {
    let db = store::Db::open(path)?;
    let tables = db.tables(&options.limits)?;
    let table = pick(&tables, |table| &table.info.name, layer)?.clone();
    let info = table.info.clone();
    Ok(Opened { pull: Box::new(read::Reader::new(db, table, &options.limits)), info })
}

pub fn create(path: &Path, plan: &Plan<'_>) -> Result<Box<dyn Push>, Fatal> {
    Ok(Box::new(write::Writer::create(path, plan)?))
}

/// OGC 12-128r18, annex E.
fn kind_of_name(name: &str) -> GeometryKind {
    match name.to_ascii_uppercase().as_str() {
        "POINT" => GeometryKind::Point,
        "LINESTRING" => GeometryKind::Line,
        "POLYGON" => GeometryKind::Polygon,
        "MULTIPOINT" => GeometryKind::MultiPoint,
        "MULTILINESTRING" => GeometryKind::MultiLine,
        "MULTIPOLYGON" => GeometryKind::MultiPolygon,
        "GEOMETRYCOLLECTION" => GeometryKind::Collection,
        _ => GeometryKind::Any,
    }
}

fn name_of_kind(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "POINT",
        GeometryKind::Line => "LINESTRING",
        GeometryKind::Polygon => "POLYGON",
        GeometryKind::MultiPoint => "MULTIPOINT",
        GeometryKind::MultiLine => "MULTILINESTRING",
        GeometryKind::MultiPolygon => "MULTIPOLYGON",
        GeometryKind::Collection => "GEOMETRYCOLLECTION",
        GeometryKind::Any | GeometryKind::None => "GEOMETRY",
    }
}
