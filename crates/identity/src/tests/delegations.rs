//! The register of signatures and substitutes.

use serde_json::json;
use songhan_base::{Id, Role};
use songhan_testkit::TestCity;

use super::*;
use crate::{SigningForm, signing_authority, stand_ins, stands_in_for};

const UNIT: &str = "ubnd-hai-chau";

/// Someone with an account and a role in force.
async fn staff(city: &TestCity, n: u32, role: Role, unit: &str) -> songhan_base::Person {
    let id: Id = register(city, n).await.parse().unwrap();
    let cx = city.system();
    let mut tx = cx.begin().await.unwrap();
    crate::give_grant(&mut tx, &cx, crate::NewGrant::today(&cx, id, role, Some(unit.into()))).await.unwrap();
    tx.commit().await.unwrap();
    city.as_person(id, "Nguyễn Thị Lan", vec![songhan_base::Grant { role, unit: Some(unit.into()) }])
}

async fn form(city: &TestCity, account: Id, unit: &str, field: &str) -> Option<SigningForm> {
    let (cx, today) = (city.system(), city.app.today());
    let found = signing_authority(&city.app.db, &cx, account, unit, ("2.000635", field), today).await.unwrap();
    found.ok().map(|authority| authority.form)
}

#[tokio::test]
async fn who_signs_and_by_which_right() {
    each(|city| async move {
        let head = staff(&city, 1, Role::Leader, UNIT).await;
        let deputy = staff(&city, 2, Role::Leader, UNIT).await;
        let officer = staff(&city, 3, Role::Officer, UNIT).await;
        let director = staff(&city, 4, Role::Leader, "so-xay-dung").await;
        assert_eq!(
            form(&city, head.account, UNIT, "land").await,
            Some(SigningForm::Tm),
            "a committee is a collective body"
        );
        assert_eq!(form(&city, director.account, "so-xay-dung", "land").await, Some(SigningForm::Head));
        assert_eq!(form(&city, director.account, UNIT, "land").await, None);
        assert_eq!(form(&city, officer.account, UNIT, "land").await, None);

        let mut leader = city.client(&head);
        let give = |kind: &str, receiver: Id, more: Value| {
            let mut input = json!({ "kind": kind, "unit": UNIT, "receiver": receiver });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            input
        };
        leader.post_once("/api/v1/delegations", "k1", &give("kt", deputy.account, json!({}))).await.expect(201);
        assert_eq!(form(&city, deputy.account, UNIT, "land").await, Some(SigningForm::Kt), "the register goes first");
        let all = json!({ "until": "2026-11-25", "document": "12/QĐ-UBND" });
        let problem =
            leader.post_once("/api/v1/delegations", "k2", &give("tuq", officer.account, all)).await.expect(422).json();
        assert_eq!(problem["errors"][0]["code"], "scope_needed");
        let problem = leader
            .post_once(
                "/api/v1/delegations",
                "k3",
                &give("tuq", officer.account, json!({"scope": {"fields": ["land"]}})),
            )
            .await
            .expect(422)
            .json();
        assert_eq!(problem["errors"].as_array().unwrap().len(), 2, "its last day and its document: {problem}");
        let land = json!({ "scope": { "fields": ["land"] }, "until": "2026-11-25", "document": "12/QĐ-UBND" });
        let given = leader
            .post_once("/api/v1/delegations", "k4", &give("tuq", officer.account, land.clone()))
            .await
            .expect(201)
            .json();
        assert_eq!(form(&city, officer.account, UNIT, "land").await, Some(SigningForm::Tuq));
        assert_eq!(form(&city, officer.account, UNIT, "health").await, None, "outside what was given");
        leader.post_once("/api/v1/delegations", "k5", &give("tuq", director.account, land.clone())).await.expect(422);

        // Nobody gives what is not theirs, nor hands on what they were given.
        city.client(&officer)
            .post_once("/api/v1/delegations", "k6", &give("tuq", deputy.account, land.clone()))
            .await
            .expect(403);
        city.client(&director)
            .post_once("/api/v1/delegations", "k7", &give("tuq", deputy.account, land.clone()))
            .await
            .expect(403);
        let mut other = land.clone();
        other["giver"] = json!(deputy.account);
        leader.post_once("/api/v1/delegations", "k8", &give("tuq", officer.account, other.clone())).await.expect(403);
        let mut administrator = city.client(&city.person("Quản trị", &[(Role::Administrator, Some(UNIT))]));
        administrator.post_once("/api/v1/delegations", "k9", &give("tuq", officer.account, other)).await.expect(201);

        let path = format!("/api/v1/delegations/{}", given["id"].as_str().unwrap());
        city.client(&director).delete(&path).await.expect(404);
        let listed = city.client(&director).get("/api/v1/delegations").await.expect(200).json();
        assert_eq!(listed["items"], json!([]));
        assert_eq!(leader.get("/api/v1/delegations").await.expect(200).json()["items"].as_array().unwrap().len(), 3);
        leader.delete(&path).await.expect(204);
        leader.delete(&path).await.expect(204);
        assert_eq!(
            form(&city, officer.account, UNIT, "land").await,
            Some(SigningForm::Tuq),
            "the deputy's entry stands"
        );
        city.clock.set("2026-11-25T17:00:00Z".parse().unwrap());
        assert_eq!(form(&city, officer.account, UNIT, "land").await, None, "it ran out at midnight");
        assert_eq!(audited(&city).await.iter().filter(|a| a.starts_with("delegation_")).count(), 4);
    })
    .await;
}

#[tokio::test]
async fn an_entry_counts_while_its_giver_leads() {
    each(|city| async move {
        let head = staff(&city, 1, Role::Leader, UNIT).await;
        let officer = staff(&city, 2, Role::Officer, UNIT).await;
        let input = json!({ "kind": "tl", "unit": UNIT, "receiver": officer.account, "document": "1/QC-UBND" });
        city.client(&head).post_once("/api/v1/delegations", "k", &input).await.expect(201);
        assert_eq!(form(&city, officer.account, UNIT, "land").await, Some(SigningForm::Tl));
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        let grant = crate::store::grants_of(&mut tx, head.account).await.unwrap().remove(0);
        crate::end_grant(&mut tx, &grant).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(form(&city, officer.account, UNIT, "land").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_substitute_does_the_work_and_signs_nothing() {
    each(|city| async move {
        let head = staff(&city, 1, Role::Leader, UNIT).await;
        let (away, here) = (staff(&city, 2, Role::Officer, UNIT).await, staff(&city, 3, Role::Officer, UNIT).await);
        let mut leader = city.client(&head);
        leader.get("/office/delegations").await.expect(200);
        leader.get(&format!("/office/delegations/new?unit={UNIT}")).await.expect(200);
        leader.get("/office/delegations/new?unit=so-xay-dung").await.expect(404);
        let (giver, receiver) = (away.account.to_string(), here.account.to_string());
        let mut fields =
            vec![("unit", UNIT), ("kind", "substitute"), ("giver", giver.as_str()), ("receiver", receiver.as_str())];
        let page = leader.submit("/office/delegations", &fields).await.expect(422).text();
        assert!(page.contains("Hãy nhập ngày cuối cùng"), "{page}");
        fields.extend([("until-day", "27"), ("until-month", "11"), ("until-year", "2026")]);
        leader.submit("/office/delegations", &fields).await.expect(303);
        let page = leader.get("/office/delegations?done=delegated").await.expect(200).text();
        assert!(page.contains("Phân công người thay") && page.contains("Đã ghi vào sổ"), "{page}");
        let today = city.app.today();
        let whose = stands_in_for(&city.app.db, here.account, UNIT, today).await.unwrap();
        assert_eq!(whose, [(away.account, "Nguyễn Thị Lan".to_owned())]);
        assert_eq!(stand_ins(&city.app.db, away.account, UNIT, today).await.unwrap()[0].0, here.account);
        assert_eq!(form(&city, here.account, UNIT, "land").await, None);
        let entry = page.split("/office/delegations/").find(|part| part.contains("/end")).unwrap()[..36].to_owned();
        city.client(&here).submit(&format!("/office/delegations/{entry}/end"), &[]).await.expect(403);
        leader.submit(&format!("/office/delegations/{entry}/end"), &[]).await.expect(303);
        assert!(stand_ins(&city.app.db, away.account, UNIT, today).await.unwrap().is_empty());
    })
    .await;
}
