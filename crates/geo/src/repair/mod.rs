//! Broken shapes made whole, or refused with the reason; never dropped silently and never passed on broken.
//!
//! What is whole (OGC 06-103r4 §6.1, as the `Validation` of the `geo` crate reads it) comes back as it was given, save
//! that rings are turned by the right-hand rule (RFC 7946 §3.1.6), which is no fault. What is not is repaired by
//! structure, as PostGIS and JTS do it: a ring is what it winds around, holes are taken out of their exterior, parts are
//! put together; a hole that lies outside of its exterior altogether is an area of its own.
//!
//! A repair works on a grid of whole numbers 2^-30 of a degree apart (0.1 mm), on which every test is exact: edges are
//! cut where they meet (`node`), the faces between them are told inside or outside (`faces`) and their borders walked
//! (`trace`). The step is a power of two, so that going back to floating-point numbers moves nothing. Corners that were
//! given keep their coordinates where that does no harm.

mod areas;
mod boxes;
mod contact;
mod faces;
mod graph;
mod grid;
mod node;
mod shape;
mod trace;

#[cfg(test)]
mod tests;

pub use shape::repair;

use geo_types::{Geometry, Rect};
use std::{collections::BTreeSet, fmt};

/// What a layer takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Any,
    /// Điểm.
    Points,
    /// Đường.
    Lines,
    /// Vùng.
    Areas,
}

/// What a shape may cost and where it may lie.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub coordinates_max: usize,
    /// Collections inside collections.
    pub depth_max: usize,
    /// Where coordinates may lie. The grid of a repair is fitted to it.
    pub bounds: Rect<f64>,
}

impl Default for Limits {
    /// Half a million coordinates anywhere in WGS 84.
    fn default() -> Self {
        Self { coordinates_max: 500_000, depth_max: 16, bounds: Rect::new((-180.0, -90.0), (180.0, 90.0)) }
    }
}

/// What became of a shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Was valid; its rings may have been turned.
    Whole {
        geometry: Geometry<f64>,
    },
    Repaired {
        geometry: Geometry<f64>,
        what: Vec<What>,
    },
    Refused {
        reason: Reason,
    },
}

impl Outcome {
    fn of(result: Result<Geometry<f64>, Reason>, faults: Faults) -> Self {
        match result {
            Err(reason) => Self::Refused { reason },
            Ok(geometry) if faults.is_empty() => Self::Whole { geometry },
            Ok(geometry) => Self::Repaired { geometry, what: faults.into_iter().collect() },
        }
    }

    /// The shape, unless it was refused.
    pub fn into_geometry(self) -> Result<Geometry<f64>, Reason> {
        match self {
            Self::Whole { geometry } | Self::Repaired { geometry, .. } => Ok(geometry),
            Self::Refused { reason } => Err(reason),
        }
    }
}

/// A fault that was repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    RingClosed,
    RepeatedPoints,
    SelfIntersection,
    Spike,
    HoleOutside,
    HolesOverlap,
    PartsOverlap,
    SharedEdge,
    InteriorCut,
    PartCollapsed,
    PartEmpty,
    Snapped,
}

impl What {
    /// A short name for reports that programs read; never changed.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RingClosed => "ring-closed",
            Self::RepeatedPoints => "repeated-points",
            Self::SelfIntersection => "self-intersection",
            Self::Spike => "spike",
            Self::HoleOutside => "hole-outside",
            Self::HolesOverlap => "holes-overlap",
            Self::PartsOverlap => "parts-overlap",
            Self::SharedEdge => "shared-edge",
            Self::InteriorCut => "interior-cut",
            Self::PartCollapsed => "part-collapsed",
            Self::PartEmpty => "part-empty",
            Self::Snapped => "snapped",
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RingClosed => "a ring was not closed",
            Self::RepeatedPoints => "points were repeated",
            Self::SelfIntersection => "a ring crossed or touched itself",
            Self::Spike => "a ring ran out and back along the same line",
            Self::HoleOutside => "a hole lay outside of its area, in whole or in part",
            Self::HolesOverlap => "holes overlapped",
            Self::PartsOverlap => "parts overlapped",
            Self::SharedEdge => "rings ran along each other",
            Self::InteriorCut => "holes cut an area in pieces",
            Self::PartCollapsed => "a part without area or length was left out",
            Self::PartEmpty => "an empty part was left out",
            Self::Snapped => "rings crossed or touched by less than the grid can tell, 0.1 mm",
        })
    }
}

type Faults = BTreeSet<What>;

/// Why a shape cannot be taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Reason {
    #[error("the shape has a coordinate that is not a number ({x} {y}): correct it at its source")]
    NotFinite { x: f64, y: f64 },
    #[error("coordinate {x} {y} lies outside of the range: check the reference system and the order of the axes")]
    OutOfRange { x: f64, y: f64 },
    #[error("the shape is empty: leave it out or draw it")]
    Empty,
    #[error(
        "nothing is left of the area, its corners lie in a line or its holes cover it: draw it again, or as a line or a point"
    )]
    ZeroArea,
    #[error("the line has no length, all its points are in one place: draw it as a point")]
    ZeroLength,
    #[error("the shape is a {given} but the layer takes {expected}: choose another layer")]
    WrongKind { given: &'static str, expected: &'static str },
    #[error("the shape has {given} coordinates, more than {max}: simplify it or divide it")]
    TooManyCoordinates { given: usize, max: usize },
    #[error("collections are nested more than {max} levels deep: take them apart")]
    TooDeep { max: usize },
    #[error("the rings cross so often that the area cannot be told: draw it again")]
    TooTangled,
}

/// What a shape may still cost, in comparisons; so that one made to be slow is refused instead.
struct Steps(u64);

impl Steps {
    fn for_coordinates(count: usize) -> Self {
        let count = count as u64;
        Self((2_000_000 + 20_000 * count).min(100_000_000 + 1_000 * count))
    }

    fn take(&mut self, steps: u64) -> Result<(), Reason> {
        self.0 = self.0.checked_sub(steps).ok_or(Reason::TooTangled)?;
        Ok(())
    }
}
