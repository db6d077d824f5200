//! Show the packed base map, or the part of it that a map program asks for.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use songhan_app::{Cx, Problem};
use songhan_base::Internal;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::archive::Stamp;
use super::range::{self, Asked};
use crate::styles::answer;

/// Read at once: parts of an archive are seldom larger.
const CHUNK: usize = 128 << 10;
const MEDIA_TYPE: &str = "application/vnd.pmtiles";

/// The bytes from here on, so many, as they are read.
fn body(file: File, bytes: u64) -> Body {
    Body::from_stream(stream::try_unfold((file, bytes), |(mut file, left)| async move {
        if left == 0 {
            return Ok::<_, std::io::Error>(None);
        }
        let mut chunk = vec![0; CHUNK.min(usize::try_from(left).unwrap_or(CHUNK))];
        let read = file.read(&mut chunk).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        chunk.truncate(read);
        Ok(Some((Bytes::from(chunk), (file, left - read as u64))))
    }))
}

async fn show(cx: &Cx, headers: &HeaderMap) -> Result<Response, Problem> {
    let file = match File::open(super::path(cx)).await {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Problem::not_found("base map")),
        Err(error) => return Err(Internal::new(error).into()),
    };
    let stamp = Stamp::of(&file.metadata().await.map_err(Internal::new)?);
    let etag = format!("\"{:x}-{:x}\"", stamp.bytes, stamp.modified_ns);
    let mut answer = if answer::is_held(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        // A part of what the caller holds is a part of this file only if it is still the same.
        let same = text(header::IF_RANGE).is_none_or(|held| held.trim() == etag);
        let asked = range::read(text(header::RANGE).filter(|_| same), stamp.bytes);
        part(file, asked, stamp.bytes).await?
    };
    let said = answer.headers_mut();
    said.insert(header::ETAG, HeaderValue::from_str(&etag).map_err(Internal::new)?);
    said.insert(header::CACHE_CONTROL, answer::keeping(true));
    said.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Ok(answer)
}

async fn part(mut file: File, asked: Asked, bytes: u64) -> Result<Response, Problem> {
    let (status, part) = match asked {
        Asked::Whole => (StatusCode::OK, 0..bytes),
        Asked::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Asked::Nothing => {
            let told = format!("the base map has {bytes} bytes; ask for some of these");
            let mut refused = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range", told).into_response();
            let said = HeaderValue::from_str(&format!("bytes */{bytes}")).map_err(Internal::new)?;
            refused.headers_mut().insert(header::CONTENT_RANGE, said);
            refused.extensions_mut().remove::<Problem>();
            return Ok(refused);
        }
    };
    file.seek(std::io::SeekFrom::Start(part.start)).await.map_err(Internal::new)?;
    let length = part.end - part.start;
    let mut answer = (status, body(file, length)).into_response();
    let said = answer.headers_mut();
    said.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    said.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    // Its tiles are packed already, and a packed whole would have other parts.
    said.insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {}-{}/{bytes}", part.start, part.end - 1);
        said.insert(header::CONTENT_RANGE, HeaderValue::from_str(&range).map_err(Internal::new)?);
    }
    Ok(answer)
}

/// Show the packed base map.
#[utoipa::path(get, path = "/basemap.pmtiles", operation_id = "show_basemap", tag = "maps",
    description = "The PMTiles archive (version 3) in the server's data folder, as `songhan map pack` writes it. Programs ask \
        for parts of it by the header `Range`.",
    params(("Range" = Option<String>, Header, description = "One range of bytes", example = "bytes=0-16383")),
    responses(
        (status = 200, description = "The archive", body = Vec<u8>, content_type = "application/vnd.pmtiles"),
        (status = 206, description = "The part that was asked for", body = Vec<u8>, content_type = "application/vnd.pmtiles"),
        (status = 304, description = "What the caller holds is still right"),
        (status = 404, description = "The server has no packed base map"),
        (status = 416, description = "The part lies behind the end"),
    ))]
pub async fn handler(cx: Cx, headers: HeaderMap) -> Response {
    let answer = show(&cx, &headers).await;
    answer::told(&headers, answer)
}
