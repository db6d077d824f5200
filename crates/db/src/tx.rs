//! A write transaction that knows when it began, who acts and on whose request: its events and audit rows say so.

use jiff::Timestamp;
use songhan_base::{Actor, Env, Id, Internal};
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};
use tokio::sync::OwnedSemaphorePermit;

use crate::query::On;
use crate::{Db, Event, Result, query};

/// What every row of the event log and the audit log says of its transaction.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub at: Timestamp,
    /// [`Actor::label`].
    pub actor: String,
    pub request: Option<Id>,
}

impl Stamp {
    pub fn new(env: &Env, actor: &Actor, request: Option<Id>) -> Self {
        Self { at: env.now(), actor: actor.label(), request }
    }

    /// The system itself, by the name of the job or command.
    pub fn system(env: &Env, name: &'static str) -> Self {
        Self::new(env, &Actor::System(name), None)
    }
}

/// A transaction. `commit` returns when the change is on disk; dropping it undoes everything.
pub struct Tx {
    inner: Inner,
    db: Db,
    stamp: Stamp,
    has_events: bool,
    has_jobs: bool,
}

enum Inner {
    Lite(Transaction<'static, Sqlite>),
    /// With the turn to have a connection.
    Pg(Transaction<'static, Postgres>, OwnedSemaphorePermit),
}

impl Tx {
    pub(crate) fn lite(inner: Transaction<'static, Sqlite>, db: Db, stamp: Stamp) -> Self {
        Self { inner: Inner::Lite(inner), db, stamp, has_events: false, has_jobs: false }
    }

    pub(crate) fn pg(inner: Transaction<'static, Postgres>, turn: OwnedSemaphorePermit, db: Db, stamp: Stamp) -> Self {
        Self { inner: Inner::Pg(inner, turn), db, stamp, has_events: false, has_jobs: false }
    }

    pub(crate) fn on(&mut self) -> On<'_> {
        match &mut self.inner {
            Inner::Lite(tx) => On::Lite(tx),
            Inner::Pg(tx, _) => On::Pg(tx),
        }
    }

    /// When the transaction began: the one `now` of everything in it.
    pub const fn now(&self) -> Timestamp {
        self.stamp.at
    }

    pub const fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Appends an event; subscribers and live pages hear of it after the commit.
    pub async fn emit<E: Event>(&mut self, event: E) -> Result<()> {
        let payload = serde_json::to_string(&event).map_err(Internal::new)?;
        let (at, actor) = (self.stamp.at, self.stamp.actor.clone());
        query("INSERT INTO events (kind, subject, payload, actor, at) VALUES ($1, $2, $3, $4, $5)")
            .bind(E::KIND)
            .bind(event.subject())
            .bind(payload)
            .bind(actor)
            .bind(at)
            .execute(&mut *self)
            .await?;
        self.has_events = true;
        Ok(())
    }

    /// Appends to the audit log: who did (or read) what. `detail` holds no personal data beyond what is needed.
    pub async fn audit(&mut self, action: &'static str, subject: &str, detail: serde_json::Value) -> Result<()> {
        let Stamp { at, actor, request } = self.stamp.clone();
        query("INSERT INTO audit (at, actor, action, subject, detail, request) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(at)
            .bind(actor)
            .bind(action)
            .bind(subject)
            .bind(detail)
            .bind(request)
            .execute(&mut *self)
            .await?;
        Ok(())
    }

    /// A mutex of the whole cluster until commit; SQLite's single writer already is one.
    pub async fn lock(&mut self, key: i64) -> Result<()> {
        self.advisory("SELECT pg_advisory_xact_lock($1)", key).await
    }

    /// The same for many at once: it keeps out who takes [`Tx::lock`] of this key, and waits for them.
    pub async fn lock_shared(&mut self, key: i64) -> Result<()> {
        self.advisory("SELECT pg_advisory_xact_lock_shared($1)", key).await
    }

    async fn advisory(&mut self, sql: &'static str, key: i64) -> Result<()> {
        match &mut self.inner {
            Inner::Lite(_) => Ok(()),
            Inner::Pg(tx, _) => sqlx::query(sql).bind(key).execute(&mut **tx).await.map(drop).map_err(Internal::new),
        }
    }

    /// Tells the process after commit that there is a job to be done.
    pub(crate) const fn promises_job(&mut self) {
        self.has_jobs = true;
    }

    /// A script inside the transaction, for migrations.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<()> {
        let postgres = matches!(self.inner, Inner::Pg(..));
        let sql = AssertSqlSafe(crate::dialect::ddl(sql, postgres));
        match &mut self.inner {
            Inner::Lite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop),
            Inner::Pg(tx, _) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop),
        }
        .map_err(Internal::new)
    }

    /// Makes it so, and returns when it is on disk.
    pub async fn commit(self) -> Result<()> {
        crate::watch::saw("COMMIT", &[]);
        match self.inner {
            // The connection goes back to the pool before the wait, so that the next writer may begin.
            Inner::Lite(tx) => {
                tx.commit().await.map_err(Internal::new)?;
                self.db.settled().await;
            }
            Inner::Pg(tx, _turn) => tx.commit().await.map_err(Internal::new)?,
        }
        if self.has_events {
            self.db.events.send_modify(|n| *n += 1);
        }
        if self.has_jobs {
            self.db.jobs.send_modify(|n| *n += 1);
        }
        Ok(())
    }

    pub async fn rollback(self) -> Result<()> {
        match self.inner {
            Inner::Lite(tx) => tx.rollback().await,
            Inner::Pg(tx, _turn) => tx.rollback().await,
        }
        .map_err(Internal::new)
    }
}
