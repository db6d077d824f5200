//! Opening a database: SQLite in a folder, or PostgreSQL by URL.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use songhan_base::Internal;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions};
use tokio::sync::watch;

use crate::barrier::Barrier;
use crate::connections::Connections;
use crate::{Result, Stamp, Tx};

/// A database handle. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub(crate) engine: Engine,
    /// Moves after each commit of this process that appended events or jobs.
    pub(crate) events: Arc<watch::Sender<u64>>,
    pub(crate) jobs: Arc<watch::Sender<u64>>,
}

#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite { write: SqlitePool, read: SqlitePool, barrier: Arc<Barrier> },
    Postgres(Connections),
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…`. A SQLite file is created where it is missing.
    pub async fn open(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Self::sqlite(Path::new(path)).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::postgres(url, None, 16).await;
        }
        Err(Internal::new(format!("{url:?} names no database; use sqlite:PATH or postgres://USER@HOST/NAME")))
    }

    pub async fn sqlite(path: &Path) -> Result<Self> {
        let base = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-16384")
            .pragma("mmap_size", "68719476736")
            .disable_statement_logging();
        let writing = base
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal); // the barrier syncs, for many commits at once
        // Connections never expire: SQLite drops its log when the last one closes.
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(writing)
            .await
            .map_err(Internal::new)?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(base.read_only(true))
            .await
            .map_err(Internal::new)?;
        // The first write makes the -wal file that the barrier holds.
        sqlx::raw_sql("PRAGMA user_version = 1").execute(&write).await.map_err(Internal::new)?;
        let mut wal = path.as_os_str().to_owned();
        wal.push("-wal");
        let barrier = Barrier::start(wal.into())?;
        Ok(Self::new(Engine::Sqlite { write, read, barrier }))
    }

    /// `schema` puts everything into a schema of its own: tests, which need not wait for the disk at each commit.
    pub async fn postgres(url: &str, schema: Option<&str>, connections: u32) -> Result<Self> {
        let options = PgConnectOptions::from_str(url).map_err(Internal::new)?.disable_statement_logging();
        // Statements here are short: one that was thought long is done before it would have been compiled.
        let mut options = options.options([("jit", "off")]);
        if let Some(schema) = schema {
            options = options.options([("search_path", schema), ("synchronous_commit", "off")]);
        }
        Ok(Self::new(Engine::Postgres(Connections::open(options, connections).await?)))
    }

    fn new(engine: Engine) -> Self {
        let count = || Arc::new(watch::Sender::new(0));
        Self { engine, events: count(), jobs: count() }
    }

    /// A write transaction: `BEGIN IMMEDIATE` on the one SQLite writer, `BEGIN` on PostgreSQL. Dropped, it rolls back.
    pub async fn begin(&self, stamp: Stamp) -> Result<Tx> {
        crate::watch::saw("BEGIN", &[]);
        match &self.engine {
            Engine::Sqlite { write, .. } => {
                let inner = write.begin_with("BEGIN IMMEDIATE").await.map_err(Internal::new)?;
                Ok(Tx::lite(inner, self.clone(), stamp))
            }
            Engine::Postgres(connections) => {
                let (inner, turn) = connections.begin(None).await?;
                Ok(Tx::pg(inner, turn, self.clone(), stamp))
            }
        }
    }

    pub const fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Waits until everything readable now is on disk. An effect that follows from a read alone waits here first.
    pub async fn settled(&self) {
        if let Engine::Sqlite { barrier, .. } = &self.engine {
            barrier.wait().await;
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        crate::query("SELECT 1").fetch_one::<(i32,)>(self).await.map(drop)
    }

    /// A receiver that changes after each commit of this process that appended events.
    pub fn new_events(&self) -> watch::Receiver<u64> {
        self.events.subscribe()
    }

    /// A receiver that changes after each commit of this process that promised jobs.
    pub fn new_jobs(&self) -> watch::Receiver<u64> {
        self.jobs.subscribe()
    }

    /// A script of many statements in the house's DDL dialect, for migrations and tests.
    pub async fn script(&self, sql: &str) -> Result<()> {
        let sql = AssertSqlSafe(crate::dialect::ddl(sql, self.is_postgres()));
        match &self.engine {
            Engine::Sqlite { write, .. } => sqlx::raw_sql(sql).execute(write).await.map(drop).map_err(Internal::new),
            Engine::Postgres(connections) => {
                let mut taken = connections.take().await?;
                let done = sqlx::raw_sql(sql).execute(taken.connection()).await;
                taken.after(done).map(drop)
            }
        }
    }

    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { write, read, barrier } => {
                barrier.close();
                read.close().await;
                write.close().await;
            }
            Engine::Postgres(connections) => connections.close().await,
        }
    }
}
