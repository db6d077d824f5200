//! Bưu gửi: what waits for the postal carrier, handed over with its numbers; what the carrier has, confirmed as delivered;
//! and the lists of what was handed over. No address stands here: those are on the pages to print.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Problem, redirect};
use songhan_base::{FieldError, Id, Internal};
use songhan_cases::Case;
use songhan_delivery::{Delivery, State, Way};

use super::bulk::tick;
use super::inbox::units;
use crate::ops::hand_over_parcels::{Input, Item, MOST, Rejection, hand_over_parcels};
use crate::ops::show_dossier::DossierView;
use crate::returns;

/// Lines of each part.
const LINES: i64 = 100;
const LISTS: i64 = 10;
/// What a number's field begins with; behind it stands the dossier's code.
const NUMBER: &str = "number:";
const VERSION: &str = "version:";

#[derive(Serialize)]
struct Data {
    waiting: Vec<Value>,
    /// Cells of a table.
    with_carrier: Vec<Vec<Value>>,
    lists: Vec<Value>,
    example: String,
    errors: Vec<FieldError>,
}

/// What was typed into a line that was refused.
struct Typed<'a> {
    fields: &'a [(String, String)],
    errors: Vec<FieldError>,
}

pub async fn show(cx: Cx) -> Result<Response, Problem> {
    page(&cx, &Typed { fields: &[], errors: Vec::new() }).await
}

pub async fn hand_over(cx: Cx, PageForm(fields): PageForm<Vec<(String, String)>>) -> Result<Response, Problem> {
    let version = |code: &str| {
        let found = fields.iter().find(|(key, _)| key.strip_prefix(VERSION) == Some(code));
        found.and_then(|(_, value)| value.parse().ok())
    };
    let parcels: Vec<Item> = fields
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix(NUMBER)?, value.trim())))
        .filter(|(_, number)| !number.is_empty())
        .take(MOST + 1)
        .map(|(code, number)| Item { dossier: code.to_owned(), number: number.to_owned(), version: version(code) })
        .collect();
    let input = Input { parcels };
    let errors = match hand_over_parcels(&cx, &input).await {
        Ok(done) => return Ok(redirect(&format!("/office/manifests/{}", done.manifest))),
        Err(Rejection::Parcels) => vec![FieldError::new("parcels", "invalid", cx.t("returns-office-nothing"))],
        Err(Rejection::Wrong(errors)) => errors.into_iter().map(|error| in_words(&cx, &input, error)).collect(),
        Err(other) => return Err(other.into_problem()),
    };
    page(&cx, &Typed { fields: &fields, errors }).await
}

/// An error of the operation, at the field of its dossier.
fn in_words(cx: &Cx, input: &Input, error: FieldError) -> FieldError {
    let mut parts = error.field.split('/').skip(1);
    let code = parts.next().and_then(|n| n.parse::<usize>().ok()).and_then(|n| input.parcels.get(n));
    let key = match parts.next() {
        Some("number") => "returns-office-wrong-number",
        Some("version") => "returns-office-wrong-version",
        _ => "returns-office-wrong",
    };
    let field = code.map_or_else(|| "parcels".to_owned(), |one| format!("{NUMBER}{}", one.dossier));
    FieldError::new(field, error.code, cx.t(key))
}

async fn page(cx: &Cx, typed: &Typed<'_>) -> Result<Response, Problem> {
    let units = units(cx);
    let waiting = songhan_delivery::waiting(&cx.db, units.as_deref(), LINES).await?;
    let with = songhan_delivery::with_carrier(&cx.db, units.as_deref(), LINES).await?;
    let lists = songhan_delivery::manifests(&cx.db, units.as_deref(), LISTS).await?;
    let (waiting_cases, with_cases) = (cases(cx, &waiting).await?, cases(cx, &with).await?);
    let data = Data {
        waiting: waiting.iter().filter_map(|one| Some(line(cx, one, of(&waiting_cases, one)?, typed))).collect(),
        with_carrier: with.iter().filter_map(|one| Some(row(cx, one, of(&with_cases, one)?))).collect(),
        lists: lists
            .iter()
            .map(|list| {
                json!({ "href": format!("/office/manifests/{}", list.id), "at": list.handed_over_at,
                    "label": cx.text(cx.lang, "returns-office-list", &[("number", &list.number)]),
                    "unit": unit_name(cx, &list.unit), "officer": list.officer_name })
            })
            .collect(),
        example: returns::carrier(cx).map_or_else(String::new, songhan_delivery::PostalService::number_example),
        errors: typed.errors.clone(),
    };
    let status = if data.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let spec = PageSpec::titled(cx.t("returns-office-title")).office().crumb("/office", cx.t("inbox-title"));
    cx.page("services/office/parcels.html", spec.status(status), data).await
}

async fn cases(cx: &Cx, deliveries: &[Delivery]) -> Result<Vec<Case>, Internal> {
    let ids: Vec<Id> = deliveries.iter().map(|one| one.case_id).collect();
    songhan_cases::by_ids(&cx.db, &ids).await
}

fn of<'a>(cases: &'a [Case], delivery: &Delivery) -> Option<&'a Case> {
    cases.iter().find(|case| case.id == delivery.case_id)
}

fn unit_name<'a>(cx: &'a Cx, code: &'a str) -> &'a str {
    cx.city.agencies().get(code).map_or(code, |unit| unit.name.get(cx.lang))
}

/// What the carrier has, as a row of a table with a box.
fn row(cx: &Cx, delivery: &Delivery, case: &Case) -> Vec<Value> {
    let label = cx.text(cx.lang, "returns-office-select", &[("code", &delivery.code)]);
    vec![
        json!({ "check": { "name": "dossier", "value": tick(case), "label": label, "checked": false } }),
        json!({ "text": delivery.code, "href": format!("/office/dossiers/{}", delivery.code),
            "hint": super::inbox::title(cx, case) }),
        json!(delivery.number.as_deref().unwrap_or_default()),
        json!(delivery.recipient.as_deref().unwrap_or_default()),
        json!(delivery.changed_at.0.to_zoned(cx.zone.clone()).strftime("%d/%m/%Y").to_string()),
    ]
}

/// Where the parcel of a dossier is, with its number, and why it came back.
pub fn hint(cx: &Cx, dossier: &DossierView) -> String {
    let Some(delivery) = dossier.delivery.as_ref().filter(|delivery| delivery.way == Way::Post) else {
        return String::new();
    };
    let state = cx.t(&format!("delivery-state-{}", delivery.state.as_str().replace('_', "-")));
    let parts = [Some(state), delivery.number.clone(), delivery.reason.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A line: the dossier, who receives it, since when it is there; its number as it was typed.
fn line(cx: &Cx, delivery: &Delivery, case: &Case, typed: &Typed<'_>) -> Value {
    let field = format!("{NUMBER}{}", delivery.code);
    let number = typed.fields.iter().find(|(key, _)| *key == field).map_or("", |(_, value)| value.as_str());
    let back = delivery.reason.as_deref().filter(|_| delivery.state == State::CameBack);
    // The version that was on the page when the number was typed counts: what changed since is looked at anew.
    json!({
        "code": delivery.code,
        "title": super::inbox::title(cx, case),
        "unit": unit_name(cx, &delivery.unit),
        "recipient": delivery.recipient,
        "since": delivery.changed_at,
        "number": number,
        "field": field,
        "label": cx.text(cx.lang, "returns-office-number", &[("code", &delivery.code)]),
        "version_field": format!("{VERSION}{}", delivery.code),
        "version": case.version,
        "back": back.map(|reason| cx.text(cx.lang, "returns-office-came-back", &[("reason", reason)])),
    })
}
