//! What did not arrive, for administrators: channel, kind, reason, and an address from which nobody can be told.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, PageSpec, Problem, Query};
use songhan_base::{Id, Internal};
use songhan_db::At;

use crate::channel::Channel;
use crate::message::Content;
use crate::store::{self, DeliveryRow};

/// Rows on one page.
const PAGE: usize = 50;

#[derive(Default, Deserialize)]
pub struct Place {
    #[serde(default)]
    before: Option<Id>,
}

#[derive(Serialize)]
struct Row {
    channel: String,
    kind: String,
    address: String,
    state: String,
    attempts: i64,
    error: String,
    created_at: At,
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    next: String,
}

pub async fn list(cx: Cx, Query(place): Query<Place>) -> Result<Response, Problem> {
    let mut found = store::failed_deliveries(&cx.db, place.before, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|row| format!("/admin/notices?before={}", row.id));
    let mut rows = Vec::new();
    for delivery in found {
        rows.push(row(&cx, delivery).await?);
    }
    let spec = PageSpec::titled(cx.t("notices-failed")).office();
    cx.page("notices/failures.html", spec, View { rows, next: next.unwrap_or_default() }).await
}

async fn row(cx: &Cx, delivery: DeliveryRow) -> Result<Row, Internal> {
    let kind = if let Some(notice) = delivery.notice {
        store::notice(&cx.db, notice).await?.map(|notice| notice.kind)
    } else {
        // Only codes stand alone; their words are forgotten by now.
        let content = delivery.content.as_deref().and_then(|text| serde_json::from_str::<Content>(text).ok());
        Some(content.map_or_else(|| "address-code".to_owned(), |content| content.kind))
    };
    Ok(Row {
        address: Channel::parse(&delivery.channel).map_or_else(String::new, |c| masked(c, &delivery.address)),
        channel: delivery.channel,
        kind: kind.unwrap_or_default(),
        state: delivery.state,
        attempts: delivery.attempts,
        error: delivery.last_error.unwrap_or_default(),
        created_at: delivery.created_at,
    })
}

/// Enough of an address to see a pattern (one provider, one network), too little to know whose it is.
fn masked(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Email => format!("…@{}", address.rsplit_once('@').map_or("", |(_, domain)| domain)),
        Channel::Sms | Channel::Zalo => {
            let shown: String = address.chars().take(5).collect();
            format!("{shown}…")
        }
        Channel::InApp | Channel::Push => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_nobodys() {
        assert_eq!(masked(Channel::Email, "lan@example.com"), "…@example.com");
        assert_eq!(masked(Channel::Sms, "+84905123456"), "+8490…");
        assert_eq!(masked(Channel::Push, "019aa4c2-7c00-7000-8000-000000000001"), "…");
    }
}
