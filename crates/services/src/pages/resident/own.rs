//! My dossiers: what was handed in, the newest first, and the drafts that are not finished.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageSpec, Problem, Query};
use songhan_pages::{Flash, FlashKind};

use super::dossier::Due;
use crate::ops::list_own::{OwnDossier, OwnDraft, list_own};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    after: String,
    said: String,
}

#[derive(Serialize)]
struct Data {
    drafts: Vec<OwnDraft>,
    dossiers: Vec<Row>,
    by_others: Vec<Row>,
    /// Not the first page.
    later: bool,
    next: String,
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    dossier: OwnDossier,
    due: Option<Due>,
}

pub async fn list(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    // A place that is none is the beginning.
    let after = asked.after.parse().ok();
    let own = list_own(&cx, after).await.map_err(IntoProblem::into_problem)?;
    let next = own.next.map(|next| format!("/dossiers?after={next}")).unwrap_or_default();
    let row = |dossier: OwnDossier| {
        let due = if dossier.closed { None } else { Due::of(&cx, dossier.due_at, dossier.late) };
        Row { dossier, due }
    };
    let data = Data {
        drafts: own.drafts,
        dossiers: own.dossiers.into_iter().map(row).collect(),
        by_others: own.by_others.into_iter().map(row).collect(),
        later: after.is_some(),
        next,
    };
    let spec = PageSpec::titled(cx.t("services-own-title")).crumb("/", cx.t("home")).flash(said(&cx, &asked.said));
    cx.page("services/own.html", spec, data).await
}

/// What has just been done, as the address says it: words of ours only.
fn said(cx: &Cx, said: &str) -> Option<Flash> {
    let (kind, key) = match said {
        "saved" => (FlashKind::Success, "services-said-saved"),
        "deleted" => (FlashKind::Success, "services-said-deleted"),
        "too-many" => (FlashKind::Warning, "services-said-too-many"),
        _ => return None,
    };
    Some(Flash { kind, text: cx.t(key) })
}
