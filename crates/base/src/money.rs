//! Money: whole đồng, never a fraction.

use serde::{Deserialize, Serialize};

/// An amount in đồng (VND). The đồng has no smaller unit in use, so an integer is exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    pub const ZERO: Self = Self(0);

    pub const fn dong(self) -> i64 {
        self.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    pub const fn checked_times(self, n: i64) -> Option<Self> {
        match self.0.checked_mul(n) {
            Some(product) => Some(Self(product)),
            None => None,
        }
    }
}

/// As people write it: `1.234.567 đ`.
impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        let mut out = String::with_capacity(digits.len() * 4 / 3 + 4);
        if self.0 < 0 {
            out.push('-');
        }
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push('.');
            }
            out.push(digit);
        }
        write!(f, "{out}\u{a0}đ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_by_thousands() {
        let shown: Vec<String> = [0, 8_000, 1_234_567, -500, -1_000].iter().map(|n| Money(*n).to_string()).collect();
        assert_eq!(shown, ["0\u{a0}đ", "8.000\u{a0}đ", "1.234.567\u{a0}đ", "-500\u{a0}đ", "-1.000\u{a0}đ"]);
    }
}
