//! What a submission asks of the database: the statements themselves, heard while the real route answers two requests,
//! and what of their values is new with each submission.
//!
//! Two submissions of the same applicant to the same unit differ in ids, secrets, times and the number of the day.
//! Laying one beside the other tells which pieces of which values these are; everything else stays as it is.

use std::collections::HashMap;
use std::sync::Mutex;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use songhan_base::Env;
use songhan_db::{Val, watch_statements};
use tower::ServiceExt;

use crate::people::{Applicant, Keys};

/// A statement of a submission.
pub struct Statement {
    pub sql: &'static str,
    pub values: Vec<Value>,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Begin,
    Commit,
    /// Rows come back and are thrown away.
    Read,
    Write,
    /// The counter: its row is the number that later values hold.
    Number,
}

/// A bound value, in which some pieces are new each time.
#[derive(Debug)]
pub enum Value {
    Same(Val),
    /// A text of pieces.
    Text(Vec<Piece>),
    /// The moment of the transaction.
    Now,
}

#[derive(Debug)]
pub enum Piece {
    Same(String),
    /// The fresh word of this number.
    Fresh(usize),
    /// The number of the day, four digits.
    Number,
}

/// How a fresh word is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fresh {
    Id,
    Hex(usize),
    /// Letters and digits, capitals where it had only these.
    Word {
        length: usize,
        capitals: bool,
    },
}

/// One unit's submission, ready to be repeated.
pub struct Script {
    pub statements: Vec<Statement>,
    pub fresh: Vec<Fresh>,
}

impl Script {
    /// Statements, without begin and commit.
    pub fn count(&self) -> usize {
        self.statements.iter().filter(|s| !matches!(s.kind, Kind::Begin | Kind::Commit)).count()
    }
}

type Heard = Vec<(String, Vec<Val>)>;
static HEARD: Mutex<Option<Heard>> = Mutex::new(None);

fn hear(sql: &str, values: &[Val]) {
    if let Ok(mut heard) = HEARD.lock()
        && let Some(heard) = heard.as_mut()
    {
        heard.push((sql.to_owned(), values.to_vec()));
    }
}

/// One script a unit, by two real submissions each to the system behind `router`.
pub async fn scripts(router: &Router, keys: &Keys, env: &Env) -> Result<Vec<Script>> {
    watch_statements(hear);
    // What a process reads once and keeps, such as the catalogue, is no part of a submission.
    if let Some(applicant) = keys.residents.first() {
        submission(router, applicant, env).await?;
    }
    let mut scripts = Vec::new();
    for applicant in &keys.residents {
        let one = submission(router, applicant, env).await?;
        let two = submission(router, applicant, env).await?;
        scripts.push(compare(one, two)?);
    }
    Ok(scripts)
}

/// One submission: what it ran, and its number of the day.
async fn submission(router: &Router, applicant: &Applicant, env: &Env) -> Result<(Heard, String)> {
    let request = Request::post("/api/v1/dossiers")
        .header("authorization", format!("Bearer {}", applicant.token))
        .header("idempotency-key", env.id().to_string())
        .header("content-type", "application/json")
        .body(Body::from(applicant.body.clone()))?;
    *HEARD.lock().map_err(|_| anyhow::anyhow!("the statements were lost"))? = Some(Vec::new());
    let response = router.clone().oneshot(request).await?;
    let heard = HEARD.lock().map_err(|_| anyhow::anyhow!("the statements were lost"))?.take().unwrap_or_default();
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    ensure!(status == 201, "a submission was answered {status}: {}", String::from_utf8_lossy(&body));
    let receipt: serde_json::Value = serde_json::from_slice(&body)?;
    let number = receipt["code"].as_str().and_then(|code| code.rsplit('-').next()).context("a code with a number")?;
    // Who asks is the server's matter, not the submission's.
    let own = heard.into_iter().filter(|(sql, _)| !sql.contains("FROM sessions") && !sql.contains("UPDATE sessions"));
    Ok((own.collect(), number.to_owned()))
}

fn compare((one, first): (Heard, String), (two, second): (Heard, String)) -> Result<Script> {
    ensure!(one.len() == two.len(), "two submissions ran {} and {} statements", one.len(), two.len());
    let mut words = Words { known: HashMap::new(), fresh: Vec::new(), first, second };
    let mut statements = Vec::new();
    for ((sql, values), (same, others)) in one.into_iter().zip(two) {
        ensure!(sql == same && values.len() == others.len(), "two submissions ran different statements: {sql}");
        let values = values.into_iter().zip(others).map(|(a, b)| words.value(a, b)).collect::<Result<_>>();
        let kind = kind(&sql);
        statements.push(Statement { values: values.context(sql.clone())?, sql: sql.leak(), kind });
    }
    Ok(Script { statements, fresh: words.fresh })
}

fn kind(sql: &str) -> Kind {
    match sql {
        "BEGIN" => Kind::Begin,
        "COMMIT" => Kind::Commit,
        _ if sql.contains("INTO counters") => Kind::Number,
        _ if sql.trim_start().starts_with("SELECT") || sql.contains("RETURNING") => Kind::Read,
        _ => Kind::Write,
    }
}

/// The words that differ, each made fresh under one number wherever it stands.
struct Words {
    known: HashMap<String, usize>,
    fresh: Vec<Fresh>,
    first: String,
    second: String,
}

impl Words {
    fn value(&mut self, one: Val, two: Val) -> Result<Value> {
        match (one, two) {
            (Val::Text(Some(one)), Val::Text(Some(two))) => {
                if one == two {
                    Ok(Value::Same(Val::Text(Some(one))))
                } else {
                    self.text(&one, &two).map(Value::Text)
                }
            }
            (Val::Int(Some(one)), Val::Int(Some(two))) if one != two => {
                ensure!(one > 1_000_000_000_000_000, "the number {one} became {two}, and it is no time");
                Ok(Value::Now)
            }
            (one, _) => Ok(Value::Same(one)),
        }
    }

    fn text(&mut self, one: &str, two: &str) -> Result<Vec<Piece>> {
        let (ones, twos) = (pieces(one), pieces(two));
        ensure!(ones.len() == twos.len(), "two texts have different pieces: {one:?}, {two:?}");
        let mut found: Vec<Piece> = Vec::new();
        let same = |found: &mut Vec<Piece>, text: &str| match found.last_mut() {
            Some(Piece::Same(before)) => before.push_str(text),
            _ => found.push(Piece::Same(text.to_owned())),
        };
        for (one, two) in ones.into_iter().zip(twos) {
            if one == two {
                same(&mut found, one);
            } else if let Some(before) = one.strip_suffix(self.first.as_str())
                && two.strip_suffix(self.second.as_str()) == Some(before)
            {
                same(&mut found, before);
                found.push(Piece::Number);
            } else {
                found.push(Piece::Fresh(self.number(one)));
            }
        }
        Ok(found)
    }

    fn number(&mut self, word: &str) -> usize {
        let Self { known, fresh, .. } = self;
        *known.entry(word.to_owned()).or_insert_with(|| {
            let dashes = word.bytes().filter(|byte| *byte == b'-').count();
            let only = |fits: fn(&u8) -> bool| word.bytes().all(|byte| fits(&byte));
            fresh.push(if word.len() == 36 && dashes == 4 {
                Fresh::Id
            } else if word.len() >= 32 && only(u8::is_ascii_hexdigit) {
                Fresh::Hex(word.len())
            } else {
                let capitals = only(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
                Fresh::Word { length: word.len(), capitals }
            });
            fresh.len() - 1
        })
    }
}

/// A text as runs of what ids, codes and secrets are made of, and what stands between.
fn pieces(text: &str) -> Vec<&str> {
    let of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| of_word(c) != of_word(first)).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(end);
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(id: &str, number: &str, at: i64) -> (Heard, String) {
        let text = |text: String| Val::Text(Some(text));
        let rows = vec![
            ("BEGIN".to_owned(), vec![]),
            ("INSERT INTO counters …".to_owned(), vec![text("case:000.01.80.H17:261121".into())]),
            (
                "INSERT INTO cases …".to_owned(),
                vec![
                    text(id.into()),
                    text(format!("000.01.80.H17-261121-{number}")),
                    Val::Int(Some(at)),
                    Val::Int(Some(1)),
                ],
            ),
            ("INSERT INTO events …".to_owned(), vec![text(format!(r#"{{"case":"{id}","n":"261121{number}"}}"#))]),
            ("COMMIT".to_owned(), vec![]),
        ];
        (rows, number.to_owned())
    }

    #[test]
    fn what_differs_is_fresh_and_the_rest_stays() {
        let one = heard("0193c0a8-1111-7000-8000-000000000001", "0001", 1_764_000_000_000_000);
        let two = heard("0193c0a8-2222-7000-8000-000000000002", "0002", 1_764_000_000_000_077);
        let script = compare(one, two).unwrap();
        assert_eq!((script.fresh.as_slice(), script.count()), ([Fresh::Id].as_slice(), 3));
        let shown: Vec<String> = script.statements.iter().map(|s| format!("{:?} {:?}", s.kind, s.values)).collect();
        assert_eq!(
            shown,
            [
                r"Begin []",
                r#"Number [Same(Text(Some("case:000.01.80.H17:261121")))]"#,
                r#"Write [Text([Fresh(0)]), Text([Same("000.01.80.H17-261121-"), Number]), Now, Same(Int(Some(1)))]"#,
                r#"Write [Text([Same("{\"case\":\""), Fresh(0), Same("\",\"n\":\"261121"), Number, Same("\"}")])]"#,
                r"Commit []",
            ]
        );
    }
}
