//! The receipt for a fee that was paid (biên lai thu phí, lệ phí): numbered by the ledger's register, made after its commit.
//!
//! Paper and entry of the register have one id, so each entry has one paper; an entry that ends takes its paper along.

use songhan_app::Cx;
use songhan_base::{Id, Internal, Lang};
use songhan_db::Tx;
use songhan_documents::paper::{Head, PaidItem, Paper, PaymentReceipt};
use songhan_documents::typeset::printable;
use songhan_documents::{Draft, words};
use songhan_ledger::{Channel, Receipt, ReceiptIssued, ReceiptState};

use super::{applicant, head, local, title, verification};
use crate::dossier::Dossier;

/// The paper of an entry that another one replaces holds no more.
pub async fn replaced(tx: &mut Tx, issued: &ReceiptIssued) -> Result<(), Internal> {
    if let Some(replaced) = issued.replaces {
        songhan_documents::revoke(tx, replaced, &format!("Đã thay thế bằng biên lai số {}", issued.number)).await?;
    }
    Ok(())
}

/// The money was owed back: the papers of the entries that were cancelled with it hold no more.
pub async fn end(tx: &mut Tx, charge: Id) -> Result<(), Internal> {
    for receipt in songhan_ledger::receipts_of(&mut *tx, charge).await? {
        if receipt.state == ReceiptState::Cancelled {
            let reason = receipt.reason.as_deref().unwrap_or("Đã hủy biên lai");
            songhan_documents::revoke(tx, receipt.id, reason).await?;
        }
    }
    Ok(())
}

/// Makes the papers of the dossier's entries that have none yet. The entry in the register is the receipt; its paper is
/// made when someone first looks at the dossier, so that a rush of payments is not followed by a rush of signatures.
pub async fn make(cx: &Cx, dossier: &Dossier) -> Result<(), Internal> {
    let Some(charge) = dossier.charge else { return Ok(()) };
    for registered in songhan_ledger::receipts_of(&cx.db, charge).await? {
        let is_wanted = registered.state == ReceiptState::Issued;
        if is_wanted && songhan_documents::by_id(&cx.db, registered.id).await?.is_none() {
            make_one(cx, dossier, charge, registered).await?;
        }
    }
    Ok(())
}

async fn make_one(cx: &Cx, dossier: &Dossier, charge: Id, registered: Receipt) -> Result<(), Internal> {
    if songhan_cases::by_id(&cx.db, dossier.case_id).await?.is_none_or(|case| case.is_emptied()) {
        return Ok(()); // nobody looked while there was a dossier
    }
    let receipt = registered.id;
    let paid = songhan_ledger::by_id(&cx.db, charge).await?.ok_or_else(|| Internal::new("the charge is gone"))?;
    let lines = songhan_ledger::lines_of(&cx.db, charge).await?;
    let unit = cx.city.agencies().get(&registered.unit);
    let paper = PaymentReceipt {
        number: registered.shown.clone(),
        form: Some(registered.form.clone()),
        series: Some(registered.series.clone()),
        head: Head { date: local(cx, registered.issued_at).date(), ..head(cx, &registered.unit) },
        verify: verification(cx, receipt),
        address: unit.and_then(|unit| unit.address.as_ref()).map(|address| address.vi.clone()),
        payer: applicant(cx, dossier).await?,
        dossier: dossier.code.clone(),
        procedure: Some(printable(&dossier.procedure_title)),
        items: lines
            .iter()
            .map(|line| PaidItem {
                name: printable(&line.name.vi),
                price: line.unit_amount.0,
                quantity: u32::try_from(line.quantity).unwrap_or(1),
            })
            .collect(),
        total: registered.amount.0,
        total_words: words::dong(registered.amount.0),
        method: paid.channel.and_then(method).map(str::to_owned),
        reference: Some(paid.reference.clone()),
        paid: paid.paid_at.map(|at| local(cx, at)),
        ..PaymentReceipt::default()
    };
    let draft = Draft {
        id: receipt,
        paper: Paper::PaymentReceipt(Box::new(paper)),
        title: title(cx, Lang::Vi, "payment-receipt"),
        number: Some(format!("{} {}", registered.series, registered.shown)),
        subject: dossier.subject(),
        unit: registered.unit,
        holder: Some(dossier.applicant),
        holder_name: dossier.applicant_name.clone(),
        leader: None,
    };
    let prepared = songhan_documents::prepare(cx, draft).await?;
    let mut tx = cx.begin().await?;
    let now = songhan_ledger::receipts_of(&mut tx, charge).await?;
    let holds = now.iter().any(|one| one.id == receipt && one.state == ReceiptState::Issued);
    if !holds || songhan_documents::by_id(&mut tx, receipt).await?.is_some() {
        return Ok(());
    }
    songhan_documents::record(&mut tx, cx, prepared).await?;
    tx.commit().await
}

/// Hình thức thanh toán.
fn method(channel: Channel) -> Option<&'static str> {
    match channel.as_str() {
        "vietqr" => Some("Chuyển khoản bằng mã VietQR"),
        "vnpay" => Some("Cổng thanh toán VNPay"),
        "momo" => Some("Ví MoMo"),
        "counter" => Some("Tại quầy"),
        _ => None,
    }
}
