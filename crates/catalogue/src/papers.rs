//! Thành phần hồ sơ: the papers of a dossier, with originals and copies, case by case.
//!
//! A row ends in its numbers, glued to the text before: `Đơn đề nghị theo mẫuMau so 12.doc1 bản chính,1 bản sao`.
//! "01 bản chính" inside a name ends no row; in `ngày 25/6/20241 bản chính` only the last digit is the number.

use serde::{Deserialize, Serialize};

use crate::Reading;
use crate::form::name_and_form;
use crate::text::{digits, says_no, says_nothing, squeeze, without_furniture};

const HEADING: &str = "Tên giấy tờMẫu đơn, tờ khaiSố lượng";
const ORIGINALS: &str = " bản chính";
const COPIES: &str = " bản sao";

/// Trường hợp: the papers asked for in one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperCase {
    /// Which case; empty where there is only one.
    pub heading: String,
    pub papers: Vec<Paper>,
    /// What follows the last row and is no row; mostly empty.
    pub rest: String,
}

/// Giấy tờ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    pub name: String,
    /// Số bản chính. Nought of both: a remark or a heading among the papers, as published.
    pub originals: u32,
    /// Số bản sao.
    pub copies: u32,
    /// Mẫu đơn, tờ khai: the file of the form, where its name can be told from the paper's.
    pub form: Option<String>,
}

/// The cases; `Text` where the cell is not the published table.
pub fn read(published: &str) -> Reading<Vec<PaperCase>> {
    let text = without_furniture(published);
    if text.chars().all(|c| c == '-') || says_nothing(text) || says_no(text) {
        return Reading::Absent;
    }
    let mut parts = text.split(HEADING);
    let mut heading = clean_heading(parts.next().unwrap_or_default());
    let mut cases: Vec<PaperCase> = Vec::new();
    for part in parts {
        let (papers, rest) = rows(part);
        // What follows a case's last row is the heading of the next one.
        let next = clean_heading(rest);
        cases.push(PaperCase { heading: std::mem::replace(&mut heading, next), papers, rest: String::new() });
    }
    match cases.last_mut() {
        None => return Reading::Text(text.to_owned()),
        Some(last) => last.rest = heading,
    }
    let none = cases
        .iter()
        .all(|case| case.rest.is_empty() && case.papers.iter().all(|p| says_nothing(&p.name) || says_no(&p.name)));
    if none { Reading::Absent } else { Reading::Read(cases) }
}

fn clean_heading(text: &str) -> String {
    squeeze(text.trim_matches(|c: char| c.is_whitespace() || "-+*•:".contains(c)))
}

/// The rows of one case, and what follows the last.
fn rows(text: &str) -> (Vec<Paper>, &str) {
    let mut papers = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(at) = text[from..].find(ORIGINALS).map(|at| from + at) {
        from = at + ORIGINALS.len();
        if let Some(end) = row_end(&text[start..at], &text[from..]) {
            let (name, form) = name_and_form(text[start..at - 1].trim());
            papers.push(Paper { name, originals: end.originals, copies: end.copies, form });
            from += end.length;
            start = from;
        }
    }
    (papers, &text[start..])
}

struct RowEnd {
    originals: u32,
    copies: u32,
    /// How much of the text after "bản chính" belongs to the row.
    length: usize,
}

/// The row's numbers, if the text before and after "bản chính" makes this the end of a row.
fn row_end(before: &str, after: &str) -> Option<RowEnd> {
    let run = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (name, number) = before.split_at(before.len() - run);
    let originals = number.chars().next_back()?.to_digit(10)?;
    let copies = after.strip_prefix(',').and_then(|after| {
        let (count, rest) = digits(after);
        Some((count.parse().ok()?, after.len() - rest.strip_prefix(COPIES)?.len() + 1))
    });
    let glued = !name.ends_with([' ', '(', '\n']) && run == 1;
    let in_words = run == 2 && number.starts_with('0');
    let stop = after.starts_with([';', '.', ',', ':']);
    let goes_on = after.starts_with([' ', ')', '/', '\n']) || (stop && after[1..].starts_with(char::is_whitespace));
    let spaced = after.starts_with(' ') && glued && !name.is_empty() && !name.ends_with([':', ',']);
    let ends = match (run, copies) {
        (1, Some(_)) => glued,
        (1, None) => glued && (!goes_on || spaced),
        _ => !in_words && (copies.is_some() || !goes_on),
    };
    let (copies, length) = copies.unwrap_or((0, usize::from(stop)));
    ends.then_some(RowEnd { originals, copies, length })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn papers(text: &str) -> Vec<(String, u32, u32)> {
        let reading = read(&format!("--{HEADING}{text}"));
        let cases = reading.value().expect("a table");
        assert_eq!((cases.len(), cases[0].rest.as_str()), (1, ""), "{cases:?}");
        cases[0].papers.iter().map(|paper| (paper.name.clone(), paper.originals, paper.copies)).collect()
    }

    #[test]
    fn originals_and_copies() {
        assert_eq!(
            papers("- Đơn đề nghị;1 bản chính+ Bản sao Quyết định.0 bản chính,2 bản saoHợp đồng1 bản chính"),
            [("Đơn đề nghị".to_owned(), 1, 0), ("Bản sao Quyết định".to_owned(), 0, 2), ("Hợp đồng".to_owned(), 1, 0)]
        );
    }

    #[test]
    fn numbers_inside_a_name_end_no_row() {
        assert_eq!(papers("Hợp đồng (01 bản chính hoặc 01 bản sao có chứng thực)1 bản chính,1 bản sao").len(), 1);
        assert_eq!(papers("Phiếu yêu cầu: 01 bản chính1 bản chính+ 01 bản chính văn bản cho phép1 bản chính").len(), 2);
        assert_eq!(papers("Đơn cấp lại1 bản chính.Giấy phép1 bản chính").len(), 2);
        assert_eq!(papers("Giấy xác nhận: 01 bản chính;  Trường hợp khác0 bản chính").len(), 1);
    }

    #[test]
    fn only_the_last_digit_of_a_run_is_the_number() {
        let found = papers("Theo Nghị định ngày 25/6/20241 bản chínhTheo Mẫu số 091 bản chính,1 bản sao");
        assert_eq!(found, [("Theo Nghị định ngày 25/6/2024".to_owned(), 1, 0), ("Theo Mẫu số 09".to_owned(), 1, 1)]);
    }

    #[test]
    fn cases_with_headings() {
        let reading =
            read(&format!("* Giấy tờ phải nộp:{HEADING}Đơn1 bản chínhTrường hợp hai: {HEADING}Tờ khai1 bản chính"));
        let headings: Vec<_> = reading.value().expect("cases").iter().map(|case| case.heading.clone()).collect();
        assert_eq!(headings, ["Giấy tờ phải nộp", "Trường hợp hai"]);
    }

    #[test]
    fn nothing_asked_for() {
        assert_eq!(read("--"), Reading::Absent);
        assert_eq!(read(&format!("--{HEADING}Không quy định.1 bản chính")), Reading::Absent);
        assert!(read("KQ.G04.000398").is_text());
    }
}
