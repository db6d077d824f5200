//! SMS and Zalo, against the stand-ins.

use std::time::Duration;

use songhan_base::Lang;

use super::*;
use crate::Channel;

const PHONE: &str = "+84905123456";

fn row(channel: &str, state: &str, attempts: i64) -> (String, String, i64) {
    (channel.to_owned(), state.to_owned(), attempts)
}

#[tokio::test]
async fn an_sms_is_short_plain_and_reported() {
    with_stand_ins(|city, origin| async move {
        let before = taken(&format!("{origin}/sms/messages")).await.len();
        let id = with_phone(&city, 1, Lang::Vi, None, Some(PHONE)).await;
        wants(&city, id, Some(PHONE), &[Channel::Sms]).await;
        tell(&city, id).await;
        city.settle().await;
        until(&city, "delivered").await;
        assert_eq!(deliveries(&city).await, [row("sms", "delivered", 1)]);
        let messages = taken(&format!("{origin}/sms/messages")).await;
        let message = &messages[before];
        assert_eq!(
            message["content"], "Da nhan 8.000 d. http://city.test/track/000.00.15.H17-261120-0001",
            "without marks"
        );
        assert_eq!((&message["phone"], &message["brand"]), (&"84905123456".into(), &"DA NANG".into()));
        assert_eq!(message["unicode"], false);
        let page = city.visitor().get("/demo/mailbox?channel=sms").await.expect(200).text();
        assert!(page.contains("Da nhan 8.000 d.") && page.contains("GSM-7"), "{page}");
        assert!(page.contains("Dữ liệu mô phỏng") && page.contains("Đã đến nơi"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn nothing_goes_to_a_number_that_is_not_proven() {
    with_stand_ins(|city, _| async move {
        let id = with_phone(&city, 1, Lang::Vi, None, Some(PHONE)).await;
        wants(&city, id, None, &[Channel::Sms, Channel::Zalo]).await;
        tell(&city, id).await;
        // Proven once, but no longer the account's.
        wants(&city, id, Some("+84905000000"), &[Channel::Sms, Channel::Zalo]).await;
        tell(&city, id).await;
        city.settle().await;
        assert_eq!(deliveries(&city).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_does_not_send_twice() {
    with_stand_ins(|city, origin| async move {
        // Both databases meet the same stand-in, which loses the first answer to a number once.
        let phone = if city.app.db.is_postgres() { "+84905001198" } else { "+84905002298" };
        let id = with_phone(&city, 1, Lang::Vi, None, Some(phone)).await;
        wants(&city, id, Some(phone), &[Channel::Sms]).await;
        tell(&city, id).await;
        city.settle().await;
        assert_eq!(deliveries(&city).await, [row("sms", "waiting", 1)]);
        city.clock.advance(Duration::from_secs(29));
        city.settle().await;
        assert_eq!(deliveries(&city).await, [row("sms", "waiting", 1)], "not before its time");
        city.clock.advance(Duration::from_secs(1));
        city.settle().await;
        assert_eq!(deliveries(&city).await, [row("sms", "sent", 2)]);
        let messages = taken(&format!("{origin}/sms/messages")).await;
        let to_it = messages.iter().filter(|message| message["phone"] == phone[1..]);
        assert_eq!(to_it.count(), 1, "taken once");
    })
    .await;
}

#[tokio::test]
async fn a_refused_number_is_not_tried_again() {
    with_stand_ins(|city, _| async move {
        let phone = "+84905000099";
        let id = with_phone(&city, 1, Lang::Vi, None, Some(phone)).await;
        wants(&city, id, Some(phone), &[Channel::Sms]).await;
        tell(&city, id).await;
        city.settle().await;
        assert_eq!(deliveries(&city).await, [row("sms", "failed", 1)]);
        tell(&city, id).await;
        city.clock.advance(Duration::from_hours(48));
        city.settle().await;
        assert_eq!(deliveries(&city).await, [row("sms", "failed", 1)], "the number has to be proven again");
        let head = city.person("Quản trị", &[(songhan_base::Role::Administrator, None)]);
        let page = city.client(&head).get("/admin/notices").await.expect(200).text();
        assert!(page.contains("+8490…") && page.contains("105") && !page.contains("905000099"), "{page}");
        city.client(&city.resident("Lan")).get("/admin/notices").await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn a_telephone_that_is_off() {
    with_stand_ins(|city, _| async move {
        let phone = "+84905000097";
        let id = with_phone(&city, 1, Lang::Vi, None, Some(phone)).await;
        wants(&city, id, Some(phone), &[Channel::Sms]).await;
        tell(&city, id).await;
        city.settle().await;
        until(&city, "failed").await;
    })
    .await;
}

#[tokio::test]
async fn the_night_is_quiet_unless_it_is_urgent() {
    with_stand_ins(|city, _| async move {
        let id = with_phone(&city, 1, Lang::Vi, Some("lan@example.com"), Some(PHONE)).await;
        wants(&city, id, Some(PHONE), &[Channel::Sms, Channel::Email]).await;
        // From nine in the morning to half past eleven at night.
        city.clock.advance(Duration::from_mins(14 * 60 + 30));
        tell(&city, id).await;
        city.settle().await;
        let sorted = || async {
            let mut rows = deliveries(&city).await;
            rows.sort();
            rows
        };
        assert_eq!(sorted().await, [row("email", "sent", 1), row("sms", "waiting", 0)]);
        city.clock.advance(Duration::from_mins(7 * 60 + 29));
        city.settle().await;
        assert_eq!(sorted().await[1], row("sms", "waiting", 0), "06:59");
        city.clock.advance(Duration::from_mins(1));
        city.settle().await;
        assert_eq!(sorted().await[1].2, 1, "07:00");
        until(&city, "delivered").await;
        city.clock.advance(Duration::from_mins(14 * 60 + 30));
        songhan_db::query("UPDATE deliveries SET state = 'waiting', urgent = TRUE WHERE channel = 'sms'")
            .execute(&city.app.db)
            .await
            .unwrap();
        let (delivery,): (Id,) =
            songhan_db::query("SELECT id FROM deliveries WHERE channel = 'sms'").fetch_one(&city.app.db).await.unwrap();
        let payload = serde_json::json!({ "delivery": delivery });
        crate::deliver::deliver(city.system(), payload).await.unwrap();
        assert_eq!(sorted().await[1].2, 2, "urgent");
    })
    .await;
}

#[tokio::test]
async fn zalo_by_template_with_tokens_that_end() {
    with_stand_ins(|city, origin| async move {
        let before = taken(&format!("{origin}/zalo/messages")).await.len();
        let id = with_phone(&city, 1, Lang::Vi, None, Some(PHONE)).await;
        wants(&city, id, Some(PHONE), &[Channel::Zalo]).await;
        tell(&city, id).await;
        city.settle().await;
        until(&city, "delivered").await;
        let messages = taken(&format!("{origin}/zalo/messages")).await;
        let expected = serde_json::json!({
            "ma": "000.00.15.H17-261120-0001", "tien": "8.000\u{a0}đ", "ten": "Nguyễn Thị Lan", "han": "25/11/2026" });
        assert_eq!((&messages[before]["template"], &messages[before]["data"]), (&"900009".into(), &expected));
        assert_eq!(messages[before]["phone"], "84905123456");
        let page = city.visitor().get("/demo/mailbox?channel=zalo").await.expect(200).text();
        assert!(page.contains("ZNS 900009") && page.contains("tien: 8.000"), "{page}");
        // The account's owner takes the tokens back: a new one is asked for, and the message goes at once.
        let client = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
        client.post(format!("{origin}/zalo/revoke")).send().await.unwrap();
        tell(&city, id).await;
        city.settle().await;
        assert_eq!(deliveries(&city).await.iter().map(|row| row.2).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(taken(&format!("{origin}/zalo/messages")).await.len(), before + 2);
        // And when a day is over.
        city.clock.advance(Duration::from_hours(30));
        tell(&city, id).await;
        city.settle().await;
        assert_eq!(taken(&format!("{origin}/zalo/messages")).await.len(), before + 3);
        assert!(songhan_db::dead_jobs(&city.app.db).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_never_answered_is_given_up() {
    // Nobody listens there.
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let sections = sections(&format!("http://{unused}"));
    songhan_testkit::for_each_database_with(sections, modules(), |city| async move {
        let id = with_phone(&city, 1, Lang::Vi, None, Some(PHONE)).await;
        wants(&city, id, Some(PHONE), &[Channel::Sms]).await;
        tell(&city, id).await;
        let mut attempts = 0;
        for _ in 0..100 {
            city.settle().await;
            let (_, state, now) = deliveries(&city).await[0].clone();
            if state == "given_up" {
                assert_eq!(now, 10);
                assert!(songhan_db::dead_jobs(&city.app.db).await.unwrap().is_empty());
                return;
            }
            assert!(now >= attempts);
            attempts = now;
            city.clock.advance(Duration::from_hours(1));
        }
        panic!("{:?}", deliveries(&city).await);
    })
    .await;
}

#[tokio::test]
async fn only_who_was_told_where_may_report() {
    with_stand_ins(|city, _| async move {
        let path = "/api/v1/notice-reports/sms";
        city.visitor().get(path).await.expect(401);
        let delivery = city.app.env.id();
        city.visitor().get(&format!("{path}?delivery={delivery}&token=00&SendStatus=5")).await.expect(401);
        city.visitor().get(&format!("{path}?delivery=x")).await.expect(400);
        let path = "/api/v1/notice-reports/zalo";
        city.visitor().post(path, &serde_json::json!({ "event_name": "user_received_message" })).await.expect(401);
    })
    .await;
}
