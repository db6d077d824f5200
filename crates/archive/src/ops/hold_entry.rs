//! Hold an entry back, with a reason (a complaint, an inspection), so that it stands on no list for destruction; and
//! release it again.

use axum::Json;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{FieldError, Internal, clean_text};

use crate::access::{keeps, leads, who};
use crate::entry::{Entry, EntryState};
use crate::store;

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArchiveHoldInput, example = json!({"reason": "Đang giải quyết khiếu nại của người nộp hồ sơ"}))]
pub struct Input {
    /// Why, 1 to 500 characters.
    pub reason: String,
}

const REASON_CHARS_MAX: usize = 500;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such entry in an archive of yours")]
    NotFound,
    #[error("say why in 1 to {REASON_CHARS_MAX} characters")]
    Reason,
    #[error("the dossier was destroyed; there is nothing left to hold back")]
    Destroyed,
    #[error("it is held back already; load it again")]
    Held,
    #[error("it is not held back; load it again")]
    NotHeld,
    #[error("something came between; load it again and repeat if still right")]
    Changed,
    #[error("only a leader of the unit releases what is held back")]
    Leader,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("entry"),
            Self::Reason => {
                let errors = vec![FieldError::new("reason", "required", detail.clone())];
                Problem::invalid("reason_invalid", detail, errors)
            }
            Self::Destroyed => Problem::conflict("entry_destroyed", detail),
            Self::Held => Problem::conflict("entry_held", detail),
            Self::NotHeld => Problem::conflict("entry_not_held", detail),
            Self::Changed => Problem::conflict("entry_changed", detail),
            Self::Leader => Problem::new(axum::http::StatusCode::FORBIDDEN, "leader_only", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Holds it back; a list on which it stands loses it, up to the moment in which it is destroyed.
pub async fn hold(cx: &Cx, code: &str, reason: &str) -> Result<Entry, Rejection> {
    let seen = see(cx, code).await?;
    let reason = clean_text(reason);
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        return Err(Rejection::Reason);
    }
    change(cx, &seen, Some(&reason)).await
}

/// Releases it: from then on it can stand on a list again.
pub async fn release(cx: &Cx, code: &str) -> Result<Entry, Rejection> {
    let seen = see(cx, code).await?;
    if !leads(cx, &seen.unit) {
        return Err(Rejection::Leader);
    }
    change(cx, &seen, None).await
}

/// The entry, for those who keep its archive.
pub async fn see(cx: &Cx, code: &str) -> Result<Entry, Rejection> {
    let found = store::entries::by_code(&cx.db, code).await?.filter(|entry| keeps(cx, &entry.unit));
    found.ok_or(Rejection::NotFound)
}

async fn change(cx: &Cx, seen: &Entry, reason: Option<&str>) -> Result<Entry, Rejection> {
    let (_, name) = who(cx).ok_or(Rejection::NotFound)?;
    let mut tx = cx.begin().await?;
    // The list before what stands on it: whoever decides on the list locks in this order too.
    if let Some(disposal) = seen.disposal {
        store::disposals::lock(&mut tx, disposal).await?;
    }
    let entry = store::entries::lock(&mut tx, seen.case_id).await?.ok_or(Rejection::NotFound)?;
    if entry.disposal != seen.disposal {
        return Err(Rejection::Changed);
    }
    match (entry.state, entry.held_at, reason) {
        (EntryState::Destroyed, ..) => return Err(Rejection::Destroyed),
        (_, Some(_), Some(_)) => return Err(Rejection::Held),
        (_, None, None) => return Err(Rejection::NotHeld),
        _ => {}
    }
    if let Some(disposal) = entry.disposal {
        store::disposals::leave_out(&mut tx, disposal, entry.case_id).await?;
    }
    store::entries::hold(&mut tx, entry.case_id, &name, reason).await?;
    let action = if reason.is_some() { "archive.hold" } else { "archive.release" };
    let detail = serde_json::json!({ "code": entry.code, "disposal": entry.disposal });
    tx.audit(action, &format!("case:{}", entry.case_id), detail).await?;
    let now = store::entries::lock(&mut tx, entry.case_id).await?.ok_or(Rejection::NotFound)?;
    tx.commit().await?;
    Ok(now)
}

/// Hold an entry back.
#[utoipa::path(post, path = "/api/v1/archive/entries/{code}/hold", operation_id = "hold_archive_entry", tag = "archive",
    params(("code" = String, Path, description = "Code of the dossier", example = "000.00.15.H17-241121-0001")),
    request_body = Input,
    responses(
        (status = 200, body = Entry, description = "Held back"),
        (status = 404, description = "No such entry, or not yours"),
        (status = 409, description = "Held back or destroyed already"),
        (status = 422, description = "No reason"),
    ))]
pub async fn hold_handler(
    cx: Cx,
    Path(code): Path<String>,
    ApiJson(input): ApiJson<Input>,
) -> Result<Json<Entry>, Problem> {
    hold(&cx, &code, &input.reason).await.map(Json).map_err(IntoProblem::into_problem)
}

/// Release an entry that is held back.
#[utoipa::path(post, path = "/api/v1/archive/entries/{code}/release", operation_id = "release_archive_entry", tag = "archive",
    params(("code" = String, Path, description = "Code of the dossier", example = "000.00.15.H17-241121-0001")),
    responses(
        (status = 200, body = Entry, description = "Released"),
        (status = 403, description = "For leaders of the unit"),
        (status = 404, description = "No such entry, or not yours"),
        (status = 409, description = "It is not held back"),
    ))]
pub async fn release_handler(cx: Cx, Path(code): Path<String>) -> Result<Json<Entry>, Problem> {
    release(&cx, &code).await.map(Json).map_err(IntoProblem::into_problem)
}
