//! A logical copy of the whole database, taken from one snapshot while others write, the same for both engines.
//!
//! Every table becomes lines of JSON. A copy made on SQLite restores on PostgreSQL and the other way round.

use std::io::Write;

use futures_util::TryStreamExt;
use songhan_base::Internal;
use sqlx::{AssertSqlSafe, Connection, SqlSafeStr};

use crate::open::Engine;
use crate::{Db, Result};

/// A table with its columns in order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    pub nullable: bool,
}

/// What a column holds, in the words that both engines share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Integer,
    Real,
    Text,
    Blob,
}

impl Kind {
    fn of(declared: &str) -> Self {
        match declared.to_ascii_uppercase().as_str() {
            "TEXT" => Self::Text,
            "REAL" | "DOUBLE PRECISION" => Self::Real,
            "BLOB" | "BYTEA" => Self::Blob,
            _ => Self::Integer,
        }
    }
}

/// The tables, each behind those that it refers to, otherwise in the order in which they were made: a table that a
/// migration has made anew stands last there.
pub async fn tables(db: &Db) -> Result<Vec<Table>> {
    let (names, columns) = if db.is_postgres() {
        (
            "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
             ORDER BY oid",
            "SELECT column_name::text, data_type::text, CASE WHEN is_nullable = 'YES' THEN 1 ELSE 0 END
             FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER'
             ORDER BY ordinal_position",
        )
    } else {
        (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
            "SELECT name, type, CASE WHEN \"notnull\" = 0 AND pk = 0 THEN 1 ELSE 0 END
             FROM pragma_table_xinfo($1) WHERE hidden = 0 ORDER BY cid",
        )
    };
    let references = if db.is_postgres() {
        "SELECT DISTINCT f.relname::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
         JOIN pg_class f ON f.oid = c.confrelid
         WHERE c.contype = 'f' AND t.relname = $1 AND t.relnamespace = current_schema()::regnamespace"
    } else {
        "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list($1)"
    };
    let mut waiting: Vec<(String, Vec<String>)> = Vec::new();
    for (name,) in crate::query(names).fetch_all::<(String,)>(db).await? {
        let to: Vec<(String,)> = crate::query(references).bind(&name).fetch_all(db).await?;
        let to = to.into_iter().map(|(to,)| to).filter(|to| *to != name).collect();
        waiting.push((name, to));
    }
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let free = waiting.iter().position(|(_, to)| !to.iter().any(|to| waiting.iter().any(|(name, _)| name == to)));
        // Tables that refer to each other in a ring stay as they are.
        ordered.push(waiting.remove(free.unwrap_or(0)).0);
    }
    let mut tables = Vec::new();
    for name in ordered {
        let rows: Vec<(String, String, i32)> = crate::query(columns).bind(&name).fetch_all(db).await?;
        let columns = rows
            .into_iter()
            .map(|(name, declared, nullable)| Column { name, kind: Kind::of(&declared), nullable: nullable == 1 })
            .collect();
        tables.push(Table { name, columns });
    }
    Ok(tables)
}

/// Writes every row of every table: a line `{"table": …}` before each table's rows. Answers how many rows.
pub async fn dump(db: &Db, out: &mut (impl Write + Send)) -> Result<u64> {
    let tables = tables(db).await?;
    db.settled().await;
    match &db.engine {
        Engine::Sqlite { read, .. } => {
            let mut connection = read.acquire().await.map_err(Internal::new)?;
            let mut tx = connection.begin().await.map_err(Internal::new)?;
            write_tables(
                &tables,
                out,
                async |sql, line| {
                    let mut rows = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch(&mut *tx);
                    while let Some(row) = rows.try_next().await.map_err(Internal::new)? {
                        line(row)?;
                    }
                    Ok(())
                },
                false,
            )
            .await
        }
        Engine::Postgres(connections) => {
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
            let (mut tx, _turn) = connections.begin(Some(begin.into_sql_str())).await?;
            write_tables(
                &tables,
                out,
                async |sql, line| {
                    let mut rows = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch(&mut *tx);
                    while let Some(row) = rows.try_next().await.map_err(Internal::new)? {
                        line(row)?;
                    }
                    Ok(())
                },
                true,
            )
            .await
        }
    }
}

async fn write_tables<W: Write + Send>(
    tables: &[Table],
    out: &mut W,
    mut each: impl AsyncFnMut(String, &mut (dyn FnMut(String) -> Result<()> + Send)) -> Result<()>,
    postgres: bool,
) -> Result<u64> {
    let mut count = 0;
    for table in tables {
        let head = serde_json::json!({ "table": table.name, "columns": table.columns });
        writeln!(out, "{head}").map_err(Internal::new)?;
        let mut line = |row: String| {
            count += 1;
            writeln!(out, "{row}").map_err(Internal::new)
        };
        each(select(table, postgres), &mut line).await?;
    }
    Ok(count)
}

/// One JSON array a row: the columns in their order.
fn select(table: &Table, postgres: bool) -> String {
    let columns = table.columns.iter().map(|c| match (c.kind, postgres) {
        (Kind::Blob, true) => format!("encode(\"{}\", 'hex')", c.name),
        (Kind::Blob, false) => format!("lower(hex(\"{}\"))", c.name),
        _ => format!("\"{}\"", c.name),
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let array = if postgres { format!("json_build_array({columns})::text") } else { format!("json_array({columns})") };
    // The log is copied in its own order, so that a restore can number it anew.
    let order = if table.name == "events" { " ORDER BY txid, seq" } else { "" };
    format!("SELECT {array} FROM \"{}\"{order}", table.name)
}
