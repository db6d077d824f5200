//! Opening the dossiers that a dossier sets off.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_cases::{Case, Link, NewCase};
use songhan_db::{At, Tx};
use songhan_forms::{Answers, CheckContext, Form};
use songhan_ledger::{Charge, NewCharge, NewLine};
use songhan_procedures::{Catalogue, Channel, FeeFacts, Procedure};

use super::{LINK, Linked, Start, When};
use crate::dossier::{Dossier, DossierSubmitted, Reception, subject};
use crate::ops::submit::{receipt_hash, stages};
use crate::{CASE_KIND, find, store};

#[derive(Deserialize)]
struct Payload {
    case: Id,
    when: When,
}

/// A dossier to be opened, with everything that is known of it.
struct Ready<'a> {
    start: &'a Start,
    procedure: Arc<Procedure>,
    form: Arc<Form>,
    unit: String,
    answers: Answers,
}

/// Opens what is not opened yet, in one commit.
pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let payload: Payload = serde_json::from_value(payload).map_err(Internal::new)?;
    let parent = songhan_cases::by_id(&cx.db, payload.case).await?.ok_or_else(|| Internal::new("the case is gone"))?;
    let dossier = store::by_case(&cx.db, parent.id).await?.ok_or_else(|| Internal::new("the dossier is gone"))?;
    let catalogue = Catalogue::of(&cx.app).await?;
    let ready: Vec<Ready<'_>> = cx
        .city
        .get::<Linked>()
        .of(&dossier.procedure, payload.when)
        .filter_map(|start| prepare(&cx, &catalogue, start, &dossier))
        .collect();
    let mut tx = cx.begin().await?;
    let children = songhan_cases::children(&mut tx, parent.id).await?;
    for ready in ready {
        let is_there = |child: &Case| child.link.as_deref() == Some(LINK) && child.topic == ready.procedure.code;
        if !children.iter().any(is_there) {
            open(&mut tx, &cx, &parent, &dossier, ready).await?;
        }
    }
    tx.commit().await
}

/// What is known of a dossier before it is opened; `None` where nobody here can take it, which is told in the log.
fn prepare<'a>(cx: &Cx, catalogue: &Catalogue, start: &'a Start, dossier: &Dossier) -> Option<Ready<'a>> {
    let procedure = catalogue.get(&start.to)?.clone();
    let form = procedure.form(&cx.city)?;
    let units = procedure.units(&cx.city);
    let unit = units.iter().find(|unit| *unit.code == dossier.unit).or_else(|| units.first());
    let Some(unit) = unit else {
        tracing::error!(procedure = procedure.code, dossier = dossier.code, "no unit takes a linked dossier");
        return None;
    };
    let unit = unit.code.to_string();
    let answers = answers(cx, start, &form, &Answers::parse(&dossier.answers));
    Some(Ready { start, procedure, form, unit, answers })
}

/// The answers of the new dossier: those given to the parent under the same or the declared question, and those that are
/// the same for all; what does not fit is left for the office to ask.
fn answers(cx: &Cx, start: &Start, form: &Form, old: &Answers) -> Answers {
    let mut answers = Answers::default();
    for question in form.questions() {
        let id = question.id.as_str();
        let from = start.answers.get(id).map_or(id, |from| from.as_str());
        let value = start.set.get(id).or_else(|| old.get(from));
        answers.set(id, value.cloned());
    }
    form.fitting(&answers, &CheckContext::of(cx)).answers
}

async fn open(tx: &mut Tx, cx: &Cx, parent: &Case, from: &Dossier, ready: Ready<'_>) -> Result<(), Internal> {
    let Ready { start, procedure, form, unit, answers } = ready;
    let new = NewCase {
        kind: CASE_KIND,
        topic: &procedure.code,
        workflow: &procedure.workflow,
        unit: &unit,
        area: parent.area.as_deref(),
        title: &procedure.title.vi,
        applicant: parent.applicant,
        applicant_name: &parent.applicant_name,
        term: procedure.deadline_by(Channel::Online),
        stages: stages(&procedure),
        data: serde_json::json!({}),
        link: Some(Link { parent: parent.id, kind: LINK, public: true, numbered: true }),
        ..NewCase::default()
    };
    let case = songhan_cases::open(tx, cx, new).await.map_err(Internal::new)?;
    let exemption = start.exemption.as_ref().map(ToString::to_string);
    let charge = charge(tx, cx, &procedure, &answers, exemption.as_deref(), &case, from).await?;
    let dossier = Dossier {
        case_id: case.id,
        code: case.code.clone(),
        procedure: procedure.code.clone(),
        procedure_version: procedure.version.clone(),
        procedure_title: procedure.title.vi.clone(),
        unit,
        channel: Channel::Online.number(),
        answers: serde_json::to_string(&answers).map_err(Internal::new)?,
        form: form.code.clone(),
        exemption,
        // Nobody holds this receipt: the parent's leads here.
        receipt_hash: receipt_hash(&cx.env.secret::<16>()),
        charge: charge.map(|charge| charge.id),
        receipt_document: None,
        result_document: None,
        result_number: None,
        created_at: At(tx.now()),
        reception: Reception::default(),
        ..from.clone()
    };
    store::insert(tx, &dossier).await?;
    let papers = store::papers(&mut *tx, from.case_id).await?;
    let mut reused = 0;
    for (_, upload) in form.uploads(&answers) {
        if let Some(paper) = papers.iter().find(|paper| paper.upload.to_string() == upload) {
            store::add_paper(tx, case.id, paper).await?;
            reused += 1;
        }
    }
    find::put(tx, &dossier).await?;
    tx.emit(DossierSubmitted {
        case: case.id,
        code: case.code,
        procedure: dossier.procedure,
        unit: dossier.unit,
        channel: dossier.channel,
        papers: reused,
        reused,
    })
    .await
}

/// What is due, where something is: to be paid like that of any dossier.
async fn charge(
    tx: &mut Tx,
    cx: &Cx,
    procedure: &Procedure,
    answers: &Answers,
    exemption: Option<&str>,
    case: &Case,
    from: &Dossier,
) -> Result<Option<Charge>, Internal> {
    let facts = FeeFacts { answers, channel: Channel::Online, exemption, today: cx.today() };
    let due = procedure.fees_due(&facts);
    let lines: Vec<NewLine> = due
        .into_iter()
        .filter(|due| !due.unit_amount.is_zero())
        .map(|due| NewLine {
            name: due.fee.name.clone(),
            quantity: due.quantity,
            unit_amount: due.unit_amount,
            basis: due.basis().cloned().unwrap_or_default(),
        })
        .collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let new = NewCharge {
        subject: subject(&case.code),
        purpose: procedure.title.clone(),
        unit: case.unit.clone(),
        payer: Some(from.applicant),
        lines,
        back: format!("/dossiers/{}", case.code),
    };
    songhan_ledger::charge(tx, cx, new).await.map(Some).map_err(Internal::new)
}
