//! Choose how the result comes back, after handing in: another way, or another address, until the parcel is handed over.

use axum::Json;
use serde::{Deserialize, Serialize};
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{FieldError, Internal, Lang};
use songhan_cases::National;
use songhan_delivery::Wish;

use crate::dossier::Part;
use crate::ops::show_dossier::{self, Seen, see};
use crate::returns::{self, DeliveryView};

/// The way, and for post to whom.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = DeliveryInput, example = json!({"version": 3, "way": "post", "recipient": "Nguyễn Thị Lan",
    "phone": "0905 123 456", "address": "Số 27 đường Lê Lợi, phường Hải Châu, thành phố Đà Nẵng"}))]
pub struct Input {
    /// The version of the dossier that the caller has seen.
    #[schema(example = 3)]
    pub version: Option<i64>,
    /// `electronic`, `counter` or `post`.
    #[schema(example = "post")]
    pub way: String,
    /// Left out, the applicant.
    #[schema(example = "Nguyễn Thị Lan")]
    pub recipient: Option<String>,
    /// Left out, the applicant's.
    #[schema(example = "0905 123 456")]
    pub phone: Option<String>,
    /// Left out, the applicant's.
    #[schema(example = "Số 27 đường Lê Lợi, phường Hải Châu, thành phố Đà Nẵng")]
    pub address: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Seeing(#[from] show_dossier::Rejection),
    #[error("only the applicant says how the result comes back")]
    NotYours,
    #[error("it cannot be chosen any more: the result is on its way, was handed over, or there will be none")]
    TooLate,
    #[error(
        "this dossier began before results went by post: its process has no step for that; the result lies in the \
        account, and on paper at the office"
    )]
    BeforePost,
    #[error("the result cannot come back that way; correct the fields named")]
    Wrong(Vec<FieldError>),
    #[error("the dossier is at version {0} now; look at it again")]
    Stale(i64),
    #[error(transparent)]
    Delivery(#[from] songhan_delivery::Rejection),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        match self {
            Self::Seeing(rejection) => rejection.into_problem(),
            Self::NotYours => Problem::new(axum::http::StatusCode::FORBIDDEN, "action_not_yours", message),
            Self::TooLate => Problem::conflict("delivery_fixed", message),
            Self::BeforePost => Problem::conflict("delivery_before_post", message),
            Self::Wrong(errors) => Problem::invalid("delivery_invalid", message, errors),
            Self::Stale(_) => Problem::conflict("version_stale", message),
            Self::Delivery(rejection) => rejection.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Keeps the choice; the same once more changes nothing. A line in the timeline tells the office, so that whoever has
/// the old address before them is stopped by the dossier's version.
pub async fn choose_delivery(cx: &Cx, code: &str, input: Input) -> Result<DeliveryView, Rejection> {
    let Seen { dossier, part, .. } = see(cx, code).await?;
    if part != Part::Applicant {
        return Err(Rejection::NotYours);
    }
    let known = returns::known(cx, dossier.applicant).await?;
    let mut tx = cx.begin().await?;
    let case = songhan_cases::by_id(&mut tx, dossier.case_id).await?.ok_or(show_dossier::Rejection::NotFound)?;
    if let Some(seen) = input.version
        && seen != case.version
    {
        return Err(Rejection::Stale(case.version));
    }
    let workflow = songhan_cases::workflow(cx, &mut tx, &case).await?;
    let before = songhan_delivery::of_case(&mut tx, case.id).await?;
    if !returns::can_post(&workflow) {
        return Err(Rejection::BeforePost);
    }
    if !returns::may_choose(&case, &workflow, before.as_ref()) {
        return Err(Rejection::TooLate);
    }
    let wish = Wish { way: input.way, recipient: input.recipient, phone: input.phone, address: input.address };
    // What was promised when it was handed in stays offered.
    let promised = before.as_ref().is_some_and(songhan_delivery::Delivery::is_by_post);
    let offered = promised || returns::offers(cx, &dossier.procedure);
    let (way, to) = wish.checked(&known, offered, "").map_err(Rejection::Wrong)?;
    if let Some(same) = before.filter(|before| before.way == way && before.to() == to) {
        return Ok(DeliveryView::of(cx, &same, &case, &workflow, part));
    }
    let has_result = case.national == National::Done && dossier.result_document.is_some();
    let about = returns::about(&dossier);
    let delivery = songhan_delivery::change(&mut tx, about, way, to.as_ref(), has_result).await?;
    let told = cx.text(Lang::Vi, &format!("returns-changed-{}", way.as_str()), &[]);
    songhan_cases::remark(&mut tx, cx, case.id, &dossier.applicant_name, &told).await?;
    let answer = DeliveryView::of(cx, &delivery, &case, &workflow, part);
    cx.keep(&mut tx, 200, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Choose how the result comes back.
#[utoipa::path(put, path = "/api/v1/dossiers/{code}/delivery", operation_id = "choose_delivery", tag = "dossiers",
    params(("code" = String, Path, description = "Code of the dossier", example = "000.00.15.H17-261121-0001")),
    request_body = Input,
    responses(
        (status = 200, body = DeliveryView, description = "How it comes back now"),
        (status = 403, description = "Only the applicant chooses"),
        (status = 404, description = "No such dossier, or not yours"),
        (status = 409, description = "The parcel is handed over, the dossier has ended, began before results went by post (`delivery_before_post`), or something came between"),
        (status = 422, description = "Something in the body does not fit; `errors` names the fields"),
    ))]
pub async fn handler(
    cx: Cx,
    Path(code): Path<String>,
    ApiJson(input): ApiJson<Input>,
) -> Result<Json<DeliveryView>, Problem> {
    choose_delivery(&cx, &code, input).await.map(Json).map_err(IntoProblem::into_problem)
}
