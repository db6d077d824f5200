//! Two thousand payments, fifty planted differences of every kind: each is found, and nothing else.

use std::collections::BTreeMap;

use songhan_app::Cx;

use super::*;
use crate::arrival::{Arrived, arrive};
use crate::journal::Purse;
use crate::store::transfers::Credit;

const PAYMENTS: usize = 2_000;

/// A payment by transfer, as the bank told us of it.
struct Told {
    number: String,
    code: String,
    amount: i64,
}

/// Many payments without a request for each: what the notices would write.
async fn pay_many(cx: &Cx) -> Vec<Told> {
    let mut all = Vec::new();
    let booked_at = Some("2026-11-20T02:04:00Z".parse().unwrap());
    for some in (0..PAYMENTS).collect::<Vec<_>>().chunks(250) {
        let mut tx = cx.begin().await.unwrap();
        for n in some {
            let mut new = new_charge(None);
            new.lines[0].quantity = 1 + (*n as i64 % 5);
            let charge = crate::charge(&mut tx, cx, new).await.unwrap();
            let charge = crate::store::charges::lock(&mut tx, charge.id).await.unwrap().unwrap();
            let told = Told { number: format!("FT{n:06}"), code: charge.reference.clone(), amount: charge.amount.0 };
            let (id, amount) = (charge.id, charge.amount);
            let purse = Purse::Bank { number: ACCOUNT.into() };
            let arrived = Arrived { purse, amount, gateway_no: Some(told.number.clone()), raw: json!({}) };
            let arrival = arrive(&mut tx, cx, charge, Err(format!("bank:{}", told.number)), arrived).await.unwrap();
            let credit = Credit {
                transaction_id: &told.number,
                account: ACCOUNT,
                amount,
                outcome: "paid",
                reason: None,
                charge: Some(id),
                payment: Some(arrival.payment),
                description: None,
                booked_at,
            };
            crate::store::transfers::insert(&mut tx, credit).await.unwrap();
            all.push(told);
        }
        tx.commit().await.unwrap();
    }
    all
}

/// The statement with the planted faults, and which of them stands where: by the bank's number.
fn with_faults(all: &[Told]) -> (String, BTreeMap<String, &'static str>) {
    let mut planted = BTreeMap::new();
    let mut rows = vec![format!("# from=2026-11-20 to=2026-11-20 account={ACCOUNT}")];
    rows.push("account,date,credit,debit,fee,reference,description,reversal".into());
    let row =
        |account: &str, day: &str, credit: i64, debit: i64, fee: i64, number: &str, text: &str, reversal: &str| {
            let show = |amount: i64| if amount == 0 { String::new() } else { amount.to_string() };
            format!("{account},{day},{},{},{},{number},{text},{reversal}", show(credit), show(debit), show(fee))
        };
    let kinds = [
        "amount_differs",
        "missing",
        "wrong_day",
        "wrong_account",
        "doubled",
        "reversed",
        "fee_deducted",
        "unknown_credit",
        "unknown_debit",
    ];
    let today = "2026-11-20";
    for (n, told) in all.iter().enumerate() {
        // Every fortieth payment has a fault; unknown lines stand between the others.
        let fault = (n % 40 == 7).then(|| kinds[(n / 40) % kinds.len()]);
        let text = format!("MBVCB.{n}.{} CT tu NGUYEN VAN A", told.code);
        let good = row(ACCOUNT, today, told.amount, 0, 0, &told.number, &text, "");
        let mut mark = |number: &str| planted.insert(number.to_owned(), fault.unwrap_or_default());
        match fault {
            None => rows.push(good),
            Some("amount_differs") => {
                mark(&told.number);
                rows.push(row(ACCOUNT, today, told.amount - 500, 0, 0, &told.number, &text, ""));
            }
            Some("missing") => {
                mark(&told.number);
            }
            Some("wrong_day") => {
                mark(&told.number);
                rows.push(row(ACCOUNT, "2026-11-19", told.amount, 0, 0, &told.number, &text, ""));
            }
            Some("wrong_account") => {
                mark(&told.number);
                rows.push(row(ELSEWHERE_ACCOUNT, today, told.amount, 0, 0, &told.number, &text, ""));
            }
            Some("doubled") => {
                mark(&told.number);
                rows.extend([good.clone(), good]);
            }
            Some("reversed") => {
                mark(&told.number);
                rows.push(good);
                rows.push(row(ACCOUNT, today, 0, told.amount, 0, &told.number, &text, "1"));
            }
            Some("fee_deducted") => {
                mark(&told.number);
                rows.push(row(ACCOUNT, today, told.amount - 1_100, 0, 1_100, &told.number, &text, ""));
            }
            Some(unknown) => {
                let number = format!("XX{n}");
                mark(&number);
                let (credit, debit) = if unknown == "unknown_credit" { (9_000, 0) } else { (0, 9_000) };
                rows.push(good);
                rows.push(row(ACCOUNT, today, credit, debit, 0, &number, "khong ro", ""));
            }
        }
    }
    (rows.join("\n") + "\n", planted)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_planted_differences_and_nothing_else() {
    on_both(|city| async move {
        let cx = city.system();
        let all = pay_many(&cx).await;
        let (text, planted) = with_faults(&all);
        assert_eq!(planted.len(), 50);
        let who = accountant(&city);
        let imported = import(&city, &text).await;
        assert_eq!(imported.statement.differences, 50, "{imported}");
        let path = format!("/api/v1/ledger/statements/{}", imported.statement.id);
        let found = city.client(&who).get(&path).await.expect(200).json();
        let found: BTreeMap<String, String> = found["differences"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| (d["reference"].as_str().unwrap().to_owned(), d["kind"].as_str().unwrap().to_owned()))
            .collect();
        let planted: BTreeMap<String, String> = planted.into_iter().map(|(n, kind)| (n, kind.to_owned())).collect();
        assert_eq!(found, planted);
        assert!(balance(&city).await.is_balanced);
        // The same file again changes nothing; neither do its lines in another file.
        let before = (balance(&city).await.accounts, kinds(&city).await.len());
        let again = import(&city, &text).await;
        assert!(again.already && again.statement.id == imported.statement.id);
        assert_eq!((balance(&city).await.accounts, kinds(&city).await.len()), before);
        let other = import(&city, &format!("{text}\n")).await;
        assert!(!other.already);
        assert_eq!(other.statement.repeated, other.statement.line_count);
        assert_eq!((other.statement.matched, balance(&city).await.accounts), (0, before.0));
        // Each is resolved by hand; then the books say what the bank says.
        settle_all(&city, &who, &path).await;
        let books = balance(&city).await;
        let bank = |rows: &str, account: &str| -> i64 {
            let cells =
                rows.lines().skip(2).map(|row| row.split(',').collect::<Vec<_>>()).filter(|cells| cells[0] == account);
            cells.map(|cells| cells[2].parse::<i64>().unwrap_or(0) - cells[3].parse::<i64>().unwrap_or(0)).sum()
        };
        // What was only explained (another day) needs no entry; what is missing twice is told by the second file too.
        assert_eq!(books.of(&format!("bank:{ACCOUNT}")), Money(bank(&text, ACCOUNT)));
        assert_eq!(books.of(&format!("bank:{ELSEWHERE_ACCOUNT}")), Money(bank(&text, ELSEWHERE_ACCOUNT)));
        assert_eq!(books.of(&format!("suspense:{ACCOUNT}")), Money(0));
    })
    .await;
}

async fn settle_all(city: &TestCity, who: &Person, path: &str) {
    let found = city.client(who).get(path).await.expect(200).json();
    for difference in found["differences"].as_array().unwrap() {
        let kind = difference["kind"].as_str().unwrap();
        for text in ["explanation", "remedy"] {
            let (vi, en) = (&difference[text]["vi"], &difference[text]["en"]);
            assert!(vi != en && vi.as_str().unwrap().len() > 20 && en.as_str().unwrap().len() > 20, "{difference}");
        }
        if kind == "unknown_credit" {
            let payee = json!({ "bin": "970436", "number": "0071000123456", "name": "NGUYEN VAN A" });
            let target = json!({ "is": "return", "unit": UNIT, "payee": payee });
            let body = json!({ "transaction_id": difference["reference"], "target": target, "reason": "chuyển nhầm" });
            city.client(who).post("/api/v1/ledger/unmatched-transfers/match", &body).await.expect(200);
            city.client(who).post("/api/v1/ledger/unmatched-transfers/match", &body).await.expect(404);
        } else {
            let resolution = if kind == "wrong_day" { "explained" } else { "adjusted" };
            let path = format!("/api/v1/ledger/differences/{}/resolution", difference["id"].as_str().unwrap());
            city.client(who).post(&path, &json!({ "resolution": resolution, "reason": "tra soát" })).await.expect(200);
        }
    }
    let found = city.client(who).get(path).await.expect(200).json();
    assert_eq!(found["statement"]["open"], 0);
}

#[tokio::test]
async fn the_gateways_day() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let who = accountant(&city);
        let (paid, lost) = (due(&city, Some(&payer)).await, due(&city, Some(&payer)).await);
        let number = attempt(&city, &payer, &paid).await;
        assert_eq!(ipn(&city, &ipn_query(&number, 16_000, "00")).await, "00");
        // The word of this one never came.
        let silent = attempt(&city, &payer, &lost).await;
        let text = format!(
            "merchant,txn_ref,transaction_no,amount,fee,pay_date,type,status\n{TMN_CODE},{number},14226112,16000,1100,20261120090500,01,00\n\
             {TMN_CODE},{silent},14226113,16000,,20261120090600,01,00\n"
        );
        let imported = import(&city, &text).await;
        assert_eq!(imported.statement.differences, 2);
        let path = format!("/api/v1/ledger/statements/{}", imported.statement.id);
        let found = city.client(&who).get(&path).await.expect(200).json();
        assert_eq!((&found["differences"][0]["kind"], &found["differences"][1]["kind"]), (&json!("fee_deducted"), &json!("unknown_credit")));
        for (at, resolution) in [(0, "adjusted"), (1, "matched")] {
            let id = found["differences"][at]["id"].as_str().unwrap();
            let path = format!("/api/v1/ledger/differences/{id}/resolution");
            city.client(&who).post(&path, &json!({ "resolution": resolution, "reason": "theo hợp đồng" })).await.expect(200);
        }
        assert_eq!(reload(&city, &lost).await.state, crate::ChargeState::Paid);
        let books = balance(&city).await;
        assert_eq!((books.of("gateway:SONGHAN1"), books.of("gateway_fee:SONGHAN1")), (Money(30_900), Money(1_100)));
        // A unit's accountant keeps neither the gateway nor the account that all units share.
        let own = city.person("Thu", &[(Role::Accountant, Some(UNIT))]);
        city.client(&own).get(&path).await.expect(404);
        assert!(crate::import_statement(&city.cx(&own), "x", text.as_bytes()).await.is_err());
        assert_eq!(city.client(&own).get("/api/v1/ledger/statements").await.json()["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_day_late_is_first_missing_and_then_found() {
    on_both(|city| async move {
        let made = due(&city, None).await;
        notify(&city, &notice("T1", 16_000, &made.reference)).await.expect(200);
        let first = import(&city, &table(&[])).await;
        assert_eq!((first.statement.differences, first.statement.open), (1, 1));
        let next = table(&[(ACCOUNT, 16_000, 0, "T1", "x")]).replace("2026-11-20", "2026-11-21");
        let next = import(&city, &next).await;
        assert_eq!(next.statement.differences, 1);
        let who = accountant(&city);
        let found = city.client(&who).get(&format!("/api/v1/ledger/statements/{}", first.statement.id)).await.json();
        assert_eq!(found["differences"][0]["resolution"], "found");
        let found = city.client(&who).get(&format!("/api/v1/ledger/statements/{}", next.statement.id)).await.json();
        assert_eq!(found["differences"][0]["kind"], "wrong_day");
    })
    .await;
}
