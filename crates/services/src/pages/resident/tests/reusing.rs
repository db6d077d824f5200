//! What the city has already is not asked for again: papers of earlier dossiers, results that it issued.

use serde_json::json;
use songhan_city::Folder;
use songhan_testkit::{Answer, Client, TestCity, for_each_database, for_each_database_in};

use super::support::{
    COPY, PDF, UNIT, accept, begin, between, hand_in_copy, issue, lan, modules, resident, send_files,
};

/// A copy for somebody else, whose authorisation is the paper that is looked at here.
async fn hand_in(client: &mut Client, key: &str, upload: &str, reused: bool) -> Answer {
    let answers = json!({ "record_kind": "birth", "subject": "other", "registered_at": "Phường Phước Ninh", "copies": 1,
        "applicant_name": "Nguyễn Thị Lan", "applicant_born": "1961-03-12", "applicant_citizen_id": "048161000007",
        "applicant_phone": "0905000000", "applicant_address": "24 Trần Phú", "subject_name": "Trần Thị Bưởi",
        "subject_born": "1961-02-03", "authorisation": [upload] });
    let reused = if reused { json!([upload]) } else { json!([]) };
    let input = json!({ "procedure": "2.000635", "unit": UNIT, "answers": answers, "reused": reused });
    client.post_once("/api/v1/dossiers", key, &input).await
}

/// How the paper of a dossier came: 0 sent, 2 a paper that lay here, 3 a result that the city issued.
async fn digitisation(client: &mut Client, handed_in: &Answer) -> i64 {
    let code = handed_in.json()["code"].as_str().expect("a code").to_owned();
    let seen = client.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
    seen["papers"][0]["digitisation"].as_i64().expect("a number")
}

/// A dossier of hers whose result is there.
async fn with_result(city: &TestCity, lan: &mut Client) -> String {
    let code = hand_in_copy(lan).await;
    accept(city, &code).await;
    issue(city, &code).await;
    code
}

#[tokio::test]
async fn a_paper_is_handed_in_once() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let draft = begin(&mut lan, COPY).await;
        lan.submit(&format!("{draft}/subject"), &[("subject", "other")]).await.expect(303);
        let path = format!("{draft}/authorisation");
        assert!(!lan.get(&path).await.expect(200).text().contains("Dùng lại giấy tờ"));
        send_files(&mut lan, &path, &[], &[("authorisation", "uy-quyen.pdf", PDF)]).await.expect(303);
        let page = lan.get(&path).await.expect(200).text();
        let upload = between(&page, "href=\"/uploads/", "\"").to_owned();
        hand_in(&mut lan, "1", &upload, false).await.expect(201);
        // Once handed in it is not taken again as if it were new; with the owner's word it is used again.
        hand_in(&mut lan, "2", &upload, false).await.expect(422);
        let code = hand_in(&mut lan, "3", &upload, true).await.expect(201).json()["code"].clone();
        let seen = lan.get(&format!("/api/v1/dossiers/{}", code.as_str().expect("a code"))).await.expect(200).json();
        assert_eq!(seen["papers"][0]["digitisation"], 2, "{seen}");
        // On the page it is offered, and ticked.
        lan.submit(&format!("{draft}/delete"), &[]).await.expect(303);
        let draft = begin(&mut lan, COPY).await;
        lan.submit(&format!("{draft}/subject"), &[("subject", "other")]).await.expect(303);
        let path = format!("{draft}/authorisation");
        let page = lan.get(&path).await.expect(200).text();
        assert!(page.contains("Dùng lại giấy tờ đã có") && page.contains("uy-quyen.pdf"), "{page}");
        let ticked = format!("authorisation:{upload}");
        send_files(&mut lan, &path, &[("reuse", &ticked)], &[]).await.expect(303);
        assert!(lan.get(&path).await.expect(200).text().contains(&format!("/uploads/{upload}")));
        // Nobody uses another's papers.
        let mut bao = city.client(&resident(&city, "Trần Quốc Bảo", "048201004321").await);
        hand_in(&mut bao, "4", &upload, true).await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn a_result_of_the_citys_needs_no_file() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let code = with_result(&city, &mut lan).await;
        let result = lan.get(&format!("/dossiers/{code}/result.pdf")).await.expect(200).body;

        // Where a file is asked for the result is offered; ticked, it is there, and not offered again.
        let draft = begin(&mut lan, COPY).await;
        lan.submit(&format!("{draft}/subject"), &[("subject", "other")]).await.expect(303);
        let path = format!("{draft}/authorisation");
        let page = lan.get(&path).await.expect(200).text();
        assert!(page.contains(&format!("Kết quả của hồ sơ {code}")), "{page}");
        let ticked = between(&page, "value=\"authorisation:result-", "\"").to_owned();
        let ticked = format!("authorisation:result-{ticked}");
        send_files(&mut lan, &path, &[("reuse", &ticked)], &[]).await.expect(303);
        let page = lan.get(&path).await.expect(200).text();
        assert!(!page.contains("Kết quả của hồ sơ"), "{page}");
        let upload = between(&page, "href=\"/uploads/", "\"").to_owned();
        assert_eq!(lan.get(&format!("/uploads/{upload}")).await.expect(200).body, result);
        // Sent again, it does not come twice; for another application it is another upload.
        send_files(&mut lan, &path, &[("reuse", &ticked)], &[]).await.expect(303);
        assert_eq!(lan.get(&path).await.expect(200).text().matches("href=\"/uploads/").count(), 1);
        // Handed in, it counts as a result that was used again; by a program that sends the file, too.
        let handed_in = hand_in(&mut lan, "1", &upload, false).await.expect(201);
        assert_eq!(digitisation(&mut lan, &handed_in).await, 3);
        let path = format!("{draft}/authorisation");
        send_files(&mut lan, &path, &[], &[("authorisation", "trich-luc.pdf", &result[..])]).await.expect(303);
        let page = lan.get(&path).await.expect(200).text();
        let sent = page.match_indices("href=\"/uploads/").map(|(at, found)| &page[at + found.len()..][..upload.len()]);
        let sent = sent.filter(|id| **id != upload).last().expect("a second upload").to_owned();
        let handed_in = hand_in(&mut lan, "2", &sent, false).await.expect(201);
        assert_eq!(digitisation(&mut lan, &handed_in).await, 3);

        // To nobody else it is a result of theirs, neither ticked nor sent.
        let mut bao = city.client(&resident(&city, "Trần Quốc Bảo", "048201004321").await);
        let draft = begin(&mut bao, COPY).await;
        bao.submit(&format!("{draft}/subject"), &[("subject", "other")]).await.expect(303);
        let path = format!("{draft}/authorisation");
        assert!(!bao.get(&path).await.expect(200).text().contains("Kết quả của hồ sơ"));
        send_files(&mut bao, &path, &[("reuse", &ticked)], &[]).await;
        assert!(!bao.get(&path).await.expect(200).text().contains("/uploads/"));
        send_files(&mut bao, &path, &[], &[("authorisation", "cua-lan.pdf", &result[..])]).await.expect(303);
        let page = bao.get(&path).await.expect(200).text();
        let handed_in = hand_in(&mut bao, "3", between(&page, "href=\"/uploads/", "\""), false).await.expect(201);
        assert_eq!(digitisation(&mut bao, &handed_in).await, 0);
    })
    .await;
}

/// The form of the copy with a second question for a file on the same screen.
fn two_files() -> Folder {
    let folder = Folder::embedded();
    let path = "forms/civil-status-copy.toml";
    let one = "[[section.question]]\nid = \"authorisation\"\n";
    let other = "\n[[section.question]]\nid = \"kinship\"\nscreen = \"papers\"\nwidget = \"upload\"\nmax_files = 3\n\
        label = { vi = \"Giấy tờ về quan hệ\", en = \"Proof of kinship\" }\n\
        when = { question = \"subject\", is = [\"other\"] }\n";
    let text = folder.read(path).unwrap().replacen(one, &format!("{one}screen = \"papers\"\n"), 1) + other;
    folder.with(path, &text)
}

#[tokio::test]
async fn one_result_answers_two_questions_each_once() {
    for_each_database_in(two_files(), modules(), |city| async move {
        let person = lan(&city).await;
        let mut lan = city.client(&person);
        with_result(&city, &mut lan).await;
        let draft = begin(&mut lan, COPY).await;
        lan.submit(&format!("{draft}/subject"), &[("subject", "other")]).await.expect(303);
        let path = format!("{draft}/papers");
        let page = lan.get(&path).await.expect(200).text();
        let result = between(&page, "value=\"authorisation:result-", "\"").to_owned();
        let uploads = async || {
            let cx = city.cx(&person);
            let data = modules().into_iter().find(|module| module.name == "documents").unwrap().personal_data.unwrap();
            data(&cx, person.account).await.unwrap()["uploads"].as_array().unwrap().len()
        };

        // Ticked for one question, twice in one form that no page of ours sends: one upload.
        let (one, other) = (format!("authorisation:result-{result}"), format!("kinship:result-{result}"));
        send_files(&mut lan, &path, &[("reuse", &one), ("reuse", &one)], &[]).await;
        assert_eq!(uploads().await, 1);
        // For both questions: one more, because an upload belongs to one answer.
        send_files(&mut lan, &path, &[("reuse", &one), ("reuse", &other), ("reuse", &other)], &[]).await.expect(303);
        assert_eq!(uploads().await, 2);
        let page = lan.get(&path).await.expect(200).text();
        assert_eq!(page.matches("href=\"/uploads/").count(), 2, "{page}");
        assert!(!page.contains("Kết quả của hồ sơ"), "offered for neither any more: {page}");
    })
    .await;
}
