//! Readings in Vietnamese words: the national catalogue is in Vietnamese, and what is quoted of it stays so.

use songhan_base::Money;
use songhan_catalogue::{Applicant, Bound, Channel, Currency, FeeLine, Kind, Level, Reading, Term, Unit};

pub const fn channel(kind: Kind) -> &'static str {
    match kind {
        Kind::Online => "Trực tuyến",
        Kind::Counter => "Trực tiếp",
        Kind::Post => "Bưu chính",
    }
}

pub fn term(term: Term) -> String {
    let unit = match term.unit {
        Unit::WorkingDays => "ngày làm việc",
        Unit::Days => "ngày",
        Unit::Months => "tháng",
        Unit::Hours => "giờ làm việc",
    };
    format!("{} {unit}", term.amount)
}

/// As read, or as published; `None` where nothing is said.
pub fn deadline(reading: &Reading<Term>) -> Option<String> {
    match reading {
        Reading::Read(read) => Some(term(*read)),
        Reading::Text(text) => Some(text.clone()),
        Reading::Absent => None,
    }
}

/// `80.000 đ mỗi hồ sơ: cấp lại`.
pub fn fee(line: &FeeLine) -> String {
    let amount = match line.currency {
        Currency::Dong => Money(line.amount).to_string(),
        Currency::UsDollar => format!("{} USD", line.amount),
    };
    let bound = match line.bound {
        Bound::Exact => "",
        Bound::AtLeast => "từ ",
        Bound::AtMost => "không quá ",
    };
    let per = line.per.as_ref().map_or(String::new(), |per| format!("/{per}"));
    let about = if line.description.is_empty() { String::new() } else { format!(": {}", line.description) };
    format!("{bound}{amount}{per}{about}")
}

/// The fees of a row, as read or as published; empty where nothing is said.
pub fn fees(row: &Channel) -> Vec<String> {
    match &row.fees {
        Reading::Read(lines) if lines.is_empty() => vec!["không thu".to_owned()],
        Reading::Read(lines) => lines.iter().map(fee).collect(),
        Reading::Text(text) => vec![text.clone()],
        Reading::Absent => Vec::new(),
    }
}

pub const fn level(level: Level) -> &'static str {
    match level {
        Level::Central => "Cấp bộ",
        Level::Province => "Cấp tỉnh",
        Level::Commune => "Cấp xã",
        Level::Other => "Cơ quan khác",
    }
}

/// Our names of those who may apply; what the catalogue does not list stays as it is written.
pub fn applicant(applicant: &Applicant) -> &str {
    match applicant {
        Applicant::Citizen => "citizen",
        Applicant::OverseasVietnamese => "overseas",
        Applicant::Foreigner | Applicant::ResidentForeigner => "foreigner",
        Applicant::Official => "official",
        Applicant::Firm | Applicant::VietnameseFirm | Applicant::ForeignInvestedFirm => "business",
        Applicant::Cooperative => "cooperative",
        Applicant::Organisation | Applicant::ForeignOrganisation | Applicant::Party => "organisation",
        Applicant::Unlisted(name) => name,
    }
}

#[cfg(test)]
mod tests {
    use songhan_catalogue::Place;

    use super::*;

    #[test]
    fn fees_in_words() {
        let line = FeeLine {
            amount: 40_000,
            currency: Currency::Dong,
            bound: Bound::AtMost,
            per: Some("hồ sơ".to_owned()),
            description: "cấp lại".to_owned(),
            place: Place::Note,
        };
        assert_eq!(fee(&line), "không quá 40.000\u{a0}đ/hồ sơ: cấp lại");
        let dollars = FeeLine {
            currency: Currency::UsDollar,
            amount: 10,
            bound: Bound::Exact,
            per: None,
            description: String::new(),
            ..line
        };
        assert_eq!(fee(&dollars), "10 USD");
    }
}
