//! Proving an address by a code.

use std::time::Duration;

use serde_json::json;
use songhan_base::Lang;

use super::*;
use crate::Channel;

const PHONE: &str = "+84905123456";
const CODE: &str = "/api/v1/me/addresses/sms/code";
const GIVE: &str = "/api/v1/me/addresses/sms/verification";

/// The digits of the latest SMS.
async fn latest_code(origin: &str) -> String {
    let messages = taken(&format!("{origin}/sms/messages")).await;
    let text = messages.last().unwrap()["content"].as_str().unwrap().to_owned();
    text.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6).unwrap().to_owned()
}

fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn a_code_proves_a_number() {
    with_stand_ins(|city, origin| async move {
        let id = with_phone(&city, 1, Lang::Vi, Some("lan@example.com"), Some(PHONE)).await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        lan.post(GIVE, &json!({ "code": "123456" })).await.expect(422);
        lan.post(CODE, &json!({})).await.expect(202);
        lan.post(CODE, &json!({})).await.expect(429);
        city.settle().await;
        let code = latest_code(&origin).await;
        let refused = lan.post(GIVE, &json!({ "code": other(&code) })).await.expect(422).json();
        assert_eq!(refused["code"], "code_wrong");
        lan.post(GIVE, &json!({ "code": format!(" {code} ") })).await.expect(204);
        lan.post(GIVE, &json!({ "code": code })).await.expect(422);
        lan.post(CODE, &json!({})).await.expect(409);
        city.settle().await;
        let told = lan.get("/api/v1/notices").await.expect(200).json();
        assert_eq!(told["items"][0]["kind"], "security-phone-verified");
        assert!(told["items"][0]["body"].as_str().unwrap().contains("456"));
        let channels = lan.get("/api/v1/me/notice-preferences").await.expect(200).json()["channels"].clone();
        let proven: Vec<_> =
            channels.as_array().unwrap().iter().filter(|c| c["verified"] == true).map(|c| &c["channel"]).collect();
        assert_eq!(proven, ["sms", "zalo"]);
        wants(&city, id, None, &[Channel::Sms]).await;
        tell(&city, id).await;
        city.settle().await;
        assert!(
            taken(&format!("{origin}/sms/messages")).await.last().unwrap()["content"]
                .as_str()
                .unwrap()
                .contains("Da nhan")
        );
    })
    .await;
}

#[tokio::test]
async fn guesses_and_old_codes_prove_nothing() {
    with_stand_ins(|city, origin| async move {
        let id = with_phone(&city, 1, Lang::Vi, None, Some(PHONE)).await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        lan.post(CODE, &json!({})).await.expect(202);
        city.settle().await;
        let code = latest_code(&origin).await;
        for _ in 0..5 {
            let refused = lan.post(GIVE, &json!({ "code": other(&code) })).await.expect(422).json();
            assert_eq!(refused["code"], "code_wrong");
        }
        let refused = lan.post(GIVE, &json!({ "code": code })).await.expect(422).json();
        assert_eq!(refused["code"], "code_gone", "the sixth guess");
        city.clock.advance(Duration::from_mins(2));
        lan.post(CODE, &json!({})).await.expect(202);
        city.settle().await;
        let code = latest_code(&origin).await;
        city.clock.advance(Duration::from_mins(10));
        lan.post(GIVE, &json!({ "code": code })).await.expect(422);
        for _ in 0..3 {
            city.clock.advance(Duration::from_mins(2));
            lan.post(CODE, &json!({})).await.expect(202);
        }
        city.clock.advance(Duration::from_mins(2));
        let answer = lan.post(CODE, &json!({})).await.expect(429);
        assert!(answer.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 20 * 3600);
        // Codes that nobody can use any more are not sent late.
        assert!(
            lan.post("/api/v1/me/addresses/pigeon/code", &json!({})).await.expect(404).json()["code"] == "not_found"
        );
        lan.post("/api/v1/me/addresses/email/code", &json!({})).await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn the_page_proves_an_email_address() {
    with_stand_ins(|city, _| async move {
        let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        let page = lan.get("/account/notices").await.expect(200).text();
        assert!(page.contains("Gửi mã") && page.contains("lan@example.com"), "{page}");
        let sent = lan.submit("/account/notices/code", &[("channel", "email")]).await.expect(303);
        assert_eq!(sent.location(), "/account/notices?done=code&code=email#verify");
        let page = lan.get("/account/notices?done=code&code=email").await.expect(200).text();
        assert!(page.contains("Sáu chữ số vừa gửi đến lan@example.com"), "{page}");
        let page = lan.submit("/account/notices/code", &[("channel", "email")]).await.expect(422).text();
        assert!(page.contains("Hãy thử lại sau 1 phút"), "{page}");
        city.settle().await;
        // The mailbox of the demonstration shows it.
        let mailbox = city.visitor().get("/demo/mailbox").await.expect(200).text();
        let code = mailbox.split("Mã xác nhận ").nth(1).unwrap()[..6].to_owned();
        let page = lan.submit("/account/notices/verification", &[("channel", "email"), ("code", &other(&code))]).await;
        assert!(page.expect(422).text().contains("Mã không đúng"));
        let done =
            lan.submit("/account/notices/verification", &[("channel", "email"), ("code", &code)]).await.expect(303);
        assert_eq!(done.location(), "/account/notices?done=verified");
        assert!(lan.get("/account/notices").await.expect(200).text().contains("Đã xác minh"));
        lan.submit("/account/notices/code", &[("channel", "sms")]).await.expect(303);
    })
    .await;
}

#[tokio::test]
async fn a_code_is_not_kept() {
    songhan_testkit::for_each_database(modules(), |city| async move {
        let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        lan.post("/api/v1/me/addresses/email/code", &json!({})).await.expect(202);
        lan.post("/api/v1/me/addresses/sms/code", &json!({})).await.expect(404);
        city.settle().await;
        let rows: Vec<(String, Option<String>)> =
            songhan_db::query("SELECT state, content FROM deliveries").fetch_all(&city.app.db).await.unwrap();
        assert_eq!(rows, [("sent".to_owned(), None)]);
    })
    .await;
}
