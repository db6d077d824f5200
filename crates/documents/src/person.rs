//! What is held about a person here: the files that they uploaded and what they were asked to sign, to take along and to
//! forget. What was handed in belongs to a dossier and is kept with it.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use songhan_app::{BoxFuture, Cx};
use songhan_base::{Id, Internal};
use songhan_db::{NewJob, Tx, enqueue};

use crate::files::{self, Removal};
use crate::store;

/// Files that nothing names any more are taken away after the commit that says so.
pub const JOB: &str = "documents.forget_files";

/// Somebody may be about to name a file that was put more recently than this: it goes later.
const UNUSED_FOR: SignedDuration = SignedDuration::from_hours(1);

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
        let files = store::forget_account(tx, account).await?;
        forget(cx, tx, files, None).await
    })
}

/// Promises to take files away, those that something names by then excepted; `run_at` as of a job.
pub async fn forget(cx: &Cx, tx: &mut Tx, files: Vec<String>, run_at: Option<Timestamp>) -> Result<(), Internal> {
    if files.is_empty() {
        return Ok(());
    }
    let payload = json!({ "files": files });
    enqueue(tx, NewJob { id: cx.env.id(), kind: JOB, payload, run_at, dedupe: None }).await
}

/// Takes files away, those that something else names excepted; for what is too young it promises to come back.
pub async fn forget_files(cx: Cx, payload: Value) -> Result<(), Internal> {
    let files: Vec<String> = serde_json::from_value(payload["files"].clone()).map_err(Internal::new)?;
    let (mut young, mut again_at) = (Vec::new(), None);
    for name in files {
        if let Removal::Young(until) = files::remove(&cx, &name, UNUSED_FOR).await? {
            young.push(name);
            again_at = again_at.max(Some(until));
        }
    }
    let mut tx = cx.begin().await?;
    forget(&cx, &mut tx, young, again_at).await?;
    tx.commit().await
}
