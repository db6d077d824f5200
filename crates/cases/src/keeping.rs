//! Lưu trữ: cases that have ended go to an archive, and at the end of their term what is personal in them is destroyed.
//!
//! How long they are kept and who decides is the archive's. Here stands what becomes of a case: one in the archive has
//! ended and is only read; of an emptied one code, states, dates and unit stay, with the account whose it was.

use serde_json::json;
use songhan_base::{Id, Internal};
use songhan_db::{Db, Tx};

use crate::{Case, Cursor, store};

/// Cases that have ended, in the order in which they did, behind a place of that order.
pub async fn closed(db: &Db, after: Option<Cursor>, limit: usize) -> Result<Vec<Case>, Internal> {
    store::closed(db, after, limit as i64).await
}

/// Nộp lưu: hands cases to the archive; how many were handed. What has not ended or lies there already is left out.
pub async fn archive(tx: &mut Tx, ids: &[Id]) -> Result<u64, Internal> {
    store::archive(tx, ids).await
}

/// Tiêu hủy: takes what is personal out of a case of the archive and out of those that hang on it without being of its
/// kind. `by` is the decision, as it is cited; `name` stands where the applicant's stood. `false` when there is no such
/// case in the archive, or it is empty already.
pub async fn empty(tx: &mut Tx, id: Id, by: &str, name: &str) -> Result<bool, Internal> {
    let Some(case) = store::lock(tx, id).await?.filter(|case| case.archived_at.is_some() && !case.is_emptied()) else {
        return Ok(false);
    };
    let mut emptied = vec![case.id];
    emptied.extend(store::hanging(tx, &case).await?);
    store::empty(tx, &emptied, by, name).await?;
    tx.audit("cases.empty", &case.subject(), json!({ "code": case.code, "by": by })).await?;
    Ok(true)
}
