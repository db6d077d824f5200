//! What an index can look up before a filter is evaluated: conditions that every match fulfils, and others may.

use geo_types::{Coord, Rect};

use super::names::{Comparison, Spatial};
use super::plan_time;
use super::program::{Items, Operand, Test};
use super::range::Restriction;
use super::schema::{Feature, Schema, Value};
use super::spatial::{Extent, Literal, extent, overlap};

/// Necessary conditions of a filter. They never exclude a match; the filter still decides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Nothing matches at all.
    pub never: bool,
    /// The bounding box of the feature's geometry meets this one.
    pub bbox: Option<Rect<f64>>,
    /// What properties have to be, all of it; each property once.
    pub restrictions: Vec<Restriction>,
}

impl Plan {
    /// Whether a feature fulfils the conditions.
    pub fn admits(&self, feature: &impl Feature) -> bool {
        let meets = |bbox: Rect<f64>| match feature.geometry().map(extent) {
            Some(Extent::Box(extent)) => overlap(extent, bbox),
            _ => false,
        };
        !self.never
            && self.bbox.is_none_or(meets)
            && self.restrictions.iter().all(|restriction| restriction.admits(&feature.value(restriction.property)))
    }

    pub(super) fn restricted(restriction: Restriction) -> Self {
        Self { restrictions: vec![restriction], ..Self::default() }
    }

    fn never() -> Self {
        Self { never: true, ..Self::default() }
    }

    pub(super) fn and(&mut self, other: Self) {
        self.never |= other.never;
        // A geometry may meet two boxes and not what they share: the smaller one is the better condition.
        self.bbox = match (self.bbox, other.bbox) {
            (Some(a), Some(b)) => Some(if area(b) < area(a) { b } else { a }),
            (a, b) => a.or(b),
        };
        for restriction in other.restrictions {
            match self.restrictions.iter_mut().find(|own| own.property == restriction.property) {
                Some(own) => own.and(restriction),
                None => self.restrictions.push(restriction),
            }
        }
    }

    fn or(&mut self, mut other: Self) {
        if other.never {
            return;
        }
        if self.never {
            *self = other;
            return;
        }
        self.bbox = self.bbox.zip(other.bbox).map(|(a, b)| hull(a, b));
        self.restrictions.retain_mut(|own| {
            let same = other.restrictions.iter().position(|restriction| restriction.property == own.property);
            same.is_some_and(|index| {
                own.or(other.restrictions.swap_remove(index));
                own.lower.is_some() || own.upper.is_some() || own.values.is_some()
            })
        });
    }
}

fn area(rect: Rect<f64>) -> f64 {
    rect.width() * rect.height()
}

fn hull(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    Rect::new(
        Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
        Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
    )
}

pub(super) fn of(test: &Test, shapes: &[Literal], schema: &Schema) -> Plan {
    match test {
        Test::Constant(Some(true)) => Plan::default(),
        Test::Constant(_) => Plan::never(),
        Test::And(tests) => tests.iter().fold(Plan::default(), |mut plan, test| {
            plan.and(of(test, shapes, schema));
            plan
        }),
        Test::Or(tests) => tests.iter().fold(Plan::never(), |mut plan, test| {
            plan.or(of(test, shapes, schema));
            plan
        }),
        Test::Compare(op, Operand::Property(property), Operand::Constant(value)) => {
            comparison(*property, *op, value, schema)
        }
        Test::Compare(op, Operand::Constant(value), Operand::Property(property)) => {
            comparison(*property, converse(*op), value, schema)
        }
        Test::Between(operands) => match &**operands {
            [Operand::Property(property), Operand::Constant(low), Operand::Constant(high)] => {
                let mut plan = comparison(*property, Comparison::AtLeast, low, schema);
                plan.and(comparison(*property, Comparison::AtMost, high, schema));
                plan
            }
            _ => Plan::default(),
        },
        Test::In(Operand::Property(property), items) => one_of(*property, items),
        Test::Like(Operand::Property(property), pattern) => {
            let (prefix, whole) = pattern.prefix();
            match whole {
                true => comparison(*property, Comparison::Equal, &Value::Text(prefix.into()), schema),
                false => begins_with(*property, &prefix),
            }
        }
        Test::Value(Operand::Property(property)) => {
            comparison(*property, Comparison::Equal, &Value::Boolean(true), schema)
        }
        Test::Spatial(Spatial::Disjoint, ..) => Plan::default(),
        Test::Spatial(_, Operand::Geometry, Operand::Shape(shape))
        | Test::Spatial(_, Operand::Shape(shape), Operand::Geometry) => {
            Plan { bbox: shapes.get(*shape).map(|shape| shape.extent), ..Plan::default() }
        }
        Test::Temporal(op, grain, spans) => plan_time::of(*op, *grain, spans, schema),
        _ => Plan::default(),
    }
}

/// The comparison seen from the other side.
pub(super) fn converse(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::Greater,
        Comparison::Greater => Comparison::Less,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::AtLeast => Comparison::AtMost,
        same => same,
    }
}

/// A property compared with a constant.
pub(super) fn comparison(property: usize, op: Comparison, value: &Value<'static>, schema: &Schema) -> Plan {
    if *value == Value::Null {
        return Plan::never();
    }
    if let Some(plan) = plan_time::across(property, op, value, schema) {
        return plan;
    }
    Plan::restricted(ranged(property, op, value.clone()))
}

pub(super) fn ranged(property: usize, op: Comparison, value: Value<'static>) -> Restriction {
    let any = Restriction::new(property);
    match op {
        Comparison::Equal => any.from(value.clone(), true).to(value, true),
        Comparison::Unequal => any,
        Comparison::Less => any.to(value, false),
        Comparison::Greater => any.from(value, false),
        Comparison::AtMost => any.to(value, true),
        Comparison::AtLeast => any.from(value, true),
    }
}

fn one_of(property: usize, items: &Items) -> Plan {
    let ([first, .., last] | [first @ last]) = items.sorted.as_slice() else { return Plan::default() };
    if !items.others.is_empty() {
        return Plan::default();
    }
    let range = Restriction::new(property).from(first.clone(), true).to(last.clone(), true);
    Plan::restricted(Restriction { values: Some(items.sorted.clone()), ..range })
}

/// The texts from the prefix up to the first that is greater than all texts that begin with it.
fn begins_with(property: usize, prefix: &str) -> Plan {
    let any = Restriction::new(property);
    if prefix.is_empty() {
        return Plan::restricted(any);
    }
    let from = any.from(Value::Text(prefix.to_owned().into()), true);
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        if let Some(next) = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32) {
            chars.push(next);
            let end: String = chars.into_iter().collect();
            return Plan::restricted(from.to(Value::Text(end.into()), false));
        }
    }
    Plan::restricted(from)
}
