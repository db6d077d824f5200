//! Track a dossier by its code: status and dates for everyone, names for those signed in to it or holding the receipt.

use axum::Json;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageSpec, Path, Problem, Query};
use songhan_base::Internal;
use subtle::ConstantTimeEq;

use crate::ops::submit::receipt_hash;
use crate::store;

#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// The receipt's key, for names.
    pub key: Option<String>,
    /// Language of the answer, `vi` or `en`.
    pub lang: Option<String>,
}

/// What everyone may know of a dossier whose code they have.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Tracked {
    #[schema(example = "000.00.15.H17-261121-0001")]
    pub code: String,
    #[schema(example = "processing")]
    pub state: String,
    #[schema(example = "Đang xử lý")]
    pub state_name: String,
    /// The national status, 1 to 10.
    #[schema(example = 4)]
    pub status: i64,
    #[schema(value_type = String, format = "date-time")]
    pub received_at: Timestamp,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub due_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub closed_at: Option<Timestamp>,
    pub late: bool,
    /// When its papers were destroyed at the end of their term, and by what decision.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub destroyed_at: Option<Timestamp>,
    #[schema(example = json!(null))]
    pub destroyed_by: Option<String>,
    pub steps: Vec<TrackedStep>,
    /// With the receipt's key or the right account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TrackedStep {
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
    #[schema(example = "Đã tiếp nhận")]
    pub state_name: String,
    #[schema(example = 2)]
    pub status: i64,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TrackedDetails)]
pub struct Details {
    pub applicant_name: String,
    pub title: String,
    pub unit_name: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no dossier with this code; type it as it stands on the receipt")]
    NotFound,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found("dossier"),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn track(cx: &Cx, code: &str, key: Option<&str>) -> Result<Tracked, Rejection> {
    let code = code.trim().to_uppercase();
    let dossier = store::by_code(&cx.db, &code).await?.ok_or(Rejection::NotFound)?;
    let case = songhan_cases::by_id(&cx.db, dossier.case_id).await?.ok_or(Rejection::NotFound)?;
    let workflow = songhan_cases::workflow(cx, &cx.db, &case).await?;
    let name = |state: &str| workflow.state(state).map_or(String::new(), |s| s.name.get(cx.lang).to_owned());
    let holds_receipt =
        key.is_some_and(|key| bool::from(receipt_hash(key).as_bytes().ct_eq(dossier.receipt_hash.as_bytes())));
    let known = holds_receipt || dossier.part(&case, &cx.actor).is_some();
    let steps = songhan_cases::timeline(&cx.db, case.id, true).await?;
    let mut told: Vec<TrackedStep> = Vec::new();
    for step in steps {
        let step = TrackedStep { at: step.at.0, state_name: name(&step.to_state), status: step.national.number() };
        if told.last().is_none_or(|last| last.state_name != step.state_name) {
            told.push(step);
        }
    }
    let unit = cx.city.agencies().get(&case.unit).map_or("", |unit| unit.name.get(cx.lang));
    let procedure = crate::catalogue::procedure_of(cx, &dossier).await?;
    Ok(Tracked {
        state: case.state.clone(),
        state_name: name(&case.state),
        status: case.national.number(),
        received_at: case.received_at.0,
        due_at: case.due_at.map(|at| at.0),
        closed_at: case.closed_at.map(|at| at.0),
        late: case.late_at.is_some() || case.is_late(cx.now()),
        destroyed_at: case.emptied_at.map(|at| at.0),
        destroyed_by: case.emptied_by.clone(),
        steps: told,
        details: known.then(|| Details {
            applicant_name: dossier.applicant_name.clone(),
            title: procedure.map_or(dossier.procedure_title.clone(), |p| p.title.get(cx.lang).to_owned()),
            unit_name: unit.to_owned(),
        }),
        code: dossier.code,
    })
}

/// Track a dossier. A page for people; JSON for `Accept: application/json`.
#[utoipa::path(get, path = "/track/{code}", operation_id = "track_dossier", tag = "dossiers",
    params(("code" = String, Path, description = "Code of the dossier, as on the receipt", example = "000.00.15.H17-261121-0001"), Input),
    responses(
        (status = 200, description = "Where it stands", content((Tracked = "application/json"), (String = "text/html"))),
        (status = 404, description = "No such dossier", content((Problem = "application/problem+json"), (String = "text/html"))),
    ))]
pub async fn handler(
    cx: Cx,
    headers: HeaderMap,
    Path(code): Path<String>,
    Query(input): Query<Input>,
) -> Result<Response, Problem> {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let for_program = accept.contains("application/json");
    let tracked = match track(&cx, &code, input.key.as_deref()).await {
        Ok(tracked) => tracked,
        // A slip while typing is answered by the box to type it again.
        Err(Rejection::NotFound) if !for_program => return crate::pages::track_not_found(&cx, &code).await,
        Err(rejection) => return Err(rejection.into_problem()),
    };
    if for_program {
        return Ok(Json(tracked).into_response());
    }
    let spec = PageSpec::titled(cx.t("services-track-title"))
        .crumb("/", cx.t("home"))
        .crumb("/track", cx.t("services-menu-track"));
    cx.page("services/track.html", spec, serde_json::json!({ "dossier": tracked })).await
}
