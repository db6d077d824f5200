//! Orders as the city sends them, and how they ended. Kept in memory: a restart forgets them, as a stand-in may.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::json;

use super::sign::Fields;
use crate::gateway::stamp;

/// A stand-in that runs for months must not grow: it forgets all at once.
const ORDERS_MAX: usize = 20_000;

#[derive(Clone, Debug)]
pub struct Order {
    pub id: String,
    pub request: String,
    /// Whole đồng.
    pub amount: i64,
    pub info: String,
    pub redirect_url: String,
    /// Path of the address at which the city is told.
    pub ipn_path: String,
    pub extra: String,
    pub ending: Option<Ending>,
}

/// How an order ended.
#[derive(Clone, Debug)]
pub struct Ending {
    pub code: i64,
    pub message: &'static str,
    pub trans_id: i64,
    pub at: Timestamp,
    /// It was given back.
    pub refund: Option<Refund>,
}

/// An order of the merchant's to give one back.
#[derive(Clone, Debug)]
pub struct Refund {
    pub order: String,
    pub request: String,
    pub trans_id: i64,
    pub at: Timestamp,
}

impl Order {
    /// What IPN and return say of an order that has ended.
    pub fn word(&self, partner: &str) -> Fields {
        let Some(ending) = &self.ending else { return Fields::new() };
        [
            ("partnerCode", json!(partner)),
            ("orderId", json!(self.id)),
            ("requestId", json!(self.request)),
            ("amount", json!(self.amount)),
            ("orderInfo", json!(self.info)),
            ("orderType", json!("momo_wallet")),
            ("transId", json!(ending.trans_id)),
            ("resultCode", json!(ending.code)),
            ("message", json!(ending.message)),
            ("payType", json!("qr")),
            ("responseTime", json!(ending.at.as_millisecond())),
            ("extraData", json!(self.extra)),
        ]
        .into()
    }
}

/// All orders by their number.
#[derive(Default)]
pub struct Wallet(Mutex<HashMap<String, Order>>);

impl Wallet {
    pub(super) fn orders(&self) -> MutexGuard<'_, HashMap<String, Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn order(&self, id: &str) -> Option<Order> {
        self.orders().get(id).cloned()
    }

    /// Keeps a new order; `false` where the number was used.
    pub(super) fn begin(&self, order: Order) -> bool {
        let mut orders = self.orders();
        if orders.len() > ORDERS_MAX {
            orders.clear();
        }
        let is_new = !orders.contains_key(&order.id);
        orders.entry(order.id.clone()).or_insert(order);
        is_new
    }

    /// Ends an order; the order as it is where it has ended, nothing where there is none.
    pub(super) fn end(&self, id: &str, ending: Ending) -> Result<Order, Option<Box<Order>>> {
        let mut orders = self.orders();
        let order = orders.get_mut(id).ok_or(None)?;
        if order.ending.is_some() {
            return Err(Some(Box::new(order.clone())));
        }
        order.ending = Some(ending);
        Ok(order.clone())
    }

    /// Rows of the day's statement: what was taken, and what was given back.
    pub fn rows(&self, partner: &str, digits: &str) -> Vec<String> {
        let shown =
            |at: Timestamp| at.to_zoned(TimeZone::fixed(Offset::constant(7))).strftime("%Y-%m-%d %H:%M:%S").to_string();
        let mut rows = Vec::new();
        for order in self.orders().values() {
            let Some(ending) = order.ending.as_ref().filter(|ending| ending.code == 0) else { continue };
            let mut row = |id: &str, number: i64, at: Timestamp, kind: &str| {
                if stamp(at).starts_with(digits) {
                    rows.push(format!("{partner},{id},{number},{},0,{},{kind},0\n", order.amount, shown(at)));
                }
            };
            row(&order.id, ending.trans_id, ending.at, "payment");
            if let Some(refund) = &ending.refund {
                row(&refund.order, refund.trans_id, refund.at, "refund");
            }
        }
        rows
    }
}
