//! Form 01: the receipt of a dossier, with when its result is due (giấy tiếp nhận hồ sơ và hẹn trả kết quả).

use serde_json::Value;
use songhan_app::Cx;
use songhan_base::{Internal, Lang};
use songhan_documents::Draft;
use songhan_documents::paper::{Paper, Receipt};
use songhan_documents::typeset::printable;
use songhan_ledger::ChargeState;
use songhan_procedures::Channel;

use super::{applicant, head, hotline, load, local, title};
use crate::{catalogue, store};

pub const JOB: &str = "services.issue_receipt";

pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let (payload, dossier, case) = load(&cx, payload).await?;
    if dossier.receipt_document.is_some() {
        return Ok(());
    }
    let procedure = catalogue::procedure_of(&cx, &dossier).await?;
    let charge = match dossier.charge {
        Some(id) => songhan_ledger::by_id(&cx.db, id).await?,
        None => None,
    };
    let vi = cx.in_lang(Lang::Vi);
    let delivery = songhan_delivery::of_case(&cx.db, case.id).await?;
    let paper = Receipt {
        dossier: dossier.code.clone(),
        number: payload.number.clone(),
        head: head(&cx, &case.unit),
        applicant: applicant(&cx, &dossier).await?,
        procedure: printable(&dossier.procedure_title),
        papers: store::papers(&cx.db, case.id).await?.iter().map(|p| printable(&p.name)).collect(),
        copies: 1,
        deadline: procedure.and_then(|p| p.deadline).map(|term| songhan_procedures::term_in_words(&vi, term)),
        received: local(&cx, case.received_at.0),
        due: case.due_at.map(|at| local(&cx, at.0)),
        fee: charge.as_ref().map(|c| c.amount.0),
        fee_paid: charge.is_some_and(|c| c.state == ChargeState::Paid),
        delivery: delivery.map(|one| vi.t(&format!("delivery-way-{}", one.way.as_str()))),
        channel: Channel::of(dossier.channel).map(|channel| channel.as_str().to_owned()),
        hotline: hotline(&cx),
        qr: Some(cx.url(&format!("/track/{}", dossier.code))),
        ..Receipt::default()
    };
    let draft = Draft {
        id: payload.document.unwrap_or_else(|| cx.env.id()),
        paper: Paper::Receipt(Box::new(paper)),
        title: title(&cx, Lang::Vi, "receipt"),
        number: payload.number,
        subject: dossier.subject(),
        unit: case.unit.clone(),
        holder: Some(dossier.holder()),
        holder_name: dossier.holder_name().to_owned(),
        leader: None,
    };
    let prepared = songhan_documents::prepare(&cx, draft).await?;
    let mut tx = cx.begin().await?;
    // Another worker may have been quicker: its document stays, ours is a file that nothing names.
    if store::by_case_in(&mut tx, case.id).await?.is_none_or(|d| d.receipt_document.is_some()) {
        return Ok(());
    }
    let document = songhan_documents::record(&mut tx, &cx, prepared).await?;
    store::set_receipt(&mut tx, case.id, document.id).await?;
    tx.commit().await
}
