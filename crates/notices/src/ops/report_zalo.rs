//! Events of Zalo: a message reached its reader. Signed by the Official Account's secret; every other event is let by.

use axum::Json;
use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::Value;
use songhan_app::{Cx, Problem};
use songhan_base::Id;

use super::report_sms::Noted;
use crate::channel::{Channel, zalo};
use crate::settings::Outlets;
use crate::store;

/// Notes that a message arrived; `true` when it changed something.
pub async fn report_zalo(cx: &Cx, signature: &str, body: &[u8]) -> Result<bool, Problem> {
    let outlets = Outlets::of(cx);
    let Some(settings) = &outlets.zalo else { return Err(Problem::unauthorized()) };
    let Some(secret) = settings.webhook_secret(cx).await? else { return Err(Problem::unauthorized()) };
    let event: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let timestamp = match &event["timestamp"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if !zalo::is_signed(&settings.app_id, &secret, body, &timestamp, signature) {
        return Err(Problem::unauthorized());
    }
    let delivery = event["message"]["tracking_id"].as_str().and_then(|text| text.parse::<Id>().ok());
    let (Some(delivery), Some("user_received_message")) = (delivery, event["event_name"].as_str()) else {
        return Ok(false);
    };
    let mut tx = cx.begin().await?;
    let noted = store::note_report(&mut tx, delivery, Channel::Zalo, true, None, !cx.config.demo).await?;
    tx.commit().await?;
    if noted {
        metrics::counter!("songhan_deliveries_total", "channel" => "zalo", "state" => "delivered").increment(1);
    }
    Ok(noted)
}

#[utoipa::path(post, path = "/api/v1/notice-reports/zalo", operation_id = "report_zalo", tag = "notices",
    summary = "For Zalo: events of the Official Account",
    params(("X-ZEvent-Signature" = Option<String>, Header, description = "SHA-256 over application id, body, time and secret")),
    request_body(content = Value, content_type = "application/json", example = json!({
        "event_name": "user_received_message", "app_id": "1000000001", "timestamp": "1763600000000",
        "message": { "msg_id": "a1", "tracking_id": "019aa4c2-7c00-7000-8000-000000000001" } })),
    responses(
        (status = 200, description = "Taken", body = Noted),
        (status = 401, description = "The signature is missing or wrong"),
    ))]
pub async fn report_zalo_handler(cx: Cx, headers: HeaderMap, body: Bytes) -> Result<Json<Noted>, Problem> {
    let signature = headers.get("x-zevent-signature").and_then(|value| value.to_str().ok()).unwrap_or("");
    let noted = report_zalo(&cx, signature, &body).await?;
    Ok(Json(Noted { noted }))
}
