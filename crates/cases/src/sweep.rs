//! The overdue sweep: every minute running cases that are late, or will be within a working day, are marked and told
//! of once; so are those that stay too long in one state. What a stopped server missed is found at its first sweep.

use jiff::Timestamp;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_db::Tx;

use crate::{Case, CaseDueSoon, CaseOverdue, CaseRef, StageDueSoon, StageOverdue, store, transition};

/// Cases marked in one transaction: few enough not to keep others waiting.
const BATCH: i64 = 200;

/// How many cases a sweep marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub late: usize,
    pub soon: usize,
    /// Those that should have left their state, or will have to.
    pub stages_late: usize,
    pub stages_soon: usize,
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

/// What a sweep looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Late,
    Soon,
    StageLate,
    StageSoon,
}

impl Look {
    pub(crate) const fn is_late(self) -> bool {
        matches!(self, Self::Late | Self::StageLate)
    }

    pub(crate) const fn is_of_stage(self) -> bool {
        matches!(self, Self::StageLate | Self::StageSoon)
    }
}

/// Marks and tells. Two processes may do it at once.
pub async fn sweep(cx: &Cx) -> Result<Swept, Internal> {
    let until = soon_until(cx);
    // Late ones first: they need not be told as due soon any more.
    let swept = Swept {
        late: look(cx, Look::Late, until).await?,
        soon: look(cx, Look::Soon, until).await?,
        stages_late: look(cx, Look::StageLate, until).await?,
        stages_soon: look(cx, Look::StageSoon, until).await?,
    };
    if swept != Swept::default() {
        let Swept { late, soon, stages_late, stages_soon } = swept;
        tracing::info!(late, soon, stages_late, stages_soon, "cases marked");
    }
    Ok(swept)
}

/// Marks and tells of one sort, batch by batch.
async fn look(cx: &Cx, what: Look, until: Timestamp) -> Result<usize, Internal> {
    let mut marked = 0;
    loop {
        let mut tx = cx.begin().await?;
        let now = tx.now();
        let cases = store::mark(&mut tx, what, now, until, BATCH).await?;
        for case in &cases {
            tell(&mut tx, case, what).await?;
        }
        tx.commit().await?;
        marked += cases.len();
        if cases.len() < BATCH as usize {
            return Ok(marked);
        }
    }
}

async fn tell(tx: &mut Tx, case: &Case, what: Look) -> Result<(), Internal> {
    let about = CaseRef::from(case);
    let due_at = if what.is_of_stage() { case.stage_due_at } else { case.due_at };
    let Some(due_at) = due_at.map(|at| at.0) else { return Ok(()) };
    let state = case.state.clone();
    match what {
        Look::Late => tx.emit(CaseOverdue { about, due_at }).await,
        Look::Soon => tx.emit(CaseDueSoon { about, due_at }).await,
        Look::StageLate => tx.emit(StageOverdue { about, state, due_at }).await,
        Look::StageSoon => tx.emit(StageDueSoon { about, state, due_at }).await,
    }
}
