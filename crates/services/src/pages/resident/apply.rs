//! Applying: beginning and going on, choosing the unit, giving up a draft; and what is shown when it cannot go on.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, fold};

use super::catalogue;
use crate::application::{Application, NO_GROUP, Stop, procedure_of};
use crate::ops::delete_draft::delete_draft;
use crate::ops::open_draft::{Rejection, open_draft};
use crate::ops::{save_draft, start_draft};
use crate::procedure::{Exemptions, Procedures};

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
        let procedure = application.procedure;
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
    let procedure = catalogue::find(&cx, &name)?;
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
    let procedure = draft.as_ref().and_then(|draft| cx.city.get::<Procedures>().get(procedure_of(draft)?));
    let data = serde_json::json!({
        "why": why,
        "procedure_href": procedure.map(|p| format!("/procedures/{}", p.name)),
        "delete_href": draft.map(|draft| format!("/apply/{}/delete", draft.id)),
    });
    let title = cx.t(&format!("services-stopped-{why}-title"));
    cx.page("services/apply-stopped.html", PageSpec::titled(title).status(status), data).await
}

#[derive(Serialize)]
struct UnitPage {
    head: Head,
    units: Vec<Choice>,
    unit: String,
    /// The chosen one is the applicant's own area's, as a suggestion.
    suggested: bool,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

pub async fn unit(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    match open_draft(&cx, &draft).await {
        Ok(application) if application.has_choice() => unit_page(&cx, &application, Vec::new()).await,
        Ok(application) => Ok(redirect(&application.path(&application.end()))),
        Err(rejection) => stopped(&cx, rejection).await,
    }
}

#[derive(Debug, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    leave: String,
}

pub async fn choose_unit(
    cx: Cx,
    Path(draft): Path<String>,
    PageForm(chosen): PageForm<Chosen>,
) -> Result<Response, Problem> {
    if !chosen.leave.is_empty() && chosen.unit.is_empty() {
        return Ok(redirect("/dossiers?said=saved"));
    }
    match save_draft::choose_unit(&cx, &draft, &chosen.unit).await {
        Ok(_) if !chosen.leave.is_empty() => Ok(redirect("/dossiers?said=saved")),
        Ok(application) => Ok(redirect(&application.path(&application.end()))),
        Err(save_draft::Rejection::Unit(application)) => {
            let wrong = FieldError::new("unit", "required", cx.t("services-unit-wrong"));
            unit_page(&cx, &application, vec![wrong]).await
        }
        Err(save_draft::Rejection::Opening(rejection)) => stopped(&cx, rejection).await,
        Err(other) => Err(other.into_problem()),
    }
}

async fn unit_page(cx: &Cx, application: &Application<'_>, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let chosen = application.unit().map(|unit| unit.code.to_string());
    let suggestion = match &chosen {
        Some(_) => None,
        None => own_unit(cx, application).await?,
    };
    let mut units: Vec<_> = application
        .units
        .iter()
        .map(|unit| Choice { value: unit.code.to_string(), label: unit.name.get(cx.lang).to_owned() })
        .collect();
    units.sort_by_cached_key(|unit| fold(&unit.label));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let data = UnitPage {
        head: Head::of(cx, application, Some(&application.last_screen()), application.pages()),
        units,
        suggested: suggestion.is_some(),
        unit: chosen.or(suggestion).unwrap_or_default(),
        errors,
    };
    cx.page("services/apply-unit.html", PageSpec::titled(cx.t("services-unit-title")).status(status), data).await
}

#[derive(Serialize)]
struct ExemptionPage {
    head: Head,
    groups: Vec<Group>,
    group: String,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Group {
    value: String,
    label: String,
    hint: String,
}

pub async fn exemption(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    match open_draft(&cx, &draft).await {
        Ok(application) if application.asks_exemption() => exemption_page(&cx, &application, Vec::new()).await,
        Ok(application) => Ok(redirect(&application.path(&application.end()))),
        Err(rejection) => stopped(&cx, rejection).await,
    }
}

#[derive(Debug, Deserialize)]
pub struct Claim {
    #[serde(default)]
    group: String,
    #[serde(default)]
    leave: String,
}

pub async fn claim_exemption(
    cx: Cx,
    Path(draft): Path<String>,
    PageForm(claim): PageForm<Claim>,
) -> Result<Response, Problem> {
    if !claim.leave.is_empty() && claim.group.is_empty() {
        return Ok(redirect("/dossiers?said=saved"));
    }
    let group = Some(claim.group.as_str()).filter(|group| *group != NO_GROUP);
    match save_draft::claim_exemption(&cx, &draft, group).await {
        Ok(_) if !claim.leave.is_empty() => Ok(redirect("/dossiers?said=saved")),
        Ok(application) => Ok(redirect(&application.path(&application.end()))),
        Err(save_draft::Rejection::Exemption(application)) => {
            let wrong = FieldError::new("group", "required", cx.t("services-exemption-wrong"));
            exemption_page(&cx, &application, vec![wrong]).await
        }
        Err(save_draft::Rejection::Opening(rejection)) => stopped(&cx, rejection).await,
        Err(other) => Err(other.into_problem()),
    }
}

async fn exemption_page(cx: &Cx, application: &Application<'_>, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let known = cx.city.get::<Exemptions>();
    let none = Group { value: NO_GROUP.to_owned(), label: cx.t("services-exemption-none"), hint: String::new() };
    let groups = application.groups.iter().filter_map(|id| known.get(id)).map(|group| Group {
        value: group.id.to_string(),
        label: group.name.get(cx.lang).to_owned(),
        hint: group.proof.get(cx.lang).to_owned(),
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let data = ExemptionPage {
        head: Head::of(cx, application, Some(&application.before_exemption()), application.pages()),
        groups: std::iter::once(none).chain(groups).collect(),
        group: application.claim().map_or(String::new(), |claim| claim.as_str().to_owned()),
        errors,
    };
    let spec = PageSpec::titled(cx.t("services-exemption-title")).status(status);
    cx.page("services/apply-exemption.html", spec, data).await
}

/// The unit of the area where the applicant lives.
async fn own_unit(cx: &Cx, application: &Application<'_>) -> Result<Option<String>, Problem> {
    let account = songhan_identity::account(&cx.db, application.draft.account).await?;
    let area = account.and_then(|account| account.area);
    let own = area.and_then(|area| cx.city.agencies().of_area(&area));
    Ok(own.filter(|own| application.units.iter().any(|u| u.code == own.code)).map(|own| own.code.to_string()))
}

pub async fn ask_delete(cx: Cx, Path(draft): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let kept = match open_draft(&cx, &draft).await {
        Ok(application) => application.draft,
        Err(Rejection::Closed(draft)) => *draft,
        Err(rejection) => return stopped(&cx, rejection).await,
    };
    let procedure = procedure_of(&kept).and_then(|code| cx.city.get::<Procedures>().get(code));
    let data = serde_json::json!({
        "draft": kept.id,
        "again": asked.again.is_some(),
        "title": procedure.map(|p| p.title.get(cx.lang)),
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
