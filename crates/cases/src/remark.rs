//! Ghi nhận từ hệ thống khác: what another system tells of a case. It stands in the timeline for the office and moves
//! nothing.

use serde_json::json;
use songhan_app::Cx;
use songhan_base::{Id, Internal, clean_line, clean_text};
use songhan_db::Tx;

use crate::case::step;
use crate::engine::step_of;
use crate::{CaseRef, CaseRemarked, NOTE_CHARS_MAX, Step, store};

/// Appends what `by` told; `false` where there is no such case, or its papers are destroyed. A closed case takes it too.
pub async fn remark(tx: &mut Tx, cx: &Cx, id: Id, by: &str, text: &str) -> Result<bool, Internal> {
    let Some(mut case) = store::lock(tx, id).await?.filter(|case| !case.is_emptied()) else { return Ok(false) };
    case.version += 1;
    let now = tx.now();
    let note = clean_text(text).chars().take(NOTE_CHARS_MAX).collect::<String>();
    let step = Step { actor_name: clean_line(by), note: Some(note), ..step_of(cx, &case, step::REMARK, now) };
    store::update(tx, &case).await?;
    store::insert_step(tx, &step, None).await?;
    tx.emit(CaseRemarked { about: CaseRef::from(&case), version: case.version }).await?;
    tx.audit("cases.remark", &case.subject(), json!({ "by": step.actor_name, "version": case.version })).await?;
    Ok(true)
}
