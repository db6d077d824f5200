//! The catalogue: the list of procedures with its search and what narrows it, a page at a time.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, PageSpec, Problem, Query};
use songhan_city::Fields;

use super::lists::{Chip, Row, link};
use crate::catalogue::Catalogue;
use crate::ops::list_procedures::{Filter, found};
use crate::procedure::{Procedure, Tier};
use crate::view::ProcedureSummary;

/// Longer searches say nothing more.
const QUERY_CHARS_MAX: usize = 200;

/// Procedures on one page.
const PAGE: usize = 100;

/// Who may apply, in the order in which they are offered.
const APPLICANTS: [&str; 8] =
    ["citizen", "overseas", "foreigner", "household_business", "business", "cooperative", "organisation", "official"];

/// The address of the list: what is looked for and what narrows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    field: String,
    level: String,
    tier: String,
    who: String,
    page: String,
}

#[derive(Serialize)]
struct List {
    q: String,
    total: usize,
    items: Vec<Row>,
    fields: Vec<Chip>,
    /// What narrows it further; closed unless it does.
    more: Vec<Group>,
    narrowed: bool,
    previous: String,
    next: String,
    /// "Trang 2 trên 41".
    place: String,
}

#[derive(Serialize)]
struct Group {
    label: String,
    chips: Vec<Chip>,
}

/// One way to narrow the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Facet {
    Field,
    Level,
    Tier,
    Who,
}

impl Facet {
    const fn key(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Level => "level",
            Self::Tier => "tier",
            Self::Who => "who",
        }
    }
}

impl Asked {
    fn given(&self, facet: Facet) -> &str {
        match facet {
            Facet::Field => &self.field,
            Facet::Level => &self.level,
            Facet::Tier => &self.tier,
            Facet::Who => &self.who,
        }
    }

    fn page(&self) -> usize {
        self.page.parse().unwrap_or(1).clamp(1, 1_000)
    }

    /// The filter without one of its facets: what that one can be chosen among.
    fn filter(&self, without: Option<Facet>) -> Filter<'_> {
        let given = |facet| Some(self.given(facet)).filter(|text| !text.is_empty() && without != Some(facet));
        Filter {
            field: given(Facet::Field),
            // What is no level or tier finds nothing, as a field that there is not.
            level: given(Facet::Level).map(|level| level.parse().unwrap_or(0)),
            tier: given(Facet::Tier).and_then(tier),
            applicant: given(Facet::Who),
        }
    }

    /// The same list with another value of one facet, from its first page.
    fn link(&self, facet: Facet, value: &str) -> String {
        let mut pairs = vec![("q", self.q.as_str())];
        for one in [Facet::Field, Facet::Level, Facet::Tier, Facet::Who] {
            pairs.push((one.key(), if one == facet { value } else { self.given(one) }));
        }
        link("/procedures", &pairs)
    }

    fn link_to_page(&self, page: usize) -> String {
        let (number, facets) = (page.to_string(), [Facet::Field, Facet::Level, Facet::Tier, Facet::Who]);
        let mut pairs = vec![("q", self.q.as_str())];
        pairs.extend(facets.map(|facet| (facet.key(), self.given(facet))));
        pairs.push(("page", if page > 1 { &number } else { "" }));
        link("/procedures", &pairs)
    }
}

fn tier(text: &str) -> Option<Tier> {
    Tier::ALL.into_iter().find(|tier| tier.as_str() == text)
}

pub async fn list(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let q: String = asked.q.trim().chars().take(QUERY_CHARS_MAX).collect();
    let asked = Asked { q, ..asked };
    let catalogue = Catalogue::of(&cx).await?;
    let found = found(&catalogue, Some(&asked.q));
    let filter = asked.filter(None);
    let shown: Vec<_> = found.iter().filter(|procedure| filter.passes(&cx, procedure)).collect();
    let (total, pages) = (shown.len(), shown.len().div_ceil(PAGE).max(1));
    let page = asked.page().min(pages);
    let items = shown.iter().skip((page - 1) * PAGE).take(PAGE);
    let items = items.map(|procedure| Row::of(&cx, &ProcedureSummary::of(&cx, procedure))).collect();
    let data = List {
        items,
        fields: fields(&cx, &asked, &found),
        more: vec![
            Group { label: cx.t("services-procedures-by-level"), chips: levels(&cx, &asked, &found) },
            Group { label: cx.t("services-procedures-by-tier"), chips: tiers(&cx, &asked, &found) },
            Group { label: cx.t("services-procedures-by-who"), chips: applicants(&cx, &asked, &found) },
        ],
        narrowed: [&asked.level, &asked.tier, &asked.who].into_iter().any(|given| !given.is_empty()),
        previous: if page > 1 { asked.link_to_page(page - 1) } else { String::new() },
        next: if page < pages { asked.link_to_page(page + 1) } else { String::new() },
        place: place(&cx, page, pages),
        total,
        q: asked.q.clone(),
    };
    let spec = PageSpec::titled(cx.t("services-procedures-title"))
        .crumb("/", cx.t("home"))
        .describe(cx.t("services-procedures-description"));
    cx.page("services/procedures.html", spec, data).await
}

fn place(cx: &Cx, page: usize, pages: usize) -> String {
    if pages < 2 {
        return String::new();
    }
    cx.text(cx.lang, "services-procedures-page", &[("page", &page.to_string()), ("pages", &pages.to_string())])
}

/// The chips of a facet: all, then each value that finds something, with how much.
fn chips(
    cx: &Cx,
    asked: &Asked,
    found: &[Arc<Procedure>],
    (facet, all): (Facet, &str),
    values: impl Iterator<Item = (String, String)>,
    of: impl Fn(&Procedure) -> Vec<String>,
) -> Vec<Chip> {
    let others = asked.filter(Some(facet));
    let mut counts: HashMap<String, usize> = HashMap::new();
    for procedure in found.iter().filter(|procedure| others.passes(cx, procedure)) {
        for value in of(procedure) {
            *counts.entry(value).or_default() += 1;
        }
    }
    let given = asked.given(facet);
    let mut chips =
        vec![Chip { href: asked.link(facet, ""), label: cx.t(all), count: None, current: given.is_empty() }];
    for (value, label) in values {
        let (count, current) = (counts.get(&value).copied().unwrap_or(0), value == given);
        if count > 0 || current {
            chips.push(Chip { href: asked.link(facet, &value), label, count: Some(count), current });
        }
    }
    chips
}

fn fields(cx: &Cx, asked: &Asked, found: &[Arc<Procedure>]) -> Vec<Chip> {
    let all = cx.city.get::<Fields>().iter();
    let values = all.map(|field| (field.id.to_string(), field.name.get(cx.lang).to_owned()));
    chips(cx, asked, found, (Facet::Field, "services-all-fields"), values, |procedure| vec![procedure.field.clone()])
}

fn levels(cx: &Cx, asked: &Asked, found: &[Arc<Procedure>]) -> Vec<Chip> {
    let values = (1..=4_u8).map(|level| (level.to_string(), cx.t(&format!("level-{level}"))));
    let of = |procedure: &Procedure| vec![procedure.level.number().to_string()];
    chips(cx, asked, found, (Facet::Level, "services-all-levels"), values, of)
}

fn tiers(cx: &Cx, asked: &Asked, found: &[Arc<Procedure>]) -> Vec<Chip> {
    let name = |tier: Tier| (tier.as_str().to_owned(), cx.t(&format!("services-tier-{}", tier.as_str())));
    let of = |procedure: &Procedure| {
        procedure.tiers(&cx.city).into_iter().map(|tier| tier.as_str().to_owned()).collect::<Vec<_>>()
    };
    chips(cx, asked, found, (Facet::Tier, "services-all-tiers"), Tier::ALL.into_iter().map(name), of)
}

fn applicants(cx: &Cx, asked: &Asked, found: &[Arc<Procedure>]) -> Vec<Chip> {
    let name = |who: &str| (who.to_owned(), super::procedure::capitalised(&super::procedure::applicant(cx, who)));
    let of = |procedure: &Procedure| procedure.applicants.clone();
    chips(cx, asked, found, (Facet::Who, "services-all-applicants"), APPLICANTS.into_iter().map(name), of)
}

/// The procedure of an address: by its name, or by its code.
pub async fn find(cx: &Cx, name: &str) -> Result<Arc<Procedure>, Problem> {
    let catalogue = Catalogue::of(cx).await?;
    let found = catalogue.named(name).or_else(|| catalogue.get(name));
    found.cloned().ok_or_else(|| Problem::not_found("procedure"))
}
