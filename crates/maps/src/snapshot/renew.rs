//! Renewal behind the requests: edits lie beside an index and shapes that were made at once, and each one costs a little
//! more than the last. When they have piled up, the layer is read anew while the old picture goes on; what was edited
//! meanwhile is laid over the new one before it takes its place. And at the start of a process layers are read before
//! somebody asks.

use std::sync::Arc;

use songhan_app::App;
use songhan_base::Internal;
use tokio::sync::Semaphore;

use super::{Slot, Snapshot, load, of, slot};
use crate::layer::{Layer, Layers};
use crate::store::layers;

/// So many edits beside the index make a new one worth its time.
const EDITS: usize = 2_048;
/// Features that are read at the start without being asked for, in all layers together: some hundred bytes each.
const WARM_FEATURES_MAX: i64 = 1_000_000;

/// One layer is renewed at a time: each is in memory twice meanwhile.
struct Renewing(Semaphore);

/// Begins a renewal if the layer wants one and none is under way. Called while nobody else can change the slot.
pub fn if_wanted(app: &App, layer: &Arc<Layer>, slot: &Arc<Slot>) {
    let wanted = slot.get().is_some_and(|now| now.index.edits() >= EDITS || now.tiles.wants_compaction());
    if !wanted || !slot.begin_renewal() {
        return;
    }
    let (app, layer, slot) = (app.clone(), layer.clone(), slot.clone());
    tokio::spawn(async move {
        let renewing = app.memory.get_or(|| Renewing(Semaphore::new(1)));
        let _one = renewing.0.acquire().await;
        if let Err(error) = renew(&app, &layer, &slot).await {
            tracing::warn!(%error, layer = layer.code, "the layer keeps its edits beside it; it is renewed after the next");
        }
        slot.end_renewal();
    });
}

async fn renew(app: &App, layer: &Layer, slot: &Slot) -> Result<(), Internal> {
    let Some(fresh) = load::whole(app, layer).await? else { return Ok(()) };
    let _one = slot.making.lock().await;
    let (Some(meanwhile), Some(now)) = (slot.meanwhile(), slot.get()) else { return Ok(()) };
    if now.base != fresh.base {
        return Ok(());
    }
    let generation = fresh.generation.max(now.generation);
    let fresh = Snapshot { generation, ..fresh };
    let made = match &*meanwhile {
        [] => fresh,
        features => load::changed(app, layer, &fresh, generation, features).await?,
    };
    slot.set(Some(Arc::new(made)));
    Ok(())
}

/// Reads the city's layers behind the start of a process, those that everyone may read first, as many as there is room
/// for: whoever asks first does not wait for all of them.
pub fn warm(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        let mut all: Vec<Arc<Layer>> = app.city.get::<Layers>().iter().cloned().collect();
        all.sort_by_key(|layer| (!layer.rights.is_public(), layer.style.min_zoom));
        let mut room = WARM_FEATURES_MAX;
        for layer in all {
            if let Err(error) = one(&app, &layer, &mut room).await {
                tracing::warn!(%error, layer = layer.code, "the layer will be read when it is first asked for");
            }
        }
    });
}

async fn one(app: &App, layer: &Layer, room: &mut i64) -> Result<(), Internal> {
    let Some(standing) = layers::standing(&app.db, &layer.code).await? else { return Ok(()) };
    if standing.base.is_none() || standing.features > *room || slot(app, &layer.code).get().is_some() {
        return Ok(());
    }
    *room -= standing.features;
    of(app, layer).await.map(drop)
}
