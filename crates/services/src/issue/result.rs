//! The result that a leader has signed (kết quả giải quyết): numbered, typeset, signed, and the case closed.

use serde_json::Value;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_cases::{Act, Case};
use songhan_documents::paper::Signatory;
use songhan_documents::typeset::printable;
use songhan_documents::{Draft, Leader};

use super::paper::{self, Issuing};
use super::{load, signing};
use crate::dossier::{Dossier, ResultIssued};
use crate::{catalogue, store};

pub const JOB: &str = "services.issue_result";

/// Makes the result and closes the case.
pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let (payload, dossier, case) = load(&cx, payload).await?;
    if dossier.result_document.is_some() {
        return Ok(());
    }
    let number = number(&cx, &dossier, &case).await?;
    let declared = catalogue::procedure_of(&cx, &dossier).await?.and_then(|p| p.result.clone());
    let title = declared.as_ref().map_or(dossier.procedure_title.clone(), |r| r.title.vi.clone());
    let template = declared.map_or_else(|| "decision".to_owned(), |r| r.template);
    let leader = match payload.leader {
        Some(id) => songhan_identity::account(&cx.db, id).await?.map(|account| (id, account.name)),
        None => None,
    };
    let id = payload.document.unwrap_or_else(|| cx.env.id());
    let signing = payload.signing.unwrap_or_else(|| signing::own_authority(&cx, &case.unit));
    let signer = Signatory {
        authority: signing.authority,
        title: Some(signing.title.clone()),
        name: leader.as_ref().map(|(_, name)| printable(name)),
    };
    let issuing = Issuing { id, template: &template, title: &title, number: &number, signer };
    let paper = paper::of(&cx, &dossier, &case, issuing).await?;
    let draft = Draft {
        id,
        paper,
        title,
        number: Some(number),
        subject: dossier.subject(),
        unit: case.unit.clone(),
        holder: Some(dossier.holder()),
        holder_name: dossier.holder_name().to_owned(),
        leader: leader.map(|(account, name)| Leader { account, name, title: signing.title }),
    };
    let prepared = songhan_documents::prepare(&cx, draft).await?;
    let mut tx = cx.begin().await?;
    if store::by_case_in(&mut tx, case.id).await?.is_none_or(|d| d.result_document.is_some()) {
        return Ok(());
    }
    let document = songhan_documents::record(&mut tx, &cx, prepared).await?;
    store::set_result(&mut tx, case.id, document.id).await?;
    songhan_delivery::make_ready(&mut tx, case.id).await?;
    let act = Act { action: "issue", facts: &["result", "paid"], ..Act::default() };
    songhan_cases::act(&mut tx, &cx, case.id, act).await.map_err(Internal::new)?;
    tx.emit(ResultIssued { case: case.id, code: dossier.code.clone(), document: document.id }).await?;
    tx.commit().await
}

/// Số, ký hiệu: counted per unit and year, taken once and kept with the dossier before the document is made.
async fn number(cx: &Cx, dossier: &Dossier, case: &Case) -> Result<String, Internal> {
    if let Some(number) = &dossier.result_number {
        return Ok(number.clone());
    }
    let mut tx = cx.begin().await?;
    let again = store::by_case_in(&mut tx, case.id).await?.and_then(|d| d.result_number);
    if let Some(number) = again {
        return Ok(number);
    }
    let counter = format!("result:{}:{}", case.unit, cx.today().year());
    let number = format!("{}/{}", songhan_db::next_number(&mut tx, &counter).await?, cx.today().year());
    store::set_result_number(&mut tx, case.id, &number).await?;
    tx.commit().await?;
    Ok(number)
}
