//! Hồ sơ liên quan: cases opened because of another, each with its parent and a word that says why.

use serde_json::json;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_db::Tx;

use crate::case::step;
use crate::engine::step_of;
use crate::{Case, CaseLinked, CaseRef, Link, Rejection, Step, store};

/// Hangs a new case on its parent, which stays locked until the end of the transaction; answers the new case's code
/// where that is the parent's with a number behind it.
pub(crate) async fn hang(tx: &mut Tx, case: &mut Case, link: Link<'_>) -> Result<Option<String>, Rejection> {
    let parent = store::lock(tx, link.parent).await?.ok_or(Rejection::NotFound)?;
    (case.parent, case.link) = (Some(parent.id), Some(link.kind.to_owned()));
    if link.numbered {
        return Ok(None);
    }
    // Children are never taken away, and the lock keeps others from counting at the same time.
    let number = store::count_children(tx, parent.id).await? + 1;
    Ok(Some(format!("{}.{number}", parent.code)))
}

/// A line in the parent's timeline, and an event.
pub(crate) async fn tell_parent(tx: &mut Tx, cx: &Cx, child: &Case, link: Link<'_>) -> Result<(), Internal> {
    let Some(mut parent) = store::by_id(&mut *tx, link.parent).await? else { return Ok(()) };
    parent.version += 1;
    let now = tx.now();
    let told = Some(child.code.clone());
    let (note, public_note) = if link.public { (None, told) } else { (told, None) };
    let step = Step { note, public_note, public: link.public, ..step_of(cx, &parent, step::OPEN_CHILD, now) };
    store::update(tx, &parent).await?;
    store::insert_step(tx, &step, None).await?;
    tx.emit(CaseLinked {
        about: CaseRef::from(&parent),
        child: child.id,
        child_code: child.code.clone(),
        child_kind: child.kind.clone(),
        child_unit: child.unit.clone(),
        why: link.kind.to_owned(),
    })
    .await?;
    let detail = json!({ "child": child.code, "why": link.kind, "version": parent.version });
    tx.audit("cases.open_child", &parent.subject(), detail).await
}
