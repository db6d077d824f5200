//! Part 4: features made, replaced, updated and removed. The rules are those of [`crate::edit`]; here stand the ETag that
//! must be the last, the commit, and the feature as it is afterwards.

pub mod create_feature;
pub mod delete_feature;
pub mod replace_feature;
pub mod update_feature;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::Internal;

use super::answer::{self, Asked, GEOJSON};
use super::etag::{self, Match};
use super::show_feature;
use super::system::System;
use crate::edit::{self, Edited, Of, Refused, Wish};
use crate::layer::Layer;
use crate::snapshot;
use crate::store::{features, layers};

/// What the query of a change may say.
pub const KNOWN: [&str; 1] = ["reason"];

/// One edit, committed and shown; the feature as it is then, unless it is gone. `of`: which feature, and what of it its
/// changer has seen. Under an idempotency key the answer is kept with `status`.
pub async fn apply(
    cx: &Cx,
    layer: &Layer,
    of: Option<(i64, Match)>,
    wish: Wish,
    reason: &str,
    status: StatusCode,
) -> Result<Option<(Response, i64)>, Problem> {
    let mut tx = cx.begin().await?;
    let standing = layers::lock(&mut tx, &layer.code).await?;
    let base = standing.base.ok_or_else(|| Refused::Empty.into_problem())?;
    let of = match of {
        None => None,
        Some((feature, seen)) => {
            let last = features::last_version(&mut tx, base, feature).await?;
            Some(Of { feature, seen: seen.seen(base, last) })
        }
    };
    let edited = edit::edit(&mut tx, cx, layer, of, wish, reason).await.map_err(IntoProblem::into_problem)?;
    let answer = match features::current(&mut tx, base, edited.feature).await? {
        None => None,
        Some(feature) => {
            let (body, _) = show_feature::written(cx, layer, &feature, System::DEFAULT, &edited.repaired)?;
            let kept: serde_json::Value = serde_json::from_slice(&body).map_err(Internal::new)?;
            cx.keep(&mut tx, status.as_u16(), &kept).await?;
            Some((said(base, &edited, status, body)?, edited.feature))
        }
    };
    tx.commit().await?;
    snapshot::shown(cx, &edited.told).await;
    Ok(answer)
}

fn said(base: i64, edited: &Edited, status: StatusCode, body: Vec<u8>) -> Result<Response, Internal> {
    let mut response = answer::body(GEOJSON, body, false);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let etag = etag::of(base, edited.version, System::DEFAULT);
    headers.insert(header::ETAG, HeaderValue::from_str(&etag).map_err(Internal::new)?);
    headers.extend(System::DEFAULT.header().map(|said| (header::HeaderName::from_static("content-crs"), said)));
    Ok(response)
}

/// The layer, if the actor reads it and is signed in: what may be changed of it is said by the edit.
pub fn layer_of(cx: &Cx, code: &str, asked: &Asked) -> Result<std::sync::Arc<Layer>, Problem> {
    let (layer, _) = super::collection(cx, code)?;
    cx.person()?;
    asked.check(&KNOWN, &[])?;
    Ok(layer)
}

pub fn gone() -> Internal {
    Internal::new("a feature is gone that was just written")
}
