//! All SQL of the archive.

pub mod batches;
pub mod disposals;
pub mod entries;
pub mod fill;
