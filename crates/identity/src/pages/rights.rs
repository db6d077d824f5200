//! People's rights: who has read one's data, all of it to take along, what is to be corrected.

use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Id};

use super::register::Choice;
use super::{Answer, Done, Pressed, with_query};
use crate::account::wrong;
use crate::ops::list_reads::{Page, Reading, list_reads};
use crate::ops::{correct, erase_person};
use crate::store::{self, Correction};

/// A row of the page: readings of one day by the same person for the same reason stand together, told by the latest.
#[derive(Serialize)]
struct Readings {
    #[serde(flatten)]
    latest: Reading,
    times: usize,
}

impl Readings {
    fn of(cx: &Cx, readings: Vec<Reading>) -> Vec<Self> {
        let day = |reading: &Reading| reading.at.0.to_zoned(cx.zone.clone()).date();
        let mut rows: Vec<Self> = Vec::new();
        for reading in readings {
            let same = |row: &&mut Self| {
                let one = &row.latest;
                (&one.who, &one.what, &one.dossier, day(one))
                    == (&reading.who, &reading.what, &reading.dossier, day(&reading))
            };
            match rows.iter_mut().find(same) {
                Some(row) => row.times += 1,
                None => rows.push(Self { latest: reading, times: 1 }),
            }
        }
        rows
    }
}

#[derive(Serialize)]
struct ReadsView {
    readings: Vec<Readings>,
    next: Option<String>,
}

pub async fn reads(cx: Cx, Query(page): Query<Page>) -> Answer {
    let readings = list_reads(&cx, cx.person()?.account, page.before).await?;
    let next = readings.next.map(|before| format!("/account/reads?before={before}"));
    let spec = PageSpec::titled(cx.t("identity-reads")).crumb("/account", cx.t("identity-account"));
    let view = ReadsView { readings: Readings::of(&cx, readings.items), next };
    cx.page("identity/reads.html", spec, view).await
}

#[derive(Serialize)]
struct ExportView {}

pub async fn export(cx: Cx) -> Answer {
    let spec = PageSpec::titled(cx.t("identity-export")).crumb("/account", cx.t("identity-account"));
    cx.page("identity/export.html", spec, ExportView {}).await
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    correction: Correction,
    field_words: String,
    state_words: String,
    tone: &'static str,
}

fn row(cx: &Cx, correction: Correction) -> Row {
    Row {
        field_words: field_words(cx, &correction.field),
        state_words: cx.t(&format!("identity-correction-{}", correction.state)),
        tone: match correction.state.as_str() {
            "open" => "info",
            "accepted" => "success",
            _ => "neutral",
        },
        correction,
    }
}

fn field_words(cx: &Cx, field: &str) -> String {
    cx.t(&format!("identity-{}", field.replace('_', "-")))
}

#[derive(Serialize)]
struct CorrectionsView<'a> {
    rows: Vec<Row>,
    field: &'a str,
    fields: Vec<Choice>,
    wanted: &'a str,
    reason: &'a str,
    errors: &'a [FieldError],
}

async fn corrections_page(cx: &Cx, done: &Done, form: &correct::Input, errors: &[FieldError]) -> Answer {
    let rows = store::corrections_of(&cx.db, cx.person()?.account).await?;
    let choice = |field: &str| Choice { value: field.to_owned(), label: field_words(cx, field) };
    let mut spec = PageSpec::titled(cx.t("identity-corrections"))
        .crumb("/account", cx.t("identity-account"))
        .flash(done.flash(cx));
    if !errors.is_empty() {
        spec = spec.status(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    }
    let view = CorrectionsView {
        rows: rows.into_iter().map(|correction| row(cx, correction)).collect(),
        field: &form.field,
        fields: ["name", "citizen_id", "date_of_birth"].map(choice).into(),
        wanted: &form.wanted,
        reason: &form.reason,
        errors,
    };
    cx.page("identity/corrections.html", spec, view).await
}

pub async fn corrections(cx: Cx, Query(done): Query<Done>) -> Answer {
    corrections_page(&cx, &done, &correct::Input::default(), &[]).await
}

/// The same as a form: the API refuses unknown fields, a page's form has one more.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Form {
    field: String,
    wanted: String,
    reason: String,
}

pub async fn ask_correction(cx: Cx, PageForm(Form { field, wanted, reason }): PageForm<Form>) -> Answer {
    let input = correct::Input { field, wanted, reason };
    let errors = match correct::ask(&cx, cx.person()?.account, &input).await {
        Ok(_) => return Ok(redirect("/account/corrections?done=correction")),
        Err(correct::Rejection::Invalid(errors)) => errors,
        Err(correct::Rejection::TooMany) => vec![wrong(&cx, "wanted", "too_many_corrections")],
        Err(other) => return Err(other.into_problem()),
    };
    corrections_page(&cx, &Done::default(), &input, &errors).await
}

#[derive(Serialize)]
struct Open {
    row: Row,
    name: String,
    present: String,
    href: String,
}

#[derive(Serialize)]
struct OpenView {
    open: Vec<Open>,
}

/// Whose data it is, and by how much the two differ, is for an administrator of the whole city to see.
fn only_whole_city(cx: &Cx) -> Result<(), Problem> {
    if crate::may_administer(&cx.actor, None) { Ok(()) } else { Err(Problem::forbidden()) }
}

pub async fn open_corrections(cx: Cx, Query(done): Query<Done>) -> Answer {
    only_whole_city(&cx)?;
    let mut open = Vec::new();
    for correction in store::corrections_open(&cx.db).await? {
        let Some(account) = store::account(&cx.db, correction.account).await? else { continue };
        let present = match correction.field.as_str() {
            "name" => account.name.clone(),
            "citizen_id" => account.citizen_id.map(String::from).unwrap_or_default(),
            _ => account.date_of_birth.map(|day| day.to_string()).unwrap_or_default(),
        };
        let href = format!("/admin/people/{}", account.id);
        open.push(Open { row: row(&cx, correction), name: account.name, present, href });
    }
    let mut tx = cx.begin().await?;
    for one in &open {
        let subject = format!("account:{}", one.row.correction.account);
        let detail = serde_json::json!({ "correction": one.row.correction.id });
        tx.audit("identity.correction_read", &subject, detail).await?;
    }
    tx.commit().await?;
    let spec = PageSpec::titled(cx.t("identity-corrections-open")).office().flash(done.flash(&cx));
    cx.page("identity/open-corrections.html", spec, OpenView { open }).await
}

#[derive(Deserialize)]
pub struct Decision {
    #[serde(default)]
    accept: String,
    #[serde(default)]
    answer: String,
}

pub async fn decide(cx: Cx, Path(id): Path<Id>, PageForm(form): PageForm<Decision>) -> Answer {
    only_whole_city(&cx)?;
    correct::decide(&cx, id, form.accept == "yes", &form.answer).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&with_query("/admin/corrections", &[("done", "decided")])))
}

pub async fn erase(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    erase_person::erase_person(&cx, id).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&with_query("/admin/people", &[("done", "erased")])))
}
