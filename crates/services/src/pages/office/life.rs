//! What the desk's page of a dossier says beside it: the step's own deadline, extensions, what can be undone, and the
//! dossiers around it.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, redirect};
use songhan_base::{FieldError, Internal};
use songhan_cases::Case;

use super::dossier::{Refused, desk, page};
use super::inbox::{state, title};
use crate::CASE_KIND;
use crate::ops::show_dossier::Seen;
use crate::ops::undo;

#[derive(Serialize)]
pub struct Life {
    /// Hạn của bước: how it looks and its words.
    stage: Option<Value>,
    /// How often it was extended, in words.
    extended: Option<String>,
    /// What can be undone, in words, and until when.
    undo: Option<Value>,
    /// The dossier that set this one off.
    parent: Option<Value>,
    /// Those that it set off.
    children: Vec<Value>,
    /// How many opinions were asked.
    opinions: usize,
}

pub async fn life(cx: &Cx, seen: &Seen) -> Result<Life, Internal> {
    let case = &seen.case;
    let workflow = songhan_cases::workflow(cx, &cx.db, case).await?;
    let undo = songhan_cases::undoable(cx, &cx.db, case).await?.map(|undoable| {
        let name = workflow.action(&undoable.action).map_or("", |action| action.name.get(cx.lang));
        let until = clock_time(cx, undoable.until);
        json!({
            "label": cx.text(cx.lang, "office-undo", &[("action", name)]),
            "hint": cx.text(cx.lang, "office-undo-hint", &[("until", &until)]),
        })
    });
    let parent = match case.parent {
        Some(id) => songhan_cases::by_id(&cx.db, id).await?.map(|parent| json!({ "code": parent.code })),
        None => None,
    };
    let children = songhan_cases::children(&cx.db, case.id).await?;
    let of_dossiers = children.iter().filter(|child| child.kind == CASE_KIND).map(|child| related(cx, child)).collect();
    Ok(Life {
        stage: stage(cx, case),
        extended: (case.extensions > 0)
            .then(|| cx.text(cx.lang, "office-extended", &[("times", &case.extensions.to_string())])),
        undo,
        parent,
        opinions: children.iter().filter(|child| child.kind == crate::opinions::KIND).count(),
        children: of_dossiers,
    })
}

fn clock_time(cx: &Cx, at: jiff::Timestamp) -> String {
    at.to_zoned(cx.zone.clone()).strftime("%H:%M").to_string()
}

fn stage(cx: &Cx, case: &Case) -> Option<Value> {
    let due = case.stage_due_at?.0;
    let at = due.to_zoned(cx.zone.clone()).strftime("%H:%M %d/%m/%Y").to_string();
    Some(if case.is_stage_late(cx.now()) {
        json!({ "kind": "late", "label": cx.text(cx.lang, "office-stage-late", &[("at", &at)]) })
    } else {
        let kind = if due <= songhan_cases::soon_until(cx) { "soon" } else { "ok" };
        json!({ "kind": kind, "label": at })
    })
}

/// A dossier that another set off, for a list. Whoever may not see it finds nothing behind the link.
pub fn related(cx: &Cx, case: &Case) -> Value {
    let state = state(cx, case);
    json!({
        "code": case.code,
        "title": title(cx, case),
        "state": state["state"]["label"],
        "status": case.national.number(),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    version: Option<i64>,
}

/// Hoàn tác.
pub async fn undo(cx: Cx, Path(code): Path<String>, PageForm(form): PageForm<Form>) -> Result<Response, Problem> {
    let seen = desk(&cx, &code).await?;
    match undo::undo(&cx, &code, &undo::Input { version: form.version }).await {
        Ok(_) => Ok(redirect(&format!("/office/dossiers/{code}?done=undo"))),
        Err(rejection) => {
            let problem = rejection.into_problem();
            if !matches!(problem.code(), "not_undoable" | "version_stale") {
                return Err(problem);
            }
            let errors = vec![FieldError::new("undo", problem.code(), cx.t("office-error-undo"))];
            page(&cx, seen, None, Refused { errors, ..Refused::default() }).await
        }
    }
}
