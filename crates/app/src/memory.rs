//! What a module remembers in one process: limiters, queues, short caches. Lost at restart, told to no other process.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// One value of each type; modules use types of their own, so they cannot meet.
#[derive(Default)]
pub struct Memory(RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Memory {
    /// The value of type `T`, made on first use.
    pub fn get_or<T: Send + Sync + 'static>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<T>()).cloned();
        if let Some(found) = known.and_then(|value| value.downcast().ok()) {
            return found;
        }
        let made = Arc::new(make());
        let mut values = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Someone else may have been first between the two locks.
        let value = values.entry(TypeId::of::<T>()).or_insert_with(|| made.clone()).clone();
        value.downcast().unwrap_or(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_once() {
        let memory = Memory::default();
        assert_eq!(*memory.get_or(|| 1_u8), 1);
        assert_eq!(*memory.get_or(|| 2_u8), 1);
        assert_eq!(*memory.get_or(|| 2_u16), 2);
    }
}
