//! Arithmetic on numbers: exact on integers as far as 64 bits go, NULL where there is no result.

use super::names::Arithmetic;
use super::number::Number;

/// `None` for a division by zero and for a result that is not a finite number.
pub fn calculate(op: Arithmetic, left: Number, right: Number) -> Option<Number> {
    if let (Number::Integer(a), Number::Integer(b)) = (left, right)
        && let Some(exact) = integers(op, a, b)
    {
        return Some(Number::Integer(exact));
    }
    let (a, b) = (left.as_f64(), right.as_f64());
    Number::finite(match op {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Modulo => a % b,
        Arithmetic::Quotient => (a / b).trunc(),
        Arithmetic::Power => a.powf(b),
    })
}

/// The result where it is an integer of 64 bits; otherwise floats go on.
fn integers(op: Arithmetic, a: i64, b: i64) -> Option<i64> {
    match op {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b).filter(|whole| whole.checked_mul(b) == Some(a)),
        Arithmetic::Modulo => a.checked_rem(b),
        Arithmetic::Quotient => a.checked_div(b),
        Arithmetic::Power => a.checked_pow(u32::try_from(b).ok()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Number::{Float, Integer};

    #[test]
    fn integers_stay_exact() {
        assert_eq!(
            calculate(Arithmetic::Add, Integer(9_007_199_254_740_993), Integer(2)),
            Some(Integer(9_007_199_254_740_995))
        );
        assert_eq!(calculate(Arithmetic::Divide, Integer(6), Integer(3)), Some(Integer(2)));
        assert_eq!(calculate(Arithmetic::Divide, Integer(7), Integer(2)), Some(Float(3.5)));
        assert_eq!(calculate(Arithmetic::Quotient, Integer(-7), Integer(2)), Some(Integer(-3)));
        assert_eq!(calculate(Arithmetic::Modulo, Integer(-7), Integer(2)), Some(Integer(-1)));
        assert_eq!(calculate(Arithmetic::Power, Integer(3), Integer(4)), Some(Integer(81)));
        assert_eq!(calculate(Arithmetic::Power, Integer(2), Integer(-1)), Some(Float(0.5)));
        assert_eq!(calculate(Arithmetic::Multiply, Integer(i64::MAX), Integer(2)), Some(Float(i64::MAX as f64 * 2.0)));
        assert_eq!(calculate(Arithmetic::Subtract, Float(0.5), Integer(1)), Some(Float(-0.5)));
    }

    #[test]
    fn what_has_no_result_is_null() {
        for op in [Arithmetic::Divide, Arithmetic::Modulo, Arithmetic::Quotient] {
            assert_eq!(calculate(op, Integer(1), Integer(0)), None);
            assert_eq!(calculate(op, Float(1.0), Integer(0)), None);
        }
        assert_eq!(calculate(Arithmetic::Power, Integer(-1), Float(0.5)), None);
        assert_eq!(calculate(Arithmetic::Multiply, Float(1e300), Float(1e300)), None);
        assert_eq!(
            calculate(Arithmetic::Quotient, Integer(i64::MIN), Integer(-1)),
            Some(Float(9_223_372_036_854_775_808.0))
        );
        assert_eq!(calculate(Arithmetic::Modulo, Integer(i64::MIN), Integer(-1)), Some(Float(-0.0)));
    }
}
