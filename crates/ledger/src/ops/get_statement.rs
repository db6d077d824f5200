//! Show a statement with its differences, each with its explanation and remedy; and the latest statements.

use axum::Json;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::Serialize;
use songhan_app::{Cx, Path, Problem};
use songhan_base::{Id, Internal, Lang, Money};
use utoipa::ToSchema;

use super::resolve_difference::allowed;
use crate::access::keeps_account;
use crate::api::TextView;
use crate::config::BankAccounts;
use crate::reconcile::Kind;
use crate::statement::Source;
use crate::store;
use crate::store::differences::{Difference, DifferenceState, Resolution};
use crate::store::statements::Kept;

/// Differences shown of one statement.
const MOST: i64 = 1_000;

/// Chênh lệch, with what it means and what to do.
#[derive(Serialize, ToSchema)]
#[schema(as = Difference, example = json!({"id": "019aa4a0-7c00-7000-8000-000000000008", "statement": "019aa4a0-7c00-7000-8000-000000000007", "kind": "amount_differs", "line": 12,
    "account": "1017595600", "ours": 16000, "theirs": 15000, "fee": 0, "our_day": "2026-11-20", "their_day": "2026-11-20",
    "reference": "FT26325000123456", "description": "SH4Q7K2M9XPT", "charge": "019aa4a0-7c00-7000-8000-000000000001",
    "explanation": {"vi": "Số tiền trên sao kê khác sổ.", "en": "The statement's amount is not ours."},
    "remedy": {"vi": "Đối chiếu với ngân hàng.", "en": "Ask the bank."}, "state": "open",
    "resolutions": ["explained", "adjusted"], "resolution": null, "reason": null, "resolved_by": null, "resolved_at": null}))]
pub struct DifferenceView {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    #[schema(value_type = String, format = Uuid)]
    pub statement: Id,
    pub kind: Kind,
    /// Row of the statement; missing where the statement has none.
    pub line: Option<i64>,
    pub account: String,
    /// What our books have; money that left is below zero.
    #[schema(value_type = Option<i64>)]
    pub ours: Option<Money>,
    /// What the statement has.
    #[schema(value_type = Option<i64>)]
    pub theirs: Option<Money>,
    #[schema(value_type = i64)]
    pub fee: Money,
    pub our_account: Option<String>,
    #[schema(format = Date)]
    pub our_day: Option<String>,
    #[schema(format = Date)]
    pub their_day: Option<String>,
    pub reference: String,
    pub description: Option<String>,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub charge: Option<Id>,
    pub explanation: TextView,
    pub remedy: TextView,
    pub state: DifferenceState,
    /// How it can be resolved.
    pub resolutions: Vec<Resolution>,
    pub resolution: Option<Resolution>,
    pub reason: Option<String>,
    /// Name of whoever has resolved it.
    pub resolved_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Timestamp>,
}

impl DifferenceView {
    pub fn new(cx: &Cx, source: Source, difference: Difference) -> Self {
        let text = |what: &str| {
            let key = format!("ledger-difference-{}-{what}", difference.kind.as_str().replace('_', "-"));
            TextView { vi: cx.text(Lang::Vi, &key, &[]), en: Some(cx.text(Lang::En, &key, &[])) }
        };
        let resolutions =
            if difference.state == DifferenceState::Open { allowed(source, &difference) } else { Vec::new() };
        Self {
            explanation: text("why"),
            remedy: text("remedy"),
            resolutions,
            id: difference.id,
            statement: difference.statement,
            kind: difference.kind,
            line: difference.line,
            account: difference.account,
            ours: difference.ours,
            theirs: difference.theirs,
            fee: difference.fee,
            our_account: difference.our_account,
            our_day: difference.our_day,
            their_day: difference.their_day,
            reference: difference.reference,
            description: difference.description,
            charge: difference.charge,
            state: difference.state,
            resolution: difference.resolution,
            reason: difference.reason,
            resolved_by: difference.resolved_name,
            resolved_at: difference.resolved_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Reconciliation)]
pub struct Output {
    pub statement: Kept,
    /// In the statement's order; what the bank has not at the end. At most 1,000.
    pub differences: Vec<DifferenceView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Statements)]
pub struct Listed {
    /// The latest first, at most 100.
    pub items: Vec<Kept>,
}

/// Whether the actor keeps every account of a statement.
pub fn keeps(cx: &Cx, accounts: &BankAccounts, statement: &Kept) -> bool {
    statement.accounts.iter().all(|account| keeps_account(cx, accounts, account))
}

pub async fn get_statement(cx: &Cx, id: Id) -> Result<Option<Output>, Internal> {
    let accounts = BankAccounts::of(cx)?;
    let Some(statement) = store::statements::by_id(&cx.db, id).await?.filter(|s| keeps(cx, &accounts, s)) else {
        return Ok(None);
    };
    let found = store::differences::of_statement(&cx.db, id, MOST).await?;
    let differences =
        found.into_iter().map(|difference| DifferenceView::new(cx, statement.source, difference)).collect();
    Ok(Some(Output { statement, differences }))
}

pub async fn list_statements(cx: &Cx, limit: i64) -> Result<Listed, Internal> {
    let accounts = BankAccounts::of(cx)?;
    let mut items = store::statements::latest(&cx.db, limit).await?;
    items.retain(|statement| keeps(cx, &accounts, statement));
    Ok(Listed { items })
}

#[utoipa::path(get, path = "/api/v1/ledger/statements/{id}", tag = "accounting", operation_id = "get_statement",
    summary = "Show a statement and what differs",
    params(("id" = String, Path, format = Uuid, description = "the statement", example = "019aa4a0-7c00-7000-8000-000000000007")),
    responses((status = 200, description = "The statement and its differences", body = Output),
        (status = 404, description = "No such thing in books of yours")))]
pub async fn handler(cx: Cx, Path(id): Path<Id>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(get_statement(&cx, id).await?.ok_or_else(|| Problem::not_found("statement"))?))
}

#[utoipa::path(get, path = "/api/v1/ledger/statements", tag = "accounting", operation_id = "list_statements",
    summary = "List the latest statements",
    responses((status = 200, description = "Statements of your accounts", body = Listed),
        (status = 404, description = "No such thing in books of yours")))]
pub async fn list(cx: Cx) -> Result<impl IntoResponse, Problem> {
    Ok(Json(list_statements(&cx, 100).await?))
}
