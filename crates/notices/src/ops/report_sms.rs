//! Report of an SMS: the gateway tells whether the telephone got it, at the address that was sent along with it.

use axum::Json;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem, Query};
use songhan_base::Id;

use crate::channel::{Channel, sms};
use crate::settings::Outlets;
use crate::store;

/// What the gateway adds to the address it was given; what else it says is not read.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Report {
    /// The delivery.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Uuid)]
    delivery: Option<Id>,
    /// Proof that the gateway was given this address.
    #[serde(default)]
    token: String,
    /// 5 is final; 4 is refused; the rest is under way.
    #[serde(default, rename = "SendStatus")]
    #[param(example = "5")]
    status: String,
    /// How many arrived: 1 or 0.
    #[serde(default, rename = "SendSuccess")]
    #[param(example = "1")]
    arrived: String,
}

/// What was done with a report.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReportNoted)]
pub struct Noted {
    /// Whether it changed something.
    #[schema(example = true)]
    pub noted: bool,
}

/// Notes the report; `true` when it changed something.
pub async fn report_sms(cx: &Cx, report: &Report) -> Result<bool, Problem> {
    let outlets = Outlets::of(cx);
    let (Some(sms), Some(delivery)) = (&outlets.sms, report.delivery) else { return Err(Problem::unauthorized()) };
    if !sms::is_token(&sms.credential(cx).await?, delivery, &report.token) {
        return Err(Problem::unauthorized());
    }
    let arrived = match report.status.as_str() {
        "5" => report.arrived != "0",
        "4" => false,
        _ => return Ok(false),
    };
    let error = (!arrived).then_some("the operator did not deliver it");
    let mut tx = cx.begin().await?;
    let noted = store::note_report(&mut tx, delivery, Channel::Sms, arrived, error, !cx.config.demo).await?;
    tx.commit().await?;
    if noted {
        let state = if arrived { "delivered" } else { "failed" };
        metrics::counter!("songhan_deliveries_total", "channel" => "sms", "state" => state).increment(1);
    }
    Ok(noted)
}

#[utoipa::path(get, path = "/api/v1/notice-reports/sms", operation_id = "report_sms", tag = "notices",
    summary = "For the SMS gateway: a message arrived or not", params(Report),
    description = "Each message carries an address of its own to report to; a repeated report changes nothing.",
    responses(
        (status = 200, description = "Taken", body = Noted),
        (status = 401, description = "The address was not made by us"),
    ))]
pub async fn report_sms_handler(cx: Cx, Query(report): Query<Report>) -> Result<Json<Noted>, Problem> {
    let noted = report_sms(&cx, &report).await?;
    Ok(Json(Noted { noted }))
}
