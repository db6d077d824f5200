//! Phí, lệ phí: the fees of a channel, out of the cell, its note and the description.
//!
//! The portal prints "Miễn phí" for every amount of nought, also where the note has the fee ("Miễn phí(150.000
//! đồng/giấy)"), and some ministries entered thousands ("40 Việt Nam Đồng(40.000đ/giấy thông hành)"). So the note
//! decides; a cell of thousands is read only if the note repeats it in full. `1200 VNĐ` without a note stays text: it
//! stands at a procedure that embassies handle, where fees are in dollars.

use serde::{Deserialize, Serialize};

use crate::amount::{self, Scan, scan};
use crate::cell::FeeCell;
use crate::money::value;
use crate::text::{bare, fold, says_no, says_nothing, squeeze};
use crate::{Bound, Currency, Kind, Reading};

/// Where in the row the amount stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Cell,
    Note,
    Description,
}

/// Mức phí: one amount that a row states, with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    /// Whole đồng, or whole dollars.
    pub amount: i64,
    pub currency: Currency,
    pub bound: Bound,
    /// What it is charged for: "lần", "hồ sơ", "lô hàng/lần".
    pub per: Option<String>,
    /// The words around it: which fee, in which case, until when.
    pub description: String,
    pub place: Place,
}

/// Below this an amount in đồng is one of thousands with the thousands left out.
const THOUSANDS_LOST: i64 = 1_000;

pub fn read(cell: FeeCell<'_>, kind: Kind, note: &str, description: &str) -> Reading<Vec<FeeLine>> {
    let (noted, described) = (scan(note), scan(description));
    let unread = || Reading::Text(published(cell, note, description));
    if noted.unclear || described.unclear {
        return unread();
    }
    let more = more_lines(&noted, note, &described, description);
    let repeats = |amount| more.iter().any(|line| line.amount == amount && line.currency == Currency::Dong);
    match cell {
        FeeCell::Free | FeeCell::Absent if !more.is_empty() => Reading::Read(more),
        FeeCell::Free if !described.stated.is_empty() => Reading::Read(vec![]),
        FeeCell::Free => free(kind, note, description).unwrap_or_else(unread),
        FeeCell::Absent if names_a_fee(description) => unread(),
        FeeCell::Absent => Reading::Absent,
        FeeCell::Amount(figure, currency) => match plain(figure, currency) {
            Some(1) if described.stated.iter().any(|found| found.amount == 0) => Reading::Read(vec![]),
            Some(amount) if currency == Currency::Dong && amount < THOUSANDS_LOST => {
                // "155 VNĐ(155 USD/thẻ)": the cell has the wrong currency.
                let dollars = more.iter().any(|line| line.amount == amount && line.currency == Currency::UsDollar);
                if dollars || repeats(amount * 1_000) { Reading::Read(more) } else { unread() }
            }
            Some(amount) => Reading::Read(with_cell(amount, currency, note, more)),
            None => unread(),
        },
        FeeCell::Glued(figure, _) => {
            let tails = (1..figure.len()).filter_map(|at| plain(&figure[at..], Currency::Dong));
            let told = tails.into_iter().any(|amount| repeats(amount) || repeats(amount.saturating_mul(1_000)));
            if told { Reading::Read(more) } else { unread() }
        }
    }
}

/// The cell's figure as printed, thousands lost or not.
fn plain(figure: &str, currency: Currency) -> Option<i64> {
    figure.parse().ok().or_else(|| value(figure, 1, currency)).filter(|amount| *amount > 0)
}

/// The lines of note and description; an amount told twice in different places is one line.
fn more_lines(noted: &Scan, note: &str, described: &Scan, description: &str) -> Vec<FeeLine> {
    let mut lines = lines(noted, note, Place::Note);
    for line in self::lines(described, description, Place::Description) {
        let told = lines.iter().any(|other| other.place == Place::Note && same(other, &line));
        if !told {
            lines.push(line);
        }
    }
    lines
}

fn same(one: &FeeLine, other: &FeeLine) -> bool {
    (one.amount, one.currency) == (other.amount, other.currency)
}

fn lines(scan: &Scan, text: &str, place: Place) -> Vec<FeeLine> {
    let mut start = 0;
    let mut lines = Vec::new();
    for (i, found) in scan.stated.iter().enumerate() {
        let next = scan.stated.get(i + 1).map_or(text.len(), |next| next.start);
        if found.amount > 0 {
            let (currency, bound, per) = (found.currency, found.bound, found.per.clone());
            let description = words(text, start, (found.start, found.end), next);
            lines.push(FeeLine { amount: found.amount, currency, bound, per, description, place });
        }
        start = found.end;
    }
    lines
}

/// The words of an amount: those before it since the last amount or stop, and after it those that limit it.
fn words(text: &str, start: usize, (from, to): (usize, usize), next: usize) -> String {
    let stop =
        |text: &str| [";", "\n", ". ", " - ", "  "].iter().filter_map(|s| text.rfind(s).map(|at| at + s.len())).max();
    let before = &text[start..from];
    let lead = before.trim_end_matches([' ', '-', '+', ':']);
    let before = bare(&before[stop(lead).unwrap_or(0)..]);
    let before = if before.chars().filter(|c| c.is_alphabetic()).count() > 2 { before } else { "" };
    let after = &text[to..next];
    let end = [";", "\n", ". ", " - "].iter().filter_map(|s| after.find(s)).min().unwrap_or(after.len());
    let after = bare(&after[..end]);
    let limits = ["(", "kể từ", "đến ", "áp dụng", "đối với", "khi ", "cho "];
    let after = if before.is_empty() || limits.iter().any(|word| after.starts_with(word)) { after } else { "" };
    balanced(&squeeze(&format!("{before} {after}")))
}

/// Without a bracket at either end that has no other half.
fn balanced(text: &str) -> String {
    if let Some(inside) =
        text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).filter(|text| !text.contains(['(', ')']))
    {
        return bare(inside).to_owned();
    }
    let (open, close) = (text.matches('(').count(), text.matches(')').count());
    let text = if open > close { text.strip_prefix('(').unwrap_or(text) } else { text };
    let text = if close > open { text.strip_suffix(')').unwrap_or(text) } else { text };
    bare(text).to_owned()
}

/// The cell's own line before the others, which may repeat it (then theirs has the words).
fn with_cell(amount: i64, currency: Currency, note: &str, more: Vec<FeeLine>) -> Vec<FeeLine> {
    if more.iter().any(|line| (line.amount, line.currency) == (amount, currency)) {
        return more;
    }
    let folded = fold(note);
    let unit_at = ["đồng", "đông", "đ"].iter().find_map(|word| {
        folded.trim_start_matches([' ', '(']).strip_prefix(word).map(|rest| folded.len() - rest.len())
    });
    let (per, end) = amount::per(note, &folded, unit_at.unwrap_or(0));
    let description = if more.is_empty() { squeeze(bare(&note[end..])) } else { String::new() };
    let cell = FeeLine { amount, currency, bound: Bound::Exact, per, description, place: Place::Cell };
    [vec![cell], more].concat()
}

/// "Miễn phí" without any amount: free, or nothing prescribed; `None` where the note or description sends the reader
/// to a circular or a council, or frees only some.
fn free(kind: Kind, note: &str, description: &str) -> Option<Reading<Vec<FeeLine>>> {
    if note.trim().is_empty() {
        return (!names_a_fee(description)).then_some(Reading::Read(vec![]));
    }
    if says_nothing(note) {
        return Some(Reading::Absent);
    }
    let text = fold(bare(note));
    let waived = ["không thu", "miễn lệ phí", "miễn phí", "miễn thu"].iter().any(|word| text.starts_with(word));
    let for_some =
        ["đối với", "cho người", "quyết định", "được quy định tại", "hội đồng"].iter().any(|word| text.contains(word));
    let for_online = kind == Kind::Online && text.contains("đối với trường hợp đăng ký qua mạng");
    (says_no(note) || (waived && (!for_some || for_online))).then_some(Reading::Read(vec![]))
}

/// True where a description has a paragraph on fees ("Phí : Thông tư số …", "Phí, lệ phí (nếu có): …").
fn names_a_fee(description: &str) -> bool {
    fold(description).lines().map(bare).any(|line| {
        ["phí", "lệ phí", "phí, lệ phí", "mức thu", "mức phí"].iter().any(|word| {
            let Some(rest) = line.strip_prefix(word) else { return false };
            let rest = rest.trim_start();
            rest.starts_with(':')
                || rest.strip_prefix("(nếu có)").is_some_and(|rest| rest.trim_start().starts_with(':'))
        })
    })
}

fn published(cell: FeeCell<'_>, note: &str, description: &str) -> String {
    let cell = match cell {
        FeeCell::Free => "Miễn phí".to_owned(),
        FeeCell::Absent => String::new(),
        FeeCell::Amount(figure, Currency::Dong) | FeeCell::Glued(figure, Currency::Dong) => format!("{figure} VNĐ"),
        FeeCell::Amount(figure, Currency::UsDollar) | FeeCell::Glued(figure, Currency::UsDollar) => {
            format!("{figure} USD")
        }
    };
    let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
    let words = if names_a_fee(description) { format!(" {description}") } else { String::new() };
    squeeze(&format!("{cell}{note}{words}"))
}

#[cfg(test)]
mod tests;
