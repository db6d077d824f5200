//! Reading a logical copy back into an empty database of either engine.

use std::io::BufRead;

use serde_json::Value;
use songhan_base::{Env, Internal};

use crate::dump::{Column, Kind, Table};
use crate::{Db, Migration, Position, Result, Stamp, Tx, query_dyn};

/// Rows a statement.
const BATCH: usize = 500;

/// Restores a copy made by [`dump`](crate::dump) into a database without tables; `migrations` are all that the binary
/// knows, of which those of the copy are applied. Answers how many rows.
pub async fn restore(db: &Db, env: &Env, migrations: &[Migration], copy: &mut (impl BufRead + Send)) -> Result<u64> {
    if !crate::dump::tables(db).await?.is_empty() {
        return Err(Internal::new("the database is not empty; restore into a new one"));
    }
    let mut lines = copy.lines();
    let mut tx = None;
    let mut log = Log::default();
    let mut table: Option<Table> = None;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut known: Vec<(String, i64)> = Vec::new();
    let mut count = 0;
    loop {
        let line = lines.next().transpose().map_err(Internal::new)?;
        let value: Option<Value> = line.as_deref().map(serde_json::from_str).transpose().map_err(Internal::new)?;
        let ends = !matches!(value, Some(Value::Array(_)));
        if (ends || rows.len() >= BATCH)
            && let Some(table) = &table
            && !rows.is_empty()
        {
            count += rows.len() as u64;
            if table.name == "migrations" {
                known = rows.iter().filter_map(|r| Some((r[0].as_str()?.to_owned(), r[1].as_i64()?))).collect();
                rows.clear();
            } else {
                let tx = begin(db, env, migrations, &known, &mut tx).await?;
                insert(tx, db.is_postgres(), table, std::mem::take(&mut rows)).await?;
            }
        }
        match value {
            Some(Value::Array(row)) => {
                let table = table.as_ref().ok_or_else(|| Internal::new("the copy does not begin with a table"))?;
                rows.push(log.renumber(table, row));
            }
            Some(head) => table = Some(read_head(&head)?),
            None => break,
        }
    }
    let tx_now = begin(db, env, migrations, &known, &mut tx).await?;
    for (table, column) in [("events", "seq"), ("audit", "seq")] {
        // PostgreSQL's own counters go on behind the restored rows.
        if db.is_postgres() {
            let sql = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"
            );
            let _: (i64,) = query_dyn(sql).fetch_one(&mut *tx_now).await?;
        }
    }
    if let Some(tx) = tx {
        tx.commit().await?;
    }
    Ok(count)
}

/// The tables are made by the copy's own migrations before the first row; the rest waits for the next start.
async fn begin<'a>(
    db: &Db,
    env: &Env,
    migrations: &[Migration],
    known: &[(String, i64)],
    tx: &'a mut Option<Tx>,
) -> Result<&'a mut Tx> {
    if tx.is_none() {
        let has =
            |m: &&Migration| known.iter().any(|(module, number)| module == m.module && *number == i64::from(m.number));
        let applied: Vec<Migration> = migrations.iter().filter(has).copied().collect();
        if let Some((module, number)) = known.iter().find(|(module, number)| {
            !applied.iter().chain(crate::migrate::KERNEL).any(|m| m.module == module && i64::from(m.number) == *number)
        }) {
            return Err(Internal::new(format!(
                "the copy needs migration {module}/{number:04}; restore with a newer songhan"
            )));
        }
        crate::migrate(db, env, &applied).await?;
        *tx = Some(db.begin(Stamp::system(env, "restore")).await?);
    }
    tx.as_mut().ok_or_else(|| Internal::new("no transaction"))
}

fn read_head(head: &Value) -> Result<Table> {
    let columns: Vec<Column> = serde_json::from_value(head["columns"].clone()).map_err(Internal::new)?;
    let name = head["table"].as_str().ok_or_else(|| Internal::new("the copy names no table"))?.to_owned();
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !plain(&name) || !columns.iter().all(|c| plain(&c.name)) {
        return Err(Internal::new("the copy has names that are not ours"));
    }
    Ok(Table { name, columns })
}

async fn insert(tx: &mut Tx, postgres: bool, table: &Table, rows: Vec<Vec<Value>>) -> Result<()> {
    let names = table.columns.iter().map(|c| format!("\"{}\"", c.name)).collect::<Vec<_>>().join(", ");
    let rows = Value::from(rows.into_iter().map(Value::from).collect::<Vec<_>>());
    let sql = if postgres {
        let typed = table.columns.iter().enumerate().map(|(n, c)| match c.kind {
            Kind::Blob => format!("decode(r ->> {n}, 'hex')"),
            Kind::Real => format!("CAST(r ->> {n} AS DOUBLE PRECISION)"),
            // Booleans of SQLite are 0 and 1: the column's own type says which it is.
            Kind::Integer => format!("CAST(r ->> {n} AS {})", "BIGINT"),
            Kind::Text => format!("r ->> {n}"),
        });
        let booleans = booleans(tx, &table.name).await?;
        let typed = typed.zip(&table.columns).map(|(expression, column)| {
            if booleans.contains(&column.name) {
                format!("(r ->> {})::boolean", position(table, column))
            } else {
                expression
            }
        });
        let typed = typed.collect::<Vec<_>>().join(", ");
        format!(
            "INSERT INTO \"{}\" ({names}) OVERRIDING SYSTEM VALUE SELECT {typed} FROM jsonb_array_elements($1::jsonb) r",
            table.name
        )
    } else {
        let typed = table.columns.iter().enumerate().map(|(n, c)| match c.kind {
            Kind::Blob => format!("unhex(r.value ->> {n})"),
            _ => format!("r.value ->> {n}"),
        });
        let typed = typed.collect::<Vec<_>>().join(", ");
        format!("INSERT INTO \"{}\" ({names}) SELECT {typed} FROM json_each($1) r", table.name)
    };
    query_dyn(sql).bind(rows).execute(tx).await?;
    Ok(())
}

fn position(table: &Table, column: &Column) -> usize {
    table.columns.iter().position(|c| c == column).unwrap_or_default()
}

async fn booleans(tx: &mut Tx, table: &str) -> Result<Vec<String>> {
    let names: Vec<(String,)> = crate::query(
        "SELECT column_name::text FROM information_schema.columns
         WHERE table_schema = current_schema() AND table_name = $1 AND data_type = 'boolean'",
    )
    .bind(table)
    .fetch_all(tx)
    .await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// The event log is numbered anew in its order: transaction ids of another server mean nothing here.
#[derive(Default)]
struct Log {
    order: Vec<Position>,
}

impl Log {
    fn renumber(&mut self, table: &Table, mut row: Vec<Value>) -> Vec<Value> {
        let at = |name: &str| table.columns.iter().position(|c| c.name == name);
        let (Some(txid), Some(seq)) = (at("txid"), at("seq")) else { return row };
        let (Some(old_txid), Some(old_seq)) = (row[txid].as_i64(), row[seq].as_i64()) else { return row };
        let old = Position { txid: old_txid, seq: old_seq };
        match table.name.as_str() {
            "events" => {
                self.order.push(old);
                row[seq] = Value::from(self.order.len());
            }
            // A cursor stands behind as many events as before.
            "event_cursors" => row[seq] = Value::from(self.order.partition_point(|p| *p <= old)),
            // Sealed rows keep their numbers: the chain covers them.
            _ => {}
        }
        row[txid] = Value::from(0);
        row
    }
}
