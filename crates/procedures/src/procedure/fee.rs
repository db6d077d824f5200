//! Fees: what a procedure costs whom, when, and by which channel.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use songhan_base::{Money, Text};
use songhan_city::Placed;
use songhan_forms::Answers;

use crate::channel::Channel;

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
    /// Mức lũy tiến: from such a page (or copy) on each costs so much; `amount` is for those before.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// Mức tối đa: of pages for one copy, of copies for the dossier.
    #[serde(default)]
    pub max: Option<Money>,
    /// The question whose answer says how many copies there are of so many pages: tiers and `max` are for each.
    #[serde(default)]
    pub copies: Option<String>,
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

/// A step of a fee.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The first that costs so much.
    pub from: i64,
    pub amount: Money,
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
        let counted = |question: &Option<String>| {
            let answer = question.as_ref().and_then(|question| facts.answers.number(question));
            answer.unwrap_or(1).clamp(1, QUANTITY_MAX)
        };
        let quantity = if self.per == Per::Dossier { 1 } else { counted(&self.quantity) };
        // What goes by steps is one sum for all that is counted, as often as there are copies of it.
        let (full, quantity) =
            if self.is_stepped() { (self.stepped(full, quantity), counted(&self.copies)) } else { (full, quantity) };
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

    /// Whether more of it is not simply so many times the amount.
    pub fn is_stepped(&self) -> bool {
        !self.tiers.is_empty() || self.max.is_some()
    }

    /// The sum over the steps, of which the first costs `first`, and no more than the most.
    fn stepped(&self, first: Money, count: i64) -> Money {
        let ends = self.tiers.iter().map(|tier| tier.from - 1).chain([i64::MAX]);
        let (mut sum, mut done) = (0_i64, 0_i64);
        for (amount, end) in std::iter::once(first).chain(self.tiers.iter().map(|tier| tier.amount)).zip(ends) {
            let here = (count.min(end) - done).max(0);
            sum = sum.saturating_add(amount.0.saturating_mul(here));
            done += here;
        }
        Money(self.max.map_or(sum, |max| sum.min(max.0)))
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

    const COPIES: &str = "id = 'page'\nname = 'Phí'\namount = 2000\nper = 'page'\nquantity = 'pages'\ncopies = 'copies'\n\
                          tiers = [{ from = 3, amount = 1000 }]\nmax = 200000";

    #[test]
    fn pages_go_by_steps_up_to_the_most() {
        let fee = fee(COPIES);
        let of = |pages: i64, copies: i64| {
            let answers = answers(json!({ "pages": pages, "copies": copies }));
            let due = fee.due(&facts(&answers, Channel::Counter, None)).expect("due");
            (due.unit_amount.0, due.quantity, due.amount().0)
        };
        assert_eq!(of(1, 1), (2_000, 1, 2_000));
        assert_eq!(of(2, 1), (4_000, 1, 4_000));
        assert_eq!(of(3, 1), (5_000, 1, 5_000));
        assert_eq!(of(5, 3), (7_000, 3, 21_000));
        assert_eq!(of(198, 1), (200_000, 1, 200_000));
        assert_eq!(of(250, 2), (200_000, 2, 400_000));
        let none = answers(json!({}));
        assert_eq!(fee.due(&facts(&none, Channel::Counter, None)).map(|due| due.amount()), Some(Money(2_000)));
    }

    /// Page by page, as one counts at the desk.
    #[test]
    fn steps_are_the_sum_of_their_pages() {
        let schedules: [(&[(i64, i64)], i64); 4] =
            [(&[(3, 1_000)], 200_000), (&[(2, 0)], 9_000), (&[(5, 700), (9, 0), (40, 3_000)], 60_000), (&[], 50_000)];
        for (steps, most) in schedules {
            let tiers = steps.iter().map(|(from, amount)| Tier { from: *from, amount: Money(*amount) }).collect();
            let fee = Fee { tiers, max: Some(Money(most)), ..fee(COPIES) };
            let price =
                |page: i64| steps.iter().rev().find(|(from, _)| *from <= page).map_or(2_000, |(_, amount)| *amount);
            for pages in 1..=300 {
                let by_hand = (1..=pages).map(price).sum::<i64>().min(most);
                assert_eq!(fee.stepped(Money(2_000), pages), Money(by_hand), "{pages} pages, {steps:?}");
            }
        }
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
