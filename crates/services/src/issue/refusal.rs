//! Form 03: a dossier is not taken in (phiếu từ chối tiếp nhận giải quyết hồ sơ).

use serde_json::Value;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_documents::paper::{Paper, Refusal};
use songhan_documents::words;
use songhan_ledger::ChargeState;

use super::local;
use super::slip::occasion;

pub const JOB: &str = "services.issue_refusal";

pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let Some(occasion) = occasion(&cx, payload).await? else { return Ok(()) };
    let charge = match occasion.dossier.charge {
        Some(id) => songhan_ledger::by_id(&cx.db, id).await?,
        None => None,
    };
    let owed_back = charge.filter(|charge| charge.state == ChargeState::Refunded).map(|charge| charge.amount);
    let paper = Refusal {
        slip: occasion.slip(&cx, occasion.officer("Người tiếp nhận hồ sơ")).await?,
        reasons: occasion.lines(),
        received: Some(local(&cx, occasion.case.received_at.0)),
        fee_note: owed_back.map(|amount| {
            format!("Phí, lệ phí đã nộp ({amount}; bằng chữ: {}) được hoàn trả.", words::dong(amount.0).to_lowercase())
        }),
    };
    occasion.issue(&cx, Paper::Refusal(Box::new(paper))).await
}
