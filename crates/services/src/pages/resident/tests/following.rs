//! Following a dossier: its page, the office's questions, what the applicant answers; and who sees none of it.

use songhan_testkit::for_each_database;

use super::support::{
    PDF, accept, between, do_it, hand_in_copy, issue, lan, modules, officer, pay, resident, send_files,
};

#[tokio::test]
async fn the_office_asks_and_the_applicant_answers() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let mut officer = city.client(&officer(&city));
        let code = hand_in_copy(&mut lan).await;
        let path = format!("/dossiers/{code}");
        let page = lan.get(&path).await.expect(200).text();
        assert!(page.contains("Hãy nộp phí để hồ sơ được tiếp nhận") && page.contains("16.000\u{a0}đ"), "{page}");
        assert!(page.contains(&format!("<live-region id=\"dossier\" src=\"{path}/live\">")));

        do_it(&mut officer, &code, "request_completion", "Đề nghị bổ sung bản chụp căn cước").await;
        city.settle().await;
        let page = lan.get(&path).await.expect(200).text();
        assert!(page.contains("Đề nghị bổ sung bản chụp căn cước") && page.contains("/actions/complete"));
        assert!(!page.contains("Lê Văn Bình"), "officers stand as their unit");

        let action = format!("{path}/actions/complete");
        let asked = lan.get(&action).await.expect(200).text();
        assert!(asked.contains("Đề nghị bổ sung bản chụp căn cước"));
        // A bad file: the good one stays, listed, as a hidden field.
        let files: [(&str, &str, &[u8]); 2] = [("files", "cccd.pdf", PDF), ("files", "x.txt", b"text")];
        let wrong = send_files(&mut lan, &action, &[("note", "Gửi anh")], &files).await.expect(422).text();
        let upload = between(&wrong, "name=\"upload\" value=\"", "\"").to_owned();
        assert!(wrong.contains("cccd.pdf") && wrong.contains("Gửi anh") && wrong.contains("“x.txt” không phải PDF"));
        let sent = send_files(&mut lan, &action, &[("note", "Gửi anh"), ("upload", &upload)], &[]).await.expect(303);
        assert_eq!(sent.location(), format!("{path}?said=done"));
        let page = lan.get(sent.location()).await.expect(200).text();
        assert!(page.contains("cccd.pdf") && page.contains("Gửi anh") && page.contains("Hồ sơ đã được cập nhật"));
        // Too late a second time, told on the page.
        let late = send_files(&mut lan, &action, &[("note", "nữa")], &[]).await.expect(303);
        assert_eq!(late.location(), format!("{path}?said=changed"));

        pay(&city, &mut officer, &code).await;
        assert!(lan.get(&path).await.expect(200).text().contains("Đã nộp</a>"));
    })
    .await;
}

#[tokio::test]
async fn withdrawing_is_asked_twice() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let code = hand_in_copy(&mut lan).await;
        let path = format!("/dossiers/{code}");
        let action = format!("{path}/actions/withdraw");
        let asked = lan.get(&action).await.expect(200).text();
        assert!(asked.contains("Hồ sơ sẽ kết thúc") && !asked.contains("type=\"file\""));
        let done = lan.submit(&action, &[("note", "Không cần nữa"), ("version", "1")]).await.expect(303);
        let page = lan.get(done.location()).await.expect(200).text();
        assert!(page.contains("đã được rút") && !page.contains("/actions/withdraw"));
        // What cannot be done any more, or never could, is no page of its own.
        for gone in ["withdraw", "sign", "nothing"] {
            let led = lan.get(&format!("{path}/actions/{gone}")).await.expect(303);
            assert_eq!(led.location(), format!("{path}?said=changed"));
        }
        let own = lan.get("/dossiers").await.expect(200).text();
        assert!(own.contains(&code));
    })
    .await;
}

#[tokio::test]
async fn a_dossier_is_its_applicants() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let code = hand_in_copy(&mut lan).await;
        let path = format!("/dossiers/{code}");
        let mut bao = city.client(&resident(&city, "Trần Quốc Bảo", "048201004321").await);
        for page in ["", "/live", "/receipt.pdf", "/result.pdf", "/actions/withdraw", "?submitted=1"] {
            bao.get(&format!("{path}{page}")).await.expect(404);
        }
        bao.submit(&format!("{path}/actions/withdraw"), &[]).await.expect(404);
        assert!(!bao.get("/dossiers").await.expect(200).text().contains(&code));
        // Nothing is made yet: not there, for anyone.
        lan.get(&format!("{path}/result.pdf")).await.expect(404);
        // The office has pages of its own.
        let mut officer = city.client(&officer(&city));
        assert_eq!(officer.get(&path).await.expect(303).location(), format!("/office/dossiers/{code}"));
        lan.get("/dossiers/000.00.15.H17-261121-9999").await.expect(404);
        lan.get("/dossiers?after=nonsense").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn tracking_tells_names_to_the_receipts_holder_only() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let code = hand_in_copy(&mut lan).await;
        let receipt = lan.get(&format!("/dossiers/{code}?submitted=1")).await.expect(200).text();
        let key = between(&receipt, "Khóa tra cứu: </span><span class=\"code__value\">", "<").to_owned();
        let mut anyone = city.visitor();
        let page = anyone.get(&format!("/track/{code}")).await.expect(200).text();
        assert!(page.contains(&code) && !page.contains("Nguyễn Thị Lan") && !page.contains("trích lục"));
        let page = anyone.get(&format!("/track/{code}?key={key}")).await.expect(200).text();
        assert!(page.contains("Nguyễn Thị Lan"));
        let page = anyone.get(&format!("/track/{code}?key=guess")).await.expect(200).text();
        assert!(!page.contains("Nguyễn Thị Lan"));
        let page = anyone.english().get(&format!("/track/{}", code.to_lowercase())).await.expect(200).text();
        assert!(page.contains("Track another dossier"));
    })
    .await;
}

#[tokio::test]
async fn the_result_comes_back() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let code = hand_in_copy(&mut lan).await;
        let path = format!("/dossiers/{code}");
        accept(&city, &code).await;
        let page = lan.get(&path).await.expect(200).text();
        assert!(page.contains("Thời hạn giải quyết đang được tính") && page.contains("Hẹn trả"), "{page}");
        let receipt = lan.get(&format!("{path}/receipt.pdf")).await.expect(200);
        assert!(receipt.body.starts_with(b"%PDF-") && receipt.headers["content-type"] == "application/pdf");
        assert_eq!(receipt.headers["cache-control"], "no-store");
        issue(&city, &code).await;
        let page = lan.get(&path).await.expect(200).text();
        assert!(page.contains("Tải kết quả (PDF)") && page.contains("/verify/"), "{page}");
        assert!(!page.contains("/actions/withdraw"));
        let result = lan.get(&format!("{path}/result.pdf")).await.expect(200);
        assert!(result.body.starts_with(b"%PDF-"));
        let told = lan.get("/notices").await.expect(200).text();
        for title in ["Đã nộp hồ sơ", "Đã nhận phí", "đã được tiếp nhận", "đã có kết quả"]
        {
            assert!(told.contains(title), "{title}: {told}");
        }
        let mut bao = city.client(&resident(&city, "Trần Quốc Bảo", "048201004321").await);
        bao.get(&format!("{path}/result.pdf")).await.expect(404);
        bao.get(&format!("{path}/receipt.pdf")).await.expect(404);
        let tracked = city.visitor().get(&format!("/track/{code}")).await.expect(200).text();
        assert!(!tracked.contains("result.pdf"));
    })
    .await;
}
