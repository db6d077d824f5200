//! Prepare a payment order (lập ủy nhiệm chi): the refunds of a unit that are ready, or a closed day's transfer to the
//! budget. Somebody else approves it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal, Money};
use songhan_db::Tx;
use utoipa::ToSchema;

use crate::access::{keeps_books, who};
use crate::closing::ClosingState;
use crate::config::BankAccounts;
use crate::gateway::GatewayName;
use crate::order::{LineState, Order, OrderKind, OrderLine, OrderState};
use crate::refund::{Payee, RefundState, Route};
use crate::{paying_out, store};

/// Lines that one order holds.
const LINES_MAX: i64 = 500;

/// What to pay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "pays", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = PaymentOrderInput, example = json!({"pays": "refunds", "unit": "ubnd-hai-chau"}))]
pub enum Input {
    /// The refunds of a unit whose payers have given an account.
    Refunds { unit: String },
    /// The refunds of a unit that go back through a gateway.
    GatewayRefunds {
        unit: String,
        /// `vnpay` where it is left out.
        #[serde(default = "GatewayName::unnamed")]
        gateway: GatewayName,
    },
    /// A closed day, to the budget's account.
    Budget {
        #[schema(value_type = String, format = Uuid)]
        closing: Id,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such thing in books of yours")]
    NotFound,
    #[error("nothing is to be paid; a refund waits for the payer's account, or an order has it already")]
    Nothing,
    #[error("this closing is {0}; it cannot be ordered (again)")]
    NotClosed(&'static str),
    #[error("no account is set for this; complete the configuration sections [vietqr], [budget], [vnpay] or [momo]")]
    NoAccount,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("unit or closing"),
            Self::Nothing => Problem::conflict("nothing_to_pay", detail),
            Self::NotClosed(_) => Problem::conflict("closing_not_open", detail),
            Self::NoAccount => Problem::conflict("no_account", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn prepare_payment_order(cx: &Cx, input: Input) -> Result<Order, Rejection> {
    let accounts = BankAccounts::of(cx)?;
    let budget = BankAccounts::of_budget(cx)?;
    let mut tx = cx.begin().await?;
    let order = match input {
        Input::Refunds { unit } => refunds(&mut tx, cx, unit, Route::Bank, &accounts).await?,
        Input::GatewayRefunds { unit, gateway } => refunds(&mut tx, cx, unit, gateway.route(), &accounts).await?,
        Input::Budget { closing } => transfer(&mut tx, cx, closing, &accounts, &budget).await?,
    };
    let detail =
        serde_json::json!({ "number": order.number, "kind": order.kind, "total": order.total, "count": order.count });
    tx.audit("ledger.payment_order_prepared", &format!("payment-order:{}", order.id), detail).await?;
    cx.keep(&mut tx, 201, &order).await?;
    tx.commit().await?;
    Ok(order)
}

async fn refunds(
    tx: &mut Tx,
    cx: &Cx,
    unit: String,
    route: Route,
    accounts: &BankAccounts,
) -> Result<Order, Rejection> {
    if !keeps_books(cx, &unit) || cx.city.agencies().get(&unit).is_none() {
        return Err(Rejection::NotFound);
    }
    let gateway = GatewayName::of_route(route);
    let (kind, account) = match gateway {
        None => (OrderKind::Refund, accounts.of_unit(&unit).map(|account| account.number.clone())),
        Some(gateway) => (OrderKind::GatewayRefund, gateway.merchant(&cx.config)),
    };
    let account = account.ok_or(Rejection::NoAccount)?;
    let mut ready = store::refunds::lock_requested(tx, &unit, route.as_str(), LINES_MAX).await?;
    // By the gateway there is no account: it goes back where it came from.
    let by_gateway = gateway.map(|gateway| {
        let name = gateway.as_str().to_uppercase();
        Payee { bin: String::new(), number: String::new(), name }
    });
    let mut lines = Vec::new();
    for refund in &mut ready {
        let Some(payee) = by_gateway.clone().or_else(|| refund.payee.clone()) else { continue };
        let number = paying_out::end_to_end(cx);
        let information = format!("{number} hoan phi le phi");
        lines.push((number, Some(refund.id), None, refund.amount, payee, information));
        refund.state = RefundState::Ordered;
        store::refunds::change(tx, refund).await?;
    }
    make(tx, cx, kind, unit, account, lines).await
}

async fn transfer(
    tx: &mut Tx,
    cx: &Cx,
    closing: Id,
    accounts: &BankAccounts,
    budget: &BankAccounts,
) -> Result<Order, Rejection> {
    let found = store::closings::lock(tx, closing).await?.filter(|closing| keeps_books(cx, &closing.unit));
    let closing = found.ok_or(Rejection::NotFound)?;
    if closing.state != ClosingState::Closed {
        return Err(Rejection::NotClosed(closing.state.as_str()));
    }
    let account = accounts.of_unit(&closing.unit).ok_or(Rejection::NoAccount)?.number.clone();
    let to = budget.of_unit(&closing.unit).ok_or(Rejection::NoAccount)?;
    let payee = Payee { bin: to.bin.clone(), number: to.number.clone(), name: to.name.clone() };
    let number = paying_out::end_to_end(cx);
    let information = format!("{number} nop NSNN ngay {} {}", closing.day, closing.unit);
    store::closings::ordered(tx, closing.id).await?;
    let line = (number, None, Some(closing.id), closing.total, payee, information);
    make(tx, cx, OrderKind::Budget, closing.unit, account, vec![line]).await
}

type NewLine = (String, Option<Id>, Option<Id>, Money, Payee, String);

async fn make(
    tx: &mut Tx,
    cx: &Cx,
    kind: OrderKind,
    unit: String,
    account: String,
    lines: Vec<NewLine>,
) -> Result<Order, Rejection> {
    if lines.is_empty() {
        return Err(Rejection::Nothing);
    }
    let (prepared_by, prepared_name) = who(cx);
    let order = Order {
        id: cx.env.id(),
        number: paying_out::number(tx, cx).await?,
        kind,
        unit,
        account,
        total: Money(lines.iter().map(|line| line.3.0).sum()),
        count: lines.len() as i64,
        state: OrderState::Prepared,
        prepared_by,
        prepared_name,
        prepared_at: tx.now(),
        approved_name: None,
        approved_at: None,
    };
    let lines: Vec<OrderLine> = (1..)
        .zip(lines)
        .map(|(line, (end_to_end, refund, closing, amount, payee, information))| OrderLine {
            order: order.id,
            line,
            end_to_end,
            refund,
            closing,
            amount,
            payee,
            information,
            state: LineState::Waiting,
            failure: None,
            settled_at: None,
        })
        .collect();
    store::orders::insert(tx, &order, &lines).await?;
    Ok(order)
}

#[utoipa::path(post, path = "/api/v1/ledger/payment-orders", tag = "accounting", operation_id = "prepare_payment_order",
    summary = "Prepare a payment order",
    description = "Nothing leaves before another accountant approves it.",
    request_body = Input,
    responses((status = 201, description = "Prepared", body = Order),
        (status = 404, description = "No such thing in books of yours"),
        (status = 409, description = "Its state does not allow it")))]
pub async fn handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<impl IntoResponse, Problem> {
    let order = prepare_payment_order(&cx, input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(order)))
}
