//! Deadlines as read, where the rows of a channel agree on one.

use songhan_catalogue as national;
use songhan_city::{Term, TermUnit};

use crate::channel::Channel;

/// In our units. "Giờ" is working time, as everywhere in the one-stop rules.
pub const fn term(term: national::Term) -> Term {
    let unit = match term.unit {
        national::Unit::WorkingDays => TermUnit::Days,
        national::Unit::Days => TermUnit::CalendarDays,
        national::Unit::Months => TermUnit::Months,
        national::Unit::Hours => TermUnit::Hours,
    };
    Term { amount: term.amount, unit }
}

pub const fn channel(kind: national::Kind) -> Channel {
    match kind {
        national::Kind::Online => Channel::Online,
        national::Kind::Counter => Channel::Counter,
        national::Kind::Post => Channel::Post,
    }
}

/// The deadline on which all rows agree.
pub fn common(rows: &[national::Channel]) -> Option<Term> {
    agreed(rows.iter())
}

/// The deadline on which the rows of a channel agree.
pub fn by_channel(rows: &[national::Channel], by: Channel) -> Option<Term> {
    agreed(rows.iter().filter(|row| channel(row.kind) == by))
}

/// A row whose deadline stays text, or two rows that differ, leave it to the officer, who reads the words.
fn agreed<'a>(mut rows: impl Iterator<Item = &'a national::Channel>) -> Option<Term> {
    let first = rows.next()?.deadline.value().copied()?;
    rows.all(|row| row.deadline.value() == Some(&first)).then(|| term(first))
}

#[cfg(test)]
mod tests {
    use songhan_catalogue::{Kind, Reading, Unit};

    use super::*;

    fn row(kind: Kind, deadline: Reading<national::Term>) -> national::Channel {
        let (note, description) = (String::new(), String::new());
        national::Channel { kind, deadline, fees: Reading::Absent, note, description, disputed: false }
    }

    const fn days(amount: u32) -> Reading<national::Term> {
        Reading::Read(national::Term { amount, unit: Unit::WorkingDays })
    }

    #[test]
    fn rows_that_agree_give_a_deadline() {
        let five = Some(Term { amount: 5, unit: TermUnit::Days });
        let rows = [row(Kind::Online, days(5)), row(Kind::Counter, days(5))];
        assert_eq!((common(&rows), by_channel(&rows, Channel::Online)), (five, five));
        let rows = [row(Kind::Online, days(5)), row(Kind::Counter, days(7)), row(Kind::Online, days(5))];
        assert_eq!((common(&rows), by_channel(&rows, Channel::Online)), (None, five));
        assert_eq!(by_channel(&rows, Channel::Post), None);
    }

    #[test]
    fn text_and_cases_give_none() {
        let text = Reading::Text("theo từng trường hợp".to_owned());
        for other in [text, Reading::Absent, days(10)] {
            let rows = [row(Kind::Online, days(5)), row(Kind::Online, other)];
            assert_eq!((common(&rows), by_channel(&rows, Channel::Online)), (None, None));
        }
        assert_eq!(common(&[]), None);
    }
}
