//! Opinions of other agencies: asked in parallel, answered with a document, read by those whom it concerns alone.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;
use songhan_testkit::{Answer, Client, for_each_database};

use super::support::{Desk, OTHER, UNIT, modules};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";

/// A browser's answer with a document.
async fn send(browser: &mut Client, path: &str, answer: &str) -> Answer {
    let csrf = browser.csrf().await;
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf.as_str()), ("version", "1"), ("answer", answer)] {
        let part = format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = "--B\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"cong-van.pdf\"\r\n\
                Content-Type: application/pdf\r\n\r\n";
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(PDF);
    body.extend_from_slice(b"\r\n--B--\r\n");
    browser.send(Method::POST, path, Some("multipart/form-data; boundary=B"), body).await
}

#[tokio::test]
async fn two_agencies_are_asked_and_one_answers() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let code = desk.hand_in(UNIT).await;
        desk.go(&code, &["accept", "process"]).await;
        let path = format!("/office/dossiers/{code}/opinions");
        let page = desk.officer.get(&path).await.expect(200).text();
        assert!(page.contains("Chưa lấy ý kiến cơ quan nào"));
        let question = ("question", "Trẻ có cư trú tại địa bàn không?");
        for (fields, told) in [
            (vec![question, ("unit", OTHER), ("days", "0")], "từ 1 đến 60"),
            (vec![question, ("unit", UNIT), ("days", "3")], "khác với cơ quan của mình"),
            (vec![("question", " "), ("unit", OTHER), ("days", "3")], "nội dung xin ý kiến"),
        ] {
            let page = desk.officer.submit(&path, &fields).await.expect(422).text();
            assert!(page.contains(told), "{told}: {page}");
        }
        let fields = [question, ("unit", OTHER), ("unit_2", "ubnd-an-hai"), ("days", "3")];
        desk.officer.submit(&path, &fields).await.expect(303);
        city.settle().await;

        // It stands in the asked agency's inbox, not in the asking one's.
        let opinion = format!("/office/opinions/{code}.1");
        let both = [format!("{code}.1"), format!("{code}.2")];
        let inbox = desk.other.get("/office").await.expect(200).text();
        let shown: Vec<_> = both.iter().filter(|one| inbox.contains(one.as_str())).collect();
        assert_eq!(shown.len(), 1, "each agency has its own: {inbox}");
        assert!(!desk.officer.get("/office").await.expect(200).text().contains("/office/opinions/"));
        let mine = format!("/office/opinions/{}", shown[0]);

        // Who is asked reads the dossier there, and nowhere else.
        desk.other.get(&format!("/office/dossiers/{code}")).await.expect(404);
        desk.other.get(&format!("/api/v1/dossiers/{code}")).await.expect(404);
        let page = desk.other.get(&mine).await.expect(200).text();
        assert!(page.contains("Trần Bảo An") && page.contains("Trẻ có cư trú tại địa bàn không?"), "{page}");
        desk.lan.get(&mine).await.expect(403);
        let read = desk.other.get(&mine.replace("/office/", "/api/v1/")).await.expect(200).json();
        assert_eq!(read["about"]["actions"], json!([]), "to read, not to act");

        let empty = send(&mut desk.other, &mine, "  ").await.expect(422).text();
        assert!(empty.contains("Hãy ghi ý kiến"));
        desk.officer
            .post(&format!("{}/answer", mine.replace("/office/", "/api/v1/")), &json!({ "answer": "x" }))
            .await
            .expect(403);
        send(&mut desk.other, &mine, "Trẻ cư trú tại tổ 12.").await.expect(303);
        let page = desk.other.get(&mine).await.expect(200).text();
        assert!(
            page.contains("Trẻ cư trú tại tổ 12.") && !page.contains("Trần Bảo An"),
            "the dossier is closed to them"
        );
        let page = desk.officer.get(&path).await.expect(200).text();
        assert!(page.contains("Trẻ cư trú tại tổ 12.") && page.contains("cong-van.pdf"), "{page}");
        let file = desk.officer.get(&format!("{mine}/attachment")).await.expect(200);
        assert_eq!(file.body, PDF);
        send(&mut desk.other, &mine, "Lần nữa").await.expect(422);
        city.settle().await;
        let told = desk.officer.get("/api/v1/notices").await.expect(200).text();
        assert!(told.contains("opinion-answered"), "{told}");

        // The other question may still be called off, or grows late by itself.
        let open = if mine == opinion { format!("{code}.2") } else { format!("{code}.1") };
        desk.other.get(&format!("/office/opinions/{open}")).await.expect(404);
        city.clock.advance(Duration::from_hours(24 * 10));
        city.tick().await;
        let listed = desk.officer.get(&format!("/api/v1/dossiers/{code}/opinions")).await.expect(200).json();
        let late: Vec<_> = listed["opinions"].as_array().unwrap().iter().map(|one| one["late"].clone()).collect();
        assert!(late.contains(&json!(true)) && late.contains(&json!(false)), "{listed}");
        desk.officer.post(&format!("/api/v1/opinions/{open}/call-off"), &json!({})).await.expect(200);
        desk.officer.post(&format!("/api/v1/opinions/{open}/call-off"), &json!({})).await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_is_checked() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let code = desk.hand_in(UNIT).await;
        let path = format!("/api/v1/dossiers/{code}/opinions");
        let ask = |units: serde_json::Value, days: u32| json!({ "units": units, "question": "Ý kiến?", "days": days });
        for (n, body) in [
            ask(json!([]), 3),
            ask(json!([OTHER, OTHER]), 3),
            ask(json!(["ubnd-khong-co"]), 3),
            ask(json!([UNIT]), 3),
            ask(json!([OTHER]), 61),
        ]
        .iter()
        .enumerate()
        {
            desk.officer.post_once(&path, &format!("wrong-{n}"), body).await.expect(422);
        }
        desk.other.post_once(&path, "theirs", &ask(json!([OTHER]), 3)).await.expect(404);
        desk.lan.post_once(&path, "own", &ask(json!([OTHER]), 3)).await.expect(404);
        let first = desk.officer.post_once(&path, "ask", &ask(json!([OTHER]), 3)).await.expect(201).json();
        let repeat = desk.officer.post_once(&path, "ask", &ask(json!([OTHER]), 3)).await.expect(201).json();
        assert_eq!(first, repeat);
        // Not twice while the first question is open.
        desk.officer.post_once(&path, "again", &ask(json!([OTHER]), 3)).await.expect(422);
        desk.go(&code, &["refuse"]).await;
        desk.officer.post_once(&path, "closed", &ask(json!(["ubnd-an-hai"]), 3)).await.expect(409);
    })
    .await;
}
