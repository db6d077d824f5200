//! Trình tự thực hiện: the steps of a procedure.

use serde::{Deserialize, Serialize};

use crate::Reading;
use crate::text::{ABSENT, digits, fold, squeeze};

/// Bước.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// As numbered in the source, where it numbers; numbers begin again where the source tells several cases one after the other.
    pub number: Option<u32>,
    /// The first line, where it is short.
    pub title: String,
    pub text: String,
}

/// A longer first line is the step itself, not its title.
const TITLE_MAX: usize = 160;

/// The steps; `Text` where the account is not divided into steps.
pub fn read(published: &str) -> Reading<Vec<Step>> {
    let text = published.trim();
    if text.is_empty() || text == ABSENT {
        return Reading::Absent;
    }
    for mark in [numbered as fn(&str) -> Option<Mark<'_>>, named, lettered, counted] {
        if text.lines().filter_map(mark).nth(1).is_some() {
            return Reading::Read(split(text, mark));
        }
    }
    if text.lines().any(|line| numbered(line).is_some()) {
        return Reading::Read(split(text, numbered));
    }
    bulleted(text).map_or_else(|| Reading::Text(text.to_owned()), Reading::Read)
}

/// The number of a step, where it has one, and the rest of its first line.
type Mark<'a> = (Option<u32>, &'a str);

/// `- Bước 2: …`, `a) Bước 1. …`.
fn numbered(line: &str) -> Option<Mark<'_>> {
    let at = fold(line).find("bước ")?;
    let lead = line[..at].trim_matches(|c: char| c.is_whitespace() || "-+*•–.)(".contains(c));
    let (number, rest) = digits(line[at + "bước ".len()..].trim_start());
    let of_a_list = lead.chars().count() <= 4 && !lead.contains(' ');
    let number = number.parse().ok().filter(|_| of_a_list)?;
    Some((Some(number), rest.trim_start_matches([':', '.', ')', '-', ' '])))
}

/// The two steps that the ministry of construction names and does not number.
fn named(line: &str) -> Option<Mark<'_>> {
    let text = fold(line);
    ["nộp hồ sơ tthc", "giải quyết tthc", "nộp hồ sơ thủ tục hành chính", "giải quyết thủ tục hành chính"]
        .iter()
        .any(|name| text.trim_start().starts_with(name))
        .then_some((None, line.trim()))
}

/// `a) …`, `b) …`.
fn lettered(line: &str) -> Option<Mark<'_>> {
    let (letter, rest) = line.trim_start_matches(['-', '+', '*', ' ', '\t']).split_once([')', '.'])?;
    let at = ["a", "b", "c", "d", "đ", "e", "g", "h", "i", "k"].iter().position(|other| *other == letter)?;
    Some((Some(u32::try_from(at).ok()? + 1), rest.trim_start()))
}

/// `1. …`, `2) …`.
fn counted(line: &str) -> Option<Mark<'_>> {
    let (number, rest) = digits(line.trim_start());
    let rest = rest.strip_prefix(['.', ')'])?;
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some((Some(number.parse().ok()?), rest.trim_start()))
}

/// A list of bullets of one kind from the first line on (or after a heading); other bullets are details of a step.
fn bulleted(text: &str) -> Option<Vec<Step>> {
    let bullet =
        text.lines().take(2).find_map(|line| line.trim_start().chars().next().filter(|c| "-+*".contains(*c)))?;
    let mark =
        move |line: &'_ str| line.trim_start().strip_prefix(bullet).is_some_and(|rest| !rest.starts_with(bullet));
    let items = text.lines().filter(|line| mark(line)).count();
    (items > 1).then(|| {
        let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
        for line in text.lines() {
            if mark(line) {
                parts.push(vec![line.trim_start()[1..].trim_start()]);
            } else if let Some(lines) = parts.last_mut() {
                lines.push(line);
            }
        }
        steps(parts.into_iter().map(|lines| (None, lines)))
    })
}

fn split(text: &str, mark: fn(&str) -> Option<Mark<'_>>) -> Vec<Step> {
    let mut parts: Vec<(Option<u32>, Vec<&str>)> = vec![(None, Vec::new())];
    for line in text.lines() {
        match (mark(line), parts.last_mut()) {
            (Some((number, rest)), _) => parts.push((number, vec![rest])),
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => {}
        }
    }
    steps(parts.into_iter())
}

fn steps<'a>(parts: impl Iterator<Item = (Option<u32>, Vec<&'a str>)>) -> Vec<Step> {
    parts.map(|(number, lines)| step(number, &lines)).filter(|step| !step.text.is_empty()).collect()
}

fn step(number: Option<u32>, lines: &[&str]) -> Step {
    let text = lines.join("\n").trim().to_owned();
    let first = squeeze(text.lines().next().unwrap_or_default());
    let several = text.lines().count() > 1;
    let short = first.chars().count() <= TITLE_MAX && (several || first.chars().count() <= TITLE_MAX / 2);
    Step { number, title: if short { first.trim_end_matches([':', '.']).to_owned() } else { String::new() }, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<Option<u32>> {
        read(text).value().map(|steps| steps.iter().map(|step| step.number).collect()).unwrap_or_default()
    }

    #[test]
    fn numbered_steps() {
        let text = "- Bước 1: Nộp hồ sơ:\nTổ chức nộp 01 bộ.\na) Bước 2. Thẩm định";
        assert_eq!(numbers(text), [Some(1), Some(2)]);
        let steps = read(text);
        let first = &steps.value().expect("steps")[0];
        assert_eq!((first.title.as_str(), first.text.contains("01 bộ")), ("Nộp hồ sơ", true));
    }

    #[test]
    fn an_introduction_and_other_marks() {
        assert_eq!(numbers("Trường hợp một\nBước 1: a\nBước 2: b"), [None, Some(1), Some(2)]);
        assert_eq!(numbers("a) Nộp hồ sơ\n- một\nb) Giải quyết"), [Some(1), Some(2)]);
        assert_eq!(numbers("+ Nộp hồ sơ\n++ trực tiếp\n+ Trả kết quả"), [None, None]);
        assert_eq!(numbers("Nộp hồ sơ TTHC: Gửi 01 bộ\nGiải quyết TTHC: Trong 5 ngày"), [None, None]);
        assert_eq!(numbers("1. Nộp\n1.1. Trực tiếp\n2. Trả"), [Some(1), Some(2)]);
    }

    #[test]
    fn what_is_not_divided_stays_text() {
        let text = "Thực hiện bước 1 theo Điều 5 rồi trả kết quả";
        assert_eq!(read(text), Reading::Text(text.to_owned()));
    }
}
