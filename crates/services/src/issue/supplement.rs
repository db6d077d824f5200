//! Form 02: what a dossier lacks (phiếu yêu cầu bổ sung, hoàn thiện hồ sơ). A dossier may have several.

use serde_json::Value;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_cases::Clock;
use songhan_documents::paper::{Paper, SupplementRequest};

use super::slip::occasion;

pub const JOB: &str = "services.issue_supplement";

/// Where an officer gives the reason in a line of its own.
const REASON: &str = "Lý do:";

pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let Some(occasion) = occasion(&cx, payload).await? else { return Ok(()) };
    let workflow = songhan_cases::workflow(&cx, &cx.db, &occasion.case).await?;
    let clock = workflow.state(&occasion.step.to_state).map(|state| state.clock);
    let (reasons, wanted): (Vec<_>, Vec<_>) = occasion.lines().into_iter().partition(|line| line.starts_with(REASON));
    let paper = SupplementRequest {
        slip: occasion.slip(&cx, occasion.officer("Người hướng dẫn")).await?,
        wanted,
        reason: reasons.first().map(|line| line[REASON.len()..].trim().to_owned()),
        until: None,
        clock_stands: clock == Some(Clock::Paused),
    };
    occasion.issue(&cx, Paper::SupplementRequest(Box::new(paper))).await
}
