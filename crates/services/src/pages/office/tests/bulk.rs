//! Many dossiers at once: each for itself, and nothing twice.

use serde_json::{Value, json};
use songhan_base::{Grant, Role};
use songhan_identity::{NewGrant, give_grant};
use songhan_testkit::for_each_database;

use super::support::{Desk, OTHER, UNIT, modules};
use crate::pages::test_support::resident;

fn chosen(codes: &[&str], version: i64) -> Vec<Value> {
    codes.iter().map(|code| json!({ "code": code, "version": version })).collect()
}

#[tokio::test]
async fn each_has_its_own_answer() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let (a, b) = (desk.hand_in(UNIT).await, desk.hand_in(UNIT).await);
        let elsewhere = desk.hand_in(OTHER).await;
        let body = json!({ "action": "accept", "dossiers": chosen(&[&a, &b, &elsewhere], 1) });
        let done = desk.officer.post("/api/v1/bulk-actions", &body).await.expect(200).json();
        assert_eq!((done["done"].as_i64(), done["refused"].as_i64()), (Some(2), Some(1)), "{done}");
        assert_eq!(done["results"][2]["reason"], "not_found");
        assert_eq!(done["results"][0]["state"], "accepted");
        // The same again: what this officer has just done counts as done, and is not done twice.
        let again = desk.officer.post("/api/v1/bulk-actions", &body).await.expect(200).json();
        assert_eq!(again, done);
        let shown = desk.officer.get(&format!("/api/v1/dossiers/{a}")).await.expect(200).json();
        assert_eq!(shown["version"], 2);
        // Someone else's step is not taken for one's own.
        let one = json!({ "action": "accept", "dossiers": chosen(&[&a], 1) });
        let theirs = desk.leader.post("/api/v1/bulk-actions", &one).await.expect(200).json();
        assert_eq!(theirs["results"][0]["reason"], "action_not_yours");

        let take = json!({ "action": "take", "dossiers": chosen(&[&a, &b], 2) });
        assert_eq!(desk.officer.post("/api/v1/bulk-actions", &take).await.expect(200).json()["done"], 2);
        for wrong in [
            json!({ "action": "refuse", "dossiers": chosen(&[&a], 3) }),
            json!({ "action": "accept", "dossiers": [] }),
            json!({ "action": "accept", "dossiers": chosen(&[&a, &a], 3) }),
            json!({ "action": "assign", "dossiers": chosen(&[&a], 3) }),
        ] {
            desk.officer.post("/api/v1/bulk-actions", &wrong).await.expect(422);
        }
        desk.lan.post("/api/v1/bulk-actions", &take).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn boxes_are_ticked_in_the_inbox() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let (a, b) = (desk.hand_in(UNIT).await, desk.hand_in(UNIT).await);
        let inbox = desk.officer.get("/office").await.expect(200).text();
        assert!(inbox.contains(&format!("value=\"{a}:1\"")) && inbox.contains("Tiếp nhận hồ sơ"), "{inbox}");
        let (first, second) = (format!("{a}:1"), format!("{b}:7"));
        let fields = [("action", "accept"), ("dossier", first.as_str()), ("dossier", second.as_str())];
        let page = desk.officer.submit("/office/bulk", &fields).await.expect(200).text();
        assert!(page.contains("Đã thực hiện cho 1 hồ sơ; 1 hồ sơ không thực hiện được"), "{page}");
        assert!(page.contains("Hồ sơ vừa có thay đổi từ người khác"));
        let none = desk.officer.submit("/office/bulk", &[("action", "accept")]).await.expect(422).text();
        assert!(none.contains("Chưa chọn hồ sơ nào"));
        let nothing =
            desk.officer.submit("/office/bulk", &[("action", ""), ("dossier", &first)]).await.expect(422).text();
        assert!(nothing.contains("Chưa chọn việc cần làm"));
        let ticked = desk.officer.get("/office?view=todo&tick=all").await.expect(200).text();
        assert_eq!(ticked.matches("checked").count(), 2, "{ticked}");
    })
    .await;
}

#[tokio::test]
async fn many_are_given_to_one_officer() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        // The list of officers comes from the accounts, so this one has one.
        let binh = resident(&city, "Lê Văn Bình", "048085002211").await.account;
        let (cx, role) = (city.system(), Role::Officer);
        let mut tx = cx.begin().await.unwrap();
        give_grant(&mut tx, &cx, NewGrant::today(&cx, binh, role, Some(UNIT.to_owned()))).await.unwrap();
        tx.commit().await.unwrap();
        let grants = vec![Grant { role, unit: Some(UNIT.to_owned()) }];
        desk.officer = city.client(&city.as_person(binh, "Lê Văn Bình", grants));
        let (mine, theirs) = (desk.hand_in(UNIT).await, desk.hand_in(OTHER).await);
        let page = desk.leader.get("/office?view=open").await.expect(200).text();
        let at = page.find("Chuyển cho Lê Văn Bình").expect("the officer of the unit is offered");
        let start = page[..at].rfind("value=\"").expect("a value") + "value=\"".len();
        let action = page[start..].split('"').next().expect("an end").to_owned();
        assert!(action.starts_with("assign:") && !page.contains("Đỗ Thị Mai"), "{page}");
        let (mine, theirs) = (format!("{mine}:1"), format!("{theirs}:1"));
        let fields =
            [("action", action.as_str()), ("dossier", &mine), ("dossier", &theirs), ("back", "/office?view=open")];
        let page = desk.leader.submit("/office/bulk", &fields).await.expect(200).text();
        assert!(page.contains("Đã thực hiện cho 1 hồ sơ; 1 hồ sơ không thực hiện được"), "{page}");
        assert!(page.contains("Lê Văn Bình") && page.contains("Không có hồ sơ này") && page.contains("?view=open"));
        let outside = [("action", "take"), ("back", "https://elsewhere.example/")];
        let page = desk.leader.submit("/office/bulk", &outside).await.expect(422).text();
        assert!(!page.contains("elsewhere"), "{page}");
        desk.leader.submit("/office/bulk", &[("action", "assign:x"), ("dossier", &mine)]).await.expect(422);
        let own = desk.officer.get("/office?view=mine").await.expect(200).text();
        assert!(own.contains(mine.strip_suffix(":1").expect("a code")), "{own}");
    })
    .await;
}

#[tokio::test]
async fn officers_of_all_the_units_on_the_page_are_offered() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let units = ["ubnd-hai-chau", "ubnd-hoa-cuong", "ubnd-an-hai", "ubnd-hai-van", "ubnd-son-tra"];
        let (cx, role) = (city.system(), Role::Officer);
        let mut officers = Vec::new();
        for (at, unit) in units.iter().enumerate() {
            let account = resident(&city, &format!("Công chức {at}"), &format!("04808500{at:04}")).await.account;
            let mut tx = cx.begin().await.unwrap();
            give_grant(&mut tx, &cx, NewGrant::today(&cx, account, role, Some((*unit).to_owned()))).await.unwrap();
            if at == 1 {
                let first = NewGrant::today(&cx, account, role, Some(units[0].to_owned()));
                give_grant(&mut tx, &cx, first).await.unwrap();
            }
            tx.commit().await.unwrap();
            officers.push(account);
            desk.hand_in(unit).await;
        }
        let mut head = city.client(&city.person("Phan Đức Long", &[(Role::Leader, None)]));
        let page = head.get("/office?view=open").await.expect(200).text();
        for (account, unit) in officers.iter().zip(&units) {
            let option = songhan_testkit::between(&page, &format!("value=\"assign:{account}\">"), "<").to_owned();
            let name = &city.app.city.agencies().get(unit).unwrap().name.vi;
            assert!(option.starts_with("Chuyển cho Công chức") && option.contains(name), "{option}");
        }
        assert_eq!(page.matches("value=\"assign:").count(), units.len(), "who is at two units stands once");
    })
    .await;
}
