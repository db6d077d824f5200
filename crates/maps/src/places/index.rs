//! The words by which the features of one layer are found: which feature has which, in the order of the words, so that the
//! beginning of a word finds it too; and the names in their order, so that the beginning of a name does. Built from the
//! database when the layer is first searched; never changed. What is found is ranked whole and cut afterwards.

use std::collections::{BTreeMap, HashMap};

use geo::{BoundingRect, Centroid, InteriorPoint};
use geo_types::{Coord, Geometry};
use serde_json::{Map, Value};
use songhan_base::Internal;

use super::address::Address;
use super::parlance::Parlance;
use super::spelling::Spelling;
use crate::feature::Feature;
use crate::layer::{Layer, Search};
use crate::shape;

/// What is known of one feature for whoever searches.
#[derive(Default)]
pub struct Entry<'a> {
    pub feature: i64,
    /// The words of each of its names.
    pub names: Vec<Vec<String>>,
    /// The words of its kind and its address.
    pub beside: Vec<String>,
    pub address: Option<Address>,
    pub at: Option<Coord<f64>>,
    pub area: Option<&'a str>,
}

/// A layer's words while they are gathered.
#[derive(Default)]
pub struct Gathering {
    rows: Vec<Row>,
    text: String,
    names: Vec<Name>,
    words: HashMap<Box<str>, Vec<u32>>,
    areas: Vec<Box<str>>,
    area_numbers: HashMap<Box<str>, u32>,
    codes: BTreeMap<Box<str>, i64>,
}

/// One layer's words.
#[derive(Default)]
pub struct Index {
    pub(super) rows: Vec<Row>,
    /// Of each row its folded names between bars, then what is beside them:
    /// `|cau rong|dragon bridge| cau bridge #34/12 le loi|`.
    pub(super) text: String,
    /// In the order of their text.
    pub(super) names: Vec<Name>,
    /// Folded words in their order, each with its ascending rows; numbers of addresses begin with `#`.
    pub(super) words: Vec<(Box<str>, Box<[u32]>)>,
    pub(super) spelling: Spelling,
    /// Codes of the areas whose rights rows are under.
    pub(super) areas: Vec<Box<str>>,
    /// Features by the code of the area that they are.
    codes: BTreeMap<Box<str>, i64>,
}

pub struct Row {
    pub feature: i64,
    /// WGS 84, a metre exact: enough to sort by. Not a number where it has no place.
    at: [f32; 2],
    /// Where its text begins, how long its names are, and what is beside them.
    from: u32,
    pub(super) names: u32,
    beside: u32,
    /// Its place among the areas, from 1; 0 is none.
    pub(super) area: u32,
}

#[derive(Clone, Copy)]
pub struct Name {
    pub row: u32,
    /// Where it begins in the text.
    pub from: u32,
}

impl Row {
    pub fn at(&self) -> Option<Coord<f64>> {
        let [x, y] = self.at.map(f64::from);
        (!x.is_nan()).then_some(Coord { x, y })
    }
}

impl Gathering {
    /// Takes a feature of a layer, if it has anything to be found by.
    pub fn push(
        &mut self,
        layer: &Layer,
        search: &Search,
        parlance: &Parlance,
        feature: &Feature,
    ) -> Result<(), Internal> {
        let known: Map<String, Value> = serde_json::from_str(&feature.properties).map_err(Internal::new)?;
        let text = |name: &String| known.get(name).and_then(Value::as_str).unwrap_or_default();
        if let Some(code) = search.code.as_ref().map(text).filter(|code| !code.is_empty()) {
            self.codes.insert(code.into(), feature.feature);
        }
        let names = search.names.iter().map(|name| parlance.words(text(name)));
        let names: Vec<Vec<String>> = names.filter(|words| !words.is_empty()).collect();
        let kind = search.kind.as_ref().and_then(|kind| {
            let (_, attribute) = layer.attribute(kind)?;
            attribute.domain.iter().find(|domain| domain.code == text(kind))
        });
        let mut beside = Vec::new();
        if let Some(kind) = kind {
            beside.extend(parlance.words(&kind.title.vi));
            beside.extend(parlance.words(kind.title.en.as_deref().unwrap_or_default()));
        }
        let address = search.address.as_ref().map(text).unwrap_or_default();
        beside.extend(parlance.words(address));
        if names.is_empty() && beside.is_empty() {
            return Ok(());
        }
        let placed = feature.geometry.as_deref().map(shape::stored).transpose()?;
        let address = Address::read(address, parlance).filter(|address| !address.street.is_empty());
        let at = placed.and_then(|placed| middle(&placed.geometry));
        self.add(&Entry { feature: feature.feature, names, beside, address, at, area: feature.area.as_deref() })
    }

    pub fn add(&mut self, entry: &Entry<'_>) -> Result<(), Internal> {
        let row = number(self.rows.len())?;
        let from = number(self.text.len())?;
        self.text.push('|');
        for name in &entry.names {
            self.names.push(Name { row, from: number(self.text.len())? });
            self.text.extend([name.join(" ").as_str(), "|"]);
        }
        let names = number(self.text.len())? - from;
        self.text.push(' ');
        for word in &entry.beside {
            self.text.extend([word.as_str(), " "]);
        }
        if let Some(address) = &entry.address {
            let way = format!("#{}", address.number());
            self.text.extend([way.as_str(), " ", address.street.join(" ").as_str(), "|"]);
            self.word(&way, row);
        }
        let beside = number(self.text.len())? - from - names;
        for word in entry.names.iter().flatten().chain(&entry.beside) {
            self.word(word, row);
        }
        let area = match entry.area {
            Some(area) => self.area(area)?,
            None => 0,
        };
        let at = entry.at.map_or([f32::NAN; 2], |at| [at.x as f32, at.y as f32]);
        self.rows.push(Row { feature: entry.feature, at, from, names, beside, area });
        Ok(())
    }

    fn word(&mut self, word: &str, row: u32) {
        match self.words.get_mut(word) {
            Some(rows) if rows.last() == Some(&row) => {}
            Some(rows) => rows.push(row),
            None => {
                self.words.insert(word.into(), vec![row]);
            }
        }
    }

    fn area(&mut self, area: &str) -> Result<u32, Internal> {
        if let Some(known) = self.area_numbers.get(area) {
            return Ok(*known);
        }
        self.areas.push(area.into());
        let number = number(self.areas.len())?;
        self.area_numbers.insert(area.into(), number);
        Ok(number)
    }

    /// The words in their order.
    pub fn finish(self) -> Index {
        let Self { mut rows, mut text, mut names, words, areas, codes, .. } = self;
        // No farther than the row's own names: many rows may have the same.
        let end = |name: &Name| (rows[name.row as usize].from + rows[name.row as usize].names) as usize;
        let key = |name: &Name| (&text.as_bytes()[name.from as usize..end(name)], name.row);
        names.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        let mut words: Vec<(Box<str>, Box<[u32]>)> =
            words.into_iter().map(|(word, rows)| (word, rows.into_boxed_slice())).collect();
        words.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let mut spelling = Spelling::default();
        for (at, (word, _)) in words.iter().enumerate() {
            spelling.push(word, at as u32);
        }
        rows.shrink_to_fit();
        text.shrink_to_fit();
        names.shrink_to_fit();
        Index { rows, text, names, words, spelling, areas, codes }
    }
}

impl Index {
    /// The feature that is an area, by its code.
    pub fn by_code(&self, code: &str) -> Option<i64> {
        self.codes.get(code).copied()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row's names between bars, and what is beside them.
    pub fn text_of(&self, row: &Row) -> (&str, &str) {
        let (from, middle) = (row.from as usize, (row.from + row.names) as usize);
        (&self.text[from..middle], &self.text[middle..middle + row.beside as usize])
    }
}

/// Places and lengths of one layer's text: four billion letters and rows, no more.
fn number(length: usize) -> Result<u32, Internal> {
    u32::try_from(length).map_err(|_| Internal::new("a layer has more words than can be searched"))
}

/// A point that stands for a shape: inside an area, on a line.
pub fn middle(geometry: &Geometry<f64>) -> Option<Coord<f64>> {
    let at = match geometry {
        Geometry::Point(point) => Some(*point),
        Geometry::LineString(line) => line.points().nth(line.0.len() / 2),
        Geometry::MultiLineString(lines) => {
            let longest = lines.iter().max_by_key(|line| line.0.len())?;
            longest.points().nth(longest.0.len() / 2)
        }
        other => other.interior_point().or_else(|| other.centroid()),
    };
    at.map(Into::into).or_else(|| Some(geometry.bounding_rect()?.center()))
}
