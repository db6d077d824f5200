//! Thủ tục hành chính: one procedure of the national catalogue, as read.

use serde::{Deserialize, Serialize};

use crate::{Applicant, Channel, Law, Level, Outcome, PaperCase, Reading, Step};

/// One procedure. Texts are composed (NFC) Vietnamese as published; an empty string is an empty cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NationalProcedure {
    /// Mã thủ tục: `1.000178`.
    pub code: String,
    /// Tên thủ tục.
    pub name: String,
    /// Số quyết định: the decision that made the procedure public, `5568/QĐ-BCA`.
    pub decision: String,
    /// Loại thủ tục.
    pub class: String,
    /// Cấp thực hiện.
    pub levels: Vec<Level>,
    /// Lĩnh vực.
    pub field: String,
    /// Đối tượng thực hiện.
    pub applicants: Vec<Applicant>,
    /// Cơ quan thực hiện.
    pub agency: String,
    /// Cơ quan có thẩm quyền.
    pub authority: String,
    /// Cơ quan phối hợp.
    pub with_agencies: String,
    /// Địa chỉ tiếp nhận hồ sơ.
    pub address: String,
    /// Trình tự thực hiện.
    pub steps: Reading<Vec<Step>>,
    /// Cách thức thực hiện.
    pub channels: Reading<Vec<Channel>>,
    /// Thành phần hồ sơ.
    pub papers: Reading<Vec<PaperCase>>,
    /// Kết quả xử lý.
    pub results: Vec<Outcome>,
    /// Căn cứ pháp lý.
    pub laws: Reading<Vec<Law>>,
    /// Yêu cầu, điều kiện: prose, never taken apart.
    pub conditions: Reading<String>,
    /// The page it was published on.
    pub source: String,
    /// The ministry whose list it stands in, `bo-tu-phap`.
    pub ministry: String,
}

impl NationalProcedure {
    /// True where a city's own offices handle it.
    pub fn is_local(&self) -> bool {
        self.levels.iter().any(|level| matches!(level, Level::Province | Level::Commune))
    }

    /// The rows of the channel table; none where it could not be read.
    pub fn rows(&self) -> &[Channel] {
        self.channels.value().map_or(&[], Vec::as_slice)
    }
}
