//! Too many tries.

use std::time::Duration;

use serde_json::json;

use super::*;

#[tokio::test]
async fn who_guesses_waits() {
    each(|city| async move {
        register(&city, 1).await;
        let input = json!({ "login": "048190000001", "password": "đoán một mật khẩu" });
        let mut visitor = city.visitor();
        for _ in 0..10 {
            visitor.post("/api/v1/sessions", &input).await.expect(401);
        }
        let answer = visitor.post("/api/v1/sessions", &input).await.expect(429);
        let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=31).contains(&wait), "{wait}");
        let page = visitor.submit("/sign-in", &[("login", "048190000001"), ("password", PASSWORD)]).await.expect(429);
        assert!(page.text().contains("quá nhiều lần"), "{}", page.text());
        city.clock.advance(Duration::from_secs(wait));
        sign_in(&city, 1).await;
    })
    .await;
}
