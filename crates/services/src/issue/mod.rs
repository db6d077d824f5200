//! Papers of a dossier: made after the commit that promised them (receipt, slips, result, payment receipt), or when the
//! office asks for them (process sheet, tracking book). One file a paper.
//!
//! A job may run twice: what is already there is not made again. A slip's id and number are taken in the commit that
//! promises it, so that the job finds the slip by its id, and numbers have no gap.

pub mod apology;
pub mod book;
pub mod copy;
pub mod numbers;
mod paper;
pub mod payment;
pub mod receipt;
pub mod refusal;
pub mod result;
pub mod sheet;
pub mod signing;
mod slip;
pub mod supplement;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use songhan_app::{Cx, JobHandler};
use songhan_base::{Id, Internal, Lang};
use songhan_cases::{Case, Step};
use songhan_city::UnitKind;
use songhan_db::{NewJob, Tx, enqueue};
use songhan_documents::paper::{Applicant, Authority, Head, Verification};
use songhan_documents::typeset::printable;

pub use self::numbers::Numbers;
use crate::dossier::Dossier;
use crate::store;

/// What the actions of a workflow may trigger here, each a paper.
const TRIGGERS: [(&str, Promised); 5] = [
    ("issue_receipt", Promised { job: receipt::JOB, paper: "receipt", once: true, signed: false }),
    ("issue_supplement", Promised { job: supplement::JOB, paper: "supplement-request", once: false, signed: false }),
    ("issue_refusal", Promised { job: refusal::JOB, paper: "refusal", once: true, signed: false }),
    ("issue_apology", Promised { job: apology::JOB, paper: "apology", once: false, signed: false }),
    ("issue_result", Promised { job: result::JOB, paper: "result", once: true, signed: true }),
];

/// The paper that a trigger of a workflow promises.
pub fn promised(trigger: &str) -> Option<Promised> {
    TRIGGERS.iter().find(|(name, _)| *name == trigger).map(|(_, promised)| *promised)
}

/// The jobs of this module.
pub fn jobs() -> Vec<JobHandler> {
    vec![
        JobHandler::new(receipt::JOB, receipt::run),
        JobHandler::new(supplement::JOB, supplement::run),
        JobHandler::new(refusal::JOB, refusal::run),
        JobHandler::new(apology::JOB, apology::run),
        JobHandler::new(result::JOB, result::run),
        JobHandler::new(copy::JOB, copy::run),
    ]
}

/// A paper that an action promises.
#[derive(Clone, Copy)]
pub struct Promised {
    pub job: &'static str,
    /// Name of its numbering in `papers.toml`.
    pub paper: &'static str,
    /// Whether a dossier has one at most.
    pub once: bool,
    /// Whether whoever promises it signs it: an officer's slip has the seal alone.
    pub signed: bool,
}

/// What a job knows of the paper that it makes.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    case: Id,
    /// Who acted.
    leader: Option<Id>,
    /// The number of the step that wants the paper.
    #[serde(default)]
    step: Option<i64>,
    /// The paper's id, taken beforehand.
    #[serde(default)]
    document: Option<Id>,
    /// Số, ký hiệu, taken beforehand.
    #[serde(default)]
    number: Option<String>,
    /// By whose authority the leader signs, where it is not their own.
    #[serde(default)]
    signing: Option<Signing>,
}

/// Thẩm quyền ký: how whoever signs comes to do so, as the register of delegations has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    /// `TM. Ủy ban nhân dân`, `KT. Chủ tịch`.
    pub authority: Vec<Authority>,
    /// Chức vụ of who signs: `Phó Chủ tịch`.
    pub title: String,
}

/// Promises a paper in the caller's commit: it is typeset and signed afterwards, as often as it takes. `signing` is for
/// a leader who signs by delegation.
pub async fn promise(
    tx: &mut Tx,
    cx: &Cx,
    promised: Promised,
    case: &Case,
    step: &Step,
    signing: Option<Signing>,
) -> Result<(), Internal> {
    let payload = Payload {
        case: case.id,
        leader: cx.actor.account(),
        step: Some(step.seq),
        document: Some(cx.env.id()),
        number: numbers::next(tx, cx, promised.paper, &case.unit).await?,
        signing,
    };
    let dedupe = match promised.once {
        true => format!("{}:{}", promised.job, case.id),
        false => format!("{}:{}:{}", promised.job, case.id, step.seq),
    };
    let payload = serde_json::to_value(payload).map_err(Internal::new)?;
    enqueue(tx, NewJob { id: cx.env.id(), kind: promised.job, payload, run_at: None, dedupe: Some(dedupe) }).await
}

/// A job's payload with the dossier and its case as they are now.
async fn load(cx: &Cx, payload: Value) -> Result<(Payload, Dossier, Case), Internal> {
    let payload: Payload = serde_json::from_value(payload).map_err(Internal::new)?;
    let dossier = store::by_case(&cx.db, payload.case).await?.ok_or_else(|| Internal::new("the dossier is gone"))?;
    let case = songhan_cases::by_id(&cx.db, payload.case).await?.ok_or_else(|| Internal::new("the case is gone"))?;
    Ok((payload, dossier, case))
}

/// The name of a kind of paper.
pub fn title(cx: &Cx, lang: Lang, template: &str) -> String {
    cx.text(lang, &format!("services-paper-{template}"), &[])
}

/// Whose the dossier is, and who handed it in for them.
async fn applicant(cx: &Cx, dossier: &Dossier) -> Result<Applicant, Internal> {
    let account = songhan_identity::account(&cx.db, dossier.applicant).await?;
    let known = account.map(|account| account.answers()).unwrap_or_default();
    let told = |key: &str| known.get(key).map(|value| printable(value)).filter(|value| !value.is_empty());
    let holder = dossier.holder_name();
    Ok(Applicant {
        name: printable(holder),
        submitted_by: Some(printable(&dossier.applicant_name)).filter(|_| holder != dossier.applicant_name),
        address: told("account.address"),
        phone: told("account.phone"),
        email: told("account.email"),
        citizen_id: None,
    })
}

fn unit_name(cx: &Cx, code: &str) -> String {
    cx.city.agencies().get(code).map_or(code, |unit| unit.name.vi.as_str()).to_owned()
}

/// Cơ quan chủ quản trực tiếp: what stands above a department or centre; a People's Committee stands alone.
fn parent_name(cx: &Cx, code: &str) -> Option<String> {
    let unit = cx.city.agencies().get(code).filter(|unit| !is_committee(unit.kind))?;
    Some(unit_name(cx, unit.parent.as_ref()?))
}

/// Ủy ban nhân dân of the city or a commune.
fn is_committee(kind: UnitKind) -> bool {
    kind.is_commune_level() || kind == UnitKind::City
}

/// Địa danh: the city's short name.
fn place(cx: &Cx) -> String {
    cx.city.manifest().short_name.vi.clone()
}

/// The head of a paper of today by this unit.
fn head(cx: &Cx, unit: &str) -> Head {
    Head {
        agency: unit_name(cx, unit),
        parent: parent_name(cx, unit),
        place: Some(place(cx)),
        date: cx.today(),
        watermark: watermark(cx),
    }
}

/// The verify page of the document with this id.
pub fn verification(cx: &Cx, id: Id) -> Verification {
    Verification { qr: Some(cx.url(&format!("/verify/{id}"))), verify_code: Some(id.to_string()) }
}

fn hotline(cx: &Cx) -> Option<String> {
    Some(cx.city.manifest().hotline.clone()).filter(|hotline| !hotline.is_empty())
}

/// Papers of a demonstration say so.
fn watermark(cx: &Cx) -> Option<String> {
    cx.config.demo.then(|| "Bản mô phỏng".to_owned())
}

fn local(cx: &Cx, at: jiff::Timestamp) -> DateTime {
    at.to_zoned(cx.zone.clone()).datetime()
}

#[cfg(test)]
mod tests;
