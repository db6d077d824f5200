//! What the desk does to a dossier: an action of its workflow, taking it, giving it to someone.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, redirect};
use songhan_base::{FieldError, Id, Role};
use songhan_cases::Assignee;

use super::dossier::{Refused, desk, page};
use crate::ops;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Act {
    version: Option<i64>,
    note: String,
    internal_note: String,
    /// The new date, of an action that extends.
    extension: String,
    /// The number of the parcel, of an action that hands one over.
    parcel: String,
}

pub async fn act(
    cx: Cx,
    Path((code, action)): Path<(String, String)>,
    PageForm(form): PageForm<Act>,
) -> Result<Response, Problem> {
    let seen = desk(&cx, &code).await?;
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let input = ops::act::Input {
        version: form.version,
        note: given(&form.note),
        internal_note: given(&form.internal_note),
        extension: given(&form.extension),
        parcel: given(&form.parcel),
        ..ops::act::Input::default()
    };
    match ops::act::act(&cx, &code, &action, input).await {
        Ok(_) => Ok(redirect(&format!("/office/dossiers/{code}?done={action}"))),
        Err(ops::act::Rejection::Signing(why)) => {
            let errors = vec![FieldError::new(format!("note-{action}"), why.code(), why.in_words(&cx))];
            let refused = Refused { action, note: form.note, extension: form.extension, errors, ..Refused::default() };
            page(&cx, seen, None, refused).await.map(|mut answer| {
                *answer.status_mut() = StatusCode::FORBIDDEN;
                answer
            })
        }
        Err(rejection) => {
            let problem = rejection.into_problem();
            let told = match problem.code() {
                "version_stale" => cx.t("office-error-stale"),
                "action_not_now" => cx.t("office-error-not-now"),
                "needs_missing" => cx.t("office-error-needs"),
                "note_invalid" => cx.t("office-error-note"),
                "extension_invalid" => cx.t("office-error-extension"),
                "extensions_used_up" | "nothing_to_extend" => cx.t("office-error-extended"),
                "parcel_invalid" => cx.t("office-error-parcel"),
                "not_by_post" | "parcel_under_way" | "no_parcel" => cx.t("office-error-parcel-state"),
                _ => return Err(problem),
            };
            let field = if problem.code() == "parcel_invalid" { "parcel".to_owned() } else { format!("note-{action}") };
            let errors = vec![FieldError::new(field, problem.code(), told)];
            let refused = Refused { action, note: form.note, extension: form.extension, parcel: form.parcel, errors };
            page(&cx, seen, None, refused).await
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct Take {
    version: Option<i64>,
}

pub async fn take(cx: Cx, Path(code): Path<String>, PageForm(form): PageForm<Take>) -> Result<Response, Problem> {
    let seen = desk(&cx, &code).await?;
    let mut tx = cx.begin().await?;
    songhan_cases::take(&mut tx, &cx, seen.case.id, form.version).await.map_err(IntoProblem::into_problem)?;
    tx.commit().await?;
    Ok(redirect(&format!("/office/dossiers/{code}")))
}

#[derive(Debug, Deserialize)]
pub struct Assign {
    version: Option<i64>,
    account: String,
}

pub async fn assign(cx: Cx, Path(code): Path<String>, PageForm(form): PageForm<Assign>) -> Result<Response, Problem> {
    let seen = desk(&cx, &code).await?;
    let account: Option<Id> = form.account.parse().ok();
    let officers = songhan_identity::people_at(&cx.db, &cx, Role::Officer, Some(&seen.case.unit)).await?;
    let Some((account, name)) = officers.into_iter().find(|(id, _)| Some(*id) == account && !seen.dossier.is_of(*id))
    else {
        let told = cx.t("office-error-person");
        let errors = vec![FieldError::new("account", "unknown", told)];
        return page(&cx, seen, None, Refused { errors, ..Refused::default() }).await;
    };
    let mut tx = cx.begin().await?;
    let to = Assignee { account, name: &name };
    songhan_cases::assign(&mut tx, &cx, seen.case.id, to, form.version).await.map_err(IntoProblem::into_problem)?;
    tx.commit().await?;
    Ok(redirect(&format!("/office/dossiers/{code}")))
}
