//! Numbers that stay exact where they are integers.

use std::cmp::Ordering;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Integer(i64),
    /// Finite.
    Float(f64),
}

/// 2⁶³, the first float beyond every `i64`.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;

impl Number {
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Integer(value) => value as f64,
            Number::Float(value) => value,
        }
    }

    /// A float, unless it is infinite or not a number.
    pub fn finite(value: f64) -> Option<Self> {
        value.is_finite().then_some(Number::Float(value))
    }

    /// A numeric literal without sign as the BNF writes it, with its sign; `None` where it is too large for a float.
    pub fn read(digits: &str, negative: bool) -> Option<Self> {
        if digits.bytes().all(|b| b.is_ascii_digit()) {
            let signed = if negative { format!("-{digits}").parse() } else { digits.parse() };
            if let Ok(value) = signed {
                return Some(Number::Integer(value));
            }
        }
        let value: f64 = digits.parse().ok()?;
        Self::finite(if negative { -value } else { value })
    }

    /// The order of the exact values: no integer is rounded to be compared.
    pub fn order(self, other: Self) -> Ordering {
        match (self, other) {
            (Number::Integer(a), Number::Integer(b)) => a.cmp(&b),
            // Finite floats always have an order.
            (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            (Number::Integer(a), Number::Float(b)) => integer_and_float(a, b),
            (Number::Float(a), Number::Integer(b)) => integer_and_float(b, a).reverse(),
        }
    }
}

fn integer_and_float(integer: i64, float: f64) -> Ordering {
    if float >= BEYOND {
        return Ordering::Less;
    }
    if float < -BEYOND {
        return Ordering::Greater;
    }
    let whole = float.trunc();
    integer.cmp(&(whole as i64)).then_with(|| whole.partial_cmp(&float).unwrap_or(Ordering::Equal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_not_rounded() {
        let big = Number::read("9007199254740993", false).unwrap();
        assert_eq!(big, Number::Integer(9_007_199_254_740_993));
        assert_eq!(big.order(Number::Float(9_007_199_254_740_992.0)), Ordering::Greater);
        assert_eq!(Number::Float(-2.5).order(Number::Integer(-2)), Ordering::Less);
        assert_eq!(Number::Integer(-3).order(Number::Float(-2.5)), Ordering::Less);
        assert_eq!(Number::Integer(i64::MAX).order(Number::Float(BEYOND)), Ordering::Less);
        assert_eq!(Number::Integer(i64::MIN).order(Number::Float(-BEYOND)), Ordering::Equal);
    }

    #[test]
    fn literals() {
        assert_eq!(Number::read("9223372036854775808", true), Some(Number::Integer(i64::MIN)));
        assert_eq!(Number::read("9223372036854775808", false), Some(Number::Float(BEYOND)));
        assert_eq!(Number::read("1.", false), Some(Number::Float(1.0)));
        assert_eq!(Number::read(".5", true), Some(Number::Float(-0.5)));
        assert_eq!(Number::read("1.5E3", false), Some(Number::Float(1500.0)));
        assert_eq!(Number::read("1e999", false), None);
    }
}
