//! Tiles kept in memory, each under the generation of its layer: what was kept of an older one is never asked for again
//! and goes when there is no room.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;

use super::grid::Drawn;

/// All kept tiles together.
const BYTES_MAX: usize = 64 << 20;
/// What a tile costs beside its bytes.
const ENTRY_BYTES: usize = 128;
/// Each part has a lock of its own, so that requests on two cores seldom wait for each other.
const PARTS: usize = 16;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub drawn: Drawn,
    pub layer: String,
    pub generation: i64,
    pub z: u8,
    pub x: u32,
    pub y: u32,
}

/// A tile as it is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub bytes: Bytes,
    /// How many features of how many stand in it, where not all do.
    pub thinned: Option<(usize, usize)>,
}

#[derive(Default)]
pub struct Cache([Mutex<Part>; PARTS]);

/// Two ages: what is asked for moves to the young one; when that is full it becomes the old one, and what was old goes.
#[derive(Default)]
struct Part {
    young: HashMap<Key, Kept>,
    old: HashMap<Key, Kept>,
    young_bytes: usize,
}

impl Cache {
    pub fn get(&self, key: &Key) -> Option<Kept> {
        let mut part = self.part(key);
        if let Some(kept) = part.young.get(key) {
            return Some(kept.clone());
        }
        let kept = part.old.remove(key)?;
        part.put(key.clone(), kept.clone());
        Some(kept)
    }

    pub fn put(&self, key: Key, kept: Kept) {
        self.part(&key).put(key, kept);
    }

    fn part(&self, key: &Key) -> std::sync::MutexGuard<'_, Part> {
        let at = (key.x as usize).wrapping_mul(31).wrapping_add(key.y as usize).wrapping_add(usize::from(key.z) * 7);
        self.0[at % PARTS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Part {
    fn put(&mut self, key: Key, kept: Kept) {
        let room = BYTES_MAX / PARTS / 2;
        let bytes = kept.bytes.len() + ENTRY_BYTES;
        if self.young_bytes + bytes > room {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        if bytes <= room && self.young.insert(key, kept).is_none() {
            self.young_bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(generation: i64, x: u32) -> Key {
        Key { drawn: Drawn::Names, layer: "trees".into(), generation, z: 9, x, y: 0 }
    }

    fn kept(bytes: usize) -> Kept {
        Kept { bytes: vec![0; bytes].into(), thinned: None }
    }

    #[test]
    fn a_generation_has_tiles_of_its_own() {
        let cache = Cache::default();
        cache.put(key(1, 0), kept(10));
        assert!(cache.get(&key(1, 0)).is_some());
        assert!(cache.get(&key(2, 0)).is_none());
    }

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let cache = Cache::default();
        let used = key(1, 0);
        cache.put(used.clone(), kept(1_000));
        for x in (PARTS as u32..).step_by(PARTS).take(2_000) {
            cache.put(key(1, x), kept(10_000));
            assert!(cache.get(&used).is_some());
        }
        let part = cache.part(&used);
        let held: usize = part.young.values().chain(part.old.values()).map(|kept| kept.bytes.len()).sum();
        assert!(held <= BYTES_MAX / PARTS, "{held}");
    }
}
