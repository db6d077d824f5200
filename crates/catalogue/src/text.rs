//! Cleaning the published text, and small steps through it.

use unicode_normalization::UnicodeNormalization;

/// "No information": what the portal prints into an empty cell.
pub const ABSENT: &str = "Không có thông tin";

/// Composed (NFC), without what cannot be seen; no-break spaces become spaces, symbol-font bullets dashes.
pub fn clean(raw: &str) -> String {
    raw.nfc()
        .filter_map(|c| match c {
            '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}' | '\r' => None,
            '\u{a0}' | '\u{2000}'..='\u{200a}' => Some(' '),
            '\u{f000}'..='\u{f0ff}' => Some('-'),
            c if c.is_control() && c != '\n' && c != '\t' => None,
            c => Some(c),
        })
        .collect()
}

/// On one line, runs of white space as one space.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lower case, with every byte where it was: places found here are places in the original.
pub fn fold(text: &str) -> String {
    text.chars()
        .map(|c| {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
                _ => c,
            }
        })
        .collect()
}

/// The leading digits with their group marks (`1.234,5`), without marks at the end; and what follows.
pub fn figure(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let end = text[..end].trim_end_matches(['.', ',']).len();
    text.split_at(end)
}

/// The leading digits; and what follows.
pub fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// Bare of bullets, stops and white space at both ends; brackets stay.
pub fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || "-+*•–;:,.".contains(c))
}

/// True where the text says that nothing is prescribed.
pub fn says_nothing(text: &str) -> bool {
    let text = fold(bare(text));
    matches!(text.as_str(), "" | "không có thông tin" | "không quy định" | "chưa quy định" | "chưa có quy định")
        || text.starts_with("không được quy định tại biểu phí")
}

/// True where the text is a plain "no".
pub fn says_no(text: &str) -> bool {
    matches!(fold(bare(text)).as_str(), "không" | "không có" | "không yêu cầu" | "không có yêu cầu")
}

/// The page's own furniture (keywords, the choice of an office) that was flattened into a cell's end.
pub fn without_furniture(text: &str) -> &str {
    let end = ["Từ khóaKhông có thông tin", "Từ khóa", "Mô tảKhông có thông tin", "Chọn cơ quan thực hiện"]
        .iter()
        .filter_map(|mark| text.find(mark))
        .min();
    text[..end.unwrap_or(text.len())].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composes_and_drops_what_cannot_be_seen() {
        assert_eq!(clean("Nga\u{300}y\u{200e}\u{a0}la\u{300}m"), "Ngày làm");
        assert_eq!(clean("\u{f0fc} Đơn"), "- Đơn");
    }

    #[test]
    fn folding_keeps_places() {
        let text = "LỆ PHÍ: İ 5 ĐỒNG";
        assert_eq!(fold(text).len(), text.len());
        assert_eq!(fold("ĐỒNG"), "đồng");
    }

    #[test]
    fn figures_end_before_their_stop() {
        assert_eq!(figure("1.000.000. Rồi"), ("1.000.000", ". Rồi"));
        assert_eq!(figure("đồng"), ("", "đồng"));
    }

    #[test]
    fn nothing_prescribed_is_not_a_no() {
        assert!(says_nothing("Không quy định.") && !says_nothing("Không"));
        assert!(says_no("- Không có.") && !says_no("Không quy định"));
    }
}
