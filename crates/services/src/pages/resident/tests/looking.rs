//! Looking: home, list, procedure pages, the boxes; everyone may, in both languages.

use songhan_testkit::for_each_database;

use super::support::{BIRTH, COPY, modules, words};

#[tokio::test]
async fn everyone_finds_procedures() {
    for_each_database(modules(), |city| async move {
        let mut vi = city.visitor();
        let home = vi.get("/").await.expect(200).text();
        assert!(home.contains("Việc của bạn") && home.contains(&format!("/procedures/{COPY}")));
        let found = vi.get("/procedures?q=trich%20luc").await.expect(200).text();
        assert!(found.contains("Cấp bản sao trích lục hộ tịch") && found.contains("Tìm thấy"));
        let none = vi.get("/procedures?q=xyzxyzxyz").await.expect(200).text();
        assert!(none.contains("Không tìm thấy thủ tục nào"));
        let narrowed = vi.get("/procedures?level=1&field=certification").await.expect(200).text();
        assert!(narrowed.contains("chung-thuc-chu-ky") && !narrowed.contains(&format!("/procedures/{COPY}\"")));
        // Whatever is typed into the address is answered.
        for odd in ["?q=%C4%91%C6%B0", "?level=9&field=%3Cscript%3E", "?unknown=1", "?q=%20"] {
            vi.get(&format!("/procedures{odd}")).await.expect(200);
        }
        vi.get(&format!("/procedures?q={}", "a".repeat(4000))).await.expect(200);

        let mut en = city.visitor().english();
        let home = en.get("/").await.expect(200).text();
        assert!(home.contains("Your errand") && home.contains("lang=\"en\""));
        let found = en.get("/procedures?q=birth").await.expect(200).text();
        assert!(found.contains(&format!("/procedures/{BIRTH}")), "{found}");
    })
    .await;
}

#[tokio::test]
async fn a_procedures_page_says_what_people_ask() {
    for_each_database(modules(), |city| async move {
        let mut vi = city.visitor();
        let page = vi.get(&format!("/procedures/{COPY}")).await.expect(200).text();
        for text in ["1 ngày làm việc", "8.000\u{a0}đ mỗi bản", "Toàn trình (mức 4)", "Nộp hồ sơ trực tuyến", "Điều 63"]
        {
            assert!(page.contains(text), "{text}");
        }
        // Its code leads there as well; of level 1 the page says where to go.
        let moved = vi.get("/procedures/2.000635").await.expect(303);
        assert_eq!(moved.location(), format!("/procedures/{COPY}"));
        let counter = vi.get("/procedures/chung-thuc-chu-ky").await.expect(200).text();
        assert!(counter.contains("Nộp hồ sơ trực tiếp") && !counter.contains("/apply\""));
        assert!(counter.contains("Ủy ban nhân dân phường Hải Châu"));
        vi.get("/procedures/nothing").await.expect(404);
        let away = vi.get(&format!("/procedures/{COPY}/apply")).await.expect(303);
        assert!(away.location().starts_with("/sign-in?next="));

        let mut en = city.visitor().english();
        let page = en.get(&format!("/procedures/{COPY}")).await.expect(200).text();
        assert!(page.contains("1 working day") && page.contains("Apply online"));
    })
    .await;
}

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
        let mut en = city.visitor().english();
        for path in ["/track", "/track/x", "/verify", "/verify?id=x"] {
            let page = en.get(path).await;
            assert!(page.status.as_u16() < 500, "{path}: {}", page.text());
        }
    })
    .await;
}

#[tokio::test]
async fn what_people_read() {
    for_each_database(modules(), |city| async move {
        let (mut vi, mut en) = (city.visitor(), city.visitor().english());
        let pages = [
            ("home", "/".to_owned()),
            ("list", "/procedures".to_owned()),
            ("procedure", format!("/procedures/{COPY}")),
        ];
        for (name, path) in pages {
            insta::assert_snapshot!(format!("{name}_vi"), words(&vi.get(&path).await.expect(200).text()));
            insta::assert_snapshot!(format!("{name}_en"), words(&en.get(&path).await.expect(200).text()));
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
