//! Give a grant: an administrator lets someone work for a unit.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal, Role};

use crate::account::wrong;
use crate::grant::{GrantRow, NewGrant, may_administer};
use crate::{people, store};

/// The role, and where and when it counts.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GrantInput, example = json!({"account": "019aa4c2-7c00-7000-8000-000000000001", "role": "officer", "unit": "ubnd-hai-chau"}))]
pub struct Input {
    #[schema(value_type = String, format = Uuid)]
    pub account: Id,
    /// `officer`, `leader`, `accountant` or `administrator`.
    #[schema(value_type = String, example = "officer")]
    pub role: Role,
    /// Cấp phó, of a leader: signs only what the register of delegations lets them sign.
    #[serde(default)]
    pub deputy: bool,
    /// Code of the unit. Only accountants and administrators may be of the whole city, without one.
    #[serde(default)]
    pub unit: Option<String>,
    /// Code of the area within the unit's.
    #[serde(default)]
    pub area: Option<String>,
    /// The first day; missing: today.
    #[serde(default)]
    #[schema(format = Date)]
    pub from: Option<String>,
    /// The last day; missing: until it is ended.
    #[serde(default)]
    #[schema(format = Date)]
    pub until: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the grant does not fit; correct the fields named")]
    Invalid(Vec<FieldError>),
    #[error("only an administrator of that unit, or of the whole city, may do this")]
    Forbidden,
    #[error("there is no such account")]
    NoAccount,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Invalid(errors) => Problem::invalid("grant_invalid", detail, errors),
            Self::Forbidden => Problem::new(StatusCode::FORBIDDEN, "forbidden", detail),
            Self::NoAccount => Problem::not_found("account"),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Gives a role to an account.
pub async fn give_grant(cx: &Cx, input: Input) -> Result<GrantRow, Rejection> {
    let new = read(cx, input).map_err(Rejection::Invalid)?;
    new.check_person(cx).map_err(Rejection::Invalid)?;
    if !may_administer(&cx.actor, new.unit.as_deref()) {
        return Err(Rejection::Forbidden);
    }
    let mut tx = cx.begin().await?;
    let account = store::account(&mut tx, new.account).await?;
    if account.is_none_or(|account| account.closed_at.is_some()) {
        return Err(Rejection::NoAccount);
    }
    let id = people::give_grant(&mut tx, cx, new).await?;
    let row = store::grant(&mut tx, id).await?.ok_or_else(|| Internal::new("the grant is gone"))?;
    cx.keep(&mut tx, 201, &row).await?;
    tx.commit().await?;
    Ok(row)
}

fn read(cx: &Cx, input: Input) -> Result<NewGrant, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut day = |field: &str, text: Option<&str>| match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => text.parse().map_err(|_| errors.push(wrong(cx, field, "date_form"))).ok(),
    };
    let (from, until) = (day("from", input.from.as_deref()), day("until", input.until.as_deref()));
    if !errors.is_empty() {
        return Err(errors);
    }
    let code = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let (unit, area) = (code(input.unit), code(input.area));
    Ok(NewGrant {
        account: input.account,
        role: input.role,
        deputy: input.deputy,
        unit,
        area,
        from: from.unwrap_or_else(|| cx.today()),
        until,
    })
}

#[utoipa::path(post, path = "/api/v1/grants", operation_id = "give_grant", tag = "identity",
    summary = "Give a role",
    params(("Idempotency-Key" = Option<String>, Header, description = "A new random text for each new request")),
    request_body = Input,
    responses(
        (status = 201, description = "The role counts from its first day on", body = GrantRow),
        (status = 403, description = "Not an administrator of that unit"),
        (status = 404, description = "No such account"),
        (status = 422, description = "A field does not fit"),
    ))]
pub async fn give_grant_handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<Response, Problem> {
    let row = give_grant(&cx, input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(row)).into_response())
}
