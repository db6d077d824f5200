//! Lets a program see every statement before it runs: a benchmark that repeats them without us, a test that counts them.

use std::sync::OnceLock;

use crate::Val;

/// What is told of a statement: its text (`BEGIN` and `COMMIT` too) and its values.
pub type Watcher = fn(&str, &[Val]);

static WATCHER: OnceLock<Watcher> = OnceLock::new();

/// Sets the watcher of this process, once; `false` when there is one. Values are people's data: they belong in no log.
pub fn watch_statements(watcher: Watcher) -> bool {
    WATCHER.set(watcher).is_ok()
}

pub(crate) fn saw(sql: &str, values: &[Val]) {
    if let Some(watcher) = WATCHER.get() {
        watcher(sql, values);
    }
}
