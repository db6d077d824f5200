//! Connections to PostgreSQL, kept at hand between statements.
//!
//! The pool underneath asks a connection whether it lives when it is taken and again when it is given back: two round
//! trips beside the one of the statement, which together cost more than most statements. A connection that has just
//! answered is kept here instead, and asked only when it has lain for a while. The pool still makes connections, ends
//! those that are old, and takes back whatever was dropped in the middle of something.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use songhan_base::Internal;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgPool, PgPoolOptions, PgSeverity};
use sqlx::{Connection, Postgres, SqlStr, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::Result;

/// Whoever waits longer for a connection is told that the database is too busy.
const PATIENCE: Duration = Duration::from_secs(30);
/// What has lain so long is asked whether it lives; an answer takes no longer than that either.
const ASKED_AFTER: Duration = Duration::from_secs(1);
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// What has lain so long, or was taken from the pool so long ago, goes back: the pool ends what is idle or old.
const LIES_AT_MOST: Duration = Duration::from_secs(5 * 60);
const KEPT_AT_MOST: Duration = Duration::from_secs(25 * 60);

/// Cheap to clone.
#[derive(Clone)]
pub struct Connections(Arc<Inner>);

struct Inner {
    pool: PgPool,
    /// As many as the pool may have connections: with one in hand, a connection is at hand or the pool has one to give.
    turns: Arc<Semaphore>,
    /// The one used last is at the back and is taken first.
    at_hand: Mutex<VecDeque<AtHand>>,
}

struct AtHand {
    connection: PoolConnection<Postgres>,
    from_pool: Instant,
    since: Instant,
}

/// A connection in use. Dropped and not given back, it goes to the pool, which finds out what became of it.
pub struct Taken {
    connection: PoolConnection<Postgres>,
    from_pool: Instant,
    connections: Connections,
    /// Held until the connection is back.
    turn: OwnedSemaphorePermit,
}

impl Connections {
    pub async fn open(options: PgConnectOptions, most: u32) -> Result<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(Internal::new)?;
        let turns = Arc::new(Semaphore::new(most as usize));
        Ok(Self(Arc::new(Inner { pool, turns, at_hand: Mutex::default() })))
    }

    pub async fn take(&self) -> Result<Taken> {
        let turn = timeout(PATIENCE, self.0.turns.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Internal::new("the database is too busy: no connection became free in time"))?;
        let turn = turn.map_err(|_| Internal::new("the database was closed"))?;
        while let Some(AtHand { mut connection, from_pool, since }) = self.last() {
            let lives = since.elapsed() < ASKED_AFTER
                || timeout(ANSWERS_WITHIN, connection.ping()).await.is_ok_and(|answer| answer.is_ok());
            if lives {
                return Ok(Taken { connection, from_pool, connections: self.clone(), turn });
            }
            drop(connection.detach());
        }
        let connection = self.0.pool.acquire().await.map_err(Internal::new)?;
        Ok(Taken { connection, from_pool: Instant::now(), connections: self.clone(), turn })
    }

    /// A transaction, and the turn that it holds until its end.
    pub async fn begin(
        &self,
        statement: Option<SqlStr>,
    ) -> Result<(Transaction<'static, Postgres>, OwnedSemaphorePermit)> {
        let Taken { connection, turn, .. } = self.take().await?;
        let begun = Transaction::begin(connection, statement).await;
        begun.map(|tx| (tx, turn)).map_err(|error| self.lost(error))
    }

    fn last(&self) -> Option<AtHand> {
        self.0.at_hand.lock().unwrap_or_else(PoisonError::into_inner).pop_back()
    }

    /// One connection was lost, so others may be too: what is at hand goes back to the pool, which asks each.
    fn lost(&self, error: sqlx::Error) -> Internal {
        drop(std::mem::take(&mut *self.0.at_hand.lock().unwrap_or_else(PoisonError::into_inner)));
        Internal::new(error)
    }

    pub async fn close(&self) {
        // Closed from here on, so that nothing is laid here any more.
        let closed = self.0.pool.close();
        drop(std::mem::take(&mut *self.0.at_hand.lock().unwrap_or_else(PoisonError::into_inner)));
        closed.await;
    }
}

impl Taken {
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Gives the connection back when the statement was answered, be it by an error that leaves the connection as it was.
    pub fn after<T>(self, outcome: sqlx::Result<T>) -> Result<T> {
        if outcome.as_ref().err().is_none_or(is_of_statement) {
            self.give_back();
            return outcome.map_err(Internal::new);
        }
        let connections = self.connections.clone();
        drop(self);
        outcome.map_err(|error| connections.lost(error))
    }

    fn give_back(self) {
        let Self { connection, from_pool, connections, turn } = self;
        let inner = &connections.0;
        let mut at_hand = inner.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if !inner.pool.is_closed() && from_pool.elapsed() < KEPT_AT_MOST {
            at_hand.push_back(AtHand { connection, from_pool, since: Instant::now() });
            while at_hand.front().is_some_and(|lies| lies.since.elapsed() > LIES_AT_MOST) {
                at_hand.pop_front();
            }
        }
        // Only now may somebody else have the turn.
        drop(at_hand);
        drop(turn);
    }
}

/// Whether an error is of a statement alone. With a fatal one PostgreSQL ends the connection: it is shut down, or somebody
/// ended it there.
fn is_of_statement(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::RowNotFound => true,
        sqlx::Error::Database(error) => {
            let error = error.try_downcast_ref::<PgDatabaseError>();
            error.is_some_and(|error| matches!(error.severity(), PgSeverity::Error))
        }
        _ => false,
    }
}
