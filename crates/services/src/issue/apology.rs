//! Form 04: the result is late, and when it will be there (phiếu xin lỗi và hẹn lại ngày trả kết quả).
//!
//! For an action that extends the case: its step has the new due time, the step before it the old one.

use serde_json::Value;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_documents::paper::{Apology, Paper, Signatory};

use super::local;
use super::slip::occasion;

pub const JOB: &str = "services.issue_apology";

pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let Some(occasion) = occasion(&cx, payload).await? else { return Ok(()) };
    let new_due = occasion.step.due_at.or(occasion.case.due_at).map(|at| local(&cx, at.0));
    // The agency apologises by its seal, not the officer by name; the head's office stands above it.
    let head = Signatory { title: Some("Thủ trưởng cơ quan, đơn vị".to_owned()), ..Signatory::default() };
    let paper = Apology {
        slip: occasion.slip(&cx, head).await?,
        received: Some(local(&cx, occasion.case.received_at.0)),
        due: occasion.due_before.map(|at| local(&cx, at)),
        reason: Some(occasion.lines().join("; ")).filter(|reason| !reason.is_empty()),
        new_due,
    };
    occasion.issue(&cx, Paper::Apology(Box::new(paper))).await
}
