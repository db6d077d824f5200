//! Khoản hoàn trả: what is owed back to a payer, from the moment it is owed until the money has left.
//!
//! Owed by a charge that was refunded, by a payment that came when nothing was due, or by a credit that belongs to
//! nobody here. It waits for the payer's account unless the money can go back through the gateway it came by.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::Cx;
use songhan_base::{FieldError, Id, Internal, Money, clean_line, fold};
use songhan_db::Tx;

use crate::gateway::GatewayName;
use crate::payment::Payment;
use crate::store;

words!(
    /// Trạng thái hoàn trả.
    RefundState, "state of a refund" {
        /// Chờ người nộp cho biết tài khoản.
        Owed = "owed",
        /// Chờ lập lệnh chi.
        Requested = "requested",
        /// Đã lập lệnh chi.
        Ordered = "ordered",
        /// Đã trả.
        Paid = "paid",
    }
);

words!(
    /// Đường trả.
    Route, "way to pay back" {
        /// Chuyển khoản đến tài khoản của người nộp.
        Bank = "bank",
        /// Hoàn qua cổng VNPay, to the card or account that was charged.
        Vnpay = "vnpay",
        /// Hoàn về ví MoMo that was charged.
        Momo = "momo",
    }
);

/// Tài khoản nhận tiền hoàn trả.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"bin": "970436", "number": "0071000123456", "name": "NGUYEN THI AN"}))]
pub struct Payee {
    /// Mã ngân hàng (BIN), six digits.
    #[schema(pattern = "^[0-9]{6}$")]
    pub bin: String,
    #[schema(pattern = "^[0-9A-Z]{4,19}$")]
    pub number: String,
    /// Tên chủ tài khoản.
    #[schema(min_length = 2, max_length = 70)]
    pub name: String,
}

impl Payee {
    /// As banks write it: digits, and a holder's name in capitals without marks. The fields that are wrong otherwise;
    /// their messages are keys of texts.
    pub fn read(&self) -> Result<Self, Vec<FieldError>> {
        let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
        let name = fold(&clean_line(&self.name)).to_uppercase();
        let read = Self { bin: plain(&self.bin), number: plain(&self.number).to_uppercase(), name };
        let mut errors = Vec::new();
        let mut require = |good: bool, field: &str| {
            if !good {
                errors.push(FieldError::new(field, "pattern", format!("ledger-payee-{field}-wrong")));
            }
        };
        require(read.bin.len() == 6 && read.bin.bytes().all(|b| b.is_ascii_digit()), "bin");
        let number = (4..=19).contains(&read.number.len()) && read.number.bytes().all(|b| b.is_ascii_alphanumeric());
        require(number, "number");
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '&' | '\'' | ',');
        require((2..=70).contains(&read.name.len()) && read.name.chars().all(good), "name");
        if errors.is_empty() { Ok(read) } else { Err(errors) }
    }
}

/// A refund, as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": "019aa4a0-7c00-7000-8000-000000000004", "source": "charge:019aa4a0-7c00-7000-8000-000000000001",
    "unit": "ubnd-hai-chau", "charge": "019aa4a0-7c00-7000-8000-000000000001", "amount": 16000, "route": "bank",
    "state": "requested", "payee": {"bin": "970436", "number": "0071000123456", "name": "NGUYEN THI AN"}, "failure": null,
    "owed_at": "2026-11-21T02:02:00Z", "requested_at": "2026-11-21T03:02:00Z", "paid_at": null}))]
pub struct Refund {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    /// What owes it: `charge:ID`, `payment:ID` or `bank-transaction:NUMBER`.
    pub source: String,
    pub unit: String,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub charge: Option<Id>,
    #[serde(skip)]
    pub payment: Option<Id>,
    #[schema(value_type = i64)]
    pub amount: Money,
    pub route: Route,
    pub state: RefundState,
    pub payee: Option<Payee>,
    /// Why the last attempt to pay it out failed.
    pub failure: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub owed_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub requested_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
}

/// What is owed back, and why.
pub struct Owed<'a> {
    pub source: String,
    pub unit: &'a str,
    pub charge: Option<Id>,
    /// The payment whose money goes back.
    pub payment: Option<&'a Payment>,
    pub amount: Money,
}

/// Writes down that something is owed back; the ledger has booked it. Money of the gateway goes back through it, when
/// it takes orders, and needs no account.
pub async fn owe(tx: &mut Tx, cx: &Cx, id: Id, owed: Owed<'_>) -> Result<(), Internal> {
    let by_gateway = owed
        .payment
        .filter(|payment| payment.gateway_no.is_some())
        .and_then(|payment| GatewayName::of_channel(payment.channel))
        .filter(|gateway| gateway.takes_refunds(&cx.config));
    let refund = Refund {
        id,
        source: owed.source,
        unit: owed.unit.to_owned(),
        charge: owed.charge,
        payment: owed.payment.map(|payment| payment.id),
        amount: owed.amount,
        route: by_gateway.map_or(Route::Bank, GatewayName::route),
        state: if by_gateway.is_some() { RefundState::Requested } else { RefundState::Owed },
        payee: None,
        failure: None,
        owed_at: tx.now(),
        requested_at: by_gateway.map(|_| tx.now()),
        paid_at: None,
    };
    store::refunds::insert(tx, &refund).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bin: &str, number: &str, name: &str) -> Result<Payee, Vec<String>> {
        let typed = Payee { bin: bin.into(), number: number.into(), name: name.into() };
        typed.read().map_err(|errors| errors.into_iter().map(|error| error.field).collect())
    }

    #[test]
    fn accounts_as_banks_write_them() {
        let good = read("970436", "0071 0001-23456", "  Nguyễn Thị  Đào ").unwrap();
        assert_eq!((good.number.as_str(), good.name.as_str()), ("0071000123456", "NGUYEN THI DAO"));
        assert_eq!(read("97043", "12", "A").unwrap_err(), ["bin", "number", "name"]);
        assert_eq!(read("970436", "0071000123456", "<script>").unwrap_err(), ["name"]);
        assert_eq!(read("97o436", "00710001234567890123", &"A".repeat(71)).unwrap_err(), ["bin", "number", "name"]);
    }
}
