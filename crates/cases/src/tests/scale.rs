//! temp: 100,000 cases
use std::time::Instant;

use songhan_base::Role;
use songhan_db::query;

use super::support::*;
use crate::{Assigned, Filter, count, counts, inbox, of_applicant};

#[tokio::test]
async fn scale() {
    for_each_database(|city| async move {
        let (officer, resident) = (officer(&city), city.resident("Nguyễn Văn An"));
        let case = open(&city, UNIT, &resident).await.unwrap();
        act(&city, &officer, case.id, doing("accept")).await.unwrap();
        let units: Vec<String> = city.app.city.agencies().handling("commune").iter().map(|u| u.code.to_string()).collect();
        let list = serde_json::to_value(&units).unwrap();
        let began = Instant::now();
        // 20% of all in UNIT, the rest spread
        query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000),
               u(k, unit) AS (SELECT ROW_NUMBER() OVER (ORDER BY value), value FROM json_each($1))
            INSERT INTO cases (id, code, kind, topic, workflow, workflow_version, state, national, queue, unit, area,
             title, applicant, applicant_name, words, term_amount, term_unit, clock, received_at, due_at, soon_at, closed_at,
             version, created_at, data)
            SELECT '01900000-0000-7000-8000-' || substr('000000000000' || CAST(i AS TEXT), -12 + CASE WHEN $4 THEN 0 ELSE 0 END), 'X-' || CAST(i AS TEXT), 'dossier', 't' || CAST(i % 7 AS TEXT), 'small', workflow_version,
              CASE WHEN i % 10 = 0 THEN 'signing' WHEN i % 10 < 5 THEN 'processing' WHEN i % 10 < 6 THEN 'supplement' WHEN i % 10 < 8 THEN 'submitted' ELSE 'returned' END,
              4, CASE WHEN i % 10 = 0 THEN 'leader' WHEN i % 10 = 5 THEN NULL ELSE 'officer' END, CASE WHEN i % 5 = 0 THEN $3 ELSE (SELECT u.unit FROM u WHERE u.k = 1 + i % 94) END, NULL, 'Cấp bản sao', NULL, 'Nguyễn Văn ' || CAST(i AS TEXT), 'x-' || CAST(i AS TEXT) || ' cap ban sao nguyen van ' || CAST(i AS TEXT), 3, 'days',
              CASE WHEN i % 10 < 5 THEN 'running' WHEN i % 10 < 6 THEN 'paused' WHEN i % 10 < 8 THEN 'waiting' ELSE 'stopped' END,
              received_at, CASE WHEN i % 10 < 5 THEN $2 + (i * 7919 % 100000) * 10000000 END, 1, CASE WHEN i % 10 >= 8 THEN received_at + i END, 1, created_at + i, '{}'
            FROM n, cases".replace("substr('000000000000' || CAST(i AS TEXT), -12 + CASE WHEN $4 THEN 0 ELSE 0 END)", "substr(CAST(100000000000000 + i AS TEXT), 4)").leak())
            .bind(list).bind(city.app.now()).bind(UNIT).execute(&city.app.db).await.unwrap();
        println!("postgres {} insert {:?}", city.app.db.is_postgres(), began.elapsed());
        query("ANALYZE").execute(&city.app.db).await.unwrap();
        let db = &city.app.db;
        let all = Filter::default;
        let unit = || Some(vec![UNIT.to_owned()]);
        let small = || Some(vec!["ubnd-thanh-khe".to_owned()]);
        let now = city.app.now();
        let soon = now + jiff::SignedDuration::from_hours(24);
        let me = officer.account;
        let filters: Vec<(&str, Filter)> = vec![
            ("unit officer", Filter { units: unit(), queues: vec![Role::Officer], ..all() }),
            ("unit leader", Filter { units: unit(), queues: vec![Role::Leader], ..all() }),
            ("unit both", Filter { units: unit(), queues: vec![Role::Leader, Role::Officer], ..all() }),
            ("unit all", Filter { units: unit(), ..all() }),
            ("unit state submitted", Filter { units: unit(), states: vec!["submitted".into()], ..all() }),
            ("unit state rare", Filter { units: unit(), states: vec!["done".into()], ..all() }),
            ("unit late", Filter { units: unit(), due_before: Some(now), ..all() }),
            ("unit soon", Filter { units: unit(), due_before: Some(soon), ..all() }),
            ("unit text", Filter { units: unit(), text: Some("X-50000".into()), ..all() }),
            ("unit topic", Filter { units: unit(), topics: vec!["t9".into()], ..all() }),
            ("unit closed", Filter { units: unit(), closed: true, ..all() }),
            ("unit unassigned officer", Filter { units: unit(), queues: vec![Role::Officer], assignee: Assigned::Nobody, ..all() }),
            ("mine", Filter { units: unit(), assignee: Assigned::To(me), ..all() }),
            ("small officer", Filter { units: small(), queues: vec![Role::Officer], ..all() }),
            ("small text", Filter { units: small(), text: Some("nguyen 5000".into()), ..all() }),
            ("3 units officer", Filter { units: Some(units[..3].to_vec()), queues: vec![Role::Officer], ..all() }),
            ("94 units officer", Filter { units: Some(units.clone()), queues: vec![Role::Officer], ..all() }),
            ("city all", all()),
            ("city leader", Filter { queues: vec![Role::Leader], ..all() }),
            ("city state rare", Filter { states: vec!["done".into()], ..all() }),
            ("city text", Filter { text: Some("X-50000".into()), ..all() }),
            ("city closed", Filter { closed: true, ..all() }),
        ];
        for (name, filter) in &filters {
            let mut times = Vec::new();
            let mut after = None;
            for _ in 0..15 {
                let t = Instant::now();
                let page = inbox(db, filter, after, 50).await.unwrap();
                times.push(t.elapsed());
                after = page.next;
            }
            times.sort();
            let t = Instant::now();
            let n = count(db, filter).await.unwrap();
            println!("{name:25} page median {:?} max {:?}   count {n} {:?}", times[7], times[14], t.elapsed());
        }
        let t = Instant::now();
        counts(db, unit(), &[Role::Officer], me, now, soon).await.unwrap();
        println!("counts {:?}", t.elapsed());
        let t = Instant::now();
        counts(db, small(), &[Role::Officer], me, now, soon).await.unwrap();
        println!("counts small {:?}", t.elapsed());
        let t = Instant::now();
        crate::by_code(db, "X-77777").await.unwrap().unwrap();
        println!("by_code {:?}", t.elapsed());
        let t = Instant::now();
        of_applicant(db, resident.account, None, 20).await.unwrap();
        println!("of_applicant {:?}", t.elapsed());
        let t = Instant::now();
        println!("sweep {:?} {:?}", crate::sweep(&city.system()).await.unwrap(), t.elapsed());
        city.clock.advance(std::time::Duration::from_secs(86400));
        let t = Instant::now();
        println!("sweep {:?} {:?}", crate::sweep(&city.system()).await.unwrap(), t.elapsed());
    })
    .await;
}
