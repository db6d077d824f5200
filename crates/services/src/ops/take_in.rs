//! Take in a dossier at the counter: the person's account is found or made, the dossier is handed in for them, and where
//! nothing is left to pay it is accepted at once. The draft's id is the key: pressing twice makes one dossier.

use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal, Role};
use songhan_cases::National;
use songhan_db::Tx;
use songhan_forms::CheckContext;
use songhan_forms::drafts::{self, DraftError};
use songhan_ledger::{ChargeState, CounterRejection};

use crate::counter::intake::{Intake, Missing, at_desk_of};
use crate::counter::person::{self, NotKnown};
use crate::dossier::{Dossier, Reception};
use crate::issue::copy;
use crate::ops::act::{self, step};
use crate::ops::open_draft::key;
use crate::ops::show_dossier::facts;
use crate::ops::submit::{self, Applicant, Ready, Receipt};
use crate::store;

/// How the fee is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pay {
    /// The officer has taken the money; the number of the paper receipt, if one was written.
    Cash(Option<String>),
    /// By the code that is shown, or later: the dossier is accepted when the money is there.
    Later,
}

/// What the person takes home, told to the officer who took it in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakenIn {
    pub receipt: Receipt,
    /// With it the person takes over the account that was made for them; told only here.
    pub claim_code: Option<String>,
    pub applicant_name: String,
    pub case: Id,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such intake, or it is not yours; begin one at /office/intake")]
    NotFound,
    #[error("the person's data are not complete; correct the fields named")]
    Person(Vec<FieldError>),
    #[error("nobody takes in a dossier of their own; ask a colleague")]
    OwnDossier,
    #[error("the intake was changed in another window meanwhile; look at it again")]
    Changed,
    #[error(transparent)]
    Submitting(#[from] submit::Rejection),
    #[error(transparent)]
    Cash(#[from] CounterRejection),
    #[error(transparent)]
    Acting(#[from] act::Rejection),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found("intake"),
            Self::Person(errors) => Problem::invalid(
                "person_invalid",
                "the person's data are not complete; correct the fields named",
                errors,
            ),
            Self::OwnDossier => Problem::conflict("own_dossier", self.to_string()),
            Self::Changed => Problem::conflict("draft_changed", self.to_string()),
            Self::Submitting(rejection) => rejection.into_problem(),
            Self::Cash(rejection) => rejection.into_problem(),
            Self::Acting(rejection) => rejection.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

impl From<Missing> for Rejection {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::NotFound => Self::NotFound,
            Missing::Internal(error) => error.into(),
        }
    }
}

impl From<NotKnown> for Rejection {
    fn from(not_known: NotKnown) -> Self {
        match not_known {
            NotKnown::Wrong(errors) => Self::Person(errors),
            NotKnown::Internal(error) => error.into(),
        }
    }
}

/// Takes it in. `version` is what the officer has looked through.
pub async fn take_in(cx: &Cx, draft: &str, version: Option<i64>, pay: Pay) -> Result<TakenIn, Rejection> {
    let intake = match Intake::open(cx, draft).await {
        Ok(intake) => intake,
        Err(Missing::NotFound) => return taken_in(cx, draft).await?.ok_or(Rejection::NotFound),
        Err(Missing::Internal(error)) => return Err(error.into()),
    };
    if version.is_some_and(|seen| seen != intake.draft.version) {
        return Err(Rejection::Changed);
    }
    let (account, id) = (intake.draft.account, intake.draft.id);
    let checked = check(cx, &intake)?;

    let mut tx = cx.begin().await?;
    // Taking the draft away is what only one of two clicks can do.
    match drafts::get_in(&mut tx, account, id).await {
        Ok(draft) if draft.version != intake.draft.version => return Err(Rejection::Changed),
        Err(DraftError::Internal(error)) => return Err(error.into()),
        _ => {}
    }
    match drafts::delete(&mut tx, account, id).await {
        Ok(()) => {}
        Err(DraftError::Internal(error)) => return Err(error.into()),
        Err(_) => {
            drop(tx);
            return taken_in(cx, draft).await?.ok_or(Rejection::NotFound);
        }
    }
    let known = person::known(&mut tx, cx, &intake.desk.person).await?;
    if known.account == account {
        return Err(Rejection::OwnDossier);
    }
    let ready = checked.ready(&intake, &known);
    let (dossier, receipt) = submit::hand_in(&mut tx, cx, &ready).await?;
    let detail = serde_json::json!({ "dossier": dossier.code, "unit": dossier.unit, "at": intake.desk.at,
        "channel": dossier.channel });
    tx.audit("services.take_in", &format!("account:{}", known.account), detail).await?;
    let papers = store::papers(&mut tx, dossier.case_id).await?;
    copy::promise(&mut tx, cx, &dossier, &papers, &intake.desk.at).await?;
    settle(&mut tx, cx, &dossier, &pay).await?;
    let taken = TakenIn { receipt, claim_code: known.claim_code, applicant_name: known.name, case: dossier.case_id };
    let body = serde_json::to_string(&taken).map_err(Internal::new)?;
    if !songhan_db::keep_answer(&mut tx, &cx.actor.label(), &key(id), "take_in", 201, &body).await? {
        return Err(Internal::new("the answer to this intake is kept, but the draft was there").into());
    }
    tx.commit().await?;
    Ok(taken)
}

/// What was looked at before the transaction.
struct CheckedIntake {
    answers: songhan_forms::Checked,
    principal: Option<crate::principal::Principal>,
    unit: String,
}

fn check(cx: &Cx, intake: &Intake<'_>) -> Result<CheckedIntake, Rejection> {
    intake.desk.person.check(cx).map_err(Rejection::Person)?;
    let principal = match &intake.desk.other {
        Some(other) => Some(other.check(cx, &intake.procedure).map_err(Rejection::Person)?),
        None => None,
    };
    let unit = intake.unit().ok_or_else(|| submit::Rejection::Unit("choose one".to_owned()))?.code.to_string();
    if let Some(open) = intake.open_questions().first() {
        let error = FieldError::new(open.id.clone(), "required", cx.t("counter-error-open"));
        return Err(submit::Rejection::Answers(songhan_forms::Errors(vec![error])).into());
    }
    // Papers may stay on paper at the counter, so that a question for a file may stay without one.
    let answers = intake.form.check_part(&intake.whole_answers(), &CheckContext::of(cx));
    let answers = answers.map_err(submit::Rejection::Answers)?;
    submit::check_exemption(cx, &intake.procedure, intake.desk.channel, intake.desk.exemption.as_deref())?;
    Ok(CheckedIntake { answers, principal, unit })
}

impl CheckedIntake {
    fn ready(self, intake: &Intake<'_>, known: &person::Known) -> Ready {
        let desk = &intake.desk;
        Ready {
            procedure: intake.procedure.clone(),
            form: intake.form.clone(),
            answers: self.answers,
            unit: self.unit,
            exemption: desk.exemption.clone(),
            applicant: Applicant { account: known.account, name: known.name.clone() },
            principal: self.principal,
            channel: desk.channel,
            reception: Reception {
                received_by_unit: Some(desk.at.clone()),
                received_by: Some(intake.draft.account),
                postmarked_on: desk.postmarked_on.map(|day| day.to_string()),
            },
            papers: desk.papers.clone(),
            uploader: intake.draft.account,
            reused: Vec::new(),
            delivery: intake.desk.delivery.clone(),
        }
    }
}

/// Takes the money where it is handed over, and accepts where nothing is left to pay.
async fn settle(tx: &mut Tx, cx: &Cx, dossier: &Dossier, pay: &Pay) -> Result<(), Rejection> {
    let desk = at_desk_of(cx, &dossier.unit);
    let mut charge = match dossier.charge {
        Some(id) => songhan_ledger::by_id(&mut *tx, id).await?,
        None => None,
    };
    if let (Some(due), Pay::Cash(receipt)) = (&charge, pay)
        && due.state == ChargeState::Due
    {
        songhan_ledger::take_cash(tx, &desk, due.id, receipt.as_deref()).await?;
        charge = songhan_ledger::by_id(&mut *tx, due.id).await?;
    }
    let facts = facts(dossier, charge.as_ref());
    let Some(case) = songhan_cases::by_id(&mut *tx, dossier.case_id).await? else { return Ok(()) };
    let workflow = songhan_cases::workflow(cx, &mut *tx, &case).await?;
    let accepts = |action: &songhan_cases::Action| {
        let to = action.to.as_deref().and_then(|to| workflow.state(to));
        to.is_some_and(|state| state.national == National::Accepted)
    };
    let open = workflow.available(&case, &desk.actor, &facts);
    let accept = open.iter().find(|one| one.missing.is_empty() && accepts(one.action));
    if let Some(accept) = accept {
        step(tx, &desk, dossier, &accept.action.id, &act::Input::default()).await?;
    }
    Ok(())
}

/// What an intake became, within the days that answers are kept, for the officer who took it in.
pub async fn taken_in(cx: &Cx, draft: &str) -> Result<Option<TakenIn>, Internal> {
    let Ok(id) = draft.parse::<Id>() else { return Ok(None) };
    let kept = songhan_db::answered(&cx.db, &cx.actor.label(), &key(id)).await?;
    // A draft that was handed in online has an answer of another form.
    Ok(kept.and_then(|answer| serde_json::from_str(&answer.body).ok()))
}

/// The money came after the person had gone to pay, or is handed over now: settles what was taken in.
pub async fn settle_taken_in(cx: &Cx, draft: &str, pay: Pay) -> Result<TakenIn, Rejection> {
    let taken = taken_in(cx, draft).await?.ok_or(Rejection::NotFound)?;
    let dossier = store::by_case(&cx.db, taken.case).await?.ok_or(Rejection::NotFound)?;
    let at = dossier.reception.received_by_unit.as_deref().unwrap_or(&dossier.unit);
    if !cx.actor.has_at(Role::Officer, at) {
        return Err(Rejection::NotFound);
    }
    let mut tx = cx.begin().await?;
    settle(&mut tx, cx, &dossier, &pay).await?;
    tx.commit().await?;
    Ok(taken)
}
