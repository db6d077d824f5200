//! Browsers that take notices.

use songhan_base::Id;
use songhan_db::{At, On, Result, Tx, query, query_dyn};

const COLUMNS: &str = "id, account, endpoint, p256dh, auth, name, created_at";

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SubscriptionRow {
    pub id: Id,
    pub account: Id,
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
    /// The device, as its browser calls itself.
    pub name: String,
    pub created_at: At,
}

pub async fn subscription<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<SubscriptionRow>> {
    query_dyn(format!("SELECT {COLUMNS} FROM push_subscriptions WHERE id = $1")).bind(id).fetch_optional(on).await
}

pub async fn subscription_at<'a>(on: impl Into<On<'a>>, endpoint: &str) -> Result<Option<SubscriptionRow>> {
    query_dyn(format!("SELECT {COLUMNS} FROM push_subscriptions WHERE endpoint = $1"))
        .bind(endpoint)
        .fetch_optional(on)
        .await
}

pub async fn subscriptions_of<'a>(on: impl Into<On<'a>>, account: Id) -> Result<Vec<SubscriptionRow>> {
    query_dyn(format!("SELECT {COLUMNS} FROM push_subscriptions WHERE account = $1 ORDER BY id"))
        .bind(account)
        .fetch_all(on)
        .await
}

/// An endpoint belongs to who subscribed it last; who shares a browser takes it over. Answers its id.
pub async fn insert_subscription(tx: &mut Tx, new: &SubscriptionRow) -> Result<Id> {
    let (id,): (Id,) = query(
        "INSERT INTO push_subscriptions (id, account, endpoint, p256dh, auth, name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (endpoint) DO UPDATE
             SET account = $2, p256dh = $4, auth = $5, name = $6
         RETURNING id",
    )
    .bind(new.id)
    .bind(new.account)
    .bind(new.endpoint.as_str())
    .bind(new.p256dh.as_str())
    .bind(new.auth.as_str())
    .bind(new.name.as_str())
    .bind(new.created_at.0)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

/// Ends one of an account's subscriptions; `false` when it had none of that id.
pub async fn delete_subscription(tx: &mut Tx, account: Id, id: Id) -> Result<bool> {
    let rows = query("DELETE FROM push_subscriptions WHERE account = $1 AND id = $2")
        .bind(account)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(rows > 0)
}
