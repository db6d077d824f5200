//! Codes are counted for unit and day without gap or double.

use std::collections::BTreeSet;
use std::time::Duration;

use songhan_base::Person;
use songhan_db::query;
use songhan_testkit::TestCity;

use super::support::*;
use crate::Rejection;

fn numbers(codes: &[String], day: &str) -> BTreeSet<u32> {
    let wanted = format!("-{day}-");
    codes.iter().filter_map(|code| code.split_once(&wanted)?.1.parse().ok()).collect()
}

async fn open_or_fail(city: TestCity, unit: &'static str, applicant: Person, n: usize) -> Option<String> {
    let cx = city.cx(&applicant);
    let mut tx = cx.begin().await.unwrap();
    let case = crate::open(&mut tx, &cx, new_case(unit, &applicant)).await.unwrap();
    if n.is_multiple_of(5) {
        // What is undone gives its number back.
        tokio::task::yield_now().await;
        drop(tx);
        return None;
    }
    tx.commit().await.unwrap();
    Some(case.code)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_at_once_count_without_gap() {
    for_each_database(|city| async move {
        let resident = city.resident("Nguyễn Văn An");
        let mut tasks = Vec::new();
        for n in 0..64 {
            let unit = if n % 4 == 0 { OTHER } else { UNIT };
            tasks.push(tokio::spawn(open_or_fail(city.clone(), unit, resident.clone(), n)));
        }
        let mut codes = Vec::new();
        for task in tasks {
            codes.extend(task.await.unwrap());
        }
        let all: BTreeSet<_> = codes.iter().collect();
        assert_eq!(all.len(), codes.len(), "no code twice");
        for unit in [UNIT, OTHER] {
            let prefix = city.app.city.agencies().get(unit).unwrap().dossier_code.to_string();
            let mine: Vec<_> = codes.iter().filter(|code| code.starts_with(&format!("{prefix}-"))).cloned().collect();
            assert!(mine.len() >= 12);
            assert_eq!(numbers(&mine, "261120"), (1..=mine.len() as u32).collect(), "no gap in {unit}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_day_turns_at_local_midnight() {
    for_each_database(|city| async move {
        let resident = city.resident("Nguyễn Văn An");
        city.clock.set("2026-11-30T23:59:59.999999+07:00".parse().unwrap());
        let first = open(&city, UNIT, &resident).await.unwrap();
        city.clock.advance(Duration::from_micros(1));
        let second = open(&city, UNIT, &resident).await.unwrap();
        assert!(first.code.ends_with("-261130-0001") && second.code.ends_with("-261201-0001"));
    })
    .await;
}

#[tokio::test]
async fn a_full_day_is_refused() {
    for_each_database(|city| async move {
        let resident = city.resident("Nguyễn Văn An");
        let case = open(&city, UNIT, &resident).await.unwrap();
        let prefix = case.code.split("-261120-").next().unwrap();
        query("UPDATE counters SET value = 9998 WHERE name = $1")
            .bind(format!("case:{prefix}:261120"))
            .execute(&city.app.db)
            .await
            .unwrap();
        assert!(open(&city, UNIT, &resident).await.unwrap().code.ends_with("-9999"));
        for _ in 0..2 {
            let full = open(&city, UNIT, &resident).await.unwrap_err();
            assert!(matches!(full, Rejection::DayFull { most: 9_999, .. }), "{full}");
        }
        assert!(open(&city, OTHER, &resident).await.is_ok(), "another unit has its own numbers");
        city.clock.advance(Duration::from_hours(24));
        assert!(open(&city, UNIT, &resident).await.unwrap().code.ends_with("-261121-0001"));
    })
    .await;
}
