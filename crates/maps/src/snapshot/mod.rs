//! What a process holds of each layer in memory: an index of boxes, and the shapes made ready for tiles. The database is
//! the truth; this is a picture of it under a generation, never changed, replaced when the layer has changed ([`watch`]).
//! Whoever began with one ends with it.

mod index;
mod load;
mod past;
mod renew;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use songhan_app::{App, BoxFuture};
use songhan_base::Internal;
use songhan_db::Recorded;
use songhan_geo::tile::PreparedLayer;

pub use index::{Entry, Index, IndexBuilder};
pub use past::past;
pub use renew::warm;

use crate::events::LayerChanged;
use crate::layer::{Layer, Layers};

/// So many edits beside the index, if a renewal cannot keep up with them, are too many to go on.
const EDITS_MAX: usize = 16_384;
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
    renewal: Mutex<Renewal>,
}

/// Whether the layer is being read anew behind the requests.
#[derive(Default)]
enum Renewal {
    #[default]
    None,
    /// With the features that were edited since it began.
    Under(Vec<i64>),
    /// What is being read is not what will be needed.
    Overtaken,
}

impl Slot {
    fn get(&self) -> Option<Arc<Snapshot>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, snapshot: Option<Arc<Snapshot>>) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        self.shown.notify_waiters();
    }

    fn renewal(&self) -> std::sync::MutexGuard<'_, Renewal> {
        self.renewal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// False where one is under way.
    fn begin_renewal(&self) -> bool {
        let mut renewal = self.renewal();
        let free = matches!(*renewal, Renewal::None);
        if free {
            *renewal = Renewal::Under(Vec::new());
        }
        free
    }

    fn end_renewal(&self) {
        *self.renewal() = Renewal::None;
    }

    /// What was edited since the renewal began; none where the layer was replaced.
    fn meanwhile(&self) -> Option<Vec<i64>> {
        match &*self.renewal() {
            Renewal::Under(features) => Some(features.clone()),
            Renewal::None | Renewal::Overtaken => None,
        }
    }

    /// Notes an edit, or that all may be other than it was.
    fn note(&self, edited: Option<&[i64]>) {
        let mut renewal = self.renewal();
        let Renewal::Under(features) = &mut *renewal else { return };
        match edited {
            Some(edited) => {
                let fresh: Vec<i64> = edited.iter().filter(|one| !features.contains(one)).copied().collect();
                features.extend(fresh);
            }
            None => *renewal = Renewal::Overtaken,
        }
    }
}

#[derive(Default)]
struct Slots(Mutex<HashMap<String, Arc<Slot>>>);

fn slot(app: &App, layer: &str) -> Arc<Slot> {
    let slots = app.memory.get_or(Slots::default);
    let mut slots = slots.0.lock().unwrap_or_else(PoisonError::into_inner);
    slots.entry(layer.to_owned()).or_default().clone()
}

/// Whether the layer is in memory.
#[cfg(test)]
pub fn is_held(app: &App, layer: &Layer) -> bool {
    slot(app, &layer.code).get().is_some()
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
        Ok(made) => {
            slot.note(told.features.as_deref().filter(|_| before.generation + 1 == told.generation));
            slot.set(made.map(Arc::new));
            renew::if_wanted(app, &layer, &slot);
        }
        Err(error) => {
            slot.note(None);
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
