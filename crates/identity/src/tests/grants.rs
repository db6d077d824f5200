//! Roles: given, dated, ended, and who may.

use std::time::Duration;

use serde_json::json;
use songhan_base::Role;

use super::*;

const UNIT: &str = "ubnd-hai-chau";

#[tokio::test]
async fn a_role_counts_on_its_days() {
    each(|city| async move {
        let id = register(&city, 1).await;
        let admin = city.person("Quản trị", &[(Role::Administrator, None)]);
        let mut admin = city.client(&admin);
        let mut lan = sign_in(&city, 1).await;
        let input =
            json!({ "account": id, "role": "officer", "unit": UNIT, "from": "2026-11-21", "until": "2026-11-22" });
        admin.post("/api/v1/grants", &input).await.expect(201);
        let roles = |me: Value| me["grants"].as_array().unwrap().len();
        assert_eq!(roles(lan.get("/api/v1/me").await.expect(200).json()), 0, "tomorrow");
        // Midnight in Da Nang, not in Greenwich.
        city.clock.set("2026-11-20T17:00:00Z".parse().unwrap());
        assert_eq!(roles(lan.get("/api/v1/me").await.expect(200).json()), 1);
        city.clock.set("2026-11-22T16:59:59Z".parse().unwrap());
        assert_eq!(roles(lan.get("/api/v1/me").await.expect(200).json()), 1);
        city.clock.advance(Duration::from_secs(1));
        assert_eq!(roles(lan.get("/api/v1/me").await.expect(200).json()), 0);
    })
    .await;
}

#[tokio::test]
async fn administrators_give_and_end_within_their_unit() {
    each(|city| async move {
        let id = register(&city, 1).await;
        let mut lan = sign_in(&city, 1).await;
        let mut local = city.client(&city.person("Quản trị phường", &[(Role::Administrator, Some(UNIT))]));
        let mut officer = city.client(&city.person("Cán bộ", &[(Role::Officer, Some(UNIT))]));
        let grant = |role: &str, unit: Option<&str>| json!({ "account": id, "role": role, "unit": unit });

        officer.post("/api/v1/grants", &grant("leader", Some(UNIT))).await.expect(403);
        lan.post("/api/v1/grants", &grant("leader", Some(UNIT))).await.expect(403);
        city.visitor().post("/api/v1/grants", &grant("leader", Some(UNIT))).await.expect(401);
        local.post("/api/v1/grants", &grant("leader", Some("ubnd-hoa-cuong"))).await.expect(403);
        local.post("/api/v1/grants", &grant("administrator", None)).await.expect(403);
        for (role, unit, code) in [
            ("resident", Some(UNIT), "role_resident"),
            ("officer", None, "unit_needed"),
            ("leader", Some("x"), "unit_unknown"),
        ] {
            let problem = local.post("/api/v1/grants", &grant(role, unit)).await.expect(422).json();
            assert_eq!(problem["errors"][0]["code"], code);
        }
        let given = local.post_once("/api/v1/grants", "k", &grant("leader", Some(UNIT))).await.expect(201).json();
        let again = local.post_once("/api/v1/grants", "k", &grant("leader", Some(UNIT))).await.expect(201).json();
        assert_eq!(given, again);
        let me = lan.get("/api/v1/me").await.expect(200).json();
        assert_eq!(me["grants"], json!([{ "role": "leader", "unit": UNIT }]));

        let path = format!("/api/v1/grants/{}", given["id"].as_str().unwrap());
        officer.delete(&path).await.expect(403);
        local.delete(&path).await.expect(204);
        local.delete(&path).await.expect(204);
        assert_eq!(lan.get("/api/v1/me").await.expect(200).json()["grants"], json!([]));
        let list = local.get(&format!("/api/v1/grants?account={id}")).await.expect(200).json();
        assert!(list["items"][0]["ended_at"].is_string());
        let actions = audited(&city).await;
        assert_eq!(actions.iter().filter(|a| a.starts_with("grant_")).count(), 2, "{actions:?}");
        assert!(actions.contains(&"grants_read".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn nobody_ends_their_own_administration() {
    each(|city| async move {
        let id = register(&city, 1).await;
        let mut root = city.client(&city.person("Quản trị", &[(Role::Administrator, None)]));
        let input = json!({ "account": id, "role": "administrator" });
        let given = root.post("/api/v1/grants", &input).await.expect(201).json();
        let path = format!("/api/v1/grants/{}", given["id"].as_str().unwrap());
        let mut lan = sign_in(&city, 1).await;
        let problem = lan.delete(&path).await.expect(409).json();
        assert_eq!(problem["code"], "own_grant");
        root.delete(&path).await.expect(204);
        lan.delete(&path).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn people_are_found_and_the_search_is_logged() {
    each(|city| async move {
        let id = register(&city, 1).await;
        register(&city, 2).await;
        let mut admin = city.client(&city.person("Quản trị", &[(Role::Administrator, None)]));
        let found = |q: &'static str, mut admin: songhan_testkit::Client| async move {
            let list = admin.get(&format!("/api/v1/accounts?q={q}")).await.expect(200).json();
            list["items"].as_array().unwrap().len()
        };
        assert_eq!(found("048190000001", admin.clone()).await, 1);
        assert_eq!(found("lan.2@example.com", admin.clone()).await, 1);
        assert_eq!(found("0905000002", admin.clone()).await, 1);
        assert_eq!(found("nguyen+thi", admin.clone()).await, 2, "without marks");
        assert_eq!(found("%25%25", admin.clone()).await, 0, "wildcards are letters");
        assert_eq!(found("l", admin.clone()).await, 0);
        let masked = admin.get("/api/v1/accounts?q=lan").await.expect(200).text();
        assert!(!masked.contains("048190000001"), "{masked}");

        let page = admin.get("/admin/people?q=lan").await.expect(200).text();
        assert!(page.contains(&format!("/admin/people/{id}")), "{page}");
        admin.get(&format!("/admin/people/{id}")).await.expect(200);
        let form =
            [("role", "officer"), ("unit", UNIT), ("until-day", "31"), ("until-month", "12"), ("until-year", "2026")];
        admin.submit(&format!("/admin/people/{id}/grants"), &form).await.expect(303);
        admin.submit(&format!("/admin/people/{id}/grants"), &[("role", "officer")]).await.expect(422);
        admin.submit(&format!("/admin/people/{id}/grants"), &[]).await.expect(422);
        let page = admin.get(&format!("/admin/people/{id}?done=given")).await.expect(200).text();
        let grant = page.split("/admin/grants/").nth(1).unwrap()[..36].to_owned();
        admin.submit(&format!("/admin/grants/{grant}/end"), &[]).await.expect(303);
        let actions = audited(&city).await;
        assert!(actions.contains(&"account_read".to_owned()) && actions.contains(&"people_searched".to_owned()));
        admin.get("/admin/people/00000000-0000-7000-8000-000000000000").await.expect(404);
        let mut officer = city.client(&city.person("Cán bộ", &[(Role::Officer, Some(UNIT))]));
        officer.get(&format!("/admin/people/{id}")).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn a_closed_account_is_out_until_it_is_opened() {
    each(|city| async move {
        let id = register(&city, 1).await;
        let mut lan = sign_in(&city, 1).await;
        let mut root = city.client(&city.person("Quản trị", &[(Role::Administrator, None)]));
        let mut local = city.client(&city.person("Quản trị phường", &[(Role::Administrator, Some(UNIT))]));
        let (close, open) = (format!("/admin/people/{id}/close"), format!("/admin/people/{id}/open"));
        local.submit(&close, &[]).await.expect(403);
        root.submit(&close, &[]).await.expect(303);
        root.submit(&close, &[]).await.expect(303);
        lan.get("/api/v1/me").await.expect(401);
        let input = json!({ "login": "048190000001", "password": PASSWORD });
        let problem = city.visitor().post("/api/v1/sessions", &input).await.expect(401).json();
        assert_eq!(problem["code"], "sign_in_failed", "a stranger is not told that it is closed");
        let page = root.get(&format!("/admin/people/{id}")).await.expect(200).text();
        assert!(page.contains("Tài khoản đang bị khóa"), "{page}");
        root.submit(&open, &[]).await.expect(303);
        lan.get("/api/v1/me").await.expect(401);
        sign_in(&city, 1).await.get("/api/v1/me").await.expect(200);
        let closed = audited(&city).await.iter().filter(|action| *action == "account_closed").count();
        assert_eq!(closed, 1);
    })
    .await;
}
