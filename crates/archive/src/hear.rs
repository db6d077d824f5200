//! An entry for each dossier that ends: as it ends, and, for those that had ended before there was an archive, by a walk
//! through all closed cases, some at a time.

use songhan_app::{BoxFuture, Cx};
use songhan_base::Internal;
use songhan_cases::{Case, CaseActed, Cursor};
use songhan_db::{Recorded, Tx};
use songhan_procedures::{Catalogue, Procedures};
use songhan_services::CASE_KIND;

use crate::entry::Entry;
use crate::retention::{Kept, Retention};
use crate::store;

/// Closed cases that one step of the walk looks at, and how many steps it takes in a minute at most.
const TOGETHER: usize = 200;
const STEPS: usize = 50;

/// One insert for each dossier that has ended.
pub fn hear<'a>(cx: &'a Cx, tx: &'a mut Tx, event: &'a Recorded) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        let Some(acted) = event.read::<CaseActed>() else { return Ok(()) };
        if !acted.closed || acted.about.kind != CASE_KIND {
            return Ok(());
        }
        let Some(case) = songhan_cases::by_id(&mut *tx, acted.about.case).await? else { return Ok(()) };
        match of(cx, &case).await? {
            Some(entry) => store::entries::insert(tx, &[entry]).await,
            None => Ok(()),
        }
    })
}

/// The entry of a case that has ended.
async fn of(cx: &Cx, case: &Case) -> Result<Option<Entry>, Internal> {
    let Some(ended_at) = case.closed_at else { return Ok(None) };
    let ended = ended_at.0.to_zoned(cx.zone.clone()).date();
    let kept = kept(cx, &case.topic, ended).await?;
    let hand_in_by = cx.city.get::<Retention>().hand_in_by(ended);
    Ok(Some(Entry::of(case, ended_at, ended, hand_in_by, kept)))
}

/// How long a dossier of this procedure that ended on this day is kept, by what the city declares now.
pub async fn kept(cx: &Cx, procedure: &str, ended: jiff::civil::Date) -> Result<Kept, Internal> {
    let retention = cx.city.get::<Retention>();
    if let Some(declared) = cx.city.get::<Procedures>().get(procedure) {
        return Ok(retention.of(procedure, Some(&declared.field), ended));
    }
    let catalogue = Catalogue::of(&cx.app).await?;
    let field = catalogue.get(procedure).map(|procedure| procedure.field.as_str());
    Ok(retention.of(procedure, field, ended))
}

/// Begins the walk through all closed cases anew: after dossiers were written that nobody was told of.
pub async fn look_again(tx: &mut Tx) -> Result<(), Internal> {
    store::fill::begin(tx).await
}

/// The whole walk at once: for who has just written years of dossiers, and waits.
pub async fn fill_whole(cx: &Cx) -> Result<(), Internal> {
    while step(cx).await? {}
    Ok(())
}

/// Some steps of the walk; nothing once it has come to the end.
pub async fn fill(cx: &Cx) -> Result<(), Internal> {
    for _ in 0..STEPS {
        if !step(cx).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// One step; `false` at the end.
async fn step(cx: &Cx) -> Result<bool, Internal> {
    let place = store::fill::place(&cx.db).await?;
    if place.as_ref().is_some_and(|place| place.done) {
        return Ok(false);
    }
    let after = place.as_ref().and_then(|place| Some(Cursor { order: place.at?, id: place.case_id? }));
    let cases = songhan_cases::closed(&cx.db, after, TOGETHER).await?;
    let mut entries = Vec::new();
    for case in cases.iter().filter(|case| case.kind == CASE_KIND) {
        entries.extend(of(cx, case).await?);
    }
    let mut tx = cx.begin().await?;
    store::entries::insert(&mut tx, &entries).await?;
    let last = cases.last().and_then(|case| Some((case.closed_at?.as_microsecond(), case.id)));
    store::fill::keep(&mut tx, last, cases.len() < TOGETHER).await?;
    tx.commit().await?;
    Ok(cases.len() == TOGETHER)
}
