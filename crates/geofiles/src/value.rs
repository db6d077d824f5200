//! Values made to fit the kind of their field, and texts recognised as values.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::{FieldKind, Value};

/// Beyond this a 64-bit float no longer tells neighbouring integers apart.
const EXACT_INT_MAX: u64 = 1 << 53;

impl Value {
    pub fn kind(&self) -> Option<FieldKind> {
        Some(match self {
            Self::Null => return None,
            Self::Bool(_) => FieldKind::Bool,
            Self::Int(_) => FieldKind::Int,
            Self::Number(_) => FieldKind::Number,
            Self::Text(_) => FieldKind::Text,
            Self::Date(_) => FieldKind::Date,
            Self::Timestamp(_) => FieldKind::Timestamp,
            Self::Json(_) => FieldKind::Json,
        })
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value as one of `kind`, if nothing is lost by it; otherwise the value as it was.
    pub fn fit(self, kind: FieldKind) -> Result<Self, Self> {
        if self.is_null() || self.kind() == Some(kind) {
            return Ok(self);
        }
        match (kind, &self) {
            (FieldKind::Text, _) => Ok(Self::Text(self.into_text())),
            (FieldKind::Json, _) => Ok(Self::Json(Box::new(self.into_json()))),
            (FieldKind::Number, Self::Int(int)) if int.unsigned_abs() <= EXACT_INT_MAX => Ok(Self::Number(*int as f64)),
            (FieldKind::Int, Self::Number(n)) if n.fract() == 0.0 && n.abs() <= EXACT_INT_MAX as f64 => {
                Ok(Self::Int(*n as i64))
            }
            (FieldKind::Timestamp, Self::Date(date)) => {
                date.to_zoned(jiff::tz::TimeZone::UTC).map(|at| Self::Timestamp(at.timestamp())).map_err(|_| self)
            }
            (_, Self::Text(text)) => parsed(text, kind).ok_or(self),
            _ => Err(self),
        }
    }

    /// As a table writes it. Null is empty; a number keeps its point, so that it is read as a number again.
    pub fn into_text(self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(yes) => yes.to_string(),
            Self::Int(int) => int.to_string(),
            Self::Number(number) => format!("{number:?}"),
            Self::Text(text) => text,
            Self::Date(date) => date.to_string(),
            Self::Timestamp(at) => at.to_string(),
            Self::Json(json) => json.to_string(),
        }
    }

    pub fn into_json(self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(yes) => yes.into(),
            Self::Int(int) => int.into(),
            // What is no number in JSON becomes null there.
            Self::Number(number) => number.into(),
            Self::Json(json) => *json,
            other => other.into_text().into(),
        }
    }
}

fn parsed(text: &str, kind: FieldKind) -> Option<Value> {
    match kind {
        FieldKind::Bool => boolean(text).map(Value::Bool),
        FieldKind::Int => text.trim().parse().ok().map(Value::Int),
        FieldKind::Number => text.trim().parse().ok().filter(|n: &f64| n.is_finite()).map(Value::Number),
        FieldKind::Date => date(text).map(Value::Date),
        FieldKind::Timestamp => timestamp(text).map(Value::Timestamp),
        FieldKind::Text | FieldKind::Json => None,
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// `2026-11-23`, nothing else: what a day and month in another order would mean is a guess.
pub fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    (bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-').then(|| Date::from_str(text).ok()).flatten()
}

/// A time with its offset (RFC 3339). Without one it is not known which moment is meant.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let zoned = bytes.len() >= 20 && bytes.len() <= 40 && bytes[4] == b'-' && matches!(bytes[10], b'T' | b't' | b' ');
    let at = (zoned && !text.contains('[')).then(|| Timestamp::from_str(text).ok()).flatten()?;
    Timestamp::from_microsecond(at.as_microsecond()).ok()
}

/// A time of a column that is declared as one: without an offset it is UTC (OGC 12-128r18, table 1).
pub fn timestamp_or_utc(text: &str) -> Option<Timestamp> {
    timestamp(text).or_else(|| {
        let naive = jiff::civil::DateTime::from_str(text.trim()).ok()?;
        let at = naive.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        Timestamp::from_microsecond(at.as_microsecond()).ok()
    })
}

/// What a text of a format without types may be. `00123` is a code and `+84…` a telephone number, not numbers; an integer
/// of more than 64 bits stays a text.
pub fn kind_of_text(text: &str) -> FieldKind {
    let Some(first) = text.bytes().next() else { return FieldKind::Text };
    if first.is_ascii_digit() || first == b'-' {
        if let Some(kind) = kind_of_figures(text) {
            return kind;
        }
        return kind_of_words(text);
    }
    if boolean(text).is_some() { FieldKind::Bool } else { FieldKind::Text }
}

/// What a text of a format that knows numbers may still be.
pub fn kind_of_words(text: &str) -> FieldKind {
    if date(text).is_some() {
        FieldKind::Date
    } else if timestamp(text).is_some() {
        FieldKind::Timestamp
    } else {
        FieldKind::Text
    }
}

fn kind_of_figures(text: &str) -> Option<FieldKind> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
    let rest = digits.as_bytes().get(whole..).unwrap_or_default();
    let code = whole > 1 && digits.starts_with('0');
    if whole == 0 || code || text == "-0" {
        return None;
    }
    if rest.is_empty() {
        return Some(if text.parse::<i64>().is_ok() { FieldKind::Int } else { FieldKind::Text });
    }
    let plain = rest.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    let after_point = rest[0] != b'.' || rest.get(1).is_some_and(u8::is_ascii_digit);
    let number = plain && after_point && text.parse::<f64>().is_ok_and(f64::is_finite);
    number.then_some(FieldKind::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_recognised_without_losing_codes() {
        for (text, kind) in [
            ("12", FieldKind::Int),
            ("-7", FieldKind::Int),
            ("0", FieldKind::Int),
            ("9223372036854775807", FieldKind::Int),
            ("9223372036854775808", FieldKind::Text),
            ("00123", FieldKind::Text),
            ("-0", FieldKind::Text),
            ("12/5", FieldKind::Text),
            ("K12", FieldKind::Text),
            ("+84905123456", FieldKind::Text),
            ("1.5", FieldKind::Number),
            ("1.", FieldKind::Text),
            ("1.2.3", FieldKind::Text),
            ("2e5", FieldKind::Number),
            ("1e999", FieldKind::Text),
            ("true", FieldKind::Bool),
            ("True", FieldKind::Text),
            ("2026-11-23", FieldKind::Date),
            ("2026-13-23", FieldKind::Text),
            ("23/11/2026", FieldKind::Text),
            ("2026-11-23T08:00:00+07:00", FieldKind::Timestamp),
            ("2026-11-23T08:00:00", FieldKind::Text),
            ("Ngũ Hành Sơn", FieldKind::Text),
            ("NaN", FieldKind::Text),
            ("", FieldKind::Text),
        ] {
            assert_eq!(kind_of_text(text), kind, "{text}");
        }
    }

    #[test]
    fn values_fit_only_without_loss() {
        assert_eq!(Value::Int(3).fit(FieldKind::Number), Ok(Value::Number(3.0)));
        assert_eq!(Value::Int(i64::MAX).fit(FieldKind::Number), Err(Value::Int(i64::MAX)));
        assert_eq!(Value::Number(3.5).fit(FieldKind::Int), Err(Value::Number(3.5)));
        assert_eq!(Value::Text("x".into()).fit(FieldKind::Int), Err(Value::Text("x".into())));
        assert_eq!(Value::Number(2.0).fit(FieldKind::Text), Ok(Value::Text("2.0".into())));
        assert_eq!(Value::Null.fit(FieldKind::Date), Ok(Value::Null));
        let date = Value::Date(Date::constant(2026, 11, 23));
        assert_eq!(Value::Text("2026-11-23".into()).fit(FieldKind::Date), Ok(date));
    }
}
