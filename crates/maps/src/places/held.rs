//! The words of each layer that is searched, as this process holds them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use songhan_app::Cx;
use songhan_base::Internal;

use super::index::{Gathering, Index};
use crate::View;
use crate::layer::{Layer, Search};
use crate::snapshot;
use crate::store::features;

/// Features read at once.
const PAGE: i64 = 2_000;
/// After an edit a layer's words are gathered anew at most so often: what is found is read from the database in any case,
/// so that an edit shows at once in what is found, and a new name is found a little later.
const GATHERED_AFTER: Duration = Duration::from_secs(10);
/// A layer with more rows is gathered beside the searches, which go on with the words of before.
const ROWS_AT_ONCE: usize = 50_000;

/// A layer's words with what they were gathered from.
pub struct Held {
    pub base: i64,
    generation: i64,
    gathered_at: Timestamp,
    pub index: Index,
}

#[derive(Default)]
struct Slot {
    held: Mutex<Option<Arc<Held>>>,
    gathering: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Slots(Mutex<HashMap<String, Arc<Slot>>>);

impl Slot {
    fn get(&self) -> Option<Arc<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The words of a layer; none before its first import.
pub async fn of(cx: &Cx, layer: &Arc<Layer>, search: &Search) -> Result<Option<Arc<Held>>, Internal> {
    let Some(now) = snapshot::of(cx, layer).await? else { return Ok(None) };
    let slot = {
        let slots = cx.memory.get_or(Slots::default);
        let mut slots = slots.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry(layer.code.clone()).or_default().clone()
    };
    let fresh = |held: &Arc<Held>| {
        let age = cx.now().duration_since(held.gathered_at).unsigned_abs();
        held.base == now.base && (held.generation == now.generation || age < GATHERED_AFTER)
    };
    if let Some(held) = slot.get().filter(fresh) {
        return Ok(Some(held));
    }
    let stale = slot.get().filter(|held| held.base == now.base && held.index.len() > ROWS_AT_ONCE);
    if let Some(held) = stale {
        // The next search finds what this one began; if the process ends first, nothing is lost.
        let (cx, layer, search) = (cx.clone(), layer.clone(), search.clone());
        let (base, generation) = (now.base, now.generation);
        tokio::spawn(async move {
            let Ok(_one) = slot.gathering.try_lock() else { return };
            if let Err(error) = renew(&cx, &layer, &search, &slot, base, generation).await {
                tracing::warn!(layer = layer.code, %error, "the words of a layer could not be gathered");
            }
        });
        return Ok(Some(held));
    }
    // One gathers; whoever comes meanwhile waits for the same words.
    let _one = slot.gathering.lock().await;
    if let Some(held) = slot.get().filter(fresh) {
        return Ok(Some(held));
    }
    renew(cx, layer, search, &slot, now.base, now.generation).await.map(Some)
}

async fn renew(
    cx: &Cx,
    layer: &Arc<Layer>,
    search: &Search,
    slot: &Slot,
    base: i64,
    generation: i64,
) -> Result<Arc<Held>, Internal> {
    let index = gather(cx, layer, search, base).await?;
    tracing::debug!(layer = layer.code, rows = index.len(), "the words of a layer were gathered");
    let held = Arc::new(Held { base, generation, gathered_at: cx.now(), index });
    *slot.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(held.clone());
    Ok(held)
}

async fn gather(cx: &Cx, layer: &Arc<Layer>, search: &Search, base: i64) -> Result<Index, Internal> {
    let view = cx.city.get::<View>();
    let mut gathering = Gathering::default();
    let mut after = 0;
    loop {
        let page = features::page(&cx.db, base, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.feature;
        let (layer, search, parlance) = (layer.clone(), search.clone(), view.parlance.clone());
        let push = move || {
            let mut gathering = gathering;
            page.iter().try_for_each(|feature| gathering.push(&layer, &search, &parlance, feature)).map(|()| gathering)
        };
        gathering = tokio::task::spawn_blocking(push).await.map_err(Internal::new)??;
    }
    tokio::task::spawn_blocking(|| gathering.finish()).await.map_err(Internal::new)
}
