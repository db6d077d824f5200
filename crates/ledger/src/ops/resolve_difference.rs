//! Resolve a difference (xử lý chênh lệch): explain it, or let the books say what the statement says. By hand, with a
//! reason, audited.

use axum::Json;
use axum::response::IntoResponse;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal, Money, clean_text};
use songhan_db::Tx;
use utoipa::ToSchema;

use super::get_statement::{DifferenceView, keeps};
use super::settle_payment::hold;
use crate::access::who;
use crate::arrival::{Arrived, arrive};
use crate::charging::as_our_mistake;
use crate::config::BankAccounts;
use crate::gateway::GatewayName;
use crate::journal::{Account, Entry, Purse};
use crate::payment::PaymentState;
use crate::reconcile::Kind;
use crate::statement::Source;
use crate::store::differences::{Difference, DifferenceState, Resolution, Resolved};
use crate::{paying_out, store};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DifferenceResolutionInput, example = json!({"resolution": "adjusted", "reason": "Ngân hàng xác nhận ghi thiếu 1.000 đ"}))]
pub struct Input {
    /// One of the difference's `resolutions`.
    pub resolution: Resolution,
    #[schema(min_length = 3, max_length = 1000)]
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such difference in books of yours")]
    NotFound,
    #[error("this difference is resolved already")]
    Resolved,
    #[error("a difference of this kind is not resolved so; choose another way")]
    NotSo,
    #[error("say in 3 to 1000 characters why")]
    Reason,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("difference"),
            Self::Resolved => Problem::conflict("difference_resolved", detail),
            Self::NotSo => Problem::conflict("resolution_not_allowed", detail),
            Self::Reason => Problem::invalid("reason_wanted", detail, Vec::new()),
            Self::Internal(error) => error.into(),
        }
    }
}

/// How a difference can be resolved.
pub fn allowed(source: Source, difference: &Difference) -> Vec<Resolution> {
    use Resolution::{Adjusted, Explained, Matched};
    match (difference.kind, source) {
        // Where the money waits in suspense it is matched there, and this with it.
        (Kind::UnknownCredit, Source::Bank) => vec![],
        // The gateway has a payment of ours of which its word never came.
        (Kind::UnknownCredit, Source::Gateway) if difference.charge.is_some() => vec![Matched, Explained, Adjusted],
        (Kind::WrongDay, _) => vec![Explained],
        _ => vec![Explained, Adjusted],
    }
}

pub async fn resolve_difference(cx: &Cx, id: Id, input: Input) -> Result<DifferenceView, Rejection> {
    let reason = clean_text(&input.reason);
    if !(3..=1000).contains(&reason.chars().count()) {
        return Err(Rejection::Reason);
    }
    let accounts = BankAccounts::of(cx)?;
    let mut tx = cx.begin().await?;
    let difference = store::differences::lock(&mut tx, id).await?.ok_or(Rejection::NotFound)?;
    let statement = store::statements::by_id(&mut tx, difference.statement).await?;
    let statement = statement.filter(|statement| keeps(cx, &accounts, statement)).ok_or(Rejection::NotFound)?;
    if difference.state == DifferenceState::Resolved {
        return Err(Rejection::Resolved);
    }
    if !allowed(statement.source, &difference).contains(&input.resolution) {
        return Err(Rejection::NotSo);
    }
    match input.resolution {
        Resolution::Adjusted => adjust(&mut tx, cx, statement.source, &difference, &reason).await?,
        Resolution::Matched => settle(&mut tx, cx, &difference).await?,
        Resolution::Explained | Resolution::Found => {}
    }
    let (by, name) = who(cx);
    let resolved = Resolved { resolution: input.resolution, reason: &reason, by: &by, name: &name };
    store::differences::resolve(&mut tx, id, &resolved).await?;
    let detail = serde_json::json!({ "kind": difference.kind, "resolution": input.resolution, "reason": reason, "ours": difference.ours, "theirs": difference.theirs });
    tx.audit("ledger.difference_resolved", &format!("difference:{id}"), detail).await?;
    let after = store::differences::by_id(&mut tx, id).await?.ok_or(Rejection::NotFound)?;
    tx.commit().await?;
    Ok(DifferenceView::new(cx, statement.source, after))
}

/// Books so that our account says what the statement says; the other side waits to be settled with the bank.
async fn adjust(tx: &mut Tx, cx: &Cx, source: Source, difference: &Difference, reason: &str) -> Result<(), Rejection> {
    let purse = |number: &str| match source {
        Source::Bank => Account::Bank { number: number.to_owned() },
        Source::Gateway => Account::Gateway { merchant: number.to_owned() },
    };
    let own = || purse(&difference.account);
    let open = || Account::Discrepancy { number: difference.account.clone() };
    let (ours, theirs) = (difference.ours.unwrap_or_default(), difference.theirs.unwrap_or_default());
    let order = difference.movement.as_deref().and_then(|movement| movement.strip_prefix("order:"));
    let (delta, debit, credit) = match (difference.kind, order) {
        // What did not leave, or came back, is owed again.
        (Kind::Missing | Kind::Reversed, Some(end_to_end)) => {
            let taken_back = paying_out::fail(tx, cx, end_to_end, reason).await?;
            return if taken_back { Ok(()) } else { Err(Rejection::NotSo) };
        }
        (Kind::Missing, None) => (Money(-ours.0), own(), open()),
        (Kind::AmountDiffers, _) => (Money(theirs.0 - ours.0), own(), open()),
        (Kind::WrongAccount, _) => (ours, own(), purse(difference.our_account.as_deref().unwrap_or_default())),
        (Kind::FeeDeducted, _) => {
            let fees = Account::GatewayFee { merchant: difference.account.clone() };
            (Money(-difference.fee.0), own(), fees)
        }
        _ => (theirs, own(), open()),
    };
    if delta.is_zero() {
        return Ok(());
    }
    let (reference, subject) = (format!("difference:{}", difference.id), format!("statement:{}", difference.statement));
    let entry = Entry::transfer(reference, subject, "adjusted", delta, debit, credit).map_err(Internal::new)?;
    as_our_mistake(store::journal::post(tx, &cx.env, &entry).await?, &entry)?;
    Ok(())
}

/// The gateway took the money although its word never came: the payment is taken by its statement.
async fn settle(tx: &mut Tx, cx: &Cx, difference: &Difference) -> Result<(), Rejection> {
    let line =
        store::statements::end_to_end(&mut *tx, difference.statement, difference.line.unwrap_or_default()).await?;
    let known = store::payments::by_txn_ref(&mut *tx, &line.unwrap_or_default()).await?.ok_or(Rejection::NotSo)?;
    let (charge, payment) = hold(tx, known.id).await?;
    let amount = difference.theirs.unwrap_or_default();
    if !payment.state.may_become(PaymentState::Succeeded) || payment.amount != amount {
        return Err(Rejection::NotSo);
    }
    let name = GatewayName::of_channel(payment.channel).ok_or(Rejection::NotSo)?;
    let arrived = Arrived {
        purse: Purse::Gateway { name, merchant: difference.account.clone() },
        amount,
        gateway_no: Some(difference.reference.clone()),
        raw: serde_json::json!({ "statement": difference.statement }),
    };
    arrive(tx, cx, charge, Ok(payment), arrived).await?;
    Ok(())
}

#[utoipa::path(post, path = "/api/v1/ledger/differences/{id}/resolution", tag = "accounting",
    operation_id = "resolve_difference", summary = "Resolve a difference",
    description = "`explained` books nothing; `adjusted` books what the statement says; `matched` takes a payment whose word never came.",
    params(("id" = String, Path, format = Uuid, description = "the difference", example = "019aa4a0-7c00-7000-8000-000000000008")),
    request_body = Input,
    responses((status = 200, description = "Resolved", body = DifferenceView),
        (status = 404, description = "No such thing in books of yours"),
        (status = 409, description = "Its state does not allow it")))]
pub async fn handler(cx: Cx, Path(id): Path<Id>, ApiJson(input): ApiJson<Input>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(resolve_difference(&cx, id, input).await.map_err(IntoProblem::into_problem)?))
}
