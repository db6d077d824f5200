//! Documents kept verifiable: before the certificates that prove a signature end, the document gets fresh evidence and a
//! timestamp over everything (PAdES B-LTA), as a new file beside the one that was issued.
//!
//! Runs by schedule. Doing it twice does no harm: what was renewed ends later and is not found again, and of two who renew
//! the same document one is recorded.

use jiff::{SignedDuration, Timestamp};
use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::At;

use crate::authority::Authority;
use crate::issued::Document;
use crate::sign::{self, Evidence, Held};
use crate::{files, signing, store};

/// How long before its evidence ends a document is renewed: a year of schedules that fail does no harm.
const AHEAD: SignedDuration = SignedDuration::from_hours(365 * 24);
/// How much longer the new evidence has to last than the old: without a newer certificate nothing is won.
const GAIN_MIN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Documents looked at together, and at most in one run.
const BATCH: usize = 100;
const RUN_MAX: usize = 5_000;

/// Renews what has to be; what could not be is told and tried again by the next run.
pub async fn run(cx: Cx) -> Result<(), Internal> {
    find_ends(&cx).await?;
    let authority = signing::authority(&cx.app).await?;
    let before = cx.now() + AHEAD;
    let (mut after, mut done, mut failed) = (None, 0, 0);
    loop {
        let batch = store::ending(&cx.db, before, after, BATCH as i64).await?;
        for document in &batch {
            let Some(ends_at) = document.evidence_ends_at else { continue };
            after = Some((ends_at.as_microsecond(), document.id));
            if authority.timestamp_ends_at() < ends_at.0 + GAIN_MIN {
                // Those behind it end later still.
                tracing::warn!("documents wait for renewal, and the timestamp authority has no newer certificate");
                return done_with(failed);
            }
            match renew(&cx, &authority, document).await {
                Ok(()) => done += 1,
                Err(error) => {
                    failed += 1;
                    tracing::error!(document = %document.id, %error, "cannot renew the evidence of a document");
                }
            }
        }
        if batch.len() < BATCH || done + failed >= RUN_MAX {
            break;
        }
    }
    done_with(failed)
}

fn done_with(failed: usize) -> Result<(), Internal> {
    match failed {
        0 => Ok(()),
        _ => Err(Internal::new(format!("the evidence of {failed} documents could not be renewed; see the log"))),
    }
}

/// Finds out when the evidence of documents from before this was kept ends.
async fn find_ends(cx: &Cx) -> Result<(), Internal> {
    let (mut after, mut seen) = (None, 0);
    loop {
        let batch = store::unknown_ends(&cx.db, after, BATCH as i64).await?;
        for document in &batch {
            after = Some(document.id);
            let held = match newest(cx, document).await {
                Ok((_, held)) => held,
                Err(error) => {
                    tracing::error!(document = %document.id, %error, "cannot look at the signatures of a document");
                    continue;
                }
            };
            let Some(ends_at) = held.ends_at else { continue };
            let mut tx = cx.begin().await?;
            store::set_evidence_end(&mut tx, document.id, None, ends_at).await?;
            tx.commit().await?;
        }
        seen += batch.len();
        if batch.len() < BATCH || seen >= RUN_MAX {
            return Ok(());
        }
    }
}

/// The newest file of a document, and what it holds.
async fn newest(cx: &Cx, document: &Document) -> Result<(Vec<u8>, Held), Internal> {
    let name = store::renewals(&cx.db, document.id).await?.pop().unwrap_or_else(|| document.sha256.clone());
    let bytes = files::get(&cx.app, &name).await?;
    let held = sign::held(&bytes).map_err(Internal::new)?;
    Ok((bytes, held))
}

async fn renew(cx: &Cx, authority: &std::sync::Arc<Authority>, document: &Document) -> Result<(), Internal> {
    let now = cx.now();
    let (bytes, held) = newest(cx, document).await?;
    let evidence = evidence(authority, &held, now).await?;
    let renewed = sign::archive(&bytes, &evidence, &authority.timestamper(), now).await.map_err(Internal::new)?;
    let ends_at = sign::held(&renewed).map_err(Internal::new)?.ends_at;
    let ends_at = ends_at.ok_or_else(|| Internal::new("the renewed document has no timestamp"))?;
    let size = renewed.len() as i64;
    let sha256 = files::put(&cx.app, renewed).await?;
    keep(cx, document.id, document.evidence_ends_at, ends_at, &sha256, size).await
}

async fn keep(
    cx: &Cx,
    id: Id,
    before: Option<At>,
    ends_at: Timestamp,
    sha256: &str,
    size: i64,
) -> Result<(), Internal> {
    let mut tx = cx.begin().await?;
    // Another process was quicker: its file stays, ours is one that nothing names.
    if !store::set_evidence_end(&mut tx, id, before, ends_at).await? {
        return Ok(());
    }
    let number = store::renewals(&mut tx, id).await?.len() as i64 + 1;
    let held = files::hold(&cx.app, &mut tx, sha256).await?;
    store::insert_renewal(&mut tx, id, number, &held, size).await?;
    let detail = serde_json::json!({ "sha256": sha256, "evidence_ends_at": ends_at });
    tx.audit("documents.renew", &format!("document:{id}"), detail).await?;
    tx.commit().await
}

/// What is known today of the certificates in a document: of the city's own from its authority, of others from where
/// they say that their lists are.
async fn evidence(authority: &Authority, held: &Held, now: Timestamp) -> Result<Evidence, Internal> {
    let mut evidence = authority.evidence_of(&held.certificates, now).map_err(Internal::new)?;
    let others: Vec<_> = held.certificates.iter().filter(|der| !authority.has_issued(der)).cloned().collect();
    if !others.is_empty() {
        let published = sign::published(&reqwest::Client::new(), others).await.map_err(Internal::new)?;
        evidence.merge(published);
    }
    Ok(evidence)
}

#[cfg(test)]
mod tests;
