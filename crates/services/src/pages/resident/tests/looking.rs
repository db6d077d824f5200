//! The boxes in which a code is typed: everyone may, in both languages.

use songhan_testkit::for_each_database;

use super::support::{COPY, modules};

#[tokio::test]
async fn the_boxes_lead_on() {
    for_each_database(modules(), |city| async move {
        let mut vi = city.visitor();
        vi.get("/track").await.expect(200);
        let typed = vi.get("/track?code=%20000.00.15.h17-261121-0001%20").await.expect(303);
        assert_eq!(typed.location(), "/track/000.00.15.H17-261121-0001");
        let none = vi.get(typed.location()).await.expect(404).text();
        assert!(none.contains("Không có hồ sơ nào mang mã 000.00.15.H17-261121-0001"));
        vi.get("/verify").await.expect(200);
        vi.get("/verify?id=abc").await.expect(200);
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let typed = vi.get(&format!("/verify?id=http%3A%2F%2Fcity.test%2Fverify%2F{id}")).await.expect(303);
        assert_eq!(typed.location(), format!("/verify/{id}"));
        // Applying is for those who are signed in.
        let away = vi.get(&format!("/procedures/{COPY}/apply")).await.expect(303);
        assert!(away.location().starts_with("/sign-in?next="));
        let mut en = city.visitor().english();
        for path in ["/track", "/track/x", "/verify", "/verify?id=x"] {
            let page = en.get(path).await;
            assert!(page.status.as_u16() < 500, "{path}: {}", page.text());
        }
    })
    .await;
}

#[tokio::test]
async fn texts_stand_in_both_languages() {
    for_each_database(modules(), |city| async move {
        let missing = city.system().renderer.texts().check();
        let ours: Vec<_> =
            missing.iter().filter(|text| text.contains("services-") || text.contains("dossier")).collect();
        assert!(ours.is_empty(), "{ours:?}");
    })
    .await;
}
