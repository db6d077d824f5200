//! Signing in and out.

use std::time::Duration;

use serde_json::json;
use songhan_base::Role;

use super::*;

#[tokio::test]
async fn anyone_of_three_names_signs_in() {
    each(|city| async move {
        register(&city, 1).await;
        for login in ["048190000001", "048 190 000 001", "lan.1@EXAMPLE.com", "0905000001", "+84905000001"] {
            let input = json!({ "login": login, "password": PASSWORD });
            let answer = city.visitor().post("/api/v1/sessions", &input).await.expect(201);
            assert_eq!(answer.headers["cache-control"], "no-store");
            assert!(answer.json()["token"].as_str().unwrap().starts_with("shn_"));
        }
        for (login, password) in [("048190000001", "một mật khẩu khác"), ("048190000002", PASSWORD), ("?", PASSWORD)]
        {
            let input = json!({ "login": login, "password": password });
            let problem = city.visitor().post("/api/v1/sessions", &input).await.expect(401).json();
            assert_eq!(problem["code"], "sign_in_failed", "the same answer, whoever it is");
        }
        let failed = audited(&city).await.iter().filter(|action| *action == "sign_in_failed").count();
        assert_eq!(failed, 3);
    })
    .await;
}

#[tokio::test]
async fn accents_may_be_composed_either_way() {
    each(|city| async move {
        register(&city, 1).await;
        let apart = "thuye\u{302}\u{300}n thu\u{301}ng ra kho\u{31b}i";
        assert_ne!(apart, PASSWORD);
        let input = json!({ "login": "048190000001", "password": apart });
        city.visitor().post("/api/v1/sessions", &input).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn sessions_are_seen_and_ended_by_their_owner_alone() {
    each(|city| async move {
        register(&city, 1).await;
        register(&city, 2).await;
        let (mut one, mut two) = (sign_in(&city, 1).await, sign_in(&city, 1).await);
        let mut stranger = sign_in(&city, 2).await;
        let list = one.get("/api/v1/sessions").await.expect(200).json();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items.iter().filter(|session| session["current"] == true).count(), 1);
        let other = items.iter().find(|session| session["current"] == false).unwrap()["id"].as_str().unwrap();
        let path = format!("/api/v1/sessions/{other}");

        stranger.delete(&path).await.expect(404);
        city.visitor().delete(&path).await.expect(401);
        two.get("/api/v1/me").await.expect(200);
        one.delete(&path).await.expect(204);
        two.get("/api/v1/me").await.expect(401);
        one.delete(&path).await.expect(404);
        one.delete("/api/v1/sessions/x").await.expect(404);
        one.get("/api/v1/me").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_token_ends_and_old_ones_are_forgotten() {
    each(|city| async move {
        register(&city, 1).await;
        let mut lan = sign_in(&city, 1).await;
        city.clock.advance(Duration::from_hours(29 * 24));
        lan.get("/api/v1/me").await.expect(200);
        city.clock.advance(Duration::from_hours(2 * 24));
        lan.get("/api/v1/me").await.expect(401);
        city.clock.advance(Duration::from_hours(31 * 24));
        city.tick().await;
        let (left,): (i64,) = songhan_db::query("SELECT count(*) FROM sessions").fetch_one(&city.app.db).await.unwrap();
        assert_eq!(left, 0);
    })
    .await;
}

#[tokio::test]
async fn a_browsers_session_slides_while_it_is_used() {
    each(|city| async move {
        register(&city, 1).await;
        let mut browser = city.visitor();
        let form = [("login", "0905000001"), ("password", PASSWORD), ("next", "/account")];
        assert_eq!(browser.submit("/sign-in", &form).await.expect(303).location(), "/account");
        for _ in 0..4 {
            city.clock.advance(Duration::from_hours(8));
            browser.get("/account").await.expect(200);
            city.settle().await;
        }
        city.clock.advance(Duration::from_hours(13));
        assert!(browser.get("/account").await.expect(303).location().starts_with("/sign-in?next="));
    })
    .await;
}

#[tokio::test]
async fn the_command_line_makes_users_and_tokens() {
    each(|city| async move {
        let cx = city.system();
        let unit = Some("ubnd-hai-chau".to_owned());
        let token = crate::create_role_token(&cx, Role::Leader, unit.clone(), "thử", 30).await.unwrap();
        let me = bearer(&city, &token).get("/api/v1/me").await.expect(200).json();
        assert_eq!(me["grants"], json!([{ "role": "leader", "unit": "ubnd-hai-chau" }]));
        let again = crate::create_role_token(&cx, Role::Leader, unit.clone(), "thử", 30).await.unwrap();
        assert_ne!(token, again);
        let same = bearer(&city, &again).get("/api/v1/me").await.expect(200).json();
        assert_eq!((&same["id"], &same["grants"]), (&me["id"], &me["grants"]), "one account, one grant");
        let nowhere = crate::create_role_token(&cx, Role::Leader, Some("x".into()), "thử", 30).await.unwrap_err();
        assert!(nowhere.to_string().starts_with("unit: "), "{nowhere}");

        let typed = crate::Typed {
            name: "Lê Văn Bình".into(),
            citizen_id: "048080001234".into(),
            date_of_birth: "1980-01-02".into(),
            ..crate::Typed::default()
        };
        let id = crate::add_user(&cx, &typed, PASSWORD, Role::Officer, unit).await.unwrap();
        let person = crate::person_of(&city.app.db, &cx, id).await.unwrap().unwrap();
        assert_eq!(person.grants[0].role, Role::Officer);
        let at = crate::people_at(&city.app.db, &cx, Role::Officer, Some("ubnd-hai-chau")).await.unwrap();
        assert_eq!(at, [(id, "Lê Văn Bình".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn the_demo_people_are_made_once() {
    each(|city| async move {
        let cx = city.system();
        let made = crate::create_demo_people(&cx).await.unwrap();
        assert!(made > 3);
        assert_eq!(crate::create_demo_people(&cx).await.unwrap(), 0);
        let people = cx.city.get::<songhan_city::DemoPeople>();
        for person in people.iter() {
            let input = json!({ "login": person.email.as_str(), "password": people.password });
            let token = city.visitor().post("/api/v1/sessions", &input).await.expect(201).json();
            let me = bearer(&city, token["token"].as_str().unwrap()).get("/api/v1/me").await.expect(200).json();
            let roles: Vec<_> = me["grants"].as_array().unwrap().iter().map(|g| g["role"].clone()).collect();
            let expected = if person.role == Role::Resident { vec![] } else { vec![json!(person.role)] };
            assert_eq!(roles, expected, "{}", person.name);
        }
    })
    .await;
}
