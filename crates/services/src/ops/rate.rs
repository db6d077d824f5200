//! Rate a finished dossier (đánh giá mức độ hài lòng): its applicant says how content they are, in a sentence too if
//! they like, and may change their mind. The sentence is read by those who answer for the unit, without a name; it stands
//! in no event.

use axum::Json;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{FieldError, Internal, clean_text};
use songhan_cases::{Case, Clock, National};

use crate::dossier::{DossierRated, Part};
use crate::ops::show_dossier::{self, Seen, see};
use crate::store;

/// From very discontent to very content.
pub const SCORES: std::ops::RangeInclusive<i64> = 1..=5;
/// Characters of the sentence.
pub const COMMENT_MAX: usize = 500;

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RatingInput, example = json!({"score": 5, "comment": "Giải quyết nhanh, hướng dẫn rõ ràng."}))]
pub struct Input {
    /// 1 very discontent, 2 discontent, 3 neither, 4 content, 5 very content.
    #[schema(minimum = 1, maximum = 5)]
    pub score: i64,
    /// What there is to say of it; takes the place of what was said before, also where it is left out.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub comment: Option<String>,
}

/// What the applicant says of how the dossier was handled.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DossierRating)]
pub struct Rating {
    /// 1 very discontent to 5 very content.
    #[schema(example = 5)]
    pub score: i64,
    #[schema(example = "Giải quyết nhanh, hướng dẫn rõ ràng.")]
    pub comment: Option<String>,
    #[schema(value_type = String, format = "date-time")]
    pub rated_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Seeing(#[from] show_dossier::Rejection),
    #[error("only the applicant rates how a dossier was handled")]
    NotYours,
    #[error("this dossier is still being handled; rate it when it is finished")]
    TooEarly,
    #[error("{0} is no score; give 1 (very discontent) to 5 (very content)")]
    Score(i64),
    #[error("the comment is too long; write at most {COMMENT_MAX} characters")]
    Comment,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        match self {
            Self::Seeing(rejection) => rejection.into_problem(),
            Self::NotYours => Problem::forbidden(),
            Self::TooEarly => Problem::conflict("not_finished", message),
            Self::Score(_) => Problem::invalid(
                "score_invalid",
                message.clone(),
                vec![FieldError::new("score", "out_of_range", message)],
            ),
            Self::Comment => Problem::invalid(
                "comment_too_long",
                message.clone(),
                vec![FieldError::new("comment", "too_long", message)],
            ),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Whether there is something to rate: the office has come to an end with it.
pub fn is_ratable(case: &Case) -> bool {
    case.clock == Clock::Stopped && case.national != National::Withdrawn && !case.is_emptied()
}

pub async fn rate(cx: &Cx, code: &str, input: Input) -> Result<Rating, Rejection> {
    let Seen { dossier, part, .. } = see(cx, code).await?;
    if part != Part::Applicant {
        return Err(Rejection::NotYours);
    }
    if !SCORES.contains(&input.score) {
        return Err(Rejection::Score(input.score));
    }
    let comment = input.comment.map(|text| clean_text(&text)).filter(|text| !text.is_empty());
    if comment.as_ref().is_some_and(|text| text.chars().count() > COMMENT_MAX) {
        return Err(Rejection::Comment);
    }
    let mut tx = cx.begin().await?;
    let case = songhan_cases::by_id(&mut tx, dossier.case_id).await?;
    if !case.is_some_and(|case| is_ratable(&case)) {
        return Err(Rejection::TooEarly);
    }
    let (before, first_at) = store::keep_rating(&mut tx, dossier.case_id, input.score, comment.as_deref()).await?;
    tx.emit(DossierRated {
        case: dossier.case_id,
        code: dossier.code,
        procedure: dossier.procedure,
        unit: dossier.unit,
        score: input.score,
        before,
        first_at: first_at.map(|at| at.0),
    })
    .await?;
    let rating = Rating { score: input.score, comment, rated_at: tx.now() };
    tx.commit().await?;
    Ok(rating)
}

/// Rate how a dossier was handled, or rate it anew.
#[utoipa::path(put, path = "/api/v1/dossiers/{code}/rating", operation_id = "rate_dossier", tag = "dossiers",
    params(("code" = String, Path, description = "Code of the dossier", example = "000.00.15.H17-261121-0001")),
    request_body = Input,
    responses(
        (status = 200, body = Rating, description = "Kept"),
        (status = 403, description = "Only the applicant rates"),
        (status = 404, description = "No such dossier, or not yours"),
        (status = 409, description = "It is not finished"),
        (status = 422, description = "The score is not 1 to 5, or the comment too long"),
    ))]
pub async fn handler(
    cx: Cx,
    Path(code): Path<String>,
    ApiJson(input): ApiJson<Input>,
) -> Result<Json<Rating>, Problem> {
    rate(&cx, &code, input).await.map(Json).map_err(IntoProblem::into_problem)
}
