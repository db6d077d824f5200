//! Search over rows of the database: words of a dossier, its applicant, its code, within the units someone may see.
//!
//! Every word of a query must begin a word of the record; what is found comes newest first. The rarest word leads to the
//! candidates and the record itself tells whether it has the other words; for words that thousands have, a walk from the
//! newest record on finds a page sooner.

use std::collections::BTreeSet;

use jiff::Timestamp;
use songhan_base::Internal;
use songhan_db::{At, Db, Tx};

use crate::store::{self, Search, Stored};
use crate::words::{record_query, record_words};

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

/// The last hit of the page before; the next page begins behind it.
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

/// More words than this of one record are not kept: it is found by what it is about, not by its full text.
const WORDS_MAX: usize = 80;
/// A word this rare ends the look for a rarer one.
const RARE_ENOUGH: i64 = 50;
/// What it costs to look up a record by itself, in records that a walk passes meanwhile.
const LOOKUP: i64 = 6;
/// Windows of the short walk.
const SHORT_WALK: usize = 2;

/// Where one way of searching becomes slower than the next.
#[derive(Clone, Copy)]
struct Limits {
    /// A word that at most so many records have leads to them at once.
    rare: i64,
    /// A word that leads to its records when a short walk has not filled the page.
    less_rare: i64,
    /// How many of the newest records the walk looks at first; each further window is four times as large.
    window: i64,
}

const LIMITS: Limits = Limits { rare: 600, less_rare: 30_000, window: 500 };

/// Makes a record found by its texts, in the transaction that writes it. What was kept of it before is replaced.
pub async fn put(tx: &mut Tx, record: Record<'_>) -> Result<(), Internal> {
    let mut new: BTreeSet<String> = BTreeSet::new();
    for word in record.texts.iter().flat_map(|text| record_words(text)) {
        if new.len() == WORDS_MAX {
            break;
        }
        new.insert(word);
    }
    let new: BTreeSet<&str> = new.iter().map(String::as_str).collect();
    let line: String = new.iter().flat_map(|word| [" ", word]).collect();
    let Record { kind, reference, scope, .. } = record;
    let mut fresh: Vec<&str> = new.iter().copied().collect();
    while !store::insert(tx, &record, &line).await? {
        // Gone again since: someone else has just removed it, so that it can be inserted now.
        let Some(old) = store::stored(tx, kind, reference).await? else { continue };
        let (same, old_words) = (old.scope == scope, old.words.split_whitespace());
        let gone: Vec<&str> = old_words.clone().filter(|word| !same || !new.contains(word)).collect();
        if !gone.is_empty() {
            store::drop_terms(tx, kind, &old.scope, reference, &gone).await?;
        }
        if same {
            let kept: BTreeSet<&str> = old_words.collect();
            fresh.retain(|word| !kept.contains(word));
        }
        store::update(tx, &record, &line).await?;
        break;
    }
    if fresh.is_empty() { Ok(()) } else { store::add_terms(tx, kind, scope, reference, &fresh).await }
}

/// Makes a record be found no more.
pub async fn remove(tx: &mut Tx, kind: &str, reference: &str) -> Result<(), Internal> {
    let Some(Stored { scope, words }) = store::stored(tx, kind, reference).await? else { return Ok(()) };
    let words: Vec<&str> = words.split_whitespace().collect();
    store::drop_terms(tx, kind, &scope, reference, &words).await?;
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
    limit: i64,
) -> Result<Vec<Hit>, Internal> {
    find_within(db, kind, scope, query, before, limit, LIMITS).await
}

async fn find_within(
    db: &Db,
    kind: &str,
    scope: Scope<'_>,
    query: &str,
    before: Option<Before>,
    limit: i64,
    limits: Limits,
) -> Result<Vec<Hit>, Internal> {
    let words = record_query(query);
    // A word that begins another one of the query asks for nothing more.
    let words: Vec<&str> = words
        .iter()
        .filter(|word| !words.iter().any(|other| other != *word && other.starts_with(word.as_str())))
        .map(String::as_str)
        .collect();
    if words.is_empty() || limit <= 0 {
        return Ok(Vec::new());
    }
    let before = before.unwrap_or(Before { at: At(Timestamp::MAX), reference: String::new() });
    let all;
    let (scopes, everywhere): (Vec<&str>, bool) = match scope {
        Scope::In(scopes) => (scopes.to_vec(), false),
        Scope::Everywhere => {
            all = store::scopes(db, kind).await?;
            (all.iter().map(String::as_str).collect(), true)
        }
    };
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    page(db, Search { kind, scopes: &scopes, everywhere, words: &words, limit }, &before, limits).await
}

/// One page of one search: by a rare word; else by a short walk; else by the rarest word there is; else by a long walk.
async fn page(db: &Db, search: Search<'_>, before: &Before, limits: Limits) -> Result<Vec<Hit>, Internal> {
    match rarest(db, search, limits.rare).await? {
        (0, _) => return Ok(Vec::new()),
        (count, word) if count <= limits.rare => return store::by_word(db, search, before, word, limits.rare).await,
        _ => {}
    }
    let mut walk = Walk { found: Vec::new(), from: before.clone(), window: limits.window, passed: 0 };
    for _ in 0..SHORT_WALK {
        if walk.step(db, search).await? {
            return Ok(walk.found);
        }
    }
    let most = limits.less_rare.min(walk.expected(search.limit) / LOOKUP);
    let (count, word) = rarest(db, search, most).await?;
    if count <= most {
        // What the walk has found so far the word finds again.
        return store::by_word(db, search, before, word, most).await;
    }
    while !walk.step(db, search).await? {}
    Ok(walk.found)
}

/// The word that the fewest records have and how many do, at most one more than `most`.
async fn rarest<'a>(db: &Db, search: Search<'a>, most: i64) -> Result<(i64, &'a str), Internal> {
    // Long words are rare ones more often than not.
    let mut words = search.words.to_vec();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rarest = (most + 1, "");
    for word in words {
        let count = store::count(db, search, word, rarest.0).await?;
        if count < rarest.0 {
            rarest = (count, word);
        }
        if count <= RARE_ENOUGH {
            break;
        }
    }
    Ok(rarest)
}

/// A walk from the newest record on, in windows that grow, until a page is full.
struct Walk {
    found: Vec<Hit>,
    from: Before,
    window: i64,
    passed: i64,
}

impl Walk {
    /// Looks through one window; whether the walk is over.
    async fn step(&mut self, db: &Db, search: Search<'_>) -> Result<bool, Internal> {
        let rest = Search { limit: search.limit - self.found.len() as i64, ..search };
        self.found.extend(store::among_newest(db, rest, &self.from, self.window).await?);
        if self.found.len() as i64 >= search.limit {
            return Ok(true);
        }
        let Some(end) = store::window_end(db, search, &self.from, self.window).await? else { return Ok(true) };
        self.from = end.into();
        self.passed += self.window;
        self.window *= 4;
        Ok(false)
    }

    /// How many records are still to be passed until the page is full, if it goes on as before.
    fn expected(&self, limit: i64) -> i64 {
        let found = self.found.len() as i64;
        if found == 0 { i64::MAX } else { self.passed.saturating_mul(limit - found) / found }
    }
}

#[cfg(test)]
mod tests;
