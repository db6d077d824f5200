//! What is held about a person here: their drafts, to take along and to forget.

use serde_json::{Value, json};
use songhan_app::{BoxFuture, Cx};
use songhan_base::{Id, Internal};
use songhan_db::Tx;

use crate::store;

/// The drafts of an account, whole.
pub fn data(cx: &Cx, account: Id) -> BoxFuture<'_, Result<Value, Internal>> {
    Box::pin(async move {
        let drafts = store::of_account(&cx.db, account).await?.into_iter().map(|draft| {
            json!({ "form": draft.form, "purpose": draft.purpose, "answers": draft.answers(),
                "created_at": draft.created_at, "updated_at": draft.updated_at })
        });
        Ok(json!({ "drafts": drafts.collect::<Vec<_>>() }))
    })
}

/// Forgets them.
pub fn erase<'a>(_: &'a Cx, tx: &'a mut Tx, account: Id) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move { store::delete_all(tx, account).await.map(drop) })
}
