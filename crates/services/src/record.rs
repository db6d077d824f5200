//! A dossier as the crates above this one read it: adapters that tell other systems of it.

use songhan_base::{Id, Internal};
use songhan_db::Db;

use crate::dossier::{Dossier, Paper};
use crate::store;

/// The dossier of a case.
pub async fn dossier(db: &Db, case: Id) -> Result<Option<Dossier>, Internal> {
    store::by_case(db, case).await
}

/// Its papers, in the order in which they came.
pub async fn papers(db: &Db, case: Id) -> Result<Vec<Paper>, Internal> {
    store::papers(db, case).await
}
