//! Part 4: features made, replaced, updated and removed. The change itself is [`crate::ops::change_feature`]; here stand
//! what a request says and the feature as it is afterwards.

pub mod create_feature;
pub mod delete_feature;
pub mod replace_feature;
pub mod update_feature;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::Internal;

use super::answer::{self, Asked, GEOJSON};
use super::input::{self, Meaning};
use super::system::System;
use super::{etag, feature_number, show_feature};
use crate::edit::{Edited, Of, Wish};
use crate::layer::Layer;
use crate::ops::change_feature::change_feature;

/// What the query of a change may say.
const KNOWN: [&str; 1] = ["reason"];

/// One change, answered with the feature as it is then and its number; nothing of one that is removed. Under an
/// idempotency key the answer is kept with `status`.
async fn apply(
    cx: &Cx,
    layer: &Layer,
    of: Option<Of>,
    wish: Wish,
    reason: &str,
    status: StatusCode,
) -> Result<Option<(Response, i64)>, Problem> {
    let mut changing = change_feature(cx, layer, of, wish, reason).await.map_err(IntoProblem::into_problem)?;
    let body = match changing.now() {
        Some(feature) => {
            let repaired = &changing.edited().repaired;
            Some(show_feature::written(cx, layer, feature, System::DEFAULT, repaired)?.0)
        }
        None => None,
    };
    if let Some(body) = &body {
        let kept: serde_json::Value = serde_json::from_slice(body).map_err(Internal::new)?;
        changing.keep(cx, status.as_u16(), &kept).await?;
    }
    let edited = changing.commit(cx).await?;
    let said = body.map(|body| Ok::<_, Internal>((said(&edited, status, body)?, edited.feature)));
    Ok(said.transpose()?)
}

/// PUT and PATCH: the body is what the feature is from now on, or what changes of it.
async fn change(
    cx: &Cx,
    code: &str,
    number: &str,
    asked: &Asked,
    body: Result<Bytes, BytesRejection>,
    meaning: Meaning,
) -> Result<Response, Problem> {
    let layer = layer_of(cx, code, asked)?;
    let (of, reason) = (of(number, asked)?, input::reason(asked)?);
    let given = input::read(asked, body, meaning)?;
    let properties = given.properties.unwrap_or_default();
    let wish = match meaning {
        Meaning::Whole => Wish::Replace { geometry: given.geometry.flatten(), properties },
        Meaning::Patch => Wish::Update { geometry: given.geometry, properties },
    };
    let changed = apply(cx, &layer, Some(of), wish, &reason, StatusCode::OK).await?;
    changed.map(|(response, _)| response).ok_or_else(|| gone().into())
}

/// Which feature a request means, and what of it its sender has seen.
fn of(number: &str, asked: &Asked) -> Result<Of, Problem> {
    Ok(Of { feature: feature_number(number)?, seen: etag::seen(&asked.headers) })
}

fn said(edited: &Edited, status: StatusCode, body: Vec<u8>) -> Result<Response, Internal> {
    let mut response = answer::body(GEOJSON, body, false);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let etag = etag::of(edited.base, edited.version, System::DEFAULT);
    headers.insert(header::ETAG, HeaderValue::from_str(&etag).map_err(Internal::new)?);
    headers.extend(System::DEFAULT.header().map(|said| (HeaderName::from_static("content-crs"), said)));
    Ok(response)
}

/// The layer, if the actor reads it and is signed in: what may be changed of it is said by the edit.
fn layer_of(cx: &Cx, code: &str, asked: &Asked) -> Result<std::sync::Arc<Layer>, Problem> {
    let (layer, _) = super::collection(cx, code)?;
    cx.person()?;
    asked.check(&KNOWN, &[])?;
    Ok(layer)
}

fn gone() -> Internal {
    Internal::new("a feature is gone that was just written")
}
