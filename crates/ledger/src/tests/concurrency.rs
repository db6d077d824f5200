//! Everybody at once: gateway, bank and desk; one payment, and a journal that adds up.

use songhan_base::Money;

use super::*;
use crate::ChargeState;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everybody_at_once_pays_once() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let numbers = [attempt(&city, &payer, &made).await, attempt(&city, &payer, &made).await];
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..20_usize {
            let (city, query) = (city.clone(), ipn_query(&numbers[n % 2], 16_000, "00"));
            tasks.spawn(async move { format!("ipn {} {}", n % 2, ipn(&city, &query).await) });
        }
        for n in 0..20 {
            // Ten transfers, each told twice.
            let (city, notice) = (city.clone(), notice(&format!("T{}", n % 10), 16_000, &made.reference));
            tasks.spawn(async move {
                let taken = notify(&city, &notice).await.expect(200).json();
                format!("bank {} {}", taken["outcome"].as_str().unwrap(), taken["repeated"])
            });
        }
        let desk = officer(&city);
        for n in 0..5 {
            let (city, desk, id) = (city.clone(), desk.clone(), made.id);
            tasks.spawn(async move {
                let path = format!("/api/v1/charges/{id}/counter-payments");
                let answer = city.client(&desk).post_once(&path, &format!("c{n}"), &json!({ "receipt": null })).await;
                format!("desk {}", answer.status.as_u16())
            });
        }
        let answers = tasks.join_all().await;
        let count = |answer: &str| answers.iter().filter(|a| *a == answer).count();
        for ipn in ["ipn 0", "ipn 1"] {
            assert_eq!((count(&format!("{ipn} 00")), count(&format!("{ipn} 02"))), (1, 9), "{answers:?}");
        }
        let repeated = count("bank paid true") + count("bank overpaid true");
        assert_eq!(repeated, 10, "{answers:?}");
        assert_eq!(count("desk 201") + count("desk 409"), 5, "{answers:?}");
        // Two by the gateway, ten by the bank, perhaps one at the desk; the first pays, the rest is owed back.
        let arrived = 12 + count("desk 201") as i64;
        assert_eq!(reload(&city, &made).await.state, ChargeState::Paid);
        let balance = balance(&city).await;
        assert!(balance.is_balanced);
        assert_eq!(balance.of("receivable:ubnd-hai-chau"), Money(0));
        assert_eq!(balance.of("refundable:ubnd-hai-chau"), Money(-16_000 * (arrived - 1)));
        assert_eq!(kinds(&city).await.iter().filter(|kind| *kind == "ledger.charge_paid").count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_charges_at_once_do_not_block_each_other() {
    on_both(|city| async move {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..30 {
            let city = city.clone();
            tasks.spawn(async move {
                let made = due(&city, None).await;
                notify(&city, &notice(&format!("M{n}"), 16_000, &made.reference)).await.expect(200).json()
            });
        }
        let answers = tasks.join_all().await;
        assert!(answers.iter().all(|taken| taken["outcome"] == "paid"), "{answers:?}");
        assert_eq!(balance(&city).await.of("bank:1017595600"), Money(30 * 16_000));
    })
    .await;
}
