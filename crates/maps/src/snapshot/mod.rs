//! What a process holds of each layer in memory: an index of boxes, and the shapes made ready for tiles. The database is
//! the truth; this is a picture of it under a generation, never changed, replaced when the layer has changed ([`watch`]).
//! Whoever began with one ends with it.

mod index;
mod load;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use songhan_app::{App, BoxFuture};
use songhan_base::Internal;
use songhan_db::Recorded;
use songhan_geo::tile::PreparedLayer;

pub use index::{Entry, Index, IndexBuilder};

use crate::events::LayerChanged;
use crate::layer::{Layer, Layers};

/// So many edits beside the index make a new one worth its time.
const EDITS_MAX: usize = 4_096;
/// How long an edit waits until this process shows it; a process that is late shows it a little later.
const SHOWN_WITHIN: Duration = Duration::from_secs(2);

/// A layer at one generation.
#[derive(Clone)]
pub struct Snapshot {
    pub base: i64,
    pub generation: i64,
    pub index: Index,
    pub tiles: Arc<PreparedLayer>,
}

/// The picture of one layer in this process.
#[derive(Default)]
struct Slot {
    now: RwLock<Option<Arc<Snapshot>>>,
    /// One is made at a time.
    making: tokio::sync::Mutex<()>,
    shown: tokio::sync::Notify,
}

impl Slot {
    fn get(&self) -> Option<Arc<Snapshot>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, snapshot: Option<Arc<Snapshot>>) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        self.shown.notify_waiters();
    }
}

#[derive(Default)]
struct Slots(Mutex<HashMap<String, Arc<Slot>>>);

fn slot(app: &App, layer: &str) -> Arc<Slot> {
    let slots = app.memory.get_or(Slots::default);
    let mut slots = slots.0.lock().unwrap_or_else(PoisonError::into_inner);
    slots.entry(layer.to_owned()).or_default().clone()
}

/// The layer as it is now; `None` before its first import. Read from the database when it is first asked for.
pub async fn of(app: &App, layer: &Layer) -> Result<Option<Arc<Snapshot>>, Internal> {
    let slot = slot(app, &layer.code);
    if let Some(found) = slot.get() {
        return Ok(Some(found));
    }
    let _one = slot.making.lock().await;
    if let Some(found) = slot.get() {
        return Ok(Some(found));
    }
    let made = load::whole(app, layer).await?.map(Arc::new);
    slot.set(made.clone());
    Ok(made)
}

/// After a change of a layer: the next picture. A layer that nobody has asked for yet is left alone.
pub fn watch<'a>(app: &'a App, event: &'a Recorded) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        if let Some(told) = event.read::<LayerChanged>() {
            take(app, &told, true).await;
        }
    })
}

/// Takes a change in. `all` takes one in that does not follow on what is held, by reading the whole layer.
async fn take(app: &App, told: &LayerChanged, all: bool) {
    let Some(layer) = app.city.get::<Layers>().get(&told.layer).cloned() else { return };
    let slot = slot(app, &told.layer);
    let _one = slot.making.lock().await;
    let Some(before) = slot.get().filter(|before| before.generation < told.generation) else { return };
    if !all && before.generation + 1 != told.generation {
        return;
    }
    match next(app, &layer, &before, told).await {
        Ok(made) => slot.set(made.map(Arc::new)),
        Err(error) => {
            tracing::error!(%error, layer = told.layer, "the layer will be read when it is next needed");
            slot.set(None);
        }
    }
}

async fn next(app: &App, layer: &Layer, before: &Snapshot, told: &LayerChanged) -> Result<Option<Snapshot>, Internal> {
    let features =
        told.features.as_ref().filter(|_| told.generation == before.generation + 1 && before.index.edits() < EDITS_MAX);
    match features {
        Some(features) => load::changed(app, layer, before, told.generation, features).await.map(Some),
        None => load::whole(app, layer).await,
    }
}

/// Shows what was just committed in this process, so that whoever made a change sees it in the next answer. Where others
/// changed the layer at the same time, it waits until theirs are taken in too.
pub async fn shown(app: &App, told: &LayerChanged) {
    take(app, told, false).await;
    let slot = slot(app, &told.layer);
    let waiting = async {
        loop {
            let notified = slot.shown.notified();
            if slot.get().is_none_or(|snapshot| snapshot.generation >= told.generation) {
                return;
            }
            notified.await;
        }
    };
    drop(tokio::time::timeout(SHOWN_WITHIN, waiting).await);
}
