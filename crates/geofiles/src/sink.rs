//! A file of one layer being written, feature by feature.

use std::borrow::Cow;
use std::path::Path;

use crate::loss::Losses;
use crate::problem::{Fatal, Halt, Problem, Trouble};
use crate::shapes::is_finite;
use crate::{Feature, Field, Format, GeometryKind, Loss, LossKind, Reason, Srs, Value};
use crate::{flatgeobuf, geojson, gpkg, gpx, kml, shapefile, table};

/// What a format's writer does.
pub trait Push: Send {
    fn push(&mut self, feature: &Feature, losses: &mut Losses) -> Result<(), Halt>;
    /// Makes the file whole. Without it, what stands at the path is no file of the format.
    fn finish(self: Box<Self>, losses: &mut Losses) -> Result<(), Fatal>;
}

/// What a file is to become.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// The layer's, for formats that have a place for it.
    pub name: &'a str,
    pub fields: &'a [Field],
    pub srs: &'a Srs,
    pub kind: GeometryKind,
    pub about: &'a About,
}

/// What a file tells people of its layer. GeoPackage, FlatGeobuf, KML, GPX and GeoJSON have a place for it; beside a zipped
/// Shapefile it stands as a text; a table has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub title: String,
    /// What it is, whose, from where, under which licence; in lines.
    pub text: String,
}

impl About {
    pub fn is_empty(&self) -> bool {
        self.title.is_empty() && self.text.is_empty()
    }
}

pub struct Sink {
    format: Format,
    push: Box<dyn Push>,
    fields: Vec<Field>,
    losses: Losses,
    position: u64,
}

impl Sink {
    /// Begins a file at `path`; what stood there is replaced. A Shapefile becomes a zip if the path ends so, else a
    /// folder. The layer is called as the file.
    pub fn create(path: &Path, format: Format, fields: &[Field], srs: &Srs, kind: GeometryKind) -> Result<Self, Fatal> {
        let name = crate::source::stem(path);
        Self::create_named(path, format, &name, fields, srs, kind)
    }

    /// The same with a name of its own for the layer, for formats that have a place for it.
    pub fn create_named(
        path: &Path,
        format: Format,
        name: &str,
        fields: &[Field],
        srs: &Srs,
        kind: GeometryKind,
    ) -> Result<Self, Fatal> {
        Self::begin(path, format, &Plan { name, fields, srs, kind, about: &About::default() })
    }

    /// The same with all that is to be said of the layer.
    pub fn begin(path: &Path, format: Format, plan: &Plan<'_>) -> Result<Self, Fatal> {
        let mut losses = Losses::default();
        let push = match format {
            Format::GeoJson | Format::GeoJsonSeq => geojson::create(path, format, plan)?,
            Format::GeoPackage => gpkg::create(path, plan)?,
            Format::Shapefile => shapefile::create(path, plan, &mut losses)?,
            Format::FlatGeobuf => flatgeobuf::create(path, plan, &mut losses)?,
            Format::Csv => table::create(path, plan, &mut losses)?,
            Format::Kml | Format::Kmz => kml::create(path, format, plan, &mut losses)?,
            Format::Gpx => gpx::create(path, plan)?,
            Format::OsmPbf => return Err(Fatal::NotWritten { format }),
        };
        Ok(Self { format, push, fields: plan.fields.to_vec(), losses, position: 0 })
    }

    /// Writes one feature. Behind [`Problem::Feature`] nothing of it stands in the file and the next may follow.
    pub fn write(&mut self, feature: &Feature) -> Result<(), Problem> {
        self.position += 1;
        let outcome = self.checked(feature);
        outcome.map_err(|halt| match halt {
            Halt::File(fatal) => fatal.into(),
            Halt::Feature { id, reason } => {
                let id = id.or_else(|| feature.id.as_ref().map(ToString::to_string));
                Trouble { position: self.position, id, reason }.into()
            }
        })
    }

    fn checked(&mut self, feature: &Feature) -> Result<(), Halt> {
        if feature.geometry.as_ref().is_some_and(|geometry| !is_finite(geometry)) {
            return Err(Reason::NotFinite.into());
        }
        let feature = self.fitted(feature);
        self.push.push(&feature, &mut self.losses)
    }

    /// Every writer may rely on a value being null or of its field's kind.
    fn fitted<'a>(&mut self, feature: &'a Feature) -> Cow<'a, Feature> {
        let misfit = |(value, field): (&Value, &Field)| value.kind().is_some_and(|kind| kind != field.kind);
        if !feature.properties.iter().zip(&self.fields).any(misfit) {
            return Cow::Borrowed(feature);
        }
        let mut feature = feature.clone();
        for (value, field) in feature.properties.iter_mut().zip(&self.fields) {
            *value = std::mem::take(value).fit(field.kind).unwrap_or_else(|_| {
                self.losses.add(LossKind::Mismatch, Some(&field.name));
                Value::Null
            });
        }
        Cow::Owned(feature)
    }

    pub fn format(&self) -> Format {
        self.format
    }

    pub fn losses(&self) -> &[Loss] {
        self.losses.all()
    }

    /// Ends the file and says what it could not carry. It is handed to the system, not forced onto the disk.
    pub fn finish(mut self) -> Result<Vec<Loss>, Fatal> {
        self.push.finish(&mut self.losses)?;
        Ok(self.losses.all().to_vec())
    }
}

/// The values of a feature, one for each field; absent ones are null.
pub fn values<'a>(feature: &'a Feature, fields: &'a [Field]) -> impl Iterator<Item = (&'a Field, &'a Value)> {
    fields.iter().zip(feature.properties.iter().chain(std::iter::repeat(&Value::Null)))
}
