//! The whole way through the stand-ins, over HTTP: gateway and bank against the city.

use std::time::Duration;

use songhan_sandbox::Options;
use songhan_testkit::for_each_database_with;

use super::*;
use crate::ChargeState;
use crate::gateway::Given;

/// A browser without JavaScript at the stand-ins.
pub struct Visitor(reqwest::Client);

impl Visitor {
    pub fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).tls_certs_only([]).build();
        Self(http.unwrap())
    }

    pub async fn get(&self, url: &str) -> (u16, String) {
        let answer = self.0.get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub async fn post(&self, url: &str, fields: &[(&str, &str)]) -> reqwest::Response {
        self.0.post(url).form(fields).send().await.unwrap()
    }
}

/// Serves the city and the stand-ins on ports of their own, on each database.
pub async fn with_sandbox<F, Fut>(test: F)
where
    F: Fn(TestCity, String) -> Fut,
    Fut: Future<Output = ()>,
{
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // The demonstration's wiring with secrets of our own, since the test's city is none.
    let mut options = Options::demo(listener.local_addr().unwrap(), "");
    let mut sections = serde_json::Value::Object(crate::demo_sections(&url));
    assert_eq!(sections["vnpay"]["secret"], json!(options.vnpay_secret));
    assert_eq!(sections["vnpay"]["tmn_code"], json!(options.tmn_code));
    assert_eq!(sections["momo"]["partner_code"], json!(options.momo_partner));
    assert_eq!(sections["momo"]["access_key"], json!(options.momo_access_key));
    (options.vnpay_secret, options.bank_secret) = (VNPAY_SECRET.into(), BANK_SECRET.into());
    options.momo_secret = MOMO_SECRET.into();
    sections["momo"]["secret"] = json!(MOMO_SECRET);
    sections["vnpay"]["secret"] = json!(VNPAY_SECRET);
    sections["bank"]["secret"] = json!(BANK_SECRET);
    sections["vietqr"] = super::sections()["vietqr"].clone();
    for_each_database_with(sections, vec![crate::module()], |city| {
        let (listener, mut options, url) = (listener.try_clone().unwrap(), options.clone(), url.clone());
        let test = &test;
        async move {
            let at = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            options.target = format!("http://{}", at.local_addr().unwrap());
            let router = city.router();
            let served = tokio::spawn(async move { axum::serve(at, router).await });
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let stand_in = tokio::spawn(songhan_sandbox::serve_on(listener, options, city.app.env.clone()));
            test(city.clone(), url).await;
            assert!(balance(&city).await.is_balanced);
            stand_in.abort();
            served.abort();
            let _ = (stand_in.await, served.await);
        }
    })
    .await;
}

/// Address of the gateway for a new attempt.
async fn order(city: &TestCity, payer: &Person, charge: &Charge) -> String {
    let path = format!("/api/v1/charges/{}/payments", charge.id);
    let key = city.app.env.id().to_string();
    let answer = city.client(payer).post_once(&path, &key, &json!({ "channel": "vnpay" })).await.expect(201).json();
    answer["redirect_url"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn through_the_gateway() {
    with_sandbox(|city, url| async move {
        let (payer, visitor) = (city.resident("Nguyễn Thị An"), Visitor::new());
        let made = due(&city, Some(&payer)).await;
        let decide = format!("{url}/paymentv2/decide");
        // Changed minds: cancelled first, paid then.
        for (choice, state) in
            [("cancel", ChargeState::Due), ("fail", ChargeState::Due), ("success", ChargeState::Paid)]
        {
            let order = order(&city, &payer, &made).await;
            let (status, page) = visitor.get(&order).await;
            assert_eq!(status, 200, "{page}");
            assert!(page.contains("Mô phỏng – không có tiền thật") && page.contains("16.000"), "{page}");
            let query = order.split_once('?').unwrap().1;
            let answer = visitor.post(&decide, &[("order", query), ("choice", choice)]).await;
            assert_eq!(answer.status(), 303);
            let back = answer.headers()["location"].to_str().unwrap().to_owned();
            assert_eq!(reload(&city, &made).await.state, state, "{choice}");
            // The browser comes back to a page that shows it.
            let path = back.strip_prefix("http://city.test").unwrap();
            let words = if choice == "success" { "Đã nộp thành công" } else { "chưa thành công" };
            assert!(city.client(&payer).get(path).await.expect(200).text().contains(words));
            assert_eq!(visitor.post(&decide, &[("order", query), ("choice", choice)]).await.status(), 409);
        }
    })
    .await;
}

#[tokio::test]
async fn a_lost_word_is_asked_for() {
    with_sandbox(|city, url| async move {
        let (payer, visitor) = (city.resident("Nguyễn Thị An"), Visitor::new());
        let made = due(&city, Some(&payer)).await;
        let never_opened = order(&city, &payer, &made).await;
        let lost = order(&city, &payer, &made).await;
        let query = lost.split_once('?').unwrap().1;
        visitor.post(&format!("{url}/paymentv2/decide"), &[("order", query), ("choice", "silent")]).await;
        assert_eq!(reload(&city, &made).await.state, ChargeState::Due);
        city.clock.advance(Duration::from_mins(17));
        city.settle().await;
        assert_eq!(reload(&city, &made).await.state, ChargeState::Paid);
        let (status, page) = visitor.get(&never_opened).await;
        assert_eq!(status, 400);
        assert!(page.contains("mã 11"), "{page}");
        let payments = crate::store::payments::of_charge(&city.app.db, made.id).await.unwrap();
        let mut states: Vec<_> = payments.iter().map(|p| p.state.as_str()).collect();
        states.sort_unstable();
        assert_eq!(states, ["expired", "succeeded"]);
    })
    .await;
}

#[tokio::test]
async fn through_the_bank() {
    with_sandbox(|city, url| async move {
        let visitor = Visitor::new();
        let made = due(&city, None).await;
        let path = format!("/api/v1/charges/{}/payments?key={}", made.id, made.secret);
        let answer = city.visitor().post_once(&path, "k", &json!({ "channel": "vietqr" })).await.expect(201).json();
        let payload = answer["payload"].as_str().unwrap();
        let encoded = percent_encoding::utf8_percent_encode(payload, percent_encoding::NON_ALPHANUMERIC);
        let (status, page) = visitor.get(&format!("{url}/bank?payload={encoded}")).await;
        assert_eq!(status, 200);
        assert!(page.contains(ACCOUNT) && page.contains(&made.reference) && page.contains("16.000"), "{page}");
        let pay = format!("{url}/bank/pay");
        for (amount, note, outcome) in [
            ("15000", made.reference.as_str(), "đang đối chiếu"),
            ("16000", &made.reference, "Chuyển tiền thành công"),
            ("16000", &made.reference, "nộp thừa"),
        ] {
            let fields = [("payload", payload), ("amount", amount), ("note", note)];
            let page = visitor.post(&pay, &fields).await.text().await.unwrap();
            assert!(page.contains(outcome), "{page}");
        }
        assert_eq!(reload(&city, &made).await.state, ChargeState::Paid);
        assert_eq!(visitor.post(&pay, &[("payload", "x"), ("amount", "1"), ("note", "")]).await.status(), 400);
        assert_eq!(visitor.get(&format!("{url}/bank?payload=x")).await.0, 400);
        assert_eq!(visitor.get(&format!("{url}/paymentv2/vpcpay.html?vnp_Amount=1")).await.0, 400);
    })
    .await;
}

#[tokio::test]
async fn what_came_through_the_gateway_goes_back_through_it() {
    with_sandbox(|city, url| async move {
        let (payer, visitor) = (city.resident("Nguyễn Thị An"), Visitor::new());
        let decide = format!("{url}/paymentv2/decide");
        let mut charges = Vec::new();
        for _ in 0..2 {
            let made = due(&city, Some(&payer)).await;
            let order = order(&city, &payer, &made).await;
            let query = order.split_once('?').unwrap().1;
            visitor.post(&decide, &[("order", query), ("choice", "success")]).await;
            charges.push(made);
        }
        let cx = city.system();
        let path = ordered_back(&city, &charges[0], &json!({ "pays": "gateway_refunds", "unit": UNIT })).await;
        // No account is asked for, and there is no file for a bank.
        let page = city.client(&payer).get(&charges[0].path()).await.expect(200).text();
        assert!(page.contains("qua cổng thanh toán") && !page.contains("refund-account\""), "{page}");
        let one = accountant(&city);
        city.client(&one).get(&format!("{path}/file")).await.expect(409);
        assert_eq!(balance(&city).await.of("clearing:MOPHONG1"), Money(-16_000));
        city.settle().await;
        let shown = city.client(&one).get(&path).await.expect(200).json();
        assert_eq!((&shown["order"]["state"], &shown["lines"][0]["state"]), (&json!("done"), &json!("paid")));
        let books = balance(&city).await;
        assert_eq!((books.of("gateway:MOPHONG1"), books.of("clearing:MOPHONG1")), (Money(16_000), Money(0)));
        assert_eq!(kinds(&city).await.iter().filter(|kind| *kind == "ledger.refund_paid").count(), 1);
        // Asked again after a crash in between, the gateway says that it is doing it already.
        let refund = &crate::store::refunds::of_charge(&city.app.db, charges[0].id).await.unwrap()[0];
        let payment = crate::store::payments::by_id(&city.app.db, refund.payment.unwrap()).await.unwrap().unwrap();
        let vnpay = crate::config::Vnpay::of(&cx).await.unwrap().unwrap();
        let way = vnpay.query_url.clone().unwrap();
        let given = crate::vnpay::refund::give_back(&vnpay, &way, &payment, "SCAGAIN", city.app.now()).await.unwrap();
        assert_eq!(given, Given::Taken);
        // An order that never was is refused for good.
        let strange = crate::Payment { txn_ref: "SHNEVER".into(), ..payment };
        let given = crate::vnpay::refund::give_back(&vnpay, &way, &strange, "SCNEVER", city.app.now()).await.unwrap();
        assert_eq!(given, Given::Refused("91".into()));
    })
    .await;
}

#[tokio::test]
async fn the_stand_ins_statements_agree_with_the_books() {
    with_sandbox(|city, url| async move {
        let (payer, visitor) = (city.resident("Nguyễn Thị An"), Visitor::new());
        let made = due(&city, Some(&payer)).await;
        let path = format!("/api/v1/charges/{}/payments?key={}", made.id, made.secret);
        let answer = city.visitor().post_once(&path, "k", &json!({ "channel": "vietqr" })).await.expect(201).json();
        let fields =
            [("payload", answer["payload"].as_str().unwrap()), ("amount", "16000"), ("note", made.reference.as_str())];
        visitor.post(&format!("{url}/bank/pay"), &fields).await;
        let online = due(&city, Some(&payer)).await;
        let order = order(&city, &payer, &online).await;
        let query = order.split_once('?').unwrap().1;
        visitor.post(&format!("{url}/paymentv2/decide"), &[("order", query), ("choice", "success")]).await;
        for statement in ["/bank/statement.csv", "/merchant/day.csv"] {
            let (status, text) = visitor.get(&format!("{url}{statement}?day=2026-11-20")).await;
            assert_eq!(status, 200);
            let imported = import(&city, &text).await;
            assert_eq!((imported.statement.matched, imported.statement.differences), (1, 0), "{text}");
        }
    })
    .await;
}
