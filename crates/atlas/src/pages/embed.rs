//! The map for pages of others: no header, no form, nothing but what everybody reads, whoever looks. It is the one page
//! that may stand in a frame of another site.

use axum::response::{Html, IntoResponse, Response};
use serde_json::json;
use songhan_app::{Cx, Problem, framable};
use songhan_base::{Actor, Internal};

use crate::asked::{Asked, query};
use crate::config::{Config, Mode};
use crate::tree;

pub async fn show(cx: Cx, asked: Asked) -> Result<Response, Problem> {
    let at = asked.day("at")?;
    let cx = cx.acting_as(Actor::Anonymous);
    let groups = tree::groups(&cx, &asked);
    let config = Config::new(&cx, Mode::Embed, &groups, at).view(asked.center(), asked.number("zoom", 0.0, 22.0));
    let day = at.map(|at| at.to_string()).unwrap_or_default();
    let whole = format!("/map{}", query(&[("layers", &tree::codes(&groups)), ("at", &day)]));
    let data = json!({
        "lang": cx.lang.tag(),
        "city": cx.city.manifest().name.get(cx.lang),
        "config": config,
        "legend": tree::shown(&groups).collect::<Vec<_>>(),
        "simulated": tree::is_simulated(&groups),
        "whole": cx.url(&whole),
    });
    let body = cx.renderer.fragment("atlas/embed.html", cx.lang, data).map_err(Internal::new)?;
    Ok(framable(Html(body).into_response()))
}
