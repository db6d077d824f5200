//! Show what has happened to a dossier: all of it to the office, what is theirs to know to the applicant.

use axum::Json;
use jiff::Timestamp;
use serde::Serialize;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::Internal;

use crate::dossier::Part;
use crate::ops::show_dossier::{Rejection, Seen, see};

/// One step.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TimelineStep)]
pub struct StepView {
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
    /// An action of the workflow, or `open`, `take`, `assign`, `unassign`.
    #[schema(example = "accept")]
    pub action: String,
    #[schema(example = "Tiếp nhận hồ sơ")]
    pub action_name: String,
    #[schema(example = "accepted")]
    pub state: String,
    #[schema(example = "Đã tiếp nhận")]
    pub state_name: String,
    #[schema(example = 2)]
    pub status: i64,
    /// Who did it; the applicant sees names of the office's people as the unit.
    pub actor_name: String,
    /// For the office alone.
    pub note: Option<String>,
    pub public_note: Option<String>,
    /// When the dossier was due after this step, while its term ran.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub due_at: Option<Timestamp>,
    /// When the state that it led to had to be left, where the procedure says so.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub step_due_at: Option<Timestamp>,
    /// How it was extended: a term or a date.
    #[schema(example = "2026-12-04")]
    pub extension: Option<String>,
    /// For whom the actor acted, and by what paper. For the office alone.
    pub behalf_name: Option<String>,
    pub basis: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Timeline)]
pub struct Output {
    pub steps: Vec<StepView>,
}

pub async fn show_timeline(cx: &Cx, code: &str) -> Result<Vec<StepView>, Rejection> {
    let seen = see(cx, code).await?;
    Ok(steps(cx, &seen).await?)
}

/// The steps that this part may see.
pub async fn steps(cx: &Cx, seen: &Seen) -> Result<Vec<StepView>, Internal> {
    let workflow = songhan_cases::workflow(cx, &cx.db, &seen.case).await?;
    let own = seen.part != Part::Office;
    let unit = cx.city.agencies().get(&seen.case.unit).map_or("", |u| u.name.get(cx.lang));
    let steps = songhan_cases::timeline(&cx.db, seen.case.id, own).await?;
    let applicant = format!("account:{}", seen.dossier.applicant);
    let view = |step: songhan_cases::Step| StepView {
        at: step.at.0,
        action_name: workflow
            .action(&step.action)
            .map_or_else(|| cx.t(&format!("services-step-{}", step.action)), |a| a.name.get(cx.lang).to_owned()),
        state_name: workflow.state(&step.to_state).map_or(String::new(), |s| s.name.get(cx.lang).to_owned()),
        status: step.national.number(),
        actor_name: match own && step.actor != applicant {
            true => unit.to_owned(),
            false if step.actor_name.is_empty() => cx.t("services-actor-system"),
            false => step.actor_name,
        },
        action: step.action,
        state: step.to_state,
        note: step.note,
        public_note: step.public_note,
        due_at: step.due_at.map(|at| at.0),
        step_due_at: step.stage_due_at.map(|at| at.0).filter(|_| !own),
        extension: step.extension,
        behalf_name: step.behalf_name.filter(|_| !own),
        basis: step.basis.filter(|_| !own),
    };
    Ok(steps.into_iter().map(view).collect())
}

/// What has happened to a dossier.
#[utoipa::path(get, path = "/api/v1/dossiers/{code}/timeline", operation_id = "show_dossier_timeline", tag = "dossiers",
    params(("code" = String, Path, description = "Code of the dossier", example = "000.00.15.H17-261121-0001")),
    responses(
        (status = 200, body = Output, description = "Steps, the oldest first"),
        (status = 404, description = "No such dossier, or not yours"),
    ))]
pub async fn handler(cx: Cx, Path(code): Path<String>) -> Result<Json<Output>, Problem> {
    let steps = show_timeline(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    Ok(Json(Output { steps }))
}
