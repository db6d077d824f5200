//! The verification box: a code typed, or an address pasted, from below a paper's QR code leads to its verify page.

use axum::response::Response;
use serde::Deserialize;
use songhan_app::{Cx, PageSpec, Problem, Query, redirect};
use songhan_base::Id;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    id: String,
}

/// The id in what was typed: alone, or as the last part of an address.
fn read(typed: &str) -> Option<Id> {
    let typed = typed.trim();
    let address = typed.split(['?', '#']).next().unwrap_or("").trim_end_matches('/');
    address.rsplit('/').next().unwrap_or("").trim().parse().ok()
}

pub async fn show(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    if let Some(id) = read(&asked.id) {
        return Ok(redirect(&format!("/verify/{id}")));
    }
    let typed: String = asked.id.chars().take(200).collect();
    let spec = PageSpec::titled(cx.t("services-verify-title")).crumb("/", cx.t("home"));
    cx.page("services/verify-box.html", spec, serde_json::json!({ "typed": typed })).await
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn takes_ids_and_addresses() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        for typed in [
            id.to_owned(),
            format!(" {} ", id.to_uppercase()),
            format!("https://dichvucong.test/verify/{id}?lang=en"),
            format!("dichvucong.test/verify/{id}/"),
        ] {
            assert_eq!(read(&typed).map(|id| id.to_string()).as_deref(), Some(id), "{typed}");
        }
        assert!(read("").is_none() && read("12/TLKS-BS").is_none() && read("/").is_none());
    }
}
