//! A dossier as the crates above this one read it: adapters that tell other systems of it, and supervision.

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{Db, Tx};

use crate::dossier::{Dossier, Paper};
use crate::store;
pub use crate::store::Received;

/// The dossier of a case.
pub async fn dossier(db: &Db, case: Id) -> Result<Option<Dossier>, Internal> {
    store::by_case(db, case).await
}

/// Its papers, in the order in which they came.
pub async fn papers(db: &Db, case: Id) -> Result<Vec<Paper>, Internal> {
    store::papers(db, case).await
}

/// The dossier whose fee a charge is.
pub async fn dossier_of_charge(tx: &mut Tx, charge: Id) -> Result<Option<Dossier>, Internal> {
    store::by_charge_in(tx, charge).await
}

/// The dossiers that a unit received between two moments, newest first, behind the place `after`; of certain procedures
/// alone where `topics` names them.
pub async fn received(
    db: &Db,
    unit: &str,
    span: (Timestamp, Timestamp),
    topics: Option<&[String]>,
    after: Option<(i64, Id)>,
    limit: i64,
) -> Result<Vec<Received>, Internal> {
    store::received(db, unit, span, topics, after, limit).await
}

/// What applicants said with their ratings of a unit between two moments, without saying who; of certain procedures alone
/// where `topics` names them. The newest come first.
pub async fn rating_comments(
    db: &Db,
    unit: &str,
    span: (Timestamp, Timestamp),
    topics: Option<&[String]>,
    limit: i64,
) -> Result<Vec<String>, Internal> {
    store::rating_comments(db, unit, span, topics, limit).await
}
