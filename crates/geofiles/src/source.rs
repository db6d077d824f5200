//! Layers of a file, and one layer feature by feature.

use std::fs::File;
use std::path::Path;

use crate::format::{Format, recognise};
use crate::problem::{Fatal, Halt, Problem, Trouble};
use crate::{Feature, Field, GeometryKind, Inference, LayerInfo, Limits, Loss, Srs};
use crate::{flatgeobuf, geojson, gpkg, gpx, kml, osm, shapefile, table};

#[derive(Clone, Debug, Default)]
pub struct Options {
    pub limits: Limits,
    pub inference: Inference,
    /// Which columns of a table are the place; by their names if not given.
    pub csv: Option<CsvColumns>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CsvColumns {
    /// Kinh độ, vĩ độ (or easting and northing).
    Point {
        x: String,
        y: String,
    },
    Wkt(String),
    /// A table without places.
    None,
}

/// What is read of a layer, one feature after the other.
pub trait Pull: Send {
    fn pull(&mut self) -> Result<Option<Feature>, Halt>;
    /// May grow while reading, where a format declares no fields.
    fn fields(&self) -> &[Field];
    fn losses(&self) -> &[Loss];
}

pub struct Opened {
    pub pull: Box<dyn Pull>,
    pub info: LayerInfo,
}

/// The layers of a file. Formats that declare nothing are read through once.
pub fn layers(path: &Path, options: &Options) -> Result<Vec<LayerInfo>, Fatal> {
    let format = checked(path, options)?;
    match format {
        Format::GeoJson | Format::GeoJsonSeq => Ok(vec![geojson::layer(path, format, options)?]),
        Format::GeoPackage => gpkg::layers(path, options),
        Format::Shapefile => shapefile::layers(path, options),
        Format::FlatGeobuf => Ok(vec![flatgeobuf::layer(path, options)?]),
        Format::Csv => Ok(vec![table::layer(path, options)?]),
        Format::Kml | Format::Kmz => Ok(vec![kml::layer(path, format, options)?]),
        Format::Gpx => gpx::layers(path, options),
        Format::OsmPbf => Ok(osm::layers()),
    }
}

/// Opens a layer; the first if none is named. The name is not looked at where a format holds one layer only.
pub fn open(path: &Path, layer: Option<&str>, options: &Options) -> Result<Source, Fatal> {
    let format = checked(path, options)?;
    let opened = match format {
        Format::GeoJson | Format::GeoJsonSeq => geojson::open(path, format, options),
        Format::GeoPackage => gpkg::open(path, layer, options),
        Format::Shapefile => shapefile::open(path, layer, options),
        Format::FlatGeobuf => flatgeobuf::open(path, options),
        Format::Csv => table::open(path, options),
        Format::Kml | Format::Kmz => kml::open(path, format, options),
        Format::Gpx => gpx::open(path, layer, options),
        Format::OsmPbf => osm::open(path, layer, options),
    }?;
    Ok(Source { format, opened, features_max: options.limits.features, position: 0, done: false })
}

fn checked(path: &Path, options: &Options) -> Result<Format, Fatal> {
    let about = std::fs::metadata(path).map_err(Fatal::io("look at the file"))?;
    let max = options.limits.file_bytes;
    if about.is_file() && about.len() > max {
        return Err(Fatal::FileTooLarge { bytes: about.len(), max });
    }
    recognise(path).ok_or(Fatal::UnknownFormat)
}

pub fn open_file(path: &Path) -> Result<File, Fatal> {
    File::open(path).map_err(Fatal::io("open the file"))
}

/// The name of a layer in a file that gives it none.
pub fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(|| "layer".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// The layer that is meant among those a file has.
pub fn pick<'a, T>(there: &'a [T], name: impl Fn(&T) -> &str, wanted: Option<&str>) -> Result<&'a T, Fatal> {
    let found = match wanted {
        None => there.first(),
        Some(wanted) => there.iter().find(|layer| name(layer) == wanted),
    };
    found.ok_or_else(|| Fatal::NoLayer {
        name: wanted.unwrap_or("at all").to_owned(),
        there: if there.is_empty() { "none".into() } else { there.iter().map(&name).collect::<Vec<_>>().join(", ") },
    })
}

/// A layer being read: an iterator over its features. Behind [`Problem::Feature`] it goes on, behind [`Problem::File`]
/// there is nothing more.
pub struct Source {
    format: Format,
    opened: Opened,
    features_max: u64,
    position: u64,
    done: bool,
}

impl Source {
    pub fn format(&self) -> Format {
        self.format
    }

    pub fn name(&self) -> &str {
        &self.opened.info.name
    }

    /// What is known so far: complete where the format declares it or [`Inference::Whole`] has looked.
    pub fn info(&self) -> &LayerInfo {
        &self.opened.info
    }

    pub fn kind(&self) -> GeometryKind {
        self.opened.info.kind
    }

    pub fn srs(&self) -> &Srs {
        &self.opened.info.srs
    }

    /// A value is of its field's kind, null, or counted as [`crate::LossKind::Mismatch`]. The list may grow while reading
    /// where it was not inferred from the whole file.
    pub fn fields(&self) -> &[Field] {
        self.opened.pull.fields()
    }

    /// What was left out so far.
    pub fn losses(&self) -> &[Loss] {
        self.opened.pull.losses()
    }
}

impl Iterator for Source {
    type Item = Result<Feature, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let pulled = self.opened.pull.pull();
        if matches!(pulled, Ok(None)) {
            self.done = true;
            return None;
        }
        self.position += 1;
        if self.position > self.features_max {
            self.done = true;
            return Some(Err(Fatal::TooManyFeatures { max: self.features_max }.into()));
        }
        match pulled {
            Ok(feature) => feature.map(Ok),
            Err(Halt::Feature { id, reason }) => Some(Err(Trouble { position: self.position, id, reason }.into())),
            Err(Halt::File(fatal)) => {
                self.done = true;
                Some(Err(fatal.into()))
            }
        }
    }
}
