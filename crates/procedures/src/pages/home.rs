//! The home page: search, what is asked for most, the fields, and where to track a dossier. The catalogue is in memory: no
//! database is asked.

use std::collections::HashMap;

use axum::response::Response;
use serde::Serialize;
use songhan_app::{Cx, PageSpec, Problem};
use songhan_base::Lang;
use songhan_city::Fields;

use super::lists::{Row, link};
use crate::catalogue::Catalogue;
use crate::procedure::{LifeEvent, LifeEvents, Procedure};
use crate::view::ProcedureSummary;

#[derive(Serialize)]
struct Data {
    events: Vec<Card>,
    fields: Vec<FieldCard>,
    popular: Vec<Row>,
    suggestions: Vec<Suggestion>,
}

/// A life event.
#[derive(Serialize)]
pub struct Card {
    href: String,
    icon: String,
    name: String,
    text: String,
}

#[derive(Serialize)]
struct FieldCard {
    href: String,
    icon: String,
    name: String,
    text: String,
    count: usize,
}

#[derive(Serialize)]
struct Suggestion {
    href: String,
    label: String,
}

const POPULAR: usize = 6;
const SUGGESTIONS: usize = 3;

pub async fn show(cx: Cx) -> Result<Response, Problem> {
    cx.shared(|| page(&cx)).await
}

async fn page(cx: &Cx) -> Result<Response, Problem> {
    let catalogue = Catalogue::of(cx).await?;
    let popular = popular(&catalogue);
    let data = Data {
        events: cx.city.get::<LifeEvents>().iter().map(|happening| event(cx, happening)).collect(),
        fields: fields(cx, &catalogue),
        suggestions: popular.iter().filter_map(|procedure| suggestion(cx, procedure)).take(SUGGESTIONS).collect(),
        popular: popular.iter().map(|procedure| Row::of(cx, &ProcedureSummary::of(cx, procedure))).collect(),
    };
    let spec = PageSpec::titled("").describe(cx.t("services-home-description"));
    cx.page("services/home.html", spec, data).await
}

/// What can be done whole from a phone comes first, among what the city describes in its own words.
fn popular(catalogue: &Catalogue) -> Vec<&Procedure> {
    let mut all: Vec<&Procedure> = catalogue.declared().iter().map(AsRef::as_ref).collect();
    all.sort_by_key(|procedure| std::cmp::Reverse(procedure.level));
    all.truncate(POPULAR);
    all
}

pub fn event(cx: &Cx, event: &LifeEvent) -> Card {
    Card {
        href: format!("/life-events/{}", event.id),
        icon: event.icon.clone(),
        name: event.name.get(cx.lang).to_owned(),
        text: event.summary.get(cx.lang).to_owned(),
    }
}

/// Fields in which there is something to find, in the city's order.
fn fields(cx: &Cx, catalogue: &Catalogue) -> Vec<FieldCard> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for procedure in catalogue.iter() {
        *counts.entry(&procedure.field).or_default() += 1;
    }
    let card = |field: &songhan_city::Field| {
        let count = *counts.get(field.id.as_str())?;
        Some(FieldCard {
            href: link("/procedures", &[("field", &field.id)]),
            icon: field.icon.clone(),
            name: field.name.get(cx.lang).to_owned(),
            text: field.summary.get(cx.lang).to_owned(),
            count,
        })
    };
    cx.city.get::<Fields>().iter().filter_map(card).collect()
}

/// A keyword in the visitor's language: Vietnamese ones stand first in a declaration, English ones last and in plain
/// ASCII.
fn suggestion(cx: &Cx, procedure: &Procedure) -> Option<Suggestion> {
    let keyword = match cx.lang {
        Lang::Vi => procedure.keywords.first(),
        Lang::En => procedure.keywords.last().filter(|keyword| keyword.is_ascii()),
    }?;
    Some(Suggestion { href: link("/procedures", &[("q", keyword)]), label: keyword.clone() })
}
