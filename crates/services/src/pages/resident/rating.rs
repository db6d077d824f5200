//! How content the applicant is with how a dossier was handled: asked on its page when it is finished.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, redirect};
use songhan_base::{FieldError, Internal};

use crate::dossier::Part;
use crate::ops::rate::{Input, Rejection, SCORES, is_ratable, rate};
use crate::ops::show_dossier::Seen;
use crate::store;

/// What the page shows of it.
#[derive(Serialize)]
pub struct Rating {
    /// As the form field has it; empty where nothing was said yet.
    score: String,
    options: Vec<Value>,
    /// That none was chosen.
    errors: Vec<FieldError>,
}

/// `None` where there is nothing to rate. `is_empty`: it was sent without a level.
pub async fn of(cx: &Cx, seen: &Seen, is_empty: bool) -> Result<Option<Rating>, Internal> {
    if seen.part != Part::Applicant || !is_ratable(&seen.case) {
        return Ok(None);
    }
    let score = store::rating(&cx.db, seen.case.id).await?;
    let option = |score: i64| json!({ "value": score.to_string(), "label": cx.t(&format!("rating-{score}")) });
    let options = SCORES.rev().map(option).collect();
    let errors = is_empty.then(|| FieldError::new("score", "required", cx.t("rating-choose"))).into_iter().collect();
    Ok(Some(Rating { score: score.map_or_else(String::new, |score| score.to_string()), options, errors }))
}

#[derive(Deserialize)]
pub struct Form {
    #[serde(default)]
    score: String,
}

pub async fn send(cx: Cx, Path(code): Path<String>, PageForm(form): PageForm<Form>) -> Result<Response, Problem> {
    let Ok(score) = form.score.parse() else {
        return Ok(redirect(&format!("/dossiers/{code}?said=choose#rating")));
    };
    match rate(&cx, &code, Input { score }).await {
        Ok(_) => Ok(redirect(&format!("/dossiers/{code}?said=rated"))),
        Err(Rejection::Score(_)) => Ok(redirect(&format!("/dossiers/{code}?said=choose#rating"))),
        Err(rejection) => Err(rejection.into_problem()),
    }
}
