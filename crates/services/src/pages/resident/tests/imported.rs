//! Procedures of the national catalogue are applied for like others; a dossier keeps the version that it began with.

use std::io::Cursor;

use songhan_procedures::ops::import_procedures::import_procedures;
use songhan_testkit::{TestCity, for_each_database};

use super::support::{PDF, UNIT, begin, code_of, lan, modules, national_line, send_files};

const CODE: &str = "9.000001";

async fn import(city: &TestCity, lines: &[String]) {
    let file = Cursor::new(lines.join("\n"));
    import_procedures(&city.system(), file, |_| {}).await.expect("imported");
    city.settle().await;
}

#[tokio::test]
async fn an_imported_procedure_is_applied_for() {
    for_each_database(modules(), |city| async move {
        import(&city, &[national_line(CODE, "Cấp giấy phép thử")]).await;
        let lan = lan(&city).await;
        let mut browser = city.client(&lan);
        let draft = begin(&mut browser, CODE).await;
        let form = browser.get(&format!("/api/v1/procedures/{CODE}")).await.expect(200).json()["form"].clone();
        let papers: Vec<String> = form["properties"]
            .as_object()
            .expect("questions")
            .keys()
            .filter(|id| id.starts_with("paper-"))
            .cloned()
            .collect();
        assert_eq!(papers.len(), 2);
        assert!(form["required"].as_array().expect("a list").contains(&papers[0].as_str().into()));
        for (screen, fields) in [
            ("for_whom", vec![("for_whom", "self")]),
            ("person", vec![("name", "Nguyễn Thị Lan"), ("citizen_id", "048190001234")]),
            ("phone", vec![("phone", "0905123456")]),
            ("address", vec![("address", "Số 27 đường Lê Lợi")]),
        ] {
            browser.get(&format!("{draft}/{screen}")).await.expect(200);
            browser.submit(&format!("{draft}/{screen}"), &fields).await.expect(303);
        }
        let page = browser.get(&format!("{draft}/{}", papers[0])).await.expect(200).text();
        assert!(page.contains("Đơn đề nghị cấp giấy phép thử") && page.contains("1 bản chính"), "{page}");
        let path = format!("{draft}/{}", papers[0]);
        send_files(&mut browser, &path, &[], &[(&papers[0], "don.pdf", PDF)]).await.expect(303);
        // The second is "nếu có" and may be left out; so may the note.
        send_files(&mut browser, &format!("{draft}/{}", papers[1]), &[], &[]).await.expect(303);
        browser.submit(&format!("{draft}/content"), &[("content", "")]).await.expect(303);
        browser.submit(&format!("{draft}/unit"), &[("unit", UNIT)]).await.expect(303);
        let review = browser.get(&format!("{draft}/review")).await.expect(200).text();
        assert!(review.contains("5 ngày làm việc") && review.contains("80.000"), "{review}");
        let code = code_of(&browser.submit(&format!("{draft}/submit"), &[]).await.expect(303));

        // The procedure changes; the dossier keeps what it began with.
        import(&city, &[national_line(CODE, "Cấp giấy phép khác hẳn")]).await;
        let dossier = browser.get(&format!("/dossiers/{code}")).await.expect(200).text();
        assert!(
            dossier.contains("Cấp giấy phép thử") && dossier.contains("Đơn đề nghị cấp giấy phép thử"),
            "{dossier}"
        );
        assert!(!dossier.contains("khác hẳn"));
        let seen = browser.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        assert_eq!(
            (seen["title"].as_str(), seen["charge"]["amount"].as_i64()),
            (Some("Cấp giấy phép thử"), Some(80_000))
        );
    })
    .await;
}
