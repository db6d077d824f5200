//! What a plan asks of one property: a range, or some values.

use std::cmp::Ordering;

use jiff::tz::Offset;

use super::eval::order;
use super::schema::Value;

/// An end of a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    pub value: Value<'static>,
    pub inclusive: bool,
}

/// A property has a value, which lies in a range and, where there are `values`, is one of them.
///
/// Values are of the property's kind, but for whole and other numbers, which stand for each other. Texts are in normal
/// form C and ordered by code point: an index over texts that are not in that form would miss some.
#[derive(Clone, Debug, PartialEq)]
pub struct Restriction {
    /// Index in the schema.
    pub property: usize,
    pub lower: Option<Bound>,
    pub upper: Option<Bound>,
    /// In their order.
    pub values: Option<Vec<Value<'static>>>,
}

impl Restriction {
    pub(super) fn new(property: usize) -> Self {
        Self { property, lower: None, upper: None, values: None }
    }

    pub(super) fn from(mut self, value: Value<'static>, inclusive: bool) -> Self {
        self.lower = Some(Bound { value, inclusive });
        self
    }

    pub(super) fn to(mut self, value: Value<'static>, inclusive: bool) -> Self {
        self.upper = Some(Bound { value, inclusive });
        self
    }

    /// Whether a value is within.
    pub fn admits(&self, value: &Value<'_>) -> bool {
        // Bounds and values are of the property's kind, so that no offset is ever needed.
        let order = |other: &Value<'_>| order(value, other, Offset::UTC);
        let within = |bound: &Option<Bound>, beyond: Ordering| {
            bound.as_ref().is_none_or(|bound| match order(&bound.value) {
                Some(Ordering::Equal) => bound.inclusive,
                Some(side) => side != beyond,
                None => false,
            })
        };
        *value != Value::Null
            && within(&self.lower, Ordering::Less)
            && within(&self.upper, Ordering::Greater)
            && self.values.as_ref().is_none_or(|values| values.iter().any(|v| order(v) == Some(Ordering::Equal)))
    }

    /// Both this and the other.
    pub(super) fn and(&mut self, other: Self) {
        self.lower = tighter(self.lower.take(), other.lower, Ordering::Greater);
        self.upper = tighter(self.upper.take(), other.upper, Ordering::Less);
        self.values = match (self.values.take(), other.values) {
            (Some(a), Some(b)) => Some(if a.len() <= b.len() { a } else { b }),
            (a, b) => a.or(b),
        };
    }

    /// This or the other.
    pub(super) fn or(&mut self, other: Self) {
        self.lower = looser(self.lower.take(), other.lower, Ordering::Less);
        self.upper = looser(self.upper.take(), other.upper, Ordering::Greater);
        self.values = self.values.take().zip(other.values).map(|(mut a, b)| {
            a.extend(b);
            a.sort_by(|x, y| order(x, y, Offset::UTC).unwrap_or(Ordering::Equal));
            a.dedup();
            a
        });
    }
}

/// The bound on the side `tight` of the other; of two equal ones that without its value.
fn tighter(a: Option<Bound>, b: Option<Bound>, tight: Ordering) -> Option<Bound> {
    match (a, b) {
        (Some(a), Some(b)) => Some(match order(&b.value, &a.value, Offset::UTC) {
            Some(Ordering::Equal) if !b.inclusive => b,
            Some(side) if side == tight => b,
            _ => a,
        }),
        (a, b) => a.or(b),
    }
}

/// The bound on the side `loose` of the other; of two equal ones that with its value, and none where one is missing.
fn looser(a: Option<Bound>, b: Option<Bound>, loose: Ordering) -> Option<Bound> {
    let (a, b) = a.zip(b)?;
    match order(&b.value, &a.value, Offset::UTC)? {
        Ordering::Equal if b.inclusive => Some(b),
        side if side == loose => Some(b),
        _ => Some(a),
    }
}
