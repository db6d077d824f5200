//! Tests of the ledger over HTTP, on both databases.

mod books;
mod budget;
mod charging;
mod concurrency;
mod counter;
mod gateway;
mod migration;
mod pages;
mod receipts;
mod reconciliation;
mod refunds;
mod sandbox;
mod sequences;
mod transfers;
mod wallet;

use std::future::Future;

use axum::http::Method;
use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use songhan_base::{Id, Money, Person, Role, Text};
use songhan_testkit::{Answer, TestCity, for_each_database_with};

use crate::{Charge, NewCharge, NewLine, TrialBalance};

pub const UNIT: &str = "ubnd-hai-chau";
pub const ACCOUNT: &str = "1017595600";
pub const ELSEWHERE: &str = "ubnd-an-hai";
pub const ELSEWHERE_ACCOUNT: &str = "2002002002";
pub const VNPAY_SECRET: &str = "a gateway secret for tests";
pub const BANK_SECRET: &str = "a bank secret for tests";
pub const MOMO_SECRET: &str = "a wallet secret for tests";
pub const TMN_CODE: &str = "SONGHAN1";

pub fn sections() -> Value {
    json!({
        "vietqr": { "bin": "970436", "number": ACCOUNT, "name": "KHO BAC DA NANG", "bank": "Vietcombank",
            "units": [{ "unit": ELSEWHERE, "bin": "970415", "number": ELSEWHERE_ACCOUNT, "name": "UBND PHUONG AN HAI" }] },
        "budget": { "bin": "970436", "number": "7111000123", "name": "NGAN SACH DA NANG" },
        "bank": { "secret": BANK_SECRET },
        "vnpay": { "url": "https://gateway.test/pay", "tmn_code": TMN_CODE, "secret": VNPAY_SECRET },
        // Nobody is there.
        "momo": { "url": "http://127.0.0.1:9", "partner_code": "SONGHAN2", "access_key": "key", "secret": MOMO_SECRET },
    })
}

/// Runs a test on both databases; afterwards the journal must add up.
pub async fn on_both<F, Fut>(test: F)
where
    F: Fn(TestCity) -> Fut,
    Fut: Future<Output = ()>,
{
    for_each_database_with(sections(), vec![crate::module()], |city| {
        let test = &test;
        async move {
            test(city.clone()).await;
            assert!(balance(&city).await.is_balanced);
        }
    })
    .await;
}

pub async fn balance(city: &TestCity) -> TrialBalance {
    crate::trial_balance(&city.system()).await.unwrap()
}

pub fn new_charge(payer: Option<Id>) -> NewCharge {
    NewCharge {
        subject: "dossier:000.00.15.H17-261120-0001".into(),
        purpose: Text::new("Phí cấp bản sao trích lục", "Fee for a certified copy"),
        unit: UNIT.into(),
        payer,
        lines: vec![NewLine {
            name: Text::new("Bản sao trích lục", "Certified copy"),
            quantity: 2,
            unit_amount: Money(8_000),
            basis: "Thông tư 281/2016/TT-BTC".into(),
        }],
        back: "/dossiers/1".into(),
    }
}

/// A charge of 16.000 đ.
pub async fn due(city: &TestCity, payer: Option<&Person>) -> Charge {
    let cx = city.system();
    let mut tx = cx.begin().await.unwrap();
    let charge = crate::charge(&mut tx, &cx, new_charge(payer.map(|p| p.account))).await.unwrap();
    tx.commit().await.unwrap();
    charge
}

pub async fn reload(city: &TestCity, charge: &Charge) -> Charge {
    crate::by_id(&city.app.db, charge.id).await.unwrap().unwrap()
}

pub fn officer(city: &TestCity) -> Person {
    city.person("Lê Văn Bình", &[(Role::Officer, Some(UNIT))])
}

/// Keeps the books of the whole city.
pub fn accountant(city: &TestCity) -> Person {
    city.person("Lê Thị Thu", &[(Role::Accountant, None)])
}

/// A charge of 16.000 đ that was refunded after it was paid by transfer.
pub async fn refunded(city: &TestCity, payer: &Person, transaction: &str) -> Charge {
    let (cx, made) = (city.system(), due(city, Some(payer)).await);
    notify(city, &notice(transaction, 16_000, &made.reference)).await.expect(200);
    let mut tx = cx.begin().await.unwrap();
    let made = crate::refund(&mut tx, &cx, made.id, "hồ sơ rút").await.unwrap();
    tx.commit().await.unwrap();
    made
}

/// Refunds a charge that came by a gateway, and orders that by two people; answers the order's path.
pub async fn ordered_back(city: &TestCity, charge: &Charge, body: &Value) -> String {
    let cx = city.system();
    let mut tx = cx.begin().await.unwrap();
    crate::refund(&mut tx, &cx, charge.id, "hồ sơ rút").await.unwrap();
    tx.commit().await.unwrap();
    let (one, other) = (accountant(city), accountant(city));
    let key = city.app.env.id().to_string();
    let order = city.client(&one).post_once("/api/v1/ledger/payment-orders", &key, body).await.expect(201).json();
    let path = format!("/api/v1/ledger/payment-orders/{}", order["id"].as_str().unwrap());
    city.client(&other).post(&format!("{path}/decision"), &json!({ "decision": "approve" })).await.expect(200);
    path
}

/// A bank's statement of 20 November as a table: (account, credit, debit, number, description).
pub fn table(rows: &[(&str, i64, i64, &str, &str)]) -> String {
    let mut text =
        format!("# from=2026-11-20 to=2026-11-20 account={ACCOUNT}\naccount,date,credit,debit,reference,description\n");
    for (account, credit, debit, number, description) in rows {
        let show = |amount: &i64| if *amount == 0 { String::new() } else { amount.to_string() };
        text += &format!("{account},2026-11-20,{},{},{number},{description}\n", show(credit), show(debit));
    }
    text
}

/// Imports a statement as the city's accountant.
pub async fn import(city: &TestCity, text: &str) -> crate::Imported {
    let cx = city.cx(&accountant(city));
    crate::import_statement(&cx, "saoke.csv", text.as_bytes()).await.unwrap()
}

/// Begins an attempt at the gateway; answers its number.
pub async fn attempt(city: &TestCity, payer: &Person, charge: &Charge) -> String {
    let key = city.app.env.id().to_string();
    let path = format!("/api/v1/charges/{}/payments", charge.id);
    let answer = city.client(payer).post_once(&path, &key, &json!({ "channel": "vnpay" })).await.expect(201).json();
    let url = answer["redirect_url"].as_str().unwrap();
    let received = crate::vnpay::sign::receive(VNPAY_SECRET, url.split_once('?').unwrap().1).unwrap();
    assert!(received.genuine);
    received.params["vnp_TxnRef"].clone()
}

/// The query string of an IPN, as the gateway signs it.
pub fn ipn_query(txn_ref: &str, amount: i64, code: &str) -> String {
    let status = if code == "00" { "00" } else { "02" };
    let amount = (amount * 100).to_string();
    let params = [
        ("vnp_Amount", amount.as_str()),
        ("vnp_BankCode", "NCB"),
        ("vnp_OrderInfo", "Nop phi dich vu cong"),
        ("vnp_PayDate", "20261120090500"),
        ("vnp_ResponseCode", code),
        ("vnp_TmnCode", TMN_CODE),
        ("vnp_TransactionNo", "14226112"),
        ("vnp_TransactionStatus", status),
        ("vnp_TxnRef", txn_ref),
    ];
    let params = params.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    crate::vnpay::sign::signed_query(VNPAY_SECRET, &params)
}

/// Sends an IPN; answers its `RspCode`.
pub async fn ipn(city: &TestCity, query: &str) -> String {
    let answer = city.visitor().get(&format!("/api/v1/payments/vnpay/ipn?{query}")).await.expect(200).json();
    answer["RspCode"].as_str().unwrap().to_owned()
}

pub fn notice(transaction: &str, amount: i64, note: &str) -> Value {
    json!({ "transaction_id": transaction, "account": ACCOUNT, "amount": amount, "description": note,
            "booked_at": "2026-11-20T09:04:00+07:00" })
}

/// Sends a bank's notice, signed now.
pub async fn notify(city: &TestCity, notice: &Value) -> Answer {
    let timestamp = city.clock_seconds();
    notify_signed(city, notice.to_string().as_bytes(), &timestamp, BANK_SECRET).await
}

pub async fn notify_signed(city: &TestCity, body: &[u8], timestamp: &str, secret: &str) -> Answer {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    let signature = HEXLOWER.encode(&mac.finalize().into_bytes());
    let mut bank = city.visitor().with("x-bank-timestamp", timestamp).with("x-bank-signature", &signature);
    bank.send(Method::POST, "/api/v1/payments/bank-notifications", Some("application/json"), body.to_vec()).await
}

pub trait Seconds {
    fn clock_seconds(&self) -> String;
}

impl Seconds for TestCity {
    fn clock_seconds(&self) -> String {
        self.app.now().as_second().to_string()
    }
}

/// Kinds of the events so far. Straight from the table: readers of the log wait for every open transaction of the
/// server, those of other tests too.
pub async fn kinds(city: &TestCity) -> Vec<String> {
    let events: Vec<(String,)> =
        songhan_db::query("SELECT kind FROM events ORDER BY seq").fetch_all(&city.app.db).await.unwrap();
    events.into_iter().map(|(kind,)| kind).collect()
}
