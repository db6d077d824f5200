//! The ten statuses that the national portal knows; every state of every workflow is one of them.

use serde::{Deserialize, Serialize};
use songhan_base::Lang;

/// Trạng thái hồ sơ theo Cổng dịch vụ công quốc gia. The number is what is exchanged with other systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub enum National {
    /// Mới đăng ký.
    Registered = 1,
    /// Được tiếp nhận.
    Accepted = 2,
    /// Không được tiếp nhận.
    NotAccepted = 3,
    /// Đang xử lý.
    Processing = 4,
    /// Yêu cầu bổ sung giấy tờ.
    SupplementRequested = 5,
    /// Yêu cầu thực hiện nghĩa vụ tài chính.
    FinancialDuty = 6,
    /// Công dân yêu cầu rút hồ sơ.
    Withdrawn = 7,
    /// Dừng xử lý.
    Stopped = 8,
    /// Đã xử lý xong.
    Done = 9,
    /// Đã trả kết quả.
    Returned = 10,
}

impl National {
    pub const ALL: [Self; 10] = [
        Self::Registered,
        Self::Accepted,
        Self::NotAccepted,
        Self::Processing,
        Self::SupplementRequested,
        Self::FinancialDuty,
        Self::Withdrawn,
        Self::Stopped,
        Self::Done,
        Self::Returned,
    ];

    pub const fn number(self) -> i64 {
        self as i64
    }

    /// A word for APIs and style sheets.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Accepted => "accepted",
            Self::NotAccepted => "not_accepted",
            Self::Processing => "processing",
            Self::SupplementRequested => "supplement_requested",
            Self::FinancialDuty => "financial_duty",
            Self::Withdrawn => "withdrawn",
            Self::Stopped => "stopped",
            Self::Done => "done",
            Self::Returned => "returned",
        }
    }

    /// For people.
    pub const fn name(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => match self {
                Self::Registered => "Mới đăng ký",
                Self::Accepted => "Được tiếp nhận",
                Self::NotAccepted => "Không được tiếp nhận",
                Self::Processing => "Đang xử lý",
                Self::SupplementRequested => "Yêu cầu bổ sung giấy tờ",
                Self::FinancialDuty => "Yêu cầu thực hiện nghĩa vụ tài chính",
                Self::Withdrawn => "Công dân yêu cầu rút hồ sơ",
                Self::Stopped => "Dừng xử lý",
                Self::Done => "Đã xử lý xong",
                Self::Returned => "Đã trả kết quả",
            },
            Lang::En => match self {
                Self::Registered => "Newly registered",
                Self::Accepted => "Accepted",
                Self::NotAccepted => "Not accepted",
                Self::Processing => "Being processed",
                Self::SupplementRequested => "More papers requested",
                Self::FinancialDuty => "Payment requested",
                Self::Withdrawn => "Withdrawn by the applicant",
                Self::Stopped => "Stopped",
                Self::Done => "Processed",
                Self::Returned => "Result returned",
            },
        }
    }
}

impl TryFrom<i64> for National {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|status| status.number() == number)
            .ok_or_else(|| format!("{number} is no national status; use a number from 1 to 10"))
    }
}

impl From<National> for i64 {
    fn from(status: National) -> Self {
        status.number()
    }
}

impl std::fmt::Display for National {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_portals() {
        let numbers: Vec<i64> = National::ALL.into_iter().map(National::number).collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
        assert_eq!(National::try_from(5), Ok(National::SupplementRequested));
        assert!(National::try_from(0).is_err() && National::try_from(11).is_err());
        assert_eq!(serde_json::to_string(&National::Returned).unwrap(), "10");
    }
}
