//! Double entry: accounts, entries, postings. Pure; the SQL stands in `store::journal`.
//!
//! Debit is positive, credit negative, and the postings of an entry add up to zero. So the sum over the whole journal
//! is zero at any time, and the sum of an account is what it holds (assets) or owes and earned (the negative of it).

use songhan_base::Money;

use crate::charge::Channel;
use crate::gateway::GatewayName;

/// Loại tài khoản.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// Tài sản.
    Asset,
    /// Nợ phải trả.
    Liability,
    /// Thu.
    Income,
}

impl AccountKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Liability => "liability",
            Self::Income => "income",
        }
    }
}

/// Tài khoản sổ cái. Its code is `KIND:WHOSE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// Phải thu của người nộp: what is owed to a unit.
    Receivable { unit: String },
    /// Thu phí, lệ phí của đơn vị.
    Income { unit: String },
    /// Phải trả lại người nộp: overpaid, or refunded and not yet sent back.
    Refundable { unit: String },
    /// Tiền mặt tại quầy.
    Cash { unit: String },
    /// Tiền gửi ngân hàng, by the account number, so that it can be laid beside the bank's statement.
    Bank { number: String },
    /// Tiền đang chuyển qua cổng thanh toán, until the gateway pays it out.
    Gateway { merchant: String },
    /// Tiền chờ xử lý: it came to a bank account and nobody knows yet what for.
    Suspense { number: String },
    /// Tiền chi đang chuyển: ordered from an account (or the gateway), not yet on its statement.
    Clearing { number: String },
    /// Phải nộp ngân sách: collected by a unit, its day closed, not yet ordered to the budget's account.
    BudgetPayable { unit: String },
    /// Chênh lệch đối soát chờ xử lý: what a statement says otherwise, booked and not yet settled with the bank.
    Discrepancy { number: String },
    /// Phí cổng khấu trừ: kept back by a gateway from what is the budget's, claimed from it or from the unit's own means.
    GatewayFee { merchant: String },
}

impl Account {
    pub fn code(&self) -> String {
        match self {
            Self::Receivable { unit } => format!("receivable:{unit}"),
            Self::Income { unit } => format!("income:{unit}"),
            Self::Refundable { unit } => format!("refundable:{unit}"),
            Self::Cash { unit } => format!("cash:{unit}"),
            Self::Bank { number } => format!("bank:{number}"),
            Self::Gateway { merchant } => format!("gateway:{merchant}"),
            Self::Suspense { number } => format!("suspense:{number}"),
            Self::Clearing { number } => format!("clearing:{number}"),
            Self::BudgetPayable { unit } => format!("budget_payable:{unit}"),
            Self::Discrepancy { number } => format!("discrepancy:{number}"),
            Self::GatewayFee { merchant } => format!("gateway_fee:{merchant}"),
        }
    }

    pub const fn kind(&self) -> AccountKind {
        match self {
            Self::Receivable { .. }
            | Self::Cash { .. }
            | Self::Bank { .. }
            | Self::Gateway { .. }
            | Self::Discrepancy { .. }
            | Self::GatewayFee { .. } => AccountKind::Asset,
            Self::Refundable { .. } | Self::Suspense { .. } | Self::Clearing { .. } | Self::BudgetPayable { .. } => {
                AccountKind::Liability
            }
            Self::Income { .. } => AccountKind::Income,
        }
    }

    /// Whose it is; empty for what all units share.
    pub fn unit(&self) -> &str {
        match self {
            Self::Receivable { unit }
            | Self::Income { unit }
            | Self::Refundable { unit }
            | Self::Cash { unit }
            | Self::BudgetPayable { unit } => unit,
            _ => "",
        }
    }
}

/// Where money has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purse {
    Bank {
        number: String,
    },
    Gateway {
        name: GatewayName,
        merchant: String,
    },
    Cash,
    /// It came to a bank account earlier and waited in suspense until someone knew what for.
    Suspense {
        number: String,
    },
}

impl Purse {
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Bank { .. } | Self::Suspense { .. } => Channel::Vietqr,
            Self::Gateway { name, .. } => name.channel(),
            Self::Cash => Channel::Counter,
        }
    }

    /// Its account; cash lies at the desk of `unit`.
    pub fn account(&self, unit: &str) -> Account {
        match self {
            Self::Bank { number } => Account::Bank { number: number.clone() },
            Self::Gateway { merchant, .. } => Account::Gateway { merchant: merchant.clone() },
            Self::Cash => Account::Cash { unit: unit.to_owned() },
            Self::Suspense { number } => Account::Suspense { number: number.clone() },
        }
    }
}

/// Bút toán: one happening in money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it books, such as `payment:ID`: the same is never booked twice.
    pub reference: String,
    /// What it is about, as in `charge:ID`.
    pub subject: String,
    pub memo: &'static str,
    postings: Vec<(Account, Money)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    #[error("an entry needs at least two postings, none of them zero")]
    Empty,
    #[error("the postings of an entry do not add up to zero")]
    Unbalanced,
}

impl Entry {
    /// An entry from postings (debit positive, credit negative) that must add up to zero.
    pub fn new(
        reference: String,
        subject: String,
        memo: &'static str,
        postings: Vec<(Account, Money)>,
    ) -> Result<Self, EntryError> {
        if postings.len() < 2 || postings.iter().any(|(_, amount)| amount.is_zero()) {
            return Err(EntryError::Empty);
        }
        let sum = postings.iter().try_fold(Money::ZERO, |sum, (_, amount)| sum.checked_add(*amount));
        if sum != Some(Money::ZERO) {
            return Err(EntryError::Unbalanced);
        }
        Ok(Self { reference, subject, memo, postings })
    }

    /// `amount` goes to `debit` from `credit`.
    pub fn transfer(
        reference: String,
        subject: String,
        memo: &'static str,
        amount: Money,
        debit: Account,
        credit: Account,
    ) -> Result<Self, EntryError> {
        Self::new(reference, subject, memo, vec![(debit, amount), (credit, Money(-amount.0))])
    }

    pub fn postings(&self) -> &[(Account, Money)] {
        &self.postings
    }
}

/// An account with what was posted to it. Bảng cân đối thử.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct AccountBalance {
    #[schema(example = "receivable:ubnd-hai-chau")]
    pub account: String,
    #[schema(example = "asset")]
    pub kind: String,
    /// Whose it is; empty for what all units share.
    #[schema(example = "ubnd-hai-chau")]
    pub unit: String,
    #[schema(value_type = i64, example = 48000)]
    pub debit: Money,
    #[schema(value_type = i64, example = 16000)]
    pub credit: Money,
}

impl AccountBalance {
    /// Debit less credit.
    pub const fn balance(&self) -> Money {
        Money(self.debit.0 - self.credit.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit() -> String {
        "ubnd-hai-chau".to_owned()
    }

    #[test]
    fn refuses_what_does_not_balance() {
        let new = |postings| Entry::new("r".into(), "s".into(), "m", postings);
        let receivable = || Account::Receivable { unit: unit() };
        let income = || Account::Income { unit: unit() };
        assert_eq!(new(vec![(receivable(), Money(5)), (income(), Money(-4))]), Err(EntryError::Unbalanced));
        assert_eq!(new(vec![(receivable(), Money(0)), (income(), Money(0))]), Err(EntryError::Empty));
        assert_eq!(new(vec![(receivable(), Money(5))]), Err(EntryError::Empty));
        let huge = vec![(receivable(), Money(i64::MAX)), (income(), Money(i64::MAX)), (income(), Money(2))];
        assert_eq!(new(huge), Err(EntryError::Unbalanced));
        assert!(new(vec![(receivable(), Money(5)), (income(), Money(-2)), (income(), Money(-3))]).is_ok());
    }

    proptest! {
        #[test]
        fn an_entry_always_adds_up_to_zero(amounts in prop::collection::vec(any::<i64>(), 0..6)) {
            let postings = amounts.iter().map(|n| (Account::Cash { unit: unit() }, Money(*n))).collect();
            if let Ok(entry) = Entry::new("r".into(), "s".into(), "m", postings) {
                prop_assert_eq!(entry.postings().iter().map(|(_, m)| i128::from(m.0)).sum::<i128>(), 0);
            }
        }
    }
}
