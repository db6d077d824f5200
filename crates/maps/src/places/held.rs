//! The words of each layer that is searched, as this process holds them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use songhan_app::Cx;
use songhan_base::Internal;

use super::index::Index;
use crate::layer::{Layer, Search};
use crate::snapshot;
use crate::store::features;

/// Features read at once.
const PAGE: i64 = 2_000;
/// After an edit a layer's words are gathered anew at most so often: what is found is read from the database in any case,
/// so that an edit shows at once in what is found, and a new name is found a little later.
const GATHERED_AFTER: Duration = Duration::from_secs(10);

/// A layer's words with what they were gathered from.
pub struct Held {
    pub base: i64,
    generation: i64,
    gathered_at: Timestamp,
    pub index: Index,
}

type Slot = Arc<tokio::sync::Mutex<Option<Arc<Held>>>>;

#[derive(Default)]
struct Slots(Mutex<HashMap<String, Slot>>);

/// The words of a layer; none before its first import.
pub async fn of(cx: &Cx, layer: &Layer, search: &Search) -> Result<Option<Arc<Held>>, Internal> {
    let Some(now) = snapshot::of(cx, layer).await? else { return Ok(None) };
    let slot = {
        let slots = cx.memory.get_or(Slots::default);
        let mut slots = slots.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry(layer.code.clone()).or_default().clone()
    };
    // One gathers; whoever comes meanwhile waits for the same words.
    let mut slot = slot.lock().await;
    if let Some(held) = slot.as_ref().filter(|held| held.base == now.base) {
        let age = cx.now().duration_since(held.gathered_at).unsigned_abs();
        if held.generation == now.generation || age < GATHERED_AFTER {
            return Ok(Some(held.clone()));
        }
    }
    let index = gather(cx, layer, search, now.base).await?;
    tracing::debug!(layer = layer.code, rows = index.len(), "the words of a layer were gathered");
    let held = Arc::new(Held { base: now.base, generation: now.generation, gathered_at: cx.now(), index });
    *slot = Some(held.clone());
    Ok(Some(held))
}

async fn gather(cx: &Cx, layer: &Layer, search: &Search, base: i64) -> Result<Index, Internal> {
    let mut index = Index::default();
    let mut after = 0;
    loop {
        let page = features::page(&cx.db, base, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(index) };
        after = last.feature;
        let (layer, search) = (layer.clone(), search.clone());
        let push = move || {
            let mut index = index;
            page.iter().try_for_each(|feature| index.push(&layer, &search, feature)).map(|()| index)
        };
        index = tokio::task::spawn_blocking(push).await.map_err(Internal::new)??;
    }
}
