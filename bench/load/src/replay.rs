//! The peer: the statements of submissions, run directly on the same kind of database without our server.
//!
//! It is as durable and as well connected as the server: on SQLite one writer whose commits wait for a group fsync of
//! the log (faster than `synchronous=FULL`, which syncs for each), on PostgreSQL 16 connections and its own fsync.
//! Statements are prepared once a connection, rows that come back are not decoded, and there is no network, no JSON to
//! read, no check of who asks or of what is asked, no subscriber.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use songhan_base::Env;
use songhan_db::{Db, Query, Stamp, Tx, Val, query};

use crate::capture::{Fresh, Kind, Piece, Script, Statement, Value};
use crate::drive::{Sample, sum_up};

/// Before counting begins, as for the clients of the server.
const WARM_UP: Duration = Duration::from_millis(500);

/// A row of which nothing is read.
struct Ignored;

impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for Ignored {
    fn from_row(_: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self)
    }
}

/// Runs submissions by `tasks` at once, as fast as they can, for `length`.
pub async fn run(db: &Db, scripts: &Arc<Vec<Script>>, tasks: usize, length: Duration) -> Result<Sample> {
    let begin = Instant::now() + WARM_UP;
    let end = begin + length;
    let running: Vec<_> = (0..tasks)
        .map(|task| {
            let (db, scripts) = (db.clone(), scripts.clone());
            tokio::spawn(async move {
                let env = Env::real();
                let mut latencies = Vec::new();
                for turn in 0.. {
                    let sent = Instant::now();
                    if sent >= end {
                        break;
                    }
                    submit(&db, &env, &scripts[(task + turn * tasks) % scripts.len()]).await?;
                    let now = Instant::now();
                    if now >= begin && now < end {
                        latencies.push(now - sent);
                    }
                }
                anyhow::Ok(latencies)
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for task in running {
        latencies.append(&mut task.await.context("a direct task ended early")??);
    }
    Ok(sum_up(latencies, length))
}

/// One submission by its script.
async fn submit(db: &Db, env: &Env, script: &Script) -> Result<()> {
    let fresh: Vec<String> = script.fresh.iter().map(|how| word(env, *how)).collect();
    let stamp = Stamp::system(env, "load");
    let mut filled = Filled { fresh, number: String::new(), now: stamp.at.as_microsecond() };
    let mut tx: Option<Tx> = None;
    for statement in &script.statements {
        match (statement.kind, tx.as_mut()) {
            (Kind::Begin, _) => tx = Some(db.begin(stamp.clone()).await?),
            (Kind::Commit, _) => {
                if let Some(tx) = tx.take() {
                    tx.commit().await?;
                }
            }
            (Kind::Read, None) => drop(filled.query(statement).fetch_all::<Ignored>(db).await?),
            (Kind::Read, Some(tx)) => drop(filled.query(statement).fetch_all::<Ignored>(tx).await?),
            (Kind::Number, Some(tx)) => {
                let (number,): (i64,) = filled.query(statement).fetch_one(tx).await?;
                filled.number = format!("{number:04}");
            }
            (_, Some(tx)) => drop(filled.query(statement).execute(tx).await?),
            (_, None) => drop(filled.query(statement).execute(db).await?),
        }
    }
    Ok(())
}

/// The values of one submission.
struct Filled {
    fresh: Vec<String>,
    number: String,
    now: i64,
}

impl Filled {
    fn query(&self, statement: &Statement) -> Query {
        statement.values.iter().fold(query(statement.sql), |query, value| match value {
            Value::Same(value) => query.bind(value.clone()),
            Value::Now => query.bind(self.now),
            Value::Text(pieces) => query.bind(self.text(pieces)),
        })
    }

    fn text(&self, pieces: &[Piece]) -> Val {
        let mut text = String::with_capacity(256);
        for piece in pieces {
            text.push_str(match piece {
                Piece::Same(same) => same,
                Piece::Fresh(number) => &self.fresh[*number],
                Piece::Number => &self.number,
            });
        }
        Val::Text(Some(text))
    }
}

fn word(env: &Env, how: Fresh) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz01";
    match how {
        Fresh::Id => env.id().to_string(),
        Fresh::Hex(length) => {
            let bytes = env.random::<32>();
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()[..length.min(64)].to_owned()
        }
        Fresh::Word { length, capitals } => {
            let bytes = env.random::<48>();
            let set = if capitals { &LETTERS[..36] } else { &LETTERS[..64] };
            bytes.iter().take(length).map(|byte| char::from(set[usize::from(*byte) % set.len()])).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_words_have_the_form_of_the_old() {
        let env = Env::real();
        assert_eq!(word(&env, Fresh::Id).len(), 36);
        assert_eq!(word(&env, Fresh::Hex(64)).len(), 64);
        let capitals = word(&env, Fresh::Word { length: 12, capitals: true });
        assert!(capitals.len() == 12 && capitals.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
        assert_ne!(capitals, word(&env, Fresh::Word { length: 12, capitals: true }));
    }
}
