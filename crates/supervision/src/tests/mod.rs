//! Supervision over dossiers that are handed in and handled for this, on both databases.

mod content;
mod counting;

use songhan_app::Module;

pub fn modules() -> Vec<Module> {
    [songhan_services::modules(), vec![crate::module()]].concat()
}
