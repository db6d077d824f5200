//! The layers that a search looks through, and the best that each of them has.

use std::collections::HashSet;
use std::sync::Arc;

use songhan_app::Cx;
use songhan_base::Internal;

use super::ground::Ground;
use super::held::{self, Held};
use super::index::Row;
use super::question::Question;
use super::ranking::{Fit, Sought};
use super::{Precision, READ_AHEAD, WITHIN};
use crate::layer::{Layer, Layers, Of, Reach};

/// Segments of one street are many; they are one answer, so that more of them are looked through.
const SEGMENTS: usize = 1_000;
/// Of one street the segments that lie in one square of about a kilometre stand for each other before they are read.
const SQUARES_A_DEGREE: f64 = 100.0;
/// What is found by a word that was not typed exactly loses this.
const TYPO: Fit = 200;

/// A row that fits, before it is read.
pub struct Candidate {
    pub fit: Fit,
    pub layer: Arc<Layer>,
    pub base: i64,
    pub feature: i64,
    pub precision: Precision,
}

/// A layer that is looked through.
struct Source {
    layer: Arc<Layer>,
    of: Of,
    held: Arc<Held>,
    reach: Reach,
}

/// The best rows of all layers; `corrected` with the words that were mistyped put right.
pub async fn rows(cx: &Cx, question: &Question, limit: usize, corrected: bool) -> Result<Vec<Candidate>, Internal> {
    let mut sources = Vec::new();
    for layer in cx.city.get::<Layers>().iter() {
        let Some(search) = layer.search.as_ref().filter(|search| search.of != Of::Area) else { continue };
        let reach = layer.rights.reads(cx);
        if reach.is_nothing() {
            continue;
        }
        let Some(held) = held::of(cx, layer, search).await? else { continue };
        sources.push(Source { layer: layer.clone(), of: search.of, held, reach });
    }
    let question = question.clone();
    let look = move || {
        let most = limit * READ_AHEAD;
        let mut found =
            sources.iter().flat_map(|source| source.look(&question, most, corrected, true)).collect::<Vec<_>>();
        if !question.within.is_empty() {
            for one in &mut found {
                one.fit += WITHIN;
            }
            if found.len() < limit {
                found.extend(sources.iter().flat_map(|source| source.look(&question, most, corrected, false)));
            }
        }
        found
    };
    // Of a million names a short beginning is that of very many: nobody else waits meanwhile.
    tokio::task::spawn_blocking(look).await.map_err(Internal::new)
}

impl Source {
    /// The best of one layer; `within` alone what lies in the area that was named.
    fn look(&self, question: &Question, most: usize, corrected: bool, within: bool) -> Vec<Candidate> {
        let index = &self.held.index;
        let is_street = self.of == Of::Street;
        let within: &[Ground] = if within { &question.within } else { &[] };
        let most = if is_street { SEGMENTS } else { most };
        let sought = Sought { reach: &self.reach, near: question.near, within, most };
        let less = if corrected { TYPO } else { 0 };
        let spelled = |words: &[String]| if corrected { index.corrected(words) } else { Some(words.to_vec()) };
        let mut found = Vec::new();
        let words = spelled(&question.words);
        if let Some(words) = &words {
            let mut fitting = index.find(words, &sought);
            // "Đ. Lê Lợi" is written without its first word in many places.
            let rest = &words[question.street_words.min(words.len())..];
            if fitting.is_empty() && rest.len() < words.len() {
                fitting = index.find(rest, &sought);
            }
            found.extend(fitting.into_iter().map(|(fit, row)| (fit - less, row, Precision::Exact)));
        }
        if let Some(address) = &question.address
            && let Some(street) = spelled(&address.street).or_else(|| words.map(|_| address.street.clone()))
        {
            let numbered = index.numbered(&address.number(), &street, &sought);
            found.extend(numbered.into_iter().map(|(fit, row)| (fit - less, row, Precision::Exact)));
            if is_street {
                let streets = index.find(&street, &sought);
                found.extend(streets.into_iter().map(|(fit, row)| (fit - less, row, Precision::Street)));
            }
        }
        let mut seen = HashSet::new();
        if is_street {
            found.sort_by_key(|(fit, row, _)| (std::cmp::Reverse(*fit), row.feature));
            found.retain(|(_, row, _)| {
                let square = row.at().map(|at| [at.x, at.y].map(|one| (one * SQUARES_A_DEGREE).floor() as i32));
                seen.insert((index.text_of(row).0, square))
            });
        }
        let candidate = |(fit, row, precision): (Fit, &Row, Precision)| {
            let (layer, base) = (self.layer.clone(), self.held.base);
            Candidate { fit, layer, base, feature: row.feature, precision }
        };
        found.into_iter().map(candidate).collect()
    }
}
