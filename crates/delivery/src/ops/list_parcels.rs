//! List what goes by post: what waits for the carrier, what the carrier has, what arrived or came back.

use axum::Json;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, Problem, Query};
use songhan_base::{FieldError, Id, Internal};

use super::{is_of, log_reading, units};
use crate::delivery::{Delivery, State};
use crate::service::PostalServices;
use crate::store;

/// Which parcels.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `waiting` (for the carrier; left out, it is this), `handed_over`, `delivered` or `came_back`.
    #[param(example = "waiting")]
    pub state: Option<String>,
    /// Code of a unit of the caller's. Left out, all of them.
    #[param(example = "ubnd-hai-chau")]
    pub unit: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// A result that goes by post.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Parcel)]
pub struct ParcelView {
    /// Code of the dossier.
    #[schema(example = "000.00.15.H17-261121-0001")]
    pub dossier: String,
    #[schema(example = "Cấp bản sao trích lục hộ tịch")]
    pub title: String,
    #[schema(example = "ubnd-hai-chau")]
    pub unit: String,
    pub state: State,
    /// Who receives it; missing where their account was erased.
    #[schema(example = "Nguyễn Thị Lan")]
    pub recipient: Option<String>,
    #[schema(example = "0905 123 456")]
    pub phone: Option<String>,
    #[schema(example = "Số 27 đường Lê Lợi, phường Hải Châu, thành phố Đà Nẵng")]
    pub address: Option<String>,
    /// Số hiệu bưu gửi, of what was handed over.
    #[schema(example = "EA123456789VN")]
    pub number: Option<String>,
    /// The carrier's name.
    #[schema(example = "Bưu điện Việt Nam (VNPost)")]
    pub service_name: Option<String>,
    /// Why it came back.
    #[schema(example = "Người nhận đi vắng")]
    pub reason: Option<String>,
    #[schema(value_type = String, format = "date-time")]
    pub changed_at: Timestamp,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ParcelPage)]
pub struct Output {
    pub items: Vec<ParcelView>,
    /// For `after`; missing on the last page.
    pub next: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("{0:?} is no state of a parcel; write waiting, handed_over, delivered or came_back")]
    State(String),
    #[error("{0:?} is no unit of yours; leave it out, or name one of them")]
    Unit(String),
    #[error("{0:?} is no place in the list; write the `next` of the page before")]
    After(String),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        let wrong = |field: &str| {
            let field = FieldError::new(field, "unknown", message.clone());
            Problem::invalid("query_invalid", message.clone(), vec![field])
        };
        match self {
            Self::State(_) => wrong("state"),
            Self::Unit(_) => wrong("unit"),
            Self::After(_) => wrong("after"),
            Self::Internal(error) => error.into(),
        }
    }
}

const PAGE: usize = 100;

impl ParcelView {
    fn of(cx: &Cx, delivery: Delivery) -> Self {
        let service = delivery.service.as_deref().and_then(|id| cx.city.get::<PostalServices>().get(id));
        Self {
            dossier: delivery.code,
            title: delivery.title,
            unit: delivery.unit,
            state: delivery.state,
            recipient: delivery.recipient,
            phone: delivery.phone,
            address: delivery.address,
            number: delivery.number,
            service_name: service.map(|service| service.name.get(cx.lang).to_owned()),
            reason: delivery.reason,
            changed_at: delivery.changed_at.0,
        }
    }
}

/// One page, the longest there first. Whose addresses it holds can see that they were read.
pub async fn list_parcels(cx: &Cx, asked: &Asked) -> Result<Output, Rejection> {
    let shown = |text: &str| text.chars().take(60).collect::<String>();
    let states: &[State] = match asked.state.as_deref() {
        None | Some("waiting") => &[State::Ready, State::CameBack],
        Some("handed_over") => &[State::HandedOver],
        Some("delivered") => &[State::Delivered],
        Some("came_back") => &[State::CameBack],
        Some(other) => return Err(Rejection::State(shown(other))),
    };
    let units = match asked.unit.as_deref() {
        Some(unit) if !is_of(cx, unit) => return Err(Rejection::Unit(shown(unit))),
        Some(unit) => Some(vec![unit.to_owned()]),
        None => units(cx),
    };
    let after = match asked.after.as_deref() {
        Some(text) => Some(place(text).ok_or_else(|| Rejection::After(shown(text)))?),
        None => None,
    };
    let mut found = store::in_states(&cx.db, units.as_deref(), states, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more);
    let next = last.map(|last| format!("{}.{}", last.changed_at.0.as_microsecond(), last.case_id));
    let read: Vec<(Id, &str)> = found.iter().map(|one| (one.account, one.code.as_str())).collect();
    log_reading(cx, &read).await?;
    Ok(Output { items: found.into_iter().map(|one| ParcelView::of(cx, one)).collect(), next })
}

fn place(text: &str) -> Option<(i64, Id)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// Parcels of the caller's units.
#[utoipa::path(get, path = "/api/v1/parcels", operation_id = "list_parcels", tag = "parcels",
    params(Asked),
    responses(
        (status = 200, body = Output, description = "A page of at most 100"),
        (status = 400, description = "Unreadable query"),
        (status = 422, description = "No such state, unit or place"),
    ))]
pub async fn handler(cx: Cx, Query(asked): Query<Asked>) -> Result<Json<Output>, Problem> {
    list_parcels(&cx, &asked).await.map(Json).map_err(IntoProblem::into_problem)
}
