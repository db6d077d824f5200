//! In which letters a dBASE table is written. The `.cpg` beside it says so; without one, texts that are UTF-8 are taken
//! as such, and others by the language byte of the table, or as Windows-1252.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

#[derive(Clone, Copy, Debug)]
pub struct Letters {
    encoding: &'static Encoding,
    stated: bool,
}

impl Letters {
    pub fn of(cpg: Option<&str>, language: u8) -> Self {
        match cpg.and_then(of_cpg) {
            Some(encoding) => Self { encoding, stated: true },
            None => Self { encoding: of_language(language), stated: false },
        }
    }

    pub fn decode(self, bytes: &[u8]) -> String {
        if !self.stated
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return text.to_owned();
        }
        self.encoding.decode_without_bom_handling(bytes).0.into_owned()
    }
}

/// `UTF-8`, `1258`, `ANSI 1258`, `CP1258`, `ISO-8859-1`, `88591`.
fn of_cpg(text: &str) -> Option<&'static Encoding> {
    let text = text.trim().trim_start_matches('\u{feff}');
    if let Some(encoding) = Encoding::for_label(text.as_bytes()) {
        return Some(encoding);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let label = match digits.as_str() {
        "65001" => "utf-8".to_owned(),
        "932" => "shift_jis".to_owned(),
        "936" => "gbk".to_owned(),
        "949" => "euc-kr".to_owned(),
        "950" => "big5".to_owned(),
        "874" => "windows-874".to_owned(),
        iso if iso.starts_with("8859") && iso.len() > 4 => format!("iso-8859-{}", &iso[4..]),
        page => format!("windows-{page}"),
    };
    Encoding::for_label(label.as_bytes())
}

/// The language driver of dBASE, as far as it is a Windows page.
fn of_language(byte: u8) -> &'static Encoding {
    let label = match byte {
        0x78 => "big5",
        0x79 => "euc-kr",
        0x7a | 0x4d => "gbk",
        0x7b | 0x13 => "shift_jis",
        0xc8 => "windows-1250",
        0xc9 => "windows-1251",
        0xca => "windows-1254",
        0xcb => "windows-1253",
        0xcc => "windows-1257",
        0x50 | 0x7c => "windows-874",
        _ => return WINDOWS_1252,
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_by_any_name() {
        for name in ["1258", "ANSI 1258", "cp1258", "windows-1258"] {
            assert_eq!(of_cpg(name).map(Encoding::name), Some("windows-1258"), "{name}");
        }
        assert_eq!(of_cpg("UTF-8\r\n").map(Encoding::name), Some("UTF-8"));
        assert_eq!(of_cpg("88591").map(Encoding::name), Some("windows-1252"));
        assert_eq!(of_cpg("?").map(Encoding::name), None);
    }

    #[test]
    fn without_a_word_utf_8_is_tried_first() {
        let letters = Letters::of(None, 0x57);
        assert_eq!(letters.decode("Hải Châu".as_bytes()), "Hải Châu");
        assert_eq!(letters.decode(b"Caf\xe9"), "Café");
        assert_eq!(Letters::of(Some("1258"), 0).decode(b"\xd0\xe0"), "Đà");
    }
}
