//! The way to the gateway.
//!
//! `form-action 'self'` also forbids a redirect that follows a form to lead elsewhere. So the form leads to a page of
//! ours, and that page moves on by itself (a navigation of its own, not the form's) or by its link.

use axum::Extension;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use songhan_app::{Client, Cx, IntoProblem, PageForm, PageSpec, Path, Problem, redirect};
use songhan_base::Id;

use super::pay::Shown;
use super::{key, seen};
use crate::charge::ChargeState;
use crate::gateway::GatewayName;
use crate::ops::start_payment::{Input, OnlineChannel, Rejection, start_payment};
use crate::store;

/// Which gateway.
#[derive(Deserialize)]
pub struct Pressed {
    #[serde(default = "GatewayName::unnamed")]
    channel: GatewayName,
}

pub async fn begin(
    cx: Cx,
    Path(id): Path<Id>,
    Extension(Client(client)): Extension<Client>,
    headers: HeaderMap,
    PageForm(Pressed { channel }): PageForm<Pressed>,
) -> Result<Response, Problem> {
    let channel = match channel {
        GatewayName::Vnpay => OnlineChannel::Vnpay,
        GatewayName::Momo => OnlineChannel::Momo,
    };
    let input = Input { channel };
    match start_payment(&cx, id, key::kept(&headers).as_deref(), input, client).await {
        Ok(started) => Ok(redirect(&format!("/pay/{id}/gateway/{}", started.id))),
        // Paid meanwhile: the pay page says so.
        Err(Rejection::NotDue(_)) => Ok(redirect(&format!("/pay/{id}"))),
        Err(Rejection::Unavailable) => Ok(redirect(&format!("/pay/{id}?unavailable=1"))),
        Err(rejection) => Err(rejection.into_problem()),
    }
}

#[derive(Serialize)]
struct Data {
    charge: Shown,
    gateway: &'static str,
    url: String,
}

pub async fn go(cx: Cx, Path((id, payment)): Path<(Id, Id)>, headers: HeaderMap) -> Result<Response, Problem> {
    let charge = seen(&cx, id, key::kept(&headers).as_deref()).await?.charge;
    let payment = store::payments::by_id(&cx.db, payment).await?.filter(|payment| payment.charge == id);
    let payment = payment.ok_or_else(|| Problem::not_found("payment"))?;
    let name = GatewayName::of_channel(payment.channel).ok_or_else(|| Problem::not_found("payment"))?;
    let is_over = !store::payments::is_open(&payment) || payment.expires_at.is_some_and(|at| at <= cx.now());
    let Some(url) = payment.redirect_url.filter(|_| charge.state == ChargeState::Due && !is_over) else {
        return Ok(redirect(&charge.path()));
    };
    let refresh = HeaderValue::from_str(&format!("0; url={url}"));
    let data = Data { charge: Shown::new(&cx, &charge), gateway: name.as_str(), url };
    let mut response = cx.page("pay-gateway.html", PageSpec::titled(cx.t("ledger-gateway-going")), data).await?;
    if let Ok(refresh) = refresh {
        response.headers_mut().insert(HeaderName::from_static("refresh"), refresh);
    }
    Ok(response)
}
