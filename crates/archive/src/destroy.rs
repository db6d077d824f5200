//! The job that carries a list out: one dossier a commit, each looked at once more, so that a job that died goes on where
//! it was and nothing is destroyed twice.

use serde_json::{Value, json};
use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::{At, NewJob, Tx, enqueue};

use crate::disposal::{Disposal, DisposalChanged, DisposalState};
use crate::entry::{Destroyed, Entry, EntryState};
use crate::{hear, store};

pub const JOB: &str = "archive.destroy";

/// Dossiers looked up together.
const TOGETHER: i64 = 50;

/// Promises to carry a list out at its time, in the commit that approves it.
pub async fn promise(tx: &mut Tx, cx: &Cx, disposal: &Disposal) -> Result<(), Internal> {
    let payload = json!({ "disposal": disposal.id });
    let (run_at, dedupe) = (disposal.destroys_at.map(|at| at.0), Some(format!("{JOB}:{}", disposal.id)));
    enqueue(tx, NewJob { id: cx.env.id(), kind: JOB, payload, run_at, dedupe }).await
}

pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let id: Id = serde_json::from_value(payload["disposal"].clone()).map_err(Internal::new)?;
    let Some(disposal) = begin(&cx, id).await? else { return Ok(()) };
    loop {
        let open = store::disposals::open_entries(&cx.db, id, TOGETHER).await?;
        if open.is_empty() {
            return end(&cx, id).await;
        }
        for case in open {
            one(&cx, &disposal, case).await?;
        }
    }
}

/// The list, begun or gone on with; `None` where it was withdrawn, is done, or is not due.
pub async fn begin(cx: &Cx, id: Id) -> Result<Option<Disposal>, Internal> {
    let mut tx = cx.begin().await?;
    let Some(mut disposal) = store::disposals::lock(&mut tx, id).await? else { return Ok(None) };
    let now = tx.now();
    match disposal.state {
        DisposalState::Running => return Ok(Some(disposal)),
        DisposalState::Approved if disposal.destroys_at.is_some_and(|at| at.0 <= now) => {}
        _ => return Ok(None),
    }
    (disposal.state, disposal.begun_at) = (DisposalState::Running, Some(At(now)));
    change(&mut tx, &disposal).await?;
    tx.commit().await?;
    Ok(Some(disposal))
}

/// Destroys one dossier of the list, or takes it off where it may not be destroyed after all.
pub async fn one(cx: &Cx, disposal: &Disposal, case: Id) -> Result<(), Internal> {
    let still_over = match store::entries::by_cases(&cx.db, &disposal.unit, &[case]).await?.pop() {
        Some(seen) => {
            let ended = seen.ended_at.0.to_zoned(cx.zone.clone()).date();
            // By what the city declares today: a term that was corrected since the list was drawn up counts.
            let kept = hear::kept(cx, &seen.topic, ended).await?;
            kept.until.is_some_and(|until| until < cx.today())
        }
        None => false,
    };
    let mut tx = cx.begin().await?;
    let entry = store::entries::lock(&mut tx, case).await?;
    let Some(entry) = entry.filter(|entry| still_over && is_destroyable(cx, disposal, entry)) else {
        store::disposals::leave_out(&mut tx, disposal.id, case).await?;
        return tx.commit().await;
    };
    songhan_services::destroy(&mut tx, cx, case, &disposal.cited(cx)).await?;
    store::disposals::destroyed(&mut tx, disposal.id, case).await?;
    let detail = json!({ "code": entry.code, "disposal": disposal.id, "decision": disposal.number });
    tx.audit("archive.destroy", &format!("case:{case}"), detail).await?;
    let Entry { code, unit, .. } = entry;
    tx.emit(Destroyed { case, code, unit, disposal: disposal.id }).await?;
    tx.commit().await
}

fn is_destroyable(cx: &Cx, disposal: &Disposal, entry: &Entry) -> bool {
    entry.state == EntryState::Kept
        && entry.disposal == Some(disposal.id)
        && entry.held_at.is_none()
        && entry.is_over(cx.today())
}

async fn end(cx: &Cx, id: Id) -> Result<(), Internal> {
    let mut tx = cx.begin().await?;
    let found = store::disposals::lock(&mut tx, id).await?;
    let Some(mut disposal) = found.filter(|disposal| disposal.state == DisposalState::Running) else { return Ok(()) };
    (disposal.state, disposal.ended_at) = (DisposalState::Done, Some(At(tx.now())));
    change(&mut tx, &disposal).await?;
    tx.commit().await
}

/// Writes a list that has changed, and tells of it.
pub async fn change(tx: &mut Tx, disposal: &Disposal) -> Result<(), Internal> {
    store::disposals::update(tx, disposal).await?;
    let Disposal { id, unit, state, .. } = disposal.clone();
    let detail = json!({ "state": state, "unit": unit, "decision": disposal.number });
    tx.audit("archive.disposal", &disposal.subject(), detail).await?;
    tx.emit(DisposalChanged { disposal: id, unit, state }).await
}
