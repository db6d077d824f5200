//! A file on its way: its name, what it could not hold, and its bytes as they are read.

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use songhan_base::Internal;
use tempfile::TempDir;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::writing::Written;

/// Read at once.
const CHUNK: usize = 128 << 10;
/// What the file could not hold, in words with `;` between them.
pub const LOSSES: HeaderName = HeaderName::from_static("download-losses");
/// How many features stand in the file.
pub const FEATURES: HeaderName = HeaderName::from_static("download-features");
/// `attr-char` of RFC 8187.
const NAME: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// RFC 6266: a name that every program reads, and the one that people read.
pub fn disposition(plain: &str, name: &str) -> String {
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, NAME))
}

/// In ASCII, as headers are.
pub fn losses(written: &Written) -> Option<String> {
    let left_out = written.left_out.iter();
    let left_out = left_out.map(|(count, why)| format!("features left out ({count}), the first because {why}"));
    let all: Vec<String> = written.losses.iter().map(ToString::to_string).chain(left_out).collect();
    let ascii = |c: char| match c {
        '→' => '>',
        ' '..='~' => c,
        _ => '?',
    };
    (!all.is_empty()).then(|| all.join("; ").chars().map(ascii).collect())
}

/// The whole file; its folder goes when the last byte is sent, or whoever asked has gone.
pub async fn sent(folder: TempDir, name: &str) -> Result<Response, Internal> {
    let file = File::open(folder.path().join(name)).await.map_err(Internal::new)?;
    let length = file.metadata().await.map_err(Internal::new)?.len();
    let body = stream::try_unfold((file, folder), |(mut file, folder)| async move {
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk).await?;
        chunk.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(chunk), (file, folder))))
    });
    let mut response = Body::from_stream(body).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_said_in_both_ways() {
        assert_eq!(
            disposition("parcels-2026-11-20.gpkg", "Thửa đất 2026-11-20.gpkg"),
            "attachment; filename=\"parcels-2026-11-20.gpkg\"; \
             filename*=UTF-8''Th%E1%BB%ADa%20%C4%91%E1%BA%A5t%202026-11-20.gpkg"
        );
    }

    #[test]
    fn losses_are_ascii_in_a_header() {
        assert_eq!(losses(&Written::default()), None);
        let written = Written { left_out: Some((2, "tên – đường".into())), ..Written::default() };
        assert_eq!(losses(&written).unwrap(), "features left out (2), the first because t?n ? ???ng");
    }
}
