//! What an applicant does to a dossier: hand in what was asked for, or withdraw. One page an action, so that nothing
//! happens by a slip.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use songhan_app::{Cx, IntoProblem, PageSpec, Path, Problem, redirect};
use songhan_base::FieldError;
use songhan_cases::Rejection as CaseRejection;
use songhan_forms::UploadedFile;

use super::{files, posted};
use crate::dossier::Part;
use crate::ops::act::{self, Input};
use crate::ops::show_dossier::{ActionView, DossierView, see, view};
use crate::ops::show_timeline::steps;

#[derive(Serialize)]
struct Data {
    code: String,
    title: String,
    action: String,
    label: String,
    /// `none`, `optional` or `required`.
    note_rule: &'static str,
    /// The dossier ends by it.
    ends: bool,
    /// The office's last word.
    asked: Option<String>,
    note: String,
    files: Vec<UploadedFile>,
    version: String,
    errors: Vec<FieldError>,
}

/// What was typed so far.
#[derive(Default)]
struct Typed {
    note: String,
    uploads: Vec<String>,
    version: Option<i64>,
    errors: Vec<FieldError>,
}

pub async fn ask(cx: Cx, Path((code, action)): Path<(String, String)>) -> Result<Response, Problem> {
    page(&cx, &code, &action, Typed::default()).await
}

async fn page(cx: &Cx, code: &str, action: &str, typed: Typed) -> Result<Response, Problem> {
    let seen = see(cx, code).await.map_err(IntoProblem::into_problem)?;
    if seen.part == Part::Office {
        return Ok(redirect(&format!("/office/dossiers/{code}")));
    }
    let dossier: DossierView = view(cx, &cx.db, &seen).await?;
    let Some(ActionView { name, note, .. }) = dossier.actions.iter().find(|one| one.id == action).cloned() else {
        return Ok(redirect(&format!("/dossiers/{code}?said=changed")));
    };
    let workflow = songhan_cases::workflow(cx, &cx.db, &seen.case).await?;
    let to = workflow.action(action).and_then(|action| workflow.state(action.to.as_deref()?));
    let steps = steps(cx, &seen).await?;
    let of_office = |step: &&crate::ops::show_timeline::StepView| step.actor_name != dossier.applicant_name;
    let asked = steps.iter().rev().filter(of_office).find_map(|step| step.public_note.clone());
    let ends = to.is_some_and(|state| state.is_final);
    let ids: Vec<&str> = typed.uploads.iter().map(String::as_str).collect();
    let status = if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let data = Data {
        code: code.to_owned(),
        title: dossier.title.clone(),
        action: action.to_owned(),
        label: name.clone(),
        note_rule: note,
        ends,
        asked: asked.filter(|_| !ends),
        note: typed.note,
        files: files::uploaded(cx, &ids).await?,
        // What was seen first counts, however often a file was refused since.
        version: typed.version.unwrap_or(dossier.version).to_string(),
        errors: typed.errors,
    };
    let spec = PageSpec::titled(name)
        .crumb("/dossiers", cx.t("services-own-title"))
        .crumb(format!("/dossiers/{code}"), code.to_owned())
        .status(status);
    cx.page("services/dossier-action.html", spec, data).await
}

pub async fn act(cx: Cx, Path((code, action)): Path<(String, String)>, request: Request) -> Result<Response, Problem> {
    // Whose dossier it is comes before any file is taken.
    see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    let posted = posted::read(&cx, request).await?;
    let removed = posted.get("remove");
    let uploads: Vec<String> =
        posted.all("upload").chain(posted.all("files")).filter(|id| *id != removed).map(str::to_owned).collect();
    let typed = Typed {
        note: posted.get("note").to_owned(),
        uploads: uploads.clone(),
        version: posted.get("version").parse().ok(),
        errors: posted.wrong.clone(),
    };
    if !typed.errors.is_empty() || posted.has("remove") {
        return page(&cx, &code, &action, typed).await;
    }
    let note = Some(typed.note.trim().to_owned()).filter(|note| !note.is_empty());
    let input = Input { version: typed.version, note, uploads, ..Input::default() };
    let wrong = |field: &str, key: &str| vec![FieldError::new(field, "invalid", cx.t(key))];
    let errors = match act::act(&cx, &code, &action, input).await {
        Ok(_) => return Ok(redirect(&format!("/dossiers/{code}?said=done"))),
        Err(act::Rejection::Case(CaseRejection::NoteRequired(_))) => wrong("note", "services-action-note-required"),
        Err(act::Rejection::Case(CaseRejection::NoteTooLong)) => wrong("note", "services-action-note-long"),
        Err(act::Rejection::Uploads(_)) => wrong("files", "services-action-files-wrong"),
        Err(act::Rejection::Case(
            CaseRejection::NotNow { .. } | CaseRejection::Stale { .. } | CaseRejection::NeedsMissing { .. },
        )) => return Ok(redirect(&format!("/dossiers/{code}?said=changed"))),
        Err(other) => return Err(other.into_problem()),
    };
    page(&cx, &code, &action, Typed { errors, ..typed }).await
}
