//! Give a delegation: a leader lets someone sign in their place, or has a colleague do someone's work.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal, Role, clean_line};
use songhan_db::Tx;

use super::offer_mandate::day;
use crate::account::wrong;
use crate::delegation::{Delegation, DelegationKind};
use crate::events::DelegationGiven;
use crate::mandate::Scope;
use crate::store;

/// Who signs for whom, or does whose work.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DelegationInput, example = json!({"kind": "tuq", "unit": "ubnd-hai-chau", "receiver": "019aa4c2-7c00-7000-8000-000000000001",
    "scope": {"fields": ["civil-status"]}, "until": "2026-12-31", "document": "12/QĐ-UBND"}))]
pub struct Input {
    /// `kt`, `tuq`, `tl` or `substitute`.
    pub kind: String,
    /// Code of the unit.
    pub unit: String,
    /// Whose signature or work it is; missing: one's own.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub giver: Option<Id>,
    #[schema(value_type = String, format = Uuid)]
    pub receiver: Id,
    /// Missing or empty: everything. By authority (`tuq`) it must be named.
    #[serde(default)]
    pub scope: Scope,
    /// The first day, as `2026-12-01`; missing: today.
    #[serde(default)]
    pub from: String,
    /// The last day, as `2026-12-31`. By authority and for a substitute it must be named.
    #[serde(default)]
    pub until: String,
    /// Number of the document that says so. By authority and by order it must be named.
    #[serde(default)]
    pub document: String,
    /// Chức vụ, as it is printed above the name of whoever signs by it: `Trưởng phòng Tư pháp`. Missing: that of a deputy.
    #[serde(default)]
    pub title: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("it was not given; correct the fields named")]
    Invalid(Vec<FieldError>),
    #[error("only a leader of that unit, in their own name, or its administrator may do this")]
    Forbidden,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Invalid(errors) => Problem::invalid("delegation_invalid", detail, errors),
            Self::Forbidden => Problem::new(StatusCode::FORBIDDEN, "forbidden", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Whether the actor keeps the register of a unit: its leaders and administrators.
pub(crate) fn may_keep(cx: &Cx, unit: &str) -> bool {
    cx.actor.has_at(Role::Leader, unit) || cx.actor.has_at(Role::Administrator, unit)
}

struct Read {
    kind: DelegationKind,
    scope: Scope,
    from: Date,
    until: Option<Date>,
    document: Option<String>,
    title: Option<String>,
}

fn read(cx: &Cx, input: &Input) -> Result<Read, Vec<FieldError>> {
    let mut errors = Vec::new();
    let kind = DelegationKind::read(input.kind.trim());
    if kind.is_none() {
        errors.push(wrong(cx, "kind", "required"));
    }
    if cx.city.agencies().get(&input.unit).is_none() {
        errors.push(wrong(cx, "unit", "unit_unknown"));
    }
    let scope = input.scope.clone().check(cx).map_err(|error| errors.push(error));
    let from = day(cx, "from", &input.from).map_err(|error| errors.push(error));
    let until = day(cx, "until", &input.until).map_err(|error| errors.push(error));
    let from = from.map(|from| from.unwrap_or_else(|| cx.today()));
    let document = clean_line(&input.document);
    if document.chars().count() > 60 {
        errors.push(wrong(cx, "document", "too_long"));
    }
    let title = clean_line(&input.title);
    if title.chars().count() > 80 {
        errors.push(wrong(cx, "title", "too_long"));
    }
    if let (Ok(from), Ok(Some(until))) = (&from, &until)
        && until < from
    {
        errors.push(wrong(cx, "until", "until_before_from"));
    }
    use DelegationKind as K;
    if matches!(kind, Some(K::Tuq | K::Substitute)) && matches!(until, Ok(None)) {
        errors.push(wrong(cx, "until", "required"));
    }
    if matches!(kind, Some(K::Tuq | K::Tl)) && document.is_empty() {
        errors.push(wrong(cx, "document", "required"));
    }
    if kind == Some(K::Tuq) && scope.as_ref().is_ok_and(Scope::is_everything) {
        errors.push(wrong(cx, "fields", "scope_needed"));
    }
    match (kind, scope, from, until) {
        (Some(kind), Ok(scope), Ok(from), Ok(until)) if errors.is_empty() => {
            let given = |text: String| Some(text).filter(|text| !text.is_empty());
            Ok(Read { kind, scope, from, until, document: given(document), title: given(title) })
        }
        _ => Err(errors),
    }
}

/// Whose it is must work at the unit, and so must whoever gets it; a signature is its head's to give, and nobody hands on what they were given.
async fn check_people(
    tx: &mut Tx,
    cx: &Cx,
    kind: DelegationKind,
    unit: &str,
    (giver, receiver): (Id, Id),
) -> Result<(), Rejection> {
    let day = cx.today();
    let substitute = kind == DelegationKind::Substitute;
    let leads = if substitute {
        store::holds(&mut *tx, giver, Role::Leader, unit, day).await?
    } else {
        store::heads(&mut *tx, giver, unit, day).await?
    };
    let works = substitute && store::holds(&mut *tx, giver, Role::Officer, unit, day).await?;
    if !leads && !works {
        let code = if substitute { "not_staff" } else { "not_leader" };
        return Err(Rejection::Invalid(vec![wrong(cx, "giver", code)]));
    }
    let mut fits = false;
    for role in [Role::Officer, Role::Leader] {
        fits |= store::holds(&mut *tx, receiver, role, unit, day).await?;
        // By authority the head of a unit below signs, who works there.
        fits |= !substitute && store::holds_below(&mut *tx, receiver, role, &below(cx, unit), day).await?;
    }
    if !fits || giver == receiver {
        return Err(Rejection::Invalid(vec![wrong(cx, "receiver", "not_staff")]));
    }
    Ok(())
}

fn below(cx: &Cx, unit: &str) -> Vec<String> {
    cx.city.agencies().children(unit).map(|unit| unit.code.to_string()).collect()
}

/// Enters it into the register.
pub async fn give_delegation(cx: &Cx, input: &Input) -> Result<Delegation, Rejection> {
    let Read { kind, scope, from, until, document, title } = read(cx, input).map_err(Rejection::Invalid)?;
    let unit = input.unit.as_str();
    let own = cx.actor.account();
    let giver = input.giver.or(own).ok_or(Rejection::Forbidden)?;
    // A leader gives away their own signature only; work is divided by whoever answers for the unit.
    let administers = cx.actor.has_at(Role::Administrator, unit);
    let in_own_name = Some(giver) == own || kind == DelegationKind::Substitute;
    let leads = cx.actor.has_at(Role::Leader, unit) && in_own_name;
    if !administers && !leads {
        return Err(Rejection::Forbidden);
    }
    let (id, receiver) = (cx.env.id(), input.receiver);
    let mut tx = cx.begin().await?;
    check_people(&mut tx, cx, kind, unit, (giver, receiver)).await?;
    let (document, title) = (document.as_deref(), title.as_deref());
    let new = store::NewDelegation { id, kind, unit, giver, receiver, scope: &scope, from, until, document, title };
    store::insert_delegation(&mut tx, new).await?;
    let detail = json!({ "delegation": id, "kind": kind, "unit": unit, "receiver": receiver, "scope": scope,
        "from": from.to_string(), "until": until.map(|day| day.to_string()), "document": document });
    tx.audit("identity.delegation_given", &format!("account:{giver}"), detail).await?;
    tx.emit(DelegationGiven { delegation: id, kind, unit: unit.to_owned(), giver, receiver }).await?;
    let given = store::delegation(&mut tx, id).await?.ok_or_else(|| Internal::new("the delegation is gone"))?;
    cx.keep(&mut tx, 201, &given).await?;
    tx.commit().await?;
    Ok(given)
}

#[utoipa::path(post, path = "/api/v1/delegations", operation_id = "give_delegation", tag = "identity",
    summary = "Let someone sign or work in another's place",
    description = "`kt` ký thay, `tuq` ký thừa ủy quyền, `tl` ký thừa lệnh (Decree 30/2020/NĐ-CP, article 13); `substitute` phân công người thay.",
    request_body = Input,
    responses(
        (status = 201, description = "It stands in the register", body = Delegation),
        (status = 403, description = "Not the unit's leader or administrator"),
        (status = 422, description = "A field does not fit"),
    ))]
pub async fn give_delegation_handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<Response, Problem> {
    let given = give_delegation(&cx, &input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(given)).into_response())
}
