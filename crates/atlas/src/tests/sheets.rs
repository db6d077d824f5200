//! Paper, two days side by side, and the map in pages of others.

use std::time::Duration;

use songhan_testkit::{between, for_each_database_in, words};

use super::*;

#[tokio::test]
async fn a_sheet_says_its_scale_north_sources_and_what_is_made_up() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 2).await;
        let mut visitor = city.visitor();
        let query = "center=108.2208,16.0678&scale=1:5000&paper=a3&orientation=portrait&title=Quy%20ho%E1%BA%A1ch";
        let sheet = page(&mut visitor, &format!("/map/print?layers=trees&{query}")).await;
        for part in ["sheet-a3-portrait", "1:5000", "Quy hoạch", "sheet__north", "CC-BY-4.0", "20/11/2026", "200 m"] {
            assert!(sheet.contains(part), "{part}");
        }
        // 200 m at 1:5,000 are 40 mm.
        assert!(sheet.contains(r#"width="40.00mm""#) && sheet.contains("không phải số liệu thật"));
        let config: serde_json::Value =
            serde_json::from_str(between(&sheet, r#"<script type="application/json">"#, "</script>")).unwrap();
        assert_eq!((&config["mode"], &config["center"][0]), (&"print".into(), &108.2208.into()));
        assert!((config["zoom"].as_f64().unwrap() - 15.795).abs() < 0.001, "{}", config["zoom"]);
        let zoomed = page(&mut visitor, "/map/print?center=108.2208,16.0678&zoom=15").await;
        assert!(zoomed.contains("sheet-a4-landscape") && zoomed.contains("1:8700"));
        let empty = page(&mut visitor, "/map/print?layers=&scale=x&zoom=99&center=a&paper=%22%3E").await;
        assert!(!words(&empty).contains("không phải số liệu thật"));
        let past = page(&mut visitor, "/map/print?layers=trees&at=2026-11-01").await;
        assert!(words(&past).contains("Dữ liệu tính đến hết ngày 01/11/2026"));
    })
    .await;
}

#[tokio::test]
async fn two_days_are_compared_in_a_table_too() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 2).await;
        city.clock.advance(Duration::from_hours(72));
        let mut officer = officer_of(&city, HAI_CHAU.0);
        let remove = [("seen", "1.1"), ("reason", "cây đổ")];
        officer.submit("/map/layers/trees/features/1/remove", &remove).await.expect(303);
        let heritage = [("seen", "2.1"), ("reason", "cây sâu")];
        officer.submit("/map/layers/heritage/features/1/remove", &heritage).await.expect(303);
        city.clock.advance(Duration::from_hours(72));
        let mut visitor = city.visitor();
        let path = "/map/compare?layers=trees,heritage&at=2026-11-21";
        let open = page(&mut visitor, path).await;
        assert!(open.contains("cây đổ") && open.contains("Đưa ra khỏi lớp") && open.contains("Bàng 0"));
        assert!(!open.contains("Lê Văn Bình") && !open.contains("cây sâu") && !open.contains("Cây di sản"));
        let own = page(&mut officer, path).await;
        assert!(own.contains("Lê Văn Bình") && own.contains("cây sâu"));
        assert!(!page(&mut officer_of(&city, HOA_CUONG.0), path).await.contains("cây sâu"));
        let quiet = page(&mut visitor, "/map/compare?layers=trees&at=2026-11-24&and=2026-11-25").await;
        assert!(quiet.contains("Không có thay đổi nào"));
        let turned = page(&mut visitor, "/map/compare?layers=trees&at=2026-11-25&and=2026-11-21").await;
        assert!(turned.contains("cây đổ"), "the earlier day is the earlier one");
        let first = page(&mut visitor, "/map/compare?layers=trees&at=2026-11-01").await;
        assert!(first.contains("đã được nạp lại"));
        assert!(
            first.contains("chưa có dữ liệu") && first.contains("có dữ liệu từ ngày 20/11/2026"),
            "an empty side is told"
        );
        assert!(!open.contains("chưa có dữ liệu") && !quiet.contains("chưa có dữ liệu"));
        let nothing = page(&mut visitor, "/map/compare?layers=trees&at=2026-11-01").await;
        assert!(!nothing.contains("Cây di sản"), "a layer that is not theirs is not named");
        let table = page(&mut visitor, "/map/layers/trees?at=2026-11-21").await;
        assert!(table.contains("Bàng 0") && table.contains("features/1?at=2026-11-21"));
        let then = page(&mut visitor, "/map/layers/trees/features/1?at=2026-11-21").await;
        assert!(then.contains("Bàng 0") && then.contains("Dữ liệu tính đến hết ngày"));
    })
    .await;
}

#[tokio::test]
async fn only_the_embedded_map_may_be_framed_and_it_is_what_everybody_sees() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 2).await;
        for mut client in [city.visitor(), officer_of(&city, HAI_CHAU.0)] {
            let answer = client.get("/map/embed?layers=trees,heritage").await.expect(200);
            let policy = answer.headers["content-security-policy"].to_str().unwrap().to_owned();
            assert!(policy.contains("frame-ancestors *") && policy.contains("img-src 'self' data: blob:"));
            assert!(policy.contains("script-src 'self'") && policy.contains("worker-src 'self'"));
            let text = answer.text();
            assert!(text.contains("Cây xanh") && !text.contains("heritage") && !text.contains("<form"));
            assert!(text.contains("http://city.test/map?layers=trees") && text.contains("không phải số liệu thật"));
            for framed in ["/map", "/map/layers", "/map/print", "/map/compare", "/map/layers/trees"] {
                let policy = client.get(framed).await.expect(200);
                let policy = policy.headers["content-security-policy"].to_str().unwrap().to_owned();
                assert!(policy.contains("frame-ancestors 'none'"), "{framed}");
            }
        }
    })
    .await;
}
