//! Looking: home, list, procedure pages; everyone may, in both languages.

use songhan_testkit::{for_each_database, words};

use crate::imported::tests::modules;

const COPY: &str = "ban-sao-trich-luc-ho-tich";
const BIRTH: &str = "dang-ky-khai-sinh";

#[tokio::test]
async fn everyone_finds_procedures() {
    for_each_database(modules(), |city| async move {
        let mut vi = city.visitor();
        let home = vi.get("/").await.expect(200).text();
        assert!(home.contains("Việc của dân") && home.contains(&format!("/procedures/{COPY}")));
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

        let mut en = city.visitor().english();
        let page = en.get(&format!("/procedures/{COPY}")).await.expect(200).text();
        assert!(page.contains("1 working day") && page.contains("Apply online"));
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
        let ours: Vec<_> = missing.iter().filter(|text| text.contains("services-")).collect();
        assert!(ours.is_empty(), "{ours:?}");
    })
    .await;
}
