//! Procedures of the national catalogue: found, shown as they were read, changed.

use std::io::Cursor;

use songhan_testkit::{TestCity, for_each_database, words};

use crate::imported::tests::{line, modules};
use crate::ops::import_procedures::import_procedures;

const CODE: &str = "9.000001";

async fn import(city: &TestCity, lines: &[String]) {
    let file = Cursor::new(lines.join("\n"));
    import_procedures(&city.system(), file, |_| {}).await.expect("imported");
    city.settle().await;
}

#[tokio::test]
async fn an_imported_procedure_is_found_and_shown() {
    for_each_database(modules(), |city| async move {
        let mut vi = city.visitor();
        let before = vi.get("/").await.expect(200).text();
        vi.get(&format!("/procedures/{CODE}")).await.expect(404);
        let customs = [
            ("ten_thu_tuc", "Thủ tục hải quan thử"),
            ("cap_thuc_hien", "Cấp bộ"),
            ("linh_vuc", "Hải quan"),
            ("co_quan_thuc_hien", "Cục Hải quan"),
            ("cach_thuc_thuc_hien", "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tiếp1Miễn phí(theo quy định của Bộ)"),
        ];
        import(&city, &[line(CODE, &[]), line("9.000002", &customs)]).await;
        let home = vi.get("/").await.expect(200).text();
        assert_ne!(home, before, "pages that were kept are made anew");
        for path in
            ["/procedures?q=giay%20phep%20thu", "/procedures?tier=commune&q=thu", "/procedures?who=business&q=thu"]
        {
            let found = vi.get(path).await.expect(200).text();
            assert!(found.contains(&format!("/procedures/{CODE}\"")), "{path}");
        }
        let central = vi.get("/procedures?tier=central").await.expect(200).text();
        assert!(central.contains("/procedures/9.000002") && !central.contains(&format!("/procedures/{CODE}\"")));
        let page = words(&vi.get(&format!("/procedures/{CODE}")).await.expect(200).text());
        insta::assert_snapshot!("imported_vi", page);
        let customs = vi.get("/procedures/9.000002").await.expect(200).text();
        assert!(customs.contains("Thành phố không giải quyết thủ tục này") && !customs.contains("/apply\""));
        assert!(customs.contains("theo quy định của Bộ"), "what was not read stands as text");
        let mut en = city.visitor().english();
        let page = en.get(&format!("/procedures/{CODE}")).await.expect(200).text();
        assert!(page.contains("5 working days") && page.contains("From the national database"));

        let seen = vi.get(&format!("/api/v1/procedures/{CODE}")).await.expect(200).json();
        assert_eq!((seen["origin"].as_str(), seen["level"].as_u64()), (Some("national"), Some(4)));
        assert_eq!(seen["national"]["channels"][0]["fees"][0]["amount"], 80_000);
        assert_eq!(seen["documents"][1]["copies"], 1);
        assert_eq!(seen["fees"][0]["amount"], 80_000);
        let listed = vi.get("/api/v1/procedures?tier=central").await.expect(200).json();
        assert_eq!(listed["total"], 1);
        vi.get("/api/v1/procedures?tier=nowhere").await.expect(400);
        vi.get(&format!("/api/v1/procedures/{CODE}?version=0")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn what_changed_is_told() {
    for_each_database(modules(), |city| async move {
        let mut vi = city.visitor();
        let none = vi.get("/procedures/changes").await.expect(200).text();
        assert!(none.contains("Chưa có thay đổi nào"));
        import(&city, &[line(CODE, &[])]).await;
        assert!(vi.get("/procedures/changes").await.expect(200).text().contains("Chưa có thay đổi nào"));
        let sooner = "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến3 Ngày làm việcMiễn phí";
        import(&city, &[line(CODE, &[("cach_thuc_thuc_hien", sooner)]), line("9.000009", &[])]).await;
        let told = vi.get("/procedures/changes").await.expect(200).text();
        for text in ["5 ngày làm việc", "Trực tuyến: 3 ngày làm việc", "80.000", "không thu", "Thủ tục mới", "9.000009"]
        {
            assert!(told.contains(text), "{text}: {told}");
        }
        let feed = vi.get("/procedures/changes.atom").await.expect(200);
        assert!(feed.headers["content-type"].to_str().is_ok_and(|kind| kind.starts_with("application/atom+xml")));
        assert!(feed.text().contains("<title>Thay đổi: Cấp giấy phép thử</title>"), "{}", feed.text());
        // The earlier version is there as it was.
        let page = vi.get(&format!("/procedures/{CODE}")).await.expect(200).text();
        assert!(page.contains("Các phiên bản (2)") && page.contains("3 ngày làm việc"), "{page}");
        let first = page.split("?version=").last().and_then(|rest| rest.split('"').next()).expect("a link");
        let earlier = vi.get(&format!("/procedures/{CODE}?version={first}")).await.expect(200).text();
        assert!(earlier.contains("Đây là phiên bản cũ") && earlier.contains("80.000") && !earlier.contains("/apply\""));
        vi.get(&format!("/procedures/{CODE}?version=nothing")).await.expect(404);
        for odd in ["?after=x", "?after=1-%00", "?after=99999999999999999999-1", "?after=5-9.000001"] {
            assert!(vi.get(&format!("/procedures/changes{odd}")).await.status.as_u16() < 500, "{odd}");
        }
    })
    .await;
}
