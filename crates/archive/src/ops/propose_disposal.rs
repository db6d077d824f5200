//! Propose a disposal (lập danh mục hồ sơ hết giá trị): entries whose term is over stand on a list, for a leader to decide.

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Internal, clean_text};
use songhan_db::At;

use super::chosen;
use crate::access::{keeps, who};
use crate::disposal::{Disposal, DisposalChanged, DisposalState};
use crate::{hear, store};

/// Dossiers on one list.
pub const ENTRIES_MAX: usize = 500;
const NOTE_CHARS_MAX: usize = 1_000;

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArchiveDisposalInput, example = json!({"unit": "ubnd-hai-chau", "note": "Hồ sơ hết thời hạn bảo quản năm 2044"}))]
pub struct Input {
    pub unit: String,
    /// Which of those whose term is over, at most 500; left out, it is the 500 whose term ended first.
    #[serde(default)]
    pub codes: Option<Vec<String>>,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such archive, or it is not yours; give the code of a unit where you work")]
    Unit,
    #[error("choose 1 to {ENTRIES_MAX} dossiers")]
    Codes,
    #[error("the note has more than {NOTE_CHARS_MAX} characters; shorten it")]
    Note,
    #[error("the term of one of these dossiers is not over, or it is held back or on a list; load the list again")]
    NotOver,
    #[error("no term is over; there is nothing to propose")]
    Nothing,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        let wrong = |field: &str| vec![FieldError::new(field, "invalid", detail.clone())];
        match self {
            Self::Unit => Problem::not_found("archive"),
            Self::Codes => Problem::invalid("codes_invalid", detail.clone(), wrong("codes")),
            Self::Note => Problem::invalid("note_invalid", detail.clone(), wrong("note")),
            Self::NotOver => Problem::conflict("entry_not_over", detail),
            Self::Nothing => Problem::conflict("nothing_over", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn propose_disposal(cx: &Cx, input: Input) -> Result<Disposal, Rejection> {
    let Some((proposed_by, proposed_by_name)) = who(cx).filter(|_| keeps(cx, &input.unit)) else {
        return Err(Rejection::Unit);
    };
    let codes = chosen(input.codes);
    if codes.as_ref().is_some_and(|codes| !(1..=ENTRIES_MAX).contains(&codes.len())) {
        return Err(Rejection::Codes);
    }
    let note = input.note.map(|note| clean_text(&note)).filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_CHARS_MAX) {
        return Err(Rejection::Note);
    }
    let today = cx.today();
    let mut tx = cx.begin().await?;
    let limit = ENTRIES_MAX as i64;
    let locked = store::entries::lock_over(&mut tx, &input.unit, &today.to_string(), codes.as_deref(), limit).await?;
    if codes.as_ref().is_some_and(|codes| codes.len() != locked.len()) {
        return Err(Rejection::NotOver);
    }
    let mut entries = Vec::with_capacity(locked.len());
    for mut entry in locked {
        // By what the city declares today: a term that was made longer since counts, and is corrected here.
        let ended = entry.ended_at.0.to_zoned(cx.zone.clone()).date();
        let kept = hear::kept(cx, &entry.topic, ended).await?;
        if kept.until.is_some_and(|until| until < today) {
            entries.push(entry);
        } else {
            (entry.retention, entry.years) = (kept.group, kept.years.map(i64::from));
            entry.keep_until = kept.until.map(|day| day.to_string());
            store::entries::set_term(&mut tx, &entry).await?;
        }
    }
    if entries.is_empty() {
        tx.commit().await?;
        return Err(if codes.is_some() { Rejection::NotOver } else { Rejection::Nothing });
    }
    let disposal = Disposal {
        id: cx.env.id(),
        unit: input.unit,
        state: DisposalState::Proposed,
        note,
        proposed_by,
        proposed_by_name,
        proposed_at: At(tx.now()),
        number: None,
        decided_by: None,
        decided_by_name: None,
        decided_at: None,
        decided_note: None,
        destroys_at: None,
        begun_at: None,
        ended_at: None,
        document: cx.env.id(),
    };
    store::disposals::insert(&mut tx, &disposal, &entries).await?;
    let detail = serde_json::json!({ "unit": disposal.unit, "entries": entries.len() });
    tx.audit("archive.propose", &disposal.subject(), detail).await?;
    let Disposal { id, state, .. } = disposal;
    tx.emit(DisposalChanged { disposal: id, unit: disposal.unit.clone(), state }).await?;
    cx.keep(&mut tx, 201, &disposal).await?;
    tx.commit().await?;
    Ok(disposal)
}

/// Propose a list for destruction.
#[utoipa::path(post, path = "/api/v1/archive/disposals", operation_id = "propose_archive_disposal", tag = "archive",
    request_body = Input,
    responses(
        (status = 201, body = Disposal, description = "Proposed; a leader who is somebody else decides"),
        (status = 400, description = "Unreadable JSON, or no idempotency key"),
        (status = 404, description = "No such unit, or not yours"),
        (status = 409, description = "No term is over, or something came between"),
        (status = 422, description = "Something in the body does not fit"),
    ))]
pub async fn handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<(StatusCode, Json<Disposal>), Problem> {
    let disposal = propose_disposal(&cx, input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(disposal)))
}
