//! Match a credit in suspense by hand (xử lý khoản chờ xử lý): to a charge, to what the gateway or a desk paid in, or
//! back to whoever sent it.

use axum::Json;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal, Money, clean_text};
use songhan_db::Tx;
use utoipa::ToSchema;

use crate::access::{keeps_account, keeps_books, who};
use crate::arrival::{Arrived, arrive};
use crate::charging::as_our_mistake;
use crate::config::BankAccounts;
use crate::gateway::GatewayName;
use crate::journal::{Account, Entry, Purse};
use crate::reconcile::Kind;
use crate::refund::{Payee, Refund, RefundState, Route};
use crate::store::differences::{Resolution, Resolved};
use crate::store::transfers::Unmatched;
use crate::{reference, store};

/// What the credit was.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = TransferMatch)]
pub enum Target {
    /// Meant for a charge: pays it when the amount is right and it is due, else it is owed back to the payer.
    Charge {
        /// Mã thanh toán.
        #[schema(example = "SH4Q7K2M9XPT")]
        code: String,
    },
    /// Paid out by a gateway.
    Gateway {
        /// `vnpay` where it is left out.
        #[serde(default = "GatewayName::unnamed")]
        gateway: GatewayName,
    },
    /// Cash of a unit's desk, paid in.
    Cash { unit: String },
    /// Meant for nobody here: goes back to its sender, by a unit's order.
    Return { unit: String, payee: Payee },
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TransferMatchInput, example = json!({"transaction_id": "FT26325000123456",
    "target": {"is": "charge", "code": "SH4Q7K2M9XPT"}, "reason": "Người nộp ghi sai một ký tự"}))]
pub struct Input {
    /// The bank's number of the credit.
    pub transaction_id: String,
    pub target: Target,
    #[schema(min_length = 3, max_length = 1000)]
    pub reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MatchedTransfer, example = json!({"transaction_id": "FT26325000123456", "outcome": "paid"}))]
pub struct Output {
    pub transaction_id: String,
    /// `paid`: it has paid a charge, or was money of ours; `overpaid`: it is owed back.
    pub outcome: &'static str,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("no such credit waits in books of yours")]
    NotFound,
    #[error("there is no charge of this code; copy it from the dossier")]
    NoCharge,
    #[error("there is no such unit among those whose books you keep")]
    NoUnit,
    #[error("no gateway is set")]
    NoGateway,
    #[error("this is no account that a bank could pay to")]
    Fields(Vec<FieldError>),
    #[error("say in 3 to 1000 characters why")]
    Reason,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("credit in suspense"),
            Self::NoCharge => Problem::invalid("no_such_charge", detail, Vec::new()),
            Self::NoUnit => Problem::invalid("no_such_unit", detail, Vec::new()),
            Self::NoGateway => Problem::conflict("no_gateway", detail),
            Self::Fields(errors) => Problem::invalid("account_invalid", detail, errors),
            Self::Reason => Problem::invalid("reason_wanted", detail, Vec::new()),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn match_transfer(cx: &Cx, input: Input) -> Result<Output, Rejection> {
    let reason = clean_text(&input.reason);
    if !(3..=1000).contains(&reason.chars().count()) {
        return Err(Rejection::Reason);
    }
    let accounts = BankAccounts::of(cx)?;
    let number = input.transaction_id.replace('\0', "");
    let mut tx = cx.begin().await?;
    store::transfers::lock(&mut tx, &number).await?;
    let credit = store::transfers::waiting(&mut tx, &number).await?;
    let credit = credit.filter(|credit| keeps_account(cx, &accounts, &credit.account)).ok_or(Rejection::NotFound)?;
    let (outcome, what) = match &input.target {
        Target::Charge { code } => (pay(&mut tx, cx, &credit, code).await?, "charge"),
        Target::Gateway { gateway } => {
            let merchant = gateway.merchant(&cx.config).ok_or(Rejection::NoGateway)?;
            (move_on(&mut tx, cx, &credit, Account::Gateway { merchant }, "gateway").await?, "gateway")
        }
        Target::Cash { unit } => {
            known(cx, unit)?;
            (move_on(&mut tx, cx, &credit, Account::Cash { unit: unit.clone() }, "cash").await?, "cash")
        }
        Target::Return { unit, payee } => (send_back(&mut tx, cx, &credit, unit, payee).await?, "return"),
    };
    let movement = format!("credit:{number}");
    let (by, name) = who(cx);
    let resolved = Resolved { resolution: Resolution::Matched, reason: &reason, by: &by, name: &name };
    store::differences::resolve_movements(&mut tx, Kind::UnknownCredit, &[&movement], &resolved).await?;
    let detail = serde_json::json!({ "amount": credit.amount, "as": what, "outcome": outcome, "reason": reason });
    tx.audit("ledger.transfer_matched", &format!("bank-transaction:{number}"), detail).await?;
    tx.commit().await?;
    Ok(Output { transaction_id: number, outcome })
}

fn known(cx: &Cx, unit: &str) -> Result<(), Rejection> {
    let is_known = keeps_books(cx, unit) && cx.city.agencies().get(unit).is_some();
    if is_known { Ok(()) } else { Err(Rejection::NoUnit) }
}

async fn pay(tx: &mut Tx, cx: &Cx, credit: &Unmatched, code: &str) -> Result<&'static str, Rejection> {
    let id = store::charges::by_references(tx, &reference::find(code)).await?.ok_or(Rejection::NoCharge)?;
    let charge = store::charges::lock(tx, id).await?.ok_or(Rejection::NoCharge)?;
    let arrived = Arrived {
        purse: Purse::Suspense { number: credit.account.clone() },
        amount: credit.amount,
        gateway_no: Some(credit.transaction_id.clone()),
        raw: serde_json::json!({ "matched": "by hand" }),
    };
    let arrival = arrive(tx, cx, charge, Err(format!("bank:{}", credit.transaction_id)), arrived).await?;
    let outcome = if arrival.overpaid { "overpaid" } else { "paid" };
    let payment = Some(arrival.payment);
    store::transfers::settle(tx, &credit.transaction_id, outcome, None, Some(id), payment).await?;
    Ok(outcome)
}

/// The suspense account gives the credit to another.
async fn move_on(
    tx: &mut Tx,
    cx: &Cx,
    credit: &Unmatched,
    to: Account,
    reason: &'static str,
) -> Result<&'static str, Rejection> {
    book(tx, cx, credit, to, credit.amount).await?;
    store::transfers::settle(tx, &credit.transaction_id, "paid", Some(reason), None, None).await?;
    Ok("paid")
}

async fn book(tx: &mut Tx, cx: &Cx, credit: &Unmatched, to: Account, amount: Money) -> Result<(), Internal> {
    let reference = format!("suspense:{}", credit.transaction_id);
    let subject = format!("bank-transaction:{}", credit.transaction_id);
    let suspense = Account::Suspense { number: credit.account.clone() };
    let entry = Entry::transfer(reference, subject, "matched", amount, suspense, to).map_err(Internal::new)?;
    as_our_mistake(store::journal::post(tx, &cx.env, &entry).await?, &entry)
}

async fn send_back(
    tx: &mut Tx,
    cx: &Cx,
    credit: &Unmatched,
    unit: &str,
    payee: &Payee,
) -> Result<&'static str, Rejection> {
    known(cx, unit)?;
    let payee = payee.read().map_err(|mut errors| {
        for error in &mut errors {
            error.message = cx.t(&error.message);
        }
        Rejection::Fields(errors)
    })?;
    book(tx, cx, credit, Account::Refundable { unit: unit.to_owned() }, credit.amount).await?;
    store::transfers::settle(tx, &credit.transaction_id, "overpaid", Some("returned"), None, None).await?;
    let id: Id = cx.env.id();
    let refund = Refund {
        id,
        source: format!("bank-transaction:{}", credit.transaction_id),
        unit: unit.to_owned(),
        charge: None,
        payment: None,
        amount: credit.amount,
        route: Route::Bank,
        state: RefundState::Requested,
        payee: Some(payee),
        failure: None,
        owed_at: tx.now(),
        requested_at: Some(tx.now()),
        paid_at: None,
    };
    store::refunds::insert(tx, &refund).await?;
    Ok("overpaid")
}

#[utoipa::path(post, path = "/api/v1/ledger/unmatched-transfers/match", tag = "accounting",
    operation_id = "match_transfer", summary = "Match a credit in suspense by hand",
    request_body = Input,
    responses((status = 200, description = "Matched", body = Output),
        (status = 404, description = "No such thing in books of yours"),
        (status = 409, description = "Its state does not allow it")))]
pub async fn handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(match_transfer(&cx, input).await.map_err(IntoProblem::into_problem)?))
}
