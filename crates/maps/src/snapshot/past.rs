//! Layers as they were: pictures of past moments, made when somebody asks for one. A few are kept, since whoever looks at
//! a day looks at many tiles of it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::Timestamp;
use songhan_app::App;
use songhan_base::Internal;
use tokio::sync::Semaphore;

use super::{Snapshot, load};
use crate::layer::{Layer, Reach};
use crate::store::{bases, features, layers};

/// So many are kept, and so many features in them all; the one asked for last stays even if it is greater.
const KEPT_MAX: usize = 8;
const FEATURES_MAX: usize = 1_000_000;
/// So many are made at once: each may be a whole layer on its way.
const MAKING_MAX: usize = 2;

/// What a layer was: between two changes it was the same, whichever moment is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    base: i64,
    /// How many edits the base had seen by then.
    edits: i64,
}

impl State {
    /// Below zero, so that it is never one of the layer as it is now; another one for each state.
    const fn generation(self) -> i64 {
        -((self.base << 32) + self.edits + 1)
    }
}

#[derive(Default)]
struct Slot {
    making: tokio::sync::Mutex<()>,
    made: OnceLock<Arc<Snapshot>>,
}

struct Kept {
    state: State,
    slot: Arc<Slot>,
    features: usize,
}

struct Past {
    /// What was asked for last stands last.
    kept: Mutex<Vec<Kept>>,
    making: Semaphore,
}

impl Default for Past {
    fn default() -> Self {
        Self { kept: Mutex::default(), making: Semaphore::new(MAKING_MAX) }
    }
}

impl Past {
    fn slot(&self, state: State) -> Arc<Slot> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().position(|one| one.state == state).map(|at| kept.remove(at));
        let one = known.unwrap_or_else(|| Kept { state, slot: Arc::default(), features: 0 });
        let slot = one.slot.clone();
        kept.push(one);
        trim(&mut kept);
        slot
    }

    /// What was made weighs from now on.
    fn weigh(&self, state: State, features: usize) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = kept.iter_mut().find(|one| one.state == state) {
            one.features = features;
        }
        trim(&mut kept);
    }
}

fn trim(kept: &mut Vec<Kept>) {
    let too_much =
        |kept: &[Kept]| kept.len() > KEPT_MAX || kept.iter().map(|one| one.features).sum::<usize>() > FEATURES_MAX;
    while kept.len() > 1 && too_much(kept) {
        kept.remove(0);
    }
}

/// The layer as it was at a moment; `None` before its first import. Its generation is of that state alone: an ETag or a
/// key of a cache that names it never meets another's. Where nothing has changed since, it is the layer as it is now.
pub async fn past(app: &App, layer: &Layer, moment: Timestamp) -> Result<Option<Arc<Snapshot>>, Internal> {
    // Before the edits are counted: what is committed meanwhile makes a generation that is not this one.
    let standing = layers::standing(&app.db, &layer.code).await?.unwrap_or_default();
    let Some(base) = bases::at(&app.db, &layer.code, moment).await? else { return Ok(None) };
    let edits = features::edits(&app.db, base, moment).await?;
    if standing.base == Some(base) && edits.since == 0 {
        let now = super::of(app, layer).await?;
        if let Some(now) = now.filter(|now| now.base == base && now.generation == standing.generation) {
            return Ok(Some(now));
        }
    }
    let state = State { base, edits: edits.until };
    let past = app.memory.get_or(Past::default);
    let slot = past.slot(state);
    if let Some(made) = slot.made.get() {
        return Ok(Some(made.clone()));
    }
    let _one = slot.making.lock().await;
    if let Some(made) = slot.made.get() {
        return Ok(Some(made.clone()));
    }
    let _few = past.making.acquire().await.map_err(Internal::new)?;
    let made = Arc::new(load::at(app, layer, base, state.generation(), moment).await?);
    // An edit of just that moment may have been committed while it was read: then it is of no state that has a name.
    if features::edits(&app.db, base, moment).await?.until == edits.until {
        past.weigh(state, made.index.count(&Reach::Everything));
        drop(slot.made.set(made.clone()));
    }
    Ok(Some(made))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(edits: i64) -> State {
        State { base: 3, edits }
    }

    #[test]
    fn what_is_kept_is_bounded_by_number_and_by_features() {
        let past = Past::default();
        for edits in 0..20 {
            past.slot(state(edits));
            past.slot(state(0));
        }
        let numbers = |past: &Past| past.kept.lock().unwrap().iter().map(|one| one.state.edits).collect::<Vec<_>>();
        assert_eq!(numbers(&past), [13, 14, 15, 16, 17, 18, 19, 0], "what is used stays");
        past.weigh(state(19), 600_000);
        past.weigh(state(0), 600_000);
        assert_eq!(numbers(&past), [0]);
        past.weigh(state(0), 5_000_000);
        assert_eq!(numbers(&past), [0], "one that is too great is still there for the next tile");
    }

    #[test]
    fn states_have_generations_of_their_own() {
        let other = State { base: 4, edits: 0 };
        let all = [state(0).generation(), state(1).generation(), other.generation()];
        assert!(all.iter().all(|generation| *generation < 0));
        assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
    }
}
