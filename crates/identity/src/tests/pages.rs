//! The pages, as a browser without JavaScript uses them.

use songhan_testkit::TestCity;

use super::*;

fn form(n: u32) -> Vec<(&'static str, String)> {
    vec![
        ("name", "Nguyễn Thị Lan".into()),
        ("citizen_id", format!("04819000{n:04}")),
        ("date_of_birth-day", "4".into()),
        ("date_of_birth-month", "5".into()),
        ("date_of_birth-year", "1990".into()),
        ("password", PASSWORD.into()),
    ]
}

fn pairs<'a>(form: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[tokio::test]
async fn registering_signs_in_and_signing_out_ends_it() {
    each(|city: TestCity| async move {
        let mut browser = city.visitor();
        let page = browser.get("/register?next=%2Faccount%2Fsecurity").await.expect(200).text();
        assert!(page.contains("Phường Hải Châu"), "{page}");
        let mut wrong = form(1);
        wrong[3].1 = "13".into();
        let page = browser.submit("/register", &pairs(&wrong)).await.expect(422).text();
        assert!(page.contains("href=\"#f-date_of_birth\"") && page.contains("value=\"13\""), "{page}");
        assert!(!page.contains(PASSWORD), "a password is never sent back");

        let answer = browser.submit("/register", &pairs(&form(1))).await.expect(303);
        assert_eq!(answer.location(), "/account?done=registered");
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"),
            "{cookie}"
        );
        let page = browser.get("/account?done=registered").await.expect(200).text();
        assert!(page.contains("Nguyễn Thị Lan") && page.contains("04/05/1990"), "{page}");
        browser.get("/account/security").await.expect(200);
        assert_eq!(browser.get("/sign-in?next=%2Faccount").await.expect(303).location(), "/account");

        let page = city.visitor().submit("/register", &pairs(&form(1))).await.expect(422).text();
        assert!(page.contains("href=\"#f-citizen_id\""), "{page}");

        let mut copy = browser.clone();
        browser.submit("/sign-out", &[]).await.expect(303);
        copy.get("/account").await.expect(303);
    })
    .await;
}

#[tokio::test]
async fn signing_in_replaces_the_session_and_leads_only_home() {
    each(|city: TestCity| async move {
        register(&city, 1).await;
        let mut browser = city.visitor();
        let sign_in = |next: &'static str| [("login", "lan.1@example.com"), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.submit("/sign-in", &sign_in("/account")).await.expect(303).location(), "/account");
        let mut old = browser.clone();
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", ""] {
            assert_eq!(browser.submit("/sign-in", &sign_in(bad)).await.expect(303).location(), "/", "{bad:?}");
        }
        old.get("/account").await.expect(303);
        browser.get("/account").await.expect(200);
        let page = browser.submit("/sign-in", &[("login", "x"), ("password", "y")]).await.expect(422).text();
        assert!(page.contains("role=\"alert\"") && page.contains("value=\"x\""), "{page}");
    })
    .await;
}

#[tokio::test]
async fn contact_and_password_are_changed() {
    each(|city: TestCity| async move {
        register(&city, 1).await;
        register(&city, 2).await;
        let mut other = sign_in(&city, 1).await;
        let mut browser = city.visitor().english();
        browser.submit("/sign-in", &[("login", "0905000001"), ("password", PASSWORD)]).await.expect(303);
        let page = browser.get("/account/contact").await.expect(200).text();
        assert!(page.contains("0905 000 001"), "{page}");
        let contact = |phone: &'static str| [("phone", phone), ("email", ""), ("area", "20242"), ("lang", "en")];
        let page = browser.submit("/account/contact", &contact("0905000002")).await.expect(422).text();
        assert!(page.contains("Another account uses this telephone number"), "{page}");
        browser.submit("/account/contact", &contact("0905 999 999")).await.expect(303);
        let page = browser.get("/account?done=contact").await.expect(200).text();
        assert!(page.contains("0905 999 999") && page.contains("Contact details saved"), "{page}");

        let change = |present: &'static str, new: &'static str| [("present_password", present), ("new_password", new)];
        browser.get("/account/password").await.expect(200);
        browser.submit("/account/password", &change("sai mật khẩu rồi", "một câu hoàn toàn khác")).await.expect(422);
        browser.submit("/account/password", &change(PASSWORD, "ngắn")).await.expect(422);
        browser.submit("/account/password", &change(PASSWORD, "một câu hoàn toàn khác")).await.expect(303);
        other.get("/api/v1/me").await.expect(401);
        browser.get("/account").await.expect(200);
        let mut again = city.visitor();
        again.submit("/sign-in", &[("login", "0905999999"), ("password", PASSWORD)]).await.expect(422);
        let new = [("login", "0905999999"), ("password", "một câu hoàn toàn khác")];
        again.submit("/sign-in", &new).await.expect(303);

        let page = again.get("/account/security").await.expect(200).text();
        let session = page.split("/account/security/sessions/").nth(1).unwrap()[..36].to_owned();
        again.submit(&format!("/account/security/sessions/{session}/end"), &[]).await.expect(303);
        again.submit(&format!("/account/security/sessions/{session}/end"), &[]).await.expect(303);
        browser.get("/account").await.expect(303);
    })
    .await;
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    each(|city: TestCity| async move {
        register(&city, 1).await;
        let body = format!("login=0905000001&password={PASSWORD}").into_bytes();
        let kind = Some("application/x-www-form-urlencoded");
        let answer = city.visitor().send(axum::http::Method::POST, "/sign-in", kind, body).await;
        assert_eq!(answer.status.as_u16(), 403);
    })
    .await;
}

#[tokio::test]
async fn texts_stand_in_both_languages() {
    let (vi, en) = (include_str!("../../locales/vi.ftl"), include_str!("../../locales/en.ftl"));
    let keys = |source: &str| -> Vec<String> {
        source.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned()).collect()
    };
    assert_eq!(keys(vi), keys(en));
    each(|city: TestCity| async move {
        for path in ["/sign-in", "/register"] {
            city.visitor().get(path).await.expect(200);
            city.visitor().english().get(path).await.expect(200);
        }
    })
    .await;
}

#[tokio::test]
async fn the_demo_offers_its_people_and_no_one_else_does() {
    let sections = serde_json::json!({ "demo": true });
    songhan_testkit::for_each_database_with(sections, vec![crate::module()], |city: TestCity| async move {
        crate::create_demo_people(&city.system()).await.unwrap();
        let mut browser = city.visitor();
        let page = browser.get("/sign-in?next=%2Faccount").await.expect(200).text();
        let people = city.app.city.get::<songhan_city::DemoPeople>();
        assert!(page.contains(&people.password) && page.contains("mô phỏng"), "{page}");
        assert!(people.iter().all(|person| page.contains(&person.name)), "{page}");
        let first = people.iter().next().unwrap();
        let form = [("login", first.citizen_id.as_str()), ("password", people.password.as_str()), ("next", "/account")];
        browser.submit("/sign-in", &form).await.expect(303);
        browser.get("/account").await.expect(200);
    })
    .await;
    each(|city: TestCity| async move {
        let page = city.visitor().get("/sign-in").await.expect(200).text();
        let people = city.app.city.get::<songhan_city::DemoPeople>();
        assert!(!page.contains(&people.password), "{page}");
    })
    .await;
}

/// Two shapes of one name would hide each other in the document.
#[tokio::test]
async fn the_document_describes_every_operation() {
    each(|city: TestCity| async move {
        let document = serde_json::to_value(&*city.openapi).unwrap();
        let shape = |path: &str, method: &str| {
            let body = &document["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            body.as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned()
        };
        assert_eq!(shape("/api/v1/accounts", "post"), "AccountInput");
        assert_eq!(shape("/api/v1/sessions", "post"), "SignInInput");
        assert_eq!(shape("/api/v1/grants", "post"), "GrantInput");
        for name in
            ["AccountInput", "SignInInput", "GrantInput", "SessionToken", "NewAccount", "Grant", "GrantList", "Me"]
        {
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
    })
    .await;
}
