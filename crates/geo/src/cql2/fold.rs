//! Texts made comparable: normalised always, without case by CASEI, without accents by ACCENTI.

use std::borrow::Cow;

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::names::Folding;

/// Normal form C, in which texts are compared (recommendation `/rec/core/string-normalization`; the standard suggests
/// form D, which is equal for the same texts, but the city stores form C).
pub fn normal(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

pub fn fold(folding: Folding, text: Cow<'_, str>) -> Cow<'_, str> {
    match folding {
        Folding::Casei => without_case(text),
        Folding::Accenti => without_accents(text),
    }
}

/// Full case folding (Unicode 5.18): lower, upper and lower again puts the same characters together as
/// `CaseFolding.txt` does. Compared with Python 3.11 `str.casefold` over all of Unicode 14, only the dotless `ı` is put
/// apart by hand (and Cherokee is folded to small letters instead of capitals, which puts the same ones together).
fn without_case(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text };
    }
    let folded: String = text.chars().flat_map(fold_char).collect();
    match normal(&folded) {
        Cow::Borrowed(_) => Cow::Owned(folded),
        Cow::Owned(normal) => Cow::Owned(normal),
    }
}

fn fold_char(c: char) -> impl Iterator<Item = char> {
    let dotless = (c == 'ı').then_some(c);
    let others = (c != 'ı').then(|| c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
    dotless.into_iter().chain(others.into_iter().flatten())
}

/// Marks above, below and through letters taken off; `đ` and other letters with a stroke become their base letter,
/// which Unicode does not do by itself. Vowel signs and the voicing marks of kana stay
/// (`/rec/accent-insensitive-comparison/japanese-non-spacing-marks`): without them words change.
fn without_accents(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() {
        return text;
    }
    Cow::Owned(text.nfd().filter(|c| !is_accent(*c)).map(without_stroke).nfc().collect())
}

fn is_accent(c: char) -> bool {
    // Class 0 are vowel signs, 8 the voicing of kana, 9 the virama that joins consonants.
    is_combining_mark(c) && !matches!(canonical_combining_class(c), 0 | 8 | 9)
}

fn without_stroke(c: char) -> char {
    match c {
        'đ' => 'd',
        'Đ' => 'D',
        'ø' => 'o',
        'Ø' => 'O',
        'ł' => 'l',
        'Ł' => 'L',
        'ħ' => 'h',
        'Ħ' => 'H',
        'ŧ' => 't',
        'Ŧ' => 'T',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn casei(text: &str) -> String {
        fold(Folding::Casei, text.into()).into_owned()
    }

    fn accenti(text: &str) -> String {
        fold(Folding::Accenti, text.into()).into_owned()
    }

    #[test]
    fn vietnamese_with_and_without_marks() {
        assert_eq!(accenti("Đường Bạch Đằng"), "Duong Bach Dang");
        assert_eq!(accenti("Nguye\u{302}\u{303}n"), accenti("Nguyễn"));
        assert_eq!(casei("ĐƯỜNG BẠCH ĐẰNG"), casei("đường bạch đằng"));
        assert_eq!(casei("NGUYE\u{302}\u{303}N"), casei("nguyễn"));
        assert_eq!(accenti(&casei("HOÀ VANG")), "hoa vang");
    }

    #[test]
    fn full_case_folding() {
        for (a, b) in [("Straße", "STRASSE"), ("ẞ", "ss"), ("Οδος", "ΟΔΟΣ"), ("ﬃ", "FFI"), ("K", "k"), ("ŉ", "ʼN")]
        {
            assert_eq!(casei(a), casei(b), "{a} {b}");
        }
        assert_ne!(casei("ı"), casei("i"));
        assert_ne!(casei("İ"), casei("i"));
    }

    #[test]
    fn scripts_that_need_their_marks_keep_them() {
        assert_eq!(accenti("はじめ"), "はじめ");
        assert_eq!(accenti("हिन्दी"), "हिन्दी");
        assert_eq!(accenti("débárquér"), "debarquer");
        assert_eq!(accenti("Chișinău København"), "Chisinau Kobenhavn");
    }
}
