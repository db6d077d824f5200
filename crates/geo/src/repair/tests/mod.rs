//! By hand, by construction and by chance; what comes out is judged by the `Validation` of the `geo` crate.

mod broken;
mod by_chance;
mod by_hand;

use super::*;
use geo::Validation;
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon, coord};

/// Small whole numbers as a ring at Đà Nẵng, `unit` degrees apart.
fn ring(corners: &[(i32, i32)], unit: f64) -> LineString<f64> {
    let at = |(x, y): (i32, i32)| coord! { x: 108.2 + f64::from(x) * unit, y: 16.05 + f64::from(y) * unit };
    LineString(corners.iter().copied().map(at).collect())
}

fn polygon(rings: &[&[(i32, i32)]], unit: f64) -> Polygon<f64> {
    Polygon::new(ring(rings[0], unit), rings[1..].iter().map(|hole| ring(hole, unit)).collect())
}

/// Repairs and holds against everything that is promised of any outcome.
fn checked(geometry: &Geometry<f64>) -> Outcome {
    let outcome = repair(geometry.clone(), Expected::Any, &Limits::default());
    match &outcome {
        Outcome::Whole { geometry: whole } => {
            assert!(geometry.is_valid(), "taken for whole: {geometry:?}");
            assert!(whole.is_valid(), "{whole:?}");
            assert_eq!(corners(whole), corners(geometry), "whole, but changed");
        }
        Outcome::Repaired { geometry: repaired, what } => {
            assert!(!what.is_empty());
            assert!(repaired.is_valid(), "from {geometry:?}\nto {repaired:?}");
            let again = repair(repaired.clone(), Expected::Any, &Limits::default());
            assert_eq!(again, Outcome::Whole { geometry: repaired.clone() }, "from {geometry:?}");
        }
        Outcome::Refused { reason } => assert!(!reason.to_string().is_empty()),
    }
    outcome
}

fn corners(geometry: &Geometry<f64>) -> Vec<(u64, u64)> {
    use geo::CoordsIter;
    let mut all: Vec<_> = geometry.coords_iter().map(|at| (at.x.to_bits(), at.y.to_bits())).collect();
    all.sort_unstable();
    // A ring that is turned begins and ends elsewhere at most.
    all.dedup();
    all
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn unit(&mut self) -> f64 {
        self.below(1 << 53) as f64 / 2f64.powi(53)
    }
}
