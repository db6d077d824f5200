//! What was delivered before there were several channels stays as it was, on both databases.

use songhan_base::Lang;
use songhan_db::{Migration, query};
use songhan_testkit::{TestCity, for_each_database};

use super::*;

/// The module as it was released first.
fn before() -> Vec<songhan_app::Module> {
    const FIRST: &[Migration] = &[Migration {
        module: "notices",
        number: 1,
        name: "notices",
        sql: include_str!("../../migrations/0001_notices.sql"),
    }];
    let old = songhan_app::Module { name: "notices", migrations: FIRST, ..Default::default() };
    vec![songhan_identity::module(), old]
}

type Row = (String, String, String, String, String, i64, Option<String>, i64, Option<i64>);

async fn rows(city: &TestCity) -> Vec<Row> {
    let columns =
        "SELECT id, notice, channel, address, state, attempts, last_error, created_at, sent_at FROM deliveries";
    query(columns).fetch_all(&city.app.db).await.unwrap()
}

#[tokio::test]
async fn deliveries_are_carried_over() {
    for_each_database(before(), |city| async move {
        let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
        let db = &city.app.db;
        for (n, state, error, sent) in
            [(1, "sent", None, Some(5_i64)), (2, "waiting", Some("busy"), None), (3, "failed", Some("550"), None)]
        {
            let notice = city.app.env.id();
            query("INSERT INTO notices (id, account, kind, subject, args, created_at) VALUES ($1, $2, 'paid', 'x:1', '{}', 1)")
                .bind(notice)
                .bind(id)
                .execute(db)
                .await
                .unwrap();
            query(
                "INSERT INTO deliveries (id, notice, channel, address, state, attempts, last_error, created_at, sent_at)
                 VALUES ($1, $2, 'email', 'lan@example.com', $3, $4, $5, 7, $6)",
            )
            .bind(city.app.env.id())
            .bind(notice)
            .bind(state)
            .bind(n)
            .bind(error)
            .bind(sent)
            .execute(db)
            .await
            .unwrap();
        }
        let old = rows(&city).await;
        let migrations = crate::module().migrations;
        assert_eq!(songhan_db::migrate(db, &city.app.env, migrations).await.unwrap(), 1);
        assert_eq!(rows(&city).await, old);
        assert_eq!(songhan_db::migrate(db, &city.app.env, migrations).await.unwrap(), 0);
        // The older program still writes its rows, and a notice takes its deliveries with it.
        let (notice,): (Id,) = query("SELECT notice FROM deliveries WHERE state = 'sent'").fetch_one(db).await.unwrap();
        let insert = "INSERT INTO deliveries (id, notice, channel, address, state, created_at)
             VALUES ($1, $2, 'email', 'other@example.com', 'waiting', 1)";
        query(insert).bind(city.app.env.id()).bind(notice).execute(db).await.unwrap();
        query("DELETE FROM notices WHERE id = $1").bind(notice).execute(db).await.unwrap();
        assert_eq!(rows(&city).await.len(), 2);
    })
    .await;
}
