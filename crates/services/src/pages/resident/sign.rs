//! Signing an application before it is handed in: the paper, the code to compare, and what has come of it. The applicant
//! confirms on their telephone and comes back; nothing here needs JavaScript.

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, redirect};
use songhan_documents::personal::{self, NotAsked};

use super::apply::{Head, stopped};
use super::review;
use crate::application::Stop;
use crate::ops::open_draft::open_draft;
use crate::ops::show_signature::{self, signed_file};
use crate::ops::sign_draft::{Rejection, is_signed, sign_draft, signature_of};

#[derive(Serialize)]
struct Data {
    head: Head,
    state: &'static str,
    title: String,
    /// Mã đối chiếu.
    code: String,
    expires_at: String,
    pdf: String,
    /// The telephone of a demonstration.
    phone: Option<String>,
    version: i64,
}

#[derive(Debug, Deserialize)]
pub struct Asking {
    version: Option<i64>,
}

/// Asks for the signature.
pub async fn ask(cx: Cx, Path(draft): Path<String>, PageForm(asking): PageForm<Asking>) -> Result<Response, Problem> {
    let why = match sign_draft(&cx, &draft, asking.version).await {
        Ok(_) => return Ok(redirect(&format!("/apply/{draft}/sign"))),
        Err(Rejection::Opening(rejection)) => return stopped(&cx, rejection).await,
        Err(Rejection::NotNeeded | Rejection::Unfinished) => return Ok(redirect(&format!("/apply/{draft}/review"))),
        Err(Rejection::Changed) => "services-review-changed",
        Err(Rejection::Asking(NotAsked::NoProvider)) => "services-sign-no-provider",
        Err(Rejection::Asking(NotAsked::NoCredential)) => "services-sign-no-credential",
        Err(Rejection::Asking(NotAsked::Unavailable)) => "services-sign-unavailable",
        Err(other) => return Err(other.into_problem()),
    };
    match open_draft(&cx, &draft).await {
        Ok(application) => review::page(&cx, &application, &cx.t(why), StatusCode::CONFLICT).await,
        Err(rejection) => stopped(&cx, rejection).await,
    }
}

/// Where the signature stands; each look asks the provider again while it waits.
pub async fn show(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    let application = match open_draft(&cx, &draft).await {
        Ok(application) => application,
        Err(rejection) => return stopped(&cx, rejection).await,
    };
    let review = application.path(&Stop::Review);
    if !is_signed(&application) {
        return Ok(redirect(&review));
    }
    // Changed since, or never asked: the review has the button.
    let Some(signature) = signature_of(&cx, &application).await? else { return Ok(redirect(&review)) };
    let expires_at = signature.expires_at.0.to_zoned(cx.zone.clone()).strftime("%H:%M").to_string();
    let data = Data {
        head: Head::of(&cx, &application, Some(&Stop::Review), application.pages()),
        state: signature.state.as_str(),
        title: signature.title.clone(),
        code: signature.code.clone(),
        expires_at,
        pdf: format!("/apply/{draft}/application.pdf"),
        phone: personal::phone(&cx).await?,
        version: application.draft.version,
    };
    cx.page("services/apply-sign.html", PageSpec::titled(cx.t("services-sign-title")), data).await
}

/// The application as a PDF: with the signature once it is there.
pub async fn file(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    match signed_file(&cx, &draft).await {
        Ok((name, bytes)) => Ok(songhan_documents::answer(bytes, &name)),
        Err(show_signature::Rejection::Opening(rejection)) => stopped(&cx, rejection).await,
        Err(other) => Err(other.into_problem()),
    }
}
