//! How content the applicant is with how a dossier was handled: asked on its page when it is finished.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, redirect};
use songhan_base::{FieldError, Internal};

use crate::dossier::Part;
use crate::ops::rate::{COMMENT_MAX, Input, Rejection, SCORES, is_ratable, rate};
use crate::ops::show_dossier::Seen;
use crate::store;

/// What the page shows of it.
#[derive(Serialize)]
pub struct Rating {
    /// As the form field has it; empty where nothing was said yet.
    score: String,
    options: Vec<Value>,
    comment: String,
    comment_max: usize,
    /// That none was chosen, or too much said.
    errors: Vec<FieldError>,
}

/// `None` where there is nothing to rate. `said`: what the address says was wrong with what was sent.
pub async fn of(cx: &Cx, seen: &Seen, said: &str) -> Result<Option<Rating>, Internal> {
    if seen.part != Part::Applicant || !is_ratable(&seen.case) {
        return Ok(None);
    }
    let given = store::rating(&cx.db, seen.case.id).await?;
    let (score, comment) = given.map_or_else(Default::default, |(score, comment)| (score.to_string(), comment));
    let option = |score: i64| json!({ "value": score.to_string(), "label": cx.t(&format!("rating-{score}")) });
    let options = SCORES.rev().map(option).collect();
    let error = match said {
        "choose" => Some(FieldError::new("score", "required", cx.t("rating-choose"))),
        "long" => Some(FieldError::new("comment", "too_long", cx.t("rating-long"))),
        _ => None,
    };
    let (comment, errors) = (comment.unwrap_or_default(), error.into_iter().collect());
    Ok(Some(Rating { score, options, comment, comment_max: COMMENT_MAX, errors }))
}

#[derive(Deserialize)]
pub struct Form {
    #[serde(default)]
    score: String,
    #[serde(default)]
    comment: String,
}

pub async fn send(cx: Cx, Path(code): Path<String>, PageForm(form): PageForm<Form>) -> Result<Response, Problem> {
    let Ok(score) = form.score.parse() else {
        return Ok(redirect(&format!("/dossiers/{code}?said=choose#rating")));
    };
    match rate(&cx, &code, Input { score, comment: Some(form.comment) }).await {
        Ok(_) => Ok(redirect(&format!("/dossiers/{code}?said=rated"))),
        Err(Rejection::Score(_)) => Ok(redirect(&format!("/dossiers/{code}?said=choose#rating"))),
        Err(Rejection::Comment) => Ok(redirect(&format!("/dossiers/{code}?said=long#rating"))),
        Err(rejection) => Err(rejection.into_problem()),
    }
}
