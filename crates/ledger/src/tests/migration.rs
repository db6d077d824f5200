//! What was charged, paid and owed before there was a further channel stays as it was, on both databases.

use songhan_db::{Migration, query};
use songhan_testkit::for_each_database;

use super::*;

/// The module as it was before.
fn before() -> Vec<songhan_app::Module> {
    const FIRST: &[Migration] = &[
        Migration {
            module: "ledger",
            number: 1,
            name: "ledger",
            sql: include_str!("../../migrations/0001_ledger.sql"),
        },
        Migration { module: "ledger", number: 2, name: "money", sql: include_str!("../../migrations/0002_money.sql") },
    ];
    vec![songhan_app::Module { name: "ledger", migrations: FIRST, ..Default::default() }]
}

async fn rows(city: &TestCity) -> Vec<(String, Option<String>, i64)> {
    let all = "SELECT id, channel, amount FROM charges UNION ALL SELECT id, channel, amount FROM payments
        UNION ALL SELECT id, route, amount FROM refunds ORDER BY 1";
    query(all).fetch_all(&city.app.db).await.unwrap()
}

#[tokio::test]
async fn money_is_carried_over() {
    for_each_database(before(), |city| async move {
        let db = &city.app.db;
        let run = async |sql: &'static str| query(sql).execute(db).await;
        for sql in [
            "INSERT INTO charges (id, reference, subject, purpose, unit, secret, back, amount, state, channel, version, created_at, paid_at)
             VALUES ('c1', 'SH1', 'dossier:1', '{}', 'u', 's', '/', 16000, 'paid', 'vnpay', 2, 1, 2),
                    ('c2', 'SH2', 'dossier:2', '{}', 'u', 's', '/', 16000, 'due', NULL, 1, 1, NULL)",
            "INSERT INTO charge_lines (charge, line, name, quantity, unit_amount, basis) VALUES ('c1', 1, '{}', 1, 16000, '{}')",
            "INSERT INTO payments (id, charge, channel, amount, state, txn_ref, overpaid, created_at, settled_at)
             VALUES ('p1', 'c1', 'vnpay', 16000, 'succeeded', 'SH1A', FALSE, 1, 2), ('p2', 'c1', 'vietqr', 16000, 'succeeded', 'SH1B', TRUE, 1, 3)",
            "INSERT INTO refunds (id, source, unit, charge, payment, amount, route, state, owed_at)
             VALUES ('r1', 'payment:p2', 'u', 'c1', 'p2', 16000, 'bank', 'owed', 3)",
            "INSERT INTO bank_notifications (transaction_id, account, amount, outcome, charge, payment, received_at)
             VALUES ('T1', '1', 16000, 'overpaid', 'c1', 'p2', 3)",
        ] {
            run(sql).await.unwrap();
        }
        let old = rows(&city).await;
        assert_eq!(old.len(), 5);
        let migrations = crate::module().migrations;
        assert_eq!(songhan_db::migrate(db, &city.app.env, migrations).await.unwrap(), 1);
        assert_eq!(rows(&city).await, old);
        // The new word is taken, no other; what refers to a row still does.
        run("UPDATE payments SET channel = 'momo' WHERE id = 'p1'").await.unwrap();
        run("UPDATE refunds SET route = 'momo' WHERE id = 'r1'").await.unwrap();
        run("UPDATE charges SET channel = 'momo' WHERE id = 'c1'").await.unwrap();
        for wrong in [
            "UPDATE charges SET channel = 'cheque' WHERE id = 'c1'",
            "UPDATE charges SET channel = 'momo' WHERE id = 'c2'",
            "UPDATE payments SET charge = 'c9' WHERE id = 'p1'",
            "DELETE FROM charges WHERE id = 'c1'",
        ] {
            assert!(run(wrong).await.is_err(), "{wrong}");
        }
    })
    .await;
}
