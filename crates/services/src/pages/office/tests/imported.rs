//! Dossiers of procedures that only the national catalogue knows, at the desk: under their title, with what is prescribed.

use std::io::Cursor;

use songhan_base::Role;
use songhan_procedures::ops::import_procedures::import_procedures;
use songhan_testkit::for_each_database;

use super::support::{UNIT, modules};
use crate::pages::test_support::{PDF, begin, code_of, lan, national_line, send_files};

const CODE: &str = "9.000001";

#[tokio::test]
async fn they_are_handled_like_others() {
    for_each_database(modules(), |city| async move {
        import_procedures(&city.system(), Cursor::new(national_line(CODE, "Cấp giấy phép thử")), |_| {})
            .await
            .expect("imported");
        city.settle().await;
        let mut lan = city.client(&lan(&city).await);
        let draft = begin(&mut lan, CODE).await;
        for (screen, fields) in [
            ("for_whom", vec![("for_whom", "self")]),
            ("person", vec![("name", "Nguyễn Thị Lan"), ("citizen_id", "048190001234")]),
            ("phone", vec![("phone", "0905123456")]),
            ("address", vec![("address", "Số 27 đường Lê Lợi")]),
        ] {
            lan.get(&format!("{draft}/{screen}")).await.expect(200);
            lan.submit(&format!("{draft}/{screen}"), &fields).await.expect(303);
        }
        let form = lan.get(&format!("/api/v1/procedures/{CODE}")).await.expect(200).json()["form"].clone();
        let questions = form["properties"].as_object().expect("questions").keys();
        let papers: Vec<String> = questions.filter(|id| id.starts_with("paper-")).cloned().collect();
        send_files(&mut lan, &format!("{draft}/{}", papers[0]), &[], &[(&papers[0], "don.pdf", PDF)]).await.expect(303);
        send_files(&mut lan, &format!("{draft}/{}", papers[1]), &[], &[]).await.expect(303);
        lan.submit(&format!("{draft}/content"), &[("content", "")]).await.expect(303);
        lan.submit(&format!("{draft}/unit"), &[("unit", UNIT)]).await.expect(303);
        let code = code_of(&lan.submit(&format!("{draft}/submit"), &[]).await.expect(303));

        let mut officer = city.client(&city.person("Lê Văn Bình", &[(Role::Officer, Some(UNIT))]));
        for path in ["/office", "/office?view=open&tick=all"] {
            let page = officer.get(path).await.expect(200).text();
            assert!(page.contains(&code) && page.contains("Cấp giấy phép thử"), "{page}");
        }
        let page = officer.get(&format!("/office/dossiers/{code}")).await.expect(200).text();
        assert!(page.contains("Quy định ghi: Trực tuyến: 5 ngày làm việc"), "{page}");
        let box_of = format!("{code}:1");
        let page = officer.submit("/office/bulk", &[("action", "take"), ("dossier", &box_of)]).await.expect(200).text();
        assert!(page.contains("Cấp giấy phép thử") && page.contains("Lê Văn Bình"), "{page}");
    })
    .await;
}
