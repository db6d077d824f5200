//! Search over rows of the database: words of a dossier, its applicant, its code, within the units someone may see.
//!
//! Every word of a query must begin a word of the record; what is found comes newest first. How it is found stands in
//! [`walk`](crate::walk).

use std::collections::BTreeSet;

use jiff::Timestamp;
use songhan_base::Internal;
use songhan_db::{At, Db, Rows, Tx, Val};

use crate::store::{self, Stored};
use crate::walk::{self, LIMITS, Limits, Search};
use crate::words::{Signs, record_query, record_words};

/// A record to be found.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// What it is: `dossier`.
    pub kind: &'a str,
    /// Who may find it: the code of a unit, say.
    pub scope: &'a str,
    /// Its id or code; unique within the kind.
    pub reference: &'a str,
    /// Its time: results come newest first.
    pub at: Timestamp,
    /// What it is found by.
    pub texts: &'a [&'a str],
}

/// Where to search.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    Everywhere,
    In(&'a [&'a str]),
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Hit {
    #[sqlx(rename = "ref")]
    pub reference: String,
    pub at: At,
}

/// What one search found.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub hits: Vec<Hit>,
    /// Where to go on; `None` when everything has been looked at. A page may end before it is full: a search does only
    /// so much work at a time, and goes on from here when asked.
    pub next: Option<Before>,
}

/// A place in the order of records; what is found next stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    pub at: At,
    pub reference: String,
}

impl From<Hit> for Before {
    fn from(hit: Hit) -> Self {
        Self { at: hit.at, reference: hit.reference }
    }
}

impl std::fmt::Display for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}_{}", self.at.0.as_microsecond(), self.reference)
    }
}

impl std::str::FromStr for Before {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "this is no place in a list; begin again at the first page";
        let (at, reference) = text.split_once('_').ok_or(wrong)?;
        let at = i64::from_str_radix(at, 16).ok().and_then(|at| Timestamp::from_microsecond(at).ok()).ok_or(wrong)?;
        // Of a reference only letters, digits and dashes can come back: a NUL would be an error in PostgreSQL.
        let sound = reference.len() <= 100 && reference.chars().all(|c| c.is_ascii_graphic());
        if sound { Ok(Self { at: At(at), reference: reference.to_owned() }) } else { Err(wrong) }
    }
}

/// More words than this of one record are not kept: it is found by what it is about, not by its full text. Together they
/// are no longer than what an index of PostgreSQL takes (2,704 bytes an entry).
const WORDS_MAX: usize = 80;
const LINE_MAX: usize = 2_000;

/// Makes a record found by its texts, in the transaction that writes it. What was kept of it before is replaced.
pub async fn put(tx: &mut Tx, record: Record<'_>) -> Result<(), Internal> {
    let new = words_of(&record);
    let new: BTreeSet<&str> = new.iter().map(String::as_str).collect();
    let line = line(&new);
    let Record { kind, reference, scope, at, .. } = record;
    let signs = Signs::of(new.iter().copied());
    let mut fresh: Vec<&str> = new.iter().copied().collect();
    while !store::insert(tx, &record, &line, signs.beginnings).await? {
        // Gone again since: someone else has just removed it, so that it can be inserted now.
        let Some(old) = store::stored(tx, kind, reference).await? else { continue };
        let old_words = old.words.split_whitespace();
        let same = old.scope == scope && old.at.0 == at && Signs::of(old_words.clone()) == signs;
        let gone: Vec<&str> = old_words.clone().filter(|word| !same || !new.contains(word)).collect();
        if !gone.is_empty() {
            store::drop_postings(tx, kind, reference, &old, &gone).await?;
        }
        if same {
            let kept: BTreeSet<&str> = old_words.collect();
            fresh.retain(|word| !kept.contains(word));
        }
        store::update(tx, &record, &line, signs.beginnings).await?;
        break;
    }
    if fresh.is_empty() { Ok(()) } else { store::add_postings(tx, &record, signs, &fresh).await }
}

/// Makes many records found that are not in the index yet, in few statements: what another system had, or a simulation.
pub async fn load(tx: &mut Tx, records: &[Record<'_>]) -> Result<(), Internal> {
    let mut rows = Rows::of("search_records (kind, ref, scope, words, at, beginnings)");
    let mut postings = Rows::of("search_postings (kind, term, at, ref, scope, beginnings, threes, marks)");
    for record in records {
        let Record { kind, reference, scope, at, .. } = *record;
        let words = words_of(record);
        let words: BTreeSet<&str> = words.iter().map(String::as_str).collect();
        let Signs { beginnings, threes, marks } = Signs::of(words.iter().copied());
        rows.add([kind.into(), reference.into(), scope.into(), line(&words).into(), at.into(), beginnings.into()]);
        for word in words {
            let [kind, word, reference, scope] = [kind, word, reference, scope].map(Val::from);
            postings.add([kind, word, at.into(), reference, scope, beginnings.into(), threes.into(), marks.into()]);
        }
    }
    rows.insert(tx).await?;
    postings.insert(tx).await
}

/// The words by which a record is found.
fn words_of(record: &Record<'_>) -> BTreeSet<String> {
    let (mut words, mut length) = (BTreeSet::new(), 0);
    for word in record.texts.iter().flat_map(|text| record_words(text)) {
        length += word.len() + 1;
        if words.len() == WORDS_MAX || length > LINE_MAX {
            break;
        }
        words.insert(word);
    }
    words
}

/// The words as the record keeps them: each behind a blank.
fn line(words: &BTreeSet<&str>) -> String {
    words.iter().flat_map(|word| [" ", word]).collect()
}

/// Makes a record be found no more.
pub async fn remove(tx: &mut Tx, kind: &str, reference: &str) -> Result<(), Internal> {
    let Some(old) = store::stored(tx, kind, reference).await? else { return Ok(()) };
    let Stored { words, .. } = &old;
    let words: Vec<&str> = words.split_whitespace().collect();
    store::drop_postings(tx, kind, reference, &old, &words).await?;
    store::delete(tx, kind, reference).await
}

/// The newest records in `scope` that have every word of the query (by their beginnings), behind `before`.
///
/// A query without words finds nothing: listing is for the owner of the records.
pub async fn find(
    db: &Db,
    kind: &str,
    scope: Scope<'_>,
    query: &str,
    before: Option<Before>,
    limit: usize,
) -> Result<Page, Internal> {
    find_within(db, kind, scope, query, before, limit, LIMITS).await
}

async fn find_within(
    db: &Db,
    kind: &str,
    scope: Scope<'_>,
    query: &str,
    before: Option<Before>,
    limit: usize,
    limits: Limits,
) -> Result<Page, Internal> {
    let words = record_query(query);
    // A word that begins another one of the query asks for nothing more.
    let words: Vec<&str> = words
        .iter()
        .filter(|word| !words.iter().any(|other| other != *word && other.starts_with(word.as_str())))
        .map(String::as_str)
        .collect();
    if words.is_empty() || limit == 0 || matches!(scope, Scope::In([])) {
        return Ok(Page::default());
    }
    let before = before.unwrap_or(Before { at: At(Timestamp::MAX), reference: String::new() });
    walk::find(db, Search { kind, scope, words: &words, marks: &[] }, before, limit, limits).await
}

#[cfg(test)]
mod tests;
