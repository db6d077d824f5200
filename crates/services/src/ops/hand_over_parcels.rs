//! Hand parcels over to the postal carrier: several results of a unit at once, on one list (bảng kê), all or none.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal};
use songhan_db::Tx;
use songhan_delivery::State;

use crate::dossier::Part;
use crate::ops::act::{self, step};
use crate::ops::show_dossier::{self, Seen, see};
use crate::returns;

/// What is handed over.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HandOverInput, example = json!({"parcels": [
    {"dossier": "000.00.15.H17-261121-0001", "number": "EA123456789VN", "version": 7}]}))]
pub struct Input {
    /// 1 to 50 of one unit, each dossier once.
    pub parcels: Vec<Item>,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HandOverParcel)]
pub struct Item {
    /// Code of the dossier.
    #[schema(example = "000.00.15.H17-261121-0001")]
    pub dossier: String,
    /// Số hiệu bưu gửi, as it stands on the parcel.
    #[schema(example = "EA123456789VN")]
    pub number: String,
    /// The version of the dossier that the caller has seen: an address that was changed since is not overlooked.
    #[serde(default)]
    #[schema(example = 7)]
    pub version: Option<i64>,
}

/// The list that came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = HandOver)]
pub struct Output {
    /// Id of the list: `/api/v1/parcel-manifests/{id}` shows it.
    #[schema(value_type = String, format = "uuid")]
    pub manifest: Id,
    /// Counted within the unit's year.
    #[schema(example = "12/2026")]
    pub number: String,
    /// How many parcels were handed over.
    #[schema(example = 1)]
    pub parcels: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("name 1 to {MOST} dossiers of one unit, each once")]
    Parcels,
    #[error("nothing was handed over; correct the parcels named")]
    Wrong(Vec<FieldError>),
    #[error(transparent)]
    Delivery(#[from] songhan_delivery::Rejection),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        match self {
            Self::Parcels => {
                let field = FieldError::new("parcels", "invalid", message.clone());
                Problem::invalid("parcels_invalid", message, vec![field])
            }
            Self::Wrong(errors) => Problem::invalid("parcels_invalid", message, errors),
            Self::Delivery(rejection) => rejection.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

/// On one list: what one officer carries to the post.
pub const MOST: usize = 50;

/// Hands all of them over, or none. A repeat by the same officer gives the same list.
pub async fn hand_over_parcels(cx: &Cx, input: &Input) -> Result<Output, Rejection> {
    let parcels = &input.parcels;
    let twice =
        parcels.iter().enumerate().any(|(n, one)| parcels[..n].iter().any(|other| other.dossier == one.dossier));
    if parcels.is_empty() || parcels.len() > MOST || twice {
        return Err(Rejection::Parcels);
    }
    let (mut seen, mut wrong) = (Vec::with_capacity(parcels.len()), Vec::new());
    for (n, parcel) in parcels.iter().enumerate() {
        match see(cx, &parcel.dossier).await {
            Ok(one) if one.part == Part::Office => seen.push(one),
            Err(show_dossier::Rejection::Internal(error)) => return Err(error.into()),
            _ => wrong.push(tell(n, "dossier", "not_found", "there is no such dossier, or it is not yours to see")),
        }
    }
    if !wrong.is_empty() {
        return Err(Rejection::Wrong(wrong));
    }
    let unit = seen[0].case.unit.clone();
    if seen.iter().any(|one| one.case.unit != unit) {
        return Err(Rejection::Parcels);
    }
    if let Some(done) = done_before(cx, parcels, &seen).await? {
        return Ok(done);
    }
    let mut tx = cx.begin().await?;
    let manifest = songhan_delivery::open_manifest(&mut tx, cx, &unit).await?;
    let mut actions: BTreeMap<(String, String), Option<String>> = BTreeMap::new();
    for (n, (parcel, one)) in parcels.iter().zip(&seen).enumerate() {
        let action = action_of(&mut tx, cx, one, &mut actions).await?;
        let Some(action) = action else {
            return Err(Rejection::Wrong(vec![tell(n, "dossier", "action_not_now", "its result goes by no post")]));
        };
        let act = act::Input {
            version: parcel.version,
            parcel: Some(parcel.number.clone()),
            manifest: Some(manifest.clone()),
            ..act::Input::default()
        };
        if let Err(rejection) = step(&mut tx, cx, &one.dossier, &action, &act).await {
            // The first mistake ends it: PostgreSQL takes nothing more in this transaction, and nothing is kept of it.
            return Err(refused(n, rejection));
        }
    }
    let output = Output { manifest: manifest.id, number: manifest.number, parcels: parcels.len() };
    cx.keep(&mut tx, 201, &output).await?;
    tx.commit().await?;
    Ok(output)
}

fn tell(n: usize, field: &str, code: &'static str, message: &str) -> FieldError {
    FieldError::new(format!("parcels/{n}/{field}"), code, message)
}

/// What was wrong with one of them, by its place.
fn refused(n: usize, rejection: act::Rejection) -> Rejection {
    let problem = match rejection {
        act::Rejection::Internal(error) => return error.into(),
        other => other.into_problem(),
    };
    if problem.status().is_server_error() {
        return Internal::new(problem.detail()).into();
    }
    let field = match problem.code() {
        "parcel_invalid" => "number",
        "version_stale" => "version",
        _ => "dossier",
    };
    Rejection::Wrong(vec![FieldError::new(format!("parcels/{n}/{field}"), problem.code(), problem.detail())])
}

/// The action of its workflow that hands a parcel over.
async fn action_of(
    tx: &mut Tx,
    cx: &Cx,
    seen: &Seen,
    known: &mut BTreeMap<(String, String), Option<String>>,
) -> Result<Option<String>, Internal> {
    let key = (seen.case.workflow.clone(), seen.case.workflow_version.clone());
    if let Some(action) = known.get(&key) {
        return Ok(action.clone());
    }
    let workflow = songhan_cases::workflow(cx, tx, &seen.case).await?;
    let action = workflow.actions.iter().find(|action| returns::takes_parcel(action)).map(|action| action.id.clone());
    known.insert(key, action.clone());
    Ok(action)
}

/// The list, where the actor has handed just these over under these numbers: a click or a request once more.
async fn done_before(cx: &Cx, parcels: &[Item], seen: &[Seen]) -> Result<Option<Output>, Internal> {
    let mut list: Option<songhan_delivery::Manifest> = None;
    for (parcel, one) in parcels.iter().zip(seen) {
        let Some(delivery) = songhan_delivery::of_case(&cx.db, one.case.id).await? else { return Ok(None) };
        let carrier = returns::carrier(cx).and_then(|carrier| carrier.parcel_number(&parcel.number));
        if delivery.state != State::HandedOver || delivery.number != carrier {
            return Ok(None);
        }
        let Some(manifest) = songhan_delivery::manifest_of(&cx.db, &delivery).await? else { return Ok(None) };
        if manifest.officer != cx.actor.label() || list.as_ref().is_some_and(|list| list.id != manifest.id) {
            return Ok(None);
        }
        list = Some(manifest);
    }
    Ok(list.map(|list| Output { manifest: list.id, number: list.number, parcels: parcels.len() }))
}

/// Hand parcels over to the postal carrier.
#[utoipa::path(post, path = "/api/v1/parcel-manifests", operation_id = "hand_over_parcels", tag = "parcels",
    request_body = Input,
    responses(
        (status = 201, body = Output, description = "Handed over, all of them; a repeat with the same key gets the same answer"),
        (status = 400, description = "No Idempotency-Key, or unreadable JSON"),
        (status = 409, description = "Nobody carries parcels today"),
        (status = 422, description = "Nothing was handed over; `errors` names the parcel: not to be sent, changed since, or a number that is none"),
    ))]
pub async fn handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<(StatusCode, Json<Output>), Problem> {
    let output = hand_over_parcels(&cx, &input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(output)))
}
