//! Dates in declarations: TOML's own (`2026-01-02`) or in quotes, always a whole day.

use std::fmt;

use jiff::civil::Date;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, de};

/// Reads a date: `#[serde(deserialize_with = "songhan_city::date")]`.
pub fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    deserializer.deserialize_any(DateVisitor)
}

/// Reads a date that may be missing: `#[serde(default, deserialize_with = "songhan_city::optional_date")]`.
pub fn optional_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    date(deserializer).map(Some)
}

/// A date in full, and nothing beside it.
pub(crate) fn parse(text: &str) -> Option<Date> {
    let whole = text.len() == "2026-01-31".len();
    whole.then(|| text.parse().ok()).flatten()
}

struct DateVisitor;

impl<'de> Visitor<'de> for DateVisitor {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date such as 2026-01-31")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
        parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Date, A::Error> {
        // A TOML date comes as a map of one secret key; its own type knows how to read it.
        let text = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?.to_string();
        self.visit_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Row {
        #[serde(deserialize_with = "date")]
        from: Date,
        #[serde(default, deserialize_with = "optional_date")]
        until: Option<Date>,
    }

    #[test]
    fn reads_both_spellings_and_nothing_else() {
        let row: Row = toml::from_str("from = 2026-02-28\nuntil = \"2026-03-01\"").unwrap();
        assert_eq!((row.from, row.until), (day(2026, 2, 28), Some(day(2026, 3, 1))));
        assert_eq!(toml::from_str::<Row>("from = 2026-02-28").unwrap().until, None);
        for wrong in ["2026-02-30", "2026-02-28T08:00:00", "08:00:00", "\"28/2/2026\"", "20260228"] {
            let error = toml::from_str::<Row>(&format!("from = {wrong}")).unwrap_err();
            assert!(error.to_string().contains("line 1"), "{wrong}: {error}");
        }
    }
}
