//! Upload a file: kept for the person who acts until something they hand in claims it.

use axum::Json;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use songhan_app::{App, Cx, IntoProblem, Problem};
use songhan_base::Id;

use crate::upload::{UPLOAD_BYTES_MAX, Upload, take};

/// A file that was taken.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = UploadedFile)]
pub struct Output {
    /// To be named in the answers of a form.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    #[schema(example = "can-cuoc.pdf")]
    pub name: String,
    /// What the bytes say.
    #[schema(example = "application/pdf")]
    pub mime: String,
    /// In bytes.
    #[schema(example = 48213)]
    pub size: i64,
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
}

impl Output {
    pub(crate) fn of(upload: &Upload) -> Self {
        let Upload { id, name, mime, size, sha256, .. } = upload.clone();
        Self { id, name, mime, size, sha256 }
    }
}

/// The form that is posted.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
#[schema(as = UploadForm)]
pub struct Form {
    /// PDF, JPEG or PNG, at most 10 MB.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Upload a file.
#[utoipa::path(post, path = "/api/v1/uploads", operation_id = "upload_file", tag = "uploads",
    request_body(content = Form, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = Output, description = "Kept until something that is handed in names it"),
        (status = 400, description = "The form cannot be read, or has no part `file`"),
        (status = 409, description = "Too many files wait to be handed in"),
        (status = 413, description = "Larger than 10 MB"),
        (status = 415, description = "Not multipart/form-data, or no PDF, JPEG or PNG"),
        (status = 422, description = "The file is empty"),
    ))]
pub async fn handler(
    cx: Cx,
    axum::extract::State(app): axum::extract::State<App>,
    request: Request,
) -> Result<(StatusCode, Json<Output>), Problem> {
    let multipart = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.trim_start().to_ascii_lowercase().starts_with("multipart/form-data"));
    if !multipart {
        let told = "send the file as the part `file` of a multipart/form-data body";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "multipart_wanted", told));
    }
    let form = Multipart::from_request(request, &app).await;
    let mut form = form.map_err(|error| Problem::bad_request(error.body_text()))?;
    while let Some(field) =
        form.next_field().await.map_err(|e| Problem::new(e.status(), "form_unreadable", e.body_text()))?
    {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or("").to_owned();
        let bytes = field.bytes().await.map_err(|e| Problem::new(e.status(), "form_unreadable", e.body_text()))?;
        let upload = take(&cx, &name, bytes.to_vec()).await.map_err(IntoProblem::into_problem)?;
        return Ok((StatusCode::CREATED, Json(Output::of(&upload))));
    }
    Err(Problem::bad_request("the form has no part `file`"))
}

/// Room for the file and the form around it.
pub const BODY_BYTES_MAX: usize = UPLOAD_BYTES_MAX + 64 * 1024;
