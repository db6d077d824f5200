//! Pages of the archive, for the officers and leaders of a unit.

mod batch;
mod disposal;
mod entry;
mod list;

use jiff::civil::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use songhan_app::{Cx, MenuItem, PageSpec, Problem, Route};
use songhan_base::Role;
use songhan_city::Unit;
use songhan_pages::{Flash, FlashKind};

use crate::DESK;
use crate::disposal::{DisposalState, shown_day};
use crate::entry::{Entry, EntryState};

pub const TEMPLATES: &[(&str, &str)] = &[
    ("archive/list.html", include_str!("../../templates/archive/list.html")),
    ("archive/entry.html", include_str!("../../templates/archive/entry.html")),
    ("archive/batches.html", include_str!("../../templates/archive/batches.html")),
    ("archive/batch.html", include_str!("../../templates/archive/batch.html")),
    ("archive/disposals.html", include_str!("../../templates/archive/disposals.html")),
    ("archive/disposal.html", include_str!("../../templates/archive/disposal.html")),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/office/archive", list::show, DESK),
        Route::get("/office/archive/entries/{code}", entry::show, DESK),
        Route::post("/office/archive/entries/{code}/hold", entry::hold, DESK),
        Route::post("/office/archive/entries/{code}/release", entry::release, DESK),
        Route::get("/office/archive/batches", batch::list, DESK),
        Route::post("/office/archive/batches", batch::hand_in, DESK),
        Route::get("/office/archive/batches/{id}", batch::show, DESK),
        Route::get("/office/archive/batches/{id}/list.csv", batch::table, DESK),
        Route::get("/office/archive/batches/{id}/record.pdf", batch::record, DESK),
        Route::get("/office/archive/disposals", disposal::list, DESK),
        Route::post("/office/archive/disposals", disposal::propose, DESK),
        Route::get("/office/archive/disposals/{id}", disposal::show, DESK),
        Route::post("/office/archive/disposals/{id}", disposal::decide, DESK),
        Route::get("/office/archive/disposals/{id}/list.csv", disposal::table, DESK),
        Route::get("/office/archive/disposals/{id}/list.pdf", disposal::paper, DESK),
    ]
}

pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem { href: "/office/archive", label: "archive-menu", icon: "folder", access: DESK, order: 9 }]
}

/// The units in whose archive the actor works.
fn units(cx: &Cx) -> Vec<&Unit> {
    let mut units = cx.units_as(Role::Officer);
    for unit in cx.units_as(Role::Leader) {
        if !units.iter().any(|one| one.code == unit.code) {
            units.push(unit);
        }
    }
    units
}

/// The unit that was asked for, or the actor's first.
fn unit_of<'a>(units: &[&'a Unit], asked: &str) -> Result<&'a Unit, Problem> {
    let found = units.iter().find(|unit| *unit.code == asked).or_else(|| units.first().filter(|_| asked.is_empty()));
    found.copied().ok_or_else(|| Problem::not_found("archive"))
}

/// The choice of a unit, for those who have several.
fn choice(cx: &Cx, units: &[&Unit]) -> Vec<Value> {
    let option = |unit: &&Unit| json!({ "value": *unit.code, "label": unit.name.get(cx.lang) });
    if units.len() > 1 { units.iter().map(option).collect() } else { Vec::new() }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn spec(cx: &Cx, title: String, unit: &str) -> PageSpec {
    let home = format!("/office/archive?unit={}", encoded(unit));
    PageSpec::titled(title).office().crumb("/office", cx.t("inbox-title")).crumb(home, cx.t("archive-title"))
}

/// What has just been done, as the address says it: words of ours only.
fn said(cx: &Cx, said: &str) -> Option<Flash> {
    let (kind, key) = match said {
        "none" => (FlashKind::Warning, "archive-said-none"),
        "changed" => (FlashKind::Warning, "archive-said-changed"),
        "reason" => (FlashKind::Warning, "archive-said-reason"),
        "handed-in" => (FlashKind::Success, "archive-said-handed-in"),
        "proposed" => (FlashKind::Success, "archive-said-proposed"),
        "approve" => (FlashKind::Success, "archive-said-approve"),
        "refuse" => (FlashKind::Success, "archive-said-refuse"),
        "withdraw" => (FlashKind::Success, "archive-said-withdraw"),
        "held" => (FlashKind::Success, "archive-said-held"),
        "released" => (FlashKind::Success, "archive-said-released"),
        _ => return None,
    };
    Some(Flash { kind, text: cx.t(key) })
}

/// `2044-12-31` as people write it.
fn day(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), |day| day.strftime("%d/%m/%Y").to_string())
}

/// How long an entry is kept, in words.
fn term(cx: &Cx, entry: &Entry) -> Value {
    match (&entry.years, &entry.keep_until) {
        (Some(years), Some(until)) => json!({
            "text": cx.text(cx.lang, "archive-years", &[("years", &years.to_string())]),
            "hint": cx.text(cx.lang, "archive-until", &[("day", &day(until))]),
        }),
        _ => json!(cx.t("archive-for-ever")),
    }
}

/// Where an entry stands, as a badge.
fn state(cx: &Cx, entry: &Entry) -> Value {
    let badge =
        |key: &str, tone: &str, icon: &str| json!({ "badge": { "label": cx.t(key), "tone": tone, "icon": icon } });
    let today = cx.today();
    match entry.state {
        EntryState::Destroyed => badge("archive-state-destroyed", "neutral", "stop"),
        _ if entry.held_at.is_some() => badge("archive-state-held", "warning", "pause"),
        EntryState::Kept if entry.disposal.is_some() => badge("archive-state-listed", "warning", "hourglass"),
        EntryState::Kept if entry.is_over(today) => badge("archive-state-over", "warning", "clock"),
        EntryState::Kept => badge("archive-state-kept", "success", "folder"),
        EntryState::Due if entry.is_late(today) => badge("archive-state-late", "danger", "warning"),
        EntryState::Due => badge("archive-state-due", "info", "inbox"),
    }
}

/// A row of a list of entries.
fn row(cx: &Cx, entry: &Entry) -> Vec<Value> {
    let href = format!("/office/archive/entries/{}", entry.code);
    vec![
        json!({ "href": href, "text": entry.code, "hint": entry.title }),
        json!(shown_day(cx, entry.ended_at.0)),
        term(cx, entry),
        state(cx, entry),
    ]
}

/// The state of a list for destruction, as a badge.
fn disposal_state(cx: &Cx, state: DisposalState) -> Value {
    let (tone, icon) = match state {
        DisposalState::Proposed => ("info", "hourglass"),
        DisposalState::Approved | DisposalState::Running => ("warning", "clock"),
        DisposalState::Done => ("neutral", "done"),
        DisposalState::Refused | DisposalState::Withdrawn => ("neutral", "cross"),
    };
    json!({ "label": cx.t(&format!("archive-disposal-{}", state.as_str())), "tone": tone, "icon": icon })
}

/// The fields of a form in which some rows can be ticked.
struct Ticked {
    unit: String,
    year: i64,
    note: String,
    /// None is all.
    codes: Option<Vec<String>>,
}

impl Ticked {
    fn read(fields: &[(String, String)]) -> Self {
        let all =
            |name: &'static str| fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str());
        let one = |name| all(name).next().unwrap_or_default().to_owned();
        let codes = all("code").map(str::to_owned).collect();
        Self {
            unit: one("unit"),
            year: one("year").parse().unwrap_or(0),
            note: one("note"),
            codes: (one("which") != "all").then_some(codes),
        }
    }
}
