//! Text in the city's languages, and the cleaning of what people type.

use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::Lang;

/// A text in Vietnamese and, where someone has translated it, in English.
///
/// Declared as `"Hộ tịch"` or `{ vi = "Hộ tịch", en = "Civil status" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Text {
    pub vi: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Text {
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: Some(en.into()) }
    }

    /// The text in `lang`, or in Vietnamese where it is not translated.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => self.en.as_deref().unwrap_or(&self.vi),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.vi.is_empty()
    }
}

impl From<&str> for Text {
    fn from(vi: &str) -> Self {
        Self { vi: vi.to_owned(), en: None }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Both {
            vi: String,
            en: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a text, or a table { vi = \"…\", en = \"…\" }")]
        enum Form {
            Plain(String),
            Both(Both),
        }
        Ok(match Form::deserialize(de)? {
            Form::Plain(vi) => Self { vi, en: None },
            Form::Both(Both { vi, en }) => Self { vi, en },
        })
    }
}

/// Invisible characters that turn or hide text: they come by copying, and help only those who forge.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// One line as people type it: NFC, no control or invisible characters, single spaces, trimmed.
pub fn clean_line(input: &str) -> String {
    let line: String = input
        .nfc()
        .filter(|c| !is_invisible(*c))
        .map(|c| if c.is_control() || c == '\u{a0}' { ' ' } else { c })
        .collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Several lines as people type them: NFC, Unix line ends, no other control or invisible characters, trimmed.
pub fn clean_text(input: &str) -> String {
    let unix = input.replace("\r\n", "\n").replace('\r', "\n");
    unix.nfc()
        .filter(|c| !is_invisible(*c))
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_lines() {
        assert_eq!(clean_line("  Nguye\u{302}\u{303}n\u{0} Văn\tA "), "Nguyễn Văn A");
        assert_eq!(clean_text("a\r\nb\u{7}\r"), "a\nb");
        assert_eq!(clean_line("\u{202e}Lan\u{200b} Anh\u{feff}"), "Lan Anh");
    }

    #[test]
    fn reads_both_forms() {
        assert_eq!(serde_json::from_str::<Text>("\"Hộ tịch\"").unwrap(), Text::from("Hộ tịch"));
        let both: Text = serde_json::from_str(r#"{"vi":"Hộ tịch","en":"Civil status"}"#).unwrap();
        assert_eq!((both.get(Lang::Vi), both.get(Lang::En)), ("Hộ tịch", "Civil status"));
        assert!(serde_json::from_str::<Text>(r#"{"vi":"x","fr":"y"}"#).is_err());
    }
}
