//! A dossier that takes longer: its steps have deadlines, it is extended with an apology, a slip is undone.

use serde_json::json;
use songhan_testkit::for_each_database;

use super::support::{Desk, UNIT, modules};

#[tokio::test]
async fn a_dossier_is_extended_once_with_its_reason() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let code = desk.hand_in(UNIT).await;
        desk.go(&code, &["accept"]).await;
        let path = format!("/office/dossiers/{code}");
        let page = desk.officer.get(&path).await.expect(200).text();
        assert!(page.contains("Hạn của bước này"), "the step has a term of its own");
        assert!(page.contains("name=\"extension\"") && page.contains("type=\"date\""), "{page}");

        // Without a date, with one that is none, with one that is too early.
        let action = format!("{path}/actions/extend");
        for extension in ["", "mai", "2026-11-21"] {
            let fields = [("note", "Chờ xác minh"), ("extension", extension)];
            let page = desk.officer.submit(&action, &fields).await.expect(422).text();
            assert!(page.contains("Hãy ghi ngày hẹn trả mới"), "{extension}: {page}");
        }
        let before = desk.officer.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        let fields = [("note", "Chờ xác minh nơi cư trú"), ("extension", "2026-12-11")];
        desk.officer.submit(&action, &fields).await.expect(303);
        let after = desk.officer.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        assert_ne!(before["due_at"], after["due_at"]);
        assert_eq!(after["due_at"], "2026-12-11T10:00:00Z");
        let page = desk.officer.get(&path).await.expect(200).text();
        assert!(page.contains("Đã gia hạn 1 lần"), "{page}");
        // The applicant is told, with the reason.
        city.settle().await;
        let timeline = desk.lan.get(&format!("/api/v1/dossiers/{code}/timeline")).await.expect(200).json();
        let step = timeline["steps"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (step["action"].as_str(), step["public_note"].as_str()),
            (Some("extend"), Some("Chờ xác minh nơi cư trú"))
        );
        let notices = desk.lan.get("/api/v1/notices").await.expect(200).text();
        assert!(notices.contains("dossier-extended"), "{notices}");
        let page = desk.lan.get(&format!("/dossiers/{code}")).await.expect(200).text();
        assert!(page.contains("Chúng tôi xin lỗi") && page.contains("Hẹn lại: trả kết quả trước"), "{page}");

        let again = desk.act(&code, "extend", json!({ "note": "Nữa", "extension": "3 days" })).await.expect(409).json();
        assert_eq!(again["code"], "extensions_used_up");
        let unasked = desk.act(&code, "process", json!({ "extension": "3 days" })).await.expect(422).json();
        assert_eq!(unasked["code"], "extension_invalid");
    })
    .await;
}

#[tokio::test]
async fn a_slip_is_undone() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let code = desk.hand_in(UNIT).await;
        desk.go(&code, &["accept", "process", "propose"]).await;
        let path = format!("/office/dossiers/{code}");
        let page = desk.officer.get(&path).await.expect(200).text();
        assert!(page.contains("Hoàn tác: Trình ký"), "{page}");
        let page = desk.leader.get(&path).await.expect(200).text();
        assert!(!page.contains("Hoàn tác"), "it is for who did it");
        let done = desk.officer.submit(&format!("{path}/undo"), &[("version", "4")]).await.expect(303);
        let page = desk.officer.get(done.location()).await.expect(200).text();
        assert!(page.contains("Đã hoàn tác") && page.contains("Đang xử lý"), "{page}");
        let again = desk.officer.post(&format!("/api/v1/dossiers/{code}/undo"), &json!({})).await.expect(409).json();
        assert_eq!(again["code"], "not_undoable");
        desk.other.post(&format!("/api/v1/dossiers/{code}/undo"), &json!({})).await.expect(404);
        // What made a signed paper stays.
        let accepted = desk.hand_in(UNIT).await;
        desk.go(&accepted, &["accept"]).await;
        desk.officer.post(&format!("/api/v1/dossiers/{accepted}/undo"), &json!({})).await.expect(409);
    })
    .await;
}
