//! From the end of a dossier to its destruction: handed in, held back, proposed, decided by another, withdrawn, destroyed.

use serde_json::json;
use songhan_testkit::{UNIT, for_each_database_in};

use super::*;

#[tokio::test]
async fn what_has_ended_is_handed_in() {
    for_each_database_in(one_year(), modules(), |city| async move {
        let mut archive = Archive::new(&city);
        let open = archive.desk.hand_in(UNIT).await;
        let (refused, finished) = (archive.refused().await, archive.finished().await);
        let due = archive.entries("due").await;
        assert_eq!(due.len(), 2, "{due:?}");
        assert!(due.iter().all(|entry| entry["code"] != open.as_str()), "what runs is not in the archive");
        let path = format!("/api/v1/archive/entries?unit={UNIT}");
        assert_eq!(
            archive.desk.officer.get(&path).await.json()["years"],
            json!([{ "year": 2026, "due": 2, "late": 0 }])
        );
        archive.days_go_by(200);
        assert_eq!(
            archive.desk.officer.get(&path).await.json()["years"],
            json!([{ "year": 2026, "due": 2, "late": 2 }])
        );

        // Nobody else's archive.
        archive.desk.other.get(&path).await.expect(404);
        archive.desk.lan.get(&path).await.expect(403);
        let body = json!({ "unit": UNIT, "year": 2026 });
        archive.desk.other.post_once("/api/v1/archive/batches", "other", &body).await.expect(404);
        let other = json!({ "unit": UNIT, "year": 2026, "codes": [open] });
        archive.desk.officer.post_once("/api/v1/archive/batches", "open", &other).await.expect(409);
        let none = json!({ "unit": UNIT, "year": 2026, "codes": [] });
        archive.desk.officer.post_once("/api/v1/archive/batches", "none", &none).await.expect(422);
        let year = json!({ "unit": UNIT, "year": 99999 });
        archive.desk.officer.post_once("/api/v1/archive/batches", "year", &year).await.expect(422);

        let batch = archive.hand_in().await;
        assert_eq!((&batch["number"], &batch["entries"]), (&json!("1/BBGN-UBND"), &json!(2)));
        archive.desk.officer.post_once("/api/v1/archive/batches", "again", &body).await.expect(409);
        let kept = archive.entries("kept").await;
        let papers = |code: &str| kept.iter().find(|entry| entry["code"] == code).map(|entry| entry["papers"].clone());
        // Receipt, slip, paper and result; receipt and refusal.
        assert!(papers(&finished).unwrap().as_i64() >= Some(3), "{kept:?}");
        assert!(papers(&refused).unwrap().as_i64() >= Some(1), "{kept:?}");

        // The record is sealed, and everyone can verify it.
        let id = batch["id"].as_str().unwrap();
        let pdf = archive.desk.officer.get(&format!("/office/archive/batches/{id}/record.pdf")).await.expect(200);
        assert!(pdf.body.starts_with(b"%PDF-"));
        archive.desk.other.get(&format!("/office/archive/batches/{id}/record.pdf")).await.expect(404);
        let page = format!("/verify/{}", batch["document"].as_str().unwrap());
        assert!(city.visitor().get(&page).await.expect(200).text().contains("Biên bản giao nhận hồ sơ"));
        let table =
            archive.desk.officer.get(&format!("/office/archive/batches/{id}/list.csv")).await.expect(200).text();
        assert!(table.contains(&finished) && table.contains("1 năm"), "{table}");

        // Read, and not touched any more; the applicant sees it as before.
        let page = archive.desk.officer.get(&format!("/office/dossiers/{finished}")).await.expect(200).text();
        assert!(page.contains("Hồ sơ đã nộp lưu ngày") && page.contains("Trần Bảo An"), "{page}");
        archive
            .desk
            .officer
            .post(&format!("/api/v1/dossiers/{finished}/actions/hand_over"), &json!({}))
            .await
            .expect(409);
        let seen = archive.desk.lan.get(&format!("/api/v1/dossiers/{finished}")).await.expect(200).json();
        assert_eq!(seen["answers"]["child_name"], "Trần Bảo An");
        assert!(seen["archived_at"].is_string() && seen["destroyed_at"].is_null(), "{seen}");
    })
    .await;
}

#[tokio::test]
async fn two_people_and_some_time_are_needed_to_destroy() {
    for_each_database_in(one_year(), modules(), |city| async move {
        let mut archive = Archive::new(&city);
        let (held, gone) = (archive.refused().await, archive.finished().await);
        archive.hand_in().await;
        assert_eq!(archive.entries("over").await.len(), 0);
        let all = json!({ "unit": UNIT });
        archive.desk.officer.post_once("/api/v1/archive/disposals", "early", &all).await.expect(409);
        archive.days_go_by(380);
        assert_eq!(archive.entries("over").await.len(), 2);

        // Held back because of a complaint: it stands on no list until a leader releases it.
        let hold = format!("/api/v1/archive/entries/{held}/hold");
        archive.desk.officer.post(&hold, &json!({ "reason": " " })).await.expect(422);
        archive.desk.other.post(&hold, &json!({ "reason": "Khiếu nại" })).await.expect(404);
        archive.desk.officer.post(&hold, &json!({ "reason": "Khiếu nại" })).await.expect(200);
        archive.desk.officer.post(&hold, &json!({ "reason": "Khiếu nại" })).await.expect(409);
        let named = json!({ "unit": UNIT, "codes": [held] });
        archive.desk.officer.post_once("/api/v1/archive/disposals", "held", &named).await.expect(409);

        // Four eyes: neither an officer nor the leader who has proposed it.
        let list = archive.desk.leader.post_once("/api/v1/archive/disposals", "own", &all).await.expect(201).json();
        let own = format!("/api/v1/archive/disposals/{}/decision", list["id"].as_str().unwrap());
        let (approve, withdraw) =
            (json!({ "decision": "approve" }), json!({ "decision": "withdraw", "note": "Rà soát lại" }));
        assert_eq!(archive.desk.leader.post(&own, &approve).await.expect(403).json()["code"], "same_person");
        archive.desk.officer.post(&own, &approve).await.expect(403);
        archive.desk.other.post(&own, &approve).await.expect(404);
        archive.desk.leader.post(&own, &json!({ "decision": "withdraw" })).await.expect(422);
        archive.desk.leader.post(&own, &withdraw).await.expect(200);
        archive.desk.leader.post(&own, &approve).await.expect(409);

        // Approved, it waits, and can be withdrawn; what has no paper any more says so.
        let id = archive.propose().await;
        let path = format!("/api/v1/archive/disposals/{id}/decision");
        let approved = archive.desk.leader.post(&path, &approve).await.expect(200).json();
        assert_eq!(approved["number"], "1/QĐ-TH-UBND");
        city.settle().await;
        let paper = format!("/verify/{}", approved["document"].as_str().unwrap());
        assert!(city.visitor().get(&paper).await.expect(200).text().contains("Quyết định tiêu hủy hồ sơ hết giá trị"));
        archive.days_go_by(6);
        city.tick().await;
        assert_eq!(archive.entries("destroyed").await.len(), 0, "not before its time");
        archive.desk.officer.post(&path, &withdraw).await.expect(200);
        assert!(city.visitor().get(&paper).await.expect(200).text().contains("Danh mục đã được rút"));
        archive.days_go_by(30);
        city.tick().await;
        assert_eq!(archive.entries("destroyed").await.len(), 0, "it was withdrawn");

        carried_out(&mut archive, &gone).await;

        // The other one is whole, and can go its way once it is released.
        let whole = archive.desk.lan.get(&format!("/api/v1/dossiers/{held}")).await.expect(200).json();
        assert_eq!(whole["answers"]["child_name"], "Trần Bảo An");
        let release = format!("/api/v1/archive/entries/{held}/release");
        archive.desk.officer.post(&release, &json!({})).await.expect(403);
        archive.desk.leader.post(&release, &json!({})).await.expect(200);
        assert_eq!(archive.entries("over").await.len(), 1);
    })
    .await;
}

/// A list with one dossier, approved by a leader who has not proposed it.
async fn carried_out(archive: &mut Archive, gone: &str) {
    let path = format!("/api/v1/archive/disposals/{}", archive.propose().await);
    archive.second.post(&format!("{path}/decision"), &json!({ "decision": "approve" })).await.expect(200);
    archive.city.settle().await;
    let seen = archive.desk.lan.get(&format!("/api/v1/dossiers/{gone}")).await.expect(200).json();
    let result = seen["result"]["document"].as_str().unwrap().to_owned();
    archive.days_go_by(7);
    archive.city.settle().await;
    let list = archive.desk.officer.get(&path).await.expect(200).json();
    assert_eq!((&list["state"], &list["items"][0]["outcome"]), (&json!("done"), &json!("destroyed")), "{list}");
    let withdraw = json!({ "decision": "withdraw", "note": "Quá muộn" });
    archive.desk.leader.post(&format!("{path}/decision"), &withdraw).await.expect(409);
    assert_eq!(archive.entries("destroyed").await.len(), 1);
    is_gone(archive, gone, &result).await;
}

/// What is left to say is said, and nothing else is left.
async fn is_gone(archive: &mut Archive, code: &str, result: &str) {
    let Archive { city, desk, .. } = archive;
    let seen = desk.lan.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
    assert_eq!((&seen["answers"], &seen["papers"], &seen["result"]), (&json!({}), &json!([]), &json!(null)), "{seen}");
    let by = seen["destroyed_by"].as_str().unwrap();
    assert!(by.starts_with("Quyết định số 1/QĐ-TH-UBND ngày ") && by.contains("Hải Châu"), "{by}");
    let told = "Giấy tờ và thông tin cá nhân trong hồ sơ này đã được tiêu hủy";
    for page in [
        desk.lan.get(&format!("/dossiers/{code}")).await.expect(200).text(),
        desk.officer.get(&format!("/office/dossiers/{code}")).await.expect(200).text(),
        city.visitor().get(&format!("/track/{code}")).await.expect(200).text(),
    ] {
        assert!(page.contains(told) && page.contains("1/QĐ-TH-UBND"), "{page}");
        assert!(!page.contains("Trần Bảo An"), "{page}");
    }
    desk.lan.get(&format!("/dossiers/{code}/result.pdf")).await.expect(410);
    let verify = city.visitor().get(&format!("/verify/{result}")).await.expect(200).text();
    assert!(verify.contains("Bản lưu tại cơ quan đã được tiêu hủy ngày") && !verify.contains("Lan"), "{verify}");

    let db = &city.app.db;
    let case = songhan_cases::by_code(db, code).await.unwrap().unwrap();
    let steps = songhan_cases::timeline(db, case.id, false).await.unwrap();
    assert!(steps.len() > 5 && steps.iter().all(|step| step.actor_name.is_empty() && step.note.is_none()), "{steps:?}");
    let mut copy = Vec::new();
    songhan_db::dump(db, &mut copy).await.unwrap();
    let copy = String::from_utf8(copy).unwrap();
    // Its rows are those that hold its id; nothing there names anybody.
    let rows: Vec<&str> = copy.lines().filter(|line| line.contains(&case.id.to_string())).collect();
    assert!(rows.len() > 5, "{}", rows.len());
    for name in ["Trần Bảo An", "Nguyễn Thị Lan", "0905123456", "giay-khai-sinh", "\"nguyen\""] {
        assert!(rows.iter().all(|row| !row.contains(name)), "{name}: {rows:#?}");
    }
    // The decision stands in the audit log.
    assert!(rows.iter().any(|row| row.contains("archive.destroy")));
    let files = city.app.config.data.join("files");
    let digest = songhan_documents::by_id(db, result.parse().unwrap()).await.unwrap().unwrap().sha256;
    assert!(!files.join(&digest[..2]).join(&digest[2..]).exists(), "the result's file is gone");
}
