//! Delete a draft: its owner does not want it any more.

use songhan_app::Cx;
use songhan_base::Id;
use songhan_forms::drafts::{self, DraftError};

use crate::ops::open_draft::Rejection;

/// Deletes a draft. Papers that were uploaded for it are swept with the other orphans.
pub async fn delete_draft(cx: &Cx, draft: &str) -> Result<(), Rejection> {
    let account = cx.actor.account().ok_or(Rejection::SignIn)?;
    let id: Id = draft.parse().map_err(|_| Rejection::NotFound)?;
    let mut tx = cx.begin().await?;
    match drafts::delete(&mut tx, account, id).await {
        Ok(()) => Ok(tx.commit().await?),
        Err(DraftError::Internal(error)) => Err(error.into()),
        Err(_) => Err(Rejection::NotFound),
    }
}
