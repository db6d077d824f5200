//! Show the trial balance (bảng cân đối thử): every account, and whether the journal adds up.

use axum::Json;
use axum::response::IntoResponse;
use serde::Serialize;
use songhan_app::{Cx, Problem};
use songhan_base::{Internal, Money};
use utoipa::ToSchema;

use crate::journal::AccountBalance;
use crate::store;

/// Bảng cân đối thử.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"accounts": [
    {"account": "income:ubnd-hai-chau", "kind": "income", "unit": "ubnd-hai-chau", "debit": 0, "credit": 16000},
    {"account": "receivable:ubnd-hai-chau", "kind": "asset", "unit": "ubnd-hai-chau", "debit": 16000, "credit": 0}],
    "difference": 0, "unbalanced_entries": 0, "is_balanced": true}))]
pub struct TrialBalance {
    pub accounts: Vec<AccountBalance>,
    /// All debits less all credits: zero.
    #[schema(value_type = i64)]
    pub difference: Money,
    /// Entries that do not add up by themselves: none.
    pub unbalanced_entries: i64,
    pub is_balanced: bool,
}

impl TrialBalance {
    /// Debit less credit of an account; zero for one that was never posted to.
    pub fn of(&self, account: &str) -> Money {
        self.accounts.iter().find(|a| a.account == account).map_or(Money::ZERO, AccountBalance::balance)
    }
}

pub async fn get_trial_balance(cx: &Cx) -> Result<TrialBalance, Internal> {
    let accounts = store::journal::trial_balance(&cx.db).await?;
    let unbalanced_entries = store::journal::unbalanced(&cx.db).await?;
    let difference = Money(accounts.iter().map(|a| a.balance().0).sum());
    let is_balanced = difference.is_zero() && unbalanced_entries == 0;
    Ok(TrialBalance { accounts, difference, unbalanced_entries, is_balanced })
}

#[utoipa::path(get, path = "/api/v1/ledger/trial-balance", tag = "payments", operation_id = "get_trial_balance",
    summary = "Show the trial balance",
    responses((status = 200, description = "Every account", body = TrialBalance),))]
pub async fn handler(cx: Cx) -> Result<impl IntoResponse, Problem> {
    Ok(Json(get_trial_balance(&cx).await?))
}
