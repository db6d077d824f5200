//! Sao kê: statement files of banks and the gateway, read into lines. Three forms, told apart by their beginning: ISO
//! 20022 camt.053 (XML), the city's own table of a bank's statement, and the daily table of a gateway (both CSV).

mod camt053;
mod table;

use std::collections::BTreeSet;

use jiff::civil::Date;
use songhan_base::Money;

use crate::reconcile::{Direction, Line};

words!(
    /// Whose statement it is.
    Source, "source of a statement" {
        Bank = "bank",
        Gateway = "gateway",
    }
);

words!(
    /// How the file is written.
    Format, "form of a statement" {
        Camt053 = "camt.053",
        BankTable = "bank.csv",
        GatewayTable = "vnpay.csv",
        MomoTable = "momo.csv",
    }
);

/// A statement file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub source: Source,
    pub format: Format,
    pub accounts: BTreeSet<String>,
    pub first_day: Date,
    pub last_day: Date,
    pub lines: Vec<Line>,
}

/// Why a file is not read: where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Unreadable {
    pub line: usize,
    pub what: String,
}

fn unreadable(line: usize, what: impl Into<String>) -> Unreadable {
    Unreadable { line, what: what.into() }
}

/// More lines than a city's account has in a day.
const LINES_MAX: usize = 200_000;

/// Reads a file of any of the forms.
pub fn read(bytes: &[u8]) -> Result<Statement, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable(1, "the file is not UTF-8; save it as UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return Err(unreadable(1, "the file is empty"));
    }
    let statement = if text.starts_with('<') { camt053::read(text)? } else { table::read(text)? };
    if statement.accounts.is_empty() {
        return Err(unreadable(1, "the file names no account"));
    }
    if statement.first_day > statement.last_day {
        return Err(unreadable(1, "the statement ends before it begins"));
    }
    Ok(statement)
}

/// An amount above zero of whole đồng, perhaps with separators of thousands or two zeros behind a decimal point.
fn amount(text: &str) -> Option<Money> {
    let text = text.trim();
    let whole = text
        .strip_suffix(".00")
        .or_else(|| text.strip_suffix(",00"))
        .or_else(|| text.strip_suffix(".0"))
        .unwrap_or(text);
    let is_grouped = whole.contains(['.', ',', ' ']);
    let mut groups = whole.split(['.', ',', ' ']);
    let first = groups.next()?;
    let well_grouped = !first.is_empty() && first.len() <= 3 && groups.all(|group| group.len() == 3);
    if is_grouped && !well_grouped {
        return None;
    }
    let digits: String = whole.chars().filter(|c| !matches!(c, '.' | ',' | ' ')).collect();
    let good = (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    good.then(|| digits.parse().map(Money).ok()).flatten()
}

/// A day as `2026-11-20`, `20/11/2026` or the beginning of a stamp `20261120…`.
fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let head = text.get(..10).unwrap_or(text);
    if let Some(day) = head.len().eq(&10).then(|| head.parse::<Date>().ok()).flatten() {
        return Some(day);
    }
    Date::strptime("%d/%m/%Y", head).or_else(|_| Date::strptime("%Y%m%d", text.get(..8).unwrap_or(""))).ok()
}

/// One line of text, bounded.
fn short(text: &str, length: usize) -> String {
    songhan_base::clean_line(text).chars().take(length).collect()
}

/// An account number as it is compared.
fn account(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    ((1..=34).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(plain)
}

/// The days that lines cover, where the file does not say.
fn span(lines: &[Line]) -> Option<(Date, Date)> {
    let days = lines.iter().map(|line| line.booked_on);
    Some((days.clone().min()?, days.max()?))
}

/// A line with its texts bounded.
fn line(account: String, booked_on: Date, direction: Direction, amount: Money) -> Line {
    Line {
        account,
        booked_on,
        direction,
        amount,
        fee: Money::ZERO,
        reference: String::new(),
        end_to_end: String::new(),
        description: String::new(),
        is_reversal: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_and_days() {
        for good in ["1234567", "1.234.567", "1,234,567", "1 234 567", "1234567.00", "1.234.567,00"] {
            assert_eq!(amount(good), Some(Money(1_234_567)), "{good}");
        }
        for wrong in ["", "-5", "12.34", "1.2345", "5 đ", "1e3", "1234.567", "9999999999999999"] {
            assert_eq!(amount(wrong), None, "{wrong}");
        }
        for good in ["2026-11-20", "20/11/2026", "20261120093000", "2026-11-20T09:30:00+07:00"] {
            assert_eq!(day(good), Some(jiff::civil::date(2026, 11, 20)), "{good}");
        }
        for wrong in ["", "2026-02-30", "31/02/2026", "hôm nay", "2026", "ngày 20/11"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    proptest! {
        /// Nothing that anyone uploads ends the process.
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(<|account,date|txn_ref,amount|# from)?[\\PC\n,;<>/]{0,200}") {
            let _ = read(text.as_bytes());
        }
    }
}
