//! An erased person: no signature of theirs, no name and no certificate stays outside what was handed in.

use serde_json::json;

use super::*;
use crate::files::tests::names;
use crate::upload::{claim_upload, take};
use crate::{person, record};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n%%EOF\n";

#[tokio::test]
async fn what_a_person_signed_goes_with_them() {
    with_telephone(|city, origin| async move {
        let (lan, bao) = (city.resident(NAME), city.resident("Trần Quốc Bảo"));
        let (cx, of_lan) = (city.system(), city.cx(&lan));
        let handed_in = ask(&cx, lan.account, "draft:1").await.unwrap();
        confirm(&origin).await;
        let handed_in = look(&cx, &handed_in.subject, 1).await.unwrap().unwrap();
        let paper = signed_document(&cx, &handed_in, "ubnd-hai-chau").await.unwrap();
        let code = "dossier:000.00.15.H17-261120-0001";
        let mut tx = cx.begin().await.unwrap();
        let paper = record(&mut tx, &cx, paper.about(code.to_owned(), lan.account, NAME)).await.unwrap();
        tx.commit().await.unwrap();
        ask(&cx, lan.account, "draft:2").await.unwrap();
        let others = ask(&cx, bao.account, "draft:3").await.unwrap();

        // One file handed in, one of her own, one that another person has too.
        let claimed = take(&of_lan, "nhà.pdf", [PDF, b"a%%EOF"].concat()).await.unwrap();
        take(&of_lan, "xe.pdf", [PDF, b"b%%EOF"].concat()).await.unwrap();
        take(&of_lan, "mẫu.pdf", PDF.to_vec()).await.unwrap();
        take(&city.cx(&bao), "mẫu.pdf", PDF.to_vec()).await.unwrap();
        let mut tx = cx.begin().await.unwrap();
        claim_upload(&mut tx, &cx, lan.account, &claimed.id.to_string(), "papers", &[]).await.unwrap();
        tx.commit().await.unwrap();
        let held = person::data(&cx, lan.account).await.unwrap();
        assert_eq!(held["signatures"].as_array().unwrap().len(), 2, "{held}");
        assert_eq!(held["uploads"].as_array().unwrap().len(), 3, "{held}");

        // Undone, it has never been.
        let before = names(&city).len();
        let mut tx = cx.begin().await.unwrap();
        person::erase(&cx, &mut tx, lan.account).await.unwrap();
        drop(tx);
        city.settle().await;
        assert_eq!((all_of(&city, lan.account).await.len(), names(&city).len()), (2, before));

        let mut tx = cx.begin().await.unwrap();
        person::erase(&cx, &mut tx, lan.account).await.unwrap();
        tx.commit().await.unwrap();
        city.settle().await;
        let held = person::data(&cx, lan.account).await.unwrap();
        assert_eq!((&held["signatures"], held["uploads"].as_array().unwrap().len()), (&json!([]), 1), "{held}");
        // Somebody may be about to name what was put just now: the job comes back. Then the two papers that were shown go,
        // and the file that was hers alone.
        assert_eq!(names(&city).len(), before);
        city.clock.advance(std::time::Duration::from_hours(1));
        city.settle().await;
        assert_eq!(names(&city).len(), before - 3);

        // What was handed in stays a signed document of its dossier; others keep theirs.
        let page = city.visitor().get(&format!("/verify/{}", paper.id)).await.expect(200).text();
        assert!(page.contains("Đây không phải giấy tờ do cơ quan cấp") && page.contains("N. T. Lan"), "{page}");
        assert!(!page.contains(NAME) && !page.contains("Cơ quan ban hành"), "{page}");
        assert_eq!(files::get(&city.app, &paper.sha256).await.unwrap().len() as i64, paper.size);
        files::get(&city.app, &claimed.sha256).await.unwrap();
        assert!(file_of(&cx, &others).await.unwrap().starts_with(b"%PDF-"));
        assert_eq!(all_of(&city, bao.account).await.len(), 1);
    })
    .await;
}
