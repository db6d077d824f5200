//! Web Push, against the stand-in for a push service.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use serde_json::{Value, json};
use songhan_base::Lang;

use super::*;

/// A subscription as a browser gives it.
fn subscription(origin: &str, name: &str) -> Value {
    let key = SecretKey::from_slice(&[7; 32]).unwrap().public_key().to_encoded_point(false);
    let keys = json!({ "p256dh": BASE64URL_NOPAD.encode(key.as_bytes()), "auth": BASE64URL_NOPAD.encode(&[3; 16]) });
    json!({ "endpoint": format!("{origin}/push/{name}"), "expirationTime": null, "keys": keys })
}

/// An address of a stand-in that both databases meet.
fn named(city: &TestCity, name: &str) -> String {
    format!("{}-{name}", if city.app.db.is_postgres() { "pg" } else { "lite" })
}

const PATH: &str = "/api/v1/me/push-subscriptions";

#[tokio::test]
async fn a_browser_is_told_until_it_is_gone() {
    with_stand_ins(|city, origin| async move {
        let id = person(&city, 1, Lang::Vi, None).await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        let name = named(&city, "one");
        let made = lan.post(PATH, &subscription(&origin, &name)).await.expect(201).json();
        let again = lan.post(PATH, &subscription(&origin, &name)).await.expect(201).json();
        assert_eq!(made["id"], again["id"]);
        tell(&city, id).await;
        city.settle().await;
        // One that says a new device is there, one that is told.
        let messages = taken(&format!("{origin}/push/{name}")).await;
        assert_eq!(messages.len(), 2);
        let token = messages[1]["authorization"].as_str().unwrap();
        let settings = lan.get("/api/v1/me/notice-preferences").await.expect(200).json();
        assert!(token.ends_with(settings["push_key"].as_str().unwrap()), "{token}");
        assert_eq!(settings["topics"]["progress"], json!(["in_app", "email", "push"]));
        assert_eq!(settings["devices"].as_array().unwrap().len(), 1);
        assert!(deliveries(&city).await.iter().all(|(channel, state, _)| channel == "push" && state == "sent"));
        // The key lies with the others, for its owner only, and is not to be read.
        let key = city.app.config.data.join("keys/push.pem");
        assert!(std::fs::read_to_string(&key).unwrap().contains("ENCRYPTED PRIVATE KEY"));
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&key).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);

        let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
        city.client(&city.resident("Bình")).delete(&path).await.expect(404);
        lan.delete(&path).await.expect(204);
        lan.delete(&path).await.expect(404);
        tell(&city, id).await;
        city.settle().await;
        assert_eq!(taken(&format!("{origin}/push/{name}")).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn one_that_is_gone_is_forgotten_and_one_that_is_busy_waits() {
    with_stand_ins(|city, origin| async move {
        let id = person(&city, 1, Lang::Vi, None).await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        lan.post(PATH, &subscription(&origin, &named(&city, "gone"))).await.expect(201);
        city.settle().await;
        assert_eq!(deliveries(&city).await, [("push".to_owned(), "failed".to_owned(), 1)]);
        let settings = lan.get("/api/v1/me/notice-preferences").await.expect(200).json();
        assert_eq!(settings["devices"], json!([]));
        let busy = named(&city, "busy");
        city.clock.advance(Duration::from_secs(1));
        lan.post(PATH, &subscription(&origin, &busy)).await.expect(201);
        city.settle().await;
        // The service asked for ten minutes; the first pause would be half of one.
        city.clock.advance(Duration::from_mins(9));
        city.settle().await;
        assert_eq!(deliveries(&city).await[1], ("push".to_owned(), "waiting".to_owned(), 1));
        city.clock.advance(Duration::from_mins(2));
        city.settle().await;
        assert_eq!(deliveries(&city).await[1], ("push".to_owned(), "sent".to_owned(), 2));
    })
    .await;
}

#[tokio::test]
async fn a_browser_belongs_to_who_subscribed_it_last() {
    with_stand_ins(|city, origin| async move {
        let (lan, binh) = (person(&city, 1, Lang::Vi, None).await, person(&city, 2, Lang::En, None).await);
        let shared = subscription(&origin, &named(&city, "shared"));
        city.client(&city.as_person(lan, "Lan", vec![])).post(PATH, &shared).await.expect(201);
        city.client(&city.as_person(binh, "Bình", vec![])).post(PATH, &shared).await.expect(201);
        city.settle().await;
        let before = deliveries(&city).await.len();
        tell(&city, lan).await;
        city.settle().await;
        assert_eq!(deliveries(&city).await.len(), before, "not on the other's screen");
    })
    .await;
}

#[tokio::test]
async fn no_address_but_a_push_service_is_called() {
    songhan_testkit::for_each_database(modules(), |city| async move {
        let id = person(&city, 1, Lang::Vi, None).await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        for origin in ["http://127.0.0.1:80", "https://evil.example", "https://169.254.169.254"] {
            let refused = lan.post(PATH, &subscription(origin, "x")).await.expect(422).json();
            assert_eq!(refused["errors"][0]["field"], "endpoint");
        }
        let mut wrong = subscription("https://fcm.googleapis.com", "x");
        wrong["keys"]["auth"] = "short".into();
        lan.post(PATH, &wrong).await.expect(422);
        wrong["more"] = 1.into();
        lan.post(PATH, &wrong).await.expect(422);
        let good = subscription("https://fcm.googleapis.com", "x");
        city.visitor().post(PATH, &good).await.expect(401);
        lan.post(PATH, &good).await.expect(201);
        let many = (0..25).map(|n| subscription("https://fcm.googleapis.com", &n.to_string()));
        let mut statuses = Vec::new();
        for one in many {
            statuses.push(lan.post(PATH, &one).await.status.as_u16());
        }
        assert_eq!((statuses[18], statuses[19]), (201, 409));
    })
    .await;
}

#[tokio::test]
async fn the_worker_stands_at_the_root() {
    songhan_testkit::for_each_database(modules(), |city| async move {
        let answer = city.visitor().get("/sw.js").await.expect(200);
        assert_eq!(answer.headers["content-type"], "text/javascript; charset=utf-8");
        assert_eq!(answer.headers["cache-control"], "no-cache");
        assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("connect-src 'self'"));
        assert!(answer.text().contains("showNotification"));
    })
    .await;
}

#[tokio::test]
async fn the_section_of_keys_is_the_authoritys_as_well() {
    let elsewhere = tempfile::tempdir().unwrap();
    let kek = elsewhere.path().join("kek");
    let keys = json!({ "kek_file": &kek, "crl_base": "https://danang.example/pki/" });
    songhan_testkit::for_each_database_with(json!({ "keys": keys }), modules(), |city| {
        let kek = kek.clone();
        async move {
            let id = person(&city, 1, Lang::Vi, None).await;
            let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
            let settings = lan.get("/api/v1/me/notice-preferences").await.expect(200).json();
            assert_eq!(settings["push_key"].as_str().map(str::len), Some(87), "{settings}");
            assert!(kek.exists() && city.app.config.data.join("keys/push.pem").exists());
            assert!(!city.app.config.data.join("keys/kek").exists());
        }
    })
    .await;
}
