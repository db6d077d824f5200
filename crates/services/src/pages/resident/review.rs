//! The review: everything in words with a way to change it, what it costs, and the button that hands it in.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, redirect};
use songhan_cases::Rejection as CaseRejection;
use songhan_forms::{CheckContext, SummarySection};
use songhan_procedures::{Channel, Exemptions, FeeFacts, Relief, term_in_words};

use super::apply::{Head, stopped};
use super::files;
use crate::application::{Application, Choice, Stop};
use crate::ops::open_draft::open_draft;
use crate::ops::sign_draft::{Standing, standing};
use crate::ops::submit::{self, Receipt};
use crate::ops::submit_draft::{Rejection, submit_draft};

/// Cookie of the receipt's secret, for the page of its dossier alone.
pub const RECEIPT_KEY: &str = "songhan_receipt";
/// As long as the page with it can be opened again.
const RECEIPT_KEY_HOURS: i64 = 24;

#[derive(Serialize)]
struct Data {
    head: Head,
    sections: Vec<SummarySection>,
    /// For whom it is, where it can be for somebody else.
    for_whom: Option<String>,
    for_whom_hint: String,
    for_whom_href: String,
    unit: String,
    /// Where the unit can be changed.
    unit_href: Option<String>,
    /// The group by which the applicant is exempt, where that is asked.
    exemption: Option<String>,
    exemption_href: Option<String>,
    /// How the result comes back, where that is asked; and by post, to whom.
    returns: Vec<Value>,
    fees: Vec<FeeLine>,
    total: i64,
    deadline: Option<String>,
    /// Who sets the fee, where no amount is known.
    fee_note: Option<String>,
    applicant: String,
    version: i64,
    /// How far the signature is, where the form is signed before it is handed in.
    signature: Standing,
    /// Why it was not handed in.
    refused: String,
}

#[derive(Serialize)]
struct FeeLine {
    name: String,
    quantity: i64,
    unit_amount: i64,
    amount: i64,
    /// Why less is due than the schedule says.
    relief: String,
}

pub async fn show(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    match open_draft(&cx, &draft).await {
        Ok(application) => page(&cx, &application, "", StatusCode::OK).await,
        Err(rejection) => stopped(&cx, rejection).await,
    }
}

pub async fn page(
    cx: &Cx,
    application: &Application<'_>,
    refused: &str,
    status: StatusCode,
) -> Result<Response, Problem> {
    let end = application.end();
    if end != Stop::Review {
        return Ok(redirect(&application.path(&end)));
    }
    let ids: Vec<_> = application.form.uploads(&application.answers).into_iter().map(|(_, id)| id).collect();
    let files = files::uploaded(cx, &ids).await?;
    let change = |screen: &str| Some(format!("{}?change=1", application.path(&Stop::Screen(screen.to_owned()))));
    let sections = application.form.summary(&application.answers, &files, &CheckContext::of(cx), change);
    let facts = FeeFacts {
        answers: &application.answers,
        channel: Channel::Online,
        exemption: application.exemption(),
        today: cx.today(),
    };
    let fees: Vec<_> = application
        .procedure
        .fees_due(&facts)
        .into_iter()
        .filter(|due| !due.full.is_zero())
        .map(|due| FeeLine {
            name: due.fee.name.get(cx.lang).to_owned(),
            quantity: due.quantity,
            unit_amount: due.unit_amount.0,
            amount: due.amount().0,
            relief: due.relief.map_or(String::new(), |relief| {
                cx.t(match relief {
                    Relief::Exempt => "services-relief-exempt",
                    Relief::Online => "services-relief-online",
                })
            }),
        })
        .collect();
    let change = |choice| format!("{}?change=1", application.path(&Stop::Choice(choice)));
    let changed = |choice| application.asks(choice).then(|| change(choice));
    let applicant = cx.actor.person().map(|person| person.name.clone()).unwrap_or_default();
    let principal = application.principal();
    let data = Data {
        head: Head::of(cx, application, Some(&application.last()), application.pages()),
        sections,
        for_whom: application.may_be_for_others().then(|| match principal {
            Some(principal) => principal.principal.name.clone(),
            None => cx.text(cx.lang, "services-for-whom-myself", &[("name", &applicant)]),
        }),
        for_whom_hint: principal.map_or(String::new(), |principal| principal.in_words(cx)),
        for_whom_href: change(Choice::ForWhom),
        unit: application.unit().map_or("", |unit| unit.name.get(cx.lang)).to_owned(),
        unit_href: changed(Choice::Unit),
        exemption: application.asks(Choice::Exemption).then(|| exemption_in_words(cx, application)),
        exemption_href: changed(Choice::Exemption),
        returns: return_rows(cx, application),
        total: fees.iter().map(|fee| fee.amount).sum(),
        fees,
        deadline: deadline(cx, application),
        fee_note: application.procedure.fee_note.as_ref().map(|note| note.get(cx.lang).to_owned()),
        applicant,
        version: application.draft.version,
        signature: standing(cx, application).await?,
        refused: refused.to_owned(),
    };
    cx.page("services/apply-review.html", PageSpec::titled(cx.t("services-review-title")).status(status), data).await
}

/// As one number, or in the words of the catalogue.
fn deadline(cx: &Cx, application: &Application<'_>) -> Option<String> {
    let procedure = &application.procedure;
    let term = procedure.deadline_by(Channel::Online).map(|term| term_in_words(cx, term));
    term.or_else(|| procedure.national.as_ref()?.deadlines_in_words())
}

fn exemption_in_words(cx: &Cx, application: &Application<'_>) -> String {
    let group = application.exemption().and_then(|id| cx.city.get::<Exemptions>().get(id));
    group.map_or_else(|| cx.t("services-exemption-none"), |group| group.name.get(cx.lang).to_owned())
}

/// The way in which the result comes back, and by post its recipient, each with where to change it.
fn return_rows(cx: &Cx, application: &Application<'_>) -> Vec<Value> {
    let href = |stop: Stop| format!("{}?change=1", application.path(&stop));
    let Some(way) = application.way() else { return Vec::new() };
    let mut rows =
        vec![json!({ "label": cx.t("returns-way"), "value": cx.t(&format!("delivery-way-{}", way.as_str())),
        "href": href(Stop::Choice(Choice::Return)) })];
    if let Some(to) = application.return_to.as_ref().filter(|_| application.goes_by_post()) {
        rows.push(json!({ "label": cx.t("returns-to"), "value": [&to.recipient, &to.address, &to.phone],
            "href": href(Stop::ReturnTo) }));
    }
    rows
}

#[derive(Debug, Deserialize)]
pub struct Sending {
    version: Option<i64>,
}

pub async fn submit(
    cx: Cx,
    Path(draft): Path<String>,
    PageForm(sending): PageForm<Sending>,
) -> Result<Response, Problem> {
    let rejection = match submit_draft(&cx, &draft, sending.version).await {
        Ok(receipt) => return Ok(handed_in(&cx, &receipt)),
        Err(rejection) => rejection,
    };
    let (why, status) = match rejection {
        Rejection::Opening(rejection) => return stopped(&cx, rejection).await,
        Rejection::NoUnit | Rejection::Submitting(submit::Rejection::Unit(_)) => {
            return Ok(redirect(&format!("/apply/{draft}/unit")));
        }
        Rejection::Submitting(submit::Rejection::Delivery(_)) => {
            return Ok(redirect(&format!("/apply/{draft}/return")));
        }
        Rejection::NoPrincipal => return Ok(redirect(&format!("/apply/{draft}/for-whom"))),
        // The page of the signature says what is missing, or the review offers to sign.
        Rejection::Unsigned => return Ok(redirect(&format!("/apply/{draft}/sign"))),
        Rejection::Changed => ("services-review-changed", StatusCode::CONFLICT),
        Rejection::Submitting(submit::Rejection::Mandate(_)) => {
            ("services-review-mandate", StatusCode::UNPROCESSABLE_ENTITY)
        }
        Rejection::Submitting(submit::Rejection::Answers(_)) => {
            ("services-review-answers", StatusCode::UNPROCESSABLE_ENTITY)
        }
        Rejection::Submitting(submit::Rejection::Uploads(_)) => {
            ("services-review-uploads", StatusCode::UNPROCESSABLE_ENTITY)
        }
        Rejection::Submitting(submit::Rejection::Case(CaseRejection::DayFull { .. })) => {
            ("services-review-day-full", StatusCode::CONFLICT)
        }
        other => return Err(other.into_problem()),
    };
    match open_draft(&cx, &draft).await {
        Ok(application) => page(&cx, &application, &cx.t(why), status).await,
        Err(rejection) => stopped(&cx, rejection).await,
    }
}

/// To the receipt. Its secret goes by a cookie that only the dossier's own page gets, so that it stands in no address.
fn handed_in(cx: &Cx, receipt: &Receipt) -> Response {
    let path = format!("/dossiers/{}", receipt.code);
    let mut response = redirect(&format!("{path}?submitted=1"));
    let hours = SignedDuration::from_hours(RECEIPT_KEY_HOURS).as_secs();
    let cookie = Cookie::build((RECEIPT_KEY, receipt.receipt_key.clone()))
        .path(path)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(cx.config.is_https())
        .build();
    if let Ok(value) = HeaderValue::from_str(&format!("{cookie}; Max-Age={hours}")) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
