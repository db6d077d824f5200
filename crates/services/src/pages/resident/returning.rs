//! How the result comes back, after handing in: the way and for post the address, on one page that also works when only
//! one of them is changed. And the page of an application that asks to whom it goes.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Internal};
use songhan_delivery::{Recipient, State, Way};

use super::apply::{Asked, Head, stopped};
use crate::application::{Application, Choice, Stop};
use crate::dossier::Part;
use crate::ops::choose_delivery::{self, choose_delivery};
use crate::ops::open_draft::open_draft;
use crate::ops::save_draft::{Rejection, keep_recipient};
use crate::ops::show_dossier::{DossierView, Seen, see};
use crate::returns;

/// The ways as a page offers them, each with what it means.
pub fn ways(cx: &Cx, by_post: bool) -> Vec<(Way, String, String)> {
    let hint = |way: Way| match way {
        Way::Post => post_in_words(cx),
        way => cx.t(&format!("returns-{}-hint", way.as_str())),
    };
    let offered = Way::ALL.into_iter().filter(|way| by_post || *way != Way::Post);
    offered.map(|way| (way, cx.t(&format!("delivery-way-{}", way.as_str())), hint(way))).collect()
}

/// Who carries it, what it costs, how long it takes.
fn post_in_words(cx: &Cx) -> String {
    let Some(carrier) = returns::carrier(cx) else { return String::new() };
    let terms: Vec<String> = carrier
        .terms
        .iter()
        .map(|term| cx.text(cx.lang, "returns-term", &[("to", term.to.get(cx.lang)), ("days", &term.days.to_string())]))
        .collect();
    let args =
        [("service", carrier.name.get(cx.lang)), ("fare", carrier.fare.get(cx.lang)), ("terms", &terms.join(" "))];
    cx.text(cx.lang, "returns-post-hint", &args)
}

/// In the words of the page; the codes of the errors are the names of their fields.
pub fn in_words(cx: &Cx, errors: Vec<FieldError>) -> Vec<FieldError> {
    let said = |error: FieldError| {
        let key = match error.code {
            "recipient" | "phone" | "address" => format!("returns-{}-wrong", error.code),
            _ => "returns-wrong".to_owned(),
        };
        FieldError::new(error.field, error.code, cx.t(&key))
    };
    errors.into_iter().map(said).collect()
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    version: Option<i64>,
    way: String,
    recipient: String,
    phone: String,
    address: String,
    leave: String,
}

impl Form {
    fn to(&self) -> Recipient {
        Recipient { recipient: self.recipient.clone(), phone: self.phone.clone(), address: self.address.clone() }
    }
}

/// The recipient's page of an application.
pub async fn ask_to(cx: Cx, Path(draft): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    match open_draft(&cx, &draft).await {
        Ok(application) if application.goes_by_post() => {
            let to = match &application.return_to {
                Some(to) => to.clone(),
                None => returns::known(&cx, application.draft.account).await?,
            };
            to_page(&cx, &application, asked.is_change(), &to, Vec::new()).await
        }
        Ok(application) => Ok(redirect(&application.path(&application.end()))),
        Err(rejection) => stopped(&cx, rejection).await,
    }
}

pub async fn save_to(cx: Cx, Path(draft): Path<String>, PageForm(form): PageForm<Form>) -> Result<Response, Problem> {
    let typed = form.to();
    match keep_recipient(&cx, &draft, &typed).await {
        Ok((_, errors)) if !form.leave.is_empty() && errors.is_empty() => Ok(redirect("/dossiers?said=saved")),
        Ok((application, errors)) if errors.is_empty() => Ok(redirect(&application.path(&application.end()))),
        Ok(_) if !form.leave.is_empty() => Ok(redirect("/dossiers?said=saved")),
        Ok((application, errors)) => to_page(&cx, &application, false, &typed, in_words(&cx, errors)).await,
        Err(Rejection::Opening(rejection)) => stopped(&cx, rejection).await,
        Err(other) => Err(other.into_problem()),
    }
}

async fn to_page(
    cx: &Cx,
    application: &Application<'_>,
    change: bool,
    to: &Recipient,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let back = if change { Stop::Review } else { Stop::Choice(Choice::Return) };
    let head = Head::of(cx, application, Some(&back), application.place(&Stop::ReturnTo, 0));
    let data = json!({ "head": head, "to": to, "errors": errors, "change": change });
    let spec = PageSpec::titled(cx.t("returns-to-title")).status(status);
    cx.page("services/apply-return-to.html", spec, data).await
}

/// The page of a dossier on which its way of return is changed.
pub async fn ask(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let seen = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    if seen.part == Part::Office {
        return Ok(redirect(&format!("/office/dossiers/{code}")));
    }
    let delivery = songhan_delivery::of_case(&cx.db, seen.case.id).await?;
    if seen.part != Part::Applicant || !is_open(&cx, &seen, delivery.as_ref()).await? {
        let why = if is_before_post(&cx, &seen).await? { "before-post" } else { "fixed" };
        return Ok(redirect(&format!("/dossiers/{code}?said={why}")));
    }
    let to = match delivery.as_ref().and_then(songhan_delivery::Delivery::to) {
        Some(to) => to,
        None => returns::known(&cx, seen.dossier.applicant).await?,
    };
    let way = delivery.as_ref().map_or("", |one| one.way.as_str());
    page(&cx, &seen, way, seen.case.version, &to, Vec::new()).await
}

/// Whether there is something to choose: the case can still be sent, and its procedure offers post or did.
pub async fn is_open(cx: &Cx, seen: &Seen, delivery: Option<&songhan_delivery::Delivery>) -> Result<bool, Internal> {
    let workflow = songhan_cases::workflow(cx, &cx.db, &seen.case).await?;
    let offered = delivery.is_some() || returns::offers(cx, &seen.dossier.procedure);
    Ok(offered && !ends_badly(seen) && returns::may_choose(&seen.case, &workflow, delivery))
}

/// Whether it cannot go by post although results of its procedure do by now: the process that it began with has no step
/// for that, and keeps it from a promise that nobody could fulfil.
pub async fn is_before_post(cx: &Cx, seen: &Seen) -> Result<bool, Internal> {
    if seen.part != Part::Applicant || seen.case.is_closed() || !returns::offers(cx, &seen.dossier.procedure) {
        return Ok(false);
    }
    let workflow = songhan_cases::workflow(cx, &cx.db, &seen.case).await?;
    Ok(!ends_badly(seen) && !returns::can_post(&workflow))
}

/// Not accepted, withdrawn or stopped: there is no result.
fn ends_badly(seen: &Seen) -> bool {
    matches!(seen.case.national.number(), 3 | 7 | 8)
}

/// Where the way is chosen, while it can be.
pub async fn href(cx: &Cx, seen: &Seen) -> Result<Option<String>, Internal> {
    if seen.part != Part::Applicant {
        return Ok(None);
    }
    let delivery = songhan_delivery::of_case(&cx.db, seen.case.id).await?;
    let open = is_open(cx, seen, delivery.as_ref()).await?;
    Ok(open.then(|| format!("/dossiers/{}/return", seen.dossier.code)))
}

/// Where the parcel is, in a sentence, while the result goes by post.
pub fn parcel_now(cx: &Cx, dossier: &DossierView) -> Option<String> {
    let delivery = dossier.delivery.as_ref().filter(|delivery| delivery.way == Way::Post)?;
    match delivery.state {
        State::Ready => Some(cx.t("returns-now-ready")),
        State::CameBack => Some(cx.t("returns-now-back")),
        State::HandedOver => {
            let (number, service) = (delivery.number.as_deref()?, delivery.service_name.as_deref()?);
            Some(cx.text(cx.lang, "returns-now-posted", &[("number", number), ("service", service)]))
        }
        _ => None,
    }
}

async fn page(
    cx: &Cx,
    seen: &Seen,
    way: &str,
    version: i64,
    to: &Recipient,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let code = &seen.dossier.code;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let options = ways(cx, true)
        .into_iter()
        .map(|(way, label, hint)| json!({ "value": way.as_str(), "label": label, "hint": hint }));
    let options: Vec<Value> = options.collect();
    let data = json!({ "code": code, "title": seen.dossier.procedure_title, "options": options, "way": way, "to": to,
        "version": version.to_string(), "errors": errors });
    let spec = PageSpec::titled(cx.t("returns-change"))
        .crumb("/dossiers", cx.t("services-own-title"))
        .crumb(format!("/dossiers/{code}"), code.clone())
        .status(status);
    cx.page("services/dossier-return.html", spec, data).await
}

pub async fn change(cx: Cx, Path(code): Path<String>, PageForm(form): PageForm<Form>) -> Result<Response, Problem> {
    let by_post = form.way == Way::Post.as_str();
    let given = |text: &str| by_post.then(|| text.to_owned());
    let input = choose_delivery::Input {
        version: form.version,
        way: form.way.clone(),
        recipient: given(&form.recipient),
        phone: given(&form.phone),
        address: given(&form.address),
    };
    let said = |word: &str| Ok(redirect(&format!("/dossiers/{code}?said={word}")));
    match choose_delivery(&cx, &code, input).await {
        Ok(_) => said("return"),
        Err(choose_delivery::Rejection::Wrong(errors)) => {
            let seen = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
            let version = form.version.unwrap_or(seen.case.version);
            page(&cx, &seen, &form.way, version, &form.to(), in_words(&cx, errors)).await
        }
        Err(choose_delivery::Rejection::Stale(_)) => said("changed"),
        Err(choose_delivery::Rejection::BeforePost) => said("before-post"),
        Err(choose_delivery::Rejection::TooLate | choose_delivery::Rejection::Delivery(_)) => said("fixed"),
        Err(other) => Err(other.into_problem()),
    }
}
