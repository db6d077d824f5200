//! A repeated request: what was done once is not done again, and the answer is the same.

use axum::http::Method;
use serde_json::json;
use songhan_testkit::for_each_database_with;

use crate::golden::world::{World, get, sections};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_is_taken_once() {
    for_each_database_with(sections(), crate::modules::all(), |city| async move {
        let world = World::new(city).await;
        let made = world.paid().await;
        let path = format!("/api/v1/dossiers/{}/actions/accept", made.code);
        let mut officer = world.city.client(&world.officer);
        let first = officer.post_once(&path, "accept-1", &json!({ "note": "Hồ sơ đầy đủ" })).await;
        assert_eq!(first.status, 200, "{}", first.text());
        let again = officer.post_once(&path, "accept-1", &json!({ "note": "Hồ sơ đầy đủ" })).await;
        assert_eq!((again.status, again.text()), (first.status, first.text()));
        assert_eq!(first.json()["state"], "accepted", "the answer shows what the step changed");
        let other = officer.post_once(&path, "accept-1", &json!({ "note": "Khác" })).await;
        assert_eq!(other.status, 422, "one key, two requests: {}", other.text());
        let steps = world.does(&world.officer, get(format!("/api/v1/dossiers/{}/timeline", made.code))).await.text();
        assert_eq!(steps.matches("\"accept\"").count(), 1, "{steps}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_taken_once() {
    for_each_database_with(sections(), crate::modules::all(), |city| async move {
        let world = World::new(city).await;
        let body = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4\n%%EOF\r\n--b--\r\n";
        let mut resident = world.city.client(&world.resident).with("idempotency-key", "file-1");
        let mut ids = Vec::new();
        for _ in 0..2 {
            let kind = Some("multipart/form-data; boundary=b");
            let answer = resident.send(Method::POST, "/api/v1/uploads", kind, body.into()).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
            ids.push(answer.json()["id"].clone());
        }
        assert_eq!(ids[0], ids[1]);
    })
    .await;
}
