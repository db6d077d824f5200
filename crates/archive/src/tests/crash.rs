//! A process that dies while it destroys: what was done stays done, the rest is done by the next, nothing twice.

use serde_json::json;
use songhan_db::query;
use songhan_testkit::{dies_after, for_each_database_in};

use super::*;
use crate::destroy;

#[tokio::test]
async fn a_job_that_dies_goes_on_where_it_was() {
    for_each_database_in(one_year(), modules(), |city| async move {
        let mut archive = Archive::new(&city);
        for _ in 0..3 {
            archive.refused().await;
        }
        archive.hand_in().await;
        archive.days_go_by(380);
        let id = archive.propose().await;
        let path = format!("/api/v1/archive/disposals/{id}/decision");
        archive.desk.leader.post(&path, &json!({ "decision": "approve" })).await.expect(200);
        let payload = json!({ "disposal": id });
        assert!(destroy::begin(&city.system(), id.parse().unwrap()).await.unwrap().is_none(), "not before its time");
        archive.days_go_by(7);
        // Killed at every moment of the work, each time a little later.
        let mut polls = 1;
        while dies_after(polls, destroy::run(city.system(), payload.clone())).await.is_none() {
            polls += 3;
            let (once,): (i64,) = query(
                "SELECT COUNT(*) FROM (SELECT subject FROM audit WHERE action = 'archive.destroy' GROUP BY subject
                     HAVING COUNT(*) > 1) AS twice",
            )
            .fetch_one(&city.app.db)
            .await
            .unwrap();
            assert_eq!(once, 0, "nothing is destroyed twice");
        }
        // The promised job finds nothing left to do; neither does a second process.
        city.settle().await;
        destroy::run(city.system(), payload).await.unwrap();
        let list = archive.desk.officer.get(&format!("/api/v1/archive/disposals/{id}")).await.expect(200).json();
        assert_eq!(list["state"], "done");
        let (destroyed, events): (i64, i64) = query(
            "SELECT (SELECT COUNT(*) FROM audit WHERE action = 'archive.destroy'),
                 (SELECT COUNT(*) FROM events WHERE kind = 'archive.destroyed')",
        )
        .fetch_one(&city.app.db)
        .await
        .unwrap();
        assert_eq!((destroyed, events, archive.entries("destroyed").await.len()), (3, 3, 3));
    })
    .await;
}

#[tokio::test]
async fn what_is_held_back_at_the_last_moment_stays() {
    for_each_database_in(one_year(), modules(), |city| async move {
        let mut archive = Archive::new(&city);
        let (first, second) = (archive.refused().await, archive.refused().await);
        archive.hand_in().await;
        archive.days_go_by(380);
        let id = archive.propose().await;
        let path = format!("/api/v1/archive/disposals/{id}");
        archive.desk.leader.post(&format!("{path}/decision"), &json!({ "decision": "approve" })).await.expect(200);
        archive.days_go_by(7);
        // The job has begun when the complaint comes.
        let disposal = destroy::begin(&city.system(), id.parse().unwrap()).await.unwrap().unwrap();
        let hold = format!("/api/v1/archive/entries/{second}/hold");
        archive.desk.officer.post(&hold, &json!({ "reason": "Thanh tra" })).await.expect(200);
        let case = songhan_cases::by_code(&city.app.db, &second).await.unwrap().unwrap();
        destroy::one(&city.system(), &disposal, case.id).await.unwrap();
        city.settle().await;
        let list = archive.desk.officer.get(&path).await.expect(200).json();
        let outcome = |code: &str| {
            let items = list["items"].as_array().unwrap();
            items.iter().find(|item| item["code"] == code).map(|item| item["outcome"].clone())
        };
        assert_eq!((outcome(&first), outcome(&second)), (Some(json!("destroyed")), Some(json!("left_out"))), "{list}");
        let hold = format!("/api/v1/archive/entries/{first}/hold");
        archive.desk.officer.post(&hold, &json!({ "reason": "Quá muộn" })).await.expect(409);
    })
    .await;
}
