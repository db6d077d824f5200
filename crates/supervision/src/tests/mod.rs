//! Supervision over dossiers that are handed in and handled for this, on both databases.

mod counting;
mod support;
