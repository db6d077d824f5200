//! What people have chosen.

use songhan_base::Id;
use songhan_db::{On, Result, Tx, query};

use crate::channel::Channel;
use crate::topic::Topic;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PreferenceRow {
    pub topic: String,
    pub channel: String,
    pub wanted: bool,
}

/// All that an account has chosen, or of one topic.
pub async fn preferences<'a>(on: impl Into<On<'a>>, account: Id, topic: Option<Topic>) -> Result<Vec<PreferenceRow>> {
    query(
        "SELECT topic, channel, wanted FROM notice_preferences WHERE account = $1 AND ($2 IS NULL OR topic = $2)
         ORDER BY topic, channel",
    )
    .bind(account)
    .bind(topic.map(Topic::as_str))
    .fetch_all(on)
    .await
}

pub async fn set_preference(tx: &mut Tx, account: Id, topic: Topic, channel: Channel, wanted: bool) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO notice_preferences (account, topic, channel, wanted, changed_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account, topic, channel) DO UPDATE SET wanted = $4, changed_at = $5",
    )
    .bind(account)
    .bind(topic.as_str())
    .bind(channel.as_str())
    .bind(wanted)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}
