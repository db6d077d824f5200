//! The head of one row of the channel table: channel, time cell and fee cell, printed without a gap.
//!
//! Odd shapes in the published file: a time without a unit (`Trực tuyến1Miễn phí`), and such a time run together with
//! the fee after it (`Trực tiếp125 VNĐ` is a time "1" and a fee "25 VNĐ").

use crate::text::{ABSENT, figure};
use crate::{Currency, Kind, Unit};

const FREE: &str = "Miễn phí";
/// How far words in a time cell may run before the fee cell begins.
const WORDS_MAX: usize = 240;

/// Thời gian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeCell<'a> {
    Absent,
    Term(&'a str, Unit),
    /// A number without a unit, or run together with the fee.
    Bare(&'a str),
    Words(&'a str),
}

/// Phí, lệ phí: the amount that the portal prints, before any note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeeCell<'a> {
    /// "Miễn phí": printed for every amount of nought, also where a note has the real amount.
    Free,
    Absent,
    Amount(&'a str, Currency),
    /// An amount with the figures of a time run into it.
    Glued(&'a str, Currency),
}

#[derive(Debug, PartialEq, Eq)]
pub struct Head<'a> {
    pub kind: Kind,
    pub time: TimeCell<'a>,
    pub fee: FeeCell<'a>,
    /// What follows the head: the fee's note in brackets, the description, the next rows.
    pub rest: &'a str,
}

/// The row head at the start of `text`, if there is one.
pub fn head(text: &str) -> Option<Head<'_>> {
    let (kind, cells) = Kind::all().into_iter().find_map(|kind| Some((kind, text.strip_prefix(kind.label())?)))?;
    let of = |time, (fee, rest)| Head { kind, time, fee, rest };
    if let Some(rest) = cells.strip_prefix(ABSENT) {
        return Some(of(TimeCell::Absent, fee(rest)?));
    }
    let (number, rest) = figure(cells);
    if number.is_empty() {
        return words(cells).map(|(words, found)| of(TimeCell::Words(words), found));
    }
    for (label, unit) in Unit::labels() {
        if let Some(found) = rest.strip_prefix(label).and_then(fee) {
            return Some(of(TimeCell::Term(number, unit), found));
        }
    }
    if let Some((currency, rest)) = currency(rest) {
        return Some(of(TimeCell::Bare(&cells[..cells.len() - rest.len()]), (FeeCell::Glued(number, currency), rest)));
    }
    fee(rest).map(|found| of(TimeCell::Bare(number), found))
}

fn fee(text: &str) -> Option<(FeeCell<'_>, &str)> {
    if let Some(rest) = text.strip_prefix(FREE) {
        return Some((FeeCell::Free, rest));
    }
    if let Some(rest) = text.strip_prefix(ABSENT) {
        return Some((FeeCell::Absent, rest));
    }
    let (number, rest) = figure(text);
    let (currency, rest) = currency(rest).filter(|_| !number.is_empty())?;
    Some((FeeCell::Amount(number, currency), rest))
}

fn currency(text: &str) -> Option<(Currency, &str)> {
    [(" Việt Nam Đồng", Currency::Dong), (" VNĐ", Currency::Dong), (" USD", Currency::UsDollar)]
        .into_iter()
        .find_map(|(label, currency)| Some((currency, text.strip_prefix(label)?)))
}

/// A time cell in words, such as "Không phải trả kết quả cho người nộp thuế"; only a fee cell right after it makes it
/// one, so that a channel named in a description does not begin a row.
fn words(text: &str) -> Option<(&str, (FeeCell<'_>, &str))> {
    if !text.starts_with(char::is_uppercase) {
        return None;
    }
    let line = &text[..text.find('\n').unwrap_or(text.len())];
    let (at, found) = [FREE, ABSENT]
        .into_iter()
        .filter_map(|mark| line.find(mark))
        .min()
        .filter(|at| *at > 0 && *at <= WORDS_MAX)
        .and_then(|at| Some((at, fee(&text[at..])?)))?;
    let words = &text[..at];
    Kind::all().into_iter().all(|kind| !words.contains(kind.label())).then_some((words.trim(), found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> (TimeCell<'_>, FeeCell<'_>) {
        let head = head(text).expect("a row");
        (head.time, head.fee)
    }

    #[test]
    fn plain_rows() {
        assert_eq!(cells("Trực tuyến3 Ngày làm việcMiễn phí"), (TimeCell::Term("3", Unit::WorkingDays), FeeCell::Free));
        assert_eq!(
            cells("Dịch vụ bưu chính11 Ngày250,000 VNĐ(x)"),
            (TimeCell::Term("11", Unit::Days), FeeCell::Amount("250,000", Currency::Dong))
        );
        assert_eq!(cells("Trực tiếpKhông có thông tinKhông có thông tin"), (TimeCell::Absent, FeeCell::Absent));
    }

    #[test]
    fn a_time_without_a_unit() {
        assert_eq!(cells("Trực tuyến1Miễn phí"), (TimeCell::Bare("1"), FeeCell::Free));
        let (time, fee) = cells("Trực tiếp125 VNĐ");
        assert_eq!((time, fee), (TimeCell::Bare("125 VNĐ"), FeeCell::Glued("125", Currency::Dong)));
    }

    #[test]
    fn a_time_in_words() {
        let (time, fee) = cells("Trực tuyếnKhông phải trả kết quả cho người nộp thuếMiễn phíQua Cổng");
        assert_eq!((time, fee), (TimeCell::Words("Không phải trả kết quả cho người nộp thuế"), FeeCell::Free));
        assert_eq!(cells("Trực tiếpKhôngKhông có thông tin"), (TimeCell::Words("Không"), FeeCell::Absent));
    }

    #[test]
    fn a_channel_named_in_a_description_is_no_row() {
        assert_eq!(head("Trực tiếp: tại Cục An ninh mạng. Không có thông tin"), None);
        assert_eq!(head("Trực tiếp tại Bộ phận Một cửa"), None);
        assert_eq!(head("Dịch vụ bưu chính\t02 Ngày làm việc\tPhí : Đồng"), None);
    }
}
