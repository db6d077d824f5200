//! Birth, health insurance, residence: told once, handled by three desks.

use songhan_testkit::for_each_database;

use super::support::{BIRTH, Desk, INSURANCE, UNIT, modules, newborn};

#[tokio::test]
async fn a_birth_sets_off_insurance_and_residence() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let code = desk.submit(BIRTH, UNIT, newborn()).await;
        desk.go(&code, &["accept", "process", "propose", "sign"]).await;
        city.settle().await;
        let parent = songhan_cases::by_code(&city.app.db, &code).await.unwrap().unwrap();
        let children = songhan_cases::children(&city.app.db, parent.id).await.unwrap();
        let mut topics: Vec<_> = children.iter().map(|child| child.topic.as_str()).collect();
        topics.sort_unstable();
        assert_eq!(topics, [INSURANCE, "1.004222"]);
        assert!(children.iter().all(|child| child.applicant == parent.applicant && child.state == "submitted"));

        let insurance = children.iter().find(|child| child.topic == INSURANCE).unwrap();
        let shown = desk.officer.get(&format!("/api/v1/dossiers/{}", insurance.code)).await.expect(200).json();
        let answers = &shown["answers"];
        assert_eq!(answers["child_name"], "Trần Bảo An");
        assert_eq!(answers["child_address"], "24 Trần Phú", "taken from another question");
        assert_eq!(answers["card_before"], false);
        assert_eq!(shown["charge"], serde_json::Value::Null);
        let residence = children.iter().find(|child| child.topic != INSURANCE).unwrap();
        let shown = desk.lan.get(&format!("/api/v1/dossiers/{}", residence.code)).await.expect(200).json();
        assert_eq!(shown["answers"]["person_name"], "Trần Bảo An");
        assert_eq!(shown["charge"], serde_json::Value::Null, "children are exempt");

        // The parent tells of them, on both sides.
        let timeline = desk.lan.get(&format!("/api/v1/dossiers/{code}/timeline")).await.expect(200).text();
        assert!(timeline.contains(&insurance.code) && timeline.contains(&residence.code), "{timeline}");
        let page = desk.officer.get(&format!("/office/dossiers/{code}")).await.expect(200).text();
        assert!(page.contains(&format!("/office/dossiers/{}", insurance.code)), "{page}");
        let page = desk.officer.get(&format!("/office/dossiers/{}", insurance.code)).await.expect(200).text();
        assert!(page.contains(&format!("/office/dossiers/{code}")));

        let page = desk.lan.get(&format!("/dossiers/{code}")).await.expect(200).text();
        for child in [insurance, residence] {
            assert_eq!(page.matches(&format!("Mở hồ sơ: {}", child.title)).count(), 1, "{page}");
        }
        assert!(page.contains("Hồ sơ liên thông") && page.contains(&format!("/dossiers/{}", residence.code)), "{page}");
        // Each of the three leads to the other two.
        let page = desk.lan.get(&format!("/dossiers/{}", insurance.code)).await.expect(200).text();
        for other in [&code, &residence.code] {
            assert!(page.contains(&format!("href=\"/dossiers/{other}\"")), "{page}");
        }

        // A job that runs twice opens nothing twice.
        let payload = serde_json::json!({ "case": parent.id, "when": "result" });
        (crate::linked::job().run)(city.system(), payload).await.unwrap();
        assert_eq!(songhan_cases::children(&city.app.db, parent.id).await.unwrap().len(), 2);
    })
    .await;
}
