//! Do an action of a dossier's workflow: accept, refuse, ask for more, supplement, propose, sign, return …

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::Internal;
use songhan_cases::{Act, Behalf, Outcome};
use songhan_db::Tx;
use songhan_identity::NoAuthority;

use crate::dossier::{Dossier, Paper, Part};
use crate::issue::signing;
use crate::ops::show_dossier::{self, DossierView, Seen, facts, see, view};
use crate::{issue, returns, store};

/// What goes with an action.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ActionInput, example = json!({"version": 1, "note": "Hồ sơ đầy đủ, hợp lệ"}))]
pub struct Input {
    /// The version that the caller has seen; with it, a change that came between is a 409 instead of a surprise.
    #[schema(example = 1)]
    pub version: Option<i64>,
    /// For the applicant: why, or what is missing. From the applicant: what they hand in.
    #[schema(example = "Đề nghị bổ sung bản chụp căn cước công dân")]
    pub note: Option<String>,
    /// For the office alone.
    pub internal_note: Option<String>,
    /// How much later it shall be due, of an action that extends: a term (`3 days`, `8 hours`) or a date.
    #[schema(example = "2026-12-04")]
    pub extension: Option<String>,
    /// Papers that come with it, as ids of uploads.
    pub uploads: Vec<String>,
    /// Số hiệu bưu gửi, of an action that hands the result over to the postal carrier.
    #[schema(example = "EA123456789VN")]
    pub parcel: Option<String>,
    /// The list on which several are handed over at once.
    #[serde(skip)]
    pub manifest: Option<songhan_delivery::Manifest>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Seeing(#[from] show_dossier::Rejection),
    #[error(transparent)]
    Case(#[from] songhan_cases::Rejection),
    #[error(transparent)]
    Uploads(#[from] songhan_documents::UploadRejection),
    #[error("it cannot be signed: {0}")]
    Signing(NoAuthority),
    #[error("papers come with a dossier from its applicant; leave uploads out")]
    NotYourPapers,
    #[error("{0}")]
    Extension(String),
    #[error("this action hands no parcel over; leave the parcel's number out")]
    NoParcel,
    #[error(transparent)]
    Delivery(#[from] songhan_delivery::Rejection),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Seeing(rejection) => rejection.into_problem(),
            Self::Case(rejection) => rejection.into_problem(),
            Self::Uploads(rejection) => rejection.into_problem(),
            Self::Signing(why) => {
                let message = Self::Signing(why.clone()).to_string();
                Problem::new(StatusCode::FORBIDDEN, why.code(), message)
            }
            Self::NotYourPapers => {
                let field = songhan_base::FieldError::new("uploads", "not_taken", self.to_string());
                Problem::invalid("uploads_invalid", self.to_string(), vec![field])
            }
            Self::Extension(_) => {
                let field = songhan_base::FieldError::new("extension", "unreadable", self.to_string());
                Problem::invalid("extension_invalid", self.to_string(), vec![field])
            }
            Self::NoParcel => {
                let field = songhan_base::FieldError::new("parcel", "not_taken", self.to_string());
                Problem::invalid("parcel_invalid", self.to_string(), vec![field])
            }
            Self::Delivery(rejection) => rejection.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Types of papers that come with a supplement.
const PAPERS: [&str; 3] = ["application/pdf", "image/jpeg", "image/png"];

/// Does `action` and what follows from it, in one commit.
pub async fn act(cx: &Cx, code: &str, action: &str, input: Input) -> Result<DossierView, Rejection> {
    let seen = see(cx, code).await?;
    if seen.part == Part::Principal {
        // Also where they work at the unit: nobody handles a dossier of their own, and for the rest someone acts for them.
        return Err(songhan_cases::Rejection::NotYours(action.to_owned()).into());
    }
    if seen.part == Part::Office && !input.uploads.is_empty() {
        return Err(Rejection::NotYourPapers);
    }
    let mut tx = cx.begin().await?;
    let outcome = step(&mut tx, cx, &seen.dossier, action, &input).await?;
    for upload in &input.uploads {
        let accept = PAPERS.map(str::to_owned);
        let claimed =
            songhan_documents::claim_upload(&mut tx, cx, seen.dossier.applicant, upload, "supplement", &accept).await?;
        let paper = Paper::sent(claimed.id, "supplement", claimed.name);
        store::add_paper(&mut tx, seen.case.id, &paper).await?;
    }
    let seen = Seen { case: outcome.case, ..seen };
    let answer = view(cx, &mut tx, &seen).await?;
    cx.keep(&mut tx, 200, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// The step itself and its effects outside the case.
pub(crate) async fn step(
    tx: &mut Tx,
    cx: &Cx,
    dossier: &Dossier,
    action: &str,
    input: &Input,
) -> Result<Outcome, Rejection> {
    let charge = match dossier.charge {
        Some(id) => songhan_ledger::by_id(&mut *tx, id).await?,
        None => None,
    };
    let mut facts = facts(dossier, charge.as_ref());
    if songhan_delivery::of_case(&mut *tx, dossier.case_id).await?.is_some_and(|delivery| delivery.is_by_post()) {
        facts.push(returns::BY_POST);
    }
    let told = input.parcel.as_deref().map(|number| returns::told(cx, number, input.note.as_deref()));
    let extension = input.extension.as_deref().map(str::parse).transpose().map_err(Rejection::Extension)?;
    let right = signing::right(tx, cx, dossier, action).await?;
    let behalf = right.as_ref().and_then(|right| right.as_ref().ok()).and_then(signing::behalf);
    let act = Act {
        action,
        version: input.version,
        note: input.internal_note.as_deref(),
        public_note: told.as_deref().or(input.note.as_deref()),
        facts: &facts,
        extension,
        behalf: behalf.as_ref().map(|(account, name, basis)| Behalf { account: *account, name, basis }),
    };
    let outcome = songhan_cases::act(tx, cx, dossier.case_id, act).await;
    let (outcome, signing) = match (outcome, right) {
        // Whoever the register knows is told what is missing of their right; to others it is not theirs.
        (Err(songhan_cases::Rejection::NotYours(_)), Some(Err(why))) if !why.is_stranger() => {
            return Err(Rejection::Signing(why));
        }
        (Err(rejection), _) => return Err(rejection.into()),
        (Ok(_), Some(Err(why))) => return Err(Rejection::Signing(why)),
        (Ok(outcome), Some(Ok(right))) => {
            let printed = signing::printed(cx, &outcome.case.unit, &right);
            (outcome, Some(printed))
        }
        (Ok(outcome), None) => (outcome, None),
    };
    follow(tx, cx, charge.as_ref(), &outcome, input, signing).await?;
    Ok(outcome)
}

/// Does what the action triggers.
async fn follow(
    tx: &mut Tx,
    cx: &Cx,
    charge: Option<&songhan_ledger::Charge>,
    outcome: &Outcome,
    input: &Input,
    signing: Option<issue::Signing>,
) -> Result<(), Rejection> {
    let workflow = songhan_cases::workflow(cx, &mut *tx, &outcome.case).await?;
    let action = workflow.action(&outcome.step.action);
    if input.parcel.is_some() && !action.is_some_and(returns::takes_parcel) {
        return Err(Rejection::NoParcel);
    }
    for trigger in action.map(|action| action.triggers.as_slice()).unwrap_or_default() {
        if trigger == "release_charge" {
            settle_charge(tx, cx, charge).await?;
        } else if returns::is_trigger(trigger) {
            let note = input.note.as_deref().or(input.internal_note.as_deref());
            let with = returns::With { number: input.parcel.as_deref(), note, manifest: input.manifest.as_ref() };
            returns::apply(tx, cx, &outcome.case, trigger, with).await?;
        } else if let Some(promised) = issue::promised(trigger) {
            let signing = signing.clone().filter(|_| promised.signed);
            issue::promise(tx, cx, promised, &outcome.case, &outcome.step, signing).await?;
        } else {
            // Found when the city is loaded.
            tracing::error!(trigger, "nobody does what a workflow triggers");
        }
    }
    Ok(())
}

/// What is not handled is not paid for: what is due falls away, what was paid is owed back.
async fn settle_charge(tx: &mut Tx, cx: &Cx, charge: Option<&songhan_ledger::Charge>) -> Result<(), Internal> {
    use songhan_ledger::{ChangeError, ChargeState};
    let Some(charge) = charge else { return Ok(()) };
    let done = match charge.state {
        ChargeState::Due => songhan_ledger::cancel(tx, cx, charge.id, "the dossier ended").await,
        ChargeState::Paid => songhan_ledger::refund(tx, cx, charge.id, "the dossier ended").await,
        _ => return Ok(()),
    };
    match done {
        Ok(_) => Ok(()),
        Err(ChangeError::Internal(error)) => Err(error),
        Err(other) => Err(Internal::new(other)),
    }
}

/// Do an action.
#[utoipa::path(post, path = "/api/v1/dossiers/{code}/actions/{action}", operation_id = "act_on_dossier", tag = "dossiers",
    params(
        ("code" = String, Path, description = "Code of the dossier", example = "000.00.15.H17-261121-0001"),
        ("action" = String, Path, description = "One of the dossier's `actions`", example = "accept"),
    ),
    request_body = Input,
    responses(
        (status = 200, body = DossierView, description = "Done; the dossier as it is now"),
        (status = 403, description = "Not yours to do; of a signature `code` says what is missing in the register of delegations: \
            `signing_not_in_register`, `signing_deputy`, `signing_not_yet`, `signing_ran_out`, `signing_revoked`, \
            `signing_outside_scope`, `signing_other_unit`, `signing_giver_left`"),
        (status = 404, description = "No such dossier or action"),
        (status = 409, description = "Not now, or something came between"),
        (status = 422, description = "Something in the body does not fit"),
    ))]
pub async fn handler(
    cx: Cx,
    Path((code, action)): Path<(String, String)>,
    ApiJson(input): ApiJson<Input>,
) -> Result<Json<DossierView>, Problem> {
    act(&cx, &code, &action, input).await.map(Json).map_err(IntoProblem::into_problem)
}
