//! The catalogue: the list of procedures with its search, and a procedure's own page.

use std::collections::BTreeSet;

use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, PageSpec, Path, Problem, Query, redirect};
use songhan_base::Internal;
use songhan_city::Fields;

use super::lists::{Chip, Row, link};
use crate::application::purpose;
use crate::ops::list_procedures::{Input, list_procedures};
use crate::procedure::{Procedure, Procedures};
use crate::view::{FeeView, LawView, PaperView, ProcedureView, UnitView};

/// Longer searches say nothing more.
const QUERY_CHARS_MAX: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    field: String,
    level: String,
}

#[derive(Serialize)]
struct List {
    q: String,
    total: usize,
    items: Vec<Row>,
    fields: Vec<Chip>,
    levels: Vec<Chip>,
}

pub async fn list(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let q: String = asked.q.trim().chars().take(QUERY_CHARS_MAX).collect();
    let asked = Asked { q, ..asked };
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let found = list_procedures(&cx, &Input { q: given(&asked.q), ..Input::default() }).items;
    let fits_field = |field: &str| asked.field.is_empty() || asked.field == field;
    let fits_level = |level: u8| asked.level.is_empty() || asked.level == level.to_string();
    let shown = found.iter().filter(|p| fits_field(&p.field) && fits_level(p.level));
    let items: Vec<_> = shown.map(|p| Row::of(&cx, p)).collect();

    let at = |field: &str, level: &str| link("/procedures", &[("q", &asked.q), ("field", field), ("level", level)]);
    let mut fields = vec![Chip {
        href: at("", &asked.level),
        label: cx.t("services-all-fields"),
        count: None,
        current: asked.field.is_empty(),
    }];
    for field in cx.city.get::<Fields>().iter() {
        let count = found.iter().filter(|p| *field.id == p.field && fits_level(p.level)).count();
        let current = *field.id == asked.field;
        if count > 0 || current {
            let label = field.name.get(cx.lang).to_owned();
            fields.push(Chip { href: at(&field.id, &asked.level), label, count: Some(count), current });
        }
    }
    let mut levels = vec![Chip {
        href: at(&asked.field, ""),
        label: cx.t("services-all-levels"),
        count: None,
        current: asked.level.is_empty(),
    }];
    for level in 1..=4_u8 {
        let count = found.iter().filter(|p| p.level == level && fits_field(&p.field)).count();
        let current = asked.level == level.to_string();
        if count > 0 || current {
            let label = cx.t(&format!("level-{level}"));
            levels.push(Chip { href: at(&asked.field, &level.to_string()), label, count: Some(count), current });
        }
    }
    let spec = PageSpec::titled(cx.t("services-procedures-title"))
        .crumb("/", cx.t("home"))
        .describe(cx.t("services-procedures-description"));
    cx.page("services/procedures.html", spec, List { q: asked.q, total: items.len(), items, fields, levels }).await
}

/// The procedure of an address: by its name, or by its code.
pub fn find<'a>(cx: &'a Cx, name: &str) -> Result<&'a Procedure, Problem> {
    let procedures = cx.city.get::<Procedures>();
    let found = procedures.named(name).or_else(|| procedures.get(name));
    found.map(AsRef::as_ref).ok_or_else(|| Problem::not_found("procedure"))
}

#[derive(Serialize)]
struct Data {
    procedure: Shown,
    facts: Vec<Fact>,
    documents: Vec<[String; 2]>,
    legal: Vec<LawView>,
    /// How long each step may take.
    stages: Vec<[String; 2]>,
    source: String,
    /// Where it is handed in, when not here.
    counters: Vec<UnitView>,
}

#[derive(Serialize)]
struct Shown {
    code: String,
    title: String,
    level: u8,
    guidance: String,
    guidance_lang: &'static str,
    /// Where to apply online.
    apply_href: Option<String>,
    /// The visitor has begun already.
    has_draft: bool,
    /// The day from which it can be handed in online.
    opens: Option<String>,
    agency_name: String,
}

#[derive(Serialize)]
struct Fact {
    icon: &'static str,
    label: String,
    value: String,
    hint: String,
}

pub async fn show(cx: Cx, Path(name): Path<String>) -> Result<Response, Problem> {
    let procedure = find(&cx, &name)?;
    if procedure.name != name {
        return Ok(redirect(&format!("/procedures/{}", procedure.name)).into_response());
    }
    let view = ProcedureView::of(&cx, procedure);
    let online = view.summary.online;
    let shown = Shown {
        code: view.summary.code.clone(),
        title: view.summary.title.clone(),
        level: view.summary.level,
        apply_href: online.then(|| format!("/procedures/{name}/apply")),
        has_draft: online && has_draft(&cx, procedure).await?,
        opens: procedure.valid_from.filter(|from| *from > cx.today()).map(|from| from.to_string()),
        agency_name: view.agency_name.clone(),
        guidance_lang: view.guidance_lang.tag(),
        guidance: view.guidance.clone(),
    };
    let data = Data {
        procedure: shown,
        facts: facts(&cx, procedure, &view),
        documents: view.documents.iter().map(|paper| [paper.name.clone(), copies(&cx, paper)]).collect(),
        counters: if online { Vec::new() } else { view.units },
        stages: view.stages.iter().map(|stage| [stage.name.clone(), stage.within.clone()]).collect(),
        source: view.source.clone().unwrap_or_default(),
        legal: view.legal,
    };
    let spec = PageSpec::titled(view.summary.title.clone())
        .crumb("/", cx.t("home"))
        .crumb("/procedures", cx.t("services-procedures-title"))
        .crumb(link("/procedures", &[("field", &procedure.field)]), view.summary.field_name.clone())
        .describe(cx.text(cx.lang, "services-procedure-description", &[("title", &view.summary.title)]));
    cx.page("services/procedure.html", spec, data).await
}

async fn has_draft(cx: &Cx, procedure: &Procedure) -> Result<bool, Internal> {
    let Some(account) = cx.actor.account() else { return Ok(false) };
    songhan_forms::drafts::latest(&cx.db, account, &purpose(&procedure.code)).await.map(|found| found.is_some())
}

/// What people ask first, beside the guidance.
fn facts(cx: &Cx, procedure: &Procedure, view: &ProcedureView) -> Vec<Fact> {
    let fact = |icon, key: &str, value, hint| Fact { icon, label: cx.t(key), value, hint };
    let mut facts = Vec::new();
    if let Some(deadline) = &view.summary.deadline {
        facts.push(fact("clock", "services-fact-deadline", deadline.clone(), cx.t("services-fact-deadline-hint")));
    }
    for fee in view.fees.iter().filter(|fee| fee.amount > 0 && is_shown(cx, fee)) {
        facts.push(fact("money", "services-fact-fee", amount(cx, fee), fee_hint(cx, fee)));
    }
    if !view.summary.has_fee {
        let note = view.summary.fee_note.clone().unwrap_or_else(|| cx.t("services-fee-none"));
        facts.push(fact("money", "services-fact-fee", note, String::new()));
    }
    let exempt: BTreeSet<&str> = view.fees.iter().flat_map(|fee| &fee.exempt).map(String::as_str).collect();
    if !exempt.is_empty() {
        let groups = exempt.into_iter().collect::<Vec<_>>().join("; ");
        facts.push(fact("heart", "services-fact-exempt", cx.t("services-fact-exempt-value"), groups));
    }
    let chosen = view.summary.online && view.units.len() > 1;
    let hint = if chosen { cx.t("services-fact-agency-choice") } else { String::new() };
    facts.push(fact("building", "services-fact-agency", view.agency_name.clone(), hint));
    if let Some(result) = &view.result {
        let hint = if procedure.level.is_full() { cx.t("services-fact-result-hint") } else { String::new() };
        facts.push(fact("seal", "services-fact-result", result.clone(), hint));
    }
    if !procedure.applicants.is_empty() {
        let who: Vec<_> = procedure.applicants.iter().map(|who| applicant(cx, who)).collect();
        let others: Vec<_> = view.on_behalf.iter().map(|who| cx.t(&format!("services-behalf-{who}"))).collect();
        let hint = if others.is_empty() {
            String::new()
        } else {
            cx.text(cx.lang, "services-fact-behalf", &[("whom", &others.join(", "))])
        };
        facts.push(fact("users", "services-fact-applicants", capitalised(&who.join(", ")), hint));
    }
    facts
}

fn amount(cx: &Cx, fee: &FeeView) -> String {
    let money = songhan_base::Money(fee.amount).to_string();
    cx.text(cx.lang, &format!("services-fee-per-{}", fee.per), &[("amount", &money)])
}

/// What was due once is not shown.
fn is_shown(cx: &Cx, fee: &FeeView) -> bool {
    fee.until.is_none_or(|until| cx.today() <= until)
}

/// For what it is, in which case, by which channel, who is exempt.
fn fee_hint(cx: &Cx, fee: &FeeView) -> String {
    let mut hint = vec![fee.name.clone()];
    hint.extend(fee.case.clone());
    if let Some(from) = fee.from.filter(|from| *from > cx.today()) {
        hint.push(cx.text(cx.lang, "services-fee-from", &[("day", &from.strftime("%d/%m/%Y").to_string())]));
    }
    if let Some(online) = fee.online_amount {
        let money = songhan_base::Money(online).to_string();
        hint.push(cx.text(cx.lang, "services-fee-online", &[("amount", &money)]));
    }
    if !fee.channels.is_empty() {
        let words: Vec<_> = fee.channels.iter().map(|channel| cx.t(&format!("services-channel-{channel}"))).collect();
        hint.push(capitalised(&words.join(", ")));
    }
    hint.join(". ")
}

/// Whom it is for, in words; what the city calls otherwise shows as it is written.
fn applicant(cx: &Cx, who: &str) -> String {
    let key = format!("services-applicant-{who}");
    cx.renderer.texts().find(cx.lang, &key, None).map_or_else(|| who.to_owned(), std::borrow::Cow::into_owned)
}

/// A list of words as a line of its own.
fn capitalised(line: &str) -> String {
    let mut chars = line.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `1 bản chính, 2 bản sao`.
fn copies(cx: &Cx, paper: &PaperView) -> String {
    let counted = [("services-originals", paper.originals), ("services-copies", paper.copies)];
    let words = counted.into_iter().filter(|(_, n)| *n > 0);
    words.map(|(key, n)| cx.text(cx.lang, key, &[("count", &n.to_string())])).collect::<Vec<_>>().join(", ")
}
