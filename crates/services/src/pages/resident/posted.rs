//! What a page's form sent: fields, and files that have become uploads. One reader for both ways in which browsers send.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use songhan_app::{Cx, PageForm, Problem, csrf_matches};
use songhan_base::FieldError;

use super::files;

/// A posted form. A file stands among the fields as the id of its upload, under the name of its question.
#[derive(Debug, Default)]
pub struct Posted {
    pub fields: Vec<(String, String)>,
    /// Files that were refused.
    pub wrong: Vec<FieldError>,
}

/// The largest text field of a multipart form, in bytes.
const TEXT_BYTES_MAX: usize = 64 * 1024;
const FIELDS_MAX: usize = 200;
const FILES_MAX: usize = 20;

impl Posted {
    /// The first value of a field; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a form and stores its files. The token is looked at before the first file is taken.
pub async fn read(cx: &Cx, request: Request) -> Result<Posted, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if !kind.starts_with("multipart/form-data") {
        let PageForm(fields) = PageForm::<Vec<(String, String)>>::from_request(request, &cx.app).await?;
        return Ok(Posted { fields, wrong: Vec::new() });
    }
    let mut multipart = Multipart::from_request(request, &cx.app)
        .await
        .map_err(|error| Problem::new(error.status(), "body_unreadable", error.body_text()))?;
    let mut posted = Posted::default();
    let (mut meant, mut files) = (false, 0);
    while let Some(field) = multipart.next_field().await.map_err(|error| unreadable(&error))? {
        let name = field.name().unwrap_or("").to_owned();
        if posted.fields.len() >= FIELDS_MAX || name.len() > 200 {
            return Err(Problem::bad_request("the form has too many fields"));
        }
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            let value = field.bytes().await.map_err(|error| unreadable(&error))?;
            let value = text(value)?;
            meant |= name == "csrf" && csrf_matches(cx, &value);
            posted.fields.push((name, value));
            continue;
        };
        if !meant {
            return Err(stale());
        }
        // A box without a file is sent as a file without a name.
        let bytes = field.bytes().await.map_err(|error| unreadable(&error))?;
        if file_name.is_empty() && bytes.is_empty() {
            continue;
        }
        files += 1;
        if files > FILES_MAX {
            return Err(Problem::bad_request("the form has too many files"));
        }
        match files::store(cx, &file_name, bytes).await? {
            Ok(id) => posted.fields.push((name, id.to_string())),
            Err(message) => posted.wrong.push(FieldError::new(name, "file", message)),
        }
    }
    if meant { Ok(posted) } else { Err(stale()) }
}

fn text(bytes: Bytes) -> Result<String, Problem> {
    if bytes.len() > TEXT_BYTES_MAX {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "a field of the form is too long"));
    }
    String::from_utf8(bytes.into()).map_err(|_| Problem::bad_request("the form is not UTF-8"))
}

fn unreadable(error: &axum::extract::multipart::MultipartError) -> Problem {
    Problem::new(error.status(), "body_unreadable", error.body_text())
}

fn stale() -> Problem {
    let detail = "this form did not come from a page of ours, or it is too old; open it again";
    Problem::new(StatusCode::FORBIDDEN, "form_stale", detail)
}
