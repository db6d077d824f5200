//! Send a dossier that stands refused again: now, from the list of those.

use serde_json::json;
use songhan_app::Cx;

use crate::ops::resend::Rejection;
use crate::promise;
use crate::settings::Settings;
use crate::store::refused;

/// Promises that it is sent now; `false` where it does not stand refused any more. Twice before it was sent is once.
pub async fn resend_refused(cx: &Cx, code: &str) -> Result<bool, Rejection> {
    if Settings::of(cx).is_none() {
        return Err(Rejection::NotConfigured);
    }
    let Some(dossier) = refused::dossier(&cx.db, code).await? else { return Ok(false) };
    let mut tx = cx.begin().await?;
    let id = promise::again(&mut tx, cx, dossier.case_id, &dossier.code).await?;
    tx.audit("national.resend", &format!("dossier:{}", dossier.code), json!({ "message": id })).await?;
    tx.commit().await?;
    Ok(true)
}
