//! A table with a byte order mark, so that Excel reads its letters, and commas. Points stand in two columns, other shapes
//! as well-known text in one.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use geo_types::Geometry;

use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::shapes::held;
use crate::sink::{Plan, Push, values};
use crate::{Fatal, Feature, Field, Format, GeometryKind, Value, wkt};

pub struct Writer {
    rows: csv::Writer<BufWriter<File>>,
    fields: Vec<Field>,
    kind: GeometryKind,
    /// Places stand in two columns.
    points: bool,
    cell: String,
}

fn failed(error: impl ToString) -> Fatal {
    Fatal::Io { doing: "write the table", error: std::io::Error::other(error.to_string()) }
}

impl Writer {
    pub fn create(path: &Path, plan: &Plan<'_>, losses: &mut Losses) -> Result<Self, Fatal> {
        if !plan.srs.is_wgs84_or_unknown() {
            losses.once(LossKind::Srs, None);
        }
        let file = File::create(path).map_err(Fatal::io("create the table"))?;
        let mut out = BufWriter::with_capacity(256 << 10, file);
        out.write_all(b"\xef\xbb\xbf").map_err(Fatal::io("write the table"))?;
        let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        let taken = |names: &[&str]| names.iter().any(|name| is_taken(name, plan.fields));
        // Nobody shall take metres for degrees, nor a field for the place.
        let degrees = plan.srs.is_wgs84_or_unknown();
        let (place, points): (&[&str], bool) = match plan.kind {
            GeometryKind::None => (&[], false),
            GeometryKind::Point if degrees && !taken(&["lon", "lat"]) => (&["lon", "lat"], true),
            GeometryKind::Point if !degrees && !taken(&["x", "y"]) => (&["x", "y"], true),
            _ => (&["wkt"], false),
        };
        let place = place.iter().map(|name| free(name, plan.fields)).collect::<Vec<_>>();
        let head = place.iter().map(String::as_str).chain(plan.fields.iter().map(|field| field.name.as_str()));
        rows.write_record(head).map_err(failed)?;
        Ok(Self { rows, fields: plan.fields.to_vec(), kind: plan.kind, points, cell: String::new() })
    }

    fn place(&mut self, geometry: Option<&Geometry<f64>>) -> Result<(), Fatal> {
        match geometry {
            _ if self.kind == GeometryKind::None => Ok(()),
            Some(Geometry::Point(point)) if self.points => {
                self.rows.write_field(point.x().to_string()).map_err(failed)?;
                self.rows.write_field(point.y().to_string()).map_err(failed)
            }
            _ if self.points => {
                self.rows.write_field("").map_err(failed)?;
                self.rows.write_field("").map_err(failed)
            }
            geometry => {
                self.cell.clear();
                if let Some(geometry) = geometry {
                    wkt::write(geometry, &mut self.cell);
                }
                self.rows.write_field(&self.cell).map_err(failed)
            }
        }
    }
}

/// A name for the place that no field has.
fn free(name: &str, fields: &[Field]) -> String {
    let others = (2..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.to_owned()).chain(others).find(|name| !is_taken(name, fields)).unwrap_or_default()
}

fn is_taken(name: &str, fields: &[Field]) -> bool {
    fields.iter().any(|field| field.name.eq_ignore_ascii_case(name))
}

impl Push for Writer {
    fn push(&mut self, feature: &Feature, losses: &mut Losses) -> Result<(), Halt> {
        let checked = self.points || self.kind == GeometryKind::None;
        let geometry = match &feature.geometry {
            Some(geometry) if checked => Some(held(geometry, self.kind, Format::Csv)?),
            Some(geometry) => Some(crate::shapes::plain(geometry)),
            None => None,
        };
        if feature.id.is_some() {
            losses.add(LossKind::Id, None);
        }
        if geometry.is_none() && feature.properties.iter().all(Value::is_null) {
            losses.add(LossKind::EmptyFeature, None);
        }
        self.place(geometry.as_deref())?;
        for (field, value) in values(feature, &self.fields) {
            match value {
                Value::Text(text) => {
                    if text.is_empty() {
                        losses.add(LossKind::EmptyText, Some(&field.name));
                    }
                    self.rows.write_field(text).map_err(failed)?;
                }
                Value::Null => self.rows.write_field("").map_err(failed)?,
                other => {
                    if matches!(other, Value::Json(_)) {
                        losses.add(LossKind::AsText, Some(&field.name));
                    }
                    self.rows.write_field(other.clone().into_text()).map_err(failed)?;
                }
            }
        }
        self.rows.write_record(None::<&[u8]>).map_err(|error| failed(error).into())
    }

    fn finish(mut self: Box<Self>, _: &mut Losses) -> Result<(), Fatal> {
        self.rows.flush().map_err(Fatal::io("write the table"))
    }
}
