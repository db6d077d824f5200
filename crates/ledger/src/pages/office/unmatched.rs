//! Credits in suspense: the list, and one of them with the charges that it may be for.

use axum::http::StatusCode;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Problem, Query, redirect};
use songhan_base::{FieldError, Text};

use super::{Told, below, mistake, moment, money, not_found, spec, tabs, unit, unit_options};
use crate::access::{book_units, keeps_account};
use crate::config::BankAccounts;
use crate::gateway::GatewayName;
use crate::ops::match_transfer::{Input, Rejection, Target, match_transfer};
use crate::refund::Payee;
use crate::store::transfers::{Candidate, Unmatched};
use crate::{reference, store};

const SHOWN: i64 = 200;

/// The page of a credit; the bank's number may hold any character.
pub fn path(number: &str) -> String {
    format!("/office/money/unmatched/one?number={}", utf8_percent_encode(number, NON_ALPHANUMERIC))
}

pub async fn list(cx: Cx, Query(told): Query<Told>) -> Result<Response, Problem> {
    let accounts = BankAccounts::of(&cx)?;
    let waiting = store::transfers::unmatched(&cx.db, (i64::MIN, ""), SHOWN).await?;
    let mine = waiting.iter().filter(|credit| keeps_account(&cx, &accounts, &credit.account));
    let rows: Vec<Vec<Value>> = mine
        .map(|credit| {
            vec![
                json!({ "href": path(&credit.transaction_id), "text": credit.transaction_id, "hint": credit.description }),
                json!(money(credit.amount)),
                json!(credit.account),
                json!(reason(&cx, credit)),
                json!(moment(&cx, credit.received_at.0)),
            ]
        })
        .collect();
    let data = json!({ "tabs": tabs(&cx, "/office/money/unmatched"), "rows": rows, "one": Value::Null });
    cx.page("ledger/unmatched.html", spec(&cx, "ledger-unmatched").flash(told.flash(&cx)), data).await
}

fn reason(cx: &Cx, credit: &Unmatched) -> String {
    let word = credit.reason.as_deref().filter(|word| ["account", "reference", "amount", "statement"].contains(word));
    cx.t(&format!("ledger-waits-{}", word.unwrap_or("reference")))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    number: String,
}

/// What was typed to settle a credit.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    number: String,
    is: String,
    code: String,
    unit: String,
    bin: String,
    account: String,
    name: String,
    reason: String,
}

pub async fn show(cx: Cx, Query(Asked { number }): Query<Asked>) -> Result<Response, Problem> {
    page(&cx, &Typed { number, ..Typed::default() }, Vec::new()).await
}

async fn page(cx: &Cx, typed: &Typed, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let accounts = BankAccounts::of(cx)?;
    let number = typed.number.replace('\0', "");
    let credit = store::transfers::waiting(&cx.db, &number).await?;
    let credit = credit.filter(|credit| keeps_account(cx, &accounts, &credit.account));
    let credit = credit.ok_or_else(|| not_found("credit in suspense"))?;
    let candidates = candidates(cx, &credit).await?;
    let label = |key: &str| json!({ "value": key, "label": cx.t(&format!("ledger-match-{key}")), "hint": cx.t(&format!("ledger-match-{key}-hint")) });
    let mut targets = vec![label("charge"), label("cash"), label("return")];
    let set = GatewayName::ALL.iter().filter(|name| name.merchant(&cx.config).is_some());
    targets.splice(1..1, set.map(|name| label(name.as_str())).collect::<Vec<_>>());
    let row = |key: &str, value: String| json!({ "label": cx.t(key), "value": value });
    let facts = vec![
        row("ledger-amount", money(credit.amount)),
        row("ledger-row-account", credit.account.clone()),
        row("ledger-row-reference", credit.transaction_id.clone()),
        row("ledger-row-description", credit.description.clone().unwrap_or_default()),
        row("ledger-row-received", moment(cx, credit.received_at.0)),
        row("ledger-row-waits", reason(cx, &credit)),
    ];
    let one = json!({ "number": credit.transaction_id, "facts": facts, "candidates": candidates, "targets": targets,
        "units": unit_options(cx), "typed": typed });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = cx.text(cx.lang, "ledger-unmatched-one", &[("number", &credit.transaction_id)]);
    let data = json!({ "tabs": [], "rows": [], "one": one, "errors": errors });
    let spec = below(cx, title, "/office/money/unmatched", "ledger-unmatched").status(status);
    cx.page("ledger/unmatched.html", spec, data).await
}

/// Charges that it may be for: named by the note, of nearly the same code, of the same amount.
async fn candidates(cx: &Cx, credit: &Unmatched) -> Result<Vec<Value>, Problem> {
    let note = credit.description.as_deref().unwrap_or("");
    let units = book_units(cx);
    let mut found: Vec<(&str, Candidate)> = Vec::new();
    for charge in store::transfers::coded(&cx.db, &reference::find(note)).await? {
        found.push(("named", charge));
    }
    for charge in store::transfers::candidates(&cx.db, credit.amount, units.as_deref(), 200).await? {
        let why = if reference::near(note, &charge.reference) { "near" } else { "amount" };
        found.push((why, charge));
    }
    let rank = |why: &str| ["named", "near", "amount"].iter().position(|w| *w == why);
    found.sort_by_key(|(why, _)| rank(why));
    let mut seen = std::collections::HashSet::new();
    let found = found.into_iter().filter(|(_, charge)| seen.insert(charge.id)).take(6);
    let row = |(why, charge): (&str, Candidate)| {
        let purpose = serde_json::from_str::<Text>(&charge.purpose).unwrap_or_default();
        json!({ "code": charge.reference, "purpose": purpose.get(cx.lang), "unit": unit(cx, &charge.unit),
            "amount": charge.amount, "state": charge.state, "why": cx.t(&format!("ledger-candidate-{why}")),
            "at": moment(cx, charge.created_at.0) })
    };
    Ok(found.map(row).collect())
}

pub async fn settle(cx: Cx, PageForm(typed): PageForm<Typed>) -> Result<Response, Problem> {
    let target = match typed.is.as_str() {
        "charge" => Target::Charge { code: typed.code.clone() },
        "cash" => Target::Cash { unit: typed.unit.clone() },
        "return" => {
            let payee = Payee { bin: typed.bin.clone(), number: typed.account.clone(), name: typed.name.clone() };
            Target::Return { unit: typed.unit.clone(), payee }
        }
        name => match name.parse() {
            Ok(gateway) => Target::Gateway { gateway },
            Err(_) => return page(&cx, &typed, mistake(&cx, "is", "ledger-match-wanted")).await,
        },
    };
    let input = Input { transaction_id: typed.number.clone(), target, reason: typed.reason.clone() };
    match match_transfer(&cx, input).await {
        Ok(_) => Ok(redirect("/office/money/unmatched?done=matched")),
        Err(Rejection::Reason) => page(&cx, &typed, mistake(&cx, "reason", "ledger-reason-wanted")).await,
        Err(Rejection::NoCharge) => page(&cx, &typed, mistake(&cx, "code", "ledger-no-such-charge")).await,
        Err(Rejection::NoUnit) => page(&cx, &typed, mistake(&cx, "unit", "ledger-unit-wanted")).await,
        Err(Rejection::Fields(mut errors)) => {
            // The page's field of the account's number has another name than the bank's number of the credit.
            errors.iter_mut().filter(|error| error.field == "number").for_each(|error| error.field = "account".into());
            page(&cx, &typed, errors).await
        }
        Err(rejection) => Err(rejection.into_problem()),
    }
}
