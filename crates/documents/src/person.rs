//! What is held about a person here: the files that they uploaded and what they were asked to sign, to take along and to
//! forget. What was handed in belongs to a dossier and is kept with it.

use serde_json::{Value, json};
use songhan_app::{BoxFuture, Cx};
use songhan_base::{Id, Internal};
use songhan_db::{NewJob, Tx, enqueue};

use crate::{files, store};

/// Files that nothing names any more are taken away after the commit that says so.
pub const JOB: &str = "documents.forget_files";

/// Files and signatures in one download, the latest.
const ROWS_MAX: i64 = 2000;

/// What an account has uploaded and was asked to sign.
pub fn data(cx: &Cx, account: Id) -> BoxFuture<'_, Result<Value, Internal>> {
    Box::pin(async move {
        let uploads = store::uploads_of(&cx.db, account, ROWS_MAX).await?.into_iter().map(|upload| {
            json!({ "upload": upload.id, "name": upload.name, "type": upload.mime, "size": upload.size,
                "created_at": upload.created_at, "handed_in_at": upload.claimed_at })
        });
        let uploads: Vec<Value> = uploads.collect();
        let signatures = store::signatures_of(&cx.db, account, ROWS_MAX).await?.into_iter().map(|signature| {
            json!({ "signature": signature.id, "title": signature.title, "state": signature.state.as_str(),
                "name": signature.signer_name, "begun_at": signature.begun_at, "ended_at": signature.ended_at })
        });
        Ok(json!({ "uploads": uploads, "signatures": signatures.collect::<Vec<_>>() }))
    })
}

/// Forgets what was not handed in, and of every signature the name, the certificates and the paper that was shown. The
/// files go by a job: were the erasure undone, they would still be there.
pub fn erase<'a>(cx: &'a Cx, tx: &'a mut Tx, account: Id) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        let named = store::forget_account(tx, account).await?;
        if named.is_empty() {
            return Ok(());
        }
        let payload = json!({ "files": named });
        enqueue(tx, NewJob { id: cx.env.id(), kind: JOB, payload, run_at: None, dedupe: None }).await
    })
}

/// Takes files away, those that something else names excepted.
pub async fn forget_files(cx: Cx, payload: Value) -> Result<(), Internal> {
    let named: Vec<String> = serde_json::from_value(payload["files"].clone()).map_err(Internal::new)?;
    for sha256 in named {
        let mut tx = cx.begin().await?;
        let is_named = store::is_named(&mut tx, &sha256).await?;
        tx.commit().await?;
        if !is_named {
            files::remove(&cx.app, &sha256).await?;
        }
    }
    Ok(())
}
