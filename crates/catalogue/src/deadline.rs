//! Thời hạn giải quyết: the deadline of a channel.
//!
//! The time cell decides. Where it has no term, a description that is one plain sentence ("15 ngày kể từ ngày nhận được
//! hồ sơ hợp lệ") is read; stages, cases and extensions stay text. "1.5 Ngày làm việc" stays text: a term is whole.

use serde::{Deserialize, Serialize};

use crate::Reading;
use crate::cell::TimeCell;
use crate::text::{digits, fold, squeeze};

/// The unit of a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Ngày làm việc.
    WorkingDays,
    /// Ngày: by the calendar.
    Days,
    /// Tháng.
    Months,
    /// Giờ.
    Hours,
}

impl Unit {
    /// As printed in a time cell; the longer label before the one it begins with.
    pub(crate) const fn labels() -> [(&'static str, Self); 4] {
        [(" Ngày làm việc", Self::WorkingDays), (" Ngày", Self::Days), (" Tháng", Self::Months), (" Giờ", Self::Hours)]
    }
}

/// A whole number of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    pub amount: u32,
    pub unit: Unit,
}

/// A sentence longer than this is an account of the procedure, not its deadline.
const SENTENCE_MAX: usize = 400;
/// Words that make a term one of several, or not the term of the whole.
const PARTIAL: [&str; 12] = [
    "trường hợp",
    "đối với",
    "kéo dài",
    "gia hạn",
    "bổ sung",
    "không tính",
    "chưa kể",
    "trước ngày",
    "hàng năm",
    "lấy ý kiến",
    "chậm nhất",
    "thông báo",
];

/// The deadline, and whether the description disagrees about its unit.
pub fn read(cell: TimeCell<'_>, description: &str) -> (Reading<Term>, bool) {
    let stated = stated(description);
    match cell {
        TimeCell::Term(number, unit) => match number.parse() {
            Ok(amount) if amount > 0 => {
                let term = Term { amount, unit };
                let disputed = !stated.contains(&term) && stated.iter().any(|other| other.amount == amount);
                (Reading::Read(term), disputed)
            }
            _ => (Reading::Text(cell_text(number, unit)), false),
        },
        TimeCell::Bare(text) | TimeCell::Words(text) if stated.is_empty() && !crate::text::says_no(text) => {
            (Reading::Text(text.to_owned()), false)
        }
        _ if stated.is_empty() => (Reading::Absent, false),
        _ => match plain_sentence(description, &stated) {
            Some(term) => (Reading::Read(term), false),
            None => (Reading::Text(squeeze(description)), false),
        },
    }
}

fn cell_text(number: &str, unit: Unit) -> String {
    let label = Unit::labels().into_iter().find(|(_, other)| *other == unit).map_or("", |(label, _)| label);
    format!("{number}{label}")
}

fn plain_sentence(description: &str, stated: &[Term]) -> Option<Term> {
    let text = fold(description);
    let [term] = stated else { return None };
    let plain = text.len() <= SENTENCE_MAX && !PARTIAL.iter().any(|word| text.contains(word));
    (plain && (text.contains("kể từ") || text.contains("thời hạn giải quyết"))).then_some(*term)
}

/// Every term that a text states, dates and times of day left out.
pub fn stated(text: &str) -> Vec<Term> {
    let text = fold(text);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(|c: char| c.is_ascii_digit()).map(|at| from + at) {
        let (number, rest) = digits(&text[at..]);
        from = at + number.len();
        let before = text[..at].trim_end();
        let part_of_a_number = text[..at].ends_with(['.', ',', '/', '-']);
        let dated = ["ngày", "tháng", "năm", "lúc", "sau", "trước", "đến"].iter().any(|word| before.ends_with(word));
        let unit = unit_after(rest);
        let of_day = dated && (unit != Some(Unit::WorkingDays)) && !before.ends_with("sau");
        let clock = dated && unit == Some(Unit::Hours);
        match (unit, number.parse()) {
            (Some(unit), Ok(amount)) if amount > 0 && !part_of_a_number && !of_day && !clock => {
                found.push(Term { amount, unit });
            }
            _ => {}
        }
    }
    found
}

/// The unit right after a number, past a number in words: `05 (năm) ngày làm việc`.
fn unit_after(rest: &str) -> Option<Unit> {
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('(').and_then(|inside| inside.split_once(')')) {
        Some((words, after)) if words.chars().count() < 30 => after.trim_start(),
        _ => rest,
    };
    for (word, unit) in
        [("ngày làm việc", Unit::WorkingDays), ("ngày", Unit::Days), ("giờ", Unit::Hours), ("tháng", Unit::Months)]
    {
        if let Some(after) = rest.strip_prefix(word) {
            let date = unit == Unit::Months && after.trim_start().starts_with(|c: char| c.is_ascii_digit());
            return (!date && !after.starts_with(char::is_alphabetic)).then_some(unit);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn days(amount: u32) -> Term {
        Term { amount, unit: Unit::Days }
    }

    #[test]
    fn terms_but_no_dates() {
        assert_eq!(
            stated("Trong thời hạn 05 (năm) ngày làm việc, kể từ ngày 01 tháng 7 năm 2025"),
            [Term { amount: 5, unit: Unit::WorkingDays }]
        );
        assert_eq!(stated("sau 15 giờ cùng ngày; Nghị định 99/2022; ngày 03/8/2022; 24/24 giờ"), []);
        assert_eq!(stated("trong vòng 03 tháng"), [Term { amount: 3, unit: Unit::Months }]);
    }

    #[test]
    fn the_cell_stands_and_a_dispute_is_marked() {
        let (term, disputed) =
            read(TimeCell::Term("10", Unit::Days), "Trong thời hạn 10 ngày làm việc kể từ ngày nhận");
        assert_eq!((term, disputed), (Reading::Read(days(10)), true));
    }

    #[test]
    fn a_plain_sentence_fills_an_empty_cell() {
        assert_eq!(read(TimeCell::Absent, "15 ngày kể từ ngày nhận được hồ sơ hợp lệ").0, Reading::Read(days(15)));
    }

    #[test]
    fn stages_and_numbers_without_a_unit_stay_text() {
        let stages = "- Tiếp nhận: 03 ngày làm việc kể từ khi nhận; - Thẩm định: 40 ngày";
        assert_eq!(read(TimeCell::Absent, stages).0, Reading::Text(stages.to_owned()));
        assert_eq!(read(TimeCell::Bare("1"), "").0, Reading::Text("1".to_owned()));
        assert_eq!(read(TimeCell::Term("1.5", Unit::WorkingDays), "").0, Reading::Text("1.5 Ngày làm việc".to_owned()));
    }

    #[test]
    fn nothing_stated() {
        assert_eq!(read(TimeCell::Absent, "Nộp tại Sở").0, Reading::Absent);
        assert_eq!(read(TimeCell::Words("Không"), "").0, Reading::Absent);
    }
}
