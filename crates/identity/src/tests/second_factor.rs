//! The second factor over pages and API.

use std::time::Duration;

use serde_json::json;
use songhan_testkit::{Client, TestCity};

use super::*;

/// A browser of person 1 that is signed in.
async fn browser(city: &TestCity) -> Client {
    let mut browser = city.visitor();
    browser.submit("/sign-in", &[("login", "0905000001"), ("password", PASSWORD)]).await.expect(303);
    browser
}

async fn secret(city: &TestCity) -> String {
    let sql = "SELECT account, secret FROM totp";
    let (account, kept): (songhan_base::Id, String) = songhan_db::query(sql).fetch_one(&city.app.db).await.unwrap();
    assert!(crate::custody::is_sealed(&kept), "sealed at rest");
    crate::factor_secret::open(&city.app, account, &kept).unwrap()
}

async fn code(city: &TestCity) -> String {
    crate::totp_code_at(&secret(city).await, city.app.now()).unwrap()
}

/// Sets the second factor up; answers the recovery codes.
async fn enrol(city: &TestCity, browser: &mut Client) -> Vec<String> {
    browser.submit("/account/security/second-factor", &[]).await.expect(303);
    let page = browser.get("/account/security/second-factor").await.expect(200).text();
    assert!(page.contains("<svg class=\"qr\""), "{page}");
    browser.submit("/account/security/second-factor/confirm", &[("code", "000000")]).await.expect(422);
    let code = code(city).await;
    let page = browser.submit("/account/security/second-factor/confirm", &[("code", &code)]).await.expect(200).text();
    page.split("<code>").skip(1).map(|part| part[..14].to_owned()).collect()
}

#[tokio::test]
async fn a_code_is_asked_for_and_works_once() {
    each(|city| async move {
        register(&city, 1).await;
        let mut other = sign_in(&city, 1).await;
        let mut first = browser(&city).await;
        let codes = enrol(&city, &mut first).await;
        assert_eq!(codes.len(), 10);
        other.get("/api/v1/me").await.expect(401);
        first.get("/account/security").await.expect(200);

        let mut input = json!({ "login": "0905000001", "password": PASSWORD });
        let mut visitor = city.visitor();
        let problem = visitor.post("/api/v1/sessions", &input).await.expect(401).json();
        assert_eq!(problem["code"], "totp_required");
        input["totp"] = json!(code(&city).await);
        let problem = visitor.post("/api/v1/sessions", &input).await.expect(401).json();
        assert_eq!(problem["code"], "totp_wrong", "the code that confirmed is used up");
        city.clock.advance(Duration::from_secs(30));
        input["totp"] = json!(code(&city).await);
        visitor.post("/api/v1/sessions", &input).await.expect(201);
        visitor.post("/api/v1/sessions", &input).await.expect(401);

        city.clock.advance(Duration::from_mins(10));
        input["totp"] = json!(codes[3].to_lowercase());
        visitor.post("/api/v1/sessions", &input).await.expect(201);
        visitor.post("/api/v1/sessions", &input).await.expect(401);
        let actions = audited(&city).await;
        for action in ["second_factor_added", "code_refused", "recovery_code_used"] {
            assert!(actions.iter().any(|a| a == action), "{action}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_browser_gives_the_code_on_a_second_page() {
    each(|city| async move {
        register(&city, 1).await;
        let mut first = browser(&city).await;
        let codes = enrol(&city, &mut first).await;
        city.clock.advance(Duration::from_mins(10));

        let mut browser = city.visitor();
        let form = [("login", "0905000001"), ("password", PASSWORD), ("next", "/account?x=1")];
        let answer = browser.submit("/sign-in", &form).await.expect(303);
        assert_eq!(answer.location(), "/sign-in/code?next=%2Faccount%3Fx%3D1");
        browser.get("/account").await.expect(303);
        browser.get("/sign-in/code?next=%2Faccount").await.expect(200);
        for _ in 0..4 {
            browser.submit("/sign-in/code", &[("code", "000000")]).await.expect(422);
        }
        let code = code(&city).await;
        let answer = browser.submit("/sign-in/code", &[("code", &code), ("next", "/account")]).await.expect(303);
        assert_eq!(answer.location(), "/account");
        browser.get("/account").await.expect(200);

        // Five tries are used up; a sixth begins at the password.
        let mut thief = city.visitor();
        city.clock.advance(Duration::from_mins(10));
        thief.submit("/sign-in", &form).await.expect(303);
        for _ in 0..5 {
            thief.submit("/sign-in/code", &[("code", "000000")]).await.expect(422);
        }
        thief.submit("/sign-in/code", &[("code", &codes[0])]).await.expect(422);
        thief.get("/account").await.expect(303);
        // As does one who waits too long.
        city.clock.advance(Duration::from_mins(10));
        thief.submit("/sign-in", &form).await.expect(303);
        city.clock.advance(Duration::from_secs(601));
        thief.submit("/sign-in/code", &[("code", &codes[0])]).await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn it_is_removed_by_password_and_code() {
    each(|city| async move {
        register(&city, 1).await;
        let mut first = browser(&city).await;
        let codes = enrol(&city, &mut first).await;
        let path = "/account/security/second-factor/remove";
        first.get(path).await.expect(200);
        first.submit(path, &[("password", "không phải"), ("code", &codes[0])]).await.expect(422);
        first.submit(path, &[("password", PASSWORD), ("code", "000000")]).await.expect(422);
        first.submit(path, &[("password", PASSWORD), ("code", &codes[0])]).await.expect(303);
        sign_in(&city, 1).await.get("/api/v1/me").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_role_sleeps_where_it_requires_a_second_factor() {
    let sections = json!({ "identity": { "require_totp": ["leader"] } });
    songhan_testkit::for_each_database_with(sections, vec![crate::module()], |city| async move {
        let id = register(&city, 1).await;
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        for role in [songhan_base::Role::Leader, songhan_base::Role::Officer] {
            let new = crate::NewGrant::today(&cx, id.parse().unwrap(), role, Some("ubnd-hai-chau".into()));
            crate::give_grant(&mut tx, &cx, new).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut first = browser(&city).await;
        let roles = |me: Value| me["grants"].as_array().unwrap().iter().map(|g| g["role"].clone()).collect::<Vec<_>>();
        assert_eq!(roles(first.get("/api/v1/me").await.expect(200).json()), ["officer"]);
        let page = first.get("/account/security").await.expect(200).text();
        assert!(page.contains("chỉ có hiệu lực khi đăng nhập bằng xác thực hai bước"), "{page}");
        enrol(&city, &mut first).await;
        let mut awake = roles(first.get("/api/v1/me").await.expect(200).json());
        awake.sort_by_key(Value::to_string);
        assert_eq!(awake, ["leader", "officer"]);
    })
    .await;
}
