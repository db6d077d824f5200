//! Evaluation of a checked filter over a feature, in the three-valued logic of SQL.

use std::borrow::Cow;
use std::cmp::Ordering;

use geo_types::Geometry;
use jiff::tz::Offset;

use super::arithmetic::calculate;
use super::array;
use super::fold::{fold, normal};
use super::names::Comparison;
use super::number::Number;
use super::program::{Items, Operand, Span, Test};
use super::schema::{Feature, Kind, Value};
use super::spatial::{self, Literal, Prepared, Side};
use super::temporal::{self, Grain, Limit, Period, instant};
use super::time::day;

/// What a filter is evaluated with.
pub struct Context<'a, 'p, F> {
    pub feature: &'a F,
    pub shapes: &'a [Literal],
    /// The shapes prepared, in the same order, or nothing.
    pub prepared: &'a [Prepared<'p>],
    pub offset: Offset,
}

impl<'a, F: Feature> Context<'a, '_, F> {
    pub fn test(&self, test: &'a Test) -> Option<bool> {
        match test {
            Test::Constant(constant) => *constant,
            Test::And(tests) => self.joined(tests, false),
            Test::Or(tests) => self.joined(tests, true),
            Test::Not(test) => self.test(test).map(|holds| !holds),
            Test::Compare(op, left, right) => compare(*op, &self.value(left), &self.value(right), self.offset),
            Test::Like(operand, pattern) => match self.value(operand) {
                Value::Text(text) => Some(pattern.matches(&normal(&text))),
                _ => None,
            },
            Test::Between(operands) => {
                let value = self.value(&operands[0]);
                let low = compare(Comparison::AtLeast, &value, &self.value(&operands[1]), self.offset);
                let high = compare(Comparison::AtMost, &value, &self.value(&operands[2]), self.offset);
                // The standard has NULL as soon as one of the three is.
                low.zip(high).map(|(low, high)| low && high)
            }
            Test::In(needle, items) => self.is_in(&self.value(needle), items),
            Test::IsNull(operand) => Some(self.is_null(operand)),
            Test::Spatial(op, left, right) => self.spatial(*op, left, right),
            Test::Temporal(op, grain, spans) => {
                Some(temporal::holds(*op, self.period(&spans[0], *grain)?, self.period(&spans[1], *grain)?))
            }
            Test::Array(op, left, right) => match (self.value(left), self.value(right)) {
                (Value::Array(left), Value::Array(right)) => array::holds(*op, &left, &right, self.offset),
                _ => None,
            },
            Test::Value(operand) => match self.value(operand) {
                Value::Boolean(value) => Some(value),
                _ => None,
            },
        }
    }

    /// OR where `decisive` is true, AND where it is false.
    fn joined(&self, tests: &'a [Test], decisive: bool) -> Option<bool> {
        let mut result = Some(!decisive);
        for test in tests {
            match self.test(test) {
                Some(holds) if holds == decisive => return Some(decisive),
                Some(_) => {}
                None => result = None,
            }
        }
        result
    }

    pub fn value(&self, operand: &'a Operand) -> Value<'a> {
        match operand {
            Operand::Constant(value) => borrowed(value),
            Operand::Property(index) => self.feature.value(*index),
            Operand::Geometry => {
                self.feature.geometry().map_or(Value::Null, |geometry| Value::Geometry(Cow::Borrowed(geometry)))
            }
            Operand::Shape(index) => Value::Geometry(Cow::Borrowed(&self.shapes[*index].geometry)),
            Operand::Fold(folding, operand) => match self.value(operand) {
                Value::Text(text) => Value::Text(fold(*folding, text)),
                _ => Value::Null,
            },
            Operand::Arithmetic(op, operands) => {
                let (left, right) = (number(&self.value(&operands[0])), number(&self.value(&operands[1])));
                match left.zip(right).and_then(|(left, right)| calculate(*op, left, right)) {
                    Some(Number::Integer(value)) => Value::Integer(value),
                    Some(Number::Float(value)) => Value::Number(value),
                    None => Value::Null,
                }
            }
            Operand::Call(function, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|argument| self.value(argument)).collect();
                self.call(function, arguments)
            }
            Operand::List(items) => Value::Array(items.iter().map(|item| self.value(item)).collect()),
            Operand::Test(test) => self.test(test).map_or(Value::Null, Value::Boolean),
        }
    }

    fn call(&self, function: &super::Function, mut arguments: Vec<Value<'a>>) -> Value<'a> {
        for (argument, parameter) in arguments.iter_mut().zip(function.parameters) {
            match (&argument, parameter.kind) {
                (Value::Null, _) => return Value::Null,
                (Value::Timestamp(timestamp), Kind::Date) => *argument = Value::Date(day(*timestamp, self.offset)),
                _ => {}
            }
        }
        (function.call)(&arguments)
    }

    fn is_null(&self, operand: &'a Operand) -> bool {
        match operand {
            // No need to hand the geometry out.
            Operand::Geometry => self.feature.geometry().is_none(),
            // An interval is NULL where a limit is.
            Operand::List(limits) => limits.iter().any(|limit| self.is_null(limit)),
            _ => self.value(operand) == Value::Null,
        }
    }

    fn is_in(&self, needle: &Value<'a>, items: &'a Items) -> Option<bool> {
        if *needle == Value::Null {
            return None;
        }
        // What has no order with the items is of another type than declared, as good as NULL.
        if let Some(first) = items.sorted.first() {
            order(first, needle, self.offset)?;
        }
        let found = items.sorted.binary_search_by(|item| order(item, needle, self.offset).unwrap_or(Ordering::Less));
        if found.is_ok() {
            return Some(true);
        }
        let mut result = Some(false);
        for item in &items.others {
            match compare(Comparison::Equal, needle, &self.value(item), self.offset) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => result = None,
            }
        }
        result
    }

    fn spatial(&self, op: super::names::Spatial, left: &'a Operand, right: &'a Operand) -> Option<bool> {
        let (left_value, right_value) = (self.geometry(left)?, self.geometry(right)?);
        let side = |operand: &Operand, geometry| match operand {
            Operand::Shape(index) => {
                Side { geometry, literal: self.shapes.get(*index), prepared: self.prepared.get(*index) }
            }
            _ => Side { geometry, literal: None, prepared: None },
        };
        spatial::holds(op, side(left, &left_value), side(right, &right_value))
    }

    fn geometry(&self, operand: &'a Operand) -> Option<Cow<'a, Geometry<f64>>> {
        match self.value(operand) {
            Value::Geometry(geometry) => Some(geometry),
            _ => None,
        }
    }

    fn period(&self, span: &'a Span, grain: Grain) -> Option<Period> {
        let limit = |operand: &'a Operand, limit| instant(&self.value(operand), grain, limit, self.offset);
        let start = match &span.start {
            Some(operand) => limit(operand, Limit::Start)?,
            None => i128::MIN,
        };
        let end = match &span.end {
            _ if span.instant => start,
            Some(operand) => limit(operand, Limit::End)?,
            None => i128::MAX,
        };
        (start <= end).then_some(Period { start, end })
    }
}

/// A constant handed out without a copy, but for arrays.
fn borrowed<'a>(value: &'a Value<'static>) -> Value<'a> {
    match value {
        Value::Text(text) => Value::Text(Cow::Borrowed(text)),
        Value::Geometry(geometry) => Value::Geometry(Cow::Borrowed(geometry)),
        other => other.clone(),
    }
}

/// The number that a value is, unless it is not finite.
pub fn number(value: &Value<'_>) -> Option<Number> {
    match value {
        Value::Integer(value) => Some(Number::Integer(*value)),
        Value::Number(value) => Number::finite(*value),
        _ => None,
    }
}

/// The order of two values, or `None` where one is NULL or they have no order.
pub fn order(a: &Value<'_>, b: &Value<'_>, offset: Offset) -> Option<Ordering> {
    Some(match (a, b) {
        (Value::Text(a), Value::Text(b)) => normal(a).cmp(&normal(b)),
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
        (Value::Date(a), Value::Timestamp(b)) => a.cmp(&day(*b, offset)),
        (Value::Timestamp(a), Value::Date(b)) => day(*a, offset).cmp(b),
        _ => number(a)?.order(number(b)?),
    })
}

pub fn compare(op: Comparison, a: &Value<'_>, b: &Value<'_>, offset: Offset) -> Option<bool> {
    let order = order(a, b, offset)?;
    Some(match op {
        Comparison::Equal => order.is_eq(),
        Comparison::Unequal => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtMost => order.is_le(),
        Comparison::AtLeast => order.is_ge(),
    })
}
