//! Căn cứ pháp lý: the laws a procedure rests on.
//!
//! Rows are title and number without a gap: `Luật Nhà ở số 27/2023/QH1527/2023/QH15`. A row ends where a number is glued
//! to what follows; a title that is itself a number, or ends in one, is put together with its row again.

use serde::{Deserialize, Serialize};

use crate::Reading;
use crate::text::{bare, digits, fold, says_no, says_nothing, squeeze, without_furniture};

const HEADING: &str = "Tên văn bản pháp lýMã văn bản";

/// Văn bản pháp lý.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Law {
    /// Số, ký hiệu: `38/2024/NĐ-CP`.
    pub number: String,
    pub title: String,
    /// The day of signing, `2024-04-05`, where the title has it.
    pub date: Option<String>,
}

/// The laws; `Text` where the cell does not end in a number and so was not wholly read.
pub fn read(published: &str) -> Reading<Vec<Law>> {
    let text = without_furniture(published);
    let table = text.strip_prefix(HEADING).unwrap_or(text);
    if says_nothing(table) || says_no(table) {
        return Reading::Absent;
    }
    let mut laws: Vec<Law> = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(at) = table[from..].find(|c: char| c.is_ascii_digit()).map(|at| from + at) {
        let at = at + year_before(&table[..at], &table[at..]);
        let Some(length) = number_at(&table[at..]) else {
            from = at + digits(&table[at..]).0.len();
            continue;
        };
        from = at + length;
        if table[from..].starts_with([' ', ',', ';', '.', ')', '/', '\n', '\t', ':', '"', '”']) {
            continue;
        }
        push(&mut laws, &table[start..at], &table[at..from]);
        start = from;
    }
    let whole = bare(&table[start..]).is_empty() && !laws.is_empty();
    if whole { Reading::Read(laws) } else { Reading::Text(squeeze(table)) }
}

/// The length of a year that ends the title and runs into the number: `… năm 2024100/2024/NĐ-CP`.
fn year_before(before: &str, text: &str) -> usize {
    let (run, _) = digits(text);
    let dated = ["năm", "/"].iter().any(|word| before.trim_end().ends_with(word));
    let year = run.starts_with("19") || run.starts_with("20");
    if dated && year && run.len() > 4 { 4 } else { 0 }
}

/// Adds a row, or gives the last one back its title: `…số 27/2023/QH15` + `27/2023/QH15` is one row.
fn push(laws: &mut Vec<Law>, title: &str, number: &str) {
    let title = squeeze(bare(title));
    let kind_only = matches!(
        fold(&title).as_str(),
        "" | "số" | "nghị định" | "nghị định số" | "luật" | "luật số" | "thông tư" | "thông tư số" | "quyết định số"
    );
    match laws.last_mut() {
        Some(last) if (kind_only || title.starts_with(char::is_lowercase)) && last.number == number => {
            let title = squeeze(&format!("{} {number} {}", last.title, if kind_only { "" } else { &title }));
            last.date = date(&title);
            title.trim().clone_into(&mut last.title);
        }
        _ => laws.push(Law { number: number.to_owned(), date: date(&title), title }),
    }
}

/// The length of a law's number at the start of `text`: `109/2024/QH15`, `3/2018/TT-BTC`, `1456/QĐ-BTC`, `17/VBHN-BTC`.
fn number_at(text: &str) -> Option<usize> {
    let (order, rest) = digits(text);
    let mut rest = rest.strip_prefix('/').filter(|_| order.len() <= 5)?;
    let (year, after) = digits(rest);
    if year.len() == 4 {
        rest = after.strip_prefix('/')?;
    }
    let symbol = symbol(rest)?;
    Some(text.len() - rest.len() + symbol)
}

/// The length of the symbol: parts of capitals joined by `-`. Where a title follows without a gap, its capital is not
/// the symbol's (`NĐ-CPLuật`), and a law of the Assembly ends in two digits (`QH1527/2023` is `QH15`).
fn symbol(text: &str) -> Option<usize> {
    for assembly in ["QH", "UBTVQH", "PL-UBTVQH", "NQ-UBTVQH"] {
        if let Some(rest) = text.strip_prefix(assembly) {
            let (term, _) = digits(rest);
            return Some(assembly.len() + term.len().min(2)).filter(|_| !term.is_empty());
        }
    }
    let end = text.find(|c: char| !(c.is_uppercase() || c == '-')).unwrap_or(text.len());
    if text[..end].ends_with("TT") && text[end..].starts_with('g') {
        return Some(end + 1);
    }
    let run = text[..end].trim_end_matches('-');
    let followed = text[run.len()..].chars().next();
    let known = ["CP", "BTC", "BTP", "BCA", "BXD", "NHNN", "BNNMT", "BTNMT", "BGTVT", "BNNPTNT", "BKHĐT", "BYT", "BCT"];
    let run = match followed {
        Some(c) if c.is_lowercase() => {
            let all = known.iter().find(|agency| run.ends_with(**agency)).map_or(0, |_| run.len());
            let shorter = run.len() - run.chars().next_back()?.len_utf8();
            if known.iter().any(|agency| run[..shorter].ends_with(agency)) || all == 0 { shorter } else { all }
        }
        _ => run.len(),
    };
    (text[..run].chars().filter(|c| c.is_uppercase()).count() > 1).then_some(text[..run].trim_end_matches('-').len())
}

/// `ngày 26/12/2013` or `ngày 26 tháng 7 năm 2024` as `2013-12-26`.
fn date(title: &str) -> Option<String> {
    let text = fold(title);
    text.match_indices("ngày ").find_map(|(at, word)| {
        let (day, rest) = digits(&text[at + word.len()..]);
        let rest = rest.strip_prefix('/').or_else(|| rest.strip_prefix(" tháng "))?;
        let (month, rest) = digits(rest.trim_start());
        let rest = rest.strip_prefix('/').or_else(|| rest.strip_prefix(" năm "))?;
        let (year, _) = digits(rest.trim_start());
        let (day, month): (u32, u32) = (day.parse().ok()?, month.parse().ok()?);
        let real = (1..=31).contains(&day) && (1..=12).contains(&month) && year.len() == 4;
        real.then(|| format!("{year}-{month:02}-{day:02}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        let reading = read(&format!("{HEADING}{text}"));
        reading.value().unwrap_or_else(|| panic!("{reading:?}")).iter().map(|law| law.number.clone()).collect()
    }

    #[test]
    fn rows_without_a_gap() {
        assert_eq!(
            numbers(
                "Nghị định số 100/2024/NĐ-CP ngày 26 tháng 7 năm 2024 của Chính phủ100/2024/NĐ-CPLuật Nhà ở số 27/2023/QH1527/2023/QH15"
            ),
            ["100/2024/NĐ-CP", "27/2023/QH15"]
        );
        assert_eq!(
            numbers("Luật Các tổ chức tín dụngLuật số 32/2024/QH1550/2025/TT-NHNNsố 50/2025/TT-NHNN"),
            ["32/2024/QH15", "50/2025/TT-NHNN"]
        );
        assert_eq!(
            numbers("Quyết định số 09/2023/QĐ-TTg09/2023/QĐ-TTgPháp lệnh26/2005/PL-UBTVQH11"),
            ["09/2023/QĐ-TTg", "26/2005/PL-UBTVQH11"]
        );
        assert_eq!(
            numbers("Về cắt giảm17/2026/NQ-CPsửa đổi các Nghị định33/2026/NĐ-CP"),
            ["17/2026/NQ-CP", "33/2026/NĐ-CP"]
        );
    }

    #[test]
    fn titles_and_dates() {
        let reading = read(&format!("{HEADING}Nghị định số 100/2024/NĐ-CP ngày 26 tháng 7 năm 2024100/2024/NĐ-CP"));
        let law = &reading.value().expect("laws")[0];
        assert_eq!((law.date.as_deref(), law.number.as_str()), (Some("2024-07-26"), "100/2024/NĐ-CP"));
        assert_eq!(date("ngày 03/8/2022"), Some("2022-08-03".to_owned()));
    }

    #[test]
    fn a_row_without_a_number_leaves_the_cell_text() {
        assert!(read("Tên văn bản pháp lýMã văn bảnLuật Đất đaiĐang cập nhật").is_text());
        assert_eq!(read("Không có thông tin"), Reading::Absent);
    }
}
