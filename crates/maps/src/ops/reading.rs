//! The reading half of an import: file → features that fit the layer, in batches, on a thread of its own while the
//! batches before are being written.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};
use songhan_geo::crs::Crs;
use songhan_geofiles::{Feature, Problem, Source, Value};

use crate::edit::area;
use crate::layer::{Attribute, Kind, Layer};
use crate::properties;
use crate::shape::{self, Placed};
use crate::store::bases::Trouble;

/// Features in one commit.
pub const BATCH: usize = 2_000;

/// A feature that fits its layer.
pub struct Fit {
    pub placed: Option<Placed>,
    pub properties: String,
    pub area: Option<String>,
}

/// Some features of the file, and what was wrong with others.
#[derive(Default)]
pub struct Batch {
    pub read: i64,
    pub fits: Vec<Fit>,
    pub troubles: Vec<Trouble>,
}

/// Takes features out of a file.
pub struct Reader<'a> {
    layer: &'a Layer,
    source: Source,
    crs: Crs,
    /// For each attribute of the layer, the field of the file.
    columns: Vec<Option<usize>>,
    /// How many fields are known so far: formats that declare none bring them on the way.
    fields: usize,
    position: i64,
}

impl<'a> Reader<'a> {
    pub fn new(layer: &'a Layer, source: Source, crs: Crs) -> Self {
        let (columns, fields) = (columns(layer, &source), source.fields().len());
        Self { columns, fields, layer, source, crs, position: 0 }
    }

    /// The next batch; an empty one is the end.
    pub fn batch(&mut self) -> Result<Batch, songhan_geofiles::Fatal> {
        let mut batch = Batch::default();
        while batch.read < BATCH as i64 {
            let Some(next) = self.source.next() else { break };
            self.position += 1;
            batch.read += 1;
            if self.source.fields().len() != self.fields {
                self.fields = self.source.fields().len();
                self.columns = columns(self.layer, &self.source);
            }
            match next {
                Ok(feature) => self.take(&feature, &mut batch),
                Err(Problem::Feature(trouble)) => {
                    batch.troubles.push(self.trouble(true, trouble.id.clone(), trouble.reason.to_string()));
                }
                Err(Problem::File(fatal)) => return Err(fatal),
            }
        }
        Ok(batch)
    }

    fn take(&self, feature: &Feature, batch: &mut Batch) {
        let name = feature.id.as_ref().map(ToString::to_string);
        let mut said = Vec::new();
        let properties = match self.properties(feature, &mut said) {
            Ok(properties) => properties,
            Err(refused) => return batch.troubles.push(self.trouble(true, name, refused)),
        };
        let geometry = match feature.geometry.as_ref().map(|geometry| self.crs.geometry_to_wgs84(geometry)).transpose()
        {
            Ok(geometry) => geometry,
            Err(error) => return batch.troubles.push(self.trouble(true, name, error.to_string())),
        };
        match shape::fit(self.layer, geometry) {
            Ok(fitted) => {
                said.extend(fitted.repaired);
                if !said.is_empty() {
                    batch.troubles.push(self.trouble(false, name, said.join("; ")));
                }
                let area = area(self.layer, &properties);
                let properties = Json::Object(properties).to_string();
                batch.fits.push(Fit { placed: fitted.placed, properties, area });
            }
            Err(error) => batch.troubles.push(self.trouble(true, name, error.message)),
        }
    }

    /// The attributes in the layer's order. A value that does not fit is left out and said, a required one refuses the
    /// feature.
    fn properties(&self, feature: &Feature, said: &mut Vec<String>) -> Result<Map<String, Json>, String> {
        let mut kept = Map::new();
        for (attribute, column) in self.layer.attributes.iter().zip(&self.columns) {
            let value = column.and_then(|column| feature.properties.get(column));
            let value = value.map_or(Json::Null, |value| json(attribute.kind, value));
            match fitted(attribute, &value) {
                Ok(Some(value)) => drop(kept.insert(attribute.name.clone(), value)),
                Ok(None) if attribute.required => {
                    return Err(format!("{} is required and has no value", attribute.name));
                }
                Ok(None) => {}
                Err(what) if attribute.required => return Err(what),
                Err(what) => said.push(format!("left out: {what}")),
            }
        }
        Ok(kept)
    }

    fn trouble(&self, refused: bool, name: Option<String>, what: String) -> Trouble {
        // Both may repeat what stands in the file, and no database takes a NUL.
        let clean = |text: String| if text.contains('\0') { text.replace('\0', "") } else { text };
        Trouble { position: self.position, refused, name: name.map(clean), what: clean(what) }
    }
}

fn fitted(attribute: &Attribute, value: &Json) -> Result<Option<Json>, String> {
    if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
        return Ok(None);
    }
    properties::fit(attribute, value).map(Some)
}

/// By name, small and capital letters alike; by the short name too under which a Shapefile holds it.
fn columns(layer: &Layer, source: &Source) -> Vec<Option<usize>> {
    let there: HashMap<String, usize> =
        source.fields().iter().enumerate().map(|(at, field)| (field.name.to_lowercase(), at)).collect();
    let names: Vec<&str> = layer.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    let short = songhan_geofiles::column_names(&names);
    let by_name = |(name, short): (&&str, &String)| there.get(*name).or_else(|| there.get(short)).copied();
    names.iter().zip(&short).map(by_name).collect()
}

fn json(kind: Kind, value: &Value) -> Json {
    match value {
        // Of formats that have texts alone: what is whole stays so.
        Value::Text(text) if kind == Kind::Number => {
            text.trim().parse::<i64>().map_or_else(|_| Json::String(text.clone()), Json::from)
        }
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Number(value) => Json::from(*value),
        Value::Text(value) => Json::String(value.clone()),
        Value::Date(value) => Json::String(value.to_string()),
        Value::Timestamp(value) => Json::String(value.to_string()),
        Value::Json(value) => Json::String(value.to_string()),
    }
}
