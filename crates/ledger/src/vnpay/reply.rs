//! What the gateway says of a payment, in an IPN, on the return of the browser or when asked.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::sign::{self, Params};
use crate::config::Vnpay;
use crate::gateway::Ending;

/// Reads `vnp_ResponseCode` and `vnp_TransactionStatus`; `None` when there is no response code.
pub fn ending(params: &Params) -> Option<Ending> {
    let code = params.get("vnp_ResponseCode")?;
    let status = params.get("vnp_TransactionStatus").map(String::as_str);
    Some(match (code.as_str(), status) {
        ("00", None | Some("00")) => Ending::Paid,
        // 07: taken and suspected of fraud; 01: not finished; 04: taken at the bank, not confirmed.
        ("07", _) | (_, Some("01" | "04" | "07")) => Ending::Open,
        _ => Ending::NotPaid,
    })
}

/// The parts of a reply that are worth keeping: nothing of the payer.
pub fn minimised(params: &Params) -> Value {
    const KEPT: [&str; 7] = [
        "vnp_ResponseCode",
        "vnp_TransactionStatus",
        "vnp_TransactionNo",
        "vnp_TransactionType",
        "vnp_BankCode",
        "vnp_CardType",
        "vnp_PayDate",
    ];
    let kept = KEPT.iter().filter_map(|name| {
        let value: String = params.get(*name)?.chars().take(64).collect();
        Some(((*name).to_owned(), value.into()))
    });
    Value::Object(kept.collect())
}

/// `vnp_PayDate` of what was kept.
pub fn paid_on(raw: &Value) -> Option<Date> {
    Date::strptime("%Y%m%d", raw["vnp_PayDate"].as_str()?.get(..8)?).ok()
}

/// The number of an attempt and how it ended, out of a signed address.
pub fn returned(vnpay: &Vnpay, raw: &str) -> Option<(String, Ending)> {
    let received = sign::receive(&vnpay.secret, raw).filter(|received| received.genuine)?;
    Some((received.params.get("vnp_TxnRef")?.clone(), ending(&received.params)?))
}

/// The answer to an IPN: always HTTP 200, always this shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct IpnAnswer {
    /// 00 taken · 01 no such order · 02 already confirmed · 04 wrong amount · 97 wrong signature · 99 cannot be taken.
    #[serde(rename = "RspCode")]
    #[schema(example = "00")]
    pub code: &'static str,
    #[serde(rename = "Message")]
    #[schema(example = "Confirm Success")]
    pub message: &'static str,
}

impl IpnAnswer {
    pub const TAKEN: Self = Self { code: "00", message: "Confirm Success" };
    pub const NO_ORDER: Self = Self { code: "01", message: "Order not Found" };
    pub const ALREADY: Self = Self { code: "02", message: "Order already confirmed" };
    pub const AMOUNT: Self = Self { code: "04", message: "Invalid amount" };
    pub const SIGNATURE: Self = Self { code: "97", message: "Invalid signature" };
    pub const UNKNOWN: Self = Self { code: "99", message: "Unknown error" };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        let read = |pairs: &[(&str, &str)]| {
            ending(&pairs.iter().map(|(n, v)| (format!("vnp_{n}"), (*v).to_owned())).collect())
        };
        assert_eq!(read(&[("ResponseCode", "00"), ("TransactionStatus", "00")]), Some(Ending::Paid));
        assert_eq!(read(&[("ResponseCode", "00")]), Some(Ending::Paid));
        assert_eq!(read(&[("ResponseCode", "00"), ("TransactionStatus", "02")]), Some(Ending::NotPaid));
        assert_eq!(read(&[("ResponseCode", "24"), ("TransactionStatus", "02")]), Some(Ending::NotPaid));
        assert_eq!(read(&[("ResponseCode", "07"), ("TransactionStatus", "07")]), Some(Ending::Open));
        assert_eq!(read(&[("ResponseCode", "00"), ("TransactionStatus", "01")]), Some(Ending::Open));
        assert_eq!(read(&[("TransactionStatus", "00")]), None);
    }
}
