//! The event log: appended by [`Tx::emit`], read in commit order, each subscriber with a cursor of its own.
//!
//! On PostgreSQL readers take only events whose transaction is below `pg_snapshot_xmin`: whatever commits later has a
//! higher transaction id and sorts behind. A cursor is therefore the pair (txid, seq).

use serde::Serialize;

use crate::{At, Db, Result, Tx, query};

/// Something that happened. `KIND` is `module.noun_verbed`; the payload is the type itself.
pub trait Event: Serialize + Send + Sync {
    const KIND: &'static str;
    /// What it is about, as `noun:id`; live pages and histories select by it.
    fn subject(&self) -> String;
}

/// A place in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct Position {
    pub txid: i64,
    pub seq: i64,
}

/// An event as the log holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Recorded {
    pub txid: i64,
    pub seq: i64,
    pub kind: String,
    pub subject: String,
    payload: String,
    pub actor: String,
    pub at: At,
}

impl Recorded {
    pub const fn position(&self) -> Position {
        Position { txid: self.txid, seq: self.seq }
    }

    /// The payload as the type that was emitted; `None` when this is another kind.
    pub fn read<E: Event + serde::de::DeserializeOwned>(&self) -> Option<E> {
        if self.kind == E::KIND { serde_json::from_str(&self.payload).ok() } else { None }
    }

    pub fn payload(&self) -> serde_json::Value {
        serde_json::from_str(&self.payload).unwrap_or_default()
    }
}

const AFTER_ON_POSTGRES: &str = "SELECT txid, seq, kind, subject, payload, actor, at FROM events
    WHERE (txid, seq) > ($1, $2) AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY txid, seq LIMIT $3";

/// There `txid` is always 0, and a search by the pair would walk the whole log: `seq` is the rowid, which ends no search
/// in an index.
const AFTER_ON_SQLITE: &str = "SELECT txid, seq, kind, subject, payload, actor, at FROM events
    WHERE seq > $2 AND txid >= $1 ORDER BY seq LIMIT $3";

/// Events after `position`, oldest first, at most `limit`; what is returned is on disk.
pub async fn events_after(db: &Db, position: Position, limit: i64) -> Result<Vec<Recorded>> {
    let events = events_to_hear(db, position, limit).await?;
    if !events.is_empty() {
        db.settled().await;
    }
    Ok(events)
}

/// The same for who only writes because of them: that lies behind the events in the log and cannot outlive them, so
/// nobody waits for the disk.
pub async fn events_to_hear(db: &Db, position: Position, limit: i64) -> Result<Vec<Recorded>> {
    query(if db.is_postgres() { AFTER_ON_POSTGRES } else { AFTER_ON_SQLITE })
        .bind(position.txid)
        .bind(position.seq)
        .bind(limit)
        .fetch_all(db)
        .await
}

/// The end of the log, for those who want only what comes.
pub async fn last_position(db: &Db) -> Result<Position> {
    let last = query(
        "SELECT txid, seq FROM events
         WHERE TRUE /*pg AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint*/
         ORDER BY txid DESC, seq DESC LIMIT 1",
    )
    .fetch_optional(db)
    .await?;
    Ok(last.unwrap_or_default())
}

/// Whether anything was committed after `position`, be it readable yet or held back by an open transaction.
pub async fn is_behind(db: &Db, position: Position) -> Result<bool> {
    let sql = if db.is_postgres() {
        "SELECT seq FROM events WHERE (txid, seq) > ($1, $2) LIMIT 1"
    } else {
        "SELECT seq FROM events WHERE seq > $2 AND txid >= $1 LIMIT 1"
    };
    let next: Option<(i64,)> = query(sql).bind(position.txid).bind(position.seq).fetch_optional(db).await?;
    Ok(next.is_some())
}

/// Where a subscriber stands, unlocked: for a look whether there is anything for it.
pub async fn read_cursor(db: &Db, subscriber: &str) -> Result<Option<Position>> {
    query("SELECT txid, seq FROM event_cursors WHERE subscriber = $1").bind(subscriber).fetch_optional(db).await
}

/// Takes a subscriber's cursor for this transaction; `None` while another process holds it.
pub async fn lock_cursor(tx: &mut Tx, subscriber: &str) -> Result<Option<Position>> {
    query("INSERT INTO event_cursors (subscriber, txid, seq) VALUES ($1, 0, 0) ON CONFLICT (subscriber) DO NOTHING")
        .bind(subscriber)
        .execute(&mut *tx)
        .await?;
    query("SELECT txid, seq FROM event_cursors WHERE subscriber = $1 /*pg FOR UPDATE SKIP LOCKED*/")
        .bind(subscriber)
        .fetch_optional(tx)
        .await
}

/// Moves a subscriber's cursor, in the transaction that handled the events up to there.
pub async fn advance_cursor(tx: &mut Tx, subscriber: &str, to: Position) -> Result<()> {
    query("UPDATE event_cursors SET txid = $2, seq = $3 WHERE subscriber = $1")
        .bind(subscriber)
        .bind(to.txid)
        .bind(to.seq)
        .execute(tx)
        .await?;
    Ok(())
}
