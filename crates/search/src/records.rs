//! Search over rows of the database: words of a dossier, its applicant, its code, within the units someone may see.
//!
//! Every word of a query must begin a word of the record; what is found comes newest first. The rarest word leads to the
//! candidates and the record itself tells whether it has the other words; words that thousands have are not looked up
//! at all, since a walk from the newest record on finds a page sooner.

use std::collections::BTreeSet;

use jiff::Timestamp;
use songhan_base::Internal;
use songhan_db::{At, Db, Tx};

use crate::store::{self, Search, Stored};
use crate::words::{query_words, words};

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

/// More words than this of one record are not kept: it is found by what it is about, not by its full text.
const WORDS_MAX: usize = 80;
/// A word that at most so many records have leads to them; beyond, the walk by age is quicker.
const RARE_MAX: i64 = 3_000;
/// A word this rare ends the look for a rarer one.
const RARE_ENOUGH: i64 = 100;
/// Up to so many scopes are searched one by one, each by its own index.
const SCOPES_ALONE: usize = 8;

/// Makes a record found by its texts, in the transaction that writes it. What was kept of it before is replaced.
pub async fn put(tx: &mut Tx, record: Record<'_>) -> Result<(), Internal> {
    let new: BTreeSet<String> =
        record.texts.iter().flat_map(|text| words(text)).take(WORDS_MAX * 4).collect::<BTreeSet<_>>();
    let new: BTreeSet<&str> = new.iter().map(String::as_str).take(WORDS_MAX).collect();
    let Record { kind, reference, scope, at, .. } = record;
    let old = store::stored(tx, kind, reference).await?;
    let kept: BTreeSet<&str> = match &old {
        Some(old) if old.scope == scope => old.words.split_whitespace().collect(),
        _ => BTreeSet::new(),
    };
    if let Some(Stored { scope: old_scope, words }) = &old {
        let gone: Vec<&str> =
            words.split_whitespace().filter(|word| old_scope != scope || !new.contains(word)).collect();
        if !gone.is_empty() {
            store::drop_terms(tx, kind, old_scope, reference, &gone).await?;
        }
    }
    let line: String = new.iter().map(|word| format!(" {word}")).collect();
    store::write(tx, kind, reference, scope, &line, at).await?;
    let fresh: Vec<&str> = new.difference(&kept).copied().collect();
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
    let words = query_words(query);
    // A word that begins another one of the query asks for nothing more.
    let words: Vec<&str> = words
        .iter()
        .filter(|word| !words.iter().any(|other| other != *word && other.starts_with(word.as_str())))
        .map(String::as_str)
        .collect();
    if words.is_empty() || limit <= 0 {
        return Ok(Vec::new());
    }
    let before = before.unwrap_or_else(|| Before { at: store::no_end(), reference: String::new() });
    let search = |scope, scopes| Search { kind, scope, scopes, words: words.clone(), before: before.clone(), limit };
    match scope {
        Scope::In([]) => Ok(Vec::new()),
        Scope::Everywhere => page(db, search(None, None)).await,
        Scope::In(scopes) if scopes.len() > SCOPES_ALONE => page(db, search(None, Some(scopes))).await,
        Scope::In(scopes) => {
            let mut hits = Vec::new();
            for scope in scopes {
                hits.extend(page(db, search(Some(scope), None)).await?);
            }
            hits.sort_by(|a, b| (b.at, &b.reference).cmp(&(a.at, &a.reference)));
            hits.dedup();
            hits.truncate(limit as usize);
            Ok(hits)
        }
    }
}

/// One page of one search, by the quicker of the two ways.
async fn page(db: &Db, mut search: Search<'_>) -> Result<Vec<Hit>, Internal> {
    // Long words are rare ones more often than not.
    let mut order: Vec<usize> = (0..search.words.len()).collect();
    order.sort_by_key(|&n| std::cmp::Reverse(search.words[n].len()));
    let mut rarest = (RARE_MAX + 1, 0);
    for n in order {
        let count = store::count(db, search.kind, search.scope, search.words[n], rarest.0).await?;
        if count == 0 {
            return Ok(Vec::new());
        }
        if count < rarest.0 {
            rarest = (count, n);
        }
        if count <= RARE_ENOUGH {
            break;
        }
    }
    if rarest.0 > RARE_MAX {
        return store::by_age(db, &search).await;
    }
    let word = search.words.remove(rarest.1);
    store::by_word(db, &search, word).await
}
