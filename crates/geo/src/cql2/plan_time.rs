//! What temporal conditions ask of properties: windows for an index over dates or timestamps.

use super::names::{Comparison, Temporal};
use super::plan::{Plan, comparison, converse, ranged};
use super::program::{Operand, Span};
use super::range::Restriction;
use super::schema::{Kind, Schema, Value};
use super::temporal::{Grain, Limit, Term, terms};
use super::time::{day, start_of_day};

/// A property of one kind of instant compared with a constant of the other; `None` where both are of one kind.
pub fn across(property: usize, op: Comparison, value: &Value<'static>, schema: &Schema) -> Option<Plan> {
    let kind = schema.queryables().get(property)?.kind;
    let any = Restriction::new(property);
    match (kind, value) {
        (Kind::Date, Value::Timestamp(timestamp)) => {
            let date = Value::Date(day(*timestamp, schema.offset));
            Some(Plan::restricted(ranged(property, op, date)))
        }
        (Kind::Timestamp, Value::Date(date)) => {
            let start = start_of_day(*date, schema.offset).map(Value::Timestamp);
            let next = date.tomorrow().ok().and_then(|next| start_of_day(next, schema.offset)).map(Value::Timestamp);
            // Beyond the range of timestamps there is nothing to look up.
            let from = |any: Restriction, limit: Option<Value<'static>>| match limit {
                Some(limit) => any.from(limit, true),
                None => any,
            };
            let until = |any: Restriction, limit: Option<Value<'static>>| match limit {
                Some(limit) => any.to(limit, false),
                None => any,
            };
            Some(Plan::restricted(match op {
                Comparison::Equal => until(from(any, start), next),
                Comparison::Unequal => any,
                Comparison::Less => until(any, start),
                Comparison::AtMost => until(any, next),
                Comparison::Greater => from(any, next),
                Comparison::AtLeast => from(any, start),
            }))
        }
        _ => None,
    }
}

pub fn of(op: Temporal, grain: Grain, spans: &[Span; 2], schema: &Schema) -> Plan {
    let mut plan = Plan::default();
    if op == Temporal::Disjoint {
        return plan;
    }
    for (left, comparison, right) in terms(op) {
        plan.and(term((*left, *comparison, *right), grain, spans, schema));
    }
    plan
}

/// A comparison of two limits where one is a property and the other a constant.
fn term((left, op, right): Term, grain: Grain, spans: &[Span; 2], schema: &Schema) -> Plan {
    let (property, op, value) = match (limit(&spans[0], left), limit(&spans[1], right)) {
        (Some(Operand::Property(property)), Some(Operand::Constant(value))) => (*property, op, value),
        (Some(Operand::Constant(value)), Some(Operand::Property(property))) => (*property, converse(op), value),
        _ => return Plan::default(),
    };
    // A date that was widened to a moment is compared otherwise than a date with a timestamp.
    let widened = grain == Grain::Moment && schema.queryables()[property].kind == Kind::Date;
    if widened { Plan::default() } else { comparison(property, op, value, schema) }
}

fn limit(span: &Span, limit: Limit) -> Option<&Operand> {
    match limit {
        Limit::End if !span.instant => span.end.as_ref(),
        _ => span.start.as_ref(),
    }
}
