//! Bản sao điện tử: originals that the counter has compared and scanned become copies under the unit's seal, each with a
//! number of the unit's register. Promised with the intake and made afterwards.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::{NewJob, Tx, enqueue};
use songhan_documents::copy::{Copied, can_be_sealed, seal_copy};
use songhan_documents::typeset::printable;

use super::numbers;
use crate::dossier::{Dossier, Paper};
use crate::store;

pub const JOB: &str = "services.certify_copy";
/// What the counter saw of a paper that is certified; scanned by the counter.
const ORIGINAL: &str = "original";
const SCANNED: i64 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    case: Id,
    upload: Id,
    name: String,
    /// The unit whose counter saw the original.
    unit: String,
    officer: String,
}

/// An entry of the register.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entry {
    pub id: Id,
    pub number: String,
    pub officer: String,
}

/// Promises the copies of what was compared and scanned, in the caller's commit.
pub async fn promise(tx: &mut Tx, cx: &Cx, dossier: &Dossier, papers: &[Paper], unit: &str) -> Result<(), Internal> {
    let officer = cx.actor.person().map_or(String::new(), |person| person.name.clone());
    let seen = papers.iter().filter(|paper| paper.seen.as_deref() == Some(ORIGINAL) && paper.digitisation == SCANNED);
    for paper in seen {
        let payload = Payload {
            case: dossier.case_id,
            upload: paper.upload,
            name: paper.name.clone(),
            unit: unit.to_owned(),
            officer: officer.clone(),
        };
        let payload = serde_json::to_value(payload).map_err(Internal::new)?;
        let dedupe = Some(format!("{JOB}:{}", paper.upload));
        enqueue(tx, NewJob { id: cx.env.id(), kind: JOB, payload, run_at: None, dedupe }).await?;
    }
    Ok(())
}

/// Makes one copy. Done twice it is one: the entry in the register is found again, and so is its document.
pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let payload: Payload = serde_json::from_value(payload).map_err(Internal::new)?;
    let dossier = store::by_case(&cx.db, payload.case).await?.ok_or_else(|| Internal::new("the dossier is gone"))?;
    if !can_be_sealed(&cx, payload.upload).await? {
        tracing::warn!(upload = %payload.upload, "a scan cannot be sealed; it stays as it is");
        return Ok(());
    }
    let Some(entry) = registered(&cx, &payload).await? else { return Ok(()) };
    if songhan_documents::by_id(&cx.db, entry.id).await?.is_some() {
        return Ok(());
    }
    let copied = Copied {
        id: entry.id,
        upload: payload.upload,
        title: format!("Bản sao điện tử: {}", printable(&payload.name)),
        number: entry.number,
        subject: dossier.subject(),
        unit: payload.unit,
        holder: dossier.holder(),
        holder_name: dossier.holder_name().to_owned(),
        officer: entry.officer,
    };
    let Some(prepared) = seal_copy(&cx, copied).await? else {
        tracing::warn!(upload = %payload.upload, "a scan could not be sealed");
        return Ok(());
    };
    let mut tx = cx.begin().await?;
    if songhan_documents::by_id(&mut tx, entry.id).await?.is_some() {
        return Ok(());
    }
    songhan_documents::record(&mut tx, &cx, prepared).await?;
    tx.commit().await
}

/// The entry of a scan, with its number; `None` where the city keeps no such register.
async fn registered(cx: &Cx, payload: &Payload) -> Result<Option<Entry>, Internal> {
    let mut tx = cx.begin().await?;
    if let Some(entry) = store::copy_of(&mut tx, payload.upload).await? {
        return Ok(Some(entry));
    }
    let Some(number) = numbers::next(&mut tx, cx, "electronic-copy", &payload.unit).await? else { return Ok(None) };
    let entry = Entry { id: cx.env.id(), number, officer: payload.officer.clone() };
    store::register_copy(&mut tx, &entry, payload.case, payload.upload, &payload.unit).await?;
    tx.commit().await?;
    Ok(Some(entry))
}
