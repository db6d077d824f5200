//! The words by which the features of one layer are found: which feature has which, in the order of the words, so that the
//! beginning of a word finds it too. Built from the database when the layer is first searched; never changed.

use std::collections::BTreeMap;
use std::ops::Bound;

use geo::{BoundingRect, Centroid, InteriorPoint};
use geo_types::{Coord, Geometry};
use serde_json::{Map, Value};
use songhan_base::{Internal, fold_words};

use super::address::{Address, written_out};
use crate::feature::Feature;
use crate::layer::{Layer, Reach, Search};
use crate::shape;

/// Names and kinds of one feature are no longer than this when they are searched.
const WORDS_MAX: usize = 40;
/// Rows looked at for one question: more than anybody reads, few enough to answer at once.
const LOOKED_AT_MAX: usize = 20_000;
/// Words that a typo is looked for among.
const WORDS_COMPARED_MAX: usize = 400_000;

/// One layer's words.
#[derive(Default)]
pub struct Index {
    rows: Vec<Row>,
    /// Ascending rows of each folded word.
    words: BTreeMap<Box<str>, Vec<u32>>,
    /// Features by the code of the area that they are.
    codes: BTreeMap<Box<str>, i64>,
}

pub struct Row {
    pub feature: i64,
    /// Folded names, each between bars: `|cau rong|dragon bridge|`.
    names: Box<str>,
    /// Folded words of its kind and its address.
    beside: Box<str>,
    pub address: Option<Box<Address>>,
    pub at: Option<Coord<f64>>,
    area: Option<Box<str>>,
}

/// How well a row fits what was typed; more is better.
pub type Fit = i32;

const WHOLE: Fit = 1_000;
const BEGINS: Fit = 800;
const IN_A_ROW: Fit = 600;
const ALL_WORDS: Fit = 400;
const BY_KIND: Fit = 250;
/// What is found by a word that was not typed exactly loses this.
pub const TYPO: Fit = 200;

impl Index {
    pub fn push(&mut self, layer: &Layer, search: &Search, feature: &Feature) -> Result<(), Internal> {
        let known: Map<String, Value> = serde_json::from_str(&feature.properties).map_err(Internal::new)?;
        let text = |name: &String| known.get(name).and_then(Value::as_str).unwrap_or_default();
        if let Some(code) = search.code.as_ref().map(text).filter(|code| !code.is_empty()) {
            self.codes.insert(code.into(), feature.feature);
        }
        let names: Vec<Vec<String>> =
            search.names.iter().map(|name| words(text(name))).filter(|words| !words.is_empty()).collect();
        let kind = search.kind.as_ref().and_then(|kind| {
            let (_, attribute) = layer.attribute(kind)?;
            attribute.domain.iter().find(|domain| domain.code == text(kind))
        });
        let mut beside = Vec::new();
        if let Some(kind) = kind {
            beside.extend(words(&kind.title.vi));
            beside.extend(words(kind.title.en.as_deref().unwrap_or_default()));
        }
        let address = search.address.as_ref().map(text).unwrap_or_default();
        beside.extend(words(address));
        if names.is_empty() && beside.is_empty() {
            return Ok(());
        }
        let row = self.rows.len() as u32;
        for word in names.iter().flatten().chain(&beside) {
            let rows = self.words.entry(word.as_str().into()).or_default();
            if rows.last() != Some(&row) {
                rows.push(row);
            }
        }
        let placed = feature.geometry.as_deref().map(shape::stored).transpose()?;
        self.rows.push(Row {
            feature: feature.feature,
            names: barred(names.iter().map(|name| name.join(" "))),
            beside: format!(" {} ", beside.join(" ")).into(),
            address: Address::read(address).map(Box::new),
            at: placed.and_then(|placed| middle(&placed.geometry)),
            area: feature.area.as_deref().map(Into::into),
        });
        Ok(())
    }

    /// The rows that have all these words, the last of them perhaps only begun, with how well they fit.
    pub fn find<'a>(&'a self, words: &'a [String], reach: &'a Reach) -> Vec<(Fit, &'a Row)> {
        let Some((last, whole)) = words.split_last() else { return Vec::new() };
        // The rarest whole word says where to look; a begun word may be the beginning of very many.
        let rarest = whole
            .iter()
            .filter_map(|word| Some((self.words.get(word.as_str())?, word)))
            .min_by_key(|(rows, _)| rows.len());
        let unknown = whole.iter().any(|word| !self.words.contains_key(word.as_str()));
        if unknown {
            return Vec::new();
        }
        let candidates: Vec<u32> = match rarest {
            Some((rows, _)) => rows.iter().copied().take(LOOKED_AT_MAX).collect(),
            None => self.begun(last).flat_map(|(_, rows)| rows.iter().copied()).take(LOOKED_AT_MAX).collect(),
        };
        let mut seen = Vec::new();
        for row in candidates {
            let found = &self.rows[row as usize];
            if let Some(fit) = found.fit(words).filter(|_| reach.holds(found.area.as_deref())) {
                seen.push((row, fit));
            }
        }
        seen.sort_unstable();
        seen.dedup_by_key(|(row, _)| *row);
        seen.into_iter().map(|(row, fit)| (fit, &self.rows[row as usize])).collect()
    }

    /// The words as this layer knows them: each that it does not know is taken as the nearest it has, one letter away, or
    /// two in a long word. None where a word has no neighbour, or where nothing had to be changed.
    pub fn corrected(&self, words: &[String]) -> Option<Vec<String>> {
        let mut changed = false;
        let mut all = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            let begun = at + 1 == words.len() && self.begun(word).next().is_some();
            if begun || self.words.contains_key(word.as_str()) {
                all.push(word.clone());
                continue;
            }
            changed = true;
            all.push(self.nearest(word)?);
        }
        changed.then_some(all)
    }

    fn nearest(&self, word: &str) -> Option<String> {
        let length = word.chars().count();
        let most = match length {
            0..=2 => return None,
            3..=6 => 1,
            _ => 2,
        };
        let near = self.words.iter().take(WORDS_COMPARED_MAX).filter(|(one, _)| one.len().abs_diff(word.len()) <= most);
        let measured = near.filter_map(|(one, rows)| Some((distance(word, one, most)?, usize::MAX - rows.len(), one)));
        measured.min().map(|(.., one)| one.to_string())
    }

    fn begun<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (&'a Box<str>, &'a Vec<u32>)> {
        let from: (Bound<&str>, Bound<&str>) = (Bound::Included(word), Bound::Unbounded);
        self.words.range::<str, _>(from).take_while(move |(one, _)| one.starts_with(word))
    }

    /// The feature that is an area, by its code.
    pub fn by_code(&self, code: &str) -> Option<i64> {
        self.codes.get(code).copied()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

impl Row {
    fn fit(&self, words: &[String]) -> Option<Fit> {
        let typed = words.join(" ");
        let names = &*self.names;
        let near = |fit: Fit| fit - i32::try_from(names.len().min(60)).unwrap_or(0) / 2;
        if names.contains(&format!("|{typed}|")) {
            return Some(WHOLE);
        }
        if names.contains(&format!("|{typed}")) {
            return Some(near(BEGINS));
        }
        if names.contains(&format!(" {typed}")) {
            return Some(near(IN_A_ROW));
        }
        let (last, whole) = words.split_last()?;
        let has = |text: &str, word: &str, ends: bool| {
            text.match_indices(word).any(|(at, _)| {
                let begins = matches!(text.as_bytes()[..at].last(), None | Some(b' ' | b'|'));
                begins && (!ends || matches!(text.as_bytes().get(at + word.len()), None | Some(b' ' | b'|')))
            })
        };
        let all = |text: &str| has(text, last, false) && whole.iter().all(|word| has(text, word, true));
        if all(names) {
            return Some(near(ALL_WORDS));
        }
        let both = |word: &str, ends| has(names, word, ends) || has(&self.beside, word, ends);
        (both(last, false) && whole.iter().all(|word| both(word, true))).then_some(near(BY_KIND))
    }
}

fn barred(names: impl Iterator<Item = String>) -> Box<str> {
    names.fold(String::from("|"), |all, name| all + &name + "|").into()
}

/// How well names fit what was typed; none where a word is missing.
pub fn fit_of_names(names: &[&str], typed: &[String]) -> Option<Fit> {
    let names = barred(names.iter().map(|&name| name.to_owned()));
    Row { feature: 0, names, beside: "".into(), address: None, at: None, area: None }.fit(typed)
}

/// The words of a text as they are searched: folded, and written out where people shorten them.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold_words(text);
    let all = folded.iter().flat_map(|word| written_out(word).split(' ').map(str::to_owned));
    all.take(WORDS_MAX).collect()
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

/// How many letters must be changed, added or left out; none above `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, one) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let next = (diagonal + usize::from(one != other)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
        if row.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(names: &str, beside: &str) -> Row {
        Row { feature: 1, names: names.into(), beside: beside.into(), address: None, at: None, area: None }
    }

    fn fit(row: &Row, typed: &str) -> Option<Fit> {
        row.fit(&words(typed))
    }

    #[test]
    fn a_whole_name_stands_before_its_beginning_and_that_before_its_words() {
        let bridge = row("|cau rong|dragon bridge|", " cau bridge ");
        let by = ["Cầu Rồng", "cau ro", "bridge", "rồng cầu"].map(|typed| fit(&bridge, typed).unwrap());
        assert!(by.windows(2).all(|two| two[0] > two[1]), "{by:?}");
        assert!(fit(&row("|rong|", " cau "), "cau rong").unwrap() < by[3], "a kind is less than a name");
        assert_eq!(fit(&bridge, "song han"), None);
        assert_eq!(fit(&bridge, "ong"), None, "a word is found by its beginning alone");
        assert!(
            fit(&row("|cho han|", ""), "chợ hà").unwrap() > fit(&row("|cho hang hoa ven song|", ""), "cho ha").unwrap()
        );
    }

    #[test]
    fn letters_are_counted_up_to_a_bound() {
        assert_eq!(distance("nguyen", "nguyen", 1), Some(0));
        assert_eq!(distance("nguyen", "nguyn", 1), Some(1));
        assert_eq!(distance("nguyen", "ngyen", 1), Some(1));
        assert_eq!(distance("linh", "ling", 1), Some(1));
        assert_eq!(distance("linh", "lang", 1), None);
    }

    #[test]
    fn what_people_shorten_is_written_out() {
        assert_eq!(words("BV Đà Nẵng"), ["benh", "vien", "da", "nang"]);
        assert_eq!(words("P. Hải Châu"), ["phuong", "hai", "chau"]);
    }
}
