//! Decide on a list for destruction: a leader approves or refuses it, and never one that they have proposed (bốn mắt); an
//! approved one can be withdrawn until the job begins.

use axum::Json;
use axum::http::StatusCode;
use jiff::ToSpan;
use serde::{Deserialize, Serialize};
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{FieldError, Id, Internal, clean_text};
use songhan_db::{At, Tx};

use super::number;
use crate::access::{keeps, leads, who};
use crate::destroy;
use crate::disposal::{Disposal, DisposalState};
use crate::retention::Retention;
use crate::{paper, store};

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ArchiveDecision)]
pub enum Decision {
    /// Duyệt.
    Approve,
    /// Không duyệt.
    Refuse,
    /// Rút: by whoever proposed it, or a leader.
    Withdraw,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArchiveDecisionInput, example = json!({"decision": "approve"}))]
pub struct Input {
    pub decision: Decision,
    /// Why; needed to refuse and to withdraw.
    #[serde(default)]
    pub note: Option<String>,
}

const NOTE_CHARS_MAX: usize = 1_000;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such list in an archive of yours")]
    NotFound,
    #[error("this list is {0}; load it again and use what can be done now")]
    NotNow(&'static str),
    #[error("only a leader of the unit approves or refuses a list")]
    Leader,
    #[error("you have proposed this list; another leader decides")]
    SamePerson,
    #[error("say why in 1 to {NOTE_CHARS_MAX} characters")]
    Note,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("list"),
            Self::NotNow(_) => Problem::conflict("disposal_not_now", detail),
            Self::Leader => Problem::new(StatusCode::FORBIDDEN, "leader_only", detail),
            Self::SamePerson => Problem::new(StatusCode::FORBIDDEN, "same_person", detail),
            Self::Note => {
                let errors = vec![FieldError::new("note", "required", detail.clone())];
                Problem::invalid("note_invalid", detail, errors)
            }
            Self::Internal(error) => error.into(),
        }
    }
}

/// What the actor may decide of a list now.
pub fn decisions(cx: &Cx, disposal: &Disposal) -> Vec<Decision> {
    let mine = cx.actor.account() == Some(disposal.proposed_by);
    let leader = leads(cx, &disposal.unit);
    match disposal.state {
        DisposalState::Proposed if mine => vec![Decision::Withdraw],
        DisposalState::Proposed if leader => vec![Decision::Approve, Decision::Refuse],
        DisposalState::Approved if mine || leader => vec![Decision::Withdraw],
        _ => Vec::new(),
    }
}

pub async fn decide_disposal(cx: &Cx, id: Id, input: Input) -> Result<Disposal, Rejection> {
    let note = input.note.map(|note| clean_text(&note)).filter(|note| !note.is_empty());
    let mut tx = cx.begin().await?;
    let found = store::disposals::lock(&mut tx, id).await?.filter(|disposal| keeps(cx, &disposal.unit));
    let mut disposal = found.ok_or(Rejection::NotFound)?;
    if !decisions(cx, &disposal).contains(&input.decision) {
        return Err(why_not(cx, &disposal, input.decision));
    }
    let needed = input.decision != Decision::Approve;
    if (needed && note.is_none()) || note.as_ref().is_some_and(|note| note.chars().count() > NOTE_CHARS_MAX) {
        return Err(Rejection::Note);
    }
    disposal.decided_note = note;
    match input.decision {
        Decision::Approve => approve(&mut tx, cx, &mut disposal).await?,
        Decision::Refuse => end(&mut tx, cx, &mut disposal, DisposalState::Refused).await?,
        Decision::Withdraw => end(&mut tx, cx, &mut disposal, DisposalState::Withdrawn).await?,
    }
    destroy::change(&mut tx, &disposal).await?;
    tx.commit().await?;
    Ok(disposal)
}

fn why_not(cx: &Cx, disposal: &Disposal, decision: Decision) -> Rejection {
    let fits = match decision {
        Decision::Approve | Decision::Refuse => disposal.state == DisposalState::Proposed,
        Decision::Withdraw => matches!(disposal.state, DisposalState::Proposed | DisposalState::Approved),
    };
    if !fits {
        return Rejection::NotNow(disposal.state.as_str());
    }
    let mine = cx.actor.account() == Some(disposal.proposed_by);
    if mine && leads(cx, &disposal.unit) { Rejection::SamePerson } else { Rejection::Leader }
}

async fn approve(tx: &mut Tx, cx: &Cx, disposal: &mut Disposal) -> Result<(), Rejection> {
    let (by, name) = who(cx).ok_or(Rejection::NotFound)?;
    let retention = cx.city.get::<Retention>();
    disposal.number = Some(number(tx, cx, "decision", &disposal.unit, &retention.decision_number).await?);
    disposal.state = DisposalState::Approved;
    (disposal.decided_by, disposal.decided_by_name) = (Some(by), Some(name));
    let now = tx.now();
    let wait = (i64::from(retention.withdrawal_days) * 24).hours();
    disposal.decided_at = Some(At(now));
    disposal.destroys_at = Some(At(now.checked_add(wait).map_err(Internal::new)?));
    destroy::promise(tx, cx, disposal).await?;
    paper::promise(tx, cx, &paper::About::Disposal { id: disposal.id }).await?;
    Ok(())
}

/// Ends a list that is not carried out: its dossiers stay, and can stand on another one.
async fn end(tx: &mut Tx, cx: &Cx, disposal: &mut Disposal, state: DisposalState) -> Result<(), Rejection> {
    let was_approved = disposal.state == DisposalState::Approved;
    if !was_approved {
        let (by, name) = who(cx).ok_or(Rejection::NotFound)?;
        (disposal.decided_by, disposal.decided_by_name) = (Some(by), Some(name));
        disposal.decided_at = Some(At(tx.now()));
    }
    (disposal.state, disposal.ended_at) = (state, Some(At(tx.now())));
    store::disposals::dissolve(tx, disposal.id).await?;
    if was_approved {
        songhan_documents::revoke(tx, disposal.document, "Danh mục đã được rút, không tiêu hủy hồ sơ nào").await?;
    }
    Ok(())
}

/// Approve, refuse or withdraw a list.
#[utoipa::path(post, path = "/api/v1/archive/disposals/{id}/decision", operation_id = "decide_archive_disposal", tag = "archive",
    params(("id" = String, Path, description = "Id of the list", example = "019aa4c2-7c00-7000-8000-000000000001")),
    request_body = Input,
    responses(
        (status = 200, body = Disposal, description = "Decided; an approved list is carried out at `destroys_at`"),
        (status = 403, description = "For a leader of the unit who has not proposed it"),
        (status = 404, description = "No such list, or not yours"),
        (status = 409, description = "Decided already, or begun"),
        (status = 422, description = "No reason"),
    ))]
pub async fn handler(
    cx: Cx,
    Path(id): Path<String>,
    ApiJson(input): ApiJson<Input>,
) -> Result<Json<Disposal>, Problem> {
    let id: Id = id.parse().map_err(|_| Problem::not_found("list"))?;
    decide_disposal(&cx, id, input).await.map(Json).map_err(IntoProblem::into_problem)
}
