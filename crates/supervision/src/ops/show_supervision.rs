//! Show the figures of supervision: how the agencies keep their promises. Figures alone, so they are for everyone.

use axum::Json;
use serde::Deserialize;
use songhan_app::{Cx, IntoProblem, Problem, Query};
use songhan_base::{FieldError, Internal};
use songhan_city::Fields;

use crate::Month;
use crate::report::{Report, Scope, report};

#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// The month; left out, it is the present one.
    #[param(example = "2026-11")]
    pub month: Option<String>,
    /// Code of an agency; left out, it is the whole city.
    #[param(example = "ubnd-hai-chau")]
    pub unit: Option<String>,
    /// Id of a field; left out, all of them.
    #[param(example = "civil-status")]
    pub field: Option<String>,
    /// Language of the answer, `vi` or `en`.
    pub lang: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("{0:?} is no month; write it as 2026-11")]
    Month(String),
    #[error("the city has no unit {0:?}; use a code of its agencies")]
    Unit(String),
    #[error("there is no field {0:?}; use an id of the catalogue's fields")]
    Field(String),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        let wrong = |field: &str, code| {
            Problem::invalid(code, message.clone(), vec![FieldError::new(field, "unknown", message.clone())])
        };
        match self {
            Self::Month(_) => wrong("month", "month_invalid"),
            Self::Unit(_) => wrong("unit", "unit_unknown"),
            Self::Field(_) => wrong("field", "field_unknown"),
            Self::Internal(error) => error.into(),
        }
    }
}

/// What is asked for, checked.
pub fn scope(cx: &Cx, input: &Input) -> Result<Scope, Rejection> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let month = match given(&input.month) {
        Some(text) => text.parse().map_err(|_| Rejection::Month(text))?,
        None => Month::of(cx.today()),
    };
    let unit = given(&input.unit);
    if let Some(code) = unit.as_ref().filter(|code| cx.city.agencies().get(code).is_none()) {
        return Err(Rejection::Unit(code.clone()));
    }
    let field = given(&input.field);
    if let Some(id) = field.as_ref().filter(|id| cx.city.get::<Fields>().get(id).is_none()) {
        return Err(Rejection::Field(id.clone()));
    }
    Ok(Scope { month, unit, field })
}

pub async fn show_supervision(cx: &Cx, input: &Input) -> Result<Report, Rejection> {
    Ok(report(cx, &scope(cx, input)?).await?)
}

/// The figures of a month, by agency and field, and of the year up to it.
#[utoipa::path(get, path = "/api/v1/supervision", operation_id = "show_supervision", tag = "supervision",
    params(Input),
    responses(
        (status = 200, body = Report, description = "Figures counted from events; no names"),
        (status = 422, description = "No such month, agency or field"),
    ))]
pub async fn handler(cx: Cx, Query(input): Query<Input>) -> Result<Json<Report>, Problem> {
    show_supervision(&cx, &input).await.map(Json).map_err(IntoProblem::into_problem)
}
