//! Statements: upload one, see what it came to.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{App, Cx, IntoProblem, Path, Problem, Query, csrf_matches, redirect};
use songhan_base::{FieldError, Id, Money};

use super::{Told, badge, below, day, moment, money, not_found, spec, tabs};
use crate::ops::get_statement::{DifferenceView, get_statement, list_statements};
use crate::ops::import_statement::{FILE_BYTES_MAX, Rejection, import_statement, posted_file};
use crate::reconcile::Kind;
use crate::store::differences::DifferenceState;
use crate::store::statements::Kept;

pub async fn list(cx: Cx, Query(told): Query<Told>) -> Result<Response, Problem> {
    page(&cx, &told, Vec::new()).await
}

async fn page(cx: &Cx, told: &Told, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let statements = list_statements(cx, 50).await?.items;
    let rows: Vec<_> = statements.iter().map(|statement| row(cx, statement)).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let max_mb = FILE_BYTES_MAX / 1024 / 1024;
    let data =
        json!({ "tabs": tabs(cx, "/office/money/reconciliation"), "rows": rows, "errors": errors, "max_mb": max_mb });
    let spec = spec(cx, "ledger-reconciliation").flash(told.flash(cx)).status(status);
    cx.page("ledger/reconciliation.html", spec, data).await
}

fn row(cx: &Cx, statement: &Kept) -> Vec<Value> {
    let days = if statement.first_day == statement.last_day {
        day(&statement.first_day)
    } else {
        format!("{} – {}", day(&statement.first_day), day(&statement.last_day))
    };
    let open = if statement.open > 0 {
        badge(cx.text(cx.lang, "ledger-open-count", &[("count", &statement.open.to_string())]), "danger", "warning")
    } else {
        badge(cx.t("ledger-all-settled"), "success", "done")
    };
    vec![
        json!({ "href": format!("/office/money/reconciliation/{}", statement.id), "text": days, "hint": statement.file_name }),
        json!(statement.accounts.join(", ")),
        json!(statement.line_count.to_string()),
        json!(statement.matched.to_string()),
        open,
        json!(moment(cx, statement.imported_at)),
    ]
}

pub async fn upload(cx: Cx, State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (is_meant, file) = posted_file(request, &app, |token| csrf_matches(&cx, token)).await?;
    if !is_meant {
        let detail = "this form did not come from a page of ours, or it is too old; open it again";
        return Err(Problem::new(StatusCode::FORBIDDEN, "form_stale", detail));
    }
    let wrong = |text: String| vec![FieldError::new("file", "wrong", text)];
    let Some((name, bytes)) = file else { return page(&cx, &Told::default(), wrong(cx.t("ledger-file-wanted"))).await };
    match import_statement(&cx, &name, &bytes).await {
        Ok(imported) => {
            let done = if imported.already { "already" } else { "imported" };
            Ok(redirect(&format!("/office/money/reconciliation/{}?done={done}", imported.statement.id)))
        }
        Err(Rejection::Internal(error)) => Err(error.into()),
        Err(Rejection::NotOurs(account)) => {
            let text = cx.text(cx.lang, "ledger-account-not-ours", &[("account", &account)]);
            page(&cx, &Told::default(), wrong(text)).await
        }
        Err(Rejection::Unreadable(why)) => {
            let text = cx.text(cx.lang, "ledger-file-unreadable", &[("why", &why.to_string())]);
            page(&cx, &Told::default(), wrong(text)).await
        }
        Err(rejection @ Rejection::TooLarge) => Err(rejection.into_problem()),
    }
}

/// Which differences of a statement to show.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    view: String,
    kind: String,
    done: String,
}

pub async fn show(cx: Cx, Path(id): Path<Id>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let found = get_statement(&cx, id).await?.ok_or_else(|| not_found("statement"))?;
    let statement = found.statement;
    let base = format!("/office/money/reconciliation/{id}");
    let all = asked.view == "all";
    let in_view = |d: &&DifferenceView| all || d.state == DifferenceState::Open;
    let wanted = |d: &&DifferenceView| asked.kind.is_empty() || d.kind.as_str() == asked.kind;
    let rows: Vec<_> =
        found.differences.iter().filter(in_view).filter(wanted).map(|d| difference_row(&cx, d)).collect();
    let count =
        |view_all: bool| found.differences.iter().filter(|d| view_all || d.state == DifferenceState::Open).count();
    let views = json!([
        { "href": base, "label": cx.t("ledger-view-open"), "count": count(false), "current": !all },
        { "href": format!("{base}?view=all"), "label": cx.t("ledger-view-all"), "count": count(true), "current": all },
    ]);
    let suffix = if all { "&view=all" } else { "" };
    let kinds: Vec<_> = Kind::ALL
        .iter()
        .filter_map(|kind| {
            let count = found.differences.iter().filter(in_view).filter(|d| d.kind == *kind).count();
            let href = format!("{base}?kind={}{suffix}", kind.as_str());
            let current = asked.kind == kind.as_str();
            (count > 0)
                .then(|| json!({ "href": href, "label": kind_name(&cx, *kind), "count": count, "current": current }))
        })
        .collect();
    let days = if statement.first_day == statement.last_day {
        day(&statement.first_day)
    } else {
        format!("{} – {}", day(&statement.first_day), day(&statement.last_day))
    };
    let title = cx.text(cx.lang, "ledger-statement-title", &[("days", &days)]);
    let told = Told { done: asked.done.clone() };
    let data = json!({
        "statement": statement, "accounts": statement.accounts.join(", "), "rows": rows, "views": views, "kinds": kinds,
        "imported": moment(&cx, statement.imported_at), "source": cx.t(&format!("ledger-source-{}", statement.source.as_str())),
    });
    let spec = below(&cx, title, "/office/money/reconciliation", "ledger-reconciliation").flash(told.flash(&cx));
    cx.page("ledger/statement.html", spec, data).await
}

pub fn kind_name(cx: &Cx, kind: Kind) -> String {
    cx.t(&format!("ledger-difference-{}", kind.as_str().replace('_', "-")))
}

fn difference_row(cx: &Cx, difference: &DifferenceView) -> Vec<Value> {
    let amount = |amount: Option<Money>| amount.map_or_else(|| "–".to_owned(), money);
    let state = match difference.state {
        DifferenceState::Open => badge(cx.t("ledger-difference-open"), "danger", "warning"),
        DifferenceState::Resolved => badge(cx.t("ledger-difference-resolved"), "success", "done"),
    };
    let href = format!("/office/money/differences/{}", difference.id);
    let days = difference.their_day.as_ref().or(difference.our_day.as_ref()).map(|text| day(text));
    vec![
        json!({ "href": href, "text": kind_name(cx, difference.kind), "hint": difference.reference }),
        json!(days.unwrap_or_default()),
        json!(amount(difference.ours)),
        json!(amount(difference.theirs)),
        state,
    ]
}
