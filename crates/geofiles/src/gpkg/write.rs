//! One table of features written as a package. It has no spatial index: that is an extension which programs add by
//! themselves where they want it, and building it takes longer than the rest.

use std::collections::HashSet;
use std::path::Path;

use rusqlite::types::Value as Sql;

use super::blob;
use super::store::{Draft, NewRow, NewTable};
use crate::layer::Bounds;
use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::shapes::held;
use crate::sink::{Plan, Push, values};
use crate::{Fatal, Feature, Field, Format, GeometryKind, Id, Srs, Value};

const BATCH_ROWS: usize = 1_000;

/// For a system that has no code; beyond those that EPSG gives.
const OWN_SRS_ID: i32 = 1_000_000;

pub struct Writer {
    draft: Draft,
    fields: Vec<Field>,
    renamed: Vec<String>,
    kind: GeometryKind,
    srs_id: i32,
    batch: Vec<NewRow>,
    bounds: Option<Bounds>,
}

impl Writer {
    pub fn create(path: &Path, plan: &Plan<'_>) -> Result<Self, Fatal> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Fatal::io("replace the GeoPackage")(error));
            }
            _ => {}
        }
        let mut taken = HashSet::new();
        let mut renamed = Vec::new();
        let mut columns = Vec::new();
        for field in plan.fields {
            let name = unique(&field.name, &mut taken);
            if name != field.name {
                renamed.push(format!("{} → {name}", field.name));
            }
            columns.push((name, field.kind));
        }
        let (key, geometry) = (unique("fid", &mut taken), unique("geom", &mut taken));
        let name = table_name(plan.name);
        let srs_id = srs_id(plan.srs);
        let draft = Draft::create(
            path,
            &NewTable {
                name: &name,
                key: &key,
                geometry: &geometry,
                columns,
                srs: plan.srs,
                srs_id,
                kind: plan.kind,
                about: plan.about,
            },
        )?;
        let fields = plan.fields.to_vec();
        let batch = Vec::with_capacity(BATCH_ROWS);
        Ok(Self { draft, fields, renamed, kind: plan.kind, srs_id, batch, bounds: None })
    }

    fn flush(&mut self, losses: &mut Losses) -> Result<(), Fatal> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH_ROWS));
        for _ in 0..self.draft.insert(batch, self.kind != GeometryKind::None)? {
            losses.add(LossKind::Id, None);
        }
        Ok(())
    }
}

/// A name that none of `taken` has, whatever the case: SQLite does not tell cases apart.
fn unique(wanted: &str, taken: &mut HashSet<String>) -> String {
    let wanted = if wanted.is_empty() { "field" } else { wanted };
    let mut name = wanted.to_owned();
    let mut number = 1;
    while !taken.insert(name.to_lowercase()) {
        number += 1;
        name = format!("{wanted}_{number}");
    }
    name
}

/// Names that begin so belong to the standard or to SQLite.
fn table_name(wanted: &str) -> String {
    let lower = wanted.to_lowercase();
    let reserved = ["gpkg", "sqlite", "rtree"].iter().any(|prefix| lower.starts_with(prefix));
    if reserved || wanted.is_empty() { format!("layer_{wanted}") } else { wanted.to_owned() }
}

fn srs_id(srs: &Srs) -> i32 {
    match srs.epsg {
        Some(code) => i32::try_from(code).unwrap_or(OWN_SRS_ID),
        None if srs.wkt.is_some() => OWN_SRS_ID,
        None => -1,
    }
}

fn sql(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Bool(yes) => Sql::Integer(i64::from(*yes)),
        Value::Int(int) => Sql::Integer(*int),
        Value::Number(number) => Sql::Real(*number),
        Value::Text(text) => Sql::Text(text.clone()),
        // Milliseconds are what the standard's own text has; more digits are read by programs as well.
        Value::Timestamp(at) if at.subsec_nanosecond() % 1_000_000 == 0 => Sql::Text(format!("{at:.3}")),
        other => Sql::Text(other.clone().into_text()),
    }
}

impl Push for Writer {
    fn push(&mut self, feature: &Feature, losses: &mut Losses) -> Result<(), Halt> {
        let shape = match &feature.geometry {
            Some(geometry) => {
                let geometry = held(geometry, self.kind, Format::GeoPackage)?;
                let bounds = Bounds::of(&geometry);
                if let Some(Bounds { min, max }) = bounds {
                    Bounds::grow(&mut self.bounds, min);
                    Bounds::grow(&mut self.bounds, max);
                }
                Some(blob::write(&geometry, bounds, self.srs_id))
            }
            None => None,
        };
        let key = match feature.id {
            Some(Id::Int(id)) => Some(id),
            Some(Id::Text(_)) => {
                losses.add(LossKind::Id, None);
                None
            }
            None => None,
        };
        for renamed in self.renamed.drain(..) {
            losses.once(LossKind::FieldName, Some(&renamed));
        }
        let row = values(feature, &self.fields).map(|(_, value)| sql(value)).collect();
        self.batch.push((key, shape, row));
        if self.batch.len() == BATCH_ROWS {
            self.flush(losses)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, losses: &mut Losses) -> Result<(), Fatal> {
        self.flush(losses)?;
        self.draft.finish(self.bounds)
    }
}
