//! Verify an address: the code that was sent there is given back.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{FieldError, Id, Internal};
use subtle::ConstantTimeEq;

use super::send_code::{self, hash, provable};
use crate::args::Args;
use crate::channel::Channel;
use crate::notice::{New, notify};
use crate::{reach, store};

/// Wrong answers to one code; then a new one is needed.
const ATTEMPTS_MAX: i64 = 5;

/// The code.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AddressCode, example = json!({ "code": "204815" }))]
pub struct Input {
    pub code: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the code is wrong; type the six digits of the latest message")]
    Wrong,
    #[error("no code is awaited, it is too old, or it was wrong too often; ask for a new one")]
    NoCode,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl Rejection {
    /// The word for programs, which also names the text for people.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "code_wrong",
            _ => "code_gone",
        }
    }
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Wrong | Self::NoCode => {
                let error = FieldError::new("code", self.code(), detail.clone());
                Problem::invalid(self.code(), detail, vec![error])
            }
            Self::Internal(error) => error.into(),
        }
    }
}

/// Proves the account's (one's own) address. A wrong answer is counted, also where the answer is then refused.
pub async fn verify_address(cx: &Cx, account: Id, channel: Channel, typed: &str) -> Result<(), Rejection> {
    let account = reach::own(cx, account).await?;
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let mut tx = cx.begin().await?;
    let now = tx.now();
    let awaited = store::code(&mut tx, account.id, channel).await?;
    // A code for an address that the account no longer has proves nothing.
    let awaited = awaited.filter(|code| {
        code.expires_at.0 > now
            && code.attempts < ATTEMPTS_MAX
            && Some(code.address.as_str()) == reach::address(&account, channel)
    });
    let Some(awaited) = awaited else { return Err(Rejection::NoCode) };
    let given = hash(account.id, channel, &awaited.address, &typed);
    if !bool::from(given.as_bytes().ct_eq(awaited.hash.as_bytes())) {
        store::count_attempt(&mut tx, account.id, channel).await?;
        tx.commit().await?;
        return Err(Rejection::Wrong);
    }
    store::use_code(&mut tx, account.id, channel).await?;
    store::set_verified(&mut tx, account.id, channel, &awaited.address).await?;
    let detail = json!({ "channel": channel.as_str() });
    tx.audit("notices.address_verified", &format!("account:{}", account.id), detail).await?;
    if channel == Channel::Sms {
        let last = awaited.address.chars().rev().take(3).collect::<Vec<_>>();
        let args = Args::new().text("last", last.into_iter().rev().collect::<String>()).at("at", now);
        let subject = format!("account:{}", account.id);
        let link = Some("/account/notices".to_owned());
        notify(&mut tx, cx, account.id, New { kind: "security-phone-verified", subject, args, link }).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[utoipa::path(post, path = "/api/v1/me/addresses/{channel}/verification", operation_id = "verify_address", tag = "notices",
    summary = "Give back a code",
    params(("channel" = String, Path, description = "`email` or `sms`", example = "sms")), request_body = Input,
    responses(
        (status = 204, description = "The address is verified"),
        (status = 404, description = "No codes are sent by this channel"),
        (status = 422, description = "The code is wrong, too old or none"),
    ))]
pub async fn verify_address_handler(
    cx: Cx,
    Path(channel): Path<String>,
    ApiJson(input): ApiJson<Input>,
) -> Result<StatusCode, Problem> {
    let channel = provable(&cx, &channel).map_err(send_code::Rejection::into_problem)?;
    verify_address(&cx, cx.person()?.account, channel, &input.code).await.map_err(IntoProblem::into_problem)?;
    Ok(StatusCode::NO_CONTENT)
}
