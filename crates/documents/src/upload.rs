//! Uploads: files that people hand in. Their type is what their bytes say, not what their name does.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal, clean_line};
use songhan_db::{At, On, Tx};

use crate::issued::{self, Document};
use crate::{files, store};

/// The largest file that is taken.
pub const UPLOAD_BYTES_MAX: usize = 10 * 1024 * 1024;
/// What one account may have uploaded without having handed it in.
const WAITING_BYTES_MAX: i64 = 100 * 1024 * 1024;
const WAITING_MAX: i64 = 100;
/// Types that are taken at all; a question may take fewer.
pub const ACCEPTED: [&str; 3] = ["application/pdf", "image/jpeg", "image/png"];
/// Uploads that nothing has claimed are forgotten after this: a day later than the drafts that may name them.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(91 * 24);

/// Tệp tải lên.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Upload {
    pub id: Id,
    pub owner: Id,
    pub sha256: String,
    pub name: String,
    pub mime: String,
    /// In bytes.
    pub size: i64,
    pub created_at: At,
    pub claimed_at: Option<At>,
}

/// Why a file was not taken, or could not be used.
#[derive(Debug, thiserror::Error)]
pub enum UploadRejection {
    #[error("uploading needs an account; sign in and try again")]
    SignIn,
    #[error("the file is empty; choose another")]
    Empty,
    #[error("the file is larger than {} MB; make it smaller or split it", UPLOAD_BYTES_MAX / 1024 / 1024)]
    TooLarge,
    #[error("files of this type are not taken; use PDF, JPEG or PNG")]
    Type,
    #[error("too many files wait to be handed in; hand in or remove some first")]
    TooMany,
    #[error("{field}: there is no upload {id:?} of yours; upload the file again")]
    Unknown { field: String, id: String },
    #[error("{field}: the upload {id:?} belongs to something else already; upload the file again")]
    Claimed { field: String, id: String },
    #[error("{field}: the upload is of type {mime}, which is not asked for")]
    Unasked { field: String, mime: String },
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl UploadRejection {
    /// A word for programs and for the pages' texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Empty => "upload_empty",
            Self::TooLarge => "upload_too_large",
            Self::Type => "upload_type",
            Self::TooMany => "upload_too_many",
            Self::Unknown { .. } => "upload_unknown",
            Self::Claimed { .. } => "upload_claimed",
            Self::Unasked { .. } => "upload_unasked",
            Self::Internal(_) => "internal",
        }
    }
}

impl IntoProblem for UploadRejection {
    fn into_problem(self) -> Problem {
        use axum::http::StatusCode;
        let (code, message) = (self.code(), self.to_string());
        let field = |name: &str, what| {
            Problem::invalid(code, message.clone(), vec![FieldError::new(name, what, message.clone())])
        };
        match self {
            Self::SignIn => Problem::unauthorized(),
            Self::Empty => field("file", "empty"),
            Self::TooLarge => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, code, message),
            Self::Type => Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, code, message),
            Self::TooMany => Problem::conflict(code, message),
            Self::Unknown { field: name, .. } => field(&name, "unknown"),
            Self::Claimed { field: name, .. } => field(&name, "claimed"),
            Self::Unasked { field: name, .. } => field(&name, "type"),
            Self::Internal(error) => error.into(),
        }
    }
}

/// The type by the bytes themselves; `None` when it is none that is taken.
pub fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let found = infer::get(bytes)?.mime_type();
    let whole = match found {
        // A picture or a paper that ends early cannot be shown; the usual ends are looked for.
        "image/jpeg" => bytes.windows(2).rev().take(1024).any(|end| end == [0xff, 0xd9]),
        "image/png" => bytes.ends_with(&[0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]),
        "application/pdf" => bytes.windows(5).rev().take(2048).any(|end| end == b"%%EOF"),
        _ => true,
    };
    ACCEPTED.into_iter().find(|mime| *mime == found && whole)
}

/// Keeps a file for the person who acts. The file is on disk before its row.
pub async fn take(cx: &Cx, name: &str, bytes: Vec<u8>) -> Result<Upload, UploadRejection> {
    let owner = cx.actor.account().ok_or(UploadRejection::SignIn)?;
    if bytes.is_empty() {
        return Err(UploadRejection::Empty);
    }
    if bytes.len() > UPLOAD_BYTES_MAX {
        return Err(UploadRejection::TooLarge);
    }
    let mime = sniff(&bytes).ok_or(UploadRejection::Type)?;
    let size = bytes.len() as i64;
    let (waiting_bytes, waiting) = store::unclaimed_of(&cx.db, owner).await?;
    if waiting >= WAITING_MAX || waiting_bytes + size > WAITING_BYTES_MAX {
        return Err(UploadRejection::TooMany);
    }
    let sha256 = files::put(&cx.app, bytes).await?;
    let mut tx = cx.begin().await?;
    let upload = Upload {
        id: cx.env.id(),
        owner,
        sha256,
        name: file_name(name, mime),
        mime: mime.to_owned(),
        size,
        created_at: At(tx.now()),
        claimed_at: None,
    };
    let held = files::hold(&cx.app, &mut tx, &upload.sha256).await?;
    store::insert_upload(&mut tx, &upload, &held).await?;
    cx.keep(&mut tx, 201, &crate::ops::upload::Output::of(&upload)).await?;
    tx.commit().await?;
    Ok(upload)
}

/// An issued document as an upload of the person who acts, to be handed in like any other: what the city has issued is not
/// asked for as a file again. Whether the document is theirs is for the caller to look at.
pub async fn take_issued(cx: &Cx, document: &Document) -> Result<Upload, UploadRejection> {
    let bytes = files::get(&cx.app, &issued::newest(cx, document).await?).await?;
    let number = document.number.as_deref().unwrap_or_default().replace('/', "-");
    take(cx, &format!("{} {number}", document.title), bytes).await
}

/// The last part of a path, cleaned, with an ending that fits the type.
fn file_name(given: &str, mime: &str) -> String {
    let line = clean_line(given.rsplit(['/', '\\']).next().unwrap_or(""));
    let line: String =
        line.chars().filter(|c| !matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*')).take(120).collect();
    let ending = match mime {
        "application/pdf" => "pdf",
        "image/png" => "png",
        _ => "jpg",
    };
    let given = line.rsplit_once('.').map_or("", |(_, given)| given);
    let fits = given.eq_ignore_ascii_case(ending) || (ending == "jpg" && given.eq_ignore_ascii_case("jpeg"));
    match (line.trim_matches('.').is_empty(), fits) {
        (true, _) => format!("tep.{ending}"),
        (false, true) => line,
        (false, false) => format!("{line}.{ending}"),
    }
}

/// Makes an upload part of something, in that something's transaction: it must be the owner's, unclaimed, and of a type
/// that is asked for. `field` is named when it is not.
pub async fn claim_upload(
    tx: &mut Tx,
    _: &Cx,
    owner: Id,
    id: &str,
    field: &str,
    accept: &[String],
) -> Result<Upload, UploadRejection> {
    let upload = usable(&mut *tx, owner, id, field, accept).await?;
    let now = tx.now();
    if !store::claim(tx, upload.id, now).await? {
        return Err(UploadRejection::Claimed { field: field.to_owned(), id: id.to_owned() });
    }
    Ok(upload)
}

/// Whether an upload could be claimed now, without doing so; `field` is named when it could not.
pub async fn check_upload(cx: &Cx, owner: Id, id: &str, field: &str, accept: &[String]) -> Result<(), UploadRejection> {
    let upload = usable(&cx.db, owner, id, field, accept).await?;
    match upload.claimed_at {
        None => Ok(()),
        Some(_) => Err(UploadRejection::Claimed { field: field.to_owned(), id: id.to_owned() }),
    }
}

/// An upload of the owner's, of a type that is asked for.
async fn usable<'a>(
    on: impl Into<On<'a>>,
    owner: Id,
    id: &str,
    field: &str,
    accept: &[String],
) -> Result<Upload, UploadRejection> {
    let unknown = || UploadRejection::Unknown { field: field.to_owned(), id: id.to_owned() };
    let key: Id = id.parse().map_err(|_| unknown())?;
    let upload = store::upload(on, key).await?.filter(|upload| upload.owner == owner).ok_or_else(unknown)?;
    if !accept.is_empty() && !accept.contains(&upload.mime) {
        return Err(UploadRejection::Unasked { field: field.to_owned(), mime: upload.mime });
    }
    Ok(upload)
}

/// Uploads by their ids, in no order; what is unknown is left out. Whose they are is for the caller to look at.
pub async fn uploads(cx: &Cx, ids: &[String]) -> Result<Vec<Upload>, Internal> {
    store::uploads(&cx.db, ids).await
}

/// Takes an upload back that was not handed in yet; `false` when there is none of that person. The file itself is swept
/// once nothing names it.
pub async fn remove_upload(cx: &Cx, owner: Id, id: Id) -> Result<bool, Internal> {
    let mut tx = cx.begin().await?;
    let removed = store::remove_unclaimed(&mut tx, id, owner).await?;
    tx.commit().await?;
    Ok(removed)
}

/// The file of an upload, for whoever the caller has found entitled to it.
pub async fn serve_upload(cx: &Cx, id: Id) -> Result<Response, Problem> {
    let upload = store::upload(&cx.db, id).await?.ok_or_else(|| Problem::not_found("file"))?;
    let bytes = files::get(&cx.app, &upload.sha256).await?;
    Ok(file_response(bytes, &upload.mime, &upload.name))
}

/// A file that is shown in the browser under its name, and can do nothing there.
pub fn file_response(bytes: Vec<u8>, mime: &str, name: &str) -> Response {
    let encoded = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    let shown = format!("inline; filename*=UTF-8''{encoded}");
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(mime).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&shown).unwrap_or(HeaderValue::from_static("attachment")),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'; style-src 'unsafe-inline'"),
    );
    response
}

/// Forgets uploads that were never handed in, and requests for signatures that led to nothing. Their files are swept
/// like all that nothing names.
pub async fn forget_stale(cx: Cx) -> Result<(), Internal> {
    let before = cx.now() - STALE_AFTER;
    store::forget_stale_uploads(&cx.db, before).await?;
    store::forget_stale_signatures(&cx.db, before).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_come_from_bytes() {
        assert_eq!(sniff(b"%PDF-1.7\n1 0 obj\n%%EOF\n"), Some("application/pdf"));
        assert_eq!(sniff(b"%PDF-1.7\n1 0 obj"), None, "cut off");
        assert_eq!(sniff(b"<script>alert(1)</script>"), None);
        assert_eq!(sniff(b"PK\x03\x04zip"), None);
        assert_eq!(sniff(b""), None);
    }

    #[test]
    fn names_are_harmless() {
        assert_eq!(file_name("C:\\giấy tờ\\căn cước.PDF", "application/pdf"), "căn cước.PDF");
        assert_eq!(file_name("../../etc/passwd", "image/png"), "passwd.png");
        assert_eq!(file_name("..", "image/jpeg"), "tep.jpg");
        assert_eq!(file_name("a\r\nSet-Cookie: x\".jpeg", "image/jpeg"), "a Set-Cookie x.jpeg");
    }
}
