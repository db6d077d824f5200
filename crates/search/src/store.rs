//! All SQL of records. A word `w` of a query stands for the range from `w` to before `w` followed by the last character.

use songhan_db::{Db, Query, Result, Tx, Val, query, query_dyn};

use crate::records::{Before, Hit, Record};

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

/// The scopes that records of a kind are in: the index is jumped through, not read.
pub async fn scopes(db: &Db, kind: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = query(
        "WITH RECURSIVE each_scope (scope) AS (
             SELECT (SELECT min(scope) FROM search_records WHERE kind = $1)
             UNION ALL
             SELECT (SELECT min(r.scope) FROM search_records r WHERE r.kind = $1 AND r.scope > e.scope)
             FROM each_scope e WHERE e.scope IS NOT NULL)
         SELECT scope FROM each_scope WHERE scope IS NOT NULL",
    )
    .bind(kind)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(scope,)| scope).collect())
}

/// How many entries begin so, counted no further than `limit`.
pub async fn count(db: &Db, search: Search<'_>, word: &str, limit: i64) -> Result<i64> {
    let statement = Statement::new("SELECT count(*) FROM (SELECT 1 AS one")
        .terms(&search, word)
        .push(" LIMIT ")
        .bind(limit)
        .push(") AS counted");
    let (count,): (i64,) = statement.query().fetch_one(db).await?;
    Ok(count)
}

/// One search as it goes to the database.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    pub kind: &'a str,
    /// Never empty.
    pub scopes: &'a [&'a str],
    /// Whether these are all scopes there are.
    pub everywhere: bool,
    pub words: &'a [&'a str],
    pub limit: i64,
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

    /// The entries of a word, scope by scope: each is a short range of the primary key.
    fn terms(self, search: &Search<'_>, word: &str) -> Self {
        let from = match search.scopes {
            [scope] => self.push(" FROM search_terms t WHERE t.scope = ").bind(*scope),
            scopes => self
                .push(" FROM json_each(")
                .bind(serde_json::json!(scopes))
                .push(") AS s CROSS JOIN search_terms t WHERE t.scope = s.value"),
        };
        from.push(" AND t.kind = ")
            .bind(search.kind)
            .push(" AND t.term >= ")
            .bind(word)
            .push(" AND t.term < ")
            .bind(end_of(word))
    }

    /// What a record must have. Folded words hold letters and digits only, so that no sign of LIKE is among them.
    fn conditions(mut self, search: &Search<'_>, besides: Option<&str>) -> Self {
        for word in search.words.iter().filter(|word| Some(**word) != besides) {
            self = self.push(" AND r.words LIKE ").bind(format!("% {word}%"));
        }
        self
    }

    fn query(self) -> Query {
        self.values.into_iter().fold(query_dyn(self.query), Query::bind)
    }
}

/// The records of a rare word (`most` have it), newest first, that have the other words too.
///
/// Each candidate is looked up by itself in a scalar subquery, which leaves the engines no choice: a join is planned by
/// guessed numbers, and a wrong guess reads the whole table.
pub async fn by_word(db: &Db, search: Search<'_>, before: &Before, word: &str, most: i64) -> Result<Vec<Hit>> {
    Statement::new("SELECT ref, at FROM (SELECT c.ref, (SELECT r.at FROM search_records r WHERE r.kind = ")
        .bind(search.kind)
        .push(" AND r.ref = c.ref AND (r.at, r.ref) < (")
        .bind(before.at)
        .push(", ")
        .bind(&before.reference)
        .push(")")
        .conditions(&search, Some(word))
        .push(") AS at FROM (SELECT DISTINCT t.ref")
        .terms(&search, word)
        // Twice, for what is written between the count and now. The limit keeps the subquery in one piece, too.
        .push(&format!(") AS c LIMIT {}) AS found WHERE at IS NOT NULL ORDER BY at DESC, ref DESC LIMIT ", most * 2))
        .bind(search.limit)
        .query()
        .fetch_all(db)
        .await
}

/// Among the `window` newest records, those that have all the words.
///
/// The window is a limit of its own so that both engines walk the index of ages, whatever they guess of the words.
pub async fn among_newest(db: &Db, search: Search<'_>, before: &Before, window: i64) -> Result<Vec<Hit>> {
    let mut statement =
        newest(&search, before, "SELECT r.ref, r.at FROM (SELECT ref, at, words, scope FROM search_records")
            .push(" LIMIT ")
            .bind(window)
            .push(") AS r WHERE TRUE")
            .conditions(&search, None);
    if search.scopes.len() > 1 && !search.everywhere {
        let scopes = serde_json::json!(search.scopes);
        statement = statement.push(" AND r.scope IN (SELECT value FROM json_each(").bind(scopes).push("))");
    }
    statement.push(" ORDER BY r.at DESC, r.ref DESC LIMIT ").bind(search.limit).query().fetch_all(db).await
}

/// The last of the `window` newest records; `None` when there are not so many.
pub async fn window_end(db: &Db, search: Search<'_>, before: &Before, window: i64) -> Result<Option<Hit>> {
    let last = newest(&search, before, "SELECT ref, at FROM search_records").push(" LIMIT 1 OFFSET ").bind(window - 1);
    last.query().fetch_optional(db).await
}

/// The newest records, of one scope by its own index or of all.
fn newest(search: &Search<'_>, before: &Before, select: &str) -> Statement {
    let mut statement = Statement::new(select).push(" WHERE kind = ").bind(search.kind);
    if let [scope] = search.scopes {
        statement = statement.push(" AND scope = ").bind(*scope);
    }
    statement
        .push(" AND (at, ref) < (")
        .bind(before.at)
        .push(", ")
        .bind(&before.reference)
        .push(") ORDER BY at DESC, ref DESC")
}
