//! Any sequence of charges, payments, refunds, pay-outs, statements and closings: after every step the journal adds up,
//! and each account that waits for something equals the list of what waits.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use songhan_db::query;

use super::*;
use crate::ops::close_day::{self, close_day};
use crate::ops::decide_payment_order::{Decision, decide_payment_order};
use crate::ops::give_refund_account::give_refund_account;
use crate::ops::match_transfer::{Input as Match, Target, match_transfer};
use crate::ops::prepare_payment_order::{Input as Order, prepare_payment_order};
use crate::refund::Payee;

#[derive(Clone, Copy, Debug)]
enum Step {
    Charge,
    /// Right, too little, or too much; for the nth charge, whatever its state.
    Transfer(usize, i64),
    /// Without a code.
    Unknown,
    Cash(usize),
    Cancel(usize),
    Refund(usize),
    GiveAccount(usize),
    PrepareRefunds,
    /// Approves, cancels or fails the nth order.
    Approve(usize),
    CancelOrder(usize),
    FailLine(usize),
    /// The bank's statement of everything so far.
    Statement,
    Match(usize),
    SendBack,
    Close,
    OrderTransfer,
}

fn step() -> impl Strategy<Value = Step> {
    let nth = || 0_usize..6;
    prop_oneof![
        3 => Just(Step::Charge),
        4 => (nth(), prop_oneof![3 => Just(16_000_i64), 1 => Just(15_000), 1 => Just(17_000)]).prop_map(|(n, amount)| Step::Transfer(n, amount)),
        1 => Just(Step::Unknown),
        1 => nth().prop_map(Step::Cash),
        1 => nth().prop_map(Step::Cancel),
        2 => nth().prop_map(Step::Refund),
        2 => nth().prop_map(Step::GiveAccount),
        2 => Just(Step::PrepareRefunds),
        3 => nth().prop_map(Step::Approve),
        1 => nth().prop_map(Step::CancelOrder),
        1 => nth().prop_map(Step::FailLine),
        2 => Just(Step::Statement),
        1 => nth().prop_map(Step::Match),
        1 => Just(Step::SendBack),
        1 => Just(Step::Close),
        1 => Just(Step::OrderTransfer),
    ]
}

struct Walk {
    city: TestCity,
    payer: Person,
    one: Person,
    other: Person,
    desk: Person,
    charges: Vec<Charge>,
    count: usize,
}

impl Walk {
    fn charge(&self, n: usize) -> Option<Charge> {
        (!self.charges.is_empty()).then(|| self.charges[n % self.charges.len()].clone())
    }

    async fn ids(&self, sql: &'static str) -> Vec<Id> {
        let rows: Vec<(Id,)> = query(sql).fetch_all(&self.city.app.db).await.unwrap();
        rows.into_iter().map(|(id,)| id).collect()
    }

    async fn texts(&self, sql: &'static str) -> Vec<String> {
        let rows: Vec<(String,)> = query(sql).fetch_all(&self.city.app.db).await.unwrap();
        rows.into_iter().map(|(text,)| text).collect()
    }

    /// Does a step; what is refused in this state changes nothing.
    async fn go(&mut self, step: Step) {
        self.count += 1;
        let (city, transaction) = (self.city.clone(), format!("T{}", self.count));
        let books = city.cx(&self.one);
        match step {
            Step::Charge => self.charges.push(due(&city, Some(&self.payer)).await),
            Step::Transfer(n, amount) => {
                let Some(charge) = self.charge(n) else { return };
                notify(&city, &notice(&transaction, amount, &charge.reference)).await.expect(200);
            }
            Step::Unknown => drop(notify(&city, &notice(&transaction, 16_000, "phi")).await.expect(200)),
            Step::Cash(n) => {
                let Some(charge) = self.charge(n) else { return };
                let path = format!("/api/v1/charges/{}/counter-payments", charge.id);
                city.client(&self.desk).post_once(&path, &transaction, &json!({})).await;
            }
            Step::Cancel(n) | Step::Refund(n) => {
                let (Some(charge), cx) = (self.charge(n), city.system()) else { return };
                let mut tx = cx.begin().await.unwrap();
                let done = match step {
                    Step::Cancel(_) => crate::cancel(&mut tx, &cx, charge.id, "thử").await,
                    _ => crate::refund(&mut tx, &cx, charge.id, "thử").await,
                };
                if done.is_ok() {
                    tx.commit().await.unwrap();
                }
            }
            Step::GiveAccount(n) => {
                let Some(charge) = self.charge(n) else { return };
                let _ = give_refund_account(&city.cx(&self.payer), charge.id, None, payee()).await;
            }
            Step::PrepareRefunds => drop(prepare_payment_order(&books, Order::Refunds { unit: UNIT.into() }).await),
            Step::Approve(n) | Step::CancelOrder(n) => {
                let prepared = self.ids("SELECT id FROM payment_orders WHERE state = 'prepared' ORDER BY number").await;
                let Some(order) = prepared.get(n % prepared.len().max(1)) else { return };
                let decision = if matches!(step, Step::Approve(_)) { Decision::Approve } else { Decision::Cancel };
                decide_payment_order(&city.cx(&self.other), *order, decision).await.unwrap();
            }
            Step::FailLine(n) => {
                let lines = self.texts("SELECT end_to_end FROM payment_order_lines WHERE state IN ('sent', 'paid') ORDER BY end_to_end").await;
                let Some(line) = lines.get(n % lines.len().max(1)) else { return };
                let mut tx = books.begin().await.unwrap();
                assert!(crate::paying_out::fail(&mut tx, &books, line, "thử").await.unwrap());
                tx.commit().await.unwrap();
            }
            Step::Statement => self.statement().await,
            Step::Match(n) => {
                let waiting = self.texts("SELECT transaction_id FROM bank_notifications WHERE outcome = 'suspense' ORDER BY transaction_id").await;
                let (Some(credit), Some(charge)) = (waiting.first(), self.charge(n)) else { return };
                let target = Target::Charge { code: charge.reference };
                self.settle(credit, target).await;
            }
            Step::SendBack => {
                let waiting = self.texts("SELECT transaction_id FROM bank_notifications WHERE outcome = 'suspense' ORDER BY transaction_id").await;
                let Some(credit) = waiting.first() else { return };
                self.settle(credit, Target::Return { unit: UNIT.into(), payee: payee() }).await;
            }
            Step::Close => {
                city.clock.advance(std::time::Duration::from_hours(24));
                let day = city.app.today().saturating_sub(jiff::Span::new().days(1));
                let _ = close_day(&books, close_day::Input { unit: UNIT.into(), day }).await;
            }
            Step::OrderTransfer => {
                let closed = self.ids("SELECT id FROM closings WHERE state = 'closed' ORDER BY day").await;
                let Some(closing) = closed.first() else { return };
                prepare_payment_order(&books, Order::Budget { closing: *closing }).await.unwrap();
            }
        }
    }

    async fn settle(&self, credit: &str, target: Target) {
        let input = Match { transaction_id: credit.to_owned(), target, reason: "thử".into() };
        match_transfer(&self.city.cx(&self.one), input).await.unwrap();
    }

    /// Everything that came and left, as the bank has it, and one credit that it alone knows.
    async fn statement(&self) {
        let credits: Vec<(String, i64)> =
            query("SELECT transaction_id, amount FROM bank_notifications ORDER BY transaction_id")
                .fetch_all(&self.city.app.db)
                .await
                .unwrap();
        let debits: Vec<(String, i64)> = query(
            "SELECT end_to_end, amount FROM payment_order_lines WHERE state IN ('sent', 'paid') ORDER BY end_to_end",
        )
        .fetch_all(&self.city.app.db)
        .await
        .unwrap();
        let mut text = format!(
            "# from=2026-11-20 to=2026-11-20 account={ACCOUNT}\naccount,date,credit,debit,reference,end_to_end,description\n"
        );
        for (number, amount) in credits {
            text += &format!("{ACCOUNT},2026-11-20,{amount},,{number},,\n");
        }
        for (number, amount) in debits {
            text += &format!("{ACCOUNT},{},,{amount},B{number},{number},\n", self.city.app.today());
        }
        text += &format!("{ACCOUNT},2026-11-20,5000,,BANK{},,\n", self.count);
        import(&self.city, &text).await;
    }

    async fn check(&self, after: &str) {
        let books = balance(&self.city).await;
        assert!(books.is_balanced, "{after}");
        let db = &self.city.app.db;
        let sum = async |sql: &'static str| -> i64 {
            let (sum,): (i64,) = query(sql).fetch_one(db).await.unwrap();
            sum
        };
        let suspense =
            "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM bank_notifications WHERE outcome = 'suspense'";
        assert_eq!(books.of("suspense:1017595600").0, -sum(suspense).await, "suspense after {after}");
        let owed = "SELECT CAST(coalesce(sum(r.amount), 0) AS BIGINT) FROM refunds r WHERE r.state IN ('owed', 'requested') OR EXISTS (
            SELECT 1 FROM payment_order_lines l WHERE l.refund = r.id AND l.state = 'waiting')";
        assert_eq!(books.of("refundable:ubnd-hai-chau").0, -sum(owed).await, "what is owed back after {after}");
        let sent = "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM payment_order_lines WHERE state = 'sent'";
        assert_eq!(books.of("clearing:1017595600").0, -sum(sent).await, "what is on its way after {after}");
        let due = "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM charges WHERE state = 'due'";
        assert_eq!(books.of("receivable:ubnd-hai-chau").0, sum(due).await, "what is due after {after}");
        let payable =
            "SELECT CAST(coalesce(sum(c.total), 0) AS BIGINT) FROM closings c WHERE c.state = 'closed' OR EXISTS (
            SELECT 1 FROM payment_order_lines l WHERE l.closing = c.id AND l.state = 'waiting')";
        assert_eq!(
            books.of("budget_payable:ubnd-hai-chau").0,
            -sum(payable).await,
            "what the budget is owed after {after}"
        );
        let bank = "SELECT (SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM bank_notifications)
            - (SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM payment_order_lines WHERE state = 'paid')";
        assert_eq!(books.of("bank:1017595600").0, sum(bank).await, "the bank account after {after}");
        let receipts = "SELECT (SELECT count(*) FROM receipts WHERE state = 'issued') - (SELECT count(*) FROM charges WHERE state = 'paid')";
        assert_eq!(sum(receipts).await, 0, "a receipt for each paid charge after {after}");
    }
}

fn payee() -> Payee {
    Payee { bin: "970436".into(), number: "0071000123456".into(), name: "Nguyễn Thị An".into() }
}

#[tokio::test]
async fn whatever_happens_the_books_agree_with_the_lists() {
    let runs: usize = std::env::var("SONGHAN_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    for _ in 0..runs {
        let steps = prop::collection::vec(step(), 60).new_tree(&mut TestRunner::default()).unwrap().current();
        on_both(|city| {
            let steps = steps.clone();
            async move {
                let payer = city.resident("Nguyễn Thị An");
                let (one, other, desk) = (accountant(&city), accountant(&city), officer(&city));
                let mut walk = Walk { city, payer, one, other, desk, charges: Vec::new(), count: 0 };
                for (n, step) in steps.iter().enumerate() {
                    walk.go(*step).await;
                    walk.check(&format!("step {n} of {:?}", &steps[..=n])).await;
                }
            }
        })
        .await;
    }
}
