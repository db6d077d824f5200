//! Filters of the templates: money, numbers, dates and times as people in Vietnam write them, texts in two languages.
//!
//! A moment is given as microseconds since 1970 (as the database keeps it) or as RFC 3339 text; a day as
//! `2026-11-21`. What is neither shows as it is: a page is not the place to fail.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};
use songhan_base::{Lang, Money};

use crate::{Texts, icons, markdown, qr};

type Format = fn(&Moment, Lang) -> String;

/// Registers every filter and function for one language.
pub(crate) fn register(env: &mut Environment<'static>, lang: Lang, zone: &TimeZone, texts: &Texts, strict: bool) {
    env.add_filter("money", |value: &Value| value.as_i64().map_or_else(|| value.to_string(), |n| Money(n).to_string()));
    env.add_filter("number", move |value: &Value| {
        value.as_i64().map_or_else(|| value.to_string(), |n| number(n, lang))
    });
    env.add_filter("text", move |value: &Value| text(value, lang));
    env.add_filter("bytes", move |value: &Value| value.as_i64().map_or_else(String::new, |n| bytes(n, lang)));
    env.add_filter("initial", |name: Cow<'_, str>| initial(&name));
    env.add_filter("markdown", |source: Cow<'_, str>| Value::from_safe_string(markdown::html(&source)));
    let formats: [(&'static str, Format); 6] = [
        ("date", |m, lang| m.date(lang)),
        ("longdate", |m, lang| m.long_date(lang)),
        ("time", |m, lang| m.time(lang)),
        ("datetime", |m, lang| m.date_time(lang)),
        ("iso", |m, _| m.iso()),
        ("daymonth", |m, _| m.day_month()),
    ];
    for (name, format) in formats {
        let zone = zone.clone();
        env.add_filter(name, move |value: &Value| {
            Moment::read(value, &zone).map_or_else(|| shown(value), |moment| format(&moment, lang))
        });
    }
    // Drawn once: a page shows dozens of icons.
    let drawn: HashMap<&str, Value> =
        icons::names().into_iter().map(|name| (name, Value::from_safe_string(icons::svg(name)))).collect();
    env.add_function("icon", move |name: &str| {
        drawn.get(name).cloned().unwrap_or_else(|| Value::from_safe_string(icons::svg(name)))
    });
    env.add_function("icon_names", || Value::from_iter(icons::names()));
    env.add_function("qr", |content: &str, label: &str| {
        Value::from_safe_string(qr::svg(content, label).unwrap_or_default())
    });
    let texts = texts.clone();
    env.add_function("t", move |key: &str, args: Kwargs| translate(&texts, lang, strict, key, &args));
    env.add_function("field_error", field_error);
}

fn shown(value: &Value) -> String {
    if value.is_undefined() || value.is_none() { String::new() } else { value.to_string() }
}

/// `t("key", name=…)`: strict environments fail on a missing key, so that a test finds it.
fn translate(texts: &Texts, lang: Lang, strict: bool, key: &str, args: &Kwargs) -> Result<Value, Error> {
    let mut names = args.args().peekable();
    if names.peek().is_none()
        && let Some(text) = texts.fixed(lang, key)
    {
        return Ok(Value::from(text.clone()));
    }
    let mut fluent = fluent_bundle::FluentArgs::new();
    for name in names {
        let value: Value = args.get(name)?;
        // Numbers stay numbers, so that plural forms can be chosen.
        match value.as_i64() {
            Some(n) => fluent.set(name.to_owned(), n),
            None => fluent.set(name.to_owned(), text(&value, lang).to_string()),
        }
    }
    match texts.find(lang, key, Some(&fluent)) {
        Some(text) => Ok(Value::from(text.into_owned())),
        None if strict => Err(Error::new(ErrorKind::UndefinedError, format!("no text \"{key}\"; add it to the .ftl"))),
        None => Ok(Value::from(key)),
    }
}

/// The message of a field among `errors` (a list of `{ field, message }`), or nothing.
fn field_error(_: &State, errors: &Value, field: &str) -> Result<Value, Error> {
    if errors.kind() != ValueKind::Seq && errors.kind() != ValueKind::Iterable {
        return Ok(Value::from(""));
    }
    for error in errors.try_iter()? {
        if error.get_attr("field")?.as_str() == Some(field) {
            return error.get_attr("message");
        }
    }
    Ok(Value::from(""))
}

/// A `{ vi, en }` value in the page's language; anything else as it is.
fn text(value: &Value, lang: Lang) -> Value {
    if value.kind() != ValueKind::Map {
        return if value.is_none() { Value::from("") } else { value.clone() };
    }
    let pick = |tag| value.get_attr(tag).ok().filter(|v| !v.is_undefined() && !v.is_none());
    pick(lang.tag()).or_else(|| pick("vi")).unwrap_or_else(|| Value::from(""))
}

/// `84 KB`, `1,8 MB`; nothing for an unknown size.
fn bytes(n: i64, lang: Lang) -> String {
    const MB: i64 = 1 << 20;
    if n <= 0 {
        return String::new();
    }
    if n < MB {
        return format!("{} KB", (n + 1023) / 1024);
    }
    let tenths = (n * 10 + MB / 2) / MB;
    let point = if lang == Lang::Vi { ',' } else { '.' };
    format!("{}{point}{} MB", tenths / 10, tenths % 10)
}

/// The first letter of the given name, which in Vietnamese stands last.
fn initial(name: &str) -> String {
    name.split_whitespace()
        .last()
        .and_then(|word| word.chars().next())
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default()
}

fn number(n: i64, lang: Lang) -> String {
    let shown = Money(n).to_string();
    let digits = shown.trim_end_matches("\u{a0}đ");
    if lang == Lang::En { digits.replace('.', ",") } else { digits.to_owned() }
}

/// A point in time seen on the city's clock, or a whole day.
enum Moment {
    At(Zoned),
    On(Date),
}

impl Moment {
    fn read(value: &Value, zone: &TimeZone) -> Option<Self> {
        if let Some(micros) = value.as_i64() {
            return Some(Self::At(Timestamp::from_microsecond(micros).ok()?.to_zoned(zone.clone())));
        }
        let text = value.as_str()?;
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(Self::At(at.to_zoned(zone.clone())));
        }
        text.parse().ok().map(Self::On)
    }

    fn day(&self) -> Date {
        match self {
            Self::At(at) => at.date(),
            Self::On(day) => *day,
        }
    }

    /// `21/11/2026`, `21 Nov 2026`.
    fn date(&self, lang: Lang) -> String {
        let day = self.day();
        match lang {
            Lang::Vi => format!("{:02}/{:02}/{}", day.day(), day.month(), day.year()),
            Lang::En => day.strftime("%-d %b %Y").to_string(),
        }
    }

    /// `21/11`: for charts and narrow chips.
    fn day_month(&self) -> String {
        let day = self.day();
        format!("{:02}/{:02}", day.day(), day.month())
    }

    /// `Thứ Bảy, ngày 21 tháng 11 năm 2026`, `Saturday, 21 November 2026`.
    fn long_date(&self, lang: Lang) -> String {
        let day = self.day();
        if lang == Lang::En {
            return day.strftime("%A, %-d %B %Y").to_string();
        }
        let weekday = match day.weekday() {
            Weekday::Monday => "Thứ Hai",
            Weekday::Tuesday => "Thứ Ba",
            Weekday::Wednesday => "Thứ Tư",
            Weekday::Thursday => "Thứ Năm",
            Weekday::Friday => "Thứ Sáu",
            Weekday::Saturday => "Thứ Bảy",
            Weekday::Sunday => "Chủ Nhật",
        };
        format!("{weekday}, ngày {} tháng {} năm {}", day.day(), day.month(), day.year())
    }

    /// `14 giờ 05`, `14:05`; a whole day has none.
    fn time(&self, lang: Lang) -> String {
        let Self::At(at) = self else { return String::new() };
        match lang {
            Lang::Vi => format!("{:02} giờ {:02}", at.hour(), at.minute()),
            Lang::En => format!("{:02}:{:02}", at.hour(), at.minute()),
        }
    }

    /// `14 giờ 05, 21/11/2026`.
    fn date_time(&self, lang: Lang) -> String {
        match self {
            Self::At(_) => format!("{}, {}", self.time(lang), self.date(lang)),
            Self::On(_) => self.date(lang),
        }
    }

    /// For `<time datetime>`.
    fn iso(&self) -> String {
        match self {
            Self::At(at) => at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            Self::On(day) => day.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(lang: Lang, template: &str) -> String {
        let mut env = Environment::new();
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
        register(&mut env, lang, &zone, &Texts::new([("vi", "hi = Chào { $who }, { $n } hồ sơ")]).unwrap(), true);
        env.render_str(
            template,
            minijinja::context! { at => 1_795_244_700_000_000_i64, both => minijinja::context! { vi => "Hộ tịch" } },
        )
        .unwrap()
    }

    #[test]
    fn writes_as_people_do() {
        assert_eq!(render(Lang::Vi, "{{ 1234567 | money }}"), "1.234.567\u{a0}đ");
        assert_eq!(render(Lang::En, "{{ 1234567 | number }}"), "1,234,567");
        assert_eq!(render(Lang::Vi, "{{ 86016 | bytes }} {{ 1887437 | bytes }}{{ 0 | bytes }}"), "84 KB 1,8 MB");
        assert_eq!(render(Lang::Vi, "{{ at | datetime }}"), "14 giờ 05, 21/11/2026");
        assert_eq!(render(Lang::En, "{{ at | datetime }}"), "14:05, 21 Nov 2026");
        assert_eq!(render(Lang::Vi, "{{ '2026-11-21' | longdate }}"), "Thứ Bảy, ngày 21 tháng 11 năm 2026");
        assert_eq!(render(Lang::Vi, "{{ '2026-11-21T07:05:00Z' | iso }}"), "2026-11-21T14:05:00+07:00");
        assert_eq!(render(Lang::Vi, "{{ 'chưa rõ' | date }}{{ none | date }}"), "chưa rõ");
    }

    #[test]
    fn texts_in_the_pages_language() {
        assert_eq!(render(Lang::En, "{{ both | text }} {{ 'x' | text }}"), "Hộ tịch x");
        assert_eq!(render(Lang::Vi, "{{ t('hi', who='Lan', n=3) }}"), "Chào Lan, 3 hồ sơ");
    }

    #[test]
    fn finds_a_fields_error() {
        let template = "{{ field_error([{'field': 'a', 'message': 'm'}], 'a') }}{{ field_error([], 'b') }}";
        assert_eq!(render(Lang::Vi, template), "m");
    }
}
