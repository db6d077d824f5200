//! Take the bank's notice of a credit (báo có): match it to a charge by its note and amount, or keep it in suspense.
//!
//! Signed: `X-Bank-Signature` is HMAC-SHA256, in hex, over `X-Bank-Timestamp` (seconds since 1970), a full stop and the
//! body. A notice older or newer than five minutes is refused; the same transaction is taken once.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Internal, Money, clean_line};
use songhan_db::Tx;
use utoipa::ToSchema;

use crate::arrival::{Arrived, arrive};
use crate::charge::{Charge, ChargeState};
use crate::config::{BankAccounts, bank_secret};
use crate::events::TransferUnmatched;
use crate::journal::{Account, Entry, Purse};
use crate::payment::{Payment, PaymentState};
use crate::store::transfers::Credit;
use crate::{reference, store};

/// How far the bank's clock may be from ours.
const WINDOW_SECONDS: i64 = 300;

#[derive(Deserialize, ToSchema)]
#[schema(as = BankNotification, example = json!({"transaction_id": "FT26325000123456", "account": "1017595600", "amount": 16000,
    "description": "SH4Q7K2M9XPT", "booked_at": "2026-11-21T09:01:30+07:00"}))]
pub struct Input {
    /// The bank's number of the credit.
    #[schema(min_length = 1, max_length = 64)]
    pub transaction_id: String,
    /// The account that was credited.
    #[schema(min_length = 1, max_length = 34, pattern = "^[0-9A-Za-z ]+$")]
    pub account: String,
    /// Whole đồng.
    #[schema(minimum = 1, maximum = 9_999_999_999_999_i64)]
    pub amount: i64,
    /// Nội dung chuyển khoản, as it came.
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub booked_at: Option<Timestamp>,
}

/// What became of the credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BankNotificationTaken, example = json!({"outcome": "paid", "reason": null, "repeated": false}))]
pub struct Taken {
    /// `paid`: a charge is paid; `overpaid`: nothing was due, it is owed back; `suspense`: it waits for a person.
    pub outcome: String,
    /// Why it waits: `account`, `reference` or `amount`.
    pub reason: Option<String>,
    /// It was told before, and this changed nothing.
    pub repeated: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the notice is not signed by the bank; sign timestamp and body with the shared secret")]
    Signature,
    #[error("the notice was signed more than five minutes ago or ahead; set the clock and sign anew")]
    Stale,
    #[error("the notice cannot be read: {0}")]
    Unreadable(String),
    #[error("the notice has wrong fields")]
    Fields(Vec<FieldError>),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Signature => Problem::new(StatusCode::UNAUTHORIZED, "signature", detail),
            Self::Stale => Problem::new(StatusCode::UNAUTHORIZED, "signature_stale", detail),
            Self::Unreadable(_) => Problem::bad_request(detail),
            Self::Fields(errors) => Problem::invalid("notice_invalid", detail, errors),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Proves that the bank has sent `body`, and now.
pub async fn authenticate(cx: &Cx, timestamp: &str, signature: &str, body: &[u8]) -> Result<(), Rejection> {
    let secret = bank_secret(cx).await?.ok_or(Rejection::Signature)?;
    let given = HEXLOWER_PERMISSIVE.decode(signature.trim().as_bytes()).map_err(|_| Rejection::Signature)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(Internal::new)?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.verify_slice(&given).map_err(|_| Rejection::Signature)?; // in constant time
    let signed_at: i64 = timestamp.parse().map_err(|_| Rejection::Signature)?;
    let apart = signed_at.saturating_sub(cx.now().as_second()).saturating_abs();
    if apart > WINDOW_SECONDS { Err(Rejection::Stale) } else { Ok(()) }
}

pub async fn take_bank_notification(cx: &Cx, input: Input) -> Result<Taken, Rejection> {
    let input = check(input)?;
    let accounts = BankAccounts::of(cx)?;
    let mut tx = cx.begin().await?;
    store::transfers::lock(&mut tx, &input.transaction_id).await?;
    if let Some((outcome, reason)) = store::transfers::outcome(&mut tx, &input.transaction_id).await? {
        return Ok(Taken { outcome, reason, repeated: true });
    }
    let charge = match store::charges::by_references(&mut tx, &reference::find(&input.description)).await? {
        Some(id) => store::charges::lock(&mut tx, id).await?,
        None => None,
    };
    let taken = match judge(&accounts, &input, charge.as_ref()) {
        Some(reason) => keep_in_suspense(&mut tx, cx, &input, charge.as_ref(), reason).await?,
        None => match charge {
            Some(charge) => settle(&mut tx, cx, &input, charge).await?,
            None => keep_in_suspense(&mut tx, cx, &input, None, "reference").await?,
        },
    };
    tx.commit().await?;
    Ok(taken)
}

/// Why a credit must wait for a person; `None` when it is for this charge. What comes for a charge that is no longer
/// due is owed back whatever its amount.
fn judge(accounts: &BankAccounts, input: &Input, charge: Option<&Charge>) -> Option<&'static str> {
    let Some(charge) = charge else { return Some("reference") };
    if accounts.numbered(&input.account).is_none() {
        return Some("account");
    }
    (charge.state == ChargeState::Due && charge.amount.0 != input.amount).then_some("amount")
}

fn check(mut input: Input) -> Result<Input, Rejection> {
    let mut errors = Vec::new();
    input.transaction_id = clean_line(&input.transaction_id);
    input.account = input.account.chars().filter(|c| !c.is_whitespace()).collect();
    input.description = clean_line(&input.description).chars().take(500).collect();
    let mut require = |good: bool, field: &str, code, message: &str| {
        if !good {
            errors.push(FieldError::new(field, code, message));
        }
    };
    let (id, account) = (&input.transaction_id, &input.account);
    require((1..=64).contains(&id.chars().count()), "transaction_id", "length", "1 to 64 characters");
    let is_account = (1..=34).contains(&account.len()) && account.bytes().all(|b| b.is_ascii_alphanumeric());
    require(is_account, "account", "pattern", "1 to 34 letters and digits");
    require((1..=9_999_999_999_999).contains(&input.amount), "amount", "range", "1 to 9999999999999 đồng");
    if errors.is_empty() { Ok(input) } else { Err(Rejection::Fields(errors)) }
}

/// The charge is held: the credit pays it, or is owed back.
async fn settle(tx: &mut Tx, cx: &Cx, input: &Input, charge: Charge) -> Result<Taken, Internal> {
    let id = charge.id;
    let attempt: Option<Payment> = store::payments::by_txn_ref(&mut *tx, &charge.reference)
        .await?
        .filter(|attempt| attempt.state == PaymentState::Created && attempt.amount.0 == input.amount);
    let arrived = Arrived {
        purse: Purse::Bank { number: input.account.clone() },
        amount: Money(input.amount),
        gateway_no: Some(input.transaction_id.clone()),
        raw: serde_json::json!({ "booked_at": input.booked_at }),
    };
    let attempt = attempt.ok_or_else(|| format!("bank:{}", input.transaction_id));
    let arrival = arrive(tx, cx, charge, attempt, arrived).await?;
    let outcome = if arrival.overpaid { "overpaid" } else { "paid" };
    let credit = Credit { charge: Some(id), payment: Some(arrival.payment), ..credit(input, outcome) };
    store::transfers::insert(tx, credit).await?;
    Ok(Taken { outcome: outcome.into(), reason: None, repeated: false })
}

/// Tài khoản chờ xử lý: the money is booked, and flagged for a person.
pub(crate) async fn keep_in_suspense(
    tx: &mut Tx,
    cx: &Cx,
    input: &Input,
    charge: Option<&Charge>,
    reason: &'static str,
) -> Result<Taken, Internal> {
    let number = || input.account.clone();
    let (amount, reference) = (Money(input.amount), format!("bank:{}", input.transaction_id));
    let (bank, suspense) = (Account::Bank { number: number() }, Account::Suspense { number: number() });
    let subject = format!("bank-transaction:{}", input.transaction_id);
    let entry =
        Entry::transfer(reference, subject.clone(), "unmatched", amount, bank, suspense).map_err(Internal::new)?;
    store::journal::post(tx, &cx.env, &entry).await?;
    let description = Some(input.description.as_str());
    let charge = charge.map(|charge| charge.id);
    let credit = Credit { charge, reason: Some(reason), description, ..credit(input, "suspense") };
    store::transfers::insert(tx, credit).await?;
    tx.audit("ledger.transfer_unmatched", &subject, serde_json::json!({ "amount": amount, "reason": reason })).await?;
    let transaction_id = input.transaction_id.clone();
    tx.emit(TransferUnmatched { transaction_id, amount, reason: reason.into() }).await?;
    Ok(Taken { outcome: "suspense".into(), reason: Some(reason.into()), repeated: false })
}

fn credit<'a>(input: &'a Input, outcome: &'static str) -> Credit<'a> {
    Credit {
        transaction_id: &input.transaction_id,
        account: &input.account,
        amount: Money(input.amount),
        outcome,
        reason: None,
        charge: None,
        payment: None,
        description: None,
        booked_at: input.booked_at,
    }
}

#[utoipa::path(post, path = "/api/v1/payments/bank-notifications", tag = "payments",
    operation_id = "take_bank_notification", summary = "Take the bank's notice of a credit",
    description = "For the bank. `X-Bank-Signature` is HMAC-SHA256 in hex over `X-Bank-Timestamp`, a full stop and the body. \
        Sent again, a transaction changes nothing.",
    params(("X-Bank-Timestamp" = String, Header, description = "seconds since 1970", example = "1795226490"),
        ("X-Bank-Signature" = String, Header, description = "the signature in hex",
            example = "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592")),
    request_body = Input,
    responses((status = 200, description = "Taken; also when it waits for a person", body = Taken),
        (status = 401, description = "Not signed by the bank, or too old"),
        (status = 422, description = "Fields that no credit has")))]
pub async fn handler(
    cx: Cx,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, Problem> {
    let body = body.map_err(|error| Problem::new(error.status(), "body_unreadable", error.body_text()))?;
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("");
    authenticate(&cx, header("x-bank-timestamp"), header("x-bank-signature"), &body)
        .await
        .map_err(Rejection::into_problem)?;
    let input =
        serde_json::from_slice(&body).map_err(|error| Rejection::Unreadable(error.to_string()).into_problem())?;
    Ok(Json(take_bank_notification(&cx, input).await.map_err(Rejection::into_problem)?))
}
