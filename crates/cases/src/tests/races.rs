//! Several act on the same case at the same time.

use super::support::*;
use crate::{Act, Rejection, by_id, timeline};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_saw_the_same_version_one_wins() {
    for_each_database(|city| async move {
        let resident = city.resident("Nguyễn Văn An");
        let id = open(&city, UNIT, &resident).await.unwrap().id;
        for round in 1..=4_i64 {
            let tasks: Vec<_> = (0..16)
                .map(|_| {
                    let (city, person) = (city.clone(), officer(&city));
                    tokio::spawn(
                        async move { act(&city, &person, id, Act { version: Some(round), ..doing("jot") }).await },
                    )
                })
                .collect();
            let mut won = 0;
            for task in tasks {
                match task.await.unwrap() {
                    Ok(outcome) => {
                        won += 1;
                        assert_eq!(outcome.case.version, round + 1);
                    }
                    Err(Rejection::Stale { current }) => assert_eq!(current, round + 1),
                    Err(other) => panic!("{other}"),
                }
            }
            assert_eq!(won, 1, "round {round}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_version_the_state_decides() {
    for_each_database(|city| async move {
        let resident = city.resident("Nguyễn Văn An");
        let id = open(&city, UNIT, &resident).await.unwrap().id;
        let tasks: Vec<_> = (0..16)
            .map(|n| {
                let (city, person) = (city.clone(), if n % 2 == 0 { officer(&city) } else { resident.clone() });
                let action = if n % 2 == 0 { "accept" } else { "withdraw" };
                tokio::spawn(async move { act(&city, &person, id, doing(action)).await })
            })
            .collect();
        let mut done = Vec::new();
        for task in tasks {
            match task.await.unwrap() {
                Ok(outcome) => done.push(outcome.step.action),
                Err(Rejection::NotNow { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
        // Someone accepts at most once; the applicant withdraws once, before or after.
        assert!(done.iter().filter(|action| *action == "withdraw").count() == 1, "{done:?}");
        assert!(done.len() <= 2, "{done:?}");
        let case = by_id(&city.app.db, id).await.unwrap().unwrap();
        assert!(case.is_closed());
        assert_eq!(timeline(&city.app.db, id, false).await.unwrap().len() as i64, case.version);
    })
    .await;
}
