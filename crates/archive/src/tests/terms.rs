//! Terms: what is kept for ever is never on a list, corrections count, and old databases get their entries.

use serde_json::json;
use songhan_db::query;
use songhan_testkit::{UNIT, for_each_database_in};

use super::*;
use crate::hear;

#[tokio::test]
async fn what_is_kept_for_ever_is_on_no_list() {
    for_each_database_in(keeping("permanent = true"), modules(), |city| async move {
        let mut archive = Archive::new(&city);
        let code = archive.refused().await;
        archive.hand_in().await;
        archive.days_go_by(390);
        let body = json!({ "unit": UNIT });
        archive.desk.officer.post_once("/api/v1/archive/disposals", "none", &body).await.expect(409);
        // As if the file had said one year when it was handed in, and was corrected since.
        query("UPDATE archive_entries SET years = 1, keep_until = '2027-11-20'").execute(&city.app.db).await.unwrap();
        assert_eq!(archive.entries("over").await.len(), 1);
        archive.desk.officer.post_once("/api/v1/archive/disposals", "over", &body).await.expect(409);
        let kept = archive.entries("kept").await;
        assert_eq!((&kept[0]["code"], &kept[0]["keep_until"]), (&json!(code), &json!(null)), "corrected");
        assert_eq!(archive.entries("over").await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_term_made_longer_since_the_approval_counts() {
    for_each_database_in(keeping("years = 50"), modules(), |city| async move {
        let mut archive = Archive::new(&city);
        let code = archive.refused().await;
        archive.hand_in().await;
        archive.days_go_by(380);
        // Proposed and approved while the file said one year.
        query("UPDATE archive_entries SET years = 1, keep_until = '2027-11-20'").execute(&city.app.db).await.unwrap();
        let case = songhan_cases::by_code(&city.app.db, &code).await.unwrap().unwrap().id;
        let cx = city.system();
        let entry = crate::store::entries::by_code(&city.app.db, &code).await.unwrap().unwrap();
        let now = songhan_db::At(city.app.now());
        let disposal = crate::Disposal {
            id: cx.env.id(),
            unit: UNIT.to_owned(),
            state: crate::DisposalState::Proposed,
            note: None,
            proposed_by: cx.env.id(),
            proposed_by_name: "Lê Văn Bình".to_owned(),
            proposed_at: now,
            number: Some("1/QĐ-TH".to_owned()),
            decided_by: Some(cx.env.id()),
            decided_by_name: Some("Phan Đức Long".to_owned()),
            decided_at: Some(now),
            decided_note: None,
            destroys_at: Some(now),
            begun_at: None,
            ended_at: None,
            document: cx.env.id(),
        };
        let mut tx = cx.begin().await.unwrap();
        crate::store::disposals::insert(&mut tx, &disposal, &[entry]).await.unwrap();
        let approved = crate::Disposal { state: crate::DisposalState::Approved, ..disposal };
        crate::store::disposals::update(&mut tx, &approved).await.unwrap();
        tx.commit().await.unwrap();
        crate::destroy::run(city.system(), json!({ "disposal": approved.id })).await.unwrap();
        let list = archive.desk.officer.get(&format!("/api/v1/archive/disposals/{}", approved.id)).await.json();
        assert_eq!((&list["state"], &list["items"][0]["outcome"]), (&json!("done"), &json!("left_out")), "{list}");
        assert!(!songhan_cases::by_id(&city.app.db, case).await.unwrap().unwrap().is_emptied());
    })
    .await;
}

#[tokio::test]
async fn what_had_ended_before_is_found() {
    for_each_database_in(one_year(), modules(), |city| async move {
        let mut archive = Archive::new(&city);
        for _ in 0..3 {
            archive.refused().await;
        }
        city.tick().await;
        // As in a database from before there was an archive.
        query("DELETE FROM archive_entries").execute(&city.app.db).await.unwrap();
        hear::fill(&city.system()).await.unwrap();
        assert_eq!(archive.entries("due").await.len(), 0, "the walk had come to its end");
        let mut tx = city.system().begin().await.unwrap();
        crate::look_again(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        city.tick().await;
        assert_eq!(archive.entries("due").await.len(), 3);
        // What ends later is heard of; looking again changes nothing.
        archive.refused().await;
        let mut tx = city.system().begin().await.unwrap();
        crate::look_again(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        city.tick().await;
        assert_eq!(archive.entries("due").await.len(), 4);
    })
    .await;
}
