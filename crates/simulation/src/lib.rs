//! A full city, simulated: people by the million and the dossiers of years, to see how the system bears them. Whatever
//! is made here says so where it shows: people and dossiers carry «(mô phỏng)» behind their names.
//!
//! Cases move through their workflows by the engine's own rules, in memory; only the writing is done in bulk. No events,
//! notices, charges or audit rows come of them; supervision counts them.

mod dice;
mod dossiers;
mod residents;
#[cfg(test)]
mod tests;

pub use dice::Dice;
pub use dossiers::{Dossiers, simulate_dossiers, simulate_dossiers_at};
pub use residents::{LABEL, Residents, simulate_residents};
