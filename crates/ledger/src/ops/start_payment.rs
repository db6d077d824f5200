//! Begin a payment: get the transfer code of a charge, or an order at the gateway.

use std::net::IpAddr;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use songhan_app::{ApiJson, Client, Cx, IntoProblem, Path, Problem, Query};
use songhan_base::{Id, Internal};
use songhan_db::{NewJob, Tx};
use utoipa::ToSchema;

use crate::access::{Hidden, see};
use crate::api::KeyQuery;
use crate::charge::{Channel, Charge, ChargeState};
use crate::config::BankAccounts;
use crate::gateway::{Gateway, GatewayName, Order};
use crate::payment::{Payment, PaymentState};
use crate::vietqr::Transfer;
use crate::{reference, store};

/// Attempts that one charge may begin within an hour.
const ATTEMPTS_AN_HOUR: i64 = 20;

/// Kênh thanh toán trực tuyến.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnlineChannel {
    Vietqr,
    Vnpay,
    Momo,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentInput, example = json!({"channel": "vietqr"}))]
pub struct Input {
    pub channel: OnlineChannel,
}

/// How to go on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StartedPayment, example = json!({"id": "019aa4a0-7c00-7000-8000-000000000002", "channel": "vietqr", "state": "created",
    "reference": "SH4Q7K2M9XPT", "payload": "00020101021238570010A0000007270127000697043601131017595600…6304ABCD",
    "redirect_url": null, "expires_at": null}))]
pub struct Started {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    pub channel: Channel,
    pub state: PaymentState,
    /// Mã thanh toán: the transfer note.
    pub reference: String,
    /// For `vietqr`: the text of the QR code.
    pub payload: Option<String>,
    /// For `vnpay` and `momo`: where to send the payer's browser.
    pub redirect_url: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Hidden(#[from] Hidden),
    #[error("only the payer begins a payment; an office records one at the counter")]
    NotThePayer,
    #[error("this charge is {0}; there is nothing to pay")]
    NotDue(&'static str),
    #[error("this channel is not open for the unit that is paid; choose another")]
    ChannelClosed,
    #[error("too many attempts within an hour; finish one of them or wait")]
    TooMany,
    #[error("the gateway does not answer; choose another channel, or try again later")]
    Unavailable,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Hidden(hidden) => hidden.into(),
            Self::NotThePayer => Problem::new(StatusCode::FORBIDDEN, "not_the_payer", detail),
            Self::NotDue(_) => Problem::conflict("charge_not_due", detail),
            Self::ChannelClosed => Problem::invalid("channel_closed", detail, Vec::new()),
            Self::TooMany => Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", detail),
            Self::Unavailable => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "gateway_unavailable", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn start_payment(
    cx: &Cx,
    id: Id,
    key: Option<&str>,
    input: Input,
    client: IpAddr,
) -> Result<Started, Rejection> {
    let seen = see(cx, id, key).await?;
    if !seen.may_pay {
        return Err(Rejection::NotThePayer);
    }
    match input.channel {
        OnlineChannel::Vietqr => by_transfer(cx, id).await,
        OnlineChannel::Vnpay => by_gateway(cx, seen.charge, GatewayName::Vnpay, client).await,
        OnlineChannel::Momo => by_gateway(cx, seen.charge, GatewayName::Momo, client).await,
    }
}

/// The charge, held and due.
async fn hold(tx: &mut Tx, id: Id) -> Result<Charge, Rejection> {
    due(store::charges::lock(tx, id).await?.ok_or(Hidden::NotFound)?)
}

fn due(charge: Charge) -> Result<Charge, Rejection> {
    if charge.state == ChargeState::Due { Ok(charge) } else { Err(Rejection::NotDue(charge.state.as_str())) }
}

/// The transfer code is the same each time, so there is one attempt of this kind a charge.
async fn by_transfer(cx: &Cx, id: Id) -> Result<Started, Rejection> {
    let accounts = BankAccounts::of(cx)?;
    let mut tx = cx.begin().await?;
    let charge = hold(&mut tx, id).await?;
    let payload = transfer_payload(&accounts, &charge)?.ok_or(Rejection::ChannelClosed)?;
    let known = store::payments::by_txn_ref(&mut tx, &charge.reference).await?;
    let payment = if let Some(payment) = known {
        payment
    } else {
        let payment = attempt(cx, &charge, Channel::Vietqr, charge.reference.clone());
        store::payments::insert(&mut tx, &payment, None).await?;
        payment
    };
    let started = started(&charge, payment, Some(payload));
    cx.keep(&mut tx, 201, &started).await?;
    tx.commit().await?;
    Ok(started)
}

/// The text of a charge's QR code; `None` where its unit takes no transfers.
pub(crate) fn transfer_payload(accounts: &BankAccounts, charge: &Charge) -> Result<Option<String>, Internal> {
    let Some(account) = accounts.of_unit(&charge.unit) else { return Ok(None) };
    let transfer =
        Transfer { bin: &account.bin, number: &account.number, amount: Some(charge.amount), note: &charge.reference };
    transfer.payload().map(Some).map_err(Internal::new)
}

/// The order is begun before the attempt is written: a gateway may have to be asked for it, and an order of which nobody
/// was told its page is paid by nobody.
async fn by_gateway(cx: &Cx, charge: Charge, name: GatewayName, client: IpAddr) -> Result<Started, Rejection> {
    let charge = due(charge)?;
    let gateway = Gateway::of(cx, name).await?.ok_or(Rejection::ChannelClosed)?;
    if !name.takes(&cx.config, charge.amount) {
        return Err(Rejection::ChannelClosed);
    }
    let hour_ago = cx.now() - SignedDuration::from_hours(1);
    if store::payments::begun_since(&cx.db, charge.id, hour_ago).await? >= ATTEMPTS_AN_HOUR {
        return Err(Rejection::TooMany);
    }
    let expires_at = cx.now() + SignedDuration::from_mins(i64::from(gateway.minutes()));
    let txn_ref = format!("{}{}", charge.reference, reference::characters::<6>(&cx.env));
    let mut payment = Payment { expires_at: Some(expires_at), ..attempt(cx, &charge, name.channel(), txn_ref) };
    payment.redirect_url = Some(order(cx, &gateway, &charge, &payment, client).await?);

    let mut tx = cx.begin().await?;
    let charge = hold(&mut tx, charge.id).await?;
    if store::payments::begun_since(&mut tx, charge.id, hour_ago).await? >= ATTEMPTS_AN_HOUR {
        return Err(Rejection::TooMany);
    }
    store::payments::insert(&mut tx, &payment, None).await?;
    // Should the gateway's word not come, it is asked when the time is over.
    songhan_db::enqueue(
        &mut tx,
        NewJob {
            id: cx.env.id(),
            kind: super::ask_gateway::KIND,
            payload: serde_json::json!({ "payment": payment.id }),
            run_at: Some(expires_at + SignedDuration::from_mins(1)),
            dedupe: Some(format!("{}:{}", super::ask_gateway::KIND, payment.id)),
        },
    )
    .await?;
    let started = started(&charge, payment, None);
    cx.keep(&mut tx, 201, &started).await?;
    tx.commit().await?;
    Ok(started)
}

/// Where the payer's browser is sent for an attempt.
async fn order(
    cx: &Cx,
    gateway: &Gateway,
    charge: &Charge,
    payment: &Payment,
    client: IpAddr,
) -> Result<String, Rejection> {
    let order = Order {
        payment,
        reference: &charge.reference,
        return_url: cx.url(&format!("{}/return", charge.path())),
        ipn_url: cx.url(super::take_momo_ipn::PATH),
        lang: cx.lang,
        client,
    };
    gateway.order(&order).await.map_err(|error| {
        tracing::warn!(%error, channel = payment.channel.as_str(), "an order could not be begun");
        Rejection::Unavailable
    })
}

fn attempt(cx: &Cx, charge: &Charge, channel: Channel, txn_ref: String) -> Payment {
    Payment {
        id: cx.env.id(),
        charge: charge.id,
        channel,
        amount: charge.amount,
        state: PaymentState::Created,
        txn_ref,
        gateway_no: None,
        overpaid: false,
        created_at: cx.now(),
        expires_at: None,
        settled_at: None,
        redirect_url: None,
    }
}

fn started(charge: &Charge, payment: Payment, payload: Option<String>) -> Started {
    Started {
        id: payment.id,
        channel: payment.channel,
        state: payment.state,
        reference: charge.reference.clone(),
        payload,
        redirect_url: payment.redirect_url,
        expires_at: payment.expires_at,
    }
}

#[utoipa::path(post, path = "/api/v1/charges/{id}/payments", tag = "payments", operation_id = "start_payment",
    summary = "Begin a payment",
    description = "`vietqr` answers the text of a QR code, `vnpay` and `momo` an address for the payer's browser. The charge is paid \
        when the bank or the gateway has told the city so; see `get_charge`.",
    params(("id" = String, Path, format = Uuid, description = "the charge", example = "019aa4a0-7c00-7000-8000-000000000001"),
        ("key" = Option<String>, Query, description = "secret of the charge's link, instead of an account")),
    request_body = Input,
    responses((status = 201, description = "Begun", body = Started),
        (status = 403, description = "Not the payer"),
        (status = 404, description = "No such charge, or not yours"),
        (status = 409, description = "Nothing is due"),
        (status = 422, description = "The body does not fit, or the channel is closed"),
        (status = 429, description = "Too many attempts"),
        (status = 503, description = "The gateway does not answer")))]
pub async fn handler(
    cx: Cx,
    Path(id): Path<Id>,
    Query(query): Query<KeyQuery>,
    Extension(Client(client)): Extension<Client>,
    ApiJson(input): ApiJson<Input>,
) -> Result<impl IntoResponse, Problem> {
    let started = start_payment(&cx, id, query.key.as_deref(), input, client).await.map_err(Rejection::into_problem)?;
    Ok((StatusCode::CREATED, Json(started)))
}
