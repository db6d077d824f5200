//! Send a code: to the account's own telephone number or e-mail address, so that its owner proves to be reached there.

use std::time::Duration;

use axum::http::StatusCode;
use data_encoding::HEXLOWER;
use jiff::SignedDuration;
use serde_json::json;
use sha2::{Digest, Sha256};
use songhan_app::{Cx, IntoProblem, Path, Problem, SecretCode};
use songhan_base::{Env, Id, Internal};

use crate::channel::Channel;
use crate::personal::promise_code;
use crate::reach;
use crate::store::{self, CodeRow, NewCode};

/// A code is good for so long.
pub const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);
/// Between two codes.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// So many codes in one window: SMS cost money, and each code can be guessed at.
const CODES_MAX: i64 = 5;
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("no codes are sent by this channel; choose email or sms")]
    NoSuchChannel,
    #[error("the account has no address for this channel; add one first")]
    NoAddress,
    #[error("this address is verified")]
    Verified,
    #[error("too many codes; try again in {} seconds", .0.as_secs())]
    TooMany(Duration),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NoSuchChannel => Problem::not_found("channel"),
            Self::NoAddress => Problem::conflict("no_address", detail),
            Self::Verified => Problem::conflict("verified", detail),
            Self::TooMany(wait) => Problem::too_many(detail, wait),
            Self::Internal(error) => error.into(),
        }
    }
}

/// The channel whose address can be proven, by its name.
pub fn provable(cx: &Cx, name: &str) -> Result<Channel, Rejection> {
    let channel = Channel::parse(name).filter(|channel| matches!(channel, Channel::Email | Channel::Sms));
    channel.filter(|channel| channel.is_offered(cx)).ok_or(Rejection::NoSuchChannel)
}

/// Sends a new code to the account's (one's own) address. It takes the place of the one before.
pub async fn send_code(cx: &Cx, account: Id, channel: Channel) -> Result<(), Rejection> {
    let account = reach::own(cx, account).await?;
    let address = reach::address(&account, channel).ok_or(Rejection::NoAddress)?.to_owned();
    let code = new_code(&cx.env);
    let mut tx = cx.begin().await?;
    if store::verified(&mut tx, account.id, channel).await?.as_deref() == Some(&address) {
        return Err(Rejection::Verified);
    }
    let now = tx.now();
    let before = store::code(&mut tx, account.id, channel).await?;
    let (sent, window_at) = count(before.as_ref(), now)?;
    let expires_at = now + GOOD_FOR;
    let hash = hash(account.id, channel, &address, &code);
    let new = NewCode { address: &address, hash, sent, window_at, expires_at };
    store::set_code(&mut tx, account.id, channel, new).await?;
    let minutes = GOOD_FOR.as_mins();
    let told = SecretCode { account: account.id, kind: "address-code", code, minutes, expires_at };
    promise_code(&mut tx, cx, channel, &address, told).await?;
    let detail = json!({ "channel": channel.as_str() });
    tx.audit("notices.code_sent", &format!("account:{}", account.id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// How many codes this one makes, and since when; too many is refused.
fn count(before: Option<&CodeRow>, now: jiff::Timestamp) -> Result<(i64, jiff::Timestamp), Rejection> {
    let until = |end: jiff::Timestamp| {
        let wait = end.duration_since(now).max(SignedDuration::from_secs(1));
        Rejection::TooMany(wait.unsigned_abs())
    };
    let Some(before) = before else { return Ok((1, now)) };
    if before.sent_at.0 + PAUSE > now {
        return Err(until(before.sent_at.0 + PAUSE));
    }
    if before.window_at.0 + WINDOW <= now {
        return Ok((1, now));
    }
    if before.sent >= CODES_MAX {
        return Err(until(before.window_at.0 + WINDOW));
    }
    Ok((before.sent + 1, before.window_at.0))
}

/// Six digits.
fn new_code(env: &Env) -> String {
    format!("{:06}", u64::from_be_bytes(env.random()) % 1_000_000)
}

/// A code as it is kept. It is short-lived and few guesses are taken, so a plain hash hides it well enough from a glance.
pub fn hash(account: Id, channel: Channel, address: &str, code: &str) -> String {
    let text = format!("{account} {} {address} {code}", channel.as_str());
    HEXLOWER.encode(&Sha256::digest(text))
}

#[utoipa::path(post, path = "/api/v1/me/addresses/{channel}/code", operation_id = "send_address_code", tag = "notices",
    summary = "Send me a code",
    description = "A code of six digits goes to the account's own address; it is good for ten minutes.",
    params(("channel" = String, Path, description = "`email` or `sms`", example = "sms")),
    responses(
        (status = 202, description = "The code is on its way"),
        (status = 404, description = "No codes are sent by this channel"),
        (status = 409, description = "The account has no such address, or it is verified"),
        (status = 429, description = "Too many codes; see Retry-After"),
    ))]
pub async fn send_code_handler(cx: Cx, Path(channel): Path<String>) -> Result<StatusCode, Problem> {
    let channel = provable(&cx, &channel).map_err(IntoProblem::into_problem)?;
    send_code(&cx, cx.person()?.account, channel).await.map_err(IntoProblem::into_problem)?;
    Ok(StatusCode::ACCEPTED)
}

#[cfg(test)]
mod tests {
    use songhan_db::At;

    use super::*;

    #[test]
    fn codes_are_counted() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        let row = |sent| CodeRow {
            address: String::new(),
            hash: String::new(),
            attempts: 0,
            sent,
            window_at: At(at("2026-11-20T01:00:00Z")),
            sent_at: At(at("2026-11-20T02:00:00Z")),
            expires_at: At(at("2026-11-20T02:10:00Z")),
        };
        let now = at("2026-11-20T03:00:00Z");
        assert_eq!(count(None, now).unwrap(), (1, now));
        assert_eq!(count(Some(&row(4)), now).unwrap().0, 5);
        assert!(matches!(count(Some(&row(5)), now), Err(Rejection::TooMany(wait)) if wait.as_secs() == 22 * 3600));
        assert!(matches!(count(Some(&row(1)), at("2026-11-20T02:00:30Z")), Err(Rejection::TooMany(_))));
        let tomorrow = at("2026-11-21T01:00:00Z");
        assert_eq!(count(Some(&row(5)), tomorrow).unwrap(), (1, tomorrow));
    }
}
