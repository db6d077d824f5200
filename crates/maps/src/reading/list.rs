//! A page of features of a layer: with a filter, plain words, a box, as of a day.

use serde_json::{Value, json};
use songhan_app::Cx;
use songhan_base::{Internal, fold_words};
use songhan_geo::cql2::{self, Cql2Error, Filter, Position};

use super::{Item, Readable};
use crate::feature::Feature;
use crate::layer::{Attribute, Kind, Layer};
use crate::ogc::filter::{self, Conditions};
use crate::ogc::scan::{Scan, Wanted};
use crate::ogc::system::System;
use crate::ogc::{bounds, list_features, moment};

/// Plain words that are looked for.
const WORDS_MAX: usize = 8;

/// What is asked for; empty texts ask for nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    /// A filter in CQL2 text.
    pub filter: &'a str,
    /// Plain words, each of which some text of a feature holds.
    pub words: &'a str,
    /// West, south, east, north.
    pub bbox: &'a str,
    /// The day, or the moment, as of which.
    pub at: &'a str,
    /// Features behind this number.
    pub after: i64,
    pub limit: usize,
}

/// A page of features.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    pub items: Vec<Item>,
    /// How many there are in all, where that is known.
    pub matched: Option<usize>,
    /// The number behind which the next page begins.
    pub next: Option<i64>,
    /// Filter and plain words as one filter, for a download of the same.
    pub filter: String,
}

/// What cannot be read of what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    #[error("filter: {detail}")]
    Filter {
        /// The first character is 1.
        at: Option<u32>,
        /// An attribute that the layer has not.
        unknown: Option<String>,
        detail: String,
    },
    #[error("{0}")]
    Bbox(String),
    #[error("{0}")]
    At(String),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<Cql2Error> for Wrong {
    fn from(error: Cql2Error) -> Self {
        let at = match error.position() {
            Some(Position::Character(number)) => Some(*number),
            _ => None,
        };
        let unknown = match &error {
            Cql2Error::UnknownProperty { name, .. } => Some(name.clone()),
            _ => None,
        };
        Self::Filter { at, unknown, detail: error.to_string() }
    }
}

/// The features that fit, in the order of their numbers.
pub async fn list(cx: &Cx, of: &Readable, ask: Ask<'_>) -> Result<Listing, Wrong> {
    let layer = &of.layer;
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let bounds = said(ask.bbox).map(|text| bounds::read(&text, System::DEFAULT)).transpose();
    let bounds = bounds.map_err(|problem| Wrong::Bbox(problem.detail().to_owned()))?;
    let at = said(ask.at).map(|text| moment::read(&text, &cx.zone, cx.now())).transpose();
    let at = at.map_err(|problem| Wrong::At(problem.detail().to_owned()))?.flatten();
    let (conditions, filter) = conditions(cx, layer, ask)?;
    let (layer, reach) = (layer.clone(), of.reach.clone());
    let wanted = Wanted { layer, reach, bounds, conditions, at, after: ask.after };
    let scan = Scan::new(cx, wanted, ask.limit).await?;
    let (mut items, mut bytes) = (Vec::new(), 0);
    let sink = |feature: &Feature| {
        bytes += feature.properties.len() + feature.geometry.as_ref().map_or(0, Vec::len);
        items.push(Item::of(feature)?);
        Ok(bytes)
    };
    let taken = list_features::take(cx, scan, ask.limit, sink).await;
    let taken = taken.map_err(|problem| Internal::new(problem.detail().to_owned()))?;
    Ok(Listing { items, matched: taken.matched, next: taken.next, filter })
}

fn conditions(cx: &Cx, layer: &Layer, ask: Ask<'_>) -> Result<(Conditions, String), Wrong> {
    let written = ask.filter.trim();
    let meant = words(layer, ask.words);
    let mut conditions = Conditions::default();
    if written.is_empty() && meant.is_none() {
        return Ok((conditions, String::new()));
    }
    let schema = filter::schema(cx, layer)?;
    let mut texts = Vec::new();
    if !written.is_empty() {
        conditions.all.push(cql2::parse_text(written)?.check(&schema)?);
        texts.push(written.to_owned());
    }
    if let Some(meant) = meant {
        let filter: Filter = cql2::parse_json_value(&meant)?;
        texts.push(filter.to_text());
        conditions.all.push(filter.check(&schema)?);
    }
    conditions.weight = texts.iter().map(String::len).sum();
    let whole = if texts.len() == 1 { texts.remove(0) } else { format!("({}) AND ({})", texts[0], texts[1]) };
    Ok((conditions, whole))
}

/// Each word stands in some text of the feature, or in what one of its codes means; accents and case do not count.
fn words(layer: &Layer, text: &str) -> Option<Value> {
    let words: Vec<String> = fold_words(text).into_iter().take(WORDS_MAX).collect();
    let texts: Vec<&Attribute> = layer.attributes.iter().filter(|one| one.kind == Kind::Text).collect();
    let each = words.iter().map(|word| {
        let mut parts: Vec<Value> = texts.iter().filter_map(|attribute| holds(attribute, word)).collect();
        match parts.len() {
            0 => json!(false),
            1 => parts.remove(0),
            _ => json!({ "op": "or", "args": parts }),
        }
    });
    let mut each: Vec<Value> = each.collect();
    match each.len() {
        0 => None,
        1 => each.pop(),
        _ => Some(json!({ "op": "and", "args": each })),
    }
}

fn holds(attribute: &Attribute, word: &str) -> Option<Value> {
    let property = json!({ "property": attribute.name });
    if attribute.domain.is_empty() {
        let folded = |value: Value| json!({ "op": "accenti", "args": [{ "op": "casei", "args": [value] }] });
        // A folded word is letters and digits alone: nothing of it means anything to a pattern.
        return Some(json!({ "op": "like", "args": [folded(property), folded(json!(format!("%{word}%")))] }));
    }
    let means = |title: &str| fold_words(title).iter().any(|part| part.starts_with(word));
    let codes: Vec<&str> = attribute
        .domain
        .iter()
        .filter(|one| means(&one.title.vi) || one.title.en.as_deref().is_some_and(means) || one.code == word)
        .map(|one| one.code.as_str())
        .collect();
    (!codes.is_empty()).then(|| json!({ "op": "in", "args": [property, codes] }))
}
