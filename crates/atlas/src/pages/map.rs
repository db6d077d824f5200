//! The city's map: tree of layers, search, legend and tools around it. Without scripts it is the list of what the map
//! would show, with ways to the tables of the same.

use axum::response::Response;
use serde_json::json;
use songhan_app::{Cx, PageSpec, Problem};

use crate::asked::{Asked, query};
use crate::config::{Config, Mode};
use crate::tree;

pub async fn show(cx: Cx, asked: Asked) -> Result<Response, Problem> {
    let at = asked.day("at")?;
    let groups = tree::groups(&cx, &asked);
    let config = Config::new(&cx, Mode::Full, &groups, at).view(asked.center(), asked.number("zoom", 0.0, 22.0));
    let (codes, day) = (tree::codes(&groups), at.map(|at| at.to_string()).unwrap_or_default());
    let same = query(&[("layers", &codes), ("at", &day)]);
    let today = cx.today().to_string();
    let data = json!({
        "config": config,
        "simulated": tree::is_simulated(&groups),
        "legend": tree::shown(&groups).collect::<Vec<_>>(),
        "groups": groups,
        "at": day,
        "today": today,
        "print_href": format!("/map/print{same}"),
        "compare_href": format!("/map/compare{same}"),
        "embed_href": cx.url(&format!("/map/embed{}", query(&[("layers", &codes)]))),
    });
    let spec = PageSpec::titled(cx.t("atlas-title")).describe(cx.t("atlas-about"));
    cx.page("atlas/map.html", spec, data).await
}
