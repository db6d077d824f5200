//! The arguments of a notice: kept as what they are, written out in the reader's language.

use std::collections::BTreeMap;

use fluent_bundle::FluentArgs;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::App;
use songhan_base::{Lang, Money, Text};

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Arg {
    Text(String),
    Number(i64),
    Money(Money),
    At(Timestamp),
    Day(Date),
    Both(Text),
}

/// Named arguments: `Args::new().text("code", "…").money("amount", fee).day("due", day)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Args(BTreeMap<String, Arg>);

impl Args {
    pub fn new() -> Self {
        Self::default()
    }

    fn with(mut self, name: &str, arg: Arg) -> Self {
        self.0.insert(name.to_owned(), arg);
        self
    }

    /// A code, a name: the same in every language.
    #[must_use]
    pub fn text(self, name: &str, value: impl Into<String>) -> Self {
        self.with(name, Arg::Text(value.into()))
    }

    /// A text that the city has in several languages.
    #[must_use]
    pub fn both(self, name: &str, value: &Text) -> Self {
        self.with(name, Arg::Both(value.clone()))
    }

    /// A count; texts may choose their plural form by it.
    #[must_use]
    pub fn number(self, name: &str, value: i64) -> Self {
        self.with(name, Arg::Number(value))
    }

    #[must_use]
    pub fn money(self, name: &str, value: Money) -> Self {
        self.with(name, Arg::Money(value))
    }

    /// A moment, written with date and time on the city's clock.
    #[must_use]
    pub fn at(self, name: &str, value: Timestamp) -> Self {
        self.with(name, Arg::At(value))
    }

    #[must_use]
    pub fn day(self, name: &str, value: Date) -> Self {
        self.with(name, Arg::Day(value))
    }

    /// One of them as text, in a language.
    pub(crate) fn written(&self, app: &App, lang: Lang, name: &str) -> Option<String> {
        Some(match self.0.get(name)? {
            Arg::Text(text) => text.clone(),
            Arg::Number(n) => n.to_string(),
            Arg::Money(money) => money.to_string(),
            Arg::Both(text) => text.get(lang).to_owned(),
            Arg::At(at) => when(app, lang, &at.to_string()),
            Arg::Day(day) => when(app, lang, &day.to_string()),
        })
    }

    /// As Fluent takes them, in a language.
    pub(crate) fn fluent(&self, app: &App, lang: Lang) -> FluentArgs<'static> {
        let mut fluent = FluentArgs::new();
        for (name, arg) in &self.0 {
            match arg {
                Arg::Text(text) => fluent.set(name.clone(), text.clone()),
                Arg::Number(n) => fluent.set(name.clone(), *n),
                Arg::Money(money) => fluent.set(name.clone(), money.to_string()),
                Arg::Both(text) => fluent.set(name.clone(), text.get(lang).to_owned()),
                Arg::At(at) => fluent.set(name.clone(), when(app, lang, &at.to_string())),
                Arg::Day(day) => fluent.set(name.clone(), when(app, lang, &day.to_string())),
            }
        }
        fluent
    }
}

/// A moment or day as the pages write it.
fn when(app: &App, lang: Lang, value: &str) -> String {
    let written = app.renderer.fragment("notices/when.txt", lang, json!({ "value": value }));
    written.map_or_else(|_| value.to_owned(), |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_the_database() {
        let args = Args::new()
            .text("code", "000.00.15.H17-261121-0001")
            .number("n", 2)
            .money("amount", Money(8_000))
            .at("at", "2026-11-20T02:00:00Z".parse().unwrap())
            .day("due", "2026-11-25".parse().unwrap())
            .both("title", &Text::new("Trích lục", "Extract"));
        let json = serde_json::to_string(&args).unwrap();
        assert_eq!(serde_json::from_str::<Args>(&json).unwrap(), args, "{json}");
    }
}
