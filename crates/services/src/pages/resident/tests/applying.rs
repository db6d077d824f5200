//! Applying: one question a screen, kept at every step, handed in once.

use songhan_forms::Answers;
use songhan_forms::drafts::{self, NewDraft};
use songhan_testkit::{Client, for_each_database};

use super::support::{
    BIRTH, COPY, COPY_ANSWERS, PDF, UNIT, begin, between, code_of, fill_in_copy, lan, modules, resident, send_files,
    words,
};

#[tokio::test]
async fn from_the_first_question_to_the_receipt() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let draft = begin(&mut lan, COPY).await;
        // The first question; nothing chosen is told at once, with a way to the field.
        let first = lan.get(&format!("{draft}/record_kind")).await.expect(200).text();
        assert!(
            first.contains("Câu 1 trên 10") && first.contains("<h1>Ông, bà cần bản sao giấy tờ nào?</h1>"),
            "{first}"
        );
        let wrong = lan.submit(&format!("{draft}/record_kind"), &[]).await.expect(422).text();
        assert!(wrong.contains("href=\"#f-record_kind\"") && wrong.contains("Hãy chọn câu trả lời"));
        for (screen, fields) in COPY_ANSWERS {
            let path = format!("{draft}/{screen}");
            lan.get(&path).await.expect(200);
            lan.submit(&path, fields).await.expect(303);
        }
        // The account's data was there to be checked, and one screen says so.
        let known = lan.get(&format!("{draft}/applicant_person")).await.expect(200).text();
        assert!(known.contains("value=\"048190001234\"") && known.contains("Đã điền sẵn từ tài khoản"));
        // The unit is asked for, the one at home being suggested; none is refused.
        let unit = lan.get(&format!("{draft}/unit")).await.expect(200).text();
        assert!(unit.contains(&format!("<option value=\"{UNIT}\" selected>")));
        lan.submit(&format!("{draft}/unit"), &[("unit", "so-xay-dung")]).await.expect(422);
        assert_eq!(lan.get(&format!("{draft}/review")).await.expect(303).location(), format!("{draft}/unit"));
        lan.submit(&format!("{draft}/unit"), &[("unit", UNIT)]).await.expect(303);
        by_post(&mut lan, &draft).await;

        let review = lan.get(&format!("{draft}/review")).await.expect(200).text();
        for text in ["Phước Ninh", "16.000\u{a0}đ", "phường Hải Châu", "048\u{a0}190\u{a0}001\u{a0}234", "?change=1"]
        {
            assert!(review.contains(text), "{text}");
        }
        insta::assert_snapshot!("review_vi", words(&review));
        // A change leads back to the review.
        let changed = lan.submit(&format!("{draft}/copies"), &[("copies", "3"), ("change", "1")]).await.expect(303);
        assert_eq!(changed.location(), format!("{draft}/review"));
        let stale = lan.submit(&format!("{draft}/submit"), &[("version", "1")]).await.expect(409).text();
        assert!(stale.contains("24.000\u{a0}đ") && stale.contains("Hồ sơ chưa được nộp"));

        let handed_in = lan.submit(&format!("{draft}/submit"), &[]).await.expect(303);
        let code = code_of(&handed_in);
        let again = lan.submit(&format!("{draft}/submit"), &[]).await.expect(303);
        assert_eq!(code_of(&again), code, "twice is once");
        let receipt = lan.get(handed_in.location()).await.expect(200);
        assert_eq!(receipt.headers["cache-control"], "no-store");
        let receipt = receipt.text();
        assert!(receipt.contains(&code) && receipt.contains("Khóa tra cứu") && receipt.contains("/pay/"));
        // The draft is gone; its addresses lead to what it became.
        for page in ["review", "copies", "unit"] {
            let led = lan.get(&format!("{draft}/{page}")).await.expect(303);
            assert_eq!(led.location(), format!("/dossiers/{code}"));
        }
        let own = lan.get("/dossiers").await.expect(200).text();
        assert_eq!(own.matches(&format!("href=\"/dossiers/{code}\"")).count(), 1);
    })
    .await;
}

/// How the result comes back: by post, with who receives it, which the account knows.
async fn by_post(lan: &mut Client, draft: &str) {
    assert_eq!(lan.get(&format!("{draft}/review")).await.expect(303).location(), format!("{draft}/return"));
    let way = lan.get(&format!("{draft}/return")).await.expect(200).text();
    assert!(way.contains("Ông, bà muốn nhận kết quả như thế nào?") && way.contains("Người nhận trả cước cho bưu tá"));
    assert!(way.contains("Câu 10 trên 10"), "{way}");
    lan.submit(&format!("{draft}/return"), &[("way", "pigeon")]).await.expect(422);
    let to = lan.submit(&format!("{draft}/return"), &[("way", "post")]).await.expect(303);
    assert_eq!(to.location(), format!("{draft}/return-to"));
    let page = lan.get(to.location()).await.expect(200).text();
    assert!(
        page.contains("value=\"Nguyễn Thị Lan\"") && page.contains("Lê Lợi") && page.contains("Câu 11 trên 11"),
        "{page}"
    );
    assert_eq!(lan.get(&format!("{draft}/review")).await.expect(303).location(), to.location());
    let wrong = [("recipient", "Trần Văn Ba"), ("phone", "12"), ("address", "x")];
    let wrong = lan.submit(to.location(), &wrong).await.expect(422).text();
    assert!(
        wrong.contains("Trần Văn Ba") && wrong.contains("href=\"#f-phone\"") && wrong.contains("href=\"#f-address\"")
    );
    let fields = [("recipient", "Trần Văn Ba"), ("phone", "0905 111 222"), ("address", "3 Bạch Đằng, Đà Nẵng")];
    assert_eq!(lan.submit(to.location(), &fields).await.expect(303).location(), format!("{draft}/review"));
    let review = lan.get(&format!("{draft}/review")).await.expect(200).text();
    assert!(review.contains("Trần Văn Ba") && review.contains("/return-to?change=1"), "{review}");
    // And electronically after all: the recipient is asked no more.
    let back = lan.submit(&format!("{draft}/return"), &[("way", "electronic"), ("change", "1")]).await.expect(303);
    assert_eq!(back.location(), format!("{draft}/review"));
    lan.get(&format!("{draft}/return-to")).await.expect(303);
}

#[tokio::test]
async fn nothing_typed_is_lost() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let draft = begin(&mut lan, COPY).await;
        lan.submit(&format!("{draft}/record_kind"), &[("record_kind", "death")]).await.expect(303);
        lan.submit(&format!("{draft}/subject"), &[("subject", "other")]).await.expect(303);
        // Half a screen, and away.
        let half = [("subject_name", "Trần Văn Ba"), ("subject_born-day", "31"), ("subject_born-month", "2")];
        let wrong = lan.submit(&format!("{draft}/subject_person"), &half).await.expect(422).text();
        assert!(wrong.contains("Trần Văn Ba") && wrong.contains("value=\"31\"") && !wrong.contains("Đã lưu nháp</p>"));
        let fields = [&half[..], &[("leave", "1")]].concat();
        let left = lan.submit(&format!("{draft}/subject_person"), &fields).await.expect(303);
        assert_eq!(left.location(), "/dossiers?said=saved");
        let own = lan.get(left.location()).await.expect(200).text();
        assert!(own.contains("Đã lưu bản nháp") && own.contains("Làm tiếp"));
        assert!(lan.get(&format!("/procedures/{COPY}")).await.expect(200).text().contains("Làm tiếp hồ sơ đang soạn"));
        // Going on finds it where it was left.
        let on = lan.get(&format!("/procedures/{COPY}/apply")).await.expect(303);
        assert_eq!(on.location(), format!("{draft}/subject_person?resumed=1"));
        let page = lan.get(on.location()).await.expect(200).text();
        assert!(page.contains("Trần Văn Ba") && page.contains("Đang làm tiếp bản nháp"));
        // What is typed is kept without a step as well.
        lan.submit(&format!("{draft}/registered_at/keep"), &[("registered_at", "xã Hòa Vang")]).await.expect(204);
        assert!(lan.get(&format!("{draft}/registered_at")).await.expect(200).text().contains("xã Hòa Vang"));
        // A question that an answer has hidden leads to where something is to be done.
        lan.submit(&format!("{draft}/subject"), &[("subject", "self")]).await.expect(303);
        let hidden = lan.get(&format!("{draft}/subject_person")).await.expect(303);
        assert!(hidden.location().starts_with(&draft));
        lan.get(&format!("{draft}/nothing")).await.expect(303);
        // Anew: asked first, then gone.
        let asked = lan.get(&format!("{draft}/delete?again=1")).await.expect(200).text();
        assert!(asked.contains("làm lại từ đầu"));
        let anew = lan.submit(&format!("{draft}/delete"), &[("again", "1")]).await.expect(303);
        assert_eq!(anew.location(), format!("/procedures/{COPY}/apply"));
        let gone = lan.get(&format!("{draft}/subject")).await.expect(404).text();
        assert!(gone.contains("Không tìm thấy bản nháp"));
        assert_ne!(begin(&mut lan, COPY).await, draft);
    })
    .await;
}

#[tokio::test]
async fn files_come_with_an_ordinary_form() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let draft = begin(&mut lan, BIRTH).await;
        lan.submit(&format!("{draft}/birth_proof"), &[("birth_proof", "paper")]).await.expect(303);
        let path = format!("{draft}/birth_papers");
        let page = lan.get(&path).await.expect(200).text();
        assert!(page.contains("enctype=\"multipart/form-data\""));
        // Nothing chosen: the browser sends an empty part.
        let none = send_files(&mut lan, &path, &[], &[("birth_papers", "", b"")]).await.expect(422).text();
        assert!(none.contains("Hãy đính kèm tệp"));
        // One good, one bad: the good one stays.
        let files: [(&str, &str, &[u8]); 2] =
            [("birth_papers", "giấy chứng sinh.pdf", PDF), ("birth_papers", "xấu.exe", b"MZ....")];
        let mixed = send_files(&mut lan, &path, &[], &files).await.expect(422).text();
        assert!(mixed.contains("“xấu.exe” không phải PDF") && mixed.contains("giấy chứng sinh.pdf"), "{mixed}");
        let upload = between(&mixed, "href=\"/uploads/", "\"").to_owned();
        lan.get(&format!("/uploads/{upload}")).await.expect(200);
        // Taken away again by its button, the page stays.
        let removed = send_files(&mut lan, &path, &[("remove", &upload)], &[]).await.expect(303);
        assert_eq!(removed.location(), path);
        assert!(!lan.get(&path).await.expect(200).text().contains("giấy chứng sinh.pdf"));
        lan.get(&format!("/uploads/{upload}")).await.expect(404);
        // And sent for good.
        send_files(&mut lan, &path, &[], &[("birth_papers", "a.pdf", PDF)]).await.expect(303);
        assert!(lan.get(&path).await.expect(200).text().contains("a.pdf"));
        // Files of a form that is not ours are not taken.
        let body =
            "--B\r\nContent-Disposition: form-data; name=\"birth_papers\"; filename=\"a.pdf\"\r\n\r\nx\r\n--B--\r\n";
        let kind = Some("multipart/form-data; boundary=B");
        lan.send(axum::http::Method::POST, &path, kind, body.into()).await.expect(403);
        lan.send(axum::http::Method::POST, &path, Some("multipart/form-data"), body.into()).await.expect(400);
        lan.send(axum::http::Method::POST, &path, kind, b"--B\r\nhalf".to_vec()).await.expect(400);
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_its_owners() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let draft = fill_in_copy(&mut lan).await;
        let mut bao = city.client(&resident(&city, "Trần Quốc Bảo", "048201004321").await);
        for page in ["review", "copies", "unit", "delete", "submit"] {
            bao.get(&format!("{draft}/{page}")).await.expect(404);
        }
        bao.submit(&format!("{draft}/copies"), &[("copies", "9")]).await.expect(404);
        bao.submit(&format!("{draft}/copies/keep"), &[("copies", "9")]).await.expect(404);
        bao.submit(&format!("{draft}/unit"), &[("unit", UNIT)]).await.expect(404);
        bao.submit(&format!("{draft}/submit"), &[]).await.expect(404);
        bao.submit(&format!("{draft}/delete"), &[]).await.expect(404);
        // Without an account: to sign in. Without the form's token: refused.
        let mut nobody = city.visitor();
        assert!(nobody.get(&format!("{draft}/review")).await.expect(303).location().starts_with("/sign-in"));
        let kind = Some("application/x-www-form-urlencoded");
        lan.send(axum::http::Method::POST, &format!("{draft}/submit"), kind, Vec::new()).await.expect(403);
        for odd in ["/apply/x", "/apply/x/review", "/apply/01890a5d-ac96-774b-bcce-b302099a8057/y"] {
            lan.get(odd).await.expect(404);
        }
        assert!(lan.get(&format!("{draft}/review")).await.expect(200).text().contains("Nộp hồ sơ"));
    })
    .await;
}

#[tokio::test]
async fn a_procedure_that_closed_meanwhile_says_so() {
    for_each_database(modules(), |city| async move {
        let person = lan(&city).await;
        let cx = city.cx(&person);
        let form = cx.city.get::<songhan_forms::Forms>().get("general").unwrap();
        let answers = Answers::default();
        // Level 1 takes nothing online; the other is no procedure any more.
        let mut drafts = Vec::new();
        for purpose in ["procedure:2.000884", "procedure:9.999999"] {
            let mut tx = cx.begin().await.unwrap();
            let new = NewDraft { account: person.account, form, purpose, answers: &answers, at_screen: "" };
            drafts.push(drafts::start(&mut tx, cx.env.id(), new).await.unwrap().id);
            tx.commit().await.unwrap();
        }
        let mut lan = city.client(&person);
        for draft in drafts {
            let page = lan.get(&format!("/apply/{draft}/name")).await.expect(409).text();
            assert!(page.contains("đã ngừng nhận hồ sơ trực tuyến"));
            lan.submit(&format!("/apply/{draft}/submit"), &[]).await.expect(409);
            lan.get(&format!("/apply/{draft}/delete")).await.expect(200);
            lan.submit(&format!("/apply/{draft}/delete"), &[]).await.expect(303);
        }
        assert!(lan.get("/dossiers").await.expect(200).text().contains("Chưa có hồ sơ nào"));
        let led = lan.get("/procedures/chung-thuc-chu-ky/apply").await.expect(303);
        assert_eq!(led.location(), "/procedures/chung-thuc-chu-ky");
    })
    .await;
}

#[tokio::test]
async fn two_clicks_at_once_make_one_dossier() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let draft = fill_in_copy(&mut lan).await;
        let path = format!("{draft}/submit");
        let (mut one, mut two, mut three) = (lan.clone(), lan.clone(), lan.clone());
        let answers = tokio::join!(one.submit(&path, &[]), two.submit(&path, &[]), three.submit(&path, &[]));
        let codes = [answers.0, answers.1, answers.2].map(|answer| code_of(&answer.expect(303)));
        assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
        let own = lan.get("/dossiers").await.expect(200).text();
        assert_eq!(own.matches("href=\"/dossiers/0").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_pages_in_english() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await).english();
        let draft = fill_in_copy(&mut lan).await;
        let review = lan.get(&format!("{draft}/review")).await.expect(200).text();
        assert!(review.contains("Check before you hand in") && review.contains("1 working day"));
        lan.get(&format!("{draft}/unit")).await.expect(200);
        lan.get(&format!("{draft}/delete")).await.expect(200);
        lan.submit(&format!("{draft}/copies"), &[("copies", "999")]).await.expect(422);
        let handed_in = lan.submit(&format!("{draft}/submit"), &[]).await.expect(303);
        assert!(lan.get(handed_in.location()).await.expect(200).text().contains("Your dossier is handed in"));
        let code = code_of(&handed_in);
        for path in [format!("/dossiers/{code}"), format!("/dossiers/{code}/actions/withdraw"), "/dossiers".to_owned()]
        {
            lan.get(&path).await.expect(200);
        }
        lan.get("/apply/x/y").await.expect(404);
    })
    .await;
}
