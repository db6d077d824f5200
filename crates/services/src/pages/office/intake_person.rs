//! Who stands at the counter, for whom they came, and where the dossier goes. A scanner types the code of the card into
//! the first field and sends the form; everything can be typed as well.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, redirect};
use songhan_base::{FieldError, clean_line, fold};
use songhan_identity::PersonKind;
use songhan_procedures::Channel;

use super::intake::{Head, done, opened};
use crate::counter::intake::Intake;
use crate::counter::person::{Comer, Other};
use crate::ops::save_intake::{Person, save_person};
use crate::principal::PrincipalKind;

#[derive(Serialize)]
struct Data {
    head: Head,
    person: Comer,
    areas: Vec<Value>,
    other_kinds: Vec<Value>,
    other: Value,
    units: Vec<Value>,
    unit: String,
    channel: &'static str,
    postmark: String,
    /// A card has just been read: what it says is to be compared.
    scanned: bool,
    errors: Vec<FieldError>,
    kinds: Vec<Value>,
}

pub async fn show(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    let Some(intake) = opened(&cx, &draft).await? else { return Ok(done(&draft)) };
    page(&cx, &intake, false, Vec::new()).await
}

type Fields = Vec<(String, String)>;

/// What was typed under a name; empty when nothing was.
fn get<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

/// Three boxes as `2026-11-21`; a year alone as `1950`; as it was typed where it is no date.
fn day(fields: &[(String, String)], name: &str) -> String {
    let part = |part: &str| get(fields, &format!("{name}-{part}")).trim().to_owned();
    let (day, month, year) = (part("day"), part("month"), part("year"));
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return String::new();
    }
    if day.is_empty() && month.is_empty() {
        return year;
    }
    let number = |text: &str| text.parse::<i8>().ok();
    let date = year.parse::<i16>().ok().zip(number(&month)).zip(number(&day));
    let date = date.and_then(|((year, month), day)| Date::new(year, month, day).ok());
    date.map_or_else(|| format!("{year}-{month}-{day}"), |date| date.to_string())
}

pub async fn save(cx: Cx, Path(draft): Path<String>, PageForm(fields): PageForm<Fields>) -> Result<Response, Problem> {
    let Some(intake) = opened(&cx, &draft).await? else { return Ok(done(&draft)) };
    let typed = Comer {
        name: clean_line(get(&fields, "name")),
        citizen_id: clean_line(get(&fields, "citizen_id")),
        date_of_birth: day(&fields, "date_of_birth"),
        phone: clean_line(get(&fields, "phone")),
        email: clean_line(get(&fields, "email")),
        address: clean_line(get(&fields, "address")),
        area: clean_line(get(&fields, "area")),
        kind: get(&fields, "kind").to_owned(),
        passport_country: clean_line(get(&fields, "passport_country")),
        passport: clean_line(get(&fields, "passport")),
    };
    let code = get(&fields, "card").trim();
    let scanned = !code.is_empty();
    let (person, mut errors) = match typed.scanned(code) {
        Ok(person) if scanned => (person, Vec::new()),
        Err(error) if scanned => {
            tracing::debug!(%error, "a card was not read");
            (typed, vec![FieldError::new("card", "card_unreadable", cx.t("counter-error-card"))])
        }
        _ => (typed, Vec::new()),
    };
    let channel = if get(&fields, "channel") == Channel::Post.as_str() { Channel::Post } else { Channel::Counter };
    let kind = get(&fields, "other_kind");
    let input = Person {
        person,
        other: (!kind.is_empty()).then(|| Other {
            kind: kind.to_owned(),
            name: clean_line(get(&fields, "other_name")),
            number: clean_line(get(&fields, "other_number")),
            born: day(&fields, "other_born").parse().ok(),
        }),
        unit: Some(get(&fields, "unit").to_owned()).filter(|unit| !unit.is_empty()),
        channel,
        postmarked_on: day(&fields, "postmark").parse().ok().filter(|_| channel == Channel::Post),
    };
    let wrong = save_person(&cx, &draft, input).await.map_err(IntoProblem::into_problem)?;
    if scanned && errors.is_empty() {
        // What the card says is compared before anyone goes on.
        let Some(intake) = opened(&cx, &draft).await? else { return Ok(done(&draft)) };
        return page(&cx, &intake, true, Vec::new()).await;
    }
    errors.extend(wrong);
    if errors.is_empty() {
        return Ok(redirect(&intake.path("form")));
    }
    let Some(intake) = opened(&cx, &draft).await? else { return Ok(done(&draft)) };
    page(&cx, &intake, false, errors).await
}

async fn page(cx: &Cx, intake: &Intake<'_>, scanned: bool, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut areas: Vec<_> = cx
        .city
        .areas()
        .communes(cx.today())
        .iter()
        .map(|area| (fold(area.bare_name()), json!({ "value": area.code, "label": area.name.get(cx.lang) })))
        .collect();
    areas.sort_by(|a, b| a.0.cmp(&b.0));
    let kinds = PrincipalKind::ALL.into_iter().filter(|kind| kind.is_taken_by(&intake.procedure));
    let mut units: Vec<_> = intake
        .units
        .iter()
        .map(|unit| (fold(unit.name.get(cx.lang)), json!({ "value": *unit.code, "label": unit.name.get(cx.lang) })))
        .collect();
    units.sort_by(|a, b| a.0.cmp(&b.0));
    let desk = &intake.desk;
    let data = Data {
        head: Head::of(cx, intake, "person"),
        person: desk.person.clone(),
        areas: areas.into_iter().map(|(_, area)| area).collect(),
        other_kinds: kinds.map(|kind| json!({ "value": kind.as_str(), "label": kind.in_words(cx) })).collect(),
        other: json!(desk.other),
        units: units.into_iter().map(|(_, unit)| unit).collect(),
        unit: intake.unit().map_or(String::new(), |unit| unit.code.to_string()),
        channel: desk.channel.as_str(),
        postmark: desk.postmarked_on.map_or(String::new(), |day| day.to_string()),
        scanned,
        errors,
        kinds: PersonKind::ALL
            .into_iter()
            .map(|kind| json!({ "value": kind.as_str(), "label": cx.t(&format!("services-applicant-{}", kind.as_str())) }))
            .collect(),
    };
    cx.page("services/office/intake-person.html", Head::spec(cx, "person").status(status), data).await
}
