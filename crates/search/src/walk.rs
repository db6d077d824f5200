//! How records are found: whatever is rarest, one of the words or the scopes to search in, is walked from its newest
//! record back, and each record on the way tells whether it has the rest.
//!
//! A search does bounded work: after so many records without a full page it says where to go on. So no query, however
//! its words are spread, keeps the database busy for long.

use songhan_base::Internal;
use songhan_db::{At, Db};

use crate::records::{Before, Page, Scope};
use crate::{store, words};

/// One search as it goes to the database.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    pub kind: &'a str,
    pub scope: Scope<'a>,
    /// Never empty.
    pub words: &'a [&'a str],
    /// Of words that begin few terms, which bits a record has one of.
    pub marks: &'a [(&'a str, i64)],
}

/// How much work is done where.
#[derive(Clone, Copy)]
pub struct Limits {
    /// Of each term and scope so many of its newest records tell how dense they lie.
    pub sample: i64,
    /// A word that begins more terms than these is not walked along, nor are more scopes.
    pub terms: usize,
    /// Records of each term or scope in the first stretch of a walk; a further one is at most eight times as long.
    pub stretch: i64,
    /// How many times as long the first one is on PostgreSQL along one term or scope: it stops there with the last hit that
    /// is wanted, and each further stretch is a statement more. SQLite looks at the whole stretch and then sorts.
    pub ahead: i64,
    /// Records that are passed by one search at most, where each is looked up, where one other word is asked for, and
    /// where more are or none is looked up: the beginnings of words spare most look-ups, the more the more words there are.
    pub passed: [i64; 3],
}

pub const LIMITS: Limits = Limits { sample: 64, terms: 16, stretch: 100, ahead: 20, passed: [4_000, 20_000, 60_000] };

/// A term that a word of the query begins, or a scope, and the time of the last of its newest records that were looked at;
/// of one that has fewer there is none.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Meant {
    pub term: String,
    pub oldest: Option<At>,
}

/// What a walk goes along.
#[derive(Clone, Copy)]
pub enum Along<'a> {
    /// The records of these terms; the word that begins them needs no further look.
    Terms { word: &'a str, terms: &'a [Meant] },
    /// The records of these scopes.
    Scopes(&'a [Meant]),
    /// All records, because every word begins too many terms and there are too many scopes.
    Everything,
}

impl<'a> Along<'a> {
    fn sampled(self) -> &'a [Meant] {
        match self {
            Along::Terms { terms: sampled, .. } | Along::Scopes(sampled) => sampled,
            Along::Everything => &[],
        }
    }
}

impl<'a> Search<'a> {
    /// The words that a record on the way must still be asked for.
    pub fn others(&self, along: Along<'_>) -> Vec<&'a str> {
        let known = match along {
            Along::Terms { word, .. } => Some(word),
            Along::Scopes(_) | Along::Everything => None,
        };
        self.words.iter().copied().filter(|word| Some(*word) != known).collect()
    }
}

pub async fn find(db: &Db, search: Search<'_>, before: Before, limit: usize, limits: Limits) -> Result<Page, Internal> {
    let mut meant = store::meant(db, search.kind, search.words, limits.sample, limits.terms + 1).await?;
    let mut words = Vec::new();
    for word in search.words {
        let terms: Vec<Meant> = meant.extract_if(.., |(begins, _)| begins == word).map(|(_, term)| term).collect();
        if terms.is_empty() {
            return Ok(Page::default());
        }
        if terms.len() <= limits.terms {
            words.push((*word, terms));
        }
    }
    let scopes = match search.scope {
        Scope::In(scopes) if scopes.len() <= limits.terms => {
            store::sampled(db, search.kind, scopes, limits.sample).await?
        }
        _ => Vec::new(),
    };
    if scopes.is_empty() && matches!(search.scope, Scope::In(list) if list.len() <= limits.terms) {
        return Ok(Page::default());
    }
    // Of two ways as long the scopes': nothing is looked up there.
    let scoped = Some(Along::Scopes(&scopes)).filter(|_| !scopes.is_empty());
    let ways = words.iter().map(|(word, terms)| Along::Terms { word, terms });
    let ways: Vec<Along<'_>> = scoped.into_iter().chain(ways).collect();
    let now = ways.iter().flat_map(|way| way.sampled()).filter_map(|one| one.oldest).max().map_or(0, micros);
    let density = |way: &Along<'_>| density(way.sampled(), now);
    let rarest = ways.iter().copied().min_by(|one, other| density(one).total_cmp(&density(other)));
    let marks = |terms: &[Meant]| words::marks(terms.iter().map(|meant| meant.term.as_str()));
    let marks: Vec<(&str, i64)> = words.iter().map(|(word, terms)| (*word, marks(terms))).collect();
    let search = Search { marks: &marks, ..search };
    walk(db, search, rarest.unwrap_or(Along::Everything), before, limit, limits).await
}

/// How close to each other records lie in time, in samples; what is rare counts for nothing. Any moment behind all that
/// were sampled serves as the present: only the order of the densities matters.
fn density(sampled: &[Meant], now: i64) -> f64 {
    const SECOND: i64 = 1_000_000;
    let each = sampled.iter().filter_map(|one| one.oldest);
    each.map(|oldest| 1.0 / (now.saturating_sub(micros(oldest)) + SECOND) as f64).sum()
}

fn micros(at: At) -> i64 {
    at.0.as_microsecond()
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
        (Along::Terms { .. }, 1) => limits.passed[1],
        _ => limits.passed[2],
    };
    let ranges = along.sampled().len().max(1) as i64;
    // Where every record on the way is a hit, a page is all that is needed.
    let sure = others.is_empty() && matches!(search.scope, Scope::Everywhere);
    let mut stretch = match sure {
        true => limits.stretch.min(limit as i64 + 1),
        false if ranges == 1 && db.is_postgres() => (limits.stretch * limits.ahead).min(most),
        false => limits.stretch,
    };
    let (mut hits, mut walked) = (Vec::new(), 0);
    loop {
        // One more than the page holds tells that there is more; a record stands for as many as it has of the terms.
        let wanted = (limit + 1 - hits.len()) as i64 * ranges;
        let on = store::stretch(db, search, along, &from, stretch, wanted).await?;
        for record in on.hits {
            if hits.last() == Some(&record) {
                continue;
            }
            if hits.len() == limit {
                return Ok(Page { next: hits.last().cloned().map(Before::from), hits });
            }
            hits.push(record);
        }
        let Some(end) = on.end else {
            return Ok(Page { hits, next: None });
        };
        from = end.into();
        walked += stretch;
        if walked * ranges >= most {
            return Ok(Page { hits, next: Some(from) });
        }
        // As long as it takes to fill the page, if hits lie as they did until now, and half as long again.
        let missing = (limit + 1).saturating_sub(hits.len()) as i64;
        let enough = walked.saturating_mul(missing) / (hits.len() as i64).max(1) * 3 / 2;
        stretch = enough.clamp(limits.stretch, stretch * 8).min(most / ranges - walked).max(1);
    }
}
