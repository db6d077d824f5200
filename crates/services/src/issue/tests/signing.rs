//! Who may sign a result, and what is printed above the signature.

use std::io::Write as _;
use std::process::{Command, Stdio};

use songhan_base::Grant;
use songhan_identity::{NewGrant, give_grant};

use super::*;

/// Someone with an account and roles at units.
async fn staff(city: &TestCity, name: &str, citizen_id: &str, roles: &[(Role, bool, &str)]) -> Person {
    let account = resident(city, name, citizen_id).await.account;
    let cx = city.system();
    let mut tx = cx.begin().await.unwrap();
    for (role, deputy, unit) in roles {
        let grant = NewGrant { deputy: *deputy, ..NewGrant::today(&cx, account, *role, Some((*unit).to_owned())) };
        give_grant(&mut tx, &cx, grant).await.unwrap();
    }
    tx.commit().await.unwrap();
    let grants = roles.iter().map(|(role, _, unit)| Grant { role: *role, unit: Some((*unit).to_owned()) });
    city.as_person(account, name, grants.collect())
}

/// A dossier that waits for its signature.
async fn proposed(city: &TestCity) -> Story {
    let mut story = story(city).await;
    story.pay().await;
    for action in ["accept", "process", "propose"] {
        story.act(action, "").await;
    }
    story
}

impl Story {
    /// The code of the problem by which a signature is refused.
    async fn refused(&self, client: &mut Client) -> String {
        let answer = client.post(&format!("/api/v1/dossiers/{}/actions/sign", self.code), &json!({})).await.expect(403);
        let problem = answer.json();
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{problem}");
        problem["code"].as_str().unwrap().to_owned()
    }

    /// What stands on the result, in capitals and in one line.
    async fn printed(&mut self) -> Option<String> {
        let pdf = self.lan.get(&format!("/dossiers/{}/result.pdf", self.code)).await.expect(200).body;
        let text = Command::new("pdftotext").args(["-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut reader) = text else {
            println!("SKIPPED: no pdftotext (poppler-utils)");
            return None;
        };
        reader.stdin.take().unwrap().write_all(&pdf).unwrap();
        let text = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

#[tokio::test]
async fn a_deputy_signs_for_the_head_by_an_entry_of_the_register() {
    for_each_database(modules(), |city| async move {
        let mut story = proposed(&city).await;
        let head = staff(&city, "Huỳnh Tấn Phát", "048078001357", &[(Role::Leader, false, UNIT)]).await;
        let deputy = staff(&city, "Trịnh Hoài Nam", "048080001358", &[(Role::Leader, true, UNIT)]).await;
        let (mut head, mut client) = (city.client(&head), city.client(&deputy));
        assert_eq!(story.refused(&mut client).await, "signing_deputy");
        let page =
            client.submit(&format!("/office/dossiers/{}/actions/sign", story.code), &[]).await.expect(403).text();
        assert!(page.contains("Cấp phó chỉ được ký khi có mục KT."), "{page}");
        let own = json!({ "kind": "kt", "unit": UNIT, "receiver": officer(&city).await });
        client.post_once("/api/v1/delegations", "own", &own).await.expect(422);
        let entry = json!({ "kind": "kt", "unit": UNIT, "receiver": deputy.account, "from": "2026-11-23" });
        head.post_once("/api/v1/delegations", "kt", &entry).await.expect(201);
        assert_eq!(story.refused(&mut client).await, "signing_not_yet");
        let case = songhan_cases::by_code(&city.app.db, &story.code).await.unwrap().unwrap();
        assert_eq!(case.state, "awaiting_signature", "what is refused changes nothing");

        city.clock.set("2026-11-23T03:00:00Z".parse().unwrap());
        client.submit(&format!("/office/dossiers/{}/actions/sign", story.code), &[]).await.expect(303);
        city.settle().await;
        let steps = songhan_cases::timeline(&city.app.db, case.id, false).await.unwrap();
        let signed = steps.iter().find(|step| step.action == "sign").unwrap();
        assert_eq!(signed.behalf_name.as_deref(), Some("Huỳnh Tấn Phát"));
        assert_eq!(signed.basis.as_deref(), Some("KT. theo sổ ủy quyền ký, từ ngày 23/11/2026"));
        if let Some(text) = story.printed().await {
            assert!(text.contains("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"), "{text}");
            assert!(text.contains("Trịnh Hoài Nam"), "{text}");
        }
    })
    .await;
}

/// To whom a deputy cannot give what is not theirs.
async fn officer(city: &TestCity) -> Id {
    staff(city, "Đỗ Thị Mai", "048190001359", &[(Role::Officer, false, UNIT)]).await.account
}

#[tokio::test]
async fn a_delegate_signs_within_what_was_given_alone() {
    for_each_database(modules(), |city| async move {
        const OTHER: &str = "ubnd-an-hai";
        let mut story = proposed(&city).await;
        let mut head =
            city.client(&staff(&city, "Huỳnh Tấn Phát", "048078001357", &[(Role::Leader, false, UNIT)]).await);
        let mut other =
            city.client(&staff(&city, "Đặng Công Minh", "048070002460", &[(Role::Leader, false, OTHER)]).await);
        let roles = [(Role::Officer, false, UNIT), (Role::Officer, false, OTHER)];
        let hoa = staff(&city, "Lê Thị Hoa", "048185001360", &roles).await;
        let mut client = city.client(&hoa);
        let entry = |unit: &str, field: &str, from: &str, until: &str| {
            json!({ "kind": "tuq", "unit": unit, "receiver": hoa.account, "scope": { "fields": [field] }, "from": from,
                "until": until, "document": "12/QĐ-UBND", "title": "Trưởng phòng Tư pháp" })
        };
        let path = |given: &Value| format!("/api/v1/delegations/{}", given["id"].as_str().unwrap());
        assert_eq!(story.refused(&mut client).await, "action_not_yours", "the register does not know her");
        let away = entry(OTHER, "civil-status", "2026-11-20", "2026-12-31");
        other.post_once("/api/v1/delegations", "other", &away).await.expect(201);
        assert_eq!(story.refused(&mut client).await, "signing_other_unit");
        let land = entry(UNIT, "land", "2026-11-20", "2026-12-31");
        let land = head.post_once("/api/v1/delegations", "land", &land).await.expect(201).json();
        assert_eq!(story.refused(&mut client).await, "signing_outside_scope");
        head.delete(&path(&land)).await.expect(204);
        let ours = entry(UNIT, "civil-status", "2026-11-20", "2026-11-24");
        let given = head.post_once("/api/v1/delegations", "ours", &ours).await.expect(201).json();
        head.delete(&path(&given)).await.expect(204);
        assert_eq!(story.refused(&mut client).await, "signing_revoked");
        head.post_once("/api/v1/delegations", "again", &ours).await.expect(201);
        city.clock.set("2026-11-24T17:00:00Z".parse().unwrap());
        let bulk = json!({ "action": "sign", "dossiers": [{ "code": story.code }] });
        let refused = client.post_once("/api/v1/bulk-actions", "bulk", &bulk).await.expect(200).json();
        assert_eq!(refused["results"][0]["reason"], "signing_ran_out", "{refused}");
        let ticked = [("action", "sign"), ("dossier", story.code.as_str())];
        let page = client.submit("/office/bulk", &ticked).await.expect(200).text();
        assert!(page.contains("Mục giao ký cho ông, bà đã hết hiệu lực"), "{page}");

        let new = entry(UNIT, "civil-status", "", "2026-11-30");
        head.post_once("/api/v1/delegations", "new", &new).await.expect(201);
        let seen = client.get(&format!("/api/v1/dossiers/{}", story.code)).await.expect(200).json();
        assert!(seen["actions"].as_array().unwrap().iter().any(|action| action["id"] == "sign"), "{seen}");
        let done = client.post_once("/api/v1/bulk-actions", "bulk-2", &bulk).await.expect(200).json();
        assert_eq!(done["results"][0]["done"], true, "{done}");
        city.settle().await;
        if let Some(text) = story.printed().await {
            assert!(text.contains("TUQ. CHỦ TỊCH TRƯỞNG PHÒNG TƯ PHÁP") && !text.contains("TM. ỦY BAN"), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_head_signs_for_the_committee() {
    for_each_database(modules(), |city| async move {
        let mut story = proposed(&city).await;
        let head = staff(&city, "Huỳnh Tấn Phát", "048078001357", &[(Role::Leader, false, UNIT)]).await;
        let path = format!("/api/v1/dossiers/{}/actions/sign", story.code);
        city.client(&head).post(&path, &json!({})).await.expect(200);
        city.settle().await;
        if let Some(text) = story.printed().await {
            assert!(text.contains("TM. ỦY BAN NHÂN DÂN CHỦ TỊCH") && !text.contains("KT."), "{text}");
        }
    })
    .await;
}
