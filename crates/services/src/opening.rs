//! What is opened with a dossier: its case, and the charge of what is due.

use songhan_app::Cx;
use songhan_cases::{Case, NewCase};
use songhan_db::Tx;
use songhan_ledger::{Charge, NewCharge, NewLine};
use songhan_procedures::{FeeFacts, Procedure};

use crate::dossier::subject;
use crate::ops::submit::{Ready, Rejection};

pub async fn open_case(tx: &mut Tx, cx: &Cx, ready: &Ready) -> Result<Case, Rejection> {
    let Ready { procedure, unit, applicant, principal, .. } = ready;
    let area = cx.city.agencies().get(unit).and_then(|unit| unit.area.as_deref().map(String::as_str));
    let new = NewCase {
        kind: crate::CASE_KIND,
        topic: &procedure.code,
        workflow: &procedure.workflow,
        unit,
        area,
        title: &procedure.title.vi,
        applicant: Some(applicant.account),
        // In the inbox stands whose matter it is.
        applicant_name: principal.as_ref().map_or(&applicant.name, |principal| &principal.name),
        term: procedure.deadline_by(ready.channel),
        stages: stages(procedure),
        data: serde_json::json!({}),
        ..NewCase::default()
    };
    Ok(songhan_cases::open(tx, cx, new).await?)
}

/// Thời hạn của từng bước, as the procedure declares them.
pub fn stages(procedure: &Procedure) -> Vec<songhan_cases::Stage> {
    let stage = |stage: &songhan_procedures::Stage| songhan_cases::Stage::new(&*stage.state, stage.within);
    procedure.stages.iter().map(stage).collect()
}

/// What is due, where something is.
pub async fn charge(tx: &mut Tx, cx: &Cx, ready: &Ready, case: &Case) -> Result<Option<Charge>, Rejection> {
    let exemption = ready.exemption.as_deref();
    let facts = FeeFacts { answers: &ready.answers, channel: ready.channel, exemption, today: cx.today() };
    let lines: Vec<NewLine> = ready
        .procedure
        .fees_due(&facts)
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
        purpose: ready.procedure.title.clone(),
        unit: case.unit.clone(),
        payer: Some(ready.applicant.account),
        lines,
        back: format!("/dossiers/{}", case.code),
    };
    Ok(Some(songhan_ledger::charge(tx, cx, new).await?))
}
