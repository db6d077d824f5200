//! Sign in: someone proves who they are and gets a session.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::{ApiJson, Client, Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal};
use songhan_db::{At, Tx};

use crate::contact::Login;
use crate::limits::{Limits, TooMany};
use crate::password::{Unhashed, verify_password};
use crate::people::{self, Opened, Opening, open_session};
use crate::session::{self, SessionKind, expiry, secret_hash};
use crate::settings::Settings;
use crate::{factor_secret, person_key, store, totp};

/// How long the code may be given after the password.
const HALF: SignedDuration = SignedDuration::from_mins(10);
/// Codes that may be tried for one password.
const HALF_ATTEMPTS: i64 = 5;

/// Who one says to be, and the proof.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignInInput, example = json!({"login": "048190001234", "password": "thuyền thúng ra khơi"}))]
pub struct Input {
    /// Citizen id, e-mail address or telephone number.
    pub login: String,
    #[schema(format = Password)]
    pub password: String,
    /// The code of the authenticator app, or a recovery code, where the account has a second factor.
    #[serde(default)]
    pub totp: Option<String>,
}

/// From where: what the owner of the session is shown later.
#[derive(Clone, Debug)]
pub struct Via {
    pub kind: SessionKind,
    pub client: Client,
    /// The User-Agent.
    pub agent: String,
    /// The secret of a session that the new one replaces.
    pub replaces: Option<String>,
}

impl Via {
    pub fn new(kind: SessionKind, client: Client, headers: &HeaderMap) -> Self {
        let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Self { kind, client, agent: agent.to_owned(), replaces: None }
    }
}

/// The password was right.
pub enum SignedIn {
    Done {
        account: Id,
        opened: Opened,
    },
    /// The account has a second factor: this secret and the code give the session ([`finish`]).
    CodeAwaited {
        half: String,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("no account has this login with this password; check both and try again")]
    Wrong,
    #[error("this account has a second factor; send the code of the authenticator app in totp")]
    CodeMissing,
    #[error("the code is wrong, was used already or has expired; wait for the next one and try again")]
    CodeWrong,
    #[error("the sign-in took too long or had too many wrong codes; begin again with the password")]
    Stale,
    #[error("too many attempts to sign in; try again in {} seconds", .0.0.as_secs() + 1)]
    TooMany(TooMany),
    #[error(transparent)]
    Unhashed(#[from] Unhashed),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        let refused = |code| Problem::new(StatusCode::UNAUTHORIZED, code, detail.clone());
        match self {
            Self::Wrong => refused("sign_in_failed"),
            Self::CodeMissing => refused("totp_required"),
            Self::CodeWrong => refused("totp_wrong"),
            Self::Stale => refused("sign_in_stale"),
            Self::TooMany(TooMany(wait)) | Self::Unhashed(Unhashed::Busy(wait)) => Problem::too_many(detail, wait),
            Self::Unhashed(Unhashed::Internal(error)) | Self::Internal(error) => error.into(),
        }
    }
}

/// Checks the password. Whether an account exists is told by neither the answer nor its time.
async fn prove_password(cx: &Cx, login: &str, password: &str, client: Client) -> Result<Id, Rejection> {
    let login = Login::parse(login);
    // What is no login at all is counted together.
    let key = login.as_ref().map_or("?", Login::as_str);
    Limits::of(cx).sign_in(key, client.0).map_err(Rejection::TooMany)?;
    let found = match &login {
        Some(login) => store::credentials(&cx.db, login).await?,
        None => None,
    };
    let fits = password.len() <= 2048 && verify_password(cx, password, found.as_ref().map(|(_, hash)| hash)).await?;
    match found {
        Some((account, _)) if fits => Ok(account),
        found => {
            let mut tx = cx.begin().await?;
            let from = json!({ "address": client.0.to_string() });
            let (subject, detail) = match found {
                None => ("account:unknown".to_owned(), from),
                Some((id, _)) => {
                    let sealed = person_key::seal_personal(&mut tx, cx, id, &from).await?;
                    (format!("account:{id}"), json!({ "sealed": sealed }))
                }
            };
            tx.audit("identity.sign_in_failed", &subject, detail).await?;
            tx.commit().await?;
            Err(Rejection::Wrong)
        }
    }
}

/// Uses up a code of the authenticator app, or a recovery code.
pub(crate) async fn use_code(tx: &mut Tx, cx: &Cx, account: Id, code: &str) -> Result<bool, Internal> {
    let Some(factor) = store::second_factor(&mut *tx, account).await? else { return Ok(false) };
    let secret = factor_secret::open(cx, account, &factor.secret)?;
    if let Some(step) = totp::matching_step(&secret, code, cx.now())? {
        return store::use_step(tx, account, step).await;
    }
    let Some(hash) = totp::recovery_hash(code) else { return Ok(false) };
    let used = factor.confirmed_at.is_some() && store::use_recovery_code(tx, account, &hash).await?;
    if used {
        tx.audit("identity.recovery_code_used", &format!("account:{account}"), json!({})).await?;
    }
    Ok(used)
}

/// Signs in. Without `totp`, an account with a second factor gives half a sign-in.
pub async fn sign_in(cx: &Cx, input: &Input, via: &Via) -> Result<SignedIn, Rejection> {
    let account = prove_password(cx, &input.login, &input.password, via.client).await?;
    let factor = store::second_factor(&cx.db, account).await?.filter(|factor| factor.confirmed_at.is_some());
    let code = input.totp.as_deref().filter(|code| !code.trim().is_empty());
    match (factor, code) {
        (None, _) => {
            let mut tx = cx.begin().await?;
            let opened = open(&mut tx, cx, account, via, false).await?;
            tx.commit().await?;
            Ok(SignedIn::Done { account, opened })
        }
        (Some(_), Some(code)) => {
            Limits::of(cx).proof(&account.to_string()).map_err(Rejection::TooMany)?;
            let mut tx = cx.begin().await?;
            if !use_code(&mut tx, cx, account, code).await? {
                return code_wrong(tx, account).await;
            }
            let opened = open(&mut tx, cx, account, via, true).await?;
            tx.commit().await?;
            Ok(SignedIn::Done { account, opened })
        }
        (Some(_), None) if via.kind == SessionKind::Browser => {
            let half = session::new_secret(&cx.env);
            let hash = secret_hash(&half).unwrap_or_default();
            let mut tx = cx.begin().await?;
            let expires = tx.now().checked_add(HALF).map_err(Internal::new)?;
            store::insert_half(&mut tx, &hash, account, expires).await?;
            tx.commit().await?;
            Ok(SignedIn::CodeAwaited { half })
        }
        (Some(_), None) => Err(Rejection::CodeMissing),
    }
}

async fn code_wrong<T>(mut tx: Tx, account: Id) -> Result<T, Rejection> {
    tx.audit("identity.code_refused", &format!("account:{account}"), json!({})).await?;
    tx.commit().await?;
    Err(Rejection::CodeWrong)
}

/// The second half of a browser's sign-in: the code.
pub async fn finish(cx: &Cx, half: &str, code: &str, via: &Via) -> Result<Opened, Rejection> {
    let hash = secret_hash(half).ok_or(Rejection::Stale)?;
    let mut tx = cx.begin().await?;
    let account = store::try_half(&mut tx, &hash, HALF_ATTEMPTS).await?.ok_or(Rejection::Stale)?;
    // An account's codes are limited across its sign-ins too.
    Limits::of(cx).proof(&account.to_string()).map_err(Rejection::TooMany)?;
    if !use_code(&mut tx, cx, account, code).await? {
        return code_wrong(tx, account).await;
    }
    store::delete_half(&mut tx, &hash).await?;
    let opened = open(&mut tx, cx, account, via, true).await?;
    tx.commit().await?;
    Ok(opened)
}

/// Opens the session; the one it replaces ends.
pub(crate) async fn open(
    tx: &mut Tx,
    cx: &Cx,
    account: Id,
    via: &Via,
    second_factor: bool,
) -> Result<Opened, Internal> {
    if let Some(hash) = via.replaces.as_deref().and_then(secret_hash)
        && let Some((session, owner)) = store::session_by_hash(tx, &hash).await?
    {
        people::end_session(tx, owner, session).await?;
    }
    let (now, device) = (tx.now(), session::device(&via.agent));
    let opening = Opening {
        account,
        kind: via.kind,
        name: &device,
        address: Some(via.client.0.to_string()),
        second_factor,
        expires_at: expiry(&Settings::of(cx), via.kind, now, now),
    };
    open_session(tx, cx, opening).await
}

/// A program's session.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SessionToken)]
pub struct Issued {
    /// For `Authorization: Bearer …`. Told once.
    #[schema(example = "shn_6n1xq0pVJ0m0cX8s8yXk1n7yq3gk1o1r2s3t4u5v6w7")]
    token: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: At,
    #[schema(value_type = String, format = Uuid)]
    session: Id,
    account: AccountName,
}

/// Whose account.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AccountName {
    #[schema(value_type = String, format = Uuid)]
    id: Id,
    name: String,
}

#[utoipa::path(post, path = "/api/v1/sessions", operation_id = "create_session", tag = "identity",
    summary = "Sign in",
    description = "Answers a bearer token. The token is not kept, so a repeat makes another session: \
        an `Idempotency-Key` has no effect here.",
    request_body = Input,
    responses(
        (status = 201, description = "Signed in", body = Issued),
        (status = 400, description = "The body cannot be read"),
        (status = 401, description = "Wrong login, password or code (`sign_in_failed`, `totp_required`, `totp_wrong`)"),
        (status = 422, description = "The body does not fit"),
        (status = 429, description = "Too many attempts; see Retry-After"),
    ))]
pub async fn create_session(
    cx: Cx,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    ApiJson(input): ApiJson<Input>,
) -> Result<Response, Problem> {
    let via = Via::new(SessionKind::Program, client, &headers);
    let signed_in = sign_in(&cx, &input, &via).await.map_err(IntoProblem::into_problem)?;
    let SignedIn::Done { account, opened } = signed_in else { return Err(Rejection::CodeMissing.into_problem()) };
    let found = store::account(&cx.db, account).await?.ok_or_else(|| Internal::new("the account is gone"))?;
    let issued = Issued {
        token: opened.secret,
        expires_at: At(opened.expires_at),
        session: opened.session,
        account: AccountName { id: account, name: found.name },
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(issued)).into_response())
}
