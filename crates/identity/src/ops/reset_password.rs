//! Reset a forgotten password: a code goes to the e-mail address that its owner has proven. Whether an account exists, or
//! has such an address, is told by neither the answer nor its time.

use std::net::IpAddr;

use axum::http::StatusCode;
use axum::{Extension, Json};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use songhan_app::{ApiJson, Client, Cx, IntoProblem, Problem, SecretCode};
use songhan_base::{FieldError, Id, Internal};
use songhan_db::{NewJob, enqueue};

use crate::account::{check_password, own_data, wrong};
use crate::contact::Login;
use crate::events::SessionEnded;
use crate::limits::{Limits, TooMany};
use crate::password::{Unhashed, hash_password};
use crate::rules::Rules;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the password was not changed; correct the fields named")]
    Invalid(Vec<FieldError>),
    #[error("too many attempts; try again in {} seconds", .0.0.as_secs() + 1)]
    TooMany(TooMany),
    #[error(transparent)]
    Unhashed(#[from] Unhashed),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Invalid(errors) => Problem::invalid("reset_invalid", detail, errors),
            Self::TooMany(TooMany(wait)) | Self::Unhashed(Unhashed::Busy(wait)) => Problem::too_many(detail, wait),
            Self::Unhashed(Unhashed::Internal(error)) | Self::Internal(error) => error.into(),
        }
    }
}

/// Counts an attempt as one to sign in: who forgot a password and who guesses share the limits.
fn count(cx: &Cx, login: Option<&Login>, client: IpAddr) -> Result<(), Rejection> {
    let key = format!("reset {}", login.map_or("?", Login::as_str));
    Limits::of(cx).sign_in(&key, client).map_err(Rejection::TooMany)
}

/// A code as it is kept; few guesses are taken, so a plain hash hides it well enough from a glance.
fn hash(account: Id, code: &str) -> String {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    data_encoding::HEXLOWER.encode(&Sha256::digest(format!("reset {account} {code}")))
}

/// The job that sends a code.
pub const JOB: &str = "identity.send_reset_code";

/// Sends a code, if there is somebody to send it to. Who that is is looked up after the answer, so that its time says
/// nothing.
pub async fn ask(cx: &Cx, login: &str, client: IpAddr) -> Result<(), Rejection> {
    let login = Login::parse(login);
    count(cx, login.as_ref(), client)?;
    let Some(login) = login else { return Ok(()) };
    let payload = json!({ "login": login.as_str() });
    let dedupe = Some(format!("{JOB}:{}", login.as_str()));
    let mut tx = cx.begin().await?;
    enqueue(&mut tx, NewJob { id: cx.env.id(), kind: JOB, payload, run_at: None, dedupe }).await?;
    tx.commit().await?;
    Ok(())
}

/// Does the job. Sent twice, the code is another one and the first counts no longer.
pub async fn send(cx: Cx, payload: Value) -> Result<(), Internal> {
    let cx = &cx;
    let Some(login) = payload["login"].as_str().and_then(Login::parse) else { return Ok(()) };
    let Some((account, _)) = store::credentials(&cx.db, &login).await? else { return Ok(()) };
    let Some(send_code) = cx.modules.iter().find_map(|module| module.send_code) else { return Ok(()) };
    let minutes = cx.city.get::<Rules>().reset_minutes;
    let code = format!("{:08}", u64::from_be_bytes(cx.env.random()) % 100_000_000);
    let mut tx = cx.begin().await?;
    let expires_at = tx.now().checked_add(SignedDuration::from_mins(minutes.into())).map_err(Internal::new)?;
    store::set_reset_code(&mut tx, account, &hash(account, &code), expires_at).await?;
    let told = SecretCode { account, kind: "password-code", code, minutes: minutes.into(), expires_at };
    // Without a proven address the code must not be left behind, where it could be guessed at.
    if send_code(cx, &mut tx, told).await? {
        tx.audit("identity.reset_asked", &format!("account:{account}"), json!({})).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Sets the password by the code; every session ends. A second factor stays as it is.
pub async fn reset(cx: &Cx, login: &str, code: &str, new: &str, client: IpAddr) -> Result<(), Rejection> {
    let refused = || Rejection::Invalid(vec![wrong(cx, "code", "reset_wrong")]);
    let login = Login::parse(login);
    count(cx, login.as_ref(), client)?;
    // The rules that need nothing of the account come first, for everyone alike.
    check_password(cx, "password", new, &[]).map_err(|error| Rejection::Invalid(vec![error]))?;
    let found = match &login {
        Some(login) => store::credentials(&cx.db, login).await?,
        None => None,
    };
    let fits = match &found {
        Some((account, _)) => store::reset_code_fits(&cx.db, *account, &hash(*account, code), cx.now()).await?,
        None => false,
    };
    let Some((account, _)) = found else {
        // As much work as for a wrong code.
        let mut tx = cx.begin().await?;
        tx.audit("identity.reset_refused", "account:unknown", json!({})).await?;
        tx.commit().await?;
        return Err(refused());
    };
    if fits {
        let own = store::account(&cx.db, account).await?.ok_or_else(|| Internal::new("the account is gone"))?;
        let id = own.citizen_id.as_ref().map_or("", |id| id.as_str());
        let own = own_data(&own.name, id, own.date_of_birth, own.phone.as_deref(), own.email.as_deref());
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        check_password(cx, "password", new, &own).map_err(|error| Rejection::Invalid(vec![error]))?;
    }
    let hashed = if fits { Some(hash_password(cx, new).await?) } else { None };
    let mut tx = cx.begin().await?;
    let used = store::use_reset_code(&mut tx, account, &hash(account, code)).await?;
    let subject = format!("account:{account}");
    let Some(hashed) = hashed.filter(|_| used) else {
        tx.audit("identity.reset_refused", &subject, json!({})).await?;
        tx.commit().await?;
        return Err(refused());
    };
    store::set_password(&mut tx, account, &hashed).await?;
    for session in store::end_other_sessions(&mut tx, account, None).await? {
        tx.emit(SessionEnded { session, account }).await?;
    }
    tx.audit("identity.password_reset", &subject, json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Whose password is forgotten.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasswordResetInput, example = json!({"login": "048190001234"}))]
pub struct Asked {
    /// Citizen id, e-mail address or telephone number.
    pub login: String,
}

/// What was asked for is under way, if it can be.
#[derive(Clone, Copy, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PasswordResetAsked, example = json!({"minutes": 15}))]
pub struct Underway {
    /// Minutes for which a code is good.
    minutes: i32,
}

#[utoipa::path(post, path = "/api/v1/password-resets", operation_id = "ask_password_reset", tag = "identity",
    summary = "I forgot my password",
    description = "A code goes to the proven e-mail address of the account, if there is one; the answer is the same if not.",
    request_body = Asked,
    responses(
        (status = 202, description = "A code is on its way, if there is somebody to send it to", body = Underway),
        (status = 429, description = "Too many; see Retry-After"),
    ))]
pub async fn ask_handler(
    cx: Cx,
    Extension(client): Extension<Client>,
    ApiJson(asked): ApiJson<Asked>,
) -> Result<(StatusCode, Json<Underway>), Problem> {
    ask(&cx, &asked.login, client.0).await.map_err(IntoProblem::into_problem)?;
    let minutes = cx.city.get::<Rules>().reset_minutes;
    Ok((StatusCode::ACCEPTED, Json(Underway { minutes })))
}

/// The code, and the new password.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPasswordInput, example = json!({"login": "048190001234", "code": "12345678", "password": "thuyền thúng ra khơi"}))]
pub struct Input {
    pub login: String,
    pub code: String,
    #[schema(format = Password)]
    pub password: String,
}

#[utoipa::path(post, path = "/api/v1/password-resets/finish", operation_id = "finish_password_reset", tag = "identity",
    summary = "Set a new password by the code",
    request_body = Input,
    responses(
        (status = 204, description = "The password is set; every session has ended"),
        (status = 422, description = "The code or the password does not fit"),
        (status = 429, description = "Too many; see Retry-After"),
    ))]
pub async fn finish_handler(
    cx: Cx,
    Extension(client): Extension<Client>,
    ApiJson(input): ApiJson<Input>,
) -> Result<StatusCode, Problem> {
    let Input { login, code, password } = &input;
    reset(&cx, login, code, password, client.0).await.map_err(IntoProblem::into_problem)?;
    Ok(StatusCode::NO_CONTENT)
}
