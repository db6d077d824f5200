//! The day's statements of the stand-ins, as tables: what a bank and a gateway hand over in the evening, for a
//! demonstration of reconciliation. Fees are none here; nothing is lost and nothing doubled.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use crate::Sandbox;
use crate::gateway::stamp;

/// A credit that the bank has told the city of.
#[derive(Clone, Debug)]
pub struct Credit {
    pub number: String,
    pub account: String,
    pub amount: i64,
    pub note: String,
    pub at: Timestamp,
}

/// More credits than a demonstration sees in months.
const CREDITS_MAX: usize = 20_000;

#[derive(Deserialize)]
pub struct Asked {
    /// As `2026-11-20`; today where it is left out.
    #[serde(default)]
    day: String,
}

impl Asked {
    /// The day's eight digits, in GMT+7.
    fn digits(&self, sandbox: &Sandbox) -> String {
        let digits: String = self.day.chars().filter(char::is_ascii_digit).take(8).collect();
        if digits.len() == 8 { digits } else { stamp(sandbox.env.now())[..8].to_owned() }
    }
}

fn dashed(digits: &str) -> String {
    [&digits[..4], &digits[4..6], &digits[6..8]].join("-")
}

impl Sandbox {
    pub(crate) fn remember_credit(&self, credit: Credit) {
        let mut credits = self.credits.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if credits.len() >= CREDITS_MAX {
            credits.clear();
        }
        credits.push(credit);
    }
}

/// The bank's day.
pub async fn bank(State(sandbox): State<Arc<Sandbox>>, Query(asked): Query<Asked>) -> Response {
    let digits = asked.digits(&sandbox);
    let day = dashed(&digits);
    let credits = sandbox.credits.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let mut text = format!("# from={day} to={day}\naccount,date,credit,debit,reference,description\n");
    for credit in credits.iter().filter(|credit| stamp(credit.at).starts_with(&digits)) {
        let note: String = credit.note.chars().filter(|c| !matches!(c, '"' | '\n' | '\r')).collect();
        text += &format!("{},{day},{},,{},\"{note}\"\n", credit.account, credit.amount, credit.number);
    }
    csv("sao-ke", &day, text)
}

/// The gateway's day.
pub async fn gateway(State(sandbox): State<Arc<Sandbox>>, Query(asked): Query<Asked>) -> Response {
    let digits = asked.digits(&sandbox);
    let day = dashed(&digits);
    let mut rows: Vec<String> = Vec::new();
    for order in sandbox.orders().values() {
        let Some(ending) = order.ending.as_ref().filter(|ending| ending.status == "00") else { continue };
        let at = stamp(ending.at);
        let merchant = &sandbox.options.tmn_code;
        let row = |kind: &str| {
            format!("{merchant},{},{},{},0,{at},{kind},00\n", order.txn_ref, ending.transaction_no, order.amount)
        };
        if at.starts_with(&digits) {
            rows.push(row("01"));
            rows.extend(ending.refunded.is_some().then(|| row("02")));
        }
    }
    rows.sort();
    let head = format!("# from={day} to={day}\nmerchant,txn_ref,transaction_no,amount,fee,pay_date,type,status\n");
    csv("vnpay", &day, head + &rows.concat())
}

/// MoMo's day, its columns named as its fields.
pub async fn momo(State(sandbox): State<Arc<Sandbox>>, Query(asked): Query<Asked>) -> Response {
    let digits = asked.digits(&sandbox);
    let day = dashed(&digits);
    let mut rows = sandbox.momo.rows(&sandbox.options.momo_partner, &digits);
    rows.sort();
    let head =
        format!("# from={day} to={day}\npartnerCode,orderId,transId,amount,fee,responseTime,transType,resultCode\n");
    csv("momo", &day, head + &rows.concat())
}

fn csv(name: &str, day: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}-{day}.csv\"");
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)], text)
        .into_response()
}
