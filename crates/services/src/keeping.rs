//! Lưu trữ: what of a dossier goes to the archive, is found there, and is destroyed at the end of its term. When, and by
//! whose decision, is the archive's to say.

use std::collections::HashMap;

use songhan_app::Cx;
use songhan_base::{Id, Internal, Lang};
use songhan_db::{Db, Tx};
use songhan_documents::Destroyed;
use songhan_search::records::{self, Before, Record, Scope};

use crate::dossier::subject;
use crate::{find, store};

/// Biên lai: kept by the law of accounting and for its term.
const BUT: [&str; 1] = ["payment-receipt"];

/// How many papers each of these dossiers holds: those that were handed in, and those that were issued. By id and code.
pub async fn paper_counts(tx: &mut Tx, dossiers: &[(Id, String)]) -> Result<HashMap<Id, i64>, Internal> {
    let ids: Vec<Id> = dossiers.iter().map(|(id, _)| *id).collect();
    let mut counts = store::keeping::handed_in(tx, &ids).await?;
    let subjects: Vec<String> = dossiers.iter().map(|(_, code)| subject(code)).collect();
    let issued = songhan_documents::counts(tx, &subjects).await?;
    for ((id, _), subject) in dossiers.iter().zip(&subjects) {
        if let Some(count) = issued.get(subject) {
            *counts.entry(*id).or_default() += count;
        }
    }
    Ok(counts)
}

/// The cases of a unit's dossiers that a search finds, newest first, and where it goes on.
pub async fn found(
    db: &Db,
    unit: &str,
    q: &str,
    before: Option<Before>,
    limit: usize,
) -> Result<(Vec<Id>, Option<Before>), Internal> {
    let page = records::find(db, find::KIND, Scope::In(&[unit]), q, before, limit).await?;
    Ok((page.hits.iter().filter_map(|hit| hit.reference.parse().ok()).collect(), page.next))
}

/// Destroys what is personal in a dossier of the archive: answers, papers, names, what was asked and told. Code,
/// procedure, unit, dates and states stay, and whose account it was, who can so still see what became of it. `by` is the
/// decision, as it is cited. `false` when it is done already.
pub async fn destroy(tx: &mut Tx, cx: &Cx, case: Id, by: &str) -> Result<bool, Internal> {
    let name = cx.text(Lang::Vi, "services-destroyed-name", &[]);
    if !songhan_cases::empty(tx, case, by, &name).await? {
        return Ok(false);
    }
    let Some(dossier) = store::by_case_in(tx, case).await? else { return Ok(true) };
    let uploads = store::keeping::own_uploads(tx, case).await?;
    store::keeping::empty(tx, case, &name).await?;
    songhan_delivery::forget(tx, case).await?;
    let about = subject(&dossier.code);
    songhan_documents::destroy(tx, cx, Destroyed { subject: &about, uploads: &uploads, but: &BUT, by }).await?;
    // It is still found by what is left of it.
    let reference = case.to_string();
    let texts = [dossier.code.as_str(), &dossier.procedure_title];
    let record = Record {
        kind: find::KIND,
        scope: &dossier.unit,
        reference: &reference,
        at: dossier.created_at.0,
        texts: &texts,
    };
    records::put(tx, record).await?;
    Ok(true)
}
