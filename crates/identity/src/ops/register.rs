//! Register: a resident makes an account.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use songhan_app::{ApiJson, Client, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal};
use songhan_db::At;

use super::claim_account;
use crate::account::{self, Typed};
use crate::limits::{Limits, TooMany};
use crate::password::{Unhashed, hash_password};
use crate::people::{NotCreated, create_account};
use crate::store;

/// What a new account needs.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountInput, example = json!({"name": "Nguyễn Thị Lan", "citizen_id": "048190001234", "date_of_birth": "1990-05-04",
    "phone": "0905 123 456", "email": "lan@example.com", "password": "thuyền thúng ra khơi",
    "address": "24 Trần Phú", "area": "20242"}))]
pub struct Input {
    /// As on the identity card.
    pub name: String,
    /// Twelve digits; empty for who has a passport.
    #[serde(default)]
    pub citizen_id: String,
    #[schema(format = Date)]
    pub date_of_birth: String,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    /// At least ten characters; a sentence is best.
    #[schema(format = Password)]
    pub password: String,
    /// House and street.
    #[serde(default)]
    pub address: Option<String>,
    /// Code of the ward or commune of residence.
    #[serde(default)]
    pub area: Option<String>,
    /// `citizen`, `overseas` (Vietnamese living abroad) or `foreigner`; missing: a citizen.
    #[serde(default)]
    pub kind: Option<String>,
    /// Country of the passport, two letters of ISO 3166-1. Who has no citizen id needs a passport, and a telephone number
    /// or e-mail address to sign in by.
    #[serde(default)]
    #[schema(example = "KR")]
    pub passport_country: Option<String>,
    #[serde(default)]
    #[schema(example = "M12345678")]
    pub passport: Option<String>,
    /// The code on the receipt, where an office has made the account at a counter.
    #[serde(default)]
    pub claim_code: Option<String>,
}

impl Input {
    fn typed(&self) -> Typed {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Typed {
            name: self.name.clone(),
            citizen_id: self.citizen_id.clone(),
            date_of_birth: self.date_of_birth.clone(),
            phone: text(&self.phone),
            email: text(&self.email),
            address: text(&self.address),
            area: text(&self.area),
            kind: text(&self.kind),
            passport_country: text(&self.passport_country),
            passport: text(&self.passport),
        }
    }
}

/// The account that was made.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NewAccount)]
pub struct Registered {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    pub name: String,
    /// Or the passport's number; masked: this answer is kept for repeats of the request.
    #[schema(example = "048•••••1234")]
    pub citizen_id: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: At,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("some of the data does not fit; correct the fields named")]
    Invalid(Vec<FieldError>),
    #[error("another account has the same {}; sign in to it, leave out what is not yours, or, if a counter made it for you, \
        send the code of its receipt in claim_code", .0.join(" and "))]
    Taken(Vec<&'static str>),
    #[error("too many accounts were made from this address; try again later")]
    TooMany(TooMany),
    #[error(transparent)]
    Unhashed(#[from] Unhashed),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<NotCreated> for Rejection {
    fn from(error: NotCreated) -> Self {
        match error {
            NotCreated::Taken(fields) => Self::Taken(fields),
            NotCreated::Internal(error) => Self::Internal(error),
        }
    }
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Invalid(errors) => Problem::invalid("account_invalid", detail, errors),
            Self::Taken(_) => Problem::conflict("account_exists", detail),
            Self::TooMany(TooMany(wait)) | Self::Unhashed(Unhashed::Busy(wait)) => Problem::too_many(detail, wait),
            Self::Unhashed(Unhashed::Internal(error)) | Self::Internal(error) => error.into(),
        }
    }
}

/// Makes an account for whoever shows the data of an identity card.
pub async fn register(cx: &Cx, client: Client, input: Input) -> Result<Registered, Rejection> {
    let (new, errors) = match account::check(cx, &input.typed()) {
        Ok(new) => (Some(new), Vec::new()),
        Err(errors) => (None, errors),
    };
    let errors = with_password_error(cx, &input, errors);
    let (Some(mut new), true) = (new, errors.is_empty()) else { return Err(Rejection::Invalid(errors)) };
    Limits::of(cx).account(client.0).map_err(Rejection::TooMany)?;
    // Looked at before the slow hash; the insert decides.
    if let Some(code) = input.claim_code.as_deref().filter(|code| !code.trim().is_empty()) {
        claim_account::count(cx, &new)?;
        let password = hash_password(cx, &input.password).await?;
        return claim_account::claim(cx, &new, code, &password).await;
    }
    let taken = store::taken(&cx.db, None, new.paper(), new.phone.as_deref(), new.email.as_deref()).await?;
    if !taken.is_empty() {
        return Err(Rejection::Taken(taken));
    }
    new.password = Some(hash_password(cx, &input.password).await?);
    let (name, citizen_id) = (new.name.clone(), new.masked());
    let mut tx = cx.begin().await?;
    let id = create_account(&mut tx, cx, new).await?;
    let made = Registered { id, name, citizen_id, created_at: At(tx.now()) };
    cx.keep(&mut tx, 201, &made).await?;
    tx.commit().await?;
    Ok(made)
}

fn with_password_error(cx: &Cx, input: &Input, mut errors: Vec<FieldError>) -> Vec<FieldError> {
    let phone = input.phone.as_deref().and_then(crate::contact::phone);
    let day = input.date_of_birth.parse().ok();
    let own = account::own_data(&input.name, &input.citizen_id, day, phone.as_deref(), input.email.as_deref());
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    errors.extend(account::check_password(cx, "password", &input.password, &own).err());
    errors
}

#[utoipa::path(post, path = "/api/v1/accounts", operation_id = "create_account", tag = "identity",
    summary = "Make an account",
    description = "A resident registers. An `Idempotency-Key` is accepted; a repeat with it gets the first answer.",
    params(("Idempotency-Key" = Option<String>, Header, description = "A new random text for each new request")),
    request_body = Input,
    responses(
        (status = 201, description = "The account exists", body = Registered),
        (status = 401, description = "The token sent along is not valid"),
        (status = 409, description = "An account with this data exists"),
        (status = 422, description = "A field does not fit"),
        (status = 429, description = "Too many at once; see Retry-After"),
    ))]
pub async fn create_account_handler(
    cx: Cx,
    Extension(client): Extension<Client>,
    ApiJson(input): ApiJson<Input>,
) -> Result<Response, Problem> {
    let made = register(&cx, client, input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(made)).into_response())
}
