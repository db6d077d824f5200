//! Hand in: dossiers of a unit that ended in a year go to the archive together, with a record and a list (biên bản giao
//! nhận, mục lục hồ sơ nộp lưu).

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal};
use songhan_db::At;

use super::{chosen, number, span};
use crate::access::{keeps, who};
use crate::entry::{Batch, HandedIn, subject};
use crate::retention::Retention;
use crate::{hear, paper, store};

/// Dossiers in one batch.
pub const ENTRIES_MAX: usize = 500;

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArchiveBatchInput, example = json!({"unit": "ubnd-hai-chau", "year": 2025}))]
pub struct Input {
    pub unit: String,
    /// The year in which they ended.
    pub year: i64,
    /// Which of them, at most 500; left out, it is the 500 that have waited longest.
    #[serde(default)]
    pub codes: Option<Vec<String>>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such archive, or it is not yours; give the code of a unit where you work")]
    Unit,
    #[error("{0} is no year; write it as 2025")]
    Year(i64),
    #[error("choose 1 to {ENTRIES_MAX} dossiers")]
    Codes,
    #[error("one of these dossiers did not end in that year, or was handed in already; load the list again")]
    NotDue,
    #[error("nothing that ended in that year waits to be handed in")]
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
            Self::Year(_) => Problem::invalid("year_invalid", detail.clone(), wrong("year")),
            Self::Codes => Problem::invalid("codes_invalid", detail.clone(), wrong("codes")),
            Self::NotDue => Problem::conflict("entry_not_due", detail),
            Self::Nothing => Problem::conflict("nothing_due", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn hand_in(cx: &Cx, input: Input) -> Result<Batch, Rejection> {
    let Some((handed_by, handed_by_name)) = who(cx).filter(|_| keeps(cx, &input.unit)) else {
        return Err(Rejection::Unit);
    };
    let span = span(cx, input.year).ok_or(Rejection::Year(input.year))?;
    let codes = chosen(input.codes);
    if codes.as_ref().is_some_and(|codes| !(1..=ENTRIES_MAX).contains(&codes.len())) {
        return Err(Rejection::Codes);
    }
    let mut tx = cx.begin().await?;
    let mut entries =
        store::entries::lock_due(&mut tx, &input.unit, span, codes.as_deref(), ENTRIES_MAX as i64).await?;
    if codes.as_ref().is_some_and(|codes| codes.len() != entries.len()) {
        return Err(Rejection::NotDue);
    }
    if entries.is_empty() {
        return Err(Rejection::Nothing);
    }
    for entry in &mut entries {
        // The term is set anew as it goes into the archive: the file may have been corrected since the dossier ended.
        let ended = entry.ended_at.0.to_zoned(cx.zone.clone()).date();
        let kept = hear::kept(cx, &entry.topic, ended).await?;
        (entry.retention, entry.years) = (kept.group, kept.years.map(i64::from));
        entry.keep_until = kept.until.map(|day| day.to_string());
    }
    let form = &cx.city.get::<Retention>().handover_number;
    let batch = Batch {
        id: cx.env.id(),
        number: number(&mut tx, cx, "handover", &input.unit, form).await?,
        unit: input.unit,
        year: input.year,
        entries: entries.len() as i64,
        handed_by,
        handed_by_name,
        handed_at: At(tx.now()),
        document: cx.env.id(),
    };
    let dossiers: Vec<(Id, String)> = entries.iter().map(|entry| (entry.case_id, entry.code.clone())).collect();
    let papers = songhan_services::paper_counts(&mut tx, &dossiers).await?;
    store::batches::insert(&mut tx, &batch).await?;
    store::entries::hand_in(&mut tx, batch.id, &entries, &papers).await?;
    let ids: Vec<Id> = dossiers.into_iter().map(|(id, _)| id).collect();
    songhan_cases::archive(&mut tx, &ids).await?;
    paper::promise(&mut tx, cx, &paper::About::Batch { id: batch.id }).await?;
    let Batch { id, year, entries, .. } = batch;
    tx.emit(HandedIn { batch: id, unit: batch.unit.clone(), year, entries }).await?;
    let detail = serde_json::json!({ "batch": id, "number": batch.number, "year": year, "entries": entries });
    tx.audit("archive.hand_in", &subject(&batch.unit), detail).await?;
    cx.keep(&mut tx, 201, &batch).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Hand dossiers in.
#[utoipa::path(post, path = "/api/v1/archive/batches", operation_id = "hand_in_archive_batch", tag = "archive",
    request_body = Input,
    responses(
        (status = 201, body = Batch, description = "Handed in; the record under the unit's seal is made a moment later"),
        (status = 400, description = "Unreadable JSON, or no idempotency key"),
        (status = 404, description = "No such unit, or not yours"),
        (status = 409, description = "Nothing waits, or something came between"),
        (status = 422, description = "Something in the body does not fit"),
    ))]
pub async fn handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<(StatusCode, Json<Batch>), Problem> {
    let batch = hand_in(&cx, input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(batch)))
}
