//! Kết quả xử lý: what the applicant is given.

use serde::{Deserialize, Serialize};

use crate::text::{ABSENT, bare, squeeze, without_furniture};

/// Giấy tờ kết quả.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub name: String,
    /// The national code of the kind of result, `KQ.G10.000048`.
    pub code: Option<String>,
}

const MARK: &str = "Mã: ";
/// A code as it should be: `KQ.` + agency + `.` + six digits. Only its length tells where the next name begins.
const ORDER_DIGITS: usize = 6;

pub fn read(published: &str) -> Vec<Outcome> {
    let mut rest = without_furniture(published);
    let mut found = Vec::new();
    while let Some((name, after)) = rest.split_once(MARK) {
        let (code, after) = code(after);
        found.push(Outcome { name: squeeze(name), code: code.map(str::to_owned) });
        rest = after;
    }
    if !bare(rest).is_empty() && rest.trim() != ABSENT {
        found.push(Outcome { name: squeeze(rest), code: None });
    }
    found.retain(|outcome| !outcome.name.is_empty());
    found
}

/// The code and what follows. Codes of other shapes (`000.00.00.G11-KQ1711`) end at the last digit of their run;
/// "Chưa xác định" is none.
fn code(text: &str) -> (Option<&str>, &str) {
    let order = text.match_indices('.').nth(1).map_or(0, |(at, _)| at + 1);
    let end = order + ORDER_DIGITS;
    let six = text.get(order..end).is_some_and(|order| order.bytes().all(|b| b.is_ascii_digit()));
    if text.starts_with("KQ.") && six {
        return (Some(&text[..end]), &text[end..]);
    }
    let run = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(text.len());
    match text[..run].rfind(|c: char| c.is_ascii_digit()) {
        Some(last) => (Some(&text[..=last]), &text[last + 1..]),
        None => (None, text.strip_prefix("Chưa xác định rõ").or(text.strip_prefix("Chưa xác định")).unwrap_or(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_results_without_a_gap() {
        let text = "Giấy chứng nhậnMã: KQ.G04.000523Văn bản từ chốiMã: KQ.G04.000521Từ khóaKhông có thông tinMô tả";
        let found = read(text);
        assert_eq!(found.iter().map(|o| o.name.as_str()).collect::<Vec<_>>(), ["Giấy chứng nhận", "Văn bản từ chối"]);
        assert_eq!(found[1].code.as_deref(), Some("KQ.G04.000521"));
    }

    #[test]
    fn codes_of_other_shapes() {
        let found = read("Chứng chỉMã: KQ-G12.0001676Thông báoMã: KQ-G12.0001675");
        assert_eq!(found[0].code.as_deref(), Some("KQ-G12.0001676"));
        assert_eq!(found[1].name, "Thông báo");
        assert_eq!(read("Mã số cơ sởMã: Chưa xác định"), [Outcome { name: "Mã số cơ sở".to_owned(), code: None }]);
    }

    #[test]
    fn none_or_without_a_code() {
        assert_eq!(read(ABSENT), []);
        assert_eq!(read("Thông báo"), [Outcome { name: "Thông báo".to_owned(), code: None }]);
    }
}
