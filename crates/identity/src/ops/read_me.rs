//! Read me: the account that asks, its roles, its session.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use songhan_app::{Cx, Problem};
use songhan_base::{Id, Internal};
use songhan_db::At;

use crate::account::Account;
use crate::person_kind::{Passport, PersonKind};
use crate::store;

/// Who asks.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Me {
    #[schema(value_type = String, format = Uuid)]
    id: Id,
    name: String,
    kind: PersonKind,
    /// Missing for service accounts, and for who has a passport instead.
    #[schema(example = "048190001234")]
    citizen_id: Option<String>,
    passport: Option<Passport>,
    #[schema(format = Date)]
    date_of_birth: Option<String>,
    #[schema(example = "+84905123456")]
    phone: Option<String>,
    email: Option<String>,
    address: Option<String>,
    /// Code of the area of residence.
    area: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: At,
    /// Roles that count in this session.
    grants: Vec<Held>,
    /// Whether the account has a second factor.
    second_factor: bool,
    #[schema(value_type = String, format = Uuid)]
    session: Id,
}

/// A role one holds.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = HeldRole)]
struct Held {
    #[schema(example = "officer")]
    role: &'static str,
    /// Code of the unit; missing: the whole city.
    unit: Option<String>,
}

#[utoipa::path(get, path = "/api/v1/me", operation_id = "read_me", tag = "identity",
    summary = "Who I am",
    responses(
        (status = 200, description = "The account, its roles and its session", body = Me),
    ))]
pub async fn read_me(cx: Cx) -> Result<impl IntoResponse, Problem> {
    let person = cx.person()?;
    let account = store::account(&cx.db, person.account).await?;
    let Account {
        id, kind, name, citizen_id, passport, date_of_birth, phone, email, address, area, created_at, ..
    } = account.ok_or_else(|| Internal::new("the account is gone"))?;
    let factor = store::second_factor(&cx.db, id).await?;
    let me = Me {
        id,
        kind,
        name,
        citizen_id: citizen_id.map(String::from),
        passport,
        date_of_birth: date_of_birth.map(|day| day.to_string()),
        phone,
        email,
        address,
        area,
        created_at,
        grants: person.grants.iter().map(|g| Held { role: g.role.as_str(), unit: g.unit.clone() }).collect(),
        second_factor: factor.is_some_and(|factor| factor.confirmed_at.is_some()),
        session: person.session,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(me)))
}
