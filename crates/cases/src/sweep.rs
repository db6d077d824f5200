//! The overdue sweep: every minute running cases that are late, or will be within a working day, are marked and told
//! of once. What a stopped server missed is found at its first sweep.

use jiff::Timestamp;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_db::Tx;

use crate::{Case, CaseDueSoon, CaseOverdue, CaseRef, store, transition};

/// Cases marked in one transaction: few enough not to keep others waiting.
const BATCH: i64 = 200;

/// How many cases a sweep marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub late: usize,
    pub soon: usize,
}

/// The end of the next working day: running cases that are due until then are due soon. The present where the
/// calendar of that day is missing.
pub fn soon_until(cx: &Cx) -> Timestamp {
    let now = cx.now();
    transition::soon_until(now, cx.city.working_time()).unwrap_or_else(|missing| {
        tracing::warn!(%missing, "cases due soon cannot be told");
        now
    })
}

/// Marks and tells. Two processes may do it at once.
pub async fn sweep(cx: &Cx) -> Result<Swept, Internal> {
    let mut swept = Swept::default();
    // Late ones first: they need not be told as due soon any more.
    loop {
        let mut tx = cx.begin().await?;
        let now = tx.now();
        let late = store::mark_late(&mut tx, now, BATCH).await?;
        tell(&mut tx, &late, true).await?;
        tx.commit().await?;
        swept.late += late.len();
        if late.len() < BATCH as usize {
            break;
        }
    }
    let until = soon_until(cx);
    loop {
        let mut tx = cx.begin().await?;
        let now = tx.now();
        let soon = store::mark_soon(&mut tx, now, until, BATCH).await?;
        tell(&mut tx, &soon, false).await?;
        tx.commit().await?;
        swept.soon += soon.len();
        if soon.len() < BATCH as usize {
            break;
        }
    }
    if swept != Swept::default() {
        tracing::info!(late = swept.late, soon = swept.soon, "cases marked");
    }
    Ok(swept)
}

async fn tell(tx: &mut Tx, cases: &[Case], late: bool) -> Result<(), Internal> {
    for case in cases {
        let Some(due_at) = case.due_at.map(|at| at.0) else { continue };
        let about = CaseRef::from(case);
        if late {
            tx.emit(CaseOverdue { about, due_at }).await?;
        } else {
            tx.emit(CaseDueSoon { about, due_at }).await?;
        }
    }
    Ok(())
}
