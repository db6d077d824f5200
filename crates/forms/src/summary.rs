//! Answers in words: for the page where they are reviewed before they are sent, and for whoever handles them.

use serde::Serialize;
use serde_json::Value;
use songhan_base::Lang;

use crate::form::{Form, Question, Widget};
use crate::view::UploadedFile;
use crate::{Answers, CheckContext};

/// One section of the review page; its rows are those of the component `summary`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SummarySection {
    pub title: String,
    pub rows: Vec<SummaryRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SummaryRow {
    /// The question's id.
    pub question: String,
    pub label: String,
    /// The answer in words: one text, or several in a list; empty when there is none.
    pub value: SummaryValue,
    /// Where it can be changed; `None` where it cannot.
    pub href: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum SummaryValue {
    One(String),
    Many(Vec<String>),
}

impl SummaryValue {
    /// In one line, for a notice or a paper.
    pub fn line(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Many(texts) => texts.join("; "),
        }
    }
}

impl Form {
    /// The answers in words, section by section, without hidden questions. `change` gives the address of a screen's
    /// page; areas are named as on `cx.today` (give the day on which the answers were sent).
    pub fn summary(
        &self,
        answers: &Answers,
        files: &[UploadedFile],
        cx: &CheckContext,
        change: impl Fn(&str) -> Option<String>,
    ) -> Vec<SummarySection> {
        let asked = self.asked(answers);
        let row = |question: &Question| SummaryRow {
            question: question.id.clone(),
            label: question.label.get(cx.lang).to_owned(),
            value: words(question, answers.get(&question.id), files, cx),
            href: change(question.screen_id()),
        };
        let section = |section: &crate::Section| SummarySection {
            title: section.title.get(cx.lang).to_owned(),
            rows: section.questions.iter().filter(|q| asked.iter().any(|a| std::ptr::eq(*a, *q))).map(row).collect(),
        };
        self.sections.iter().map(section).filter(|section| !section.rows.is_empty()).collect()
    }
}

/// One answer in words.
fn words(question: &Question, value: Option<&Value>, files: &[UploadedFile], cx: &CheckContext) -> SummaryValue {
    let label = |chosen: &str| {
        let option = question.options.iter().find(|option| option.value == chosen);
        option.map_or_else(|| chosen.to_owned(), |option| option.label.get(cx.lang).to_owned())
    };
    let text = match (question.widget, value) {
        (_, None | Some(Value::Null)) => String::new(),
        (Widget::Checkboxes, Some(Value::Array(chosen))) => {
            return SummaryValue::Many(chosen.iter().filter_map(Value::as_str).map(label).collect());
        }
        (Widget::Upload, Some(Value::Array(ids))) => {
            let name = |id: &str| {
                files.iter().find(|file| file.id == id).map_or_else(|| id.to_owned(), |file| file.name.clone())
            };
            return SummaryValue::Many(ids.iter().filter_map(Value::as_str).map(name).collect());
        }
        (Widget::YesNo, Some(Value::Bool(yes))) => cx.texts.get(cx.lang, if *yes { "yes" } else { "no" }).into_owned(),
        (Widget::Radio | Widget::Select, Some(Value::String(chosen))) => label(chosen),
        (Widget::Date, Some(Value::String(day))) => date(day, cx.lang),
        (Widget::Area, Some(Value::String(code))) => area(code, cx),
        (Widget::CitizenId, Some(Value::String(id))) => grouped(id, &[3, 3, 3, 3]),
        (Widget::Phone, Some(Value::String(phone))) if phone.len() == 10 => grouped(phone, &[4, 3, 3]),
        (Widget::Number, Some(Value::Number(number))) => match number.as_i64() {
            // A year is no amount: four digits stay together.
            Some(whole) if whole.abs() < 10_000 => whole.to_string(),
            Some(whole) => {
                let vi = songhan_base::Money(whole).to_string().trim_end_matches("\u{a0}đ").to_owned();
                if cx.lang == Lang::Vi { vi } else { vi.replace('.', ",") }
            }
            None if cx.lang == Lang::Vi => number.to_string().replace('.', ","),
            None => number.to_string(),
        },
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(other)) => other.to_string(),
    };
    SummaryValue::One(text)
}

/// `21/11/2026`, `21 Nov 2026`.
fn date(day: &str, lang: Lang) -> String {
    let Ok(date) = day.parse::<jiff::civil::Date>() else { return day.to_owned() };
    match lang {
        Lang::Vi => format!("{:02}/{:02}/{}", date.day(), date.month(), date.year()),
        Lang::En => date.strftime("%-d %b %Y").to_string(),
    }
}

/// The area's name on that day, else its last one: an answer stays readable after a merger.
fn area(code: &str, cx: &CheckContext) -> String {
    let last = || cx.areas.generations(code).last().map(|area| area.name.get(cx.lang).to_owned());
    cx.areas.full_name(code, cx.today, cx.lang).or_else(last).unwrap_or_else(|| code.to_owned())
}

/// Digits in groups, which people can compare with a card.
fn grouped(digits: &str, groups: &[usize]) -> String {
    if !digits.is_ascii() || digits.len() != groups.iter().sum::<usize>() {
        return digits.to_owned();
    }
    let mut rest = digits;
    let mut parts = Vec::new();
    for size in groups {
        let (part, after) = rest.split_at(*size);
        parts.push(part);
        rest = after;
    }
    parts.join("\u{a0}")
}
