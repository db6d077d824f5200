//! Form 05: whose hands a dossier went through, and whether each was in time.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Head;

/// Phiếu kiểm soát quá trình giải quyết hồ sơ.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ProcessSheet {
    #[serde(flatten)]
    pub head: Head,
    /// Mã số hồ sơ.
    pub dossier: String,
    /// Cơ quan phối hợp giải quyết hồ sơ.
    #[serde(default)]
    pub others: Vec<String>,
    /// The procedure's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
    /// When the dossier came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<DateTime>,
    /// When the result is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime>,
    /// From hand to hand, the oldest first.
    #[serde(default)]
    pub handovers: Vec<Handover>,
}

/// Giao, nhận: one hand gives, another takes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Handover {
    /// Giao.
    pub from: Party,
    /// Nhận.
    pub to: Party,
    /// When.
    pub at: DateTime,
    /// Until when the one who gives was to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime>,
    /// Kết quả giải quyết of the one who gives; absent where nothing was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Timeliness>,
    /// Ghi chú.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A desk, and who sits at it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Party {
    /// Bộ phận, cơ quan.
    pub desk: String,
    /// Họ và tên.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Trước hạn, đúng hạn, quá hạn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timeliness {
    /// On an earlier day than it was due.
    Early,
    /// On the day.
    OnTime,
    Late,
}

impl Timeliness {
    /// Whether what was due at `due` came in time at `at`.
    pub fn of(at: DateTime, due: DateTime) -> Self {
        if at > due {
            Self::Late
        } else if at.date() < due.date() {
            Self::Early
        } else {
            Self::OnTime
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_decides_between_early_and_on_time() {
        let due = jiff::civil::date(2026, 11, 24).at(17, 0, 0, 0);
        for (day, hour, is) in [
            (23, 16, Timeliness::Early),
            (24, 8, Timeliness::OnTime),
            (24, 17, Timeliness::OnTime),
            (24, 18, Timeliness::Late),
        ] {
            assert_eq!(Timeliness::of(jiff::civil::date(2026, 11, day).at(hour, 0, 0, 0), due), is);
        }
    }
}
