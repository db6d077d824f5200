//! List the entries of a unit's archive: what waits to be handed in, what is kept, whose term is over, what is held back,
//! what was destroyed; or what a search finds.

use axum::Json;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, Problem, Query};
use songhan_base::{FieldError, Id, Internal};
use songhan_cases::Cursor;
use songhan_search::records::Before;

use super::span;
use crate::access::keeps;
use crate::entry::{Entry, EntryState};
use crate::store::entries::{self, DueYear, Which};

/// Entries on a page.
pub const PAGE: usize = 50;

/// What is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ArchiveView)]
pub enum View {
    /// Chờ nộp lưu.
    #[default]
    Due,
    /// Đang lưu trữ.
    Kept,
    /// Hết thời hạn bảo quản: neither held back nor on a list.
    Over,
    /// Được giữ lại.
    Held,
    /// Đã tiêu hủy.
    Destroyed,
}

impl View {
    pub const ALL: [Self; 5] = [Self::Due, Self::Kept, Self::Over, Self::Held, Self::Destroyed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Kept => "kept",
            Self::Over => "over",
            Self::Held => "held",
            Self::Destroyed => "destroyed",
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// Code of a unit in whose archive you work.
    #[param(example = "ubnd-hai-chau")]
    pub unit: String,
    #[param(inline)]
    pub view: View,
    /// The year in which they ended; not with `over` and `held`.
    #[param(example = 2024)]
    pub year: Option<i64>,
    /// Words of the code, the procedure's title or the applicant's name: then `view` and `year` do not count.
    pub q: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Language of the answer, `vi` or `en`.
    pub lang: Option<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ArchiveEntries)]
pub struct Output {
    /// Those that ended last first; with `over`, those whose term ended first.
    pub items: Vec<Entry>,
    /// Send it as `after` for the next page; missing on the last one.
    pub next: Option<String>,
    /// How many wait to be handed in, by the year of their end.
    pub years: Vec<DueYear>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such archive, or it is not yours; give the code of a unit where you work")]
    Unit,
    #[error("{0} is no year; write it as 2024")]
    Year(i64),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Unit => Problem::not_found("archive"),
            Self::Year(_) => {
                let errors = vec![FieldError::new("year", "unknown", detail.clone())];
                Problem::invalid("year_invalid", detail, errors)
            }
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn list_entries(cx: &Cx, input: &Input) -> Result<Output, Rejection> {
    if !keeps(cx, &input.unit) {
        return Err(Rejection::Unit);
    }
    let today = cx.today().to_string();
    let years = entries::years(&cx.db, &input.unit, &today).await?;
    let q = input.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    let (items, next) = match q {
        Some(q) => search(cx, input, q).await?,
        None => page(cx, input, &today).await?,
    };
    Ok(Output { items, next, years })
}

async fn page(cx: &Cx, input: &Input, today: &str) -> Result<(Vec<Entry>, Option<String>), Rejection> {
    let span = match input.year {
        Some(year) => Some(span(cx, year).ok_or(Rejection::Year(year))?),
        None => None,
    };
    let after = input.after.as_deref().and_then(|after| after.parse::<Cursor>().ok());
    let (unit, limit) = (input.unit.as_str(), PAGE as i64 + 1);
    let place = after.map(|cursor| (cursor.order, cursor.id));
    let which = match input.view {
        View::Due => Which::In(EntryState::Due),
        View::Kept => Which::In(EntryState::Kept),
        View::Destroyed => Which::In(EntryState::Destroyed),
        View::Held => Which::Held,
        View::Over => {
            let after = place.map(|(order, id)| (day_of(order), id));
            let items = entries::over(&cx.db, unit, today, after, limit).await?;
            return Ok(cut(items, |entry| number_of(entry.keep_until.as_deref().unwrap_or_default())));
        }
    };
    let span = span.filter(|_| which != Which::Held);
    let items = entries::page(&cx.db, unit, which, span, place, limit).await?;
    Ok(cut(items, |entry| entry.ended_at.as_microsecond()))
}

/// The page, and where the next one begins.
fn cut(mut items: Vec<Entry>, order: impl Fn(&Entry) -> i64) -> (Vec<Entry>, Option<String>) {
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let next = items.last().filter(|_| more).map(|last| Cursor { order: order(last), id: last.case_id }.to_string());
    (items, next)
}

/// `2044-12-31` as the number 20441231: a place in an order of days.
fn number_of(day: &str) -> i64 {
    day.replace('-', "").parse().unwrap_or(0)
}

fn day_of(number: i64) -> String {
    format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100)
}

/// What a search among the unit's dossiers finds, as far as it has an entry; a whole code is looked up itself.
async fn search(cx: &Cx, input: &Input, q: &str) -> Result<(Vec<Entry>, Option<String>), Rejection> {
    let by_code = entries::by_code(&cx.db, &q.to_uppercase()).await?.filter(|entry| entry.unit == input.unit);
    if let Some(entry) = by_code {
        return Ok((vec![entry], None));
    }
    let before = input.after.as_deref().and_then(|after| after.parse::<Before>().ok());
    let q: String = q.chars().take(200).collect();
    let (ids, next) = songhan_services::found(&cx.db, &input.unit, &q, before, PAGE).await?;
    let mut items = entries::by_cases(&cx.db, &input.unit, &ids).await?;
    let place = |id: &Id| ids.iter().position(|one| one == id);
    items.sort_by_key(|entry| place(&entry.case_id));
    Ok((items, next.map(|next| next.to_string())))
}

/// The archive of a unit.
#[utoipa::path(get, path = "/api/v1/archive/entries", operation_id = "list_archive_entries", tag = "archive",
    params(Input),
    responses(
        (status = 200, body = Output, description = "A page of it",
            example = json!({ "items": [{ "code": "000.00.15.H17-241121-0001", "topic": "1.001939",
                "title": "Cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi", "unit": "ubnd-hai-chau",
                "ended_at": "2024-11-25T03:00:00Z", "year": 2024, "hand_in_by": "2025-11-25", "retention": "default",
                "years": 20, "keep_until": "2044-12-31", "state": "kept", "papers": 3,
                "batch": "019aa4c2-7c00-7000-8000-000000000001", "handed_in_at": "2025-01-10T03:00:00Z", "disposal": null,
                "held_at": null, "held_by": null, "held_reason": null, "destroyed_at": null }],
                "next": null, "years": [{ "year": 2025, "due": 12, "late": 3 }] })),
        (status = 404, description = "No such unit, or not yours"),
        (status = 422, description = "No such year"),
    ))]
pub async fn handler(cx: Cx, Query(input): Query<Input>) -> Result<Json<Output>, Problem> {
    list_entries(&cx, &input).await.map(Json).map_err(IntoProblem::into_problem)
}

#[cfg(test)]
mod tests {
    use super::{day_of, number_of};

    #[test]
    fn days_have_an_order() {
        assert_eq!(day_of(number_of("2044-12-31")), "2044-12-31");
        assert!(number_of("2044-12-31") < number_of("2045-01-01"));
    }
}
