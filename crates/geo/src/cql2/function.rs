//! The functions that filters may call (requirements class "Functions"): a row here is all it takes to add one.

use std::borrow::Cow;

use geo::{BoundingRect, Centroid};

use super::error::{Cql2Error, Position, Result};
use super::names::Spatial;
use super::number::Number;
use super::schema::{Kind, Value};

/// A parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
}

/// A function as `/functions` lists it.
#[derive(Debug)]
pub struct Function {
    pub name: &'static str,
    pub description: &'static str,
    pub parameters: &'static [Parameter],
    pub returns: Kind,
    /// Called with as many values as there are parameters, of their kinds; a NULL argument makes NULL by itself.
    pub(super) call: fn(&[Value<'_>]) -> Value<'static>,
}

const TEXT: &[Parameter] = &[Parameter { name: "text", kind: Kind::Text }];
const NUMBER: &[Parameter] = &[Parameter { name: "number", kind: Kind::Number }];
const DATE: &[Parameter] = &[Parameter { name: "date", kind: Kind::Date }];
const ARRAY: &[Parameter] = &[Parameter { name: "array", kind: Kind::Array }];
const GEOMETRY: &[Parameter] = &[Parameter { name: "geometry", kind: Kind::Geometry }];

macro_rules! function {
    ($name:literal, $description:literal, $parameters:expr, $returns:ident, $call:expr) => {
        Function {
            name: $name,
            description: $description,
            parameters: $parameters,
            returns: Kind::$returns,
            call: $call,
        }
    };
}

pub static FUNCTIONS: &[Function] = &[
    function!("lower", "The text in lower case.", TEXT, Text, |a| text(a, |text| owned(text.to_lowercase()))),
    function!("upper", "The text in upper case.", TEXT, Text, |a| text(a, |text| owned(text.to_uppercase()))),
    function!("trim", "The text without white space at its ends.", TEXT, Text, |a| text(a, |t| owned(t.trim().into()))),
    function!("length", "The number of characters.", TEXT, Integer, |a| text(a, |t| count(t.chars().count()))),
    function!("abs", "The number without its sign.", NUMBER, Number, |a| number(a, i64::checked_abs, f64::abs)),
    function!("floor", "The greatest whole number not above.", NUMBER, Number, |a| number(a, Some, f64::floor)),
    function!("ceil", "The least whole number not below.", NUMBER, Number, |a| number(a, Some, f64::ceil)),
    function!("round", "The nearest whole number, halves away from 0.", NUMBER, Number, |a| number(
        a,
        Some,
        f64::round
    )),
    function!("year", "The year of a date or a timestamp.", DATE, Integer, |a| date(a, |d| d.year().into())),
    function!("month", "The month of a date or a timestamp, from 1.", DATE, Integer, |a| date(a, |d| d.month().into())),
    function!("day", "The day of the month.", DATE, Integer, |a| date(a, |d| d.day().into())),
    function!("count", "The number of elements of an array.", ARRAY, Integer, |a| array(a, |items| count(items.len()))),
    function!("avg", "The mean of an array of numbers.", ARRAY, Number, |a| array(a, mean)),
    function!("centroid", "The centre of gravity, as a point.", GEOMETRY, Geometry, centroid),
    function!("envelope", "The bounding box.", GEOMETRY, Geometry, envelope),
];

/// The function of this name, however it is capitalised.
pub fn find(name: &str, at: &Position) -> Result<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let spatial = Spatial::ALL.iter().map(|op| op.name());
        let meant = spatial.clone().find(|op| op.strip_prefix("s_").is_some_and(|op| op.eq_ignore_ascii_case(name)));
        let names: Vec<_> = FUNCTIONS.iter().map(|function| function.name).collect();
        let remedy = match meant {
            Some(op) => format!("write {}", op.to_uppercase()),
            None => format!("the functions are {}", names.join(", ")),
        };
        Cql2Error::UnknownFunction { at: at.clone(), name: super::error::shorten(name), remedy }
    })
}

fn owned(text: String) -> Value<'static> {
    Value::Text(Cow::Owned(text))
}

fn count(count: usize) -> Value<'static> {
    i64::try_from(count).map_or(Value::Null, Value::Integer)
}

fn text(arguments: &[Value<'_>], call: impl Fn(&str) -> Value<'static>) -> Value<'static> {
    match arguments {
        [Value::Text(text)] => call(text),
        _ => Value::Null,
    }
}

fn number(arguments: &[Value<'_>], whole: fn(i64) -> Option<i64>, real: fn(f64) -> f64) -> Value<'static> {
    match arguments {
        [Value::Integer(value)] => whole(*value).map_or(Value::Number(real(*value as f64)), Value::Integer),
        [Value::Number(value)] => Value::Number(real(*value)),
        _ => Value::Null,
    }
}

fn date(arguments: &[Value<'_>], part: fn(&jiff::civil::Date) -> i64) -> Value<'static> {
    match arguments {
        [Value::Date(date)] => Value::Integer(part(date)),
        _ => Value::Null,
    }
}

fn array(arguments: &[Value<'_>], call: impl Fn(&[Value<'_>]) -> Value<'static>) -> Value<'static> {
    match arguments {
        [Value::Array(items)] => call(items),
        _ => Value::Null,
    }
}

/// NULL for an empty array and for one that holds something else than numbers.
fn mean(items: &[Value<'_>]) -> Value<'static> {
    let numbers: Option<Vec<f64>> = items.iter().map(|item| super::eval::number(item).map(Number::as_f64)).collect();
    match numbers {
        Some(numbers) if !numbers.is_empty() => Value::Number(numbers.iter().sum::<f64>() / numbers.len() as f64),
        _ => Value::Null,
    }
}

fn centroid(arguments: &[Value<'_>]) -> Value<'static> {
    match arguments {
        [Value::Geometry(geometry)] => {
            geometry.centroid().map_or(Value::Null, |point| Value::Geometry(Cow::Owned(point.into())))
        }
        _ => Value::Null,
    }
}

fn envelope(arguments: &[Value<'_>]) -> Value<'static> {
    match arguments {
        [Value::Geometry(geometry)] => {
            let rect = geometry.bounding_rect();
            rect.map_or(Value::Null, |rect| Value::Geometry(Cow::Owned(rect.to_polygon().into())))
        }
        _ => Value::Null,
    }
}
