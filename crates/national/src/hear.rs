//! What a dossier's changes do here: each promises that the portal is told, in the transaction that moves the
//! subscriber's cursor.

use songhan_app::{BoxFuture, Cx};
use songhan_base::{Id, Internal};
use songhan_cases::{CaseActed, CaseAssigned, CaseRef};
use songhan_db::{Recorded, Tx};
use songhan_delivery::DeliveryChanged;
use songhan_ledger::{ChargeEnded, ChargePaid};
use songhan_services::{CASE_KIND, DossierSubmitted, ResultIssued};

use crate::promise;
use crate::settings::Settings;

/// The subscriber.
pub fn hear<'a>(cx: &'a Cx, tx: &'a mut Tx, event: &'a Recorded) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        let Some(settings) = Settings::of(cx) else { return Ok(()) };
        match about(tx, event).await? {
            Some((case, code)) => promise::changed(tx, cx, &settings, case, &code).await,
            None => Ok(()),
        }
    })
}

/// The dossier that an event changes.
async fn about(tx: &mut Tx, event: &Recorded) -> Result<Option<(Id, String)>, Internal> {
    let ours = |about: CaseRef| (about.kind == CASE_KIND).then_some((about.case, about.code));
    if let Some(submitted) = event.read::<DossierSubmitted>() {
        return Ok(Some((submitted.case, submitted.code)));
    }
    if let Some(issued) = event.read::<ResultIssued>() {
        return Ok(Some((issued.case, issued.code)));
    }
    if let Some(acted) = event.read::<CaseActed>() {
        return Ok(ours(acted.about));
    }
    if let Some(assigned) = event.read::<CaseAssigned>() {
        return Ok(ours(assigned.about));
    }
    if let Some(changed) = event.read::<DeliveryChanged>() {
        // A way that is chosen with the dossier goes with it.
        return Ok(changed.before.is_some().then_some((changed.case, changed.code)));
    }
    let paid = event.read::<ChargePaid>().map(|paid| paid.subject);
    let subject = paid.or_else(|| event.read::<ChargeEnded>().map(|ended| ended.subject));
    let Some(code) = subject.as_deref().and_then(|subject| subject.strip_prefix("dossier:")) else { return Ok(None) };
    let case = songhan_cases::by_code(tx, code).await?;
    Ok(case.filter(|case| case.kind == CASE_KIND).map(|case| (case.id, case.code)))
}
