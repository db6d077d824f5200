//! Placemarks one after the other, with what stands in them as attributes.

use std::collections::HashMap;
use std::fs::File;

use super::geometry::{self, SHAPES};
use crate::limits::Gauge;
use crate::marked::{Gathered, Marked};
use crate::problem::Halt;
use crate::xml::{Token, Xml};
use crate::{Fatal, Feature, FieldKind, Format, Id, Limits, Reason, Value};

/// Children of a placemark that are attributes of every KML.
const PLAIN: [&str; 4] = ["name", "description", "address", "phoneNumber"];

pub struct Reader {
    xml: Xml,
    gathered: Gathered,
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
            gathered: Gathered::new(limits),
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
                    "name" => self.called()?,
                    _ => self.xml.skip_to_end_of(self.xml.depth())?,
                },
            }
        }
    }

    /// The name of the folder or document around.
    fn called(&mut self) -> Result<(), Fatal> {
        let around = self.xml.depth() - 1;
        let text = self.xml.text(self.gathered.limits.text_bytes)?.unwrap_or_default().trim().to_owned();
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
                    if let Some(name) =
                        self.xml.attribute("name").filter(|_| self.declared.len() < self.gathered.limits.fields)
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
        self.gathered.set(name, self.declared.get(name).copied(), text, values)
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
        let mut gauge = Gauge::new(&self.gathered.limits);
        feature.properties = self.gathered.row();
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
                    let text = self.xml.text(self.gathered.limits.text_bytes)?;
                    self.set(plain, text, values)?;
                }
                "TimeStamp" | "TimeSpan" => self.times(values)?,
                "ExtendedData" => self.extended(values)?,
                _ => self.xml.skip()?,
            }
        }
        self.gathered.losses.gauge(&gauge);
        let folder: Vec<&str> =
            self.folders.iter().map(|(_, name)| name.as_str()).filter(|name| !name.is_empty()).collect();
        if !folder.is_empty() {
            let path = folder.join("/");
            self.set(
                "folder",
                Some(path).filter(|path| path.len() <= self.gathered.limits.text_bytes),
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
                    let text = self.xml.text(self.gathered.limits.text_bytes)?;
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
                    let text = self.xml.text(self.gathered.limits.text_bytes)?;
                    self.set(&own, text, values)?;
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }
}

impl Marked for Reader {
    fn feature(&mut self) -> Result<Option<Feature>, Halt> {
        if self.seek()? { self.placemark().map(Some) } else { Ok(None) }
    }

    fn gathered(&self) -> &Gathered {
        &self.gathered
    }

    fn title(&self) -> Option<String> {
        self.title.clone()
    }
}
