//! Data on its way into a template: one Unicode form, and nothing the fonts cannot print.

use std::borrow::Cow;

use serde_json::Value;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::TypesetError;
use super::world::FONTS;

/// Text of one field in bytes: far beyond any form, short enough to set in a second.
const FIELD_MAX: usize = 256 * 1024;
/// All fields of one paper together: a book of two thousand dossiers.
const TEXT_MAX: usize = 2 * 1024 * 1024;

/// The data with every text in NFC and lines ended by `\n`; an error names the field that cannot be printed.
pub(super) fn prepared(data: &Value) -> Result<Value, TypesetError> {
    let mut room = TEXT_MAX;
    walk(data, &mut String::new(), &mut room)
}

fn walk(value: &Value, path: &mut String, room: &mut usize) -> Result<Value, TypesetError> {
    match value {
        Value::String(text) => {
            if text.len() > FIELD_MAX {
                return Err(TypesetError::TooMuchText { bytes_max: FIELD_MAX });
            }
            *room = room.checked_sub(text.len()).ok_or(TypesetError::TooMuchText { bytes_max: TEXT_MAX })?;
            let text = normal(text);
            match text.chars().find(|c| !is_printable(*c)) {
                Some(character) => Err(TypesetError::Unprintable { field: path.clone(), character }),
                None => Ok(Value::String(text.into_owned())),
            }
        }
        Value::Array(items) => {
            let items = items.iter().enumerate().map(|(i, item)| within(path, &format!("[{i}]"), item, room));
            items.collect::<Result<_, _>>().map(Value::Array)
        }
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, item)| {
                let step = if path.is_empty() { key.clone() } else { format!(".{key}") };
                Ok((key.clone(), within(path, &step, item, room)?))
            });
            fields.collect::<Result<_, _>>().map(Value::Object)
        }
        plain => Ok(plain.clone()),
    }
}

fn within(path: &mut String, step: &str, item: &Value, room: &mut usize) -> Result<Value, TypesetError> {
    let length = path.len();
    path.push_str(step);
    let result = walk(item, path, room);
    path.truncate(length);
    result
}

fn normal(text: &str) -> Cow<'_, str> {
    if is_nfc(text) && !text.contains(['\r', '\t']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect::<String>().replace("\r\n", "\n").replace('\r', "\n").replace('\t', " "))
}

/// Can the fonts of official papers print this character?
fn is_printable(character: char) -> bool {
    character == '\n' || FONTS.printable.contains(&character)
}

/// The text with `?` for what the fonts cannot print: for words that must not stop a paper, such as a file's name.
pub fn printable(text: &str) -> String {
    normal(text).chars().map(|c| if is_printable(c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_the_field_that_cannot_be_printed() {
        let data = json!({ "applicant": { "names": ["Nguyễn Văn A", "An 😀"] } });
        let error = prepared(&data).unwrap_err();
        assert_eq!(error.to_string().split(':').next().unwrap(), "could not print `applicant.names[1]`");
        for bad in ["漢", "\u{0}", "\u{7}", "\u{202e}", "\u{e000}", "\u{200b}", "ไทย"] {
            assert!(prepared(&json!({ "x": bad })).is_err(), "{bad:?} was let through");
        }
    }

    #[test]
    fn composes_vietnamese_letters() {
        let data = json!({ "name": "Nguye\u{302}\u{303}n\r\nThi\u{323}", "n": 3, "none": null });
        assert_eq!(prepared(&data).unwrap(), json!({ "name": "Nguyễn\nThị", "n": 3, "none": null }));
    }

    #[test]
    fn every_vietnamese_letter_is_printable() {
        let letters = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ";
        for c in letters.chars().chain(letters.to_uppercase().chars()).chain("₫–—“”‘’…•²³°×№§/\\#$@*_`<>".chars())
        {
            assert!(is_printable(c), "{c} is missing");
        }
        assert_eq!(printable("Ảnh 😀.png\t"), "Ảnh ?.png ");
    }

    #[test]
    fn refuses_a_flood() {
        let one = json!("a".repeat(FIELD_MAX + 1));
        let many = json!(vec!["a".repeat(FIELD_MAX); TEXT_MAX / FIELD_MAX + 1]);
        for flood in [one, many] {
            assert!(matches!(prepared(&flood), Err(TypesetError::TooMuchText { .. })));
        }
    }
}
