//! Rows that have the words that were typed, the last of them perhaps only begun: how well each fits, and the best of all
//! that fit. A name that begins so stands before one that holds it, that before one with the words somewhere; these steps
//! are so far apart that neither length nor distance changes them, so that what is found by the order of the names need
//! not be looked for by the words.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use geo_types::Coord;

use super::ground::Ground;
use super::index::{Index, Row};
use super::metres;
use crate::layer::Reach;

/// How well a row fits what was typed; more is better.
pub type Fit = i32;

const WHOLE: Fit = 1_000;
const BEGINS: Fit = 800;
const IN_A_ROW: Fit = 600;
const ALL_WORDS: Fit = 400;
const BY_KIND: Fit = 200;
/// Of a number on a street that is known, above whatever else has these words.
const NUMBER: Fit = 1_500;
/// Of a number alone, on whichever street: less than the beginning of a name.
const NUMBER_ALONE: Fit = 700;
/// A name loses a point for each two letters beyond what was typed, up to this many letters.
const LETTERS: u32 = 60;
/// What lies near stands before what lies far: a point less each so many metres, so many at most.
const METRES_A_POINT: f64 = 200.0;
const FAR: f64 = 150.0;

/// What is looked for in a layer, and of whom.
pub struct Sought<'a> {
    pub reach: &'a Reach,
    pub near: Option<Coord<f64>>,
    /// It lies in each of these.
    pub within: &'a [Ground],
    /// So many of the best.
    pub most: usize,
}

pub type Found<'a> = Vec<(Fit, &'a Row)>;

impl Index {
    /// The best of the rows that have all these words.
    pub fn find(&self, typed: &[String], sought: &Sought<'_>) -> Found<'_> {
        let mut best = Best::new(self, sought);
        let Some((last, whole)) = typed.split_last() else { return Vec::new() };
        let words = Words { joined: typed.join(" "), inside: format!(" {}", typed.join(" ")), last, whole };
        self.by_name(&words, &mut best);
        if !best.is_full() {
            self.by_words(&words, &mut best);
        }
        best.found()
    }

    /// Rows whose address has this number, on a street that begins with these words or on any.
    pub fn numbered(&self, way: &str, street: &[String], sought: &Sought<'_>) -> Found<'_> {
        let mut best = Best::new(self, sought);
        let way = format!("#{way}");
        let address = format!("{way} {}", street.join(" "));
        for row in self.rows_of(&way).into_iter().flatten() {
            let (_, beside) = self.text_of(&self.rows[*row as usize]);
            let Some((_, behind)) = beside.split_once(&address) else { continue };
            // "12 Lê Lợi" is not on "Lê Lợi nối dài", which comes behind it.
            let fit = if street.is_empty() { NUMBER_ALONE } else { NUMBER - Fit::from(behind != "|") * 50 };
            best.offer(*row, fit);
        }
        best.found()
    }

    /// Names that are what was typed, or begin so.
    fn by_name(&self, words: &Words<'_>, best: &mut Best<'_, '_>) {
        let text = self.text.as_bytes();
        let typed = words.joined.as_bytes();
        let from = self.names.partition_point(|name| &text[name.from as usize..] < typed);
        for name in &self.names[from..] {
            let Some(behind) = text[name.from as usize..].strip_prefix(typed) else { break };
            if behind.first() == Some(&b'|') {
                best.offer_named(name.row, WHOLE, 0);
            } else {
                best.offer_named(name.row, BEGINS, LETTERS);
            }
        }
    }

    /// All other rows: the rarest word says where to look.
    fn by_words(&self, words: &Words<'_>, best: &mut Best<'_, '_>) {
        let mut whole = Vec::with_capacity(words.whole.len());
        for word in words.whole {
            let Some(rows) = self.rows_of(word) else { return };
            whole.push(rows);
        }
        whole.sort_unstable_by_key(|rows| rows.len());
        let begun = self.begun(words.last);
        let last: usize = begun.iter().map(|(_, rows)| rows.len()).sum();
        let mut look = |row: u32| {
            let (names, beside) = self.text_of(&self.rows[row as usize]);
            if let Some(fit) = words.fit(names, beside) {
                best.offer_named(row, fit, LETTERS);
            }
        };
        match whole.as_slice() {
            [rarest, others @ ..] if rarest.len() <= last => {
                let mut others: Vec<&[u32]> = others.to_vec();
                for row in *rarest {
                    // Each list is behind the row that is looked at: what comes before it is looked at no more.
                    let all = others.iter_mut().all(|rows| {
                        *rows = &rows[behind(rows, *row)..];
                        rows.first() == Some(row)
                    });
                    if all {
                        look(*row);
                    }
                }
            }
            _ => begun.iter().flat_map(|(_, rows)| rows.iter()).for_each(|row| look(*row)),
        }
    }

    /// The words as this layer knows them: each that it does not know is taken as the nearest it has. None where a word
    /// has no neighbour, or where nothing had to be changed.
    pub fn corrected(&self, words: &[String]) -> Option<Vec<String>> {
        let mut changed = false;
        let mut all = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            let begun = at + 1 == words.len() && !self.begun(word).is_empty();
            if begun || self.rows_of(word).is_some() {
                all.push(word.clone());
                continue;
            }
            changed = true;
            let known = |at: u32| &*self.words[at as usize].0;
            let rows = |at: u32| self.words[at as usize].1.len();
            all.push(self.spelling.nearest(word, known, rows)?.to_owned());
        }
        changed.then_some(all)
    }

    fn rows_of(&self, word: &str) -> Option<&[u32]> {
        let at = self.words.binary_search_by(|(one, _)| (**one).cmp(word)).ok()?;
        Some(&self.words[at].1)
    }

    fn begun(&self, word: &str) -> &[(Box<str>, Box<[u32]>)] {
        let from = self.words.partition_point(|(one, _)| &**one < word);
        let length = self.words[from..].partition_point(|(one, _)| one.starts_with(word));
        &self.words[from..from + length]
    }
}

/// How many of these ascending rows come before this one: looked for in longer and longer steps.
fn behind(rows: &[u32], row: u32) -> usize {
    let mut step = 1;
    while step < rows.len() && rows[step] < row {
        step *= 2;
    }
    let from = step / 2;
    from + rows[from..rows.len().min(step + 1)].partition_point(|one| *one < row)
}

/// What was typed.
struct Words<'a> {
    joined: String,
    /// All of it behind another word.
    inside: String,
    last: &'a str,
    whole: &'a [String],
}

impl Words<'_> {
    fn fit(&self, names: &str, beside: &str) -> Option<Fit> {
        if names.contains(&self.inside) {
            return Some(IN_A_ROW);
        }
        let has = |text: &str, word: &str, ends: bool| {
            text.match_indices(word).any(|(at, _)| {
                let begins = matches!(text.as_bytes()[..at].last(), None | Some(b' ' | b'|'));
                begins && (!ends || matches!(text.as_bytes().get(at + word.len()), None | Some(b' ' | b'|')))
            })
        };
        let all =
            |has: &dyn Fn(&str, bool) -> bool| has(self.last, false) && self.whole.iter().all(|one| has(one, true));
        if all(&|word, ends| has(names, word, ends)) {
            return Some(ALL_WORDS);
        }
        all(&|word, ends| has(names, word, ends) || has(beside, word, ends)).then_some(BY_KIND)
    }
}

/// The best rows of all that are offered.
struct Best<'i, 's> {
    index: &'i Index,
    sought: &'s Sought<'s>,
    /// Which areas the asker reaches; none is everything.
    reached: Option<Vec<bool>>,
    order: BTreeSet<(Reverse<Fit>, u32)>,
    kept: HashMap<u32, Fit>,
}

impl<'i, 's> Best<'i, 's> {
    fn new(index: &'i Index, sought: &'s Sought<'s>) -> Self {
        let reached = match sought.reach {
            Reach::Everything => None,
            reach => {
                let areas = index.areas.iter().map(|area| reach.holds(Some(area)));
                Some(std::iter::once(reach.holds(None)).chain(areas).collect())
            }
        };
        let (order, kept) = (BTreeSet::new(), HashMap::new());
        Self { index, sought, reached, order, kept }
    }

    fn is_full(&self) -> bool {
        self.order.len() >= self.sought.most
    }

    /// A row by its names: the shorter they are, the nearer they are to what was typed.
    fn offer_named(&mut self, row: u32, fit: Fit, letters: u32) {
        let names = self.index.rows[row as usize].names.min(letters);
        self.offer(row, fit - (names / 2) as Fit);
    }

    fn offer(&mut self, row: u32, fit: Fit) {
        // What cannot be among the best wherever it lies is not looked at.
        if !self.admits(row, fit) {
            return;
        }
        let found = &self.index.rows[row as usize];
        if self.reached.as_ref().is_some_and(|reached| !reached[found.area as usize]) {
            return;
        }
        let far =
            self.sought.near.zip(found.at()).map_or(0.0, |(near, at)| (metres(near, at) / METRES_A_POINT).min(FAR));
        let fit = fit - far as Fit;
        let known = self.kept.get(&row).copied();
        if known.is_some_and(|known| known >= fit) || !self.admits(row, fit) {
            return;
        }
        if !self.sought.within.iter().all(|ground| found.at().is_some_and(|at| ground.holds(at))) {
            return;
        }
        if let Some(known) = known {
            self.order.remove(&(Reverse(known), row));
        }
        self.order.insert((Reverse(fit), row));
        self.kept.insert(row, fit);
        if self.order.len() > self.sought.most
            && let Some((_, row)) = self.order.pop_last()
        {
            self.kept.remove(&row);
        }
    }

    fn admits(&self, row: u32, fit: Fit) -> bool {
        !self.is_full() || self.order.last().is_none_or(|last| (Reverse(fit), row) < *last)
    }

    fn found(self) -> Found<'i> {
        self.order.into_iter().map(|(Reverse(fit), row)| (fit, &self.index.rows[row as usize])).collect()
    }
}

/// How well names fit what was typed; none where a word is missing.
pub fn fit_of_names(names: &[&str], typed: &[String]) -> Option<Fit> {
    let (last, whole) = typed.split_last()?;
    let all = names.iter().fold(String::from("|"), |all, name| all + name + "|");
    let words = Words { joined: typed.join(" "), inside: format!(" {}", typed.join(" ")), last, whole };
    let shorter = (all.len().min(LETTERS as usize) / 2) as Fit;
    if names.contains(&words.joined.as_str()) {
        return Some(WHOLE);
    }
    if names.iter().any(|name| name.starts_with(&words.joined)) {
        return Some(BEGINS - shorter);
    }
    words.fit(&all, "").map(|fit| fit - shorter)
}
