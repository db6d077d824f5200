//! A procedure's own page: what people ask first, the guidance, the papers; of an imported one what the national catalogue
//! says, its versions, and earlier ones as they were.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, PageSpec, Path, Problem, Query, redirect};
use songhan_base::Internal;

use super::catalogue::find;
use super::changes::{Told, told};
use super::lists::link;
use crate::catalogue;
use crate::imported::store;
use crate::imported::view::NationalView;
use crate::procedure::Procedure;
use crate::procedure::purpose;
use crate::view::{FeeView, LawView, PaperView, ProcedureView, UnitView};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// An earlier version, as a dossier names it.
    version: String,
}

#[derive(Serialize)]
struct Data {
    procedure: Shown,
    facts: Vec<Fact>,
    /// Papers by the case in which they are asked for; one group without a title where there are no cases.
    documents: Vec<Documents>,
    legal: Vec<LawView>,
    /// How long each step may take.
    stages: Vec<[String; 2]>,
    source: String,
    /// Where it is handed in, when not here.
    counters: Vec<UnitView>,
    national: Option<NationalView>,
    /// Its versions, the newest first, where there is more than one.
    versions: Vec<Told>,
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
    /// The page of the version in force, when this is an earlier one.
    current_href: Option<String>,
    /// Nobody of the city handles it.
    elsewhere: bool,
}

#[derive(Serialize)]
struct Fact {
    icon: &'static str,
    label: String,
    value: String,
    hint: String,
}

#[derive(Serialize)]
struct Documents {
    title: String,
    rows: Vec<[String; 2]>,
}

pub async fn show(cx: Cx, Path(name): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let current = find(&cx, &name).await?;
    if current.name != name {
        return Ok(redirect(&format!("/procedures/{}", current.name)).into_response());
    }
    let procedure = earlier(&cx, &current, &asked.version).await?;
    let is_current = procedure.version == current.version;
    let view = ProcedureView::of(&cx, &procedure);
    let online = view.summary.online && is_current;
    let shown = Shown {
        code: view.summary.code.clone(),
        title: view.summary.title.clone(),
        level: view.summary.level,
        apply_href: online.then(|| format!("/procedures/{name}/apply")),
        has_draft: online && has_draft(&cx, &procedure).await?,
        opens: procedure.valid_from.filter(|from| *from > cx.today()).map(|from| from.to_string()),
        agency_name: view.agency_name.clone(),
        guidance_lang: view.guidance_lang.tag(),
        guidance: view.guidance.clone(),
        current_href: (!is_current).then(|| format!("/procedures/{name}")),
        elsewhere: view.units.is_empty(),
    };
    let data = Data {
        procedure: shown,
        facts: facts(&cx, &procedure, &view),
        documents: documents(&cx, &view.documents),
        counters: if online { Vec::new() } else { view.units.clone() },
        stages: view.stages.iter().map(|stage| [stage.name.clone(), stage.within.clone()]).collect(),
        source: view.source.clone().unwrap_or_default(),
        versions: versions(&cx, &procedure).await?,
        legal: view.legal,
        national: view.national,
    };
    let spec = PageSpec::titled(view.summary.title.clone())
        .crumb("/", cx.t("home"))
        .crumb("/procedures", cx.t("services-procedures-title"))
        .crumb(link("/procedures", &[("field", &procedure.field)]), view.summary.field_name.clone())
        .describe(cx.text(cx.lang, "services-procedure-description", &[("title", &view.summary.title)]));
    cx.page("services/procedure.html", spec, data).await
}

/// The version that is asked for; one that there is not is not there.
async fn earlier(cx: &Cx, current: &Arc<Procedure>, version: &str) -> Result<Arc<Procedure>, Problem> {
    if version.is_empty() || version == current.version {
        return Ok(current.clone());
    }
    let found = catalogue::version(cx, &current.code, version).await?;
    found.filter(|found| found.version == version).ok_or_else(|| Problem::not_found("procedure"))
}

async fn versions(cx: &Cx, procedure: &Procedure) -> Result<Vec<Told>, Internal> {
    if procedure.national.is_none() {
        return Ok(Vec::new());
    }
    let history = store::history(&cx.db, &procedure.code).await?;
    Ok(if history.len() > 1 { history.iter().map(|entry| told(cx, entry)).collect() } else { Vec::new() })
}

async fn has_draft(cx: &Cx, procedure: &Procedure) -> Result<bool, Internal> {
    let Some(account) = cx.actor.account() else { return Ok(false) };
    songhan_forms::drafts::latest(&cx.db, account, &purpose(&procedure.code)).await.map(|found| found.is_some())
}

/// Papers in their groups, in the order in which they are asked for.
fn documents(cx: &Cx, papers: &[PaperView]) -> Vec<Documents> {
    let mut groups: Vec<Documents> = Vec::new();
    for paper in papers {
        let title = paper.case.clone().unwrap_or_default();
        let row = [paper.name.clone(), copies(cx, paper)];
        match groups.last_mut().filter(|group| group.title == title) {
            Some(group) => group.rows.push(row),
            None => groups.push(Documents { title, rows: vec![row] }),
        }
    }
    groups
}

/// More words than this are read in the table of channels.
const WORDS_MAX: usize = 160;

/// What people ask first, beside the guidance.
fn facts(cx: &Cx, procedure: &Procedure, view: &ProcedureView) -> Vec<Fact> {
    let fact = |icon, key: &str, value, hint| Fact { icon, label: cx.t(key), value, hint };
    let mut facts = Vec::new();
    if let Some(deadline) = &view.summary.deadline {
        facts.push(fact("clock", "services-fact-deadline", deadline.clone(), cx.t("services-fact-deadline-hint")));
    } else if let Some(words) = procedure.national.as_ref().and_then(|national| national.deadlines_in_words()) {
        // Published, and not one number: as it stands there.
        let told = if words.chars().count() > WORDS_MAX { cx.t("services-fact-deadline-below") } else { words };
        facts.push(fact("clock", "services-fact-deadline", told, String::new()));
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
    let text = |key: &str, amount: i64, from: i64| {
        let (money, from) = (songhan_base::Money(amount).to_string(), from.to_string());
        cx.text(cx.lang, &format!("services-fee-{key}-{}", fee.per), &[("amount", &money), ("from", &from)])
    };
    let first = text("per", fee.amount, 1);
    let steps = fee.tiers.iter().map(|tier| text("step", tier.amount, tier.from));
    let most = fee.max.map(|max| text("max", max, 1));
    std::iter::once(first).chain(steps).chain(most).collect::<Vec<_>>().join("; ")
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
pub fn applicant(cx: &Cx, who: &str) -> String {
    let key = format!("services-applicant-{who}");
    cx.renderer.texts().find(cx.lang, &key, None).map_or_else(|| who.to_owned(), std::borrow::Cow::into_owned)
}

/// A list of words as a line of its own.
pub fn capitalised(line: &str) -> String {
    let mut chars = line.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `1 bản chính, 2 bản sao`.
fn copies(cx: &Cx, paper: &PaperView) -> String {
    let counted = [("services-originals", paper.originals), ("services-copies", paper.copies)];
    let words = counted.into_iter().filter(|(_, n)| *n > 0);
    let mut words: Vec<_> = words.map(|(key, n)| cx.text(cx.lang, key, &[("count", &n.to_string())])).collect();
    words.extend(paper.form.iter().map(|form| cx.text(cx.lang, "services-paper-form", &[("form", form)])));
    words.join(", ")
}
