//! Mẫu đơn, tờ khai: the file of a form, glued to the name of the paper it is for.

use crate::text::{bare, squeeze};

const FORM_FILES: [&str; 9] = [".docx", ".doc", ".pdf", ".xlsx", ".xls", ".rar", ".zip", ".DOC", ".PDF"];

/// No file has a longer name.
const FORM_MAX: usize = 120;
/// How the names of form files begin.
const FORM_WORDS: [&str; 8] = ["mẫu", "mau", "Mẫu", "Mau", "MẪU", "Phụ lục", "Phu luc", "PHỤ LỤC"];

/// A form's file name is glued to the paper's name. It is told apart only where exactly one place can be the seam: a
/// letter or stop directly before a capital, or failing that before a word that names of forms begin with.
pub fn name_and_form(text: &str) -> (String, Option<String>) {
    let seams: Vec<(usize, bool)> = text
        .char_indices()
        .zip(text.chars().skip(1))
        .filter_map(|((at, one), two)| {
            let next = at + one.len_utf8();
            let word = !one.is_whitespace()
                && !"(“/-_".contains(one)
                && FORM_WORDS.iter().any(|word| text[next..].starts_with(word));
            let of_a_symbol = one == '.' && text[..at].ends_with(|c: char| c.is_ascii_digit());
            let closed = (one.is_lowercase() || ".;:)”,".contains(one)) && !of_a_symbol;
            (word || (closed && two.is_uppercase())).then_some((next, word)).filter(|_| is_file(&text[next..]))
        })
        .collect();
    let several = [".doc", ".pdf", ".xls"].iter().map(|ending| text.matches(ending).count()).sum::<usize>() > 1;
    let named: Vec<usize> = seams.iter().filter(|(_, word)| *word).map(|(at, _)| *at).collect();
    let seam = match (seams.as_slice(), named.as_slice()) {
        _ if several || !FORM_FILES.iter().any(|ending| text.ends_with(ending)) => None,
        ([(only, _)], _) | (_, [only]) => Some(*only),
        _ => None,
    };
    match seam {
        Some(seam) => (squeeze(bare_name(&text[..seam])), Some(squeeze(&text[seam..]))),
        None => (squeeze(bare_name(text)), None),
    }
}

/// True where the text could be the name of a file, and is no part of a sentence.
fn is_file(text: &str) -> bool {
    text.chars().count() <= FORM_MAX && !text.contains("kèm theo")
}

/// Without the bullet in front and the stop behind; brackets stay.
fn bare_name(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "-+*•–".contains(c));
    let cut = bare(text);
    let end = text.find(cut).map_or(text.len(), |at| at + cut.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_told_apart_only_where_the_seam_is_plain() {
        let (name, form) = name_and_form("Đơn đề nghị có nền màu trắng.mau so 12.doc");
        assert_eq!((name.as_str(), form.as_deref()), ("Đơn đề nghị có nền màu trắng", Some("mau so 12.doc")));
        let (_, form) = name_and_form("Đơn theo ND.CP;Mẫu 06.TT41.doc");
        assert_eq!(form.as_deref(), Some("Mẫu 06.TT41.doc"));
        let two = "Đơn nhập khẩu từ lần thứ hai trở điMẫu số 04.docxMẫu số 07.docx";
        assert_eq!(name_and_form(two), (two.to_owned(), None));
    }
}
