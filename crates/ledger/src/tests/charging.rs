//! Charging, waiving, cancelling, refunding inside somebody's transaction.

use songhan_base::Money;
use songhan_db::query;

use super::*;
use crate::{ChargeState, cancel, charge, charge_of, lines_of, refund, waive};

#[tokio::test]
async fn a_charge_is_owed_from_its_commit_on() {
    on_both(|city| async move {
        let made = due(&city, None).await;
        assert_eq!((made.amount, made.state, made.version), (Money(16_000), ChargeState::Due, 1));
        assert!(made.reference.starts_with("SH") && made.reference.len() == 12);
        assert_eq!(charge_of(&city.app.db, &made.subject).await.unwrap(), Some(made.clone()));
        let lines = lines_of(&city.app.db, made.id).await.unwrap();
        assert_eq!((lines.len(), lines[0].amount), (1, Money(16_000)));
        let balance = balance(&city).await;
        assert_eq!(balance.of("receivable:ubnd-hai-chau"), Money(16_000));
        assert_eq!(balance.of("income:ubnd-hai-chau"), Money(-16_000));
        assert_eq!(kinds(&city).await, ["ledger.charge_created"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_rolled_back_was_never_owed() {
    on_both(|city| async move {
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        charge(&mut tx, &cx, new_charge(None)).await.unwrap();
        tx.rollback().await.unwrap();
        assert!(balance(&city).await.accounts.is_empty());
        assert!(kinds(&city).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn ends_that_book_back() {
    on_both(|city| async move {
        let cx = city.system();
        let (first, second) = (due(&city, None).await, due(&city, None).await);
        let mut tx = cx.begin().await.unwrap();
        assert_eq!(waive(&mut tx, &cx, first.id, "hộ nghèo").await.unwrap().state, ChargeState::Waived);
        assert_eq!(cancel(&mut tx, &cx, second.id, "rút hồ sơ").await.unwrap().state, ChargeState::Cancelled);
        assert!(refund(&mut tx, &cx, second.id, "x").await.is_err());
        assert!(waive(&mut tx, &cx, first.id, "x").await.is_err());
        assert!(waive(&mut tx, &cx, city.app.env.id(), "x").await.is_err());
        tx.commit().await.unwrap();
        let balance = balance(&city).await;
        assert_eq!(balance.of("receivable:ubnd-hai-chau"), Money(0));
        assert_eq!(balance.of("income:ubnd-hai-chau"), Money(0));
    })
    .await;
}

#[tokio::test]
async fn a_refund_is_owed_to_the_payer() {
    on_both(|city| async move {
        let (cx, made) = (city.system(), due(&city, None).await);
        assert_eq!(notify(&city, &notice("T1", 16_000, &made.reference)).await.expect(200).json()["outcome"], "paid");
        let mut tx = cx.begin().await.unwrap();
        assert_eq!(refund(&mut tx, &cx, made.id, "nộp nhầm").await.unwrap().state, ChargeState::Refunded);
        tx.commit().await.unwrap();
        let balance = balance(&city).await;
        assert_eq!(balance.of("refundable:ubnd-hai-chau"), Money(-16_000));
        assert_eq!(balance.of("bank:1017595600"), Money(16_000));
        assert_eq!(balance.of("income:ubnd-hai-chau"), Money(0));
    })
    .await;
}

#[tokio::test]
async fn nothing_to_pay_is_waived_at_once() {
    on_both(|city| async move {
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        let mut new = new_charge(None);
        new.lines[0].unit_amount = Money::ZERO;
        assert_eq!(charge(&mut tx, &cx, new).await.unwrap().state, ChargeState::Waived);
        let mut wrong = new_charge(None);
        wrong.back = "https://elsewhere.test".into();
        assert!(charge(&mut tx, &cx, wrong).await.is_err());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_database_keeps_the_journal() {
    on_both(|city| async move {
        due(&city, None).await;
        for sql in [
            "UPDATE ledger_postings SET amount = amount + 1",
            "DELETE FROM ledger_postings",
            "UPDATE ledger_entries SET memo = 'x'",
            "DELETE FROM ledger_entries",
        ] {
            assert!(query(sql).execute(&city.app.db).await.is_err(), "{sql}");
        }
    })
    .await;
}
