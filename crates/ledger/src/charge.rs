//! Khoản phải thu: what someone owes a unit for something, and the few ways in which that ends.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_base::{Id, Money, Text};

/// What to charge.
#[derive(Clone, Debug)]
pub struct NewCharge {
    /// What it is for, as `dossier:CODE`: events carry it, [`crate::charges_of`] finds by it.
    pub subject: String,
    /// In words, for the payer: "Lệ phí trích lục khai sinh".
    pub purpose: Text,
    /// Code of the unit that is paid.
    pub unit: String,
    /// Account of who pays; `None` leaves only the secret link.
    pub payer: Option<Id>,
    pub lines: Vec<NewLine>,
    /// Path of the page that the payer goes back to.
    pub back: String,
}

/// Dòng phí, lệ phí.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    pub name: Text,
    pub quantity: i64,
    pub unit_amount: Money,
    /// Căn cứ pháp lý.
    pub basis: Text,
}

impl NewLine {
    /// `None` when it is no amount: a quantity below one, an amount below zero, or too much to count.
    pub fn amount(&self) -> Option<Money> {
        (self.quantity > 0 && self.unit_amount >= Money::ZERO).then(|| self.unit_amount.checked_times(self.quantity))?
    }
}

impl NewCharge {
    /// The sum of the lines; `None` when one of them is no amount or the sum is more than a gateway can carry.
    pub fn amount(&self) -> Option<Money> {
        let sum = self.lines.iter().try_fold(Money::ZERO, |sum, line| sum.checked_add(line.amount()?))?;
        (sum <= AMOUNT_MAX).then_some(sum)
    }
}

/// The most that one charge can be: VNPay's amount has twelve digits, two of them for the hundredfold.
pub const AMOUNT_MAX: Money = Money(9_999_999_999);

/// Kênh thanh toán.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Chuyển khoản bằng mã QR.
    Vietqr,
    /// Cổng thanh toán VNPay.
    Vnpay,
    /// Ví MoMo.
    Momo,
    /// Tại quầy.
    Counter,
}

impl Channel {
    pub const ALL: [Self; 4] = [Self::Vietqr, Self::Vnpay, Self::Momo, Self::Counter];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vietqr => "vietqr",
            Self::Vnpay => "vnpay",
            Self::Momo => "momo",
            Self::Counter => "counter",
        }
    }
}

/// Trạng thái khoản phải thu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChargeState {
    /// Chờ nộp.
    Due,
    /// Đã nộp.
    Paid,
    /// Được miễn.
    Waived,
    /// Đã quyết định hoàn trả.
    Refunded,
    /// Đã huỷ.
    Cancelled,
}

/// What can happen to a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Money of the right amount has arrived.
    Pay,
    /// It need not be paid: an exemption.
    Waive,
    /// It should never have been, or what it was for has fallen away.
    Cancel,
    /// It was paid and is owed back.
    Refund,
}

impl ChargeState {
    pub const ALL: [Self; 5] = [Self::Due, Self::Paid, Self::Waived, Self::Refunded, Self::Cancelled];

    /// The state after `change`; `None` where it is not allowed.
    pub const fn after(self, change: Change) -> Option<Self> {
        match (self, change) {
            (Self::Due, Change::Pay) => Some(Self::Paid),
            (Self::Due, Change::Waive) => Some(Self::Waived),
            (Self::Due, Change::Cancel) => Some(Self::Cancelled),
            (Self::Paid, Change::Refund) => Some(Self::Refunded),
            _ => None,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Paid => "paid",
            Self::Waived => "waived",
            Self::Refunded => "refunded",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What is owed, as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub id: Id,
    /// Mã thanh toán: `SH` and ten characters, for the transfer note.
    pub reference: String,
    pub subject: String,
    pub purpose: Text,
    pub unit: String,
    pub payer: Option<Id>,
    pub amount: Money,
    pub state: ChargeState,
    /// How it was paid.
    pub channel: Option<Channel>,
    /// Counts the changes.
    pub version: i64,
    pub back: String,
    pub created_at: Timestamp,
    pub paid_at: Option<Timestamp>,
    pub(crate) secret: String,
}

impl Charge {
    /// The pay page, for the payer who is signed in.
    pub fn path(&self) -> String {
        format!("/pay/{}", self.id)
    }

    /// The pay page for whoever holds this link: for receipts and messages to the payer alone.
    pub fn secret_link(&self) -> String {
        format!("/pay/{}?key={}", self.id, self.secret)
    }

    /// Subject of its own events and entries.
    pub fn as_subject(&self) -> String {
        format!("charge:{}", self.id)
    }
}

/// A line of a charge, as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ChargeLine {
    #[schema(value_type = crate::api::TextView)]
    pub name: Text,
    #[schema(example = 2)]
    pub quantity: i64,
    #[schema(value_type = i64, example = 8000)]
    pub unit_amount: Money,
    #[schema(value_type = i64, example = 16000)]
    pub amount: Money,
    #[schema(value_type = crate::api::TextView)]
    pub basis: Text,
}

impl std::str::FromStr for Channel {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|c| c.as_str() == s).ok_or_else(|| format!("{s:?} is no channel"))
    }
}

impl std::str::FromStr for ChargeState {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|c| c.as_str() == s).ok_or_else(|| format!("{s:?} is no state of a charge"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHANGES: [Change; 4] = [Change::Pay, Change::Waive, Change::Cancel, Change::Refund];

    #[test]
    fn sums_are_checked() {
        let line = |quantity, unit_amount| NewLine {
            name: "Lệ phí".into(),
            quantity,
            unit_amount: Money(unit_amount),
            basis: "".into(),
        };
        let charge = |lines| NewCharge {
            subject: "dossier:1".into(),
            purpose: "Lệ phí".into(),
            unit: "u".into(),
            payer: None,
            lines,
            back: "/".into(),
        };
        assert_eq!(charge(vec![line(2, 8_000), line(1, 500)]).amount(), Some(Money(16_500)));
        assert_eq!(charge(vec![]).amount(), Some(Money::ZERO));
        assert_eq!(charge(vec![line(0, 8_000)]).amount(), None);
        assert_eq!(charge(vec![line(1, -1)]).amount(), None);
        assert_eq!(charge(vec![line(i64::MAX, 2)]).amount(), None);
        assert_eq!(charge(vec![line(1, AMOUNT_MAX.0), line(1, 1)]).amount(), None);
    }

    #[test]
    fn words_come_back() {
        assert!(ChargeState::ALL.iter().all(|s| s.as_str().parse() == Ok(*s)));
        assert!(Channel::ALL.iter().all(|c| c.as_str().parse() == Ok(*c)));
    }

    proptest! {
        /// Whatever is tried in whatever order: paid at most once, refunded only after, and the end is the end.
        #[test]
        fn no_way_around_the_machine(steps in prop::collection::vec(0_usize..4, 0..12)) {
            let (mut state, mut paid, mut refunded) = (ChargeState::Due, 0, 0);
            for step in steps {
                let change = CHANGES[step];
                let Some(next) = state.after(change) else { continue };
                prop_assert_ne!(next, state);
                paid += i32::from(change == Change::Pay);
                refunded += i32::from(change == Change::Refund);
                state = next;
            }
            prop_assert!(refunded <= paid && paid <= 1);
            prop_assert_eq!(matches!(state, ChargeState::Paid | ChargeState::Refunded), paid == 1);
        }
    }
}
