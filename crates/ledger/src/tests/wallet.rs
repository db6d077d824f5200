//! The wallet MoMo, each side of its protocol checking the other: orders, its word, questions, refunds, its statement.

use std::time::Duration;

use songhan_testkit::Answer;

use super::sandbox::{Visitor, with_sandbox};
use super::*;
use crate::ChargeState;
use crate::config::Momo;
use crate::gateway::Given;
use crate::momo::sign::{Fields, sign};

const IPN: &str = "/api/v1/payments/momo/ipn";

/// Begins an attempt; answers the wallet's page for it, and its number.
async fn order(city: &TestCity, payer: &Person, charge: &Charge) -> (String, String) {
    let path = format!("/api/v1/charges/{}/payments", charge.id);
    let key = city.app.env.id().to_string();
    let answer = city.client(payer).post_once(&path, &key, &json!({ "channel": "momo" })).await.expect(201).json();
    let url = answer["redirect_url"].as_str().unwrap().to_owned();
    let number = url.split_once("?t=").unwrap().1.to_owned();
    (url, number)
}

/// Ends an order at the wallet's page; answers the address that the browser is sent back to.
async fn choose(visitor: &Visitor, url: &str, number: &str, choice: &str) -> String {
    let answer = visitor.post(&format!("{url}/v2/gateway/decide"), &[("order", number), ("choice", choice)]).await;
    assert_eq!(answer.status(), 303);
    let back = answer.headers()["location"].to_str().unwrap();
    back.strip_prefix("http://city.test").unwrap().to_owned()
}

/// Tells the city, as the wallet would.
async fn tell(city: &TestCity, number: &str, amount: i64, code: i64) -> Answer {
    let momo = Momo::of(&city.system()).await.unwrap().unwrap();
    let fields = Fields::from([
        ("partnerCode", momo.partner_code.clone()),
        ("orderId", number.to_owned()),
        ("requestId", number.to_owned()),
        ("amount", amount.to_string()),
        ("orderInfo", "Nop phi dich vu cong".to_owned()),
        ("orderType", "momo_wallet".to_owned()),
        ("transId", "4088878653".to_owned()),
        ("resultCode", code.to_string()),
        ("message", "Giao dịch thành công.".to_owned()),
        ("payType", "qr".to_owned()),
        ("responseTime", "1795226490000".to_owned()),
        ("extraData", String::new()),
    ]);
    let mut word = json!({ "signature": sign(&momo, &fields) });
    for (name, value) in fields {
        let number =
            value.parse::<i64>().ok().filter(|_| matches!(name, "amount" | "transId" | "resultCode" | "responseTime"));
        word[name] = number.map_or_else(|| json!(value), |number| json!(number));
    }
    city.visitor().post(IPN, &word).await
}

async fn state(city: &TestCity, number: &str) -> &'static str {
    crate::store::payments::by_txn_ref(&city.app.db, number).await.unwrap().unwrap().state.as_str()
}

#[tokio::test]
async fn through_the_wallet() {
    with_sandbox(|city, url| async move {
        let (payer, visitor) = (city.resident("Nguyễn Thị An"), Visitor::new());
        let made = due(&city, Some(&payer)).await;
        for (choice, expected) in
            [("cancel", ChargeState::Due), ("fail", ChargeState::Due), ("success", ChargeState::Paid)]
        {
            let (page, number) = order(&city, &payer, &made).await;
            let (status, page) = visitor.get(&page).await;
            assert_eq!(status, 200, "{page}");
            assert!(page.contains("Mô phỏng – không có tiền thật") && page.contains("16.000"), "{page}");
            let back = choose(&visitor, &url, &number, choice).await;
            assert_eq!(reload(&city, &made).await.state, expected, "{choice}");
            let words = if choice == "success" { "Đã nộp thành công" } else { "chưa thành công" };
            assert!(city.client(&payer).get(&back).await.expect(200).text().contains(words));
            let decide = format!("{url}/v2/gateway/decide");
            let again = visitor.post(&decide, &[("order", &number), ("choice", choice)]).await;
            assert_eq!(again.status(), 409);
        }
        assert_eq!(balance(&city).await.of("gateway:MOPHONG2"), Money(16_000));
        assert!(city.client(&payer).get(&made.path()).await.expect(200).text().contains("Ví MoMo"));
    })
    .await;
}

#[tokio::test]
async fn only_its_signed_word_settles_and_once() {
    with_sandbox(|city, _| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let mut client = city.client(&payer);
        let form = client.submit(&format!("{}/gateway", made.path()), &[("channel", "momo")]).await.expect(303);
        let page = client.get(form.location()).await.expect(200);
        let refresh = page.headers["refresh"].to_str().unwrap().to_owned();
        let number = refresh.split_once("?t=").unwrap().1.to_owned();
        assert!(page.text().contains("Đến trang của ví MoMo"));

        let mut visitor = city.visitor();
        for garbage in [&b""[..], b"{", b"[]", b"{\"orderId\": {}}", b"\xff", b"null", b"1"] {
            let answer = visitor.send(Method::POST, IPN, Some("application/json"), garbage.to_vec()).await;
            assert!([400, 401].contains(&answer.status.as_u16()), "{garbage:?}: {}", answer.status);
        }
        visitor
            .post(IPN, &json!({ "orderId": number, "amount": 16_000, "resultCode": 0, "signature": "00" }))
            .await
            .expect(401);
        tell(&city, "NOBODY", 16_000, 0).await.expect(404);
        tell(&city, &made.reference, 16_000, 0).await.expect(404);
        tell(&city, &number, 15_000, 0).await.expect(422);
        // Not sure yet: heard, and nothing written.
        tell(&city, &number, 16_000, 9000).await.expect(204);
        assert_eq!((state(&city, &number).await, reload(&city, &made).await.state), ("created", ChargeState::Due));
        // What the browser brings settles nothing, and forged shows nothing to a stranger.
        let back = format!("{}/return?orderId={number}&resultCode=0&signature=00", made.path());
        assert!(client.get(&back).await.expect(200).text().contains("Đang chờ xác nhận"));
        assert!(city.visitor().get(&back).await.expect(303).location().starts_with("/sign-in"));
        assert_eq!(reload(&city, &made).await.state, ChargeState::Due);

        tell(&city, &number, 16_000, 0).await.expect(204);
        tell(&city, &number, 16_000, 0).await.expect(204);
        tell(&city, &number, 16_000, 1006).await.expect(204);
        assert_eq!((state(&city, &number).await, reload(&city, &made).await.state), ("succeeded", ChargeState::Paid));
        assert_eq!(balance(&city).await.of("gateway:MOPHONG2"), Money(16_000));
        assert_eq!(kinds(&city).await.iter().filter(|kind| *kind == "ledger.charge_paid").count(), 1);
        // Each gateway speaks of its own orders only.
        assert_eq!(ipn(&city, &ipn_query(&number, 16_000, "00")).await, "01");
    })
    .await;
}

#[tokio::test]
async fn it_is_asked_where_its_word_is_lost() {
    with_sandbox(|city, url| async move {
        let (payer, visitor) = (city.resident("Nguyễn Thị An"), Visitor::new());
        let made = due(&city, Some(&payer)).await;
        let (_, waiting) = order(&city, &payer, &made).await;
        let (_, declined) = order(&city, &payer, &made).await;
        let (_, lost) = order(&city, &payer, &made).await;
        choose(&visitor, &url, &lost, "silent").await;
        assert_eq!(reload(&city, &made).await.state, ChargeState::Due);
        city.clock.advance(Duration::from_mins(17));
        city.settle().await;
        assert_eq!((state(&city, &lost).await, reload(&city, &made).await.state), ("succeeded", ChargeState::Paid));
        // Of the others the wallet still waits for the payer.
        assert_eq!((state(&city, &waiting).await, state(&city, &declined).await), ("created", "created"));
        tell(&city, &declined, 16_000, 1005).await.expect(204);
        assert_eq!(state(&city, &declined).await, "failed");
        // Late money still counts, and is owed back.
        tell(&city, &declined, 16_000, 0).await.expect(204);
        assert_eq!(balance(&city).await.of("refundable:ubnd-hai-chau"), Money(-16_000));
    })
    .await;
}

#[tokio::test]
async fn what_came_from_the_wallet_goes_back_to_it_and_its_statement_agrees() {
    with_sandbox(|city, url| async move {
        let (payer, visitor) = (city.resident("Nguyễn Thị An"), Visitor::new());
        let mut charges = Vec::new();
        for _ in 0..2 {
            let made = due(&city, Some(&payer)).await;
            let (_, number) = order(&city, &payer, &made).await;
            choose(&visitor, &url, &number, "success").await;
            charges.push(made);
        }
        let (cx, one) = (city.system(), accountant(&city));
        let body = json!({ "pays": "gateway_refunds", "unit": UNIT, "gateway": "momo" });
        let path = ordered_back(&city, &charges[0], &body).await;
        let page = city.client(&payer).get(&charges[0].path()).await.expect(200).text();
        assert!(page.contains("qua cổng thanh toán") && !page.contains("refund-account\""), "{page}");
        // Of the other gateway nothing waits.
        let body = json!({ "pays": "gateway_refunds", "unit": UNIT });
        city.client(&one).post_once("/api/v1/ledger/payment-orders", "vnpay", &body).await.expect(409);
        assert_eq!(balance(&city).await.of("clearing:MOPHONG2"), Money(-16_000));
        city.settle().await;
        let shown = city.client(&one).get(&path).await.expect(200).json();
        assert_eq!((&shown["order"]["state"], &shown["lines"][0]["state"]), (&json!("done"), &json!("paid")));
        let books = balance(&city).await;
        assert_eq!((books.of("gateway:MOPHONG2"), books.of("clearing:MOPHONG2")), (Money(16_000), Money(0)));

        // Asked again under the same number it has been done; under another it is refused; of nobody it is not known.
        let refund = &crate::store::refunds::of_charge(&city.app.db, charges[0].id).await.unwrap()[0];
        let payment = crate::store::payments::by_id(&city.app.db, refund.payment.unwrap()).await.unwrap().unwrap();
        let momo = Momo::of(&cx).await.unwrap().unwrap();
        let own = shown["lines"][0]["end_to_end"].as_str().unwrap();
        let given =
            async |payment: &crate::Payment, own: &str| crate::momo::api::give_back(&momo, payment, own).await.unwrap();
        assert_eq!(given(&payment, own).await, Given::Taken);
        assert_eq!(given(&payment, "SCAGAIN").await, Given::Refused("1081".into()));
        let strange = crate::Payment { gateway_no: Some("1".into()), ..payment };
        assert_eq!(given(&strange, "SCNEVER").await, Given::Refused("42".into()));

        let (status, text) = visitor.get(&format!("{url}/momo/day.csv?day=2026-11-20")).await;
        assert_eq!(status, 200);
        let imported = import(&city, &text).await;
        assert_eq!((imported.statement.matched, imported.statement.differences), (3, 0), "{text}");
        // A statement that lacks one of them says so.
        let lines: Vec<&str> = text.lines().filter(|line| !line.contains("refund")).collect();
        let doubled = lines.join("\n").replace(",16000,", ",17000,");
        assert!(import(&city, &doubled).await.statement.differences > 0);
    })
    .await;
}

#[tokio::test]
async fn where_it_does_not_answer_another_way_is_offered() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let path = format!("/api/v1/charges/{}/payments", made.id);
        let mut client = city.client(&payer);
        let refused = client.post_once(&path, "a", &json!({ "channel": "momo" })).await.expect(503).json();
        assert_eq!(refused["code"], "gateway_unavailable");
        let back = client.submit(&format!("{}/gateway", made.path()), &[("channel", "momo")]).await.expect(303);
        let page = client.get(back.location()).await.expect(200).text();
        assert!(page.contains("không trả lời") && page.contains("Nộp qua cổng VNPay"), "{page}");
        assert!(crate::store::payments::of_charge(&city.app.db, made.id).await.unwrap().is_empty());
        // What no wallet holds is not offered by it.
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        let mut large = new_charge(Some(payer.account));
        large.lines[0].unit_amount = Money(30_000_000);
        let large = crate::charge(&mut tx, &cx, large).await.unwrap();
        tx.commit().await.unwrap();
        let page = client.get(&large.path()).await.expect(200).text();
        assert!(page.contains("Nộp qua cổng VNPay") && !page.contains("Nộp bằng ví MoMo"));
        let path = format!("/api/v1/charges/{}/payments", large.id);
        client.post_once(&path, "b", &json!({ "channel": "momo" })).await.expect(422);
    })
    .await;
}
