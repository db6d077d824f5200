//! How long a text is as SMS: in GSM-7 (3GPP TS 23.038, 6.2.1) 160 characters, in UCS-2 70, and a little less in each
//! part of several. Vietnamese with its marks needs UCS-2, so that most gateways want it without them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The basic alphabet.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
                     ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Characters behind an escape: two places each.
const EXTENSION: &str = "^{}\\[~]|€\u{c}";

/// A text's encoding and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub unicode: bool,
    /// Septets in GSM-7, UTF-16 units in UCS-2.
    pub units: usize,
    /// Messages that the operator counts.
    pub parts: usize,
}

/// Measures a text. A character is never cut in two, so a part may stay one place short.
pub fn size(text: &str) -> Size {
    let septets = |c: char| match c {
        c if BASIC.contains(c) => Some(1),
        c if EXTENSION.contains(c) => Some(2),
        _ => None,
    };
    let gsm: Option<Vec<usize>> = text.chars().map(septets).collect();
    let (unicode, widths, whole, part) = match gsm {
        Some(widths) => (false, widths, 160, 153),
        None => (true, text.chars().map(char::len_utf16).collect(), 70, 67),
    };
    let units: usize = widths.iter().sum();
    let parts = if units <= whole { 1 } else { parts(&widths, part) };
    Size { unicode, units, parts }
}

fn parts(widths: &[usize], room: usize) -> usize {
    let (mut parts, mut used) = (1, 0);
    for width in widths {
        if used + width > room {
            parts += 1;
            used = 0;
        }
        used += width;
    }
    parts
}

/// Without the marks: `"Hồ sơ đã xong"` → `"Ho so da xong"`. What GSM-7 lacks all the same is written near enough.
pub fn without_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'đ' => out.push('d'),
            'Đ' => out.push('D'),
            '–' | '—' | '‑' => out.push('-'),
            '“' | '”' | '«' | '»' => out.push('"'),
            '‘' | '’' => out.push('\''),
            '•' | '·' => out.push('-'),
            '…' => out.push_str("..."),
            '₫' => out.push('d'),
            '\u{a0}' | '\u{202f}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_by_alphabet() {
        let of = |text: &str| {
            let Size { unicode, units, parts } = size(text);
            (unicode, units, parts)
        };
        assert_eq!(of(""), (false, 0, 1));
        assert_eq!(of(&"a".repeat(160)), (false, 160, 1));
        assert_eq!(of(&"a".repeat(161)), (false, 161, 2));
        assert_eq!(of(&"a".repeat(306)), (false, 306, 2));
        assert_eq!(of(&"a".repeat(307)), (false, 307, 3));
        assert_eq!(of("€"), (false, 2, 1));
        // An escape is not parted from its character: 152 and the two of € make a second part.
        assert_eq!(of(&format!("{}€{}", "a".repeat(152), "b".repeat(152))).2, 3);
        assert_eq!(of("Hồ sơ"), (true, 5, 1));
        assert_eq!(of(&"ơ".repeat(70)), (true, 70, 1));
        assert_eq!(of(&"ơ".repeat(71)), (true, 71, 2));
        assert_eq!(of("🏛"), (true, 2, 1));
    }

    #[test]
    fn marks_go_and_case_stays() {
        assert_eq!(without_marks("Hồ sơ ĐÃ trả – “8.000\u{a0}₫”…"), "Ho so DA tra - \"8.000 d\"...");
        assert_eq!(without_marks("Nguye\u{302}\u{303}n"), "Nguyen");
    }

    proptest! {
        #[test]
        fn vietnamese_without_marks_is_gsm(text in "[A-Za-zàáảãạăắằẳẵặâấầẩẫậèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵđĐ0-9 .,:/-]{0,200}") {
            let plain = without_marks(&text);
            prop_assert!(!size(&plain).unicode);
            prop_assert_eq!(plain.chars().count(), text.chars().count());
            prop_assert_eq!(without_marks(&plain), plain);
        }

        #[test]
        fn parts_hold_everything(text in "\\PC{0,500}") {
            let Size { unicode, units, parts } = size(&text);
            let (whole, part) = if unicode { (70, 67) } else { (160, 153) };
            let fits = if parts == 1 { units <= whole } else { units <= parts * part && units > whole };
            prop_assert!(fits);
        }
    }
}
