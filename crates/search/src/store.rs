//! All SQL of records. A word `w` of a query stands for the range from `w` to before `w` followed by the last character.

use songhan_db::{At, Db, Query, Result, Tx, Val, query, query_dyn};

use crate::records::{Before, Hit, Record, Scope};
use crate::walk::{Along, Meant, Search};
use crate::words::beginnings;

/// Behind every word that begins with `word`.
pub fn end_of(word: &str) -> String {
    format!("{word}\u{10ffff}")
}

#[derive(sqlx::FromRow)]
pub struct Stored {
    pub scope: String,
    pub words: String,
    pub at: At,
}

pub async fn stored(tx: &mut Tx, kind: &str, reference: &str) -> Result<Option<Stored>> {
    query("SELECT scope, words, at FROM search_records WHERE kind = $1 AND ref = $2 /*pg FOR UPDATE*/")
        .bind(kind)
        .bind(reference)
        .fetch_optional(tx)
        .await
}

/// Writes a record that is not there yet; `false` when it is.
pub async fn insert(tx: &mut Tx, record: &Record<'_>, words: &str) -> Result<bool> {
    let rows = query(
        "INSERT INTO search_records (kind, ref, scope, words, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (kind, ref) DO NOTHING",
    )
    .bind(record.kind)
    .bind(record.reference)
    .bind(record.scope)
    .bind(words)
    .bind(record.at)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

pub async fn update(tx: &mut Tx, record: &Record<'_>, words: &str) -> Result<()> {
    query("UPDATE search_records SET scope = $3, words = $4, at = $5 WHERE kind = $1 AND ref = $2")
        .bind(record.kind)
        .bind(record.reference)
        .bind(record.scope)
        .bind(words)
        .bind(record.at)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, kind: &str, reference: &str) -> Result<()> {
    query("DELETE FROM search_records WHERE kind = $1 AND ref = $2").bind(kind).bind(reference).execute(tx).await?;
    Ok(())
}

pub async fn add_postings(tx: &mut Tx, record: &Record<'_>, beginnings: i64, terms: &[&str]) -> Result<()> {
    query(
        "INSERT INTO search_postings (kind, term, at, ref, scope, beginnings)
         SELECT $1, value, $2, $3, $4, $5 FROM json_each($6)
         WHERE TRUE ON CONFLICT (kind, term, at, ref) DO UPDATE SET beginnings = excluded.beginnings",
    )
    .bind(record.kind)
    .bind(record.at)
    .bind(record.reference)
    .bind(record.scope)
    .bind(beginnings)
    .bind(serde_json::json!(terms))
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn drop_postings(tx: &mut Tx, kind: &str, reference: &str, old: &Stored, terms: &[&str]) -> Result<()> {
    query(
        "DELETE FROM search_postings
         WHERE kind = $1 AND at = $2 AND ref = $3 AND term IN (SELECT value FROM json_each($4))",
    )
    .bind(kind)
    .bind(old.at)
    .bind(reference)
    .bind(serde_json::json!(terms))
    .execute(tx)
    .await?;
    Ok(())
}

/// The terms that a word begins, at most `limit`: the index is jumped through, not read. Of each the `sample` newest
/// records are counted.
pub async fn meant(db: &Db, kind: &str, word: &str, sample: i64, limit: usize) -> Result<Vec<Meant>> {
    let newest = "FROM (SELECT p.at FROM search_postings p WHERE p.kind = $1 AND p.term = m.term
                  ORDER BY p.at DESC LIMIT $4) AS newest";
    let sql = format!(
        "WITH RECURSIVE meant (term) AS (
             SELECT (SELECT min(term) FROM search_postings WHERE kind = $1 AND term >= $2 AND term < $3)
             UNION ALL
             SELECT (SELECT min(p.term) FROM search_postings p WHERE p.kind = $1 AND p.term > m.term AND p.term < $3)
             FROM meant m WHERE m.term IS NOT NULL)
         SELECT term, (SELECT count(*) {newest}) AS count, (SELECT min(newest.at) {newest}) AS oldest
         FROM meant m WHERE term IS NOT NULL LIMIT $5"
    );
    query_dyn(sql).bind(kind).bind(word).bind(end_of(word)).bind(sample).bind(limit as i64).fetch_all(db).await
}

/// How many records some scopes have, counted no further than `limit`.
pub async fn count_in(db: &Db, kind: &str, scopes: &[&str], limit: i64) -> Result<i64> {
    let (count,): (i64,) = query(
        "SELECT count(*) FROM (SELECT 1 AS one FROM json_each($1) AS s CROSS JOIN search_records r
         WHERE r.kind = $2 AND r.scope = s.value LIMIT $3) AS counted",
    )
    .bind(serde_json::json!(scopes))
    .bind(kind)
    .bind(limit)
    .fetch_one(db)
    .await?;
    Ok(count)
}

/// The text of a statement with its placeholders, built from constant pieces.
struct Statement {
    query: String,
    values: Vec<Val>,
}

impl Statement {
    fn new(query: &str) -> Self {
        Self { query: query.to_owned(), values: Vec::new() }
    }

    fn push(mut self, piece: &str) -> Self {
        self.query.push_str(piece);
        self
    }

    fn bind(mut self, value: impl Into<Val>) -> Self {
        self.values.push(value.into());
        self.query.push('$');
        self.query.push_str(&self.values.len().to_string());
        self
    }

    /// What a record must have. Folded words hold letters and digits only, so that no sign of LIKE is among them.
    fn has(mut self, words: &[&str]) -> Self {
        for word in words {
            self = self.push(" AND r.words LIKE ").bind(format!("% {word}%"));
        }
        self
    }

    fn within(self, column: &str, scope: Scope<'_>) -> Self {
        match scope {
            Scope::Everywhere => self,
            Scope::In([one]) => self.push(" AND ").push(column).push(" = ").bind(*one),
            Scope::In(many) => self
                .push(" AND ")
                .push(column)
                .push(" IN (SELECT value FROM json_each(")
                .bind(serde_json::json!(many))
                .push("))"),
        }
    }

    /// Behind `before`, newest first, at most `limit`.
    fn behind(self, before: &Before, limit: i64) -> Self {
        self.push(" AND (at, ref) < (")
            .bind(before.at)
            .push(", ")
            .bind(&before.reference)
            .push(") ORDER BY at DESC, ref DESC LIMIT ")
            .bind(limit)
    }

    /// The next `length` records of a walk, as a table of `ref`, `at`, `scope` and the beginnings of its words. Each term is a range of the primary key
    /// that is read from its end; the limits leave the engines no other plan.
    fn way(self, search: &Search<'_>, along: Along<'_>, before: &Before, length: i64) -> Self {
        match along {
            Along::Everything => self
                .push("SELECT ref, at, scope, -1 AS beginnings FROM search_records WHERE kind = ")
                .bind(search.kind)
                .behind(before, length),
            Along::Terms { terms, .. } => {
                let each = terms.iter().enumerate().fold(self.push("SELECT ref, at, scope, beginnings FROM ("), |all, (n, meant)| {
                    all.push(if n > 0 { " UNION ALL " } else { "" })
                        .push("SELECT ref, at, scope, beginnings FROM (SELECT ref, at, scope, beginnings FROM search_postings WHERE kind = ")
                        .bind(search.kind)
                        .push(" AND term = ")
                        .bind(&meant.term)
                        .behind(before, length)
                        .push(") AS term")
                });
                each.push(") AS terms ORDER BY at DESC, ref DESC LIMIT ").bind(length)
            }
        }
    }

    fn query(self) -> Query {
        self.values.into_iter().fold(query_dyn(self.query), Query::bind)
    }
}

/// The records of a few scopes that have all the words, each looked at.
pub async fn read_through(
    db: &Db,
    search: Search<'_>,
    scopes: &[&str],
    before: &Before,
    limit: i64,
) -> Result<Vec<Hit>> {
    Statement::new("SELECT r.ref, r.at FROM search_records r WHERE r.kind = ")
        .bind(search.kind)
        .within("r.scope", Scope::In(scopes))
        .has(search.words)
        .behind(before, limit)
        .query()
        .fetch_all(db)
        .await
}

/// The records on the next stretch of a walk that are in scope and have all words, newest first.
pub async fn stretch(db: &Db, search: Search<'_>, along: Along<'_>, before: &Before, length: i64) -> Result<Vec<Hit>> {
    let others = search.others(along);
    let mut statement = Statement::new("SELECT way.ref, way.at FROM (")
        .way(&search, along, before, length)
        .push(") AS way WHERE TRUE")
        .within("way.scope", search.scope);
    if !others.is_empty() {
        let bits = beginnings(others.iter().copied());
        statement = statement
            .push(" AND (way.beginnings & ")
            .bind(bits)
            .push(") = ")
            .bind(bits)
            .push(" AND EXISTS (SELECT 1 FROM search_records r WHERE r.kind = ")
            .bind(search.kind)
            .push(" AND r.ref = way.ref")
            .has(&others)
            .push(")");
    }
    statement.push(" ORDER BY way.at DESC, way.ref DESC").query().fetch_all(db).await
}

/// The last record of a stretch, whoever may see it; `None` when the way ends before.
pub async fn end_of_stretch(
    db: &Db,
    search: Search<'_>,
    along: Along<'_>,
    before: &Before,
    length: i64,
) -> Result<Option<Hit>> {
    Statement::new("SELECT ref, at FROM (")
        .way(&search, along, before, length)
        .push(") AS way ORDER BY at DESC, ref DESC LIMIT 1 OFFSET ")
        .bind(length - 1)
        .query()
        .fetch_optional(db)
        .await
}
