//! The relations of arrays, which are sets (`/req/array-functions/array-predicates`).

use jiff::tz::Offset;

use super::eval::order;
use super::names::Array;
use super::schema::Value;

/// `None` where an element is NULL: whether it is in the other set is not known.
pub fn holds(op: Array, left: &[Value<'_>], right: &[Value<'_>], offset: Offset) -> Option<bool> {
    if left.iter().chain(right).any(|element| *element == Value::Null) {
        return None;
    }
    let within = |a: &[Value<'_>], b: &[Value<'_>]| a.iter().all(|x| b.iter().any(|y| same(x, y, offset)));
    Some(match op {
        Array::Equals => within(left, right) && within(right, left),
        Array::Contains => within(right, left),
        Array::ContainedBy => within(left, right),
        Array::Overlaps => left.iter().any(|x| right.iter().any(|y| same(x, y, offset))),
    })
}

/// Whether two elements are one: of the same type, but for integers and other numbers.
fn same(a: &Value<'_>, b: &Value<'_>, offset: Offset) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => holds(Array::Equals, a, b, offset) == Some(true),
        (Value::Geometry(a), Value::Geometry(b)) => a == b,
        (Value::Date(_), Value::Timestamp(_)) | (Value::Timestamp(_), Value::Date(_)) => false,
        _ => order(a, b, offset).is_some_and(std::cmp::Ordering::is_eq),
    }
}
