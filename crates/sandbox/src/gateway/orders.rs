//! Orders as the city sends them, and how they ended. Kept in memory: a restart forgets them, as a stand-in may.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, civil::DateTime};

use super::sign::{Params, encoded, is_signed};
use crate::Sandbox;

/// An order, from the address that the browser came with.
#[derive(Clone, Debug)]
pub struct Order {
    pub txn_ref: String,
    /// Whole đồng.
    pub amount: i64,
    pub info: String,
    pub return_url: String,
    /// `vnp_CreateDate`: querydr must name the same.
    pub created: String,
    pub ending: Option<Ending>,
}

/// How an order ended.
#[derive(Clone, Debug)]
pub struct Ending {
    pub code: &'static str,
    pub status: &'static str,
    pub transaction_no: u32,
    pub at: Timestamp,
    /// It was given back, under this number of the merchant's.
    pub refunded: Option<String>,
}

/// Why an order is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Unreadable,
    Signature,
    Merchant,
    Expired,
}

impl Refusal {
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Unreadable => ("Yêu cầu thanh toán không đọc được.", "The order cannot be read."),
            Self::Signature => ("Sai chữ ký (mã 70).", "The signature is wrong (code 70)."),
            Self::Merchant => ("Website chưa đăng ký (mã 02).", "The merchant is not known (code 02)."),
            Self::Expired => ("Đã hết thời gian thanh toán (mã 11).", "The time to pay is over (code 11)."),
        }
    }
}

impl Sandbox {
    /// Keeps an order that was looked at. A stand-in that runs for months must not grow: it forgets all at once.
    pub(crate) fn remember(&self, order: Order) {
        let mut orders = self.orders();
        if orders.len() > 20_000 {
            orders.clear();
        }
        orders.entry(order.txn_ref.clone()).or_insert(order);
    }
}

/// Reads an order and checks it in the gateway's order: signature, merchant, time.
pub fn read_order(sandbox: &Sandbox, raw: &str) -> Result<Order, Refusal> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(raw).map_err(|_| Refusal::Unreadable)?;
    let mut params: Params = pairs.into_iter().filter(|(name, _)| name.starts_with("vnp_")).collect();
    let signature = params.remove("vnp_SecureHash").ok_or(Refusal::Signature)?;
    if !is_signed(&sandbox.options.vnpay_secret, &encoded(&params), &signature) {
        return Err(Refusal::Signature);
    }
    let get = |name: &str| params.get(name).map_or("", String::as_str);
    if get("vnp_TmnCode") != sandbox.options.tmn_code {
        return Err(Refusal::Merchant);
    }
    let required = ["vnp_TxnRef", "vnp_OrderInfo", "vnp_ReturnUrl", "vnp_CreateDate", "vnp_IpAddr", "vnp_Locale"];
    let is_pay = get("vnp_Version") == "2.1.0" && get("vnp_Command") == "pay" && get("vnp_CurrCode") == "VND";
    let amount: i64 = get("vnp_Amount").parse().map_err(|_| Refusal::Unreadable)?;
    let is_web = get("vnp_ReturnUrl").starts_with("http://") || get("vnp_ReturnUrl").starts_with("https://");
    if !is_pay || !is_web || required.iter().any(|name| get(name).is_empty()) || amount <= 0 || amount % 100 != 0 {
        return Err(Refusal::Unreadable);
    }
    if read_stamp(get("vnp_ExpireDate")).is_none_or(|at| at <= sandbox.env.now()) {
        return Err(Refusal::Expired);
    }
    Ok(Order {
        txn_ref: get("vnp_TxnRef").to_owned(),
        amount: amount / 100,
        info: get("vnp_OrderInfo").to_owned(),
        return_url: get("vnp_ReturnUrl").to_owned(),
        created: get("vnp_CreateDate").to_owned(),
        ending: None,
    })
}

impl Order {
    /// What IPN and return say of an order that has ended.
    pub fn reply(&self, tmn_code: &str) -> Params {
        let Some(ending) = &self.ending else { return Params::new() };
        [
            ("vnp_TmnCode", tmn_code.to_owned()),
            ("vnp_Amount", (self.amount * 100).to_string()),
            ("vnp_BankCode", "NCB".to_owned()),
            ("vnp_CardType", "ATM".to_owned()),
            ("vnp_PayDate", stamp(ending.at)),
            ("vnp_OrderInfo", self.info.clone()),
            ("vnp_TransactionNo", ending.transaction_no.to_string()),
            ("vnp_ResponseCode", ending.code.to_owned()),
            ("vnp_TransactionStatus", ending.status.to_owned()),
            ("vnp_TxnRef", self.txn_ref.clone()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

/// `yyyyMMddHHmmss` in GMT+7.
pub fn stamp(at: Timestamp) -> String {
    at.to_zoned(TimeZone::fixed(Offset::constant(7))).strftime("%Y%m%d%H%M%S").to_string()
}

fn read_stamp(text: &str) -> Option<Timestamp> {
    let at = DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
    Offset::constant(7).to_timestamp(at).ok()
}
