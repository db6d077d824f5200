//! Show the signature under a draft: each look asks the applicant's provider again while it waits.

use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};
use songhan_documents::personal::{self, PersonalSignature};

use crate::ops::open_draft::{self, open_draft};
use crate::ops::sign_draft::{is_signed, signature_of};

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Opening(#[from] open_draft::Rejection),
    #[error("no signature was begun under the draft as it is now; begin one with POST /api/v1/drafts/{{id}}/signature")]
    NotBegun,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Opening(rejection) => rejection.into_problem(),
            Self::NotBegun => Problem::new(StatusCode::NOT_FOUND, "signature_not_begun", self.to_string()),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Yêu cầu ký số tờ khai.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = DraftSignature)]
pub struct SignatureView {
    #[schema(value_type = String, format = "uuid", example = "019aa4c2-7c00-7000-8000-000000000009")]
    pub id: Id,
    #[schema(format = "uuid", example = "019aa4c2-7c00-7000-8000-000000000007")]
    pub draft: String,
    /// The version of the draft that is signed.
    #[schema(example = 1)]
    pub version: i64,
    /// `waiting`, `confirmed`, `declined` or `expired`.
    #[schema(example = "waiting")]
    pub state: String,
    /// What is signed.
    #[schema(example = "Giấy đề nghị đăng ký hộ kinh doanh")]
    pub title: String,
    /// Mã đối chiếu: the same stands on the telephone.
    #[schema(example = "4821")]
    pub code: String,
    /// Who signs.
    #[schema(example = "Nguyễn Thị Lan")]
    pub signer: String,
    #[schema(value_type = String, format = "date-time", example = "2026-11-21T02:00:00Z")]
    pub begun_at: Timestamp,
    /// Until when it can be confirmed.
    #[schema(value_type = String, format = "date-time", example = "2026-11-21T02:10:00Z")]
    pub expires_at: Timestamp,
    /// The paper as a PDF: with the signature once it is confirmed.
    #[schema(example = "http://127.0.0.1:8080/api/v1/drafts/019aa4c2-7c00-7000-8000-000000000007/signature/document")]
    pub document_url: String,
    /// The telephone of a demonstration; missing everywhere else.
    #[schema(example = json!(null))]
    pub phone_url: Option<String>,
}

impl SignatureView {
    pub async fn of(cx: &Cx, draft: &str, signature: &PersonalSignature) -> Result<Self, Internal> {
        Ok(Self {
            id: signature.id,
            draft: draft.to_owned(),
            version: signature.version,
            state: signature.state.as_str().to_owned(),
            title: signature.title.clone(),
            code: signature.code.clone(),
            signer: signature.signer_name.clone(),
            begun_at: signature.begun_at.0,
            expires_at: signature.expires_at.0,
            document_url: cx.url(&format!("/api/v1/drafts/{draft}/signature/document")),
            phone_url: personal::phone(cx).await?,
        })
    }
}

/// The signature under the draft as it is now.
pub async fn show_signature(cx: &Cx, draft: &str) -> Result<PersonalSignature, Rejection> {
    let application = open_draft(cx, draft).await?;
    if !is_signed(&application) {
        return Err(Rejection::NotBegun);
    }
    signature_of(cx, &application).await?.ok_or(Rejection::NotBegun)
}

/// Its paper, named.
pub async fn signed_file(cx: &Cx, draft: &str) -> Result<(String, Vec<u8>), Rejection> {
    let signature = show_signature(cx, draft).await?;
    let bytes = personal::file_of(cx, &signature).await?;
    Ok((format!("{}.pdf", signature.title), bytes))
}

/// Show the signature under a draft.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/signature", operation_id = "show_draft_signature", tag = "drafts",
    description = "Asks the provider while it waits: what was confirmed there is put into the paper by this.",
    params(("id" = String, Path, format = Uuid, description = "Id of the draft",
        example = "019aa4c2-7c00-7000-8000-000000000007")),
    responses(
        (status = 200, body = SignatureView, description = "Where it stands now"),
        (status = 404, description = "No such draft or not yours, or none was begun under the draft as it is now (`signature_not_begun`)"),
        (status = 409, description = "The draft was handed in, or its procedure is not open online any more"),
    ))]
pub async fn handler(cx: Cx, Path(draft): Path<String>) -> Result<Json<SignatureView>, Problem> {
    let signature = show_signature(&cx, &draft).await.map_err(IntoProblem::into_problem)?;
    Ok(Json(SignatureView::of(&cx, &draft, &signature).await?))
}

/// Show the paper that is signed.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/signature/document", operation_id = "show_draft_document",
    tag = "drafts",
    params(("id" = String, Path, format = Uuid, description = "Id of the draft",
        example = "019aa4c2-7c00-7000-8000-000000000007")),
    responses(
        (status = 200, body = String, content_type = "application/pdf", description = "The PDF that the applicant was shown, with their signature once it is confirmed"),
        (status = 404, description = "No such draft or not yours, or none was begun under the draft as it is now (`signature_not_begun`)"),
        (status = 409, description = "The draft was handed in, or its procedure is not open online any more"),
    ))]
pub async fn file_handler(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    let (name, bytes) = signed_file(&cx, &draft).await.map_err(IntoProblem::into_problem)?;
    Ok(songhan_documents::answer(bytes, &name))
}
