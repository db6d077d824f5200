//! A statement, its bound values, and where it runs.

use std::borrow::Cow;

use songhan_base::Internal;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, FromRow, Postgres, SqlSafeStr, SqlStr, Sqlite};

use crate::{Db, Result, Tx, Val};

/// A struct or tuple that decodes from a row of either engine; `#[derive(sqlx::FromRow)]` gives it.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> Row for T {}

/// One statement. Placeholders are `$1`, `$2`, …, reusable.
pub struct Query {
    sql: Cow<'static, str>,
    args: Vec<Val>,
}

pub fn query(sql: &'static str) -> Query {
    Query { sql: Cow::Borrowed(sql), args: Vec::new() }
}

/// For a text built from constant pieces only, never from input.
pub fn query_dyn(sql: String) -> Query {
    Query { sql: Cow::Owned(sql), args: Vec::new() }
}

/// Where a query runs: `&Db` reads from the read pool (or executes as a durable transaction of its own), `&mut Tx` inside.
pub enum On<'a> {
    Db(&'a Db),
    Lite(&'a mut SqliteConnection),
    Pg(&'a mut PgConnection),
}

impl<'a> From<&'a Db> for On<'a> {
    fn from(db: &'a Db) -> Self {
        Self::Db(db)
    }
}

impl<'a> From<&'a mut Tx> for On<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        tx.on()
    }
}

impl On<'_> {
    /// The same place for one more query.
    pub fn again(&mut self) -> On<'_> {
        match self {
            Self::Db(db) => On::Db(db),
            Self::Lite(connection) => On::Lite(connection),
            Self::Pg(connection) => On::Pg(connection),
        }
    }
}

macro_rules! args {
    ($db:ty, $vals:expr) => {{
        let mut args = <$db as sqlx::Database>::Arguments::default();
        for val in $vals {
            match val {
                Val::Text(x) => args.add(x),
                Val::Int(x) => args.add(x),
                Val::Real(x) => args.add(x),
                Val::Bool(x) => args.add(x),
                Val::Bytes(x) => args.add(x),
            }
            .map_err(sqlx::Error::Encode)
            .map_err(Internal::new)?;
        }
        args
    }};
}

macro_rules! fetch {
    ($(#[$doc:meta])* $name:ident, $out:ty) => {
        $(#[$doc])*
        pub async fn $name<'a, T: Row>(self, on: impl Into<On<'a>>) -> Result<$out> {
            crate::watch::saw(&self.sql, &self.args);
            match on.into() {
                On::Db(db) => match &db.engine {
                    crate::open::Engine::Sqlite { read, .. } => {
                        sqlx::query_as_with::<Sqlite, T, _>(lite(self.sql), args!(Sqlite, self.args)).$name(read).await
                    }
                    crate::open::Engine::Postgres(connections) => {
                        let args = args!(Postgres, self.args);
                        let mut taken = connections.take().await?;
                        let on = taken.connection();
                        let found = sqlx::query_as_with::<Postgres, T, _>(pg(self.sql), args).$name(on).await;
                        return taken.after(found);
                    }
                },
                On::Lite(c) => sqlx::query_as_with::<Sqlite, T, _>(lite(self.sql), args!(Sqlite, self.args)).$name(c).await,
                On::Pg(c) => sqlx::query_as_with::<Postgres, T, _>(pg(self.sql), args!(Postgres, self.args)).$name(c).await,
            }
            .map_err(Internal::new)
        }
    };
}

impl Query {
    #[must_use]
    pub fn bind(mut self, val: impl Into<Val>) -> Self {
        self.args.push(val.into());
        self
    }

    fetch!(
        /// All rows. RETURNING runs inside a `Tx` only.
        fetch_all, Vec<T>);
    fetch!(
        /// Exactly one row; none is an error of ours.
        fetch_one, T);
    fetch!(fetch_optional, Option<T>);

    /// Executes; answers how many rows changed. On `&Db` it is a durable transaction of one statement.
    pub async fn execute<'a>(self, on: impl Into<On<'a>>) -> Result<u64> {
        crate::watch::saw(&self.sql, &self.args);
        let done = match on.into() {
            On::Db(db) => match &db.engine {
                crate::open::Engine::Sqlite { write, barrier, .. } => {
                    let done =
                        sqlx::query_with::<Sqlite, _>(lite(self.sql), args!(Sqlite, self.args)).execute(write).await;
                    let rows = done.map_err(Internal::new)?.rows_affected();
                    barrier.wait().await;
                    return Ok(rows);
                }
                crate::open::Engine::Postgres(connections) => {
                    let args = args!(Postgres, self.args);
                    let mut taken = connections.take().await?;
                    let done = sqlx::query_with::<Postgres, _>(pg(self.sql), args).execute(taken.connection()).await;
                    return taken.after(done).map(|done| done.rows_affected());
                }
            },
            On::Lite(c) => sqlx::query_with::<Sqlite, _>(lite(self.sql), args!(Sqlite, self.args))
                .execute(c)
                .await
                .map(|done| done.rows_affected()),
            On::Pg(c) => sqlx::query_with::<Postgres, _>(pg(self.sql), args!(Postgres, self.args))
                .execute(c)
                .await
                .map(|done| done.rows_affected()),
        };
        done.map_err(Internal::new)
    }
}

fn lite(sql: Cow<'static, str>) -> SqlStr {
    match sql {
        Cow::Borrowed(s) => s.into_sql_str(),
        Cow::Owned(s) => AssertSqlSafe(s).into_sql_str(),
    }
}

fn pg(sql: Cow<'static, str>) -> SqlStr {
    if sql.contains("/*pg ") { AssertSqlSafe(crate::dialect::for_postgres(&sql)).into_sql_str() } else { lite(sql) }
}
