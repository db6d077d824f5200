//! Verify a document: anyone who holds it sees what the city issued, and can compare the file.

use axum::Json;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use songhan_app::{Cx, IntoProblem, PageSpec, Path, Problem, csrf_matches};
use songhan_base::{Id, Internal};

use crate::store;

/// What the city says of a document.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = VerifiedDocument)]
pub struct Verified {
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// Whether it holds: issued, and not revoked.
    pub valid: bool,
    /// Signed by an applicant and handed in to the unit, not issued by it.
    pub handed_in: bool,
    #[schema(example = "Trích lục khai sinh (bản sao)")]
    pub title: String,
    #[schema(example = "12/TLKS-BS")]
    pub number: Option<String>,
    #[schema(example = "Uỷ ban nhân dân phường Hải Châu")]
    pub unit: String,
    /// Of an applicant initials only.
    pub signer: Option<String>,
    /// Initials only: who holds the paper knows the name.
    #[schema(example = "T. T. Lan")]
    pub holder: String,
    #[schema(value_type = String, format = "date-time")]
    pub issued_at: Timestamp,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub revoked_at: Option<Timestamp>,
    pub revoked_reason: Option<String>,
    /// When the city's own file was destroyed at the end of its term; the document was issued all the same, and a file
    /// can still be compared with it.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub destroyed_at: Option<Timestamp>,
    /// The decision, as it is cited.
    #[schema(example = json!(null))]
    pub destroyed_by: Option<String>,
    /// SHA-256 of the file that was issued.
    pub sha256: String,
    /// SHA-256 of the same document with renewed evidence, the oldest first.
    pub renewed_sha256: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the city has issued no document with this id; compare it with the address under the QR code")]
    Unknown,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Unknown => Problem::not_found("document"),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn verify(cx: &Cx, id: &str) -> Result<Verified, Rejection> {
    let id: Id = id.trim().parse().map_err(|_| Rejection::Unknown)?;
    let document = store::document(&cx.db, id).await?.ok_or(Rejection::Unknown)?;
    let renewed_sha256 = store::renewals(&cx.db, id).await?;
    let handed_in = document.is_handed_in();
    Ok(Verified {
        id,
        valid: document.revoked_at.is_none(),
        handed_in,
        title: document.title,
        number: document.number,
        unit: document.unit_name,
        signer: document.signer_name.map(|name| if handed_in { initials(&name) } else { name }),
        holder: initials(&document.holder_name),
        issued_at: document.issued_at.0,
        revoked_at: document.revoked_at.map(|at| at.0),
        revoked_reason: document.revoked_reason,
        destroyed_at: document.destroyed_at.map(|at| at.0),
        destroyed_by: document.destroyed_by,
        sha256: document.sha256,
        renewed_sha256,
    })
}

/// `Trần Thị Lan` → `T. T. Lan`: enough to compare with the paper, too little to collect.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let Some((given, rest)) = words.split_last() else { return String::new() };
    let mut out: String = rest.iter().filter_map(|word| word.chars().next()).map(|c| format!("{c}. ")).collect();
    out.push_str(given);
    out
}

#[derive(Serialize)]
struct Data {
    document: Option<Verified>,
    id: String,
    /// `same` or `other`, after a file was compared.
    compared: &'static str,
}

/// Verify a document. A page for people; JSON for `Accept: application/json`.
#[utoipa::path(get, path = "/verify/{id}", operation_id = "verify_document", tag = "documents",
    params(("id" = String, Path, description = "Id of the document, as in the address under its QR code", example = "01890a5d-ac96-774b-bcce-b302099a8057")),
    responses(
        (status = 200, description = "What the city says of it", content((Verified = "application/json"), (String = "text/html"))),
        (status = 404, description = "The city has issued no such document", content((Problem = "application/problem+json"), (String = "text/html"))),
    ))]
pub async fn handler(cx: Cx, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Problem> {
    let verified = verify(&cx, &id).await;
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
    if accept.contains("application/json") {
        return match verified {
            Ok(verified) => Ok(Json(verified).into_response()),
            Err(rejection) => Err(rejection.into_problem()),
        };
    }
    match verified {
        Ok(verified) => show(&cx, Some(verified), id, "").await,
        Err(Rejection::Unknown) => show(&cx, None, id, "").await,
        Err(Rejection::Internal(error)) => Err(error.into()),
    }
}

async fn show(cx: &Cx, document: Option<Verified>, id: String, compared: &'static str) -> Result<Response, Problem> {
    let mut spec = PageSpec::titled(cx.t("verify-title"));
    if document.is_none() {
        spec = spec.status(axum::http::StatusCode::NOT_FOUND);
    }
    cx.page("documents/verify.html", spec, Data { document, id, compared }).await
}

/// Compares a file with what was issued. The file is hashed and forgotten.
pub async fn compare(
    cx: Cx,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let mut form = form.map_err(|error| Problem::bad_request(error.body_text()))?;
    let verified = verify(&cx, &id).await.map_err(IntoProblem::into_problem)?;
    let (mut token, mut hash) = (String::new(), None);
    let unreadable =
        |e: axum::extract::multipart::MultipartError| Problem::new(e.status(), "form_unreadable", e.body_text());
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("csrf") => token = field.text().await.map_err(unreadable)?,
            Some("file") => {
                let bytes = field.bytes().await.map_err(unreadable)?;
                hash = (!bytes.is_empty()).then(|| data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)));
            }
            _ => {}
        }
    }
    if !csrf_matches(&cx, &token) {
        return Err(Problem::bad_request("this form is too old; open the page again"));
    }
    let compared = match hash {
        None => "",
        Some(hash) if hash == verified.sha256 || verified.renewed_sha256.contains(&hash) => "same",
        Some(_) => "other",
    };
    show(&cx, Some(verified), id, compared).await
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_shortened() {
        assert_eq!(super::initials("Trần Thị Lan"), "T. T. Lan");
        assert_eq!(super::initials("Lan"), "Lan");
        assert_eq!(super::initials(""), "");
    }
}
