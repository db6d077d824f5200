//! Start an intake: an officer begins to take in a dossier at the counter of their unit.

use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal, Role};
use songhan_forms::drafts::{self, DraftError, NewDraft};
use songhan_procedures::{Catalogue, Channel};

use crate::counter::intake::{Desk, first_answers, form_of, purpose};
use crate::counter::person::Comer;

/// What is taken in, where, and how it came.
pub struct Input<'i> {
    /// Code of the procedure.
    pub procedure: &'i str,
    /// Code of the unit whose counter it is.
    pub at: &'i str,
    pub channel: Channel,
    /// The ticket by which the person was called.
    pub ticket: Option<Id>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such procedure; choose one of the list")]
    Unknown,
    #[error("you take in at no counter of that unit; choose one of yours")]
    NotYourCounter,
    #[error("what comes online is handed in by the applicant; choose counter or post")]
    Channel,
    #[error("there are too many unfinished intakes; finish or delete one first")]
    TooMany,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Unknown => Problem::not_found("procedure"),
            Self::NotYourCounter => Problem::forbidden(),
            Self::Channel => Problem::bad_request(self.to_string()),
            Self::TooMany => Problem::conflict("drafts_too_many", self.to_string()),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Begins an intake; its id.
pub async fn start_intake(cx: &Cx, input: Input<'_>) -> Result<Id, Rejection> {
    let account = cx.actor.account().ok_or(Rejection::NotYourCounter)?;
    if cx.city.agencies().get(input.at).is_none() || !cx.actor.has_at(Role::Officer, input.at) {
        return Err(Rejection::NotYourCounter);
    }
    if input.channel == Channel::Online {
        return Err(Rejection::Channel);
    }
    let procedure = Catalogue::of(&cx.app).await?.get(input.procedure).cloned().ok_or(Rejection::Unknown)?;
    let form = form_of(cx, &procedure).ok_or(Rejection::Unknown)?;
    let desk = Desk {
        at: input.at.to_owned(),
        channel: input.channel,
        postmarked_on: None,
        unit: None,
        person: Comer::default(),
        other: None,
        exemption: None,
        papers: Vec::new(),
        delivery: None,
        ticket: input.ticket,
    };
    let (answers, purpose) = (first_answers(&desk)?, purpose(&procedure.code));
    let mut tx = cx.begin().await?;
    let new = NewDraft { account, form: &form, purpose: &purpose, answers: &answers, at_screen: "" };
    let draft = match drafts::start(&mut tx, cx.env.id(), new).await {
        Ok(draft) => draft,
        Err(DraftError::Internal(error)) => return Err(error.into()),
        Err(_) => return Err(Rejection::TooMany),
    };
    tx.commit().await?;
    Ok(draft.id)
}
