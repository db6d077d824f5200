//! One answer: from what people and programs send to the one way it is kept, or what is wrong with it.
//!
//! Cleaning is idempotent: a cleaned answer comes out as it went in.

use jiff::civil::Date;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;
use songhan_base::{CitizenId, CitizenIdError, Id, clean_line, clean_text};

use crate::CheckContext;
use crate::form::{Period, Question, Widget};

/// What is wrong with one answer; the words are found later, in the language of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// A stable word for programs, and the key of the words.
    pub code: &'static str,
    /// The limit that was passed, where there is one.
    pub limit: String,
}

impl Wrong {
    pub fn new(code: &'static str) -> Self {
        Self { code, limit: String::new() }
    }

    fn limit(code: &'static str, limit: impl ToString) -> Self {
        Self { code, limit: limit.to_string() }
    }
}

/// Cleans one answer; `None` when it says nothing.
pub(crate) fn clean(question: &Question, value: &Value, cx: &CheckContext) -> Result<Option<Value>, Wrong> {
    let cleaned = match question.widget {
        Widget::Checkboxes => chosen(question, value)?,
        Widget::Upload => uploads(question, value)?,
        Widget::Number => number(question, value)?,
        Widget::YesNo => yes_no(value)?,
        _ => line(question, value, cx)?,
    };
    let Some(cleaned) = cleaned else { return Ok(None) };
    let first = question.validator.iter_errors(&cleaned).next().map(|error| wrong(error.kind()));
    first.map_or(Ok(Some(cleaned)), Err)
}

/// Answers that are one text.
fn line(question: &Question, value: &Value, cx: &CheckContext) -> Result<Option<Value>, Wrong> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        _ => return Err(Wrong::new("type")),
    };
    let text = if question.widget == Widget::Textarea { clean_text(text) } else { clean_line(text) };
    if text.is_empty() {
        return Ok(None);
    }
    let text = match question.widget {
        Widget::Date => date(question, &text, cx.today)?,
        Widget::CitizenId => citizen_id(&text, cx.today.year())?,
        Widget::Phone => phone(&text).ok_or_else(|| Wrong::new("phone"))?,
        Widget::Email => email(&text).ok_or_else(|| Wrong::new("email"))?,
        Widget::Area => match cx.areas.at(&text, cx.today) {
            Some(area) if area.kind.is_commune_level() => text,
            _ => return Err(Wrong::new("area")),
        },
        Widget::Radio | Widget::Select if !question.options.iter().any(|option| option.value == text) => {
            return Err(Wrong::new("choice"));
        }
        _ => text,
    };
    Ok(Some(Value::String(text)))
}

/// `2026-11-21` or, as people write it, `21/11/2026`; what is kept is the first.
fn date(question: &Question, text: &str, today: Date) -> Result<String, Wrong> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).map(str::trim).collect();
    let [a, b, c] = parts[..] else { return Err(Wrong::new("date")) };
    let (year, month, day) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
    if [year, month, day].iter().any(|part| part.is_empty()) {
        return Err(Wrong::new("date_incomplete"));
    }
    let number = |part: &str, digits: usize| -> Option<i16> {
        (part.len() <= digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
    };
    let read = || {
        let (month, day) = (i8::try_from(number(month, 2)?).ok()?, i8::try_from(number(day, 2)?).ok()?);
        Date::new(number(year, 4)?, month, day).ok()
    };
    // Nobody who files today was born before, and no deadline of ours lies behind.
    let date = read().filter(|date| (1850..=2199).contains(&date.year())).ok_or_else(|| Wrong::new("date"))?;
    match question.period {
        Some(Period::Past) if date > today => Err(Wrong::new("date_future")),
        Some(Period::Future) if date < today => Err(Wrong::new("date_past")),
        _ => Ok(date.to_string()),
    }
}

fn citizen_id(text: &str, year: i16) -> Result<String, Wrong> {
    CitizenId::parse(text, year).map(|id| id.as_str().to_owned()).map_err(|error| {
        Wrong::new(match error {
            CitizenIdError::Form => "citizen_id",
            CitizenIdError::Province => "citizen_id_province",
            CitizenIdError::Future => "citizen_id_year",
        })
    })
}

/// A telephone number: of Vietnam as `0905123456`, of elsewhere as `+4915112345678`.
///
/// Mobile numbers have ten digits and begin with 03, 05, 07, 08 or 09; landlines begin with 02 and have ten or eleven
/// (Circular 22/2014/TT-BTTTT and the changes of 2017 and 2018).
pub(crate) fn phone(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')')).collect();
    let number = match plain.strip_prefix("+84").or_else(|| plain.strip_prefix("0084")) {
        Some(rest) => format!("0{}", rest.trim_start_matches('0')),
        None => plain.strip_prefix("00").map_or(plain.clone(), |rest| format!("+{rest}")),
    };
    let digits = number.strip_prefix('+').unwrap_or(&number);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let good = match (number.starts_with('+'), number.as_bytes()) {
        (true, [_, b'1'..=b'9', ..]) => (7..=15).contains(&digits.len()),
        (false, [b'0', b'3' | b'5' | b'7' | b'8' | b'9', ..]) => digits.len() == 10,
        (false, [b'0', b'2', ..]) => matches!(digits.len(), 10 | 11),
        _ => false,
    };
    good.then_some(number)
}

/// An e-mail address, as far as its form tells; the domain in lower case.
pub(crate) fn email(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let domain = domain.to_lowercase();
    let labels: Vec<&str> = domain.split('.').collect();
    let label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let good_local = (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b));
    let good = good_local && labels.len() >= 2 && labels.iter().all(label) && local.len() + domain.len() < 254;
    good.then(|| format!("{local}@{domain}"))
}

/// A number, as JSON or as people type it: `1.200` is a thousand and two hundred.
fn number(question: &Question, value: &Value) -> Result<Option<Value>, Wrong> {
    let whole = question.keywords.get("type").is_none_or(|kind| kind != "number");
    let number = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.clone(),
        Value::String(text) => {
            let text = clean_line(text).replace(' ', "");
            if text.is_empty() {
                return Ok(None);
            }
            typed_number(&text).ok_or_else(|| Wrong::new("number"))?
        }
        _ => return Err(Wrong::new("type")),
    };
    if number.is_i64() {
        return Ok(Some(Value::Number(number)));
    }
    // 2.0 is a whole number, too; what is larger than any count is left for the limits to refuse.
    let real = number.as_f64().filter(|n| n.is_finite()).ok_or_else(|| Wrong::new("number"))?;
    if real.fract() == 0.0 && real.abs() < 9e15 {
        return Ok(Some(Value::from(real as i64)));
    }
    if whole && real.fract() != 0.0 {
        return Err(Wrong::new("whole"));
    }
    Ok(Some(Value::from(real)))
}

fn typed_number(text: &str) -> Option<serde_json::Number> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let grouped = |mark: char| {
        let mut groups = digits.split(mark);
        let first = groups.next().is_some_and(|g| (1..=3).contains(&g.len()));
        first && digits.contains(mark) && groups.all(|g| g.len() == 3)
    };
    let plain =
        if grouped('.') || grouped(',') { digits.replace(['.', ','], "") } else { digits.replacen(',', ".", 1) };
    if !plain.starts_with(|c: char| c.is_ascii_digit()) || !plain.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    // "007" is no JSON number, and people do type it.
    let plain = plain.trim_start_matches('0');
    let plain = if plain.is_empty() || plain.starts_with('.') { format!("0{plain}") } else { plain.to_owned() };
    serde_json::from_str(&format!("{sign}{plain}")).ok()
}

fn yes_no(value: &Value) -> Result<Option<Value>, Wrong> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(_) => Ok(Some(value.clone())),
        Value::String(text) => match clean_line(text).as_str() {
            "" => Ok(None),
            "yes" | "true" => Ok(Some(Value::Bool(true))),
            "no" | "false" => Ok(Some(Value::Bool(false))),
            _ => Err(Wrong::new("choice")),
        },
        _ => Err(Wrong::new("type")),
    }
}

/// The texts of a list; one text alone is a list of one.
fn texts(value: &Value) -> Result<Vec<String>, Wrong> {
    let list = match value {
        Value::Null => &[],
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    let texts = list.iter().map(|item| item.as_str().map(clean_line).ok_or_else(|| Wrong::new("type")));
    Ok(texts.collect::<Result<Vec<_>, _>>()?.into_iter().filter(|text| !text.is_empty()).collect())
}

/// What was chosen, each once, in the order of the options.
fn chosen(question: &Question, value: &Value) -> Result<Option<Value>, Wrong> {
    let texts = texts(value)?;
    if texts.iter().any(|text| question.options.iter().all(|option| option.value != *text)) {
        return Err(Wrong::new("choice"));
    }
    let chosen: Vec<_> = question
        .options
        .iter()
        .map(|option| option.value.as_str())
        .filter(|value| texts.iter().any(|t| t == value))
        .collect();
    Ok((!chosen.is_empty()).then(|| Value::from(chosen)))
}

fn uploads(question: &Question, value: &Value) -> Result<Option<Value>, Wrong> {
    let mut ids: Vec<String> = Vec::new();
    for text in texts(value)? {
        let id = text.parse::<Id>().map_err(|_| Wrong::new("upload"))?.to_string();
        if !ids.contains(&id) {
            ids.push(id);
        }
        // More than this is refused below; there is no need to read on.
        if ids.len() > question.max_files {
            break;
        }
    }
    Ok((!ids.is_empty()).then(|| Value::from(ids)))
}

/// What a keyword of the schema found, as one of our own words.
fn wrong(kind: &Kind) -> Wrong {
    match kind {
        Kind::MaxLength { limit } => Wrong::limit("too_long", limit),
        Kind::MinLength { limit } => Wrong::limit("too_short", limit),
        Kind::Maximum { limit } => Wrong::limit("maximum", limit),
        Kind::Minimum { limit } => Wrong::limit("minimum", limit),
        Kind::ExclusiveMaximum { limit } => Wrong::limit("below", limit),
        Kind::ExclusiveMinimum { limit } => Wrong::limit("above", limit),
        Kind::MultipleOf { multiple_of } => Wrong::limit("multiple", multiple_of),
        Kind::MaxItems { limit } => Wrong::limit("too_many", limit),
        Kind::MinItems { limit } => Wrong::limit("too_few", limit),
        Kind::Enum { .. } => Wrong::new("choice"),
        Kind::Type { .. } => Wrong::new("type"),
        _ => Wrong::new("pattern"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_kept_in_one_way() {
        for (typed, kept) in [
            ("0905 123 456", Some("0905123456")),
            ("+84 905.123.456", Some("0905123456")),
            ("0084905123456", Some("0905123456")),
            ("(0236) 3821-234", Some("02363821234")),
            ("+49 151 12345678", Some("+4915112345678")),
            ("0049 151 12345678", Some("+4915112345678")),
            ("0405123456", None),
            ("905123456", None),
            ("09051234567", None),
            ("+0123456789", None),
            ("+", None),
            ("không có", None),
        ] {
            assert_eq!(phone(typed).as_deref(), kept, "{typed}");
            assert_eq!(kept.and_then(phone).as_deref(), kept);
        }
    }

    #[test]
    fn e_mail_addresses_have_a_form() {
        assert_eq!(email("Lan.Tran+ho-so@Gmail.COM").as_deref(), Some("Lan.Tran+ho-so@gmail.com"));
        for wrong in
            ["lan", "lan@", "@x.vn", "lan@danang", "l an@x.vn", "lan@x..vn", ".lan@x.vn", "lan@-x.vn", "lan@đ.vn"]
        {
            assert_eq!(email(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_as_people_type_them() {
        for (typed, kept) in [
            ("1.200", Some("1200")),
            ("1,200,000", Some("1200000")),
            ("007", Some("7")),
            ("0", Some("0")),
            ("-3", Some("-3")),
            ("2,5", Some("2.5")),
            ("12.5", Some("12.5")),
            ("1e9", None),
            ("hai", None),
            ("1.2.3", None),
            ("--1", None),
            ("", None),
        ] {
            assert_eq!(typed_number(typed).map(|n| n.to_string()).as_deref(), kept, "{typed}");
        }
    }
}
