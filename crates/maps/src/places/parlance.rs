//! Cách ghi địa chỉ: which words of an address mean what, and what people shorten, as the city's folder says it. Folded,
//! since nobody types the marks of every word.

use std::collections::BTreeMap;

use serde::Deserialize;
use songhan_base::fold_words;
use songhan_city::{Placed, Report};

/// Words of one text that are searched.
const WORDS_MAX: usize = 40;

/// The words of addresses; none of them where the folder says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parlance {
    /// "đường", "phố": what stands before a street's name and says nothing of which street it is.
    street: Vec<String>,
    /// "số", "nhà": what stands before a number.
    number: Vec<String>,
    /// Kiệt: a lane off a street.
    kiet: Vec<String>,
    /// Hẻm: a lane off a kiệt.
    hem: Vec<String>,
    /// "bv" is "bệnh viện": the words that are meant, by what is written.
    short: BTreeMap<String, Vec<String>>,
}

/// `[address]` of `map.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    street: Vec<Placed<String>>,
    number: Vec<Placed<String>>,
    kiet: Vec<Placed<String>>,
    hem: Vec<Placed<String>>,
    #[serde(default)]
    short: BTreeMap<String, Placed<String>>,
}

/// Kiệt or hẻm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Kiet,
    Hem,
}

impl Parlance {
    pub fn read(declared: &Declared, report: &mut Report) -> Self {
        let mut words = |all: &[Placed<String>]| {
            let mut kept = Vec::new();
            for one in all {
                match fold_words(one).as_slice() {
                    [word] => kept.push(word.clone()),
                    _ => report.add(one.place(), format!("`{}` is not one word", **one), "write one word"),
                }
            }
            kept
        };
        let (street, number) = (words(&declared.street), words(&declared.number));
        let (kiet, hem) = (words(&declared.kiet), words(&declared.hem));
        let mut short = BTreeMap::new();
        for (written, meant) in &declared.short {
            match (fold_words(written).as_slice(), fold_words(meant)) {
                ([word], meant) if !meant.is_empty() => {
                    short.insert(word.clone(), meant);
                }
                _ => report.add(
                    meant.place(),
                    format!("`{written}` is not one word that stands for others"),
                    "write it as bv = \"bệnh viện\"",
                ),
            }
        }
        Self { street, number, kiet, hem, short }
    }

    /// The words of a text as they are searched: folded, and written out where people shorten them.
    pub fn words(&self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        for word in fold_words(text) {
            match self.short.get(&word) {
                Some(meant) => words.extend(meant.iter().cloned()),
                None => words.push(word),
            }
        }
        words.truncate(WORDS_MAX);
        words
    }

    pub fn is_street(&self, word: &str) -> bool {
        self.street.iter().any(|one| one == word)
    }

    pub fn is_number(&self, word: &str) -> bool {
        self.number.iter().any(|one| one == word)
    }

    pub fn lane(&self, word: &str) -> Option<Lane> {
        let is = |names: &[String]| names.iter().any(|one| one == word);
        if is(&self.kiet) { Some(Lane::Kiet) } else { is(&self.hem).then_some(Lane::Hem) }
    }

    /// A lane whose number is written to its word: "k34/12" is the kiệt and "34/12".
    pub fn lane_before<'a>(&self, part: &'a str) -> Option<(Lane, &'a str)> {
        let digits = part.find(|c: char| c.is_ascii_digit())?;
        Some((self.lane(&part[..digits])?, &part[digits..]))
    }
}

/// As it is written in Da Nang's folder.
#[cfg(test)]
pub fn danang() -> Parlance {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../city/danang/map.toml");
    let text = std::fs::read_to_string(folder).unwrap();
    let folder = songhan_city::Folder::from_texts([("map.toml", &*text)]);
    let mut report = Report::default();
    let view = <crate::View as songhan_city::Declaration>::load(&folder, &mut report);
    assert!(report.is_empty());
    view.parlance
}

/// The words of a text before anything is written out; what is typed into numbers keeps its slashes.
pub fn parts(folded: &str) -> Vec<String> {
    let mut tight = String::with_capacity(folded.len());
    for c in folded.chars() {
        // "K12 / 5" is "K12/5".
        if c == ' ' && tight.ends_with('/') {
            continue;
        }
        if c == '/' {
            tight.truncate(tight.trim_end_matches(' ').len());
        }
        tight.push(c);
    }
    let parts = tight.split(|c: char| !c.is_alphanumeric() && c != '/' && c != '-');
    let parts = parts.flat_map(|part| {
        // "12-14" is one number of a house; other dashes part words.
        let is_number = part.starts_with(|c: char| c.is_ascii_digit());
        let dash = |c: char| c == '-' && !is_number;
        part.split(dash).map(|part| part.trim_matches(['/', '-']).to_owned()).collect::<Vec<_>>()
    });
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_shorten_is_written_out() {
        let danang = danang();
        assert_eq!(danang.words("BV Đà Nẵng"), ["benh", "vien", "da", "nang"]);
        assert_eq!(danang.words("P. Hải Châu"), ["phuong", "hai", "chau"]);
        assert_eq!(danang.words("a ".repeat(100).as_str()).len(), WORDS_MAX);
        assert_eq!(Parlance::default().words("BV Đà Nẵng"), ["bv", "da", "nang"]);
    }

    #[test]
    fn a_mistake_is_told_where_it_stands() {
        let text = "center = [108.2, 16.1]\nzoom = 11\n[address]\nstreet = [\"đường phố\"]\nnumber = []\nkiet = []\nhem = []\n\
            [address.short]\nbv = \"\"\n";
        let mut report = Report::default();
        let folder = songhan_city::Folder::from_texts([("map.toml", text)]);
        <crate::View as songhan_city::Declaration>::load(&folder, &mut report);
        let told = report.to_string();
        assert!(told.contains("map.toml:4: `đường phố` is not one word; write one word"), "{told}");
        assert!(told.contains("map.toml:9: `bv` is not one word that stands for others"), "{told}");
    }
}
