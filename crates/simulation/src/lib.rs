//! A full city, simulated: people by the million and the dossiers of years, to see how the system bears them. Whatever
//! is made here says so where it shows: people and dossiers carry «(mô phỏng)» behind their names.
//!
//! Cases move through their workflows by the engine's own rules, in memory; only the writing is done in bulk. No events,
//! notices, charges or audit rows come of what they did; supervision counts it. What is overdue in the end, or soon will
//! be, is told by the sweep like everything else.

mod dice;
mod dossiers;
mod residents;
#[cfg(test)]
mod tests;

pub use dice::Dice;
pub use dossiers::{Dossiers, hands_in_at, simulate_dossiers, simulate_dossiers_at};
pub use residents::{LABEL, Residents, simulate_residents};
