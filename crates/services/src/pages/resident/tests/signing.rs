//! A resident signs the form before it is handed in, with the stand-in of a provider as their telephone.

use serde_json::json;
use songhan_city::Folder;
use songhan_documents::personal;
use songhan_testkit::{TestCity, for_each_database_as};

use super::support::{fill_in_copy, lan, modules, resident};

/// The form of the copy, to be signed.
fn folder() -> Folder {
    let folder = Folder::embedded();
    let path = "forms/civil-status-copy.toml";
    let text = folder.read(path).unwrap().replacen("\n[[section]]", "\nsignature = \"applicant\"\n\n[[section]]", 1);
    folder.with(path, &text)
}

pub async fn with_telephone<F, Fut>(test: F)
where
    F: Fn(TestCity, String) -> Fut,
    Fut: Future<Output = ()>,
{
    let origin = songhan_sandbox::on_a_free_port().await.unwrap();
    let sections: serde_json::Map<_, _> = personal::demo_sections(&origin, &origin).into_iter().collect();
    for_each_database_as(folder(), sections.into(), modules(), |city| test(city, origin.clone())).await;
}

pub async fn answer(origin: &str, answer: &str) {
    songhan_sandbox::answer_on_telephone(origin, answer).await.unwrap();
}

#[tokio::test]
async fn a_form_is_signed_on_the_telephone_before_it_is_handed_in() {
    with_telephone(|city, origin| async move {
        let mut lan = city.client(&lan(&city).await);
        let draft = fill_in_copy(&mut lan).await;
        let review = lan.get(&format!("{draft}/review")).await.expect(200).text();
        assert!(review.contains("Ký số tờ khai") && !review.contains(&format!("{draft}/submit")), "{review}");
        let answered = lan.submit(&format!("{draft}/submit"), &[]).await.expect(303);
        assert_eq!(answered.location(), format!("{draft}/sign"), "unsigned is not handed in");
        lan.get(&format!("{draft}/application.pdf")).await.expect(404);

        lan.submit(&format!("{draft}/sign"), &[]).await.expect(303);
        let page = lan.get(&format!("{draft}/sign")).await.expect(200).text();
        assert!(page.contains("Hãy xác nhận trên điện thoại") && page.contains("Mã đối chiếu"), "{page}");
        let shown = lan.get(&format!("{draft}/application.pdf")).await.expect(200).body;
        answer(&origin, "decline").await;
        let page = lan.get(&format!("{draft}/sign")).await.expect(200).text();
        assert!(page.contains("Chưa ký được"), "{page}");
        lan.submit(&format!("{draft}/submit"), &[]).await.expect(303);

        for _ in 0..2 {
            lan.submit(&format!("{draft}/sign"), &[]).await.expect(303);
        }
        answer(&origin, "confirm").await;
        let page = lan.get(&format!("{draft}/sign")).await.expect(200).text();
        assert!(page.contains("Đã ký số") && page.contains(&format!("{draft}/submit")), "{page}");
        let signed = lan.get(&format!("{draft}/application.pdf")).await.expect(200).body;
        assert!(signed.len() > shown.len() && signed.starts_with(b"%PDF-"));
        let mut other = city.client(&resident(&city, "Trần Quốc Bảo", "048201004321").await);
        other.get(&format!("{draft}/application.pdf")).await.expect(404);
        other.get(&format!("{draft}/sign")).await.expect(404);

        let done = lan.submit(&format!("{draft}/submit"), &[]).await.expect(303);
        let code =
            done.location().strip_prefix("/dossiers/").and_then(|rest| rest.split_once('?')).unwrap().0.to_owned();
        let papers = songhan_documents::of_subject(&city.app.db, &crate::dossier::subject(&code)).await.unwrap();
        let [paper] = papers.as_slice() else { panic!("one paper: {papers:?}") };
        assert_eq!((paper.template.as_str(), paper.signer_name.as_deref()), ("application", Some("Nguyễn Thị Lan")));
        assert_eq!(paper.size as usize, signed.len());
        let verified = city.visitor().get(&format!("/verify/{}", paper.id)).await.expect(200).text();
        assert!(verified.contains("N. T. Lan") && verified.contains("không phải giấy tờ do cơ quan cấp"), "{verified}");
        let page = lan.get(&format!("/dossiers/{code}")).await.expect(200).text();
        assert!(page.contains(&format!("/dossiers/{code}/issued/{}", paper.id)), "{page}");
        assert!(
            page.contains("đã ký số") && !page.contains("Giấy tờ cơ quan đã cấp"),
            "her own form, issued by nobody"
        );
        judged_by_poppler(&signed);
    })
    .await;
}

/// What pdfsig says of the file: one signature, whole, by the applicant.
fn judged_by_poppler(pdf: &[u8]) {
    let file = std::env::temp_dir().join(format!("songhan-signed-{}.pdf", std::process::id()));
    std::fs::write(&file, pdf).unwrap();
    match std::process::Command::new("pdfsig").arg("-nocert").arg(&file).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(said.contains("Signature is Valid") && said.contains("Nguyễn Thị Lan"), "{said}");
        }
        Err(_) => println!("SKIPPED: no pdfsig (poppler-utils)"),
    }
    let _ = std::fs::remove_file(&file);
}

#[tokio::test]
async fn what_was_signed_is_what_is_handed_in() {
    with_telephone(|city, origin| async move {
        let mut lan = city.client(&lan(&city).await);
        let draft = fill_in_copy(&mut lan).await;
        lan.submit(&format!("{draft}/sign"), &[]).await.expect(303);
        answer(&origin, "confirm").await;
        lan.get(&format!("{draft}/sign")).await.expect(200);
        let review = lan.get(&format!("{draft}/review")).await.expect(200).text();
        assert!(review.contains("Tờ khai đã được ký số") && review.contains(&format!("{draft}/submit")), "{review}");
        // A change after the signature: the signed paper is another version's.
        lan.submit(&format!("{draft}/copies"), &[("copies", "5")]).await.expect(303);
        let answered = lan.submit(&format!("{draft}/submit"), &[]).await.expect(303);
        assert_eq!(answered.location(), format!("{draft}/sign"));
        let answered = lan.get(&format!("{draft}/sign")).await.expect(303);
        assert_eq!(answered.location(), format!("{draft}/review"));
        let review = lan.get(&format!("{draft}/review")).await.expect(200).text();
        assert!(review.contains("Tờ khai đã được sửa sau khi ký") && review.contains("Khi ký số tờ khai"), "{review}");
        lan.submit(&format!("{draft}/sign"), &[]).await.expect(303);
        city.clock.advance(std::time::Duration::from_secs(11 * 60));
        let page = lan.get(&format!("{draft}/sign")).await.expect(200).text();
        assert!(page.contains("Đã quá thời gian xác nhận"), "{page}");
        // The programs' door is no way around it.
        let body = json!({ "procedure": "2.000635", "unit": "ubnd-hai-chau", "answers": { "record_kind": "birth",
            "subject": "self", "registered_at": "Phước Ninh", "copies": 2, "applicant_name": "Nguyễn Thị Lan",
            "applicant_born": "1990-03-12", "applicant_citizen_id": "048190001234", "applicant_phone": "0905123456",
            "applicant_address": "24 Trần Phú" } });
        let problem = lan.post_once("/api/v1/dossiers", "k", &body).await.expect(409).json();
        assert_eq!(problem["code"], "signature_needed");
    })
    .await;
}

#[tokio::test]
async fn without_a_provider_the_counter_is_named() {
    for_each_database_as(folder(), json!({}), modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let draft = fill_in_copy(&mut lan).await;
        let page = lan.submit(&format!("{draft}/sign"), &[]).await.expect(409).text();
        assert!(page.contains("Hiện chưa ký số trực tuyến được"), "{page}");
    })
    .await;
}
