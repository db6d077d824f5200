//! The map on paper: a sheet with title, north, scale as a bar and as a number, legend, sources and date, which the
//! browser prints or saves as PDF.

use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Value, json};
use songhan_app::{Cx, PageSpec, Problem};
use songhan_base::clean_line;
use songhan_maps::View;
use songhan_maps::reading::{self, words};

use crate::asked::Asked;
use crate::config::{Config, Mode};
use crate::scale;
use crate::tree::{self, Group};

/// A bar is so long at most, in millimetres.
const BAR_MM: f64 = 50.0;
const TITLE_MAX: usize = 120;

pub async fn show(cx: Cx, asked: Asked) -> Result<Response, Problem> {
    let at = asked.day("at")?;
    let groups = tree::groups(&cx, &asked);
    let view = cx.city.get::<View>();
    let center = asked.center().unwrap_or(view.center);
    let latitude = center[1];
    let asked_scale = Some(asked.get("scale")).filter(|text| !text.is_empty()).and_then(scale::read);
    let zoom = match asked_scale {
        Some(scale) => scale::zoom(scale, latitude).clamp(0.0, 22.0),
        None => asked.number("zoom", 0.0, 22.0).unwrap_or(view.zoom),
    };
    let scale_now = scale::scale(zoom, latitude);
    let bar = scale::bar(scale_now, BAR_MM);
    let paper = if asked.get("paper") == "a3" { "a3" } else { "a4" };
    let orientation = if asked.get("orientation") == "portrait" { "portrait" } else { "landscape" };
    let title: String = clean_line(asked.get("title")).chars().take(TITLE_MAX).collect();
    let shown: Vec<_> = tree::shown(&groups).collect();
    let today = words::day(cx.lang, cx.today());
    let data = json!({
        "config": Config::new(&cx, Mode::Print, &groups, at).view(Some(center), Some(zoom)),
        "title": if title.is_empty() { default_title(&cx) } else { title.clone() },
        "typed": title,
        "paper": paper,
        "orientation": orientation,
        "papers": options(&cx, "atlas-paper", &["a4", "a3"]),
        "orientations": options(&cx, "atlas-orientation", &["landscape", "portrait"]),
        "scale": words::number(cx.lang, &scale::rounded(scale_now).to_string()),
        "scale_value": scale::rounded(scale_now).to_string(),
        "scales": scales(&cx, scale_now),
        "bar_mm": format!("{:.2}", bar.millimetres),
        "bar_half_mm": format!("{:.2}", bar.millimetres / 2.0),
        "bar_svg_mm": format!("{:.2}", bar.millimetres + 14.0),
        "bar_label": length(&cx, bar.metres),
        "bar_half_label": length(&cx, bar.metres / 2.0),
        "legend": shown,
        "sources": sources(&cx, &groups),
        "simulated": tree::is_simulated(&groups),
        "as_of": at.map(|at| words::day(cx.lang, at)),
        "printed": cx.text(cx.lang, "atlas-printed", &[("day", &today)]),
        "layers": tree::codes(&groups),
        "at": at.as_ref().map(Date::to_string).unwrap_or_default(),
        "center": format!("{:.6},{:.6}", center[0], center[1]),
        "back": back(&groups, at, center, zoom),
    });
    let spec = PageSpec::titled(cx.t("atlas-print-title")).crumb("/map", cx.t("atlas-menu"));
    cx.page("atlas/print.html", spec, data).await
}

fn default_title(cx: &Cx) -> String {
    cx.text(cx.lang, "atlas-sheet-title", &[("city", cx.city.manifest().name.get(cx.lang))])
}

fn options(cx: &Cx, key: &str, values: &[&str]) -> Vec<Value> {
    values.iter().map(|value| json!({ "value": value, "label": cx.t(&format!("{key}-{value}")) })).collect()
}

/// The usual scales, and the one that is.
fn scales(cx: &Cx, now: f64) -> Vec<Value> {
    let now = scale::rounded(now);
    let mut all: Vec<u32> = scale::USUAL.to_vec();
    if !all.contains(&now) {
        all.push(now);
        all.sort_unstable();
    }
    let label = |scale: &u32| format!("1:{}", words::number(cx.lang, &scale.to_string()));
    all.iter().map(|scale| json!({ "value": scale.to_string(), "label": label(scale) })).collect()
}

fn length(cx: &Cx, metres: f64) -> String {
    let (value, unit) = if metres < 1_000.0 { (metres, "m") } else { (metres / 1_000.0, "km") };
    // Half of one, two or five times a power of ten has one digit behind the point at most, in metres two.
    let rounded = (value * 100.0).round() / 100.0;
    format!("{} {unit}", words::number(cx.lang, &rounded.to_string()))
}

/// Whose data lies on the sheet, and under which licence: each said once.
fn sources(cx: &Cx, groups: &[Group]) -> Vec<String> {
    let shown: Vec<&str> = tree::shown(groups).map(|entry| entry.code.as_str()).collect();
    let mut sources: Vec<String> = Vec::new();
    for readable in reading::layers(cx).into_iter().flat_map(|(_, layers)| layers) {
        let layer = &readable.layer;
        let said = format!("{} ({})", layer.source.get(cx.lang), layer.licence);
        if shown.contains(&layer.code.as_str()) && !sources.contains(&said) {
            sources.push(said);
        }
    }
    sources
}

/// The map as it lies on the sheet.
fn back(groups: &[Group], at: Option<Date>, [lon, lat]: [f64; 2], zoom: f64) -> String {
    let at = at.map(|at| at.to_string()).unwrap_or_default();
    let query = crate::asked::query(&[("layers", &tree::codes(groups)), ("at", &at)]);
    format!("/map{query}#{zoom:.2}/{lat:.6}/{lon:.6}")
}
