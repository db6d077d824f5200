//! The gateway's word: the order of its checks, repeats, lateness, and that nothing is lost.

use std::time::Duration;

use songhan_base::Money;

use super::*;
use crate::ChargeState;

#[tokio::test]
async fn checks_stand_in_the_gateways_order() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let number = attempt(&city, &payer, &made).await;
        for garbage in ["", "a=b", "%ff=%zz", "vnp_Amount=1&vnp_Amount=2", "vnp_TxnRef=%ff"] {
            assert_eq!(ipn(&city, garbage).await, "99", "{garbage}");
        }
        let good = ipn_query(&number, 16_000, "00");
        // 97 before all else, even of an order that does not exist with a wrong amount.
        assert_eq!(ipn(&city, "vnp_TxnRef=nobody&vnp_Amount=1&vnp_SecureHash=00").await, "97");
        assert_eq!(ipn(&city, &good.replace("NCB", "VCB")).await, "97");
        assert_eq!(ipn(&city, &ipn_query("nobody", 1, "00")).await, "01");
        assert_eq!(ipn(&city, &ipn_query(&made.reference, 16_000, "00")).await, "01");
        assert_eq!(ipn(&city, &ipn_query(&number, 15_000, "00")).await, "04");
        assert_eq!(reload(&city, &made).await.state, ChargeState::Due);
        assert_eq!(ipn(&city, &good).await, "00");
        assert_eq!(ipn(&city, &good).await, "02");
        assert_eq!(ipn(&city, &ipn_query(&number, 15_000, "00")).await, "04");
        assert_eq!(ipn(&city, &ipn_query(&number, 16_000, "24")).await, "02");
        assert_eq!(reload(&city, &made).await.state, ChargeState::Paid);
        assert_eq!(balance(&city).await.of("gateway:SONGHAN1"), Money(16_000));
    })
    .await;
}

#[tokio::test]
async fn a_failed_attempt_leaves_the_charge_due() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let first = attempt(&city, &payer, &made).await;
        assert_eq!(ipn(&city, &ipn_query(&first, 16_000, "24")).await, "00");
        assert_eq!(ipn(&city, &ipn_query(&first, 16_000, "24")).await, "02");
        assert_eq!(reload(&city, &made).await.state, ChargeState::Due);
        assert_eq!(kinds(&city).await.last().unwrap(), "ledger.payment_failed");
        let second = attempt(&city, &payer, &made).await;
        assert_ne!(first, second);
        assert_eq!(ipn(&city, &ipn_query(&second, 16_000, "00")).await, "00");
        assert_eq!(reload(&city, &made).await.state, ChargeState::Paid);
    })
    .await;
}

#[tokio::test]
async fn two_attempts_that_both_succeed_lose_nothing() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let (first, second) = (attempt(&city, &payer, &made).await, attempt(&city, &payer, &made).await);
        assert_eq!(ipn(&city, &ipn_query(&first, 16_000, "00")).await, "00");
        assert_eq!(ipn(&city, &ipn_query(&second, 16_000, "00")).await, "00");
        assert_eq!(notify(&city, &notice("T1", 16_000, &made.reference)).await.json()["outcome"], "overpaid");
        let balance = balance(&city).await;
        assert_eq!(balance.of("gateway:SONGHAN1"), Money(32_000));
        assert_eq!(balance.of("refundable:ubnd-hai-chau"), Money(-32_000));
        let page = city.client(&payer).get(&made.path()).await.expect(200).text();
        assert!(page.contains("32.000\u{a0}đ nộp thừa"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn an_attempt_of_which_nobody_speaks_expires_and_late_money_still_counts() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let number = attempt(&city, &payer, &made).await;
        city.settle().await;
        let state = async || crate::store::payments::by_txn_ref(&city.app.db, &number).await.unwrap().unwrap().state;
        assert_eq!(state().await.as_str(), "created");
        city.clock.advance(Duration::from_mins(17));
        city.settle().await;
        assert_eq!(state().await.as_str(), "expired");
        assert_eq!(ipn(&city, &ipn_query(&number, 16_000, "00")).await, "00");
        assert_eq!(reload(&city, &made).await.state, ChargeState::Paid);
    })
    .await;
}

#[tokio::test]
async fn an_open_word_changes_nothing() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let number = attempt(&city, &payer, &made).await;
        assert_eq!(ipn(&city, &ipn_query(&number, 16_000, "07")).await, "00");
        assert_eq!(reload(&city, &made).await.state, ChargeState::Due);
        assert_eq!(ipn(&city, &ipn_query(&number, 16_000, "00")).await, "00");
    })
    .await;
}

#[tokio::test]
async fn attempts_are_counted() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        for _ in 0..20 {
            attempt(&city, &payer, &made).await;
        }
        let path = format!("/api/v1/charges/{}/payments", made.id);
        let mut client = city.client(&payer);
        client.post_once(&path, "more", &json!({ "channel": "vnpay" })).await.expect(429);
        city.clock.advance(Duration::from_secs(3601));
        client.post_once(&path, "more", &json!({ "channel": "vnpay" })).await.expect(201);
    })
    .await;
}
