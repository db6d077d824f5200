//! Giám sát: how the agencies keep their promises, for everyone in figures, for leaders down to their own dossiers.

mod dossiers;
mod tables;

use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use songhan_app::{Access, Cx, IntoProblem, MenuItem, PageSpec, Problem, Query, Route};
use songhan_base::{Internal, Role};
use songhan_cases::Filter;
use songhan_procedures::Catalogue;
use songhan_services::{CASE_KIND, inbox_units as units};

use self::tables::{Table, columns, decimal, percent, row};
use crate::ops::show_supervision::{Input, scope};
use crate::ratings::Withheld;
use crate::report::{Line, OTHER, Report, Scope, report, topics_of};
use crate::{Indicator, Indicators, Month};

/// Those who handle dossiers; which of them they see is for each page to say.
const DESK: Access = Access::Roles(&[Role::Officer, Role::Leader]);

/// Those who answer for figures. Dossiers behind them are shown by right.
const SUPERVISION: Access = Access::Roles(&[Role::Leader, Role::Administrator]);

pub const TEMPLATES: &[(&str, &str)] = &[
    ("services/supervision.html", include_str!("../../templates/services/supervision.html")),
    (
        "services/office/supervision-dossiers.html",
        include_str!("../../templates/services/office/supervision-dossiers.html"),
    ),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/supervision", public, Access::Public),
        Route::get("/office/supervision", office, SUPERVISION),
        Route::get("/office/supervision/dossiers", dossiers::show, DESK),
    ]
}

pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem {
        href: "/office/supervision",
        label: "supervision-menu",
        icon: "progress",
        access: SUPERVISION,
        order: 8,
    }]
}

/// Warnings on a page, and what people said.
const SOON: usize = 10;
const SAID: i64 = 100;

#[derive(Serialize)]
struct Data {
    scope_name: String,
    month_name: String,
    stats: Vec<Value>,
    months: Vec<Value>,
    bars: Vec<Bar>,
    chart_text: String,
    columns: Vec<String>,
    tables: Vec<Table>,
    sources: Vec<Value>,
    /// What will be late, for the leaders of the units.
    soon: Option<Vec<Vec<Value>>>,
    /// What people said with their ratings, for the unit's leader and administrators.
    said: Option<Vec<String>>,
    /// The dossiers behind the figures, for those who handle them.
    dossiers_href: String,
    wider_href: String,
    other: Value,
}

/// A month in the chart.
#[derive(Serialize)]
struct Bar {
    x: i64,
    /// Of what was handed in, and of what was handed in online.
    all: i64,
    online: i64,
    name: String,
    label: String,
    value: i64,
}

/// The height of the chart's highest bar.
const HEIGHT: i64 = 100;

/// For everyone.
pub async fn public(cx: Cx, Query(input): Query<Input>) -> Result<Response, Problem> {
    page(&cx, &input, false).await
}

/// For leaders and administrators.
pub async fn office(cx: Cx, Query(input): Query<Input>) -> Result<Response, Problem> {
    page(&cx, &input, true).await
}

async fn page(cx: &Cx, input: &Input, office: bool) -> Result<Response, Problem> {
    let scope = scope(cx, input).map_err(IntoProblem::into_problem)?;
    let report = report(cx, &scope).await?;
    let base = if office { "/office/supervision" } else { "/supervision" };
    let (unit, field) = (scope.unit.as_deref(), scope.field.as_deref());
    let (month, columns) = (report.month.as_str(), columns(cx));
    let sees = unit.filter(|unit| office && dossiers::handles(cx, unit));
    let data = Data {
        scope_name: scope_name(cx, &scope),
        month_name: scope.month.in_words(),
        stats: stats(cx, &report),
        months: chips(cx, &scope, base),
        bars: bars(&report.months),
        chart_text: cx.text(cx.lang, "supervision-chart", &[("scope", &scope_name(cx, &scope))]),
        columns,
        tables: tables(cx, &report),
        sources: sources(cx, &report),
        soon: if office { soon(cx).await? } else { None },
        said: if office { said(cx, &scope).await? } else { None },
        dossiers_href: sees.map_or_else(String::new, |_| href("/office/supervision/dossiers", month, unit, field)),
        wider_href: if unit.is_some() || field.is_some() { href(base, month, None, None) } else { String::new() },
        other: json!({ "json": href("/api/v1/supervision", month, unit, field) }),
    };
    let mut spec = PageSpec::titled(cx.t("supervision-title"));
    spec = if office { spec.office() } else { spec.crumb("/", cx.t("home")) };
    if unit.is_some() || field.is_some() {
        spec = spec.crumb(href(base, month, None, None), cx.t("supervision-title"));
    }
    cx.page("services/supervision.html", spec, data).await
}

/// Fields, agencies and months; each row leads to its own page, by an address from here.
fn tables(cx: &Cx, report: &Report) -> Vec<Table> {
    let (unit, field) = (report.unit.as_deref(), report.field.as_deref());
    let mut tables = Vec::new();
    let mut add = |title: &str, first: &str, rows| {
        tables.push(Table { title: cx.t(title), first: cx.t(first), rows });
    };
    if !report.fields.is_empty() {
        let href = |line: &Line| match line.code.as_str() {
            OTHER => String::new(),
            field => href("", &report.month, unit, Some(field)),
        };
        let rows = report.fields.iter().map(|line| row(cx, line, href(line))).collect();
        add("supervision-by-field", "supervision-field", rows);
    }
    if unit.is_none() {
        let href = |line: &Line| href("", &report.month, Some(&line.code), field);
        let rows = report.units.iter().map(|line| row(cx, line, href(line))).collect();
        add("supervision-by-unit", "supervision-unit", rows);
    }
    // Months in which nothing happened stand in the chart alone.
    let busy = report.months.iter().rev().filter(|line| line.is_busy());
    let rows = busy.map(|line| row(cx, line, href("", &line.code, unit, field))).collect();
    add("supervision-by-month", "supervision-month", rows);
    tables
}

/// An address within supervision; an empty `base` is the page itself.
fn href(base: &str, month: &str, unit: Option<&str>, field: Option<&str>) -> String {
    let mut href = format!("{base}?month={month}");
    for (name, value) in [("unit", unit), ("field", field)] {
        if let Some(value) = value {
            href += &format!("&{name}={value}");
        }
    }
    href
}

fn scope_name(cx: &Cx, scope: &Scope) -> String {
    let unit = scope.unit.as_deref().and_then(|code| cx.city.agencies().get(code));
    let field = scope.field.as_deref().and_then(|id| cx.city.get::<songhan_city::Fields>().get(id));
    let unit = unit.map_or_else(|| cx.city.manifest().name.get(cx.lang), |unit| unit.name.get(cx.lang));
    match field {
        Some(field) => format!("{unit} · {}", field.name.get(cx.lang)),
        None => unit.to_owned(),
    }
}

fn stats(cx: &Cx, report: &Report) -> Vec<Value> {
    let (total, handled) = (&report.total, &report.total.handled);
    let stat = |value: Value, key: &str, tone: &str, icon: &str| json!({ "value": value, "label": cx.t(key), "tone": tone, "icon": icon });
    let late = total.open_late.unwrap_or(0);
    let hours = total.mean_hours.map_or_else(
        || "–".to_owned(),
        |hours| cx.text(cx.lang, "supervision-hours", &[("hours", &decimal(cx, hours))]),
    );
    let mut stats = vec![
        stat(json!(handled.received), "supervision-stat-received", "", "inbox"),
        stat(json!(hours), "supervision-stat-hours", "", "history"),
        stat(json!(total.open.unwrap_or(0)), "supervision-stat-open", "", "progress"),
        stat(json!(late), "supervision-stat-open-late", if late > 0 { "danger" } else { "" }, "warning"),
    ];
    stats.extend(cx.city.get::<Indicators>().all().iter().map(|one| {
        let value = total.indicators.get(one.id.as_str()).copied().flatten();
        let withheld = report.ratings_withheld.filter(|_| one.is_of_ratings());
        let remark = match (withheld, one.target) {
            (Some(why), _) => withheld_text(cx, report, why),
            (None, Some(target)) => Some(target_text(cx, target)),
            (None, None) => None,
        };
        let name = one.name.get(cx.lang);
        let label = remark.map_or_else(|| name.to_owned(), |remark| format!("{name} ({remark})"));
        let tone = if one.is_missed(value) { "warning" } else { "" };
        json!({ "value": percent(cx, value), "label": label, "tone": tone, "icon": one.icon })
    }));
    stats
}

fn target_text(cx: &Cx, target: f64) -> String {
    cx.text(cx.lang, "supervision-target", &[("percent", &percent(cx, Some(target)))])
}

/// Why there is no share of ratings.
fn withheld_text(cx: &Cx, report: &Report, why: Withheld) -> Option<String> {
    let least = report.ratings_shown_from?.to_string();
    Some(match why {
        Withheld::Few => cx.text(cx.lang, "supervision-ratings-few", &[("least", &least)]),
        Withheld::Running => cx.t("supervision-ratings-running"),
        Withheld::UnitAndField => cx.t("supervision-ratings-unit-and-field"),
    })
}

/// What each indicator rests on.
fn sources(cx: &Cx, report: &Report) -> Vec<Value> {
    let least = report.ratings_shown_from.unwrap_or_default().to_string();
    let how = cx.text(cx.lang, "supervision-ratings-how", &[("least", &least)]);
    let source = |one: &Indicator| {
        let how = if one.is_of_ratings() { how.as_str() } else { "" };
        json!({ "name": one.name.get(cx.lang), "source": one.source.get(cx.lang), "how": how })
    };
    cx.city.get::<Indicators>().all().iter().map(source).collect()
}

/// The months to look at: twelve up to the present.
fn chips(cx: &Cx, scope: &Scope, base: &str) -> Vec<Value> {
    let months = Month::of(cx.today()).last(12);
    let chip = |month: Month| {
        let href = href(base, &month.to_string(), scope.unit.as_deref(), scope.field.as_deref());
        json!({ "href": href, "label": month.in_words(), "current": month == scope.month })
    };
    months.into_iter().rev().map(chip).collect()
}

fn bars(months: &[Line]) -> Vec<Bar> {
    let most = months.iter().map(|line| line.handled.received).max().unwrap_or(0).max(1);
    let bar = |(n, line): (usize, &Line)| Bar {
        x: n as i64 * 30,
        all: line.handled.received * HEIGHT / most,
        online: line.handled.online * HEIGHT / most,
        name: line.name.clone(),
        label: line.name.chars().take(2).collect(),
        value: line.handled.received,
    };
    months.iter().enumerate().map(bar).collect()
}

/// What will be late soon, in the units where the actor has a desk; `None` for those who have none.
async fn soon(cx: &Cx) -> Result<Option<Vec<Vec<Value>>>, Internal> {
    let units = units(cx);
    if units.as_ref().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    let kinds = vec![CASE_KIND.to_owned()];
    // What is late already stands in the inbox; here is what can still be saved.
    let filter = Filter { units, kinds, ..Filter::soon(cx.now(), songhan_cases::soon_until(cx)) };
    let page = songhan_cases::inbox(&cx.db, &filter, None, SOON).await?;
    Ok(Some(page.cases.iter().map(|case| songhan_services::inbox_row(cx, case)).collect()))
}

/// What applicants said with their ratings of a unit's month, for those who answer for it: without names, in an order
/// that says nothing of when.
async fn said(cx: &Cx, scope: &Scope) -> Result<Option<Vec<String>>, Internal> {
    let may_read = |unit: &&str| cx.actor.has(Role::Administrator) || cx.actor.has_at(Role::Leader, unit);
    let Some(unit) = scope.unit.as_deref().filter(may_read) else { return Ok(None) };
    let topics = match scope.field.as_deref() {
        Some(field) => Some(topics_of(&*Catalogue::of(&cx.app).await?, field)),
        None => None,
    };
    let span = scope.month.span(&cx.zone);
    let mut said = songhan_services::rating_comments(&cx.db, unit, span, topics.as_deref(), SAID).await?;
    said.sort_unstable();
    Ok(Some(said))
}
