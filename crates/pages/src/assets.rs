//! Styles, scripts, fonts: files of `ui/dist`, inside the binary in release and read from disk in debug builds.
//!
//! Without a built ui the pages still have their style, from the same hand-written sheets; only the fonts and the
//! islands are missing then.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use serde_json::Value;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../ui/dist"]
struct Dist;

/// The hand-written sheets in the order of their layers: served when there is no built ui.
const BASE_CSS: &str = concat!(
    include_str!("../../../ui/src/styles/layers.css"),
    include_str!("../../../ui/src/styles/tokens.css"),
    include_str!("../../../ui/src/styles/base.css"),
    include_str!("../../../ui/src/styles/layout.css"),
    include_str!("../../../ui/src/styles/forms.css"),
    include_str!("../../../ui/src/styles/components.css"),
    include_str!("../../../ui/src/styles/pages.css"),
    include_str!("../../../ui/src/styles/map.css"),
    include_str!("../../../ui/src/styles/print.css"),
);
const FAVICON: &str = include_str!("../static/favicon.svg");

/// `GET /static/*`, for any state.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{*path}", get(serve))
}

/// One file, compressed as the client likes it best, with a strong ETag for each variant.
pub async fn serve(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = find(&path, &headers) else { return StatusCode::NOT_FOUND.into_response() };
    let unchanged = headers.get(IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == file.etag.as_bytes());
    let mut response =
        if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { bytes(file.data).into_response() };
    let out = response.headers_mut();
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "public, max-age=600" };
    out.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(&path)));
    out.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&file.etag) {
        out.insert(ETAG, etag);
    }
    if let Some(encoding) = file.encoding {
        out.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// `<link>` and `<script>` tags of one Vite entry such as `src/app.css`; the hand-written sheet when the ui has not
/// been built, nothing for a script then.
pub fn tags(entry: &str) -> String {
    static BUILT: LazyLock<HashMap<String, String>> = LazyLock::new(|| all_tags(&manifest()));
    let found = if cfg!(debug_assertions) { all_tags(&manifest()).remove(entry) } else { BUILT.get(entry).cloned() };
    found.unwrap_or_else(|| {
        let is_sheet = extension(entry) == "css";
        if is_sheet { format!("<link rel=\"stylesheet\" href=\"{}\">", base_css_href()) } else { String::new() }
    })
}

/// The address of one built file by the name of its source, such as a font's; none before the ui has been built.
pub fn url(source: &str) -> Option<String> {
    static BUILT: LazyLock<Value> = LazyLock::new(manifest);
    let address = |manifest: &Value| Some(format!("/static/{}", manifest.get(source)?["file"].as_str()?));
    if cfg!(debug_assertions) { address(&manifest()) } else { address(&BUILT) }
}

struct Found {
    data: Cow<'static, [u8]>,
    etag: String,
    encoding: Option<&'static str>,
}

fn find(path: &str, headers: &HeaderMap) -> Option<Found> {
    let own = match path {
        "base.css" => Some(BASE_CSS),
        "favicon.svg" => Some(FAVICON),
        _ => None,
    };
    if let Some(text) = own {
        let etag = format!("\"{:016x}\"", fingerprint(text.as_bytes()));
        return Some(Found { data: Cow::Borrowed(text.as_bytes()), etag, encoding: None });
    }
    if matches!(extension(path), "br" | "gz") || path == "manifest.json" {
        return None;
    }
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let accepts = |name| accepted.split(',').any(|part| part.trim().split(';').next() == Some(name));
    let variants = [("br", ".br"), ("gzip", ".gz")];
    let compressed = variants
        .into_iter()
        .filter(|(name, _)| accepts(name))
        .find_map(|(name, suffix)| Dist::get(&format!("{path}{suffix}")).map(|file| (file, Some(name))));
    let (file, encoding) = compressed.or_else(|| Dist::get(path).map(|file| (file, None)))?;
    let mut etag = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..12] {
        let _ = write!(etag, "{byte:02x}");
    }
    etag.push('"');
    Some(Found { data: file.data, etag, encoding })
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

fn content_type(path: &str) -> &'static str {
    match extension(path) {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "woff2" => "font/woff2",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn base_css_href() -> String {
    format!("/static/base.css?v={:016x}", fingerprint(BASE_CSS.as_bytes()))
}

/// FNV-1a: tells one version of a file from another; nothing secret hangs on it.
fn fingerprint(data: &[u8]) -> u64 {
    data.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

fn manifest() -> Value {
    Dist::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or(Value::Null)
}

fn all_tags(manifest: &Value) -> HashMap<String, String> {
    let entries = manifest.as_object().into_iter().flatten();
    entries.filter(|(_, e)| e["isEntry"] == true).map(|(name, e)| (name.clone(), entry_tags(manifest, e))).collect()
}

fn entry_tags(manifest: &Value, entry: &Value) -> String {
    let strings = |value: &'_ Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
    };
    let Some(file) = entry["file"].as_str() else { return String::new() };
    let mut out = String::new();
    // The weights of the first screen; the others come when a rule asks for them.
    for font in strings(&entry["assets"]).iter().filter(|f| f.contains("-400-") || f.contains("-700-")) {
        let _ =
            write!(out, "<link rel=\"preload\" href=\"/static/{font}\" as=\"font\" type=\"font/woff2\" crossorigin>");
    }
    if extension(file) == "css" {
        let _ = write!(out, "<link rel=\"stylesheet\" href=\"/static/{file}\">");
        return out;
    }
    for sheet in strings(&entry["css"]) {
        let _ = write!(out, "<link rel=\"stylesheet\" href=\"/static/{sheet}\">");
    }
    for import in strings(&entry["imports"]) {
        if let Some(file) = manifest[&import]["file"].as_str() {
            let _ = write!(out, "<link rel=\"modulepreload\" href=\"/static/{file}\">");
        }
    }
    let _ = write!(out, "<script type=\"module\" src=\"/static/{file}\"></script>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_from_a_manifest() {
        let manifest = serde_json::json!({
            "src/app.css": { "isEntry": true, "file": "assets/app-1.css", "assets": ["assets/x-latin-400-normal-1.woff2"] },
            "src/app.ts": { "isEntry": true, "file": "assets/app-2.js", "imports": ["_shared.js"] },
            "_shared.js": { "file": "assets/shared-3.js" },
        });
        let tags = all_tags(&manifest);
        assert!(tags["src/app.css"].contains("as=\"font\"") && tags["src/app.css"].ends_with("app-1.css\">"));
        assert!(tags["src/app.ts"].contains("modulepreload") && tags["src/app.ts"].contains("app-2.js"));
        assert!(!tags.contains_key("_shared.js"));
    }

    #[test]
    fn pages_have_style_without_a_built_ui() {
        assert!(tags("src/no-such-entry.css").contains("/static/base.css?v="));
        assert_eq!(tags("src/no-such-entry.ts"), "");
    }

    #[test]
    fn serves_its_own_and_hides_the_rest() {
        let headers = HeaderMap::new();
        assert!(find("base.css", &headers).is_some() && find("favicon.svg", &headers).is_some());
        assert!(find("manifest.json", &headers).is_none() && find("../Cargo.toml", &headers).is_none());
    }
}
