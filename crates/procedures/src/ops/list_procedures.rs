//! List procedures: all of them, those of a field, or those that a search finds.

use std::num::NonZeroU16;
use std::sync::Arc;

use axum::Json;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem, Query};
use songhan_base::Internal;

use crate::catalogue::Catalogue;
use crate::procedure::{Procedure, Tier};
use crate::view::ProcedureSummary;

#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// What is looked for; marks may be left out, small typos are forgiven.
    #[param(example = "khai sinh", max_length = 200)]
    pub q: Option<String>,
    /// Only those of this field.
    #[param(example = "civil-status")]
    pub field: Option<String>,
    /// Only those of this level, 1 to 4.
    #[param(example = 4)]
    pub level: Option<u8>,
    /// Only those that are handled at this level of government.
    #[param(inline, example = "commune")]
    pub tier: Option<Tier>,
    /// Only those for which these may apply: `citizen`, `overseas`, `foreigner`, `business`, `organisation` …
    #[param(example = "citizen")]
    pub applicant: Option<String>,
    /// Which page of the answer, from 1; each has 200.
    #[param(value_type = Option<u16>, example = 1, minimum = 1, maximum = 65_535)]
    pub page: Option<NonZeroU16>,
    /// Language of the answer, `vi` or `en`; otherwise `Accept-Language` decides.
    pub lang: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ProcedureList)]
pub struct Output {
    pub items: Vec<ProcedureSummary>,
    /// How many there are on all pages.
    #[schema(example = 1966)]
    pub total: usize,
    /// The number of the page after this one.
    #[schema(example = 2)]
    pub next: Option<u32>,
}

/// A page of a catalogue, not the catalogue.
const LIMIT: usize = 200;

/// What narrows a list.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    pub field: Option<&'a str>,
    pub level: Option<u8>,
    pub tier: Option<Tier>,
    pub applicant: Option<&'a str>,
}

impl Filter<'_> {
    pub fn passes(&self, cx: &Cx, procedure: &Procedure) -> bool {
        self.field.is_none_or(|field| field == procedure.field)
            && self.level.is_none_or(|level| level == procedure.level.number())
            && self.tier.is_none_or(|tier| procedure.tiers(&cx.city).contains(&tier))
            && self.applicant.is_none_or(|who| procedure.applicants.iter().any(|one| one == who))
    }
}

/// Those that a search finds, the best match first; without one all, the city's own first.
pub fn found(catalogue: &Catalogue, q: Option<&str>) -> Vec<Arc<Procedure>> {
    match q.map(str::trim).filter(|q| !q.is_empty()) {
        Some(q) => catalogue.find(q, catalogue.len()).into_iter().cloned().collect(),
        None => catalogue.iter().cloned().collect(),
    }
}

pub async fn list_procedures(cx: &Cx, input: &Input) -> Result<Output, Internal> {
    let catalogue = Catalogue::of(cx).await?;
    let Input { field, level, tier, applicant, .. } = input;
    let filter = Filter { field: field.as_deref(), level: *level, tier: *tier, applicant: applicant.as_deref() };
    let mut all = found(&catalogue, input.q.as_deref());
    all.retain(|procedure| filter.passes(cx, procedure));
    let page = u32::from(input.page.map_or(1, NonZeroU16::get));
    let begin = (page as usize - 1).saturating_mul(LIMIT);
    let total = all.len();
    let items: Vec<_> =
        all.iter().skip(begin).take(LIMIT).map(|procedure| ProcedureSummary::of(cx, procedure)).collect();
    let next = (begin.saturating_add(LIMIT) < total).then_some(page + 1);
    Ok(Output { items, total, next })
}

/// Find procedures.
#[utoipa::path(get, path = "/api/v1/procedures", operation_id = "list_procedures", tag = "procedures", params(Input),
    responses(
        (status = 200, body = Output, description = "Procedures, the best match first"),
    ))]
pub async fn handler(cx: Cx, Query(input): Query<Input>) -> Result<Json<Output>, Problem> {
    if input.q.as_ref().is_some_and(|q| q.chars().count() > 200) {
        return Err(Problem::bad_request("q is longer than 200 characters; use a few words"));
    }
    Ok(Json(list_procedures(&cx, &input).await?))
}
