//! Compute a due time: when something handed in at a moment is due, in working time.

use axum::Json;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, Problem, Query};
use songhan_base::FieldError;
use songhan_city::{MissingCalendar, TermUnit};
use utoipa::{IntoParams, ToSchema};

/// The longest term that is computed; 10,000 working days are forty years.
const AMOUNT_MAX: i64 = 10_000;

/// The query, as it stands in the address.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// The moment at which it was handed in (RFC 3339).
    #[param(format = DateTime, example = "2026-11-21T08:00:00+07:00")]
    from: String,
    /// How many units the term has; 0 is due on the day of receipt.
    #[param(minimum = 0, maximum = 10000, example = 3)]
    amount: i64,
    /// Working days, working hours (8 a day), plain days, or months.
    #[param(inline, example = "days")]
    unit: Unit,
}

/// What a term is counted in.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Days,
    Hours,
    CalendarDays,
    Months,
}

impl From<Unit> for TermUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Days => Self::Days,
            Unit::Hours => Self::Hours,
            Unit::CalendarDays => Self::CalendarDays,
            Unit::Months => Self::Months,
        }
    }
}

/// When it is due.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DueTime)]
pub struct Output {
    /// In the city's time zone (RFC 3339).
    #[schema(format = DateTime, example = "2026-11-27T17:00:00+07:00")]
    due: String,
}

#[derive(Debug, thiserror::Error)]
enum DueRejection {
    #[error("`from` is no moment; write it as in 2026-11-21T08:00:00+07:00, the + as %2B")]
    From,
    #[error("a term has 0 to {AMOUNT_MAX} units, not {0}; ask for a shorter one")]
    Amount(i64),
    #[error(transparent)]
    Calendar(#[from] MissingCalendar),
}

impl IntoProblem for DueRejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        match self {
            Self::From => Problem::bad_request(message),
            Self::Amount(_) => {
                let errors = vec![FieldError::new("amount", "range", message.clone())];
                Problem::invalid("amount_out_of_range", message, errors)
            }
            Self::Calendar(_) => Problem::invalid("calendar_missing", message, Vec::new()),
        }
    }
}

/// When something handed in at `from` that takes `amount` of `unit` is due, as RFC 3339 in the city's time zone.
fn compute(cx: &Cx, from: Timestamp, amount: i64, unit: TermUnit) -> Result<String, DueRejection> {
    let amount = u32::try_from(amount)
        .ok()
        .filter(|amount| i64::from(*amount) <= AMOUNT_MAX)
        .ok_or(DueRejection::Amount(amount))?;
    let due = cx.city.working_time().due(from, amount, unit)?;
    Ok(due.to_zoned(cx.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string())
}

/// Reads a moment. A `+` that was not escaped has become a blank on the way.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let (before, after) = text.rsplit_once(' ')?;
        format!("{before}+{after}").parse().ok()
    })
}

/// When something is due, in working time
///
/// Counted as Vietnamese law counts: the first day is not counted, a last day that is off moves to the next working day,
/// and days end with the last working hour. Working hours and days off are the city's data.
#[utoipa::path(
    get,
    path = "/api/v1/working-time/due",
    operation_id = "compute_due_time",
    tag = "working time",
    params(Input),
    responses(
        (status = 200, description = "When it is due", body = Output,
         example = json!({ "due": "2026-11-26T17:00:00+07:00" })),
        (status = 422, description = "The amount is out of range, or the calendar of a year is missing"),
    )
)]
pub(crate) async fn get_working_time_due(cx: Cx, Query(input): Query<Input>) -> Result<impl IntoResponse, Problem> {
    let from = moment(&input.from).ok_or(DueRejection::From).map_err(IntoProblem::into_problem)?;
    let due = compute(&cx, from, input.amount, input.unit.into()).map_err(IntoProblem::into_problem)?;
    Ok(Json(Output { due }))
}

#[cfg(test)]
mod tests {
    use songhan_testkit::TestCity;

    use crate::tests::support::folder;

    async fn ask(query: &str) -> (u16, serde_json::Value) {
        let city = TestCity::sqlite(vec![crate::module()], folder()).await;
        let answer = city.visitor().get(&format!("/api/v1/working-time/due?{query}")).await;
        (answer.status.as_u16(), answer.json())
    }

    #[tokio::test]
    async fn answers_in_local_time() {
        for (query, due) in [
            ("from=2026-11-18T08:00:00%2B07:00&amount=2&unit=days", "2026-11-20T17:00:00+07:00"),
            ("from=2026-11-18T08:00:00+07:00&amount=2&unit=days", "2026-11-20T17:00:00+07:00"),
            ("from=2026-11-18%2001:00:00Z&amount=0&unit=hours", "2026-11-18T08:00:00+07:00"),
            ("from=2026-11-18T08:00:00.25Z&amount=1&unit=hours", "2026-11-18T16:00:00.25+07:00"),
            ("from=2026-01-31T09:00:00%2B07:00&amount=1&unit=months", "2026-03-02T17:00:00+07:00"),
            ("from=2026-11-18T08:00:00%2B07:00&amount=1&unit=calendar_days", "2026-11-19T17:00:00+07:00"),
        ] {
            assert_eq!(ask(query).await, (200, serde_json::json!({ "due": due })), "{query}");
        }
    }

    #[tokio::test]
    async fn refuses_with_the_reason() {
        for (query, status, code) in [
            ("amount=2&unit=days", 400, "bad_request"),
            ("from=x&amount=2&unit=days", 400, "bad_request"),
            ("from=2026-11-18&amount=2&unit=days", 400, "bad_request"),
            ("from=2026-11-18T08:00:00Z&amount=two&unit=days", 400, "bad_request"),
            ("from=2026-11-18T08:00:00Z&amount=99999999999999999999&unit=days", 400, "bad_request"),
            ("from=2026-11-18T08:00:00Z&amount=2&unit=weeks", 400, "bad_request"),
            ("from=2026-11-18T08:00:00Z&amount=2&unit=days&extra=1", 400, "bad_request"),
            ("from=2026-11-18T08:00:00Z&amount=-1&unit=days", 422, "amount_out_of_range"),
            ("from=2026-11-18T08:00:00Z&amount=10001&unit=days", 422, "amount_out_of_range"),
            ("from=2026-11-18T08:00:00Z&amount=10000&unit=months", 422, "calendar_missing"),
            ("from=2026-11-18T08:00:00Z&amount=10000&unit=days", 422, "calendar_missing"),
            ("from=1999-11-18T08:00:00Z&amount=1&unit=days", 422, "calendar_missing"),
            ("from=9999-12-30T22:00:00.999999999Z&amount=1&unit=hours", 422, "calendar_missing"),
            ("from=-009999-01-02T01:59:59Z&amount=1&unit=hours", 422, "calendar_missing"),
        ] {
            let (got, body) = ask(query).await;
            assert_eq!((got, body["code"].as_str()), (status, Some(code)), "{query}: {body}");
        }
        let (_, body) = ask("from=2027-12-31T10:00:00Z&amount=1&unit=days").await;
        assert!(body["detail"].as_str().unwrap().contains("calendars/2028.toml"), "{body}");
    }

    #[tokio::test]
    async fn is_described() {
        let city = TestCity::sqlite(vec![crate::module()], folder()).await;
        let document = serde_json::to_value(&*city.openapi).unwrap();
        let operation = &document["paths"]["/api/v1/working-time/due"]["get"];
        assert_eq!(operation["operationId"], "compute_due_time");
        let names: Vec<_> = operation["parameters"].as_array().unwrap().iter().map(|p| p["name"].clone()).collect();
        assert_eq!(names, ["from", "amount", "unit"], "{operation:#}");
        assert!(operation["responses"]["422"].is_object() && operation["responses"]["400"].is_object());
    }
}
