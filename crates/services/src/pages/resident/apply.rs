//! Applying: beginning and going on, giving up a draft; and what is shown when it cannot go on.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::Internal;
use songhan_forms::drafts::Draft;
use songhan_procedures::{Catalogue, Procedure};

use crate::application::{Application, Stop, procedure_of};
use crate::ops::delete_draft::delete_draft;
use crate::ops::open_draft::{Rejection, open_draft};
use crate::ops::start_draft;

/// What the address of a page of an application says beside its path.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Set when the applicant comes from the review and wants to go back there.
    change: Option<u8>,
    resumed: Option<u8>,
    again: Option<u8>,
}

impl Asked {
    pub fn is_change(self) -> bool {
        self.change.is_some()
    }

    pub fn is_resumed(self) -> bool {
        self.resumed.is_some()
    }
}

/// What every page of an application shows.
#[derive(Serialize)]
pub struct Head {
    pub title: String,
    pub procedure_href: String,
    pub draft: String,
    pub back: String,
    pub notes: Vec<String>,
    pub at: usize,
    pub of: usize,
}

impl Head {
    pub fn of(cx: &Cx, application: &Application<'_>, back: Option<&Stop>, at: usize) -> Self {
        let procedure = &application.procedure;
        let procedure_href = format!("/procedures/{}", procedure.name);
        Self {
            title: procedure.title.get(cx.lang).to_owned(),
            back: back.map_or_else(|| procedure_href.clone(), |stop| application.path(stop)),
            procedure_href,
            draft: application.draft.id.to_string(),
            notes: application.notes.clone(),
            at,
            of: application.pages(),
        }
    }
}

pub async fn begin(cx: Cx, Path(name): Path<String>) -> Result<Response, Problem> {
    let catalogue = Catalogue::of(&cx.app).await?;
    let procedure = catalogue.named(&name).or_else(|| catalogue.get(&name));
    let procedure = procedure.ok_or_else(|| Problem::not_found("procedure"))?;
    match start_draft::start_draft(&cx, procedure).await {
        Ok(started) => {
            let path = started.application.path(&started.application.resume());
            Ok(redirect(&if started.resumed { format!("{path}?resumed=1") } else { path }))
        }
        // The procedure's page says where to hand it in.
        Err(start_draft::Rejection::Closed(_)) => Ok(redirect(&format!("/procedures/{}", procedure.name))),
        Err(start_draft::Rejection::TooMany) => Ok(redirect("/dossiers?said=too-many")),
        Err(other) => Err(other.into_problem()),
    }
}

/// Leads to where the draft was left.
pub async fn resume(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    match open_draft(&cx, &draft).await {
        Ok(application) => Ok(redirect(&application.path(&application.resume()))),
        Err(rejection) => stopped(&cx, rejection).await,
    }
}

/// A draft that cannot go on: why, and what to do.
pub async fn stopped(cx: &Cx, rejection: Rejection) -> Result<Response, Problem> {
    let (why, status, draft) = match rejection {
        Rejection::Submitted(receipt) => return Ok(redirect(&format!("/dossiers/{}", receipt.code))),
        Rejection::NotFound => ("gone", StatusCode::NOT_FOUND, None),
        Rejection::Closed(draft) => ("closed", StatusCode::CONFLICT, Some(draft)),
        other => return Err(other.into_problem()),
    };
    let procedure = match &draft {
        Some(draft) => of_draft(cx, draft).await?,
        None => None,
    };
    let data = serde_json::json!({
        "why": why,
        "procedure_href": procedure.as_ref().map(|p| format!("/procedures/{}", p.name)),
        "delete_href": draft.map(|draft| format!("/apply/{}/delete", draft.id)),
    });
    let title = cx.t(&format!("services-stopped-{why}-title"));
    cx.page("services/apply-stopped.html", PageSpec::titled(title).status(status), data).await
}

/// The procedure that a draft is for, if it is still there.
async fn of_draft(cx: &Cx, draft: &Draft) -> Result<Option<Arc<Procedure>>, Internal> {
    let Some(code) = procedure_of(draft) else { return Ok(None) };
    Ok(Catalogue::of(&cx.app).await?.get(code).cloned())
}

pub async fn ask_delete(cx: Cx, Path(draft): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let kept = match open_draft(&cx, &draft).await {
        Ok(application) => application.draft,
        Err(Rejection::Closed(draft)) => *draft,
        Err(rejection) => return stopped(&cx, rejection).await,
    };
    let procedure = of_draft(&cx, &kept).await?;
    let data = serde_json::json!({
        "draft": kept.id,
        "again": asked.again.is_some(),
        "title": procedure.as_ref().map(|p| p.title.get(cx.lang)),
        "updated_at": kept.updated_at.0.to_string(),
    });
    cx.page("services/apply-delete.html", PageSpec::titled(cx.t("services-delete-title")), data).await
}

#[derive(Debug, Deserialize)]
pub struct Deleting {
    /// Begin anew afterwards.
    #[serde(default)]
    again: String,
}

pub async fn delete(
    cx: Cx,
    Path(draft): Path<String>,
    PageForm(deleting): PageForm<Deleting>,
) -> Result<Response, Problem> {
    let name = match open_draft(&cx, &draft).await {
        Ok(application) => Some(application.procedure.name.clone()),
        Err(_) => None,
    };
    match delete_draft(&cx, &draft).await {
        Ok(()) => {}
        Err(rejection) => return stopped(&cx, rejection).await,
    }
    match name.filter(|_| !deleting.again.is_empty()) {
        Some(name) => Ok(redirect(&format!("/procedures/{name}/apply")).into_response()),
        None => Ok(redirect("/dossiers?said=deleted")),
    }
}
