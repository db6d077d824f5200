//! All SQL of records. A word `w` of a query stands for the range from `w` to before `w` followed by the last character.

use jiff::Timestamp;
use songhan_db::{At, Db, Query, Result, Tx, query, query_dyn};

use crate::records::{Before, Hit};

/// Behind every word that begins with `word`.
pub fn end_of(word: &str) -> String {
    format!("{word}\u{10ffff}")
}

#[derive(sqlx::FromRow)]
pub struct Stored {
    pub scope: String,
    pub words: String,
}

pub async fn stored(tx: &mut Tx, kind: &str, reference: &str) -> Result<Option<Stored>> {
    query("SELECT scope, words FROM search_records WHERE kind = $1 AND ref = $2 /*pg FOR UPDATE*/")
        .bind(kind)
        .bind(reference)
        .fetch_optional(tx)
        .await
}

pub async fn write(tx: &mut Tx, kind: &str, reference: &str, scope: &str, words: &str, at: Timestamp) -> Result<()> {
    query(
        "INSERT INTO search_records (kind, ref, scope, words, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (kind, ref) DO UPDATE SET scope = excluded.scope, words = excluded.words, at = excluded.at",
    )
    .bind(kind)
    .bind(reference)
    .bind(scope)
    .bind(words)
    .bind(at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, kind: &str, reference: &str) -> Result<()> {
    query("DELETE FROM search_records WHERE kind = $1 AND ref = $2").bind(kind).bind(reference).execute(tx).await?;
    Ok(())
}

pub async fn add_terms(tx: &mut Tx, kind: &str, scope: &str, reference: &str, terms: &[&str]) -> Result<()> {
    query(
        "INSERT INTO search_terms (kind, scope, term, ref) SELECT $1, $2, value, $3 FROM json_each($4)
         WHERE TRUE ON CONFLICT (kind, scope, term, ref) DO NOTHING",
    )
    .bind(kind)
    .bind(scope)
    .bind(reference)
    .bind(serde_json::json!(terms))
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn drop_terms(tx: &mut Tx, kind: &str, scope: &str, reference: &str, terms: &[&str]) -> Result<()> {
    query(
        "DELETE FROM search_terms
         WHERE kind = $1 AND scope = $2 AND ref = $3 AND term IN (SELECT value FROM json_each($4))",
    )
    .bind(kind)
    .bind(scope)
    .bind(reference)
    .bind(serde_json::json!(terms))
    .execute(tx)
    .await?;
    Ok(())
}

/// How many records have a word that begins so, counted no further than `limit`.
pub async fn count(db: &Db, kind: &str, scope: Option<&str>, word: &str, limit: i64) -> Result<i64> {
    let text = match scope {
        Some(_) => {
            "SELECT count(*) FROM (SELECT 1 FROM search_terms
             WHERE kind = $1 AND scope = $5 AND term >= $2 AND term < $3 LIMIT $4) AS some"
        }
        None => {
            "SELECT count(*) FROM (SELECT 1 FROM search_terms
             WHERE kind = $1 AND term >= $2 AND term < $3 LIMIT $4) AS some"
        }
    };
    let counting = query(text).bind(kind).bind(word).bind(end_of(word)).bind(limit);
    let counting = match scope {
        Some(scope) => counting.bind(scope),
        None => counting,
    };
    let (count,): (i64,) = counting.fetch_one(db).await?;
    Ok(count)
}

/// The records of a word, newest first, that have the other words too.
pub async fn by_word(db: &Db, search: &Search<'_>, word: &str) -> Result<Vec<Hit>> {
    let (scoped, placed) = if search.scope.is_some() { (" AND t.scope = $7", true) } else { ("", false) };
    let text = format!(
        "SELECT ref, at FROM search_records WHERE kind = $1 AND ref IN (
             SELECT t.ref FROM search_terms t WHERE t.kind = $1{scoped} AND t.term >= $5 AND t.term < $6)
         AND (at, ref) < ($2, $3){}{} ORDER BY at DESC, ref DESC LIMIT $4",
        search.has_words(if placed { 8 } else { 7 }),
        search.in_scopes(if placed { 8 } else { 7 }),
    );
    let bound = search.begin(text).bind(word).bind(end_of(word));
    let bound = match search.scope {
        Some(scope) => bound.bind(scope),
        None => bound,
    };
    search.finish(bound).fetch_all(db).await
}

/// The newest records that have all the words: for words that so many have that the first few hundred suffice.
pub async fn by_age(db: &Db, search: &Search<'_>) -> Result<Vec<Hit>> {
    let (scoped, first) = if search.scope.is_some() { (" AND scope = $5", 6) } else { ("", 5) };
    let text = format!(
        "SELECT ref, at FROM search_records WHERE kind = $1{scoped} AND (at, ref) < ($2, $3){}{}
         ORDER BY at DESC, ref DESC LIMIT $4",
        search.has_words(first),
        search.in_scopes(first),
    );
    let bound = search.begin(text);
    let bound = match search.scope {
        Some(scope) => bound.bind(scope),
        None => bound,
    };
    search.finish(bound).fetch_all(db).await
}

/// One search as it goes to the database.
pub struct Search<'a> {
    pub kind: &'a str,
    /// The one scope searched.
    pub scope: Option<&'a str>,
    /// Several scopes, to be picked out of everything.
    pub scopes: Option<&'a [&'a str]>,
    /// The words that each record is looked through for.
    pub words: Vec<&'a str>,
    pub before: Before,
    pub limit: i64,
}

impl Search<'_> {
    fn begin(&self, text: String) -> Query {
        let Before { at, reference } = &self.before;
        query_dyn(text).bind(self.kind).bind(*at).bind(reference).bind(self.limit)
    }

    /// Folded words hold letters and digits only, so that no sign of LIKE is among them.
    fn has_words(&self, first: usize) -> String {
        (first..).take(self.words.len()).map(|n| format!(" AND words LIKE ${n}")).collect()
    }

    fn in_scopes(&self, first: usize) -> String {
        let n = first + self.words.len();
        self.scopes.map(|_| format!(" AND scope IN (SELECT value FROM json_each(${n}))")).unwrap_or_default()
    }

    fn finish(&self, bound: Query) -> Query {
        let bound = self.words.iter().fold(bound, |bound, word| bound.bind(format!("% {word}%")));
        match self.scopes {
            Some(scopes) => bound.bind(serde_json::json!(scopes)),
            None => bound,
        }
    }
}

/// The present, for a search that has no page before it.
pub fn no_end() -> At {
    At(Timestamp::MAX)
}
