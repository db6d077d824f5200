//! Đối soát: a statement laid beside the books. Pure: what is compared comes in, what was found goes out.
//!
//! Every line of the statement gets one answer, every movement of ours at most one: matched, or a difference of one
//! kind. What differs in several ways is told by the worst of them.

mod engine;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use songhan_base::Money;

pub use engine::reconcile;

words!(
    /// Chiều của tiền, as the account sees it.
    Direction, "direction of money" {
        /// Ghi có: money came.
        Credit = "credit",
        /// Ghi nợ: money left.
        Debit = "debit",
    }
);

impl Direction {
    /// An amount with its sign: what came is above zero.
    pub const fn signed(self, amount: Money) -> Money {
        match self {
            Self::Credit => amount,
            Self::Debit => Money(-amount.0),
        }
    }
}

words!(
    /// Loại chênh lệch.
    Kind, "kind of a difference" {
        /// Đã hoàn lại: what came went back, or what left came back.
        Reversed = "reversed",
        /// Ghi hai lần: the statement has it once more.
        Doubled = "doubled",
        /// Sai tài khoản.
        WrongAccount = "wrong_account",
        /// Bị khấu trừ phí.
        FeeDeducted = "fee_deducted",
        /// Lệch số tiền.
        AmountDiffers = "amount_differs",
        /// Lệch ngày.
        WrongDay = "wrong_day",
        /// Có trong sổ, không có trên sao kê.
        Missing = "missing",
        /// Báo có không rõ nguồn: waits in suspense.
        UnknownCredit = "unknown_credit",
        /// Báo nợ không rõ.
        UnknownDebit = "unknown_debit",
    }
);

/// Dòng sao kê.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Account number, or the merchant at the gateway.
    pub account: String,
    pub booked_on: Date,
    pub direction: Direction,
    /// Above zero.
    pub amount: Money,
    /// Kept back from the amount; zero where there is none.
    pub fee: Money,
    /// The bank's or the gateway's number.
    pub reference: String,
    /// Our number, where the statement gives it back; else empty.
    pub end_to_end: String,
    pub description: String,
    /// The statement says that it takes back an earlier one.
    pub is_reversal: bool,
}

impl Line {
    pub const fn signed(&self) -> Money {
        self.direction.signed(self.amount)
    }
}

/// What our books expect on a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ours {
    /// `credit:NUMBER`, `payment:ID` or `order:NUMBER`.
    pub movement: String,
    pub direction: Direction,
    pub account: String,
    pub amount: Money,
    pub day: Date,
    /// May come on a later day than ours: orders take the bank some days.
    pub any_day: bool,
    /// The day by which it must be on the statement.
    pub expected_by: Date,
    /// Numbers by which the statement may name it exactly.
    pub references: Vec<String>,
    /// Codes that its description may hold.
    pub codes: Vec<String>,
    /// An earlier statement had it.
    pub is_seen: bool,
}

/// A difference: of a line, of a movement of ours, or between the two. Both are places in the given lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    pub line: Option<usize>,
    pub ours: Option<usize>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// (line, ours)
    pub matched: Vec<(usize, usize)>,
    pub findings: Vec<Finding>,
}
