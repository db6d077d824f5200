//! A collection read from its file without holding it: the members around `features` are looked at, the features come one
//! by one. Several collections, features or shapes one after the other in a file are read too.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;

use super::feature;
use super::scan::{Kept, Scanner};
use crate::infer::{Column, Raw};
use crate::loss::Losses;
use crate::problem::Halt;
use crate::{Fatal, Feature, Format, Limits, Loss, Reason, Srs};

/// Names of properties in the order they were first met.
#[derive(Default)]
pub struct Columns {
    list: Vec<Column>,
    places: HashMap<Arc<str>, usize>,
}

impl Columns {
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Features mostly repeat the order of the one before, so the expected place is tried first. None if there are too
    /// many names.
    pub fn place(&mut self, name: &str, expected: usize, most: usize) -> Option<usize> {
        if self.list.get(expected).is_some_and(|column| *column.name == *name) {
            return Some(expected);
        }
        if let Some(place) = self.places.get(name) {
            return Some(*place);
        }
        let place = self.list.len();
        if place >= most {
            return None;
        }
        let name: Arc<str> = name.into();
        self.list.push(Column { name: name.clone(), declared: None, textual: false });
        self.places.insert(name, place);
        Some(place)
    }

    pub fn list(&self) -> &[Column] {
        &self.list
    }
}

enum State {
    /// Between objects.
    Outside,
    /// Within the object of a collection, before its features or behind them.
    Object {
        features_seen: bool,
    },
    Features,
}

pub struct Collection {
    scanner: Scanner<BufReader<File>>,
    state: State,
    /// Members beside the features, in case the object is a feature itself.
    head: Vec<u8>,
    feature: Vec<u8>,
    limits: Limits,
    columns: Columns,
    losses: Losses,
    name: Option<String>,
    srs: Option<Srs>,
}

impl Collection {
    pub fn new(file: File, limits: &Limits) -> Self {
        Self {
            scanner: Scanner::new(BufReader::with_capacity(256 << 10, file)),
            state: State::Outside,
            head: Vec::new(),
            feature: Vec::new(),
            limits: limits.clone(),
            columns: Columns::default(),
            losses: Losses::default(),
            name: None,
            srs: None,
        }
    }

    fn broken(&self, why: &str) -> Fatal {
        Fatal::broken(Format::GeoJson, format!("byte {}", self.scanner.offset()), why)
    }

    fn peek(&mut self) -> Result<Option<u8>, Fatal> {
        self.scanner.peek().map_err(Fatal::io("read the GeoJSON"))
    }

    /// One value appended to `into`.
    fn value(&mut self, mut into: Vec<u8>) -> Result<(Vec<u8>, Kept), Fatal> {
        let most = self.limits.feature_bytes;
        let kept = self.scanner.value(&mut into, most).map_err(Fatal::io("read the GeoJSON"))?;
        if kept == Kept::Cut {
            return Err(self.broken("the file ends within a value"));
        }
        Ok((into, kept))
    }

    /// The next member of an object; a feature if the object turns out to be one.
    fn member(&mut self, features_seen: bool) -> Result<Option<Feature>, Halt> {
        match self.peek()? {
            Some(b',') => self.scanner.bump(),
            Some(b'}') => {
                self.scanner.bump();
                self.state = State::Outside;
                let mut object = std::mem::take(&mut self.head);
                if features_seen {
                    return Ok(None);
                }
                object.push(b'}');
                return self.read(&object).map(Some);
            }
            Some(b'"') => self.named_member(features_seen)?,
            Some(_) => return Err(self.broken("a member must begin with its name").into()),
            None => return Err(self.broken("the file ends within an object").into()),
        }
        Ok(None)
    }

    fn named_member(&mut self, features_seen: bool) -> Result<(), Halt> {
        let (key, _) = self.value(Vec::new())?;
        let name: String = serde_json::from_slice(&key).map_err(|_| self.broken("a name is no text"))?;
        if self.peek()? != Some(b':') {
            return Err(self.broken("`:` must follow a name").into());
        }
        self.scanner.bump();
        let first = self.peek()?;
        if name == "features" && first == Some(b'[') {
            self.scanner.bump();
            self.state = State::Features;
            return Ok(());
        }
        if matches!(first, Some(b'}' | b']' | b',') | None) {
            return Err(self.broken("a value is missing").into());
        }
        let (value, kept) = self.value(Vec::new())?;
        if kept == Kept::TooLarge || self.head.len() + value.len() > self.limits.feature_bytes {
            if features_seen {
                return Ok(());
            }
            return Err(self.broken("a member beside the features is too long").into());
        }
        match name.as_str() {
            "name" => self.name = serde_json::from_slice(&value).ok().filter(|name: &String| !name.is_empty()),
            "crs" => self.srs = named_crs(&value),
            _ => {}
        }
        self.head.push(if self.head.is_empty() { b'{' } else { b',' });
        self.head.extend_from_slice(&key);
        self.head.push(b':');
        self.head.extend_from_slice(&value);
        Ok(())
    }

    fn read(&mut self, json: &[u8]) -> Result<Feature, Halt> {
        let json = if json.starts_with(b"{") { json } else { b"{}" };
        feature::read(json, &self.limits, &mut self.columns, &mut self.losses)
    }

    /// The next of the features, or none at the end of their list.
    fn listed(&mut self) -> Result<Option<Feature>, Halt> {
        loop {
            match self.peek()? {
                Some(b',') => self.scanner.bump(),
                Some(b']') => {
                    self.scanner.bump();
                    self.state = State::Object { features_seen: true };
                    return Ok(None);
                }
                Some(b'}' | b':') => return Err(self.broken("a feature must stand here").into()),
                Some(_) => break,
                None => return Err(self.broken("the file ends within the list of features").into()),
            }
        }
        let mut buffer = std::mem::take(&mut self.feature);
        buffer.clear();
        let (buffer, kept) = self.value(buffer)?;
        let outcome = match kept {
            Kept::TooLarge => Err(Reason::TooLarge { max: self.limits.feature_bytes }.into()),
            _ => feature::read(&buffer, &self.limits, &mut self.columns, &mut self.losses),
        };
        self.feature = buffer;
        outcome.map(Some)
    }
}

/// `{"type": "name", "properties": {"name": "urn:…"}}`, which the standard of 2008 had and programs still write.
fn named_crs(json: &[u8]) -> Option<Srs> {
    let crs: serde_json::Value = serde_json::from_slice(json).ok()?;
    Some(Srs::from_name(crs.pointer("/properties/name")?.as_str()?))
}

impl Raw for Collection {
    fn pull(&mut self) -> Result<Option<Feature>, Halt> {
        loop {
            let found = match self.state {
                State::Outside => match self.peek()? {
                    None => return Ok(None),
                    Some(b'{') => {
                        self.scanner.bump();
                        self.head.clear();
                        self.state = State::Object { features_seen: false };
                        None
                    }
                    Some(_) => return Err(self.broken("an object must stand here").into()),
                },
                State::Object { features_seen } => self.member(features_seen)?,
                State::Features => self.listed()?,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    fn columns(&self) -> &[Column] {
        self.columns.list()
    }

    fn losses(&self) -> &[Loss] {
        self.losses.all()
    }

    fn name(&self) -> Option<String> {
        self.name.clone()
    }

    /// Without a word about it longitude and latitude on WGS 84 (RFC 7946, section 4).
    fn srs(&self) -> Srs {
        self.srs.clone().unwrap_or_else(Srs::wgs84)
    }
}
