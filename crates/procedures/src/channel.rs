//! The channels by which a dossier can be handed in: fees and deadlines differ by them.

use serde::{Deserialize, Serialize};

/// Hình thức nộp: how a dossier is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Trực tiếp tại Bộ phận Một cửa.
    Counter,
    /// Trực tuyến.
    Online,
    /// Qua bưu chính công ích.
    Post,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Counter, Self::Online, Self::Post];

    /// The national code.
    pub const fn number(self) -> i64 {
        match self {
            Self::Counter => 1,
            Self::Online => 2,
            Self::Post => 3,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Online => "online",
            Self::Post => "post",
        }
    }

    pub fn of(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.number() == number)
    }
}
