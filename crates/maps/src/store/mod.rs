//! All SQL of the maps.

pub mod bases;
pub mod features;
pub mod imported;
pub mod layers;
