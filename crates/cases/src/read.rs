//! Cases, their timelines and workflows, as they are read.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::{Db, On};

use crate::{Case, Step, Workflow, Workflows, store};

/// Workflows that the city no longer declares, kept in memory once a case has asked for them.
#[derive(Default)]
struct Past(RwLock<HashMap<(String, String), Arc<Workflow>>>);

/// The workflow that a case began with, whatever the city declares today. `on` is `&cx.db` or a transaction.
pub async fn workflow<'a>(cx: &Cx, on: impl Into<On<'a>>, case: &Case) -> Result<Arc<Workflow>, Internal> {
    if let Some(present) = cx.city.get::<Workflows>().get(&case.workflow)
        && present.version == case.workflow_version
    {
        return Ok(present.clone());
    }
    let past = cx.memory.get_or(Past::default);
    let key = (case.workflow.clone(), case.workflow_version.clone());
    if let Some(known) = past.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(known.clone());
    }
    let kept = store::workflow_document(on, &key.0, &key.1).await?;
    let kept = kept.ok_or_else(|| Internal::new(format!("the workflow {} {} of a case is lost", key.0, key.1)))?;
    let kept = Arc::new(kept);
    past.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, kept.clone());
    Ok(kept)
}

/// The case with this id. `on` is `&cx.db` or a transaction.
pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Case>, Internal> {
    store::by_id(on, id).await
}

/// Those of the cases that exist, in the order in which they are asked for; at most [`crate::PAGE_MAX`].
pub async fn by_ids(db: &Db, ids: &[Id]) -> Result<Vec<Case>, Internal> {
    let ids = &ids[..ids.len().min(crate::PAGE_MAX)];
    let mut cases = store::by_ids(db, ids).await?;
    let place = |case: &Case| ids.iter().position(|id| *id == case.id);
    cases.sort_by_key(place);
    Ok(cases)
}

/// The case with this code, in the spelling of the receipt. `on` is `&cx.db` or a transaction.
pub async fn by_code<'a>(on: impl Into<On<'a>>, code: &str) -> Result<Option<Case>, Internal> {
    store::by_code(on, code).await
}

/// The timeline, oldest first; with `public_only`, what the applicant may see of it.
pub async fn timeline(db: &Db, id: Id, public_only: bool) -> Result<Vec<Step>, Internal> {
    let mut steps = store::steps(db, id, public_only).await?;
    if public_only {
        for step in &mut steps {
            step.note = None;
        }
    }
    Ok(steps)
}

/// The cases that were opened because of this one, oldest first; at most [`crate::PAGE_MAX`]. `on` is `&cx.db` or a
/// transaction.
pub async fn children<'a>(on: impl Into<On<'a>>, parent: Id) -> Result<Vec<Case>, Internal> {
    store::children(on, parent).await
}
