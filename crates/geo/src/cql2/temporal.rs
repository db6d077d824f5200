//! The temporal relations (clause 7.8 of the standard): each is a conjunction of comparisons between limits.
//!
//! Its second table links T_STARTEDBY and T_STARTS to each other's definition; here they are as OWL-Time and the
//! standard's own test data have them.

use jiff::civil::Date;
use jiff::tz::Offset;

use super::names::{Comparison, Temporal};
use super::schema::Value;
use super::time::{day, start_of_day};

/// A limit of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Start,
    End,
}

/// A comparison of a limit of the first period with one of the second.
pub type Term = (Limit, Comparison, Limit);

/// What a relation asks of the limits, all of it; for T_DISJOINT what must not all be.
pub fn terms(op: Temporal) -> &'static [Term] {
    use Comparison::{AtLeast, AtMost, Equal, Greater, Less};
    use Limit::{End, Start};
    match op {
        Temporal::After => &[(Start, Greater, End)],
        Temporal::Before => &[(End, Less, Start)],
        Temporal::Disjoint | Temporal::Intersects => &[(Start, AtMost, End), (End, AtLeast, Start)],
        Temporal::Equals => &[(Start, Equal, Start), (End, Equal, End)],
        Temporal::Contains => &[(Start, Less, Start), (End, Greater, End)],
        Temporal::During => &[(Start, Greater, Start), (End, Less, End)],
        Temporal::FinishedBy => &[(Start, Less, Start), (End, Equal, End)],
        Temporal::Finishes => &[(Start, Greater, Start), (End, Equal, End)],
        Temporal::Meets => &[(End, Equal, Start)],
        Temporal::MetBy => &[(Start, Equal, End)],
        Temporal::OverlappedBy => &[(Start, Greater, Start), (Start, Less, End), (End, Greater, End)],
        Temporal::Overlaps => &[(Start, Less, Start), (End, Greater, Start), (End, Less, End)],
        Temporal::StartedBy => &[(Start, Equal, Start), (End, Greater, End)],
        Temporal::Starts => &[(Start, Equal, Start), (End, Less, End)],
    }
}

/// Whether the relation is defined for instants too.
pub fn takes_instants(op: Temporal) -> bool {
    matches!(op, Temporal::After | Temporal::Before | Temporal::Disjoint | Temporal::Equals | Temporal::Intersects)
}

/// In what two periods are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// One of them is of dates.
    Day,
    Moment,
}

/// A point of time in a grain: only the order means something.
pub type Instant = i128;

/// A closed period; open ends are the least and the greatest instant.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    pub start: Instant,
    pub end: Instant,
}

impl Period {
    fn limit(self, limit: Limit) -> Instant {
        match limit {
            Limit::Start => self.start,
            Limit::End => self.end,
        }
    }
}

pub fn holds(op: Temporal, a: Period, b: Period) -> bool {
    let all = terms(op).iter().all(|(left, comparison, right)| {
        let (left, right) = (a.limit(*left), b.limit(*right));
        match comparison {
            Comparison::Equal => left == right,
            Comparison::Unequal => left != right,
            Comparison::Less => left < right,
            Comparison::Greater => left > right,
            Comparison::AtMost => left <= right,
            Comparison::AtLeast => left >= right,
        }
    });
    all != (op == Temporal::Disjoint)
}

/// A value in the grain of a comparison: in a comparison of days a timestamp is its day, in one of moments a date is
/// its first moment as a start and its last as an end.
pub fn refine(value: &Value<'_>, grain: Grain, limit: Limit, offset: Offset) -> Option<Value<'static>> {
    Some(match (value, grain) {
        (Value::Date(date), Grain::Day) => Value::Date(*date),
        (Value::Timestamp(timestamp), Grain::Day) => Value::Date(day(*timestamp, offset)),
        (Value::Timestamp(timestamp), Grain::Moment) => Value::Timestamp(*timestamp),
        (Value::Date(date), Grain::Moment) => Value::Timestamp(match limit {
            Limit::Start => start_of_day(*date, offset)?,
            Limit::End => {
                start_of_day(date.tomorrow().ok()?, offset)?.checked_sub(jiff::SignedDuration::from_nanos(1)).ok()?
            }
        }),
        _ => return None,
    })
}

pub fn instant(value: &Value<'_>, grain: Grain, limit: Limit, offset: Offset) -> Option<Instant> {
    match refine(value, grain, limit, offset)? {
        Value::Date(date) => Some(ordinal(date)),
        Value::Timestamp(timestamp) => Some(timestamp.as_nanosecond()),
        _ => None,
    }
}

/// In the order of days, with gaps.
fn ordinal(date: Date) -> Instant {
    i128::from(date.year()) * 10_000 + i128::from(date.month()) * 100 + i128::from(date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The thirteen relations of Allen exclude each other and leave nothing out.
    #[test]
    fn proper_intervals_have_exactly_one_relation() {
        let exclusive: Vec<Temporal> = Temporal::ALL
            .iter()
            .copied()
            .filter(|op| !matches!(op, Temporal::Disjoint | Temporal::Intersects))
            .collect();
        let periods: Vec<Period> =
            (0..5).flat_map(|start| (start + 1..6).map(move |end| Period { start, end })).collect();
        for a in &periods {
            for b in &periods {
                let found: Vec<_> = exclusive.iter().filter(|op| holds(**op, *a, *b)).collect();
                assert_eq!(found.len(), 1, "{a:?} {b:?} {found:?}");
                assert_ne!(holds(Temporal::Disjoint, *a, *b), holds(Temporal::Intersects, *a, *b));
            }
        }
    }

    #[test]
    fn converses() {
        use Temporal::*;
        let pairs = [
            (After, Before),
            (Contains, During),
            (FinishedBy, Finishes),
            (Meets, MetBy),
            (OverlappedBy, Overlaps),
            (StartedBy, Starts),
        ];
        let (a, b) = (Period { start: 1, end: 4 }, Period { start: 1, end: 6 });
        assert!(holds(Starts, a, b) && holds(StartedBy, b, a));
        for (op, converse) in pairs {
            for (a, b) in [(a, b), (b, a), (Period { start: 6, end: 9 }, b)] {
                assert_eq!(holds(op, a, b), holds(converse, b, a));
            }
        }
    }
}
