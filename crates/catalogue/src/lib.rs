//! The reader of the national catalogue of administrative procedures (cơ sở dữ liệu quốc gia về thủ tục hành chính).
//!
//! The catalogue is published as one JSON record a line, its tables flattened to running text without separators:
//! `Trực tuyến3 Ngày làm việc80,000 Việt Nam Đồng(/hồ sơ)Trực tiếp…`. This crate takes the tables apart again: the
//! channels with their deadlines and fees, the papers with originals and copies, the steps, results and laws.
//!
//! What always holds:
//! - Nothing is guessed. What is stated but not clear stays [`Reading::Text`]; what is honestly not stated
//!   ("Không có thông tin", "không quy định") is [`Reading::Absent`]; both are counted ([`Tally`]).
//! - A record that is not of the published form is [`Refused`] with a reason, and no other record suffers from it.
//! - The same line gives the same reading: no clock, no chance, no I/O.

mod amount;
mod cell;
mod channels;
mod count;
mod deadline;
mod fee;
mod form;
mod laws;
mod money;
mod papers;
mod procedure;
mod record;
mod results;
mod steps;
mod text;
mod who;

pub use amount::{Bound, Currency};
pub use channels::{Channel, Kind};
pub use count::Tally;
pub use deadline::{Term, Unit};
pub use fee::{FeeLine, Place};
pub use laws::Law;
pub use papers::{Paper, PaperCase};
pub use procedure::NationalProcedure;
pub use record::{Reader, Refused, read};
pub use results::Outcome;
pub use steps::Step;
pub use who::{Applicant, Level};

use serde::{Deserialize, Serialize};

/// What became of one cell of the published text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading<T> {
    /// Read.
    Read(T),
    /// Stated, but not clearly enough to be read: the words as published.
    Text(String),
    /// The source says that it has no information, or that nothing is prescribed.
    Absent,
}

impl<T> Reading<T> {
    /// The value, where it was read.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Text(_) | Self::Absent => None,
        }
    }

    pub const fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }
}
