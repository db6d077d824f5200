//! Tiêu hủy: the files of a thing go at the end of its term. Of a document what stays is what its verify page needs:
//! number, unit, dates, digest; whose it was goes. The files are taken away by a job after the commit that says so.

use std::collections::HashMap;

use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::Tx;

use crate::{person, store};

/// What is destroyed with a thing.
pub struct Destroyed<'a> {
    /// Its documents, as `dossier:CODE`.
    pub subject: &'a str,
    /// What was handed in with it and belongs to nothing else.
    pub uploads: &'a [Id],
    /// Templates of documents that have a term of their own.
    pub but: &'a [&'a str],
    /// The decision, as it is cited.
    pub by: &'a str,
}

/// How many documents there are about each of these things.
pub async fn counts(tx: &mut Tx, subjects: &[String]) -> Result<HashMap<String, i64>, Internal> {
    store::keeping::counts(tx, subjects).await
}

/// Destroys the files of a thing, in the caller's commit. Done twice it is done once.
pub async fn destroy(tx: &mut Tx, cx: &Cx, destroyed: Destroyed<'_>) -> Result<(), Internal> {
    let named = store::keeping::destroy(tx, &destroyed).await?;
    person::forget(cx, tx, named, None).await
}
