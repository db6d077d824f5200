//! Fees: what a procedure costs whom, when, and by which channel.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use songhan_base::{Money, Text};
use songhan_city::Placed;
use songhan_forms::Answers;

use crate::dossier::Channel;

/// Phí, lệ phí: one line of what a procedure costs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    pub id: Placed<String>,
    pub name: Text,
    /// The same for all; otherwise `amounts`.
    #[serde(default)]
    pub amount: Option<Money>,
    #[serde(default)]
    pub amounts: Option<Amounts>,
    #[serde(default)]
    pub per: Per,
    /// The question whose answer counts the copies or pages.
    #[serde(default)]
    pub quantity: Option<String>,
    /// Căn cứ: decree and article, or the People's Council's resolution.
    #[serde(default)]
    pub basis: Option<Text>,
    /// Channels by which it is due; none named means all.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// Đối tượng được miễn: groups of `fee-exemptions.toml`.
    #[serde(default)]
    pub exempt: Vec<Placed<String>>,
    #[serde(default)]
    pub exempt_basis: Option<Text>,
    /// What is due of it online, in percent.
    #[serde(default)]
    pub online_percent: Option<Placed<u8>>,
    #[serde(default)]
    pub online_basis: Option<Text>,
    #[serde(default, deserialize_with = "songhan_city::optional_date")]
    pub from: Option<Date>,
    #[serde(default, deserialize_with = "songhan_city::optional_date")]
    pub until: Option<Date>,
}

/// Amounts that follow from an answer of the form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    pub question: String,
    pub by: BTreeMap<String, Money>,
}

/// What it is counted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    #[default]
    Dossier,
    Copy,
    Page,
}

impl Per {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dossier => "dossier",
            Self::Copy => "copy",
            Self::Page => "page",
        }
    }
}

/// What decides about the fees of a dossier.
#[derive(Clone, Copy, Debug)]
pub struct FeeFacts<'a> {
    pub answers: &'a Answers,
    pub channel: Channel,
    /// The group by which the applicant is exempt.
    pub exemption: Option<&'a str>,
    pub today: Date,
}

/// Why less is due than the fee says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relief {
    /// Miễn.
    Exempt,
    /// Giảm khi nộp trực tuyến.
    Online,
}

/// A fee as it is due in one dossier.
#[derive(Clone, Copy, Debug)]
pub struct FeeDue<'a> {
    pub fee: &'a Fee,
    pub quantity: i64,
    /// By the schedule, before any relief.
    pub full: Money,
    pub unit_amount: Money,
    pub relief: Option<Relief>,
}

impl<'a> FeeDue<'a> {
    pub fn amount(&self) -> Money {
        Money(self.unit_amount.0.saturating_mul(self.quantity))
    }

    /// The law behind the amount: that of the relief where one applies and says so.
    pub fn basis(&self) -> Option<&'a Text> {
        let relief = match self.relief {
            Some(Relief::Exempt) => self.fee.exempt_basis.as_ref(),
            Some(Relief::Online) => self.fee.online_basis.as_ref(),
            None => None,
        };
        relief.or(self.fee.basis.as_ref())
    }
}

/// More of anything is not asked for in one dossier.
const QUANTITY_MAX: i64 = 1000;

impl Fee {
    pub fn in_force(&self, today: Date) -> bool {
        self.from.is_none_or(|from| from <= today) && self.until.is_none_or(|until| today <= until)
    }

    pub fn due_by(&self, channel: Channel) -> bool {
        self.channels.is_empty() || self.channels.contains(&channel)
    }

    /// What it comes to; `None` where it is not due at all.
    pub fn due(&self, facts: &FeeFacts<'_>) -> Option<FeeDue<'_>> {
        if !self.in_force(facts.today) || !self.due_by(facts.channel) {
            return None;
        }
        let full = self.full(facts.answers)?;
        let quantity = match (self.per, &self.quantity) {
            (Per::Copy | Per::Page, Some(question)) => {
                facts.answers.number(question).unwrap_or(1).clamp(1, QUANTITY_MAX)
            }
            _ => 1,
        };
        let (unit_amount, relief) = self.relieved(full, facts);
        Some(FeeDue { fee: self, quantity, full, unit_amount, relief })
    }

    /// The amount of the schedule.
    fn full(&self, answers: &Answers) -> Option<Money> {
        match &self.amounts {
            Some(amounts) => answers.text(&amounts.question).and_then(|answer| amounts.by.get(answer)).copied(),
            None => self.amount,
        }
    }

    fn relieved(&self, full: Money, facts: &FeeFacts<'_>) -> (Money, Option<Relief>) {
        if facts.exemption.is_some_and(|group| self.exempt.iter().any(|exempt| exempt.as_str() == group)) {
            return (Money(0), Some(Relief::Exempt));
        }
        match &self.online_percent {
            Some(percent) if facts.channel == Channel::Online => {
                (Money(full.0.saturating_mul(i64::from(**percent)) / 100), Some(Relief::Online))
            }
            _ => (full, None),
        }
    }

    /// The highest amount it can come to: for "is there anything to pay".
    pub fn highest(&self) -> Money {
        let by_answer = self.amounts.iter().flat_map(|amounts| amounts.by.values().copied());
        by_answer.chain(self.amount).max_by_key(|money| money.0).unwrap_or(Money(0))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fee(text: &str) -> Fee {
        toml::from_str(text).expect("a fee")
    }

    fn answers(value: serde_json::Value) -> Answers {
        Answers::parse(&value.to_string())
    }

    fn facts<'a>(answers: &'a Answers, channel: Channel, exemption: Option<&'a str>) -> FeeFacts<'a> {
        FeeFacts { answers, channel, exemption, today: "2026-11-22".parse().expect("a day") }
    }

    #[test]
    fn copies_are_counted() {
        let fee = fee("id = 'copy'\nname = 'Phí'\namount = 8000\nper = 'copy'\nquantity = 'copies'");
        let three = answers(json!({ "copies": 3 }));
        assert_eq!(fee.due(&facts(&three, Channel::Online, None)).map(|due| due.amount()), Some(Money(24_000)));
        let none = answers(json!({}));
        assert_eq!(fee.due(&facts(&none, Channel::Online, None)).map(|due| due.quantity), Some(1));
    }

    #[test]
    fn an_answer_chooses_the_amount() {
        let fee =
            fee("id = 'a'\nname = 'Phí'\namounts = { question = 'stars', by = { one = 1500000, three = 2000000 } }");
        let of = |stars: &str| {
            let answers = answers(json!({ "stars": stars }));
            fee.due(&facts(&answers, Channel::Counter, None)).map(|due| due.amount())
        };
        assert_eq!((of("one"), of("three"), of("nine")), (Some(Money(1_500_000)), Some(Money(2_000_000)), None));
        assert_eq!(fee.highest(), Money(2_000_000));
    }

    #[test]
    fn reliefs_name_themselves() {
        let fee = fee("id = 'a'\nname = 'Lệ phí'\namount = 15001\nexempt = ['child']\nonline_percent = 50");
        let none = answers(json!({}));
        let of = |channel, exemption| {
            let due = fee.due(&facts(&none, channel, exemption)).expect("due");
            (due.unit_amount.0, due.relief)
        };
        assert_eq!(of(Channel::Counter, None), (15_001, None));
        assert_eq!(of(Channel::Online, None), (7_500, Some(Relief::Online)));
        assert_eq!(of(Channel::Online, Some("child")), (0, Some(Relief::Exempt)));
        assert_eq!(of(Channel::Counter, Some("elderly")), (15_001, None));
    }

    #[test]
    fn a_fee_has_its_time_and_its_channels() {
        let fee = fee("id = 'a'\nname = 'P'\namount = 1\nchannels = ['counter', 'post']\nuntil = 2026-12-31");
        let none = answers(json!({}));
        assert!(fee.due(&facts(&none, Channel::Online, None)).is_none());
        assert!(fee.due(&facts(&none, Channel::Post, None)).is_some());
        let later = FeeFacts { today: "2027-01-01".parse().expect("a day"), ..facts(&none, Channel::Post, None) };
        assert!(fee.due(&later).is_none());
    }
}
