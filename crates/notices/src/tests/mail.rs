//! Being told by letter.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use songhan_base::Lang;
use songhan_testkit::{for_each_database, for_each_database_with};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;

/// The letters that lie in the folder.
fn letters(city: &TestCity) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(city.app.config.data.join("mail")) else { return Vec::new() };
    entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

async fn states(city: &TestCity) -> Vec<(String, i64)> {
    songhan_db::query("SELECT state, attempts FROM deliveries ORDER BY id").fetch_all(&city.app.db).await.unwrap()
}

#[tokio::test]
async fn a_letter_becomes_a_file_once() {
    for_each_database(modules(), |city| async move {
        let id = person(&city, 1, Lang::En, Some("lan@example.com")).await;
        tell(&city, id).await;
        city.settle().await;
        assert_eq!(states(&city).await, [("sent".to_owned(), 1)]);
        let first = letters(&city);
        assert_eq!(first.len(), 1);
        for expected in [
            "From: =?utf-8?b?",
            "<no-reply@danang.example>",
            "Subject: =?utf-8?b?",
            "<lan@example.com>",
            "Auto-Submitted: auto-generated",
            "Content-Language: en",
            "multipart/alternative",
        ] {
            assert!(first[0].contains(expected), "{expected}: {}", first[0]);
        }
        // The job runs again, as after a crash before it was noted: the same letter.
        let cx = city.system();
        let (delivery,): (Id,) = songhan_db::query("SELECT id FROM deliveries").fetch_one(&cx.db).await.unwrap();
        songhan_db::query("UPDATE deliveries SET state = 'waiting'").execute(&cx.db).await.unwrap();
        city.clock.advance(Duration::from_mins(5));
        crate::deliver::deliver(cx.clone(), json!({ "delivery": delivery })).await.unwrap();
        assert_eq!(letters(&city), first);
        crate::deliver::deliver(cx, json!({ "delivery": city.app.env.id() })).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_words_of_a_letter() {
    for_each_database(modules(), |city| async move {
        for (n, lang) in [(1, Lang::Vi), (2, Lang::En)] {
            let id = person(&city, n, lang, Some(&format!("lan{n}@example.com"))).await;
            let notice = tell(&city, id).await;
            let (delivery,): (Id,) = songhan_db::query("SELECT id FROM deliveries WHERE notice = $1")
                .bind(notice)
                .fetch_one(&city.app.db)
                .await
                .unwrap();
            let delivery = crate::store::delivery(&city.app.db, delivery).await.unwrap().unwrap();
            let message = crate::message::Message::of(&city.system(), delivery).await.unwrap().unwrap();
            let text = crate::letter::Letter::new(&city.app, &message).text(&city.app).unwrap();
            insta::assert_snapshot!(format!("letter_{lang}"), text);
        }
    })
    .await;
}

#[tokio::test]
async fn the_demo_shows_its_letters() {
    for_each_database_with(json!({ "demo": true }), modules(), |city| async move {
        let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
        let mut visitor = city.visitor();
        visitor.get("/demo/mailbox").await.expect(200);
        tell(&city, id).await;
        city.settle().await;
        let page = visitor.get("/demo/mailbox").await.expect(200).text();
        assert!(page.contains("Dữ liệu mô phỏng") && page.contains("lan@example.com"), "{page}");
        let delivery = page.split("href=\"/demo/mailbox/").nth(1).unwrap()[..36].to_owned();
        let page = visitor.get(&format!("/demo/mailbox/{delivery}")).await.expect(200).text();
        assert!(page.contains("Kính gửi") && page.contains("/raw"), "{page}");
        let raw = visitor.get(&format!("/demo/mailbox/{delivery}/raw")).await.expect(200);
        assert_eq!(raw.headers["content-type"], "message/rfc822");
        visitor.get("/demo/mailbox/00000000-0000-7000-8000-000000000000").await.expect(404);
        visitor.get("/demo/mailbox/..%2Fx/raw").await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn no_mailbox_but_in_the_demo() {
    for_each_database(modules(), |city| async move {
        let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
        tell(&city, id).await;
        city.settle().await;
        let (delivery,): (Id,) = songhan_db::query("SELECT id FROM deliveries").fetch_one(&city.app.db).await.unwrap();
        for path in
            ["/demo/mailbox".to_owned(), format!("/demo/mailbox/{delivery}"), format!("/demo/mailbox/{delivery}/raw")]
        {
            city.visitor().get(&path).await.expect(404);
        }
    })
    .await;
}

/// An SMTP server that answers each letter with the next of `verdicts` and keeps what it took.
async fn smtp(verdicts: &'static [&'static str]) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let kept = Arc::new(Mutex::new(Vec::new()));
    let taken = kept.clone();
    tokio::spawn(async move {
        let mut verdicts = verdicts.iter();
        while let Ok((stream, _)) = listener.accept().await {
            let (reader, mut writer) = stream.into_split();
            let mut lines = BufReader::new(reader).lines();
            writer.write_all(b"220 test\r\n").await.unwrap();
            let (mut in_data, mut data) = (false, String::new());
            while let Ok(Some(line)) = lines.next_line().await {
                let reply = if in_data && line == "." {
                    in_data = false;
                    let verdict = verdicts.next().copied().unwrap_or("250 ok");
                    if verdict.starts_with('2') {
                        taken.lock().unwrap().push(std::mem::take(&mut data));
                    }
                    data.clear();
                    format!("{verdict}\r\n")
                } else if in_data {
                    data += &line;
                    data.push('\n');
                    continue;
                } else if line.starts_with("DATA") {
                    in_data = true;
                    "354 go on\r\n".to_owned()
                } else if line.starts_with("QUIT") {
                    break;
                } else {
                    "250 ok\r\n".to_owned()
                };
                writer.write_all(reply.as_bytes()).await.unwrap();
            }
        }
    });
    (port, kept)
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again() {
    let (port, kept) = smtp(&["451 later", "250 ok", "550 no such box"]).await;
    let section = json!({ "mail": { "host": "127.0.0.1", "port": port, "tls": "none",
        "from": "Đà Nẵng <no-reply@danang.example>" } });
    // One engine is enough: the server's verdicts are used up by it.
    let (first, modules) = (Arc::new(Mutex::new(true)), modules());
    for_each_database_with(section, modules, move |city| {
        let (first, kept) = (first.clone(), kept.clone());
        async move {
            if !std::mem::take(&mut *first.lock().unwrap()) {
                return;
            }
            let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
            tell(&city, id).await;
            city.settle().await;
            assert_eq!(states(&city).await, [("waiting".to_owned(), 1)]);
            city.clock.advance(Duration::from_mins(1));
            city.settle().await;
            assert_eq!(states(&city).await, [("sent".to_owned(), 2)]);
            assert_eq!(kept.lock().unwrap().len(), 1);
            tell(&city, id).await;
            city.settle().await;
            assert_eq!(states(&city).await[1], ("failed".to_owned(), 1), "refused for good");
            assert!(songhan_db::dead_jobs(&city.app.db).await.unwrap().is_empty());
        }
    })
    .await;
}
