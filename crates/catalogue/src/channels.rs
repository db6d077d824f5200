//! Cách thức thực hiện: the table of channels, taken apart row by row.

use serde::{Deserialize, Serialize};

use crate::cell::{FeeCell, Head, head};
use crate::text::{ABSENT, without_furniture};
use crate::{FeeLine, Reading, Term, deadline, fee};

const HEADING: &str = "Hình thức nộpThời gianPhí, lệ phíMô tả";

/// Hình thức nộp: how a dossier is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Trực tuyến.
    Online,
    /// Trực tiếp.
    Counter,
    /// Dịch vụ bưu chính.
    Post,
}

impl Kind {
    pub(crate) const fn all() -> [Self; 3] {
        [Self::Online, Self::Counter, Self::Post]
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Online => "Trực tuyến",
            Self::Counter => "Trực tiếp",
            Self::Post => "Dịch vụ bưu chính",
        }
    }
}

/// One row of the table. A channel may have several rows, one for each case; the description tells them apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    pub kind: Kind,
    /// Thời hạn giải quyết.
    pub deadline: Reading<Term>,
    /// Phí, lệ phí. An empty list is "free of charge" (miễn phí). The lines are amounts that the row states, each with
    /// its words: alternatives, parts and dated rates among them, so they are never to be added up blindly.
    pub fees: Reading<Vec<FeeLine>>,
    /// What stands in brackets after the fee, as published; may be empty.
    pub note: String,
    /// Mô tả, as published; may be empty.
    pub description: String,
    /// The description has the same number in another unit ("10 Ngày" beside "10 ngày làm việc"): for a person to settle.
    pub disputed: bool,
}

/// The rows of the table; `Text` if it is not the published table.
pub fn read(published: &str) -> Reading<Vec<Channel>> {
    let text = without_furniture(published);
    let table = text.strip_prefix(HEADING).unwrap_or(text).trim_start();
    if table.is_empty() || table == ABSENT {
        return Reading::Absent;
    }
    let heads = heads(table);
    if heads.first().is_none_or(|first| first.0 != 0) {
        return Reading::Text(text.to_owned());
    }
    let ends = heads.iter().skip(1).map(|next| next.0).chain([table.len()]);
    Reading::Read(heads.iter().zip(ends).map(|((_, head), end)| row(head, table, end)).collect())
}

/// Every row head with its place.
fn heads(table: &str) -> Vec<(usize, Head<'_>)> {
    let mut found: Vec<_> = Kind::all()
        .into_iter()
        .flat_map(|kind| table.match_indices(kind.label()))
        .filter_map(|(at, _)| Some((at, head(&table[at..])?)))
        .collect();
    found.sort_unstable_by_key(|(at, _)| *at);
    found
}

fn row(head: &Head<'_>, table: &str, end: usize) -> Channel {
    let start = table.len() - head.rest.len();
    let rest = table.get(start..end).unwrap_or_default();
    let (note, description) = if head.fee == FeeCell::Absent { ("", rest) } else { split_note(rest) };
    // A note that swallowed the description may hold the deadline.
    let (deadline, disputed) = deadline::read(head.time, if description.is_empty() { note } else { description });
    Channel {
        kind: head.kind,
        deadline,
        fees: fee::read(head.fee, head.kind, note, description),
        note: note.trim().to_owned(),
        description: description.trim().to_owned(),
        disputed,
    }
}

/// The note in brackets and what follows it. Brackets nest; a list's `a)` and `1)` close none. Where one bracket is
/// missing, the note ends at the first that is glued to what follows, or goes on to the end of the row.
fn split_note(text: &str) -> (&str, &str) {
    let Some(inside) = text.strip_prefix('(').filter(|inside| !inside.trim().is_empty()) else {
        // The page was cut inside the note: what it said is lost, and "Miễn phí(" is not free.
        return if text.starts_with('(') { (text, "") } else { ("", text) };
    };
    let mut depth = 1;
    let mut glued = None;
    for (at, c) in inside.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 && closes_a_list_mark(&inside[..at]) => {}
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&inside[..at], &inside[at + 1..]);
        }
        if c == ')' && inside[at + 1..].starts_with(|c: char| c.is_alphanumeric() || c == '-') {
            glued = glued.or(Some(at + 1));
        }
    }
    inside.split_at(glued.unwrap_or(inside.len()))
}

/// True where the text before a closing bracket ends in `a`, `1` or `ii` at the start of a list item.
fn closes_a_list_mark(before: &str) -> bool {
    let mark = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let lead = before[..before.len() - mark.len()].trim_end();
    let starts_an_item = lead.is_empty() || lead.ends_with([';', '.', ':', '-', '+']);
    let short =
        mark.chars().count() == 1 || (!mark.is_empty() && mark.len() <= 3 && mark.chars().all(|c| "ivx".contains(c)));
    starts_an_item && short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unit;

    fn rows(text: &str) -> Vec<Channel> {
        read(&format!("{HEADING}{text}")).value().expect("a table").clone()
    }

    #[test]
    fn three_channels() {
        let rows = rows(
            "Trực tuyến5 Ngày làm việcMiễn phíDịch vụ bưu chính5 Ngày làm việcMiễn phíTrực tiếp15 NgàyMiễn phíXong.",
        );
        assert_eq!(rows.iter().map(|r| r.kind).collect::<Vec<_>>(), [Kind::Online, Kind::Post, Kind::Counter]);
        assert_eq!(rows[2].deadline, Reading::Read(Term { amount: 15, unit: Unit::Days }));
        assert_eq!((rows[1].description.as_str(), rows[2].description.as_str()), ("", "Xong."));
    }

    #[test]
    fn channels_named_in_a_description_stay_in_it() {
        let rows = rows("Trực tiếp7 NgàyMiễn phíTrực tiếp tại Ủy ban.Trực tuyến30 NgàyMiễn phí- Trực tuyến: qua Cổng.");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].description, "Trực tiếp tại Ủy ban.");
    }

    #[test]
    fn notes_nest_and_hold_lists() {
        assert_eq!(split_note("(một (hai) ba)bốn"), ("một (hai) ba", "bốn"));
        assert_eq!(
            split_note("(a) Cảng: 5 đồng; b) Khác: 3 đồng.)- Mô tả"),
            ("a) Cảng: 5 đồng; b) Khác: 3 đồng.", "- Mô tả")
        );
        assert_eq!(split_note("((i) Một: Không)Mô tả"), ("(i) Một: Không", "Mô tả"));
        assert_eq!(split_note("(1 lần)"), ("1 lần", ""));
        assert_eq!(split_note("(theo Điều 5)Mô tả"), ("theo Điều 5", "Mô tả"));
        assert_eq!(split_note("(đ/lần (Miễn phí)05 ngày"), ("đ/lần (Miễn phí)", "05 ngày"));
        assert_eq!(split_note("(5.000 đồng (cấp lại)  trong 3 ngày"), ("5.000 đồng (cấp lại)  trong 3 ngày", ""));
    }

    #[test]
    fn a_note_that_was_cut_off_leaves_the_fee_text() {
        assert_eq!(rows("Trực tuyến7 NgàyMiễn phí(")[0].fees, Reading::Text("Miễn phí (()".to_owned()));
        assert_eq!(rows("Trực tuyến7 NgàyMiễn phí()")[0].fees, Reading::Read(vec![]));
    }

    #[test]
    fn what_is_no_table_stays_text() {
        assert_eq!(read("Hình thức khác"), Reading::Text("Hình thức khác".to_owned()));
        assert_eq!(read(ABSENT), Reading::Absent);
    }
}
