//! How records are found: the rarest word of the query is walked from the newest record that has it, and each record on
//! the way tells whether it has the other words.
//!
//! A search does bounded work: after so many records without a full page it says where to go on. So no query, however
//! its words are spread, keeps the database busy for long.

use songhan_base::Internal;
use songhan_db::{At, Db};

use crate::records::{Before, Page, Scope};
use crate::store;

/// One search as it goes to the database.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    pub kind: &'a str,
    pub scope: Scope<'a>,
    /// Never empty.
    pub words: &'a [&'a str],
}

/// How much work is done where.
#[derive(Clone, Copy)]
pub struct Limits {
    /// Of each term so many of its newest records tell how dense they lie.
    pub sample: i64,
    /// A word that begins more terms than these is not walked along.
    pub terms: usize,
    /// Units with no more records than this are read through.
    pub small: i64,
    /// Records in the first stretch of a walk; a further one is at most eight times as long.
    pub stretch: i64,
    /// Records that are passed by one search at most, where each is looked up, where one other word is asked for, and
    /// where more are: the beginnings of words spare most look-ups, the more the more words there are.
    pub passed: [i64; 3],
}

pub const LIMITS: Limits = Limits { sample: 100, terms: 16, small: 500, stretch: 400, passed: [4_000, 20_000, 60_000] };

/// A term that a word of the query begins, and how many of its newest records were counted, back to which time.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Meant {
    pub term: String,
    pub count: i64,
    pub oldest: At,
}

/// What a walk goes along.
#[derive(Clone, Copy)]
pub enum Along<'a> {
    /// The records of these terms; the word that begins them needs no further look.
    Terms { word: &'a str, terms: &'a [Meant] },
    /// All records, because every word begins too many terms.
    Everything,
}

impl<'a> Search<'a> {
    /// The words that a record on the way must still be asked for.
    pub fn others(&self, along: Along<'_>) -> Vec<&'a str> {
        let known = match along {
            Along::Terms { word, .. } => Some(word),
            Along::Everything => None,
        };
        self.words.iter().copied().filter(|word| Some(*word) != known).collect()
    }
}

pub async fn find(db: &Db, search: Search<'_>, before: Before, limit: usize, limits: Limits) -> Result<Page, Internal> {
    let mut rarest: Option<(f64, &str, Vec<Meant>)> = None;
    for word in search.words {
        let meant = store::meant(db, search.kind, word, limits.sample, limits.terms + 1).await?;
        if meant.is_empty() {
            return Ok(Page::default());
        }
        let density = density(&meant, limits.sample);
        if meant.len() <= limits.terms && rarest.as_ref().is_none_or(|(least, ..)| density < *least) {
            rarest = Some((density, word, meant));
        }
    }
    let few = rarest.as_ref().is_some_and(|(density, ..)| *density == 0.0);
    if let Scope::In(scopes) = search.scope
        && !few
        && store::count_in(db, search.kind, scopes, limits.small + 1).await? <= limits.small
    {
        let mut hits = store::read_through(db, search, scopes, &before, limit as i64 + 1).await?;
        let more = hits.len() > limit;
        hits.truncate(limit);
        let next = hits.last().filter(|_| more).cloned().map(Before::from);
        return Ok(Page { hits, next });
    }
    let along = match &rarest {
        Some((_, word, terms)) => Along::Terms { word, terms },
        None => Along::Everything,
    };
    walk(db, search, along, before, limit, limits).await
}

/// How close to each other the records of a word lie in time; those of a rare word have been counted to the end.
fn density(meant: &[Meant], sample: i64) -> f64 {
    if meant.iter().map(|term| term.count).sum::<i64>() < sample {
        return 0.0;
    }
    let newest = meant.iter().map(|term| term.oldest.0.as_microsecond()).max().unwrap_or(0);
    // Any moment behind all of them serves as the present: only the order of the densities matters.
    let now = newest.saturating_add(1_000_000_000);
    meant.iter().map(|term| term.count as f64 / (now - term.oldest.0.as_microsecond()).max(1) as f64).sum()
}

async fn walk(
    db: &Db,
    search: Search<'_>,
    along: Along<'_>,
    mut from: Before,
    limit: usize,
    limits: Limits,
) -> Result<Page, Internal> {
    let others = search.others(along);
    let most = match (along, others.len()) {
        (Along::Everything, _) => limits.passed[0],
        (_, 1) => limits.passed[1],
        _ => limits.passed[2],
    };
    // Where every record on the way is a hit, a page is all that is needed.
    let sure = others.is_empty() && matches!(search.scope, Scope::Everywhere);
    let mut stretch = if sure { limits.stretch.min(limit as i64 + 1) } else { limits.stretch };
    let (mut hits, mut passed) = (Vec::new(), 0);
    loop {
        for record in store::stretch(db, search, along, &from, stretch).await? {
            // A record that has two of the terms is met twice, one right behind the other.
            if hits.last() == Some(&record) {
                continue;
            }
            if hits.len() == limit {
                return Ok(Page { next: hits.last().cloned().map(Before::from), hits });
            }
            hits.push(record);
        }
        let Some(end) = store::end_of_stretch(db, search, along, &from, stretch).await? else {
            return Ok(Page { hits, next: None });
        };
        from = end.into();
        passed += stretch;
        if passed >= most {
            return Ok(Page { hits, next: Some(from) });
        }
        // As long as it takes to fill the page, if hits lie as they did until now, and half as long again.
        let missing = (limit + 1).saturating_sub(hits.len()) as i64;
        let enough = passed.saturating_mul(missing) / (hits.len() as i64).max(1) * 3 / 2;
        stretch = enough.clamp(limits.stretch, stretch * 8).min(most - passed).max(1);
    }
}
