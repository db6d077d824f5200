//! Submit a dossier: a resident hands in a procedure's form, for themselves or for someone who has given them the right.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal};
use songhan_db::{At, Tx};
use songhan_delivery::{Recipient, Way, Wish};
use songhan_forms::{Answers, CheckContext, Checked, Form};
use songhan_ledger::Charge;
use songhan_procedures::{Catalogue, Channel, Procedure};

use crate::dossier::{Behalf, Dossier, DossierSubmitted, Paper, Reception};
pub use crate::opening::stages;
use crate::opening::{charge, open_case};
pub use crate::ops::hand_in::HandIn;
use crate::ops::submit_draft::submit_draft;
use crate::principal::{self, MayNot, Principal};
use crate::{find, handed, returns, store};

/// A filled-in form.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierInput, example = json!({"procedure": "2.000635", "unit": "ubnd-hai-chau", "answers": {
    "record_kind": "birth", "subject": "self", "registered_at": "phường Phước Ninh, quận Hải Châu", "copies": 2,
    "applicant_name": "Nguyễn Thị Lan", "applicant_born": "1990-03-12", "applicant_citizen_id": "048190001234",
    "applicant_phone": "0900 000 101", "applicant_address": "Số 27 đường Lê Lợi"}}))]
pub struct Input {
    /// Code of the procedure.
    #[schema(example = "2.000635")]
    pub procedure: String,
    /// Code of the unit that shall handle it, where the procedure leaves the choice. Left out, it is the unit of the
    /// applicant's own area.
    #[schema(example = "ubnd-hai-chau")]
    pub unit: Option<String>,
    pub answers: Answers,
    /// The group by which the applicant is exempt from fees: one of those that the procedure's fees name. The office
    /// looks at the proof.
    #[serde(default)]
    #[schema(example = "poor_household")]
    pub exemption: Option<String>,
    /// Id of the mandate by which it is handed in for someone else: one of the caller's, in force, that covers the
    /// procedure. Left out, it is for the caller.
    #[serde(default)]
    #[schema(example = "019aa4a0-7c00-7000-8000-000000000001")]
    pub on_behalf: Option<String>,
    /// Uploads among the answers that are papers of the caller's earlier dossiers and shall be used again. A file that is
    /// a result which the city issued to the caller is known as such by itself.
    #[serde(default)]
    #[schema(example = json!([]))]
    pub reused: Vec<String>,
    /// How the result comes back, where more than the signed electronic one is wanted. Post is offered by the procedures
    /// that the city lists.
    #[serde(default)]
    pub delivery: Option<Wish>,
}

/// What the applicant takes home.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Receipt {
    /// Mã số hồ sơ.
    #[schema(example = "000.00.15.H17-261121-0001")]
    pub code: String,
    /// State in the workflow.
    #[schema(example = "submitted")]
    pub state: String,
    /// The national status, 1 to 10.
    #[schema(example = 1)]
    pub status: i64,
    #[schema(example = "ubnd-hai-chau")]
    pub unit: String,
    /// With it `/track/{code}?key=…` shows names too. It is told only here.
    #[schema(example = "q8Zk0v1d2mF3bS7xT9aLrw")]
    pub receipt_key: String,
    #[schema(example = "http://127.0.0.1:8080/track/000.00.15.H17-261121-0001")]
    pub track_url: String,
    /// What is to be paid; missing where it is free.
    pub charge: Option<ChargeView>,
}

#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = DossierCharge)]
pub struct ChargeView {
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// In đồng.
    #[schema(example = 16000)]
    pub amount: i64,
    #[schema(example = "SH7K2M9P4QXA")]
    pub reference: String,
    /// `due`, `paid`, `waived`, `refunded` or `cancelled`.
    #[schema(example = "due")]
    pub state: String,
    #[schema(example = "http://127.0.0.1:8080/pay/01890a5d-ac96-774b-bcce-b302099a8057")]
    pub pay_url: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("submitting needs an account; sign in and try again")]
    SignIn,
    #[error("there is no procedure {0:?}; look it up under /api/v1/procedures")]
    Unknown(String),
    #[error("procedure {0} is not open for online submission; its page says where to hand it in")]
    Closed(String),
    #[error("choose the unit that shall handle it: {0}")]
    Unit(String),
    #[error("{0:?} is no group that this procedure's fees exempt; leave it out, or name one of them")]
    Exemption(String),
    #[error(
        "form {0} is signed by its applicant: make a draft of it with POST /api/v1/drafts, begin its signature with POST \
        /api/v1/drafts/{{id}}/signature, and once that is confirmed hand in the draft; or go to a one-stop counter"
    )]
    Signature(String),
    #[error("the result cannot come back that way; correct the fields named")]
    Delivery(Vec<FieldError>),
    #[error(transparent)]
    Mandate(#[from] MayNot),
    #[error(transparent)]
    Answers(#[from] songhan_forms::Errors),
    #[error(transparent)]
    Uploads(#[from] songhan_documents::UploadRejection),
    #[error(transparent)]
    Case(#[from] songhan_cases::Rejection),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let field = |field: &str, code| vec![FieldError::new(field, code, self.to_string())];
        match self {
            Self::SignIn => Problem::unauthorized(),
            Self::Unknown(_) => Problem::invalid("procedure_unknown", self.to_string(), field("procedure", "unknown")),
            Self::Closed(_) => Problem::conflict("procedure_closed", self.to_string()),
            Self::Unit(_) => Problem::invalid("unit_invalid", self.to_string(), field("unit", "unknown")),
            Self::Exemption(_) => {
                Problem::invalid("exemption_invalid", self.to_string(), field("exemption", "unknown"))
            }
            Self::Signature(_) => Problem::conflict("signature_needed", self.to_string()),
            Self::Delivery(ref errors) => Problem::invalid("delivery_invalid", self.to_string(), errors.clone()),
            Self::Mandate(MayNot::Internal(error)) => error.into(),
            Self::Mandate(ref may_not) => {
                Problem::invalid("mandate_invalid", self.to_string(), field("on_behalf", may_not.code()))
            }
            Self::Answers(errors) => errors.into_problem(),
            Self::Uploads(rejection) => rejection.into_problem(),
            Self::Case(rejection) => rejection.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

/// An application that has been checked whole and can be handed in.
pub struct Ready {
    pub procedure: Arc<Procedure>,
    pub form: Arc<Form>,
    pub answers: Checked,
    pub unit: String,
    pub exemption: Option<String>,
    pub applicant: Applicant,
    /// For whom it is, where that is not the applicant.
    pub principal: Option<Principal>,
    pub channel: Channel,
    pub reception: Reception,
    /// Papers that no answer names, and what is known of those that one names.
    pub papers: Vec<Paper>,
    /// The account that has uploaded them.
    pub uploader: Id,
    /// Papers of earlier dossiers that the applicant has agreed to use again.
    pub reused: Vec<String>,
    /// How the result comes back, and by post, to whom.
    pub delivery: Option<(Way, Option<Recipient>)>,
}

/// Người nộp: who hands it in.
#[derive(Clone, Debug)]
pub struct Applicant {
    pub account: Id,
    pub name: String,
}

/// Hands in a dossier: case, charge, papers, search entry and notice in one commit.
pub async fn submit(cx: &Cx, input: Input) -> Result<Receipt, Rejection> {
    let ready = prepare(cx, input).await?;
    if ready.form.signature.is_some() {
        return Err(Rejection::Signature(ready.form.code.clone()));
    }
    let mut tx = cx.begin().await?;
    let receipt = hand_in(&mut tx, cx, &ready).await?.1;
    cx.keep(&mut tx, 201, &receipt).await?;
    tx.commit().await?;
    Ok(receipt)
}

/// Checks what is handed in online, and says who shall handle it.
pub async fn prepare(cx: &Cx, input: Input) -> Result<Ready, Rejection> {
    let person = cx.actor.person().ok_or(Rejection::SignIn)?;
    let procedure = Catalogue::of(&cx.app).await?.get(&input.procedure).cloned();
    let procedure = procedure.ok_or_else(|| Rejection::Unknown(input.procedure.clone()))?;
    let form = open_form(cx, &procedure)?;
    let principal = match input.on_behalf.as_deref() {
        Some(mandate) => Some(principal::check(cx, person.account, mandate, &procedure).await?),
        None => None,
    };
    let answers = form.check(&input.answers, &CheckContext::of(cx))?;
    let unit = choose_unit(cx, &procedure, input.unit.as_deref(), person.account).await?;
    check_exemption(cx, &procedure, Channel::Online, input.exemption.as_deref())?;
    let delivery = match &input.delivery {
        Some(wish) => Some(returns::checked(cx, wish, person.account, &procedure.code).await?),
        None => None,
    };
    Ok(Ready {
        form,
        answers,
        unit,
        exemption: input.exemption,
        applicant: Applicant { account: person.account, name: person.name.clone() },
        principal,
        channel: Channel::Online,
        reception: Reception::default(),
        papers: Vec::new(),
        uploader: person.account,
        reused: input.reused,
        delivery,
        procedure,
    })
}

/// Whether the fees of the procedure exempt that group today.
pub fn check_exemption(cx: &Cx, procedure: &Procedure, channel: Channel, group: Option<&str>) -> Result<(), Rejection> {
    let groups = procedure.exempt_groups(cx.today(), channel);
    let unknown = group.filter(|group| !groups.contains(group));
    unknown.map_or(Ok(()), |group| Err(Rejection::Exemption(group.to_owned())))
}

/// Hands it in within the caller's transaction.
pub async fn hand_in(tx: &mut Tx, cx: &Cx, ready: &Ready) -> Result<(Dossier, Receipt), Rejection> {
    let Ready { procedure, form, answers, applicant, .. } = ready;
    let key = cx.env.secret::<16>();
    let papers = handed::claim(tx, cx, ready).await?;
    let case = open_case(tx, cx, ready).await?;
    let charge = charge(tx, cx, ready, &case).await?;
    let dossier = Dossier {
        case_id: case.id,
        code: case.code.clone(),
        procedure: procedure.code.clone(),
        procedure_version: procedure.version.clone(),
        procedure_title: procedure.title.vi.clone(),
        unit: ready.unit.clone(),
        applicant: applicant.account,
        applicant_name: applicant.name.clone(),
        channel: ready.channel.number(),
        answers: answers.to_json().to_string(),
        form: form.code.clone(),
        exemption: ready.exemption.clone(),
        receipt_hash: receipt_hash(&key),
        charge: charge.as_ref().map(|c| c.id),
        receipt_document: None,
        result_document: None,
        result_number: None,
        created_at: At(tx.now()),
        behalf: Behalf::of(ready.principal.as_ref()),
        reception: ready.reception.clone(),
    };
    store::insert(tx, &dossier).await?;
    for paper in &papers {
        store::add_paper(tx, case.id, paper).await?;
    }
    find::put(tx, &dossier).await?;
    if let Some((way, to)) = &ready.delivery {
        songhan_delivery::choose(tx, returns::about(&dossier), *way, to.as_ref()).await?;
    }
    if let Some(principal) = &ready.principal {
        let subject = format!("account:{}", principal.account.unwrap_or(applicant.account));
        let detail = serde_json::json!({ "dossier": case.code, "mandate": principal.mandate, "kind": principal.kind });
        tx.audit("services.applied_for_other", &subject, detail).await?;
    }
    let submitted = DossierSubmitted {
        case: case.id,
        code: case.code.clone(),
        procedure: dossier.procedure.clone(),
        unit: dossier.unit.clone(),
        channel: dossier.channel,
        papers: papers.len() as i64,
        reused: handed::reused(&papers),
    };
    tx.emit(submitted).await?;
    let receipt = Receipt {
        state: case.state.clone(),
        status: case.national.number(),
        unit: dossier.unit.clone(),
        track_url: cx.url(&format!("/track/{}", case.code)),
        receipt_key: key,
        charge: charge.as_ref().map(|charge| charge_view(cx, charge)),
        code: case.code,
    };
    Ok((dossier, receipt))
}

/// The digest under which a receipt's key is kept.
pub fn receipt_hash(key: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(key))
}

pub fn charge_view(cx: &Cx, charge: &Charge) -> ChargeView {
    ChargeView {
        id: charge.id,
        amount: charge.amount.0,
        reference: charge.reference.clone(),
        state: charge.state.as_str().to_owned(),
        pay_url: cx.url(&charge.path()),
    }
}

/// The form of a procedure that can be handed in today.
pub fn open_form(cx: &Cx, procedure: &Procedure) -> Result<Arc<Form>, Rejection> {
    let form = if procedure.is_open(cx.today()) { procedure.form(&cx.city) } else { None };
    form.ok_or_else(|| Rejection::Closed(procedure.code.clone()))
}

/// The unit that was asked for, the only one there is, or the one of the area where the account lives.
pub async fn choose_unit(
    cx: &Cx,
    procedure: &Procedure,
    asked: Option<&str>,
    account: Id,
) -> Result<String, Rejection> {
    let units = procedure.units(&cx.city);
    if let Some(asked) = asked {
        let found = units.iter().find(|unit| *unit.code == asked);
        return found
            .map(|unit| unit.code.to_string())
            .ok_or_else(|| Rejection::Unit(format!("{asked:?} does not handle procedure {}", procedure.code)));
    }
    if let [only] = units[..] {
        return Ok(only.code.to_string());
    }
    let account = songhan_identity::account(&cx.db, account).await?;
    let area = account.and_then(|account| account.area);
    let own = area.as_deref().and_then(|area| cx.city.agencies().of_area(area));
    own.filter(|own| units.iter().any(|unit| unit.code == own.code))
        .map(|own| own.code.to_string())
        .ok_or_else(|| Rejection::Unit(format!("{} units handle procedure {}", units.len(), procedure.code)))
}

/// Submit a dossier.
#[utoipa::path(post, path = "/api/v1/dossiers", operation_id = "submit_dossier", tag = "dossiers",
    request_body = HandIn,
    responses(
        (status = 201, body = Receipt, description = "Handed in; a repeat with the same key gets the same answer, and so does another request that names the same draft"),
        (status = 400, description = "No Idempotency-Key, or unreadable JSON"),
        (status = 404, description = "No such draft, or not yours"),
        (status = 409, description = "The procedure is not open online, its form is signed by the applicant (`signature_needed`: name a draft), the draft as it is now is not signed (`signature_missing`) or was changed (`draft_changed`), or the day's numbers are used up"),
        (status = 422, description = "Something in the body does not fit; `errors` names the fields"),
    ))]
pub async fn handler(cx: Cx, ApiJson(input): ApiJson<HandIn>) -> Result<(StatusCode, Json<Receipt>), Problem> {
    let receipt = match input {
        HandIn::Whole(input) => submit(&cx, *input).await.map_err(IntoProblem::into_problem)?,
        HandIn::Draft(named) => {
            let handed_in = submit_draft(&cx, &named.draft, named.version).await;
            handed_in.map_err(IntoProblem::into_problem)?
        }
    };
    Ok((StatusCode::CREATED, Json(receipt)))
}
