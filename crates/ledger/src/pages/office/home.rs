//! The accountant's first page: what came in today, and what waits.

use axum::response::Response;
use serde_json::{Value, json};
use songhan_app::{Cx, Problem, Query};
use songhan_base::{Internal, Money};

use super::{Told, money, spec, tabs};
use crate::access::{book_units, keeps_account};
use crate::config::BankAccounts;
use crate::order::OrderState;
use crate::store;

pub async fn show(cx: Cx, Query(told): Query<Told>) -> Result<Response, Problem> {
    let units = book_units(&cx);
    let accounts = BankAccounts::of(&cx)?;
    let today = cx.today();
    let (from, until) = (midnight(&cx, today)?, midnight(&cx, today.saturating_add(jiff::Span::new().days(1)))?);
    let channels = store::closings::collected(&cx.db, units.as_deref(), from, until).await?;
    let collected: i64 = channels.iter().map(|(_, _, amount)| amount).sum();
    let rows: Vec<Vec<Value>> = channels.iter().map(|channel| row(&cx, channel)).collect();
    let differences: i64 = mine(&cx, &accounts, store::differences::open(&cx.db).await?).map(|(_, n)| n).sum();
    let suspense = store::transfers::suspense(&cx.db).await?;
    let suspense = suspense.into_iter().filter(|(account, ..)| keeps_account(&cx, &accounts, account));
    let (waiting, waiting_sum) = suspense.fold((0, 0), |(n, sum), (_, count, amount)| (n + count, sum + amount));
    let refunds = store::refunds::waiting(&cx.db, units.as_deref()).await?;
    let of = |state: &str| refunds.iter().find(|(s, ..)| s == state).map_or((0, 0), |(_, n, sum)| (*n, *sum));
    let (ready, ready_sum) = of("requested");
    let (owed, owed_sum) = of("owed");
    let (to_approve, to_approve_sum) = store::orders::count(&cx.db, OrderState::Prepared, units.as_deref()).await?;
    let open = store::closings::open_units(&cx.db, units.as_deref(), from).await?;
    let (unclosed, unclosed_sum) = open.iter().fold((0, 0), |(n, sum), (_, _, amount)| (n + 1, sum + amount));
    let stat = |value: String, label: &str, hint: String, tone: &str, icon: &str, href: &str| json!({ "value": value, "label": cx.t(label), "hint": hint, "tone": tone, "icon": icon, "href": href });
    let alarm = |count: i64, tone: &'static str| if count > 0 { tone } else { "" };
    let sum = |amount: i64| money(Money(amount));
    let stats = vec![
        stat(sum(collected), "ledger-stat-today", String::new(), "", "money", ""),
        stat(
            differences.to_string(),
            "ledger-stat-differences",
            String::new(),
            alarm(differences, "danger"),
            "warning",
            "/office/money/reconciliation",
        ),
        stat(
            waiting.to_string(),
            "ledger-stat-suspense",
            sum(waiting_sum),
            alarm(waiting, "warning"),
            "search",
            "/office/money/unmatched",
        ),
        stat(
            ready.to_string(),
            "ledger-stat-refunds",
            sum(ready_sum),
            alarm(ready, "warning"),
            "refresh",
            "/office/money/refunds",
        ),
        stat(owed.to_string(), "ledger-stat-owed", sum(owed_sum), "", "user", "/office/money/refunds"),
        stat(
            to_approve.to_string(),
            "ledger-stat-approve",
            sum(to_approve_sum),
            alarm(to_approve, "warning"),
            "pen",
            "/office/money/refunds",
        ),
        stat(
            unclosed.to_string(),
            "ledger-stat-unclosed",
            sum(unclosed_sum),
            alarm(unclosed, "warning"),
            "building",
            "/office/money/transfers",
        ),
    ];
    let (tabs, day) = (tabs(&cx, "/office/money"), today.strftime("%d/%m/%Y").to_string());
    let data = json!({ "tabs": tabs, "stats": stats, "rows": rows, "day": day, "collected": collected });
    cx.page("ledger/money.html", spec(&cx, "ledger-money").flash(told.flash(&cx)), data).await
}

fn midnight(cx: &Cx, day: jiff::civil::Date) -> Result<jiff::Timestamp, Internal> {
    day.to_zoned(cx.zone.clone()).map(|at| at.timestamp()).map_err(Internal::new)
}

/// What came by one channel today.
fn row(cx: &Cx, (channel, count, amount): &(String, i64, i64)) -> Vec<Value> {
    let name = cx.t(&format!("ledger-channel-{channel}"));
    vec![json!(name), json!(count.to_string()), json!(money(Money(*amount)))]
}

fn mine<'a>(
    cx: &'a Cx,
    accounts: &'a BankAccounts,
    all: Vec<(String, i64)>,
) -> impl Iterator<Item = (String, i64)> + 'a {
    all.into_iter().filter(|(account, _)| keeps_account(cx, accounts, account))
}
