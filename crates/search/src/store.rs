//! All SQL of records. A word `w` of a query stands for the range from `w` to before `w` followed by the last character.

use songhan_db::{At, Db, Query, Result, Tx, Val, query, query_dyn};

use crate::records::{Before, Hit, Record, Scope};
use crate::walk::{Along, Meant, Search};
use crate::words::{Signs, beginnings, threes};

/// Behind a word, it stands behind every term that the word begins.
const LAST: char = '\u{10ffff}';

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
pub async fn insert(tx: &mut Tx, record: &Record<'_>, words: &str, beginnings: i64) -> Result<bool> {
    let rows = query(
        "INSERT INTO search_records (kind, ref, scope, words, at, beginnings) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (kind, ref) DO NOTHING",
    )
    .bind(record.kind)
    .bind(record.reference)
    .bind(record.scope)
    .bind(words)
    .bind(record.at)
    .bind(beginnings)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

pub async fn update(tx: &mut Tx, record: &Record<'_>, words: &str, beginnings: i64) -> Result<()> {
    query("UPDATE search_records SET scope = $3, words = $4, at = $5, beginnings = $6 WHERE kind = $1 AND ref = $2")
        .bind(record.kind)
        .bind(record.reference)
        .bind(record.scope)
        .bind(words)
        .bind(record.at)
        .bind(beginnings)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, kind: &str, reference: &str) -> Result<()> {
    query("DELETE FROM search_records WHERE kind = $1 AND ref = $2").bind(kind).bind(reference).execute(tx).await?;
    Ok(())
}

pub async fn add_postings(tx: &mut Tx, record: &Record<'_>, signs: Signs, terms: &[&str]) -> Result<()> {
    query(
        "INSERT INTO search_postings (kind, term, at, ref, scope, beginnings, threes, marks)
         SELECT $1, value, $2, $3, $4, $5, $6, $7 FROM json_each($8)
         WHERE TRUE ON CONFLICT (kind, term, at, ref)
             DO UPDATE SET beginnings = excluded.beginnings, threes = excluded.threes, marks = excluded.marks",
    )
    .bind(record.kind)
    .bind(record.at)
    .bind(record.reference)
    .bind(record.scope)
    .bind(signs.beginnings)
    .bind(signs.threes)
    .bind(signs.marks)
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

/// For each word the terms that it begins, at most `limit`: the index is jumped through, not read. Of each the newest
/// records are looked at as far as the `sample`th.
pub async fn meant(db: &Db, kind: &str, words: &[&str], sample: i64, limit: usize) -> Result<Vec<(String, Meant)>> {
    let sql = format!(
        "WITH RECURSIVE meant (word, past, term, nth) AS (
             SELECT w.value, w.value || '{LAST}', (SELECT min(p.term) FROM search_postings p
                  WHERE p.kind = $1 AND p.term >= w.value AND p.term < w.value || '{LAST}'), 1
             FROM json_each($2) AS w
             UNION ALL
             SELECT m.word, m.past, (SELECT min(p.term) FROM search_postings p
                  WHERE p.kind = $1 AND p.term > m.term AND p.term < m.past), m.nth + 1
             FROM meant m WHERE m.term IS NOT NULL AND m.nth < $4)
         SELECT word, term, (SELECT p.at FROM search_postings p WHERE p.kind = $1 AND p.term = m.term
             ORDER BY p.at DESC LIMIT 1 OFFSET $3) AS oldest
         FROM meant m WHERE term IS NOT NULL"
    );
    let query = query_dyn(sql).bind(kind).bind(serde_json::json!(words)).bind(sample - 1).bind(limit as i64);
    let rows: Vec<Begun> = query.fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.word, row.meant)).collect())
}

/// A term and the word that begins it.
#[derive(sqlx::FromRow)]
struct Begun {
    word: String,
    #[sqlx(flatten)]
    meant: Meant,
}

/// Scopes that have records; of each the newest are looked at as far as the `sample`th.
pub async fn sampled(db: &Db, kind: &str, scopes: &[&str], sample: i64) -> Result<Vec<Meant>> {
    query(
        "SELECT s.value AS term, (SELECT r.at FROM search_records r WHERE r.kind = $1 AND r.scope = s.value
             ORDER BY r.at DESC LIMIT 1 OFFSET $3) AS oldest
         FROM json_each($2) AS s
         WHERE EXISTS (SELECT 1 FROM search_records r WHERE r.kind = $1 AND r.scope = s.value)",
    )
    .bind(kind)
    .bind(serde_json::json!(scopes))
    .bind(sample - 1)
    .fetch_all(db)
    .await
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
    fn has(mut self, column: &str, words: &[&str]) -> Self {
        for word in words {
            self = self.push(" AND ").push(column).push(" LIKE ").bind(format!("% {word}%"));
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

    /// One range of an index, read from its end: the limit leaves the engines no other plan.
    fn range(self, search: &Search<'_>, range: Range<'_>, columns: &str, before: &Before) -> Self {
        let Range { from, column, name, .. } = range;
        let one = self.push("SELECT ").push(columns).push(" FROM ").push(from).push(" WHERE kind = ").bind(search.kind);
        let one = match column {
            Some(column) => one.push(" AND ").push(column).push(" = ").bind(name),
            None => one,
        };
        let one = one.push(" AND (at, ref) < (").bind(before.at).push(", ").bind(&before.reference);
        one.push(") ORDER BY at DESC, ref DESC LIMIT ")
    }

    /// Of the next `length` records of a range those that are in scope and have all words.
    fn found(self, search: &Search<'_>, range: Range<'_>, others: &[&str], before: &Before, length: i64) -> Self {
        let bits = beginnings(others.iter().copied());
        let threes = threes(others.iter().copied());
        let mut found = self.push("SELECT way.ref, way.at FROM (").range(search, range, range.columns, before);
        found = found.bind(length).push(") AS way WHERE TRUE");
        if !range.is_scope() {
            found = found.within("way.scope", search.scope);
        }
        if others.is_empty() {
            return found;
        }
        found = found.push(" AND (way.beginnings & ").bind(bits).push(") = ").bind(bits);
        if range.has_words() {
            return found.has("way.words", others);
        }
        found = found.push(" AND (way.threes & ").bind(threes).push(") = ").bind(threes);
        for (_, marks) in search.marks.iter().filter(|(word, _)| others.contains(word)) {
            found = found.push(" AND (way.marks & ").bind(*marks).push(") <> 0");
        }
        found = found.push(" AND EXISTS (SELECT 1 FROM search_records r WHERE r.kind = ").bind(search.kind);
        found.push(" AND r.ref = way.ref").has("r.words", others).push(")")
    }

    fn query(self) -> Query {
        self.values.into_iter().fold(query_dyn(self.query), Query::bind)
    }
}

/// A range of an index that a walk goes along.
#[derive(Clone, Copy)]
struct Range<'a> {
    from: &'static str,
    columns: &'static str,
    /// What all in the range have the same, and that; nothing where it is all there is.
    column: Option<&'static str>,
    name: &'a str,
}

impl<'a> Range<'a> {
    const ALL: Self = Self { from: "search_records", columns: RECORD, column: None, name: "" };

    fn of_term(name: &'a str) -> Self {
        Self { from: "search_postings", columns: POSTING, column: Some("term"), name }
    }

    fn of_scope(name: &'a str) -> Self {
        Self { from: "search_records", columns: RECORD, column: Some("scope"), name }
    }

    fn is_scope(self) -> bool {
        self.column == Some("scope")
    }

    fn has_words(self) -> bool {
        self.columns == RECORD
    }
}

const RECORD: &str = "ref, at, scope, beginnings, words";
const POSTING: &str = "ref, at, scope, beginnings, threes, marks";

/// Ranges are added up to a power of two, with what nothing has, so that there are few texts of statements and the
/// engines know them.
fn ranges<'a>(along: Along<'a>) -> Vec<Range<'a>> {
    let (sampled, of): (_, fn(&'a str) -> Range<'a>) = match along {
        Along::Everything => return vec![Range::ALL],
        Along::Terms { terms, .. } => (terms, Range::of_term),
        Along::Scopes(scopes) => (scopes, Range::of_scope),
    };
    let names = sampled.iter().map(|one| one.term.as_str()).chain(std::iter::repeat(""));
    names.take(sampled.len().next_power_of_two()).map(of).collect()
}

/// What the next stretch of a walk came to.
pub struct Stretch {
    /// The records on it that are in scope and have all words, newest first. One that has two of the terms is among them
    /// twice, one right behind the other.
    pub hits: Vec<Hit>,
    /// Its last record, whoever may see it; `None` where the way ends before, and where all hits that were wanted are there.
    pub end: Option<Hit>,
}

/// Walks on for `length` records of each term or scope; of the hits the first `most` are wanted.
///
/// Only what a record tells by itself is looked at on the way, inside the range; it is sorted and looked up when it has
/// passed.
pub async fn stretch(
    db: &Db,
    search: Search<'_>,
    along: Along<'_>,
    before: &Before,
    length: i64,
    most: i64,
) -> Result<Stretch> {
    let (others, ranges) = (search.others(along), ranges(along));
    let mut statement = Statement::new("WITH hits AS (SELECT ref, at FROM (");
    for (n, range) in ranges.iter().enumerate() {
        statement = statement.push(if n > 0 { " UNION ALL " } else { "" });
        statement = statement.found(&search, *range, &others, before, length);
    }
    statement = statement.push(") AS found ORDER BY at DESC, ref DESC LIMIT ").bind(most);
    statement = statement.push(") SELECT ref, at, TRUE AS hit FROM hits");
    for range in &ranges {
        statement = statement.push(" UNION ALL SELECT ref, at, FALSE FROM (").range(&search, *range, "ref, at", before);
        statement = statement.push("1 OFFSET ").bind(length - 1).push(") AS last");
    }
    if ranges.len() == 1 {
        // Whoever has all hits that were wanted asks no more where the stretch ends; of several ranges it decides which
        // hits count.
        statement = statement.push(" WHERE (SELECT COUNT(*) FROM hits) < ").bind(most);
    }
    let met: Vec<Met> = statement.query().fetch_all(db).await?;
    let (hits, ends): (Vec<Met>, Vec<Met>) = met.into_iter().partition(|met| met.hit);
    let place = |met: &Met| (met.record.at, met.record.reference.clone());
    // Behind the newest of the ends, some range has not been looked through.
    let end = ends.into_iter().max_by_key(place);
    let from = end.as_ref().map(place);
    let mut hits: Vec<Met> =
        hits.into_iter().filter(|hit| from.as_ref().is_none_or(|from| place(hit) >= *from)).collect();
    hits.sort_by_key(|hit| std::cmp::Reverse(place(hit)));
    Ok(Stretch { hits: hits.into_iter().map(|met| met.record).collect(), end: end.map(|end| end.record) })
}

/// A record on the way, or the end of a range.
#[derive(sqlx::FromRow)]
struct Met {
    #[sqlx(flatten)]
    record: Hit,
    hit: bool,
}
