//! Placemarks one after the other, with what stands in them as attributes.

use std::collections::HashMap;
use std::fs::File;

use super::geometry::{self, SHAPES};
use crate::infer::{Column, Raw};
use crate::limits::Gauge;
use crate::loss::Losses;
use crate::problem::Halt;
use crate::xml::{Token, Xml};
use crate::{Fatal, Feature, FieldKind, Format, Id, Limits, Loss, Reason, Srs, Value};

/// Children of a placemark that are attributes of every KML.
const PLAIN: [&str; 4] = ["name", "description", "address", "phoneNumber"];

pub struct Reader {
    xml: Xml,
    limits: Limits,
    losses: Losses,
    columns: Vec<Column>,
    places: HashMap<String, usize>,
    /// Kinds that a schema declares (clause 9.8), by name.
    declared: HashMap<String, FieldKind>,
    /// Names of the folders around, with the depth of their elements.
    folders: Vec<(usize, String)>,
    /// The first document's name.
    title: Option<String>,
}

impl Reader {
    pub fn new(file: File, format: Format, limits: &Limits) -> Self {
        Self {
            xml: Xml::new(file, format, limits),
            limits: limits.clone(),
            losses: Losses::default(),
            columns: Vec::new(),
            places: HashMap::new(),
            declared: HashMap::new(),
            folders: Vec::new(),
            title: None,
        }
    }

    /// Goes on to the next placemark; false at the end of the file.
    fn seek(&mut self) -> Result<bool, Fatal> {
        loop {
            self.xml.begin_part();
            let Some(token) = self.xml.next()? else { return Ok(false) };
            match token {
                Token::Text(_) => {}
                Token::End => {
                    let depth = self.xml.depth();
                    self.folders.retain(|(folder, _)| *folder <= depth);
                }
                Token::Start(name) => match name.as_str() {
                    "Placemark" => return Ok(true),
                    "Folder" => self.folders.push((self.xml.depth(), String::new())),
                    "kml" | "Document" => {}
                    "Schema" => self.schema()?,
                    "name" => self.title()?,
                    _ => self.xml.skip_to_end_of(self.xml.depth())?,
                },
            }
        }
    }

    /// The name of the folder or document around.
    fn title(&mut self) -> Result<(), Fatal> {
        let around = self.xml.depth() - 1;
        let text = self.xml.text(self.limits.text_bytes)?.unwrap_or_default().trim().to_owned();
        match self.folders.last_mut() {
            Some((depth, name)) if *depth == around => *name = text,
            _ if self.title.is_none() && !text.is_empty() => self.title = Some(text),
            _ => {}
        }
        Ok(())
    }

    fn schema(&mut self) -> Result<(), Fatal> {
        let floor = self.xml.depth();
        while self.xml.depth() >= floor {
            match self.xml.next()? {
                Some(Token::Start(name)) if name == "SimpleField" => {
                    let kind = match self.xml.attribute("type").unwrap_or_default().as_str() {
                        "int" | "uint" | "short" | "ushort" => FieldKind::Int,
                        "float" | "double" => FieldKind::Number,
                        "bool" => FieldKind::Bool,
                        _ => FieldKind::Text,
                    };
                    if let Some(name) = self.xml.attribute("name").filter(|_| self.declared.len() < self.limits.fields)
                    {
                        self.declared.insert(name, kind);
                    }
                    self.xml.skip()?;
                }
                Some(Token::Start(_)) => self.xml.skip()?,
                Some(_) => {}
                None => break,
            }
        }
        Ok(())
    }

    fn set(&mut self, name: &str, text: Option<String>, values: &mut Vec<Value>) -> Result<(), Reason> {
        let place = match self.places.get(name) {
            Some(place) => *place,
            None if self.columns.len() >= self.limits.fields => {
                return Err(Reason::TooManyFields { max: self.limits.fields });
            }
            None => {
                let declared = self.declared.get(name).copied();
                self.columns.push(Column { name: name.into(), declared, textual: true });
                self.places.insert(name.to_owned(), self.columns.len() - 1);
                self.columns.len() - 1
            }
        };
        let max = self.limits.text_bytes;
        let text = text.ok_or_else(|| Reason::TextTooLong { field: name.to_owned(), max })?;
        if values.len() <= place {
            values.resize(place + 1, Value::Null);
        }
        values[place] = if text.is_empty() { Value::Null } else { Value::Text(text) };
        Ok(())
    }

    fn placemark(&mut self) -> Result<Feature, Halt> {
        let floor = self.xml.depth();
        let mut feature = Feature { id: self.xml.attribute("id").map(Id::Text), ..Feature::default() };
        let id = feature.id.as_ref().map(ToString::to_string);
        let outcome = self.children(floor, &mut feature);
        if let Err(Halt::Feature { reason, .. }) = outcome {
            self.xml.skip_to_end_of(floor)?;
            return Err(Halt::Feature { id, reason });
        }
        outcome.map(|()| feature)
    }

    fn children(&mut self, floor: usize, feature: &mut Feature) -> Result<(), Halt> {
        let mut gauge = Gauge::new(&self.limits);
        feature.properties.resize(self.columns.len(), Value::Null);
        while self.xml.depth() >= floor {
            let name = match self.xml.next()? {
                Some(Token::Start(name)) => name,
                Some(_) => continue,
                None => break,
            };
            let values = &mut feature.properties;
            match name.as_str() {
                shape if SHAPES.contains(&shape) => {
                    feature.geometry = geometry::read(shape, &mut self.xml, &mut gauge)?;
                }
                plain if PLAIN.contains(&plain) => {
                    let text = self.xml.text(self.limits.text_bytes)?;
                    self.set(plain, text, values)?;
                }
                "TimeStamp" | "TimeSpan" => self.times(values)?,
                "ExtendedData" => self.extended(values)?,
                _ => self.xml.skip()?,
            }
        }
        self.losses.gauge(&gauge);
        let folder: Vec<&str> =
            self.folders.iter().map(|(_, name)| name.as_str()).filter(|name| !name.is_empty()).collect();
        if !folder.is_empty() {
            let path = folder.join("/");
            self.set(
                "folder",
                Some(path).filter(|path| path.len() <= self.limits.text_bytes),
                &mut feature.properties,
            )?;
        }
        Ok(())
    }

    fn times(&mut self, values: &mut Vec<Value>) -> Result<(), Halt> {
        let floor = self.xml.depth();
        while self.xml.depth() >= floor {
            match self.xml.next()? {
                Some(Token::Start(name)) if matches!(name.as_str(), "when" | "begin" | "end") => {
                    let text = self.xml.text(self.limits.text_bytes)?;
                    self.set(&name, text, values)?;
                }
                Some(Token::Start(_)) => self.xml.skip()?,
                Some(_) => {}
                None => break,
            }
        }
        Ok(())
    }

    /// `Data` with a `value` in it, or `SimpleData` of a schema (clause 9.2).
    fn extended(&mut self, values: &mut Vec<Value>) -> Result<(), Halt> {
        let floor = self.xml.depth();
        let mut data = String::new();
        while self.xml.depth() >= floor {
            let name = match self.xml.next()? {
                Some(Token::Start(name)) => name,
                Some(_) => continue,
                None => break,
            };
            match name.as_str() {
                "Data" => data = self.xml.attribute("name").unwrap_or_default(),
                "SchemaData" => {}
                "value" | "SimpleData" => {
                    let own =
                        if name == "value" { data.clone() } else { self.xml.attribute("name").unwrap_or_default() };
                    let text = self.xml.text(self.limits.text_bytes)?;
                    self.set(&own, text, values)?;
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }
}

impl Raw for Reader {
    fn pull(&mut self) -> Result<Option<Feature>, Halt> {
        if self.seek()? { self.placemark().map(Some) } else { Ok(None) }
    }

    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn losses(&self) -> &[Loss] {
        self.losses.all()
    }

    fn name(&self) -> Option<String> {
        self.title.clone()
    }

    /// KML knows no other (clause 6.2).
    fn srs(&self) -> Srs {
        Srs::wgs84()
    }
}
