//! Giám sát: how the agencies keep their promises, for everyone in figures, for leaders down to their own dossiers.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Access, Cx, IntoProblem, MenuItem, PageSpec, Problem, Query, Route};
use songhan_base::{Id, Internal, Lang, Role};
use songhan_cases::{Cursor, Filter};
use songhan_procedures::Catalogue;
use songhan_services::{CASE_KIND, inbox_row as row, inbox_units as units};

use crate::ops::show_supervision::{Input, scope};
use crate::report::{Line, Report, Scope, report, topics_of};
use crate::{Indicator, Indicators, Month};

/// Those who handle dossiers; which of them they see is for each page to say.
const DESK: Access = Access::Roles(&[Role::Officer, Role::Leader]);

/// Those who answer for figures. Dossiers behind them are shown by right.
const SUPERVISION: Access = Access::Roles(&[Role::Leader, Role::Administrator]);

pub const TEMPLATES: &[(&str, &str)] = &[
    ("services/supervision.html", include_str!("../templates/services/supervision.html")),
    (
        "services/office/supervision-dossiers.html",
        include_str!("../templates/services/office/supervision-dossiers.html"),
    ),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/supervision", public, Access::Public),
        Route::get("/office/supervision", office, SUPERVISION),
        Route::get("/office/supervision/dossiers", dossiers, DESK),
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

/// Dossiers on a page, and warnings.
const PAGE: usize = 25;
const SOON: usize = 10;

#[derive(Serialize)]
struct Data {
    /// Where the links of the page lead: `/supervision` or `/office/supervision`.
    base: &'static str,
    scope_name: String,
    month_name: String,
    stats: Vec<Value>,
    months: Vec<Value>,
    bars: Vec<Bar>,
    chart_text: String,
    tables: Vec<Table>,
    sources: Vec<Value>,
    /// What will be late, for the leaders of the units.
    soon: Option<Vec<Vec<Value>>>,
    /// The dossiers behind the figures, for those who handle them.
    dossiers_href: String,
    wider_href: String,
    other: Value,
}

#[derive(Serialize)]
struct Table {
    title: String,
    columns: Vec<Value>,
    rows: Vec<Vec<Value>>,
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
    let to = |month: &str, unit: Option<&str>, field: Option<&str>| href(base, month, unit, field);
    let (unit, field) = (scope.unit.as_deref(), scope.field.as_deref());
    let rows = |lines: &[Line], link: &dyn Fn(&Line) -> String| {
        lines.iter().map(|line| cells(cx, line, link(line))).collect::<Vec<_>>()
    };
    let mut tables = Vec::new();
    if !report.fields.is_empty() {
        let rows = rows(&report.fields, &|line| match line.code.as_str() {
            "other" => String::new(),
            field => to(&report.month, unit, Some(field)),
        });
        tables.push(Table { title: cx.t("supervision-by-field"), columns: columns(cx, "supervision-field"), rows });
    }
    if unit.is_none() {
        let rows = rows(&report.units, &|line| to(&report.month, Some(&line.code), field));
        tables.push(Table { title: cx.t("supervision-by-unit"), columns: columns(cx, "supervision-unit"), rows });
    }
    // Months in which nothing happened stand in the chart alone.
    let busy = report.months.iter().rev().filter(|line| line.received + line.finished + line.refused > 0);
    let busy: Vec<Line> = busy.cloned().collect();
    let months = rows(&busy, &|line| to(&line.code, unit, field));
    tables.push(Table { title: cx.t("supervision-by-month"), columns: columns(cx, "supervision-month"), rows: months });
    let sees = unit.filter(|unit| office && handles(cx, unit));
    let data = Data {
        base,
        scope_name: scope_name(cx, &scope),
        month_name: scope.month.in_words(),
        stats: stats(cx, &report),
        months: chips(cx, &scope, base),
        bars: bars(&report.months),
        chart_text: cx.text(cx.lang, "supervision-chart", &[("scope", &scope_name(cx, &scope))]),
        tables,
        sources: sources(cx),
        soon: if office { soon(cx).await? } else { None },
        dossiers_href: sees
            .map_or_else(String::new, |_| href("/office/supervision/dossiers", &report.month, unit, field)),
        wider_href: if unit.is_some() || field.is_some() { to(&report.month, None, None) } else { String::new() },
        other: json!({ "json": href("/api/v1/supervision", &report.month, unit, field) }),
    };
    let mut spec = PageSpec::titled(cx.t("supervision-title"));
    spec = if office { spec.office() } else { spec.crumb("/", cx.t("home")) };
    if unit.is_some() || field.is_some() {
        spec = spec.crumb(to(&report.month, None, None), cx.t("supervision-title"));
    }
    cx.page("services/supervision.html", spec, data).await
}

/// An address within supervision.
fn href(base: &str, month: &str, unit: Option<&str>, field: Option<&str>) -> String {
    let mut href = format!("{base}?month={month}");
    for (name, value) in [("unit", unit), ("field", field)] {
        if let Some(value) = value {
            href += &format!("&{name}={value}");
        }
    }
    href
}

/// Whether the actor may read the dossiers of a unit.
fn handles(cx: &Cx, unit: &str) -> bool {
    [Role::Officer, Role::Leader].into_iter().any(|role| cx.actor.has_at(role, unit))
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

/// A decimal as the language writes it.
fn decimal(cx: &Cx, value: f64) -> String {
    let text = format!("{value:.1}");
    if cx.lang == Lang::Vi { text.replace('.', ",") } else { text }
}

fn percent(cx: &Cx, value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{}%", decimal(cx, value)))
}

fn hours(cx: &Cx, value: Option<f64>) -> String {
    value.map_or_else(
        || "–".to_owned(),
        |value| cx.text(cx.lang, "supervision-hours", &[("hours", &decimal(cx, value))]),
    )
}

fn stats(cx: &Cx, report: &Report) -> Vec<Value> {
    let total = &report.total;
    let stat = |value: Value, key: &str, tone: &str, icon: &str| json!({ "value": value, "label": cx.t(key), "tone": tone, "icon": icon });
    let late = total.open_late.unwrap_or(0);
    let mut stats = vec![
        stat(json!(total.received), "supervision-stat-received", "", "inbox"),
        stat(json!(hours(cx, total.mean_hours)), "supervision-stat-hours", "", "history"),
        stat(json!(total.open.unwrap_or(0)), "supervision-stat-open", "", "progress"),
        stat(json!(late), "supervision-stat-open-late", if late > 0 { "danger" } else { "" }, "warning"),
    ];
    stats.extend(cx.city.get::<Indicators>().all().iter().map(|one| {
        let value = total.indicators.get(one.id.as_str()).copied().flatten();
        let label = match one.target {
            Some(target) => format!("{} ({})", one.name.get(cx.lang), target_text(cx, target)),
            None => one.name.get(cx.lang).to_owned(),
        };
        let tone = if one.is_missed(value) { "warning" } else { "" };
        json!({ "value": percent(cx, value), "label": label, "tone": tone, "icon": one.icon })
    }));
    stats
}

fn target_text(cx: &Cx, target: f64) -> String {
    cx.text(cx.lang, "supervision-target", &[("percent", &percent(cx, Some(target)))])
}

/// The columns of a table; `first` is the key of what its rows are.
fn columns(cx: &Cx, first: &str) -> Vec<Value> {
    let number = |label: String| json!({ "label": label, "kind": "number" });
    let fixed = |key: &str| number(cx.t(key));
    let mut columns = vec![json!({ "label": cx.t(first), "kind": "main" })];
    columns.extend(["supervision-received", "supervision-finished", "supervision-late"].map(fixed));
    columns.extend(cx.city.get::<Indicators>().all().iter().map(|one| number(one.column.get(cx.lang).to_owned())));
    columns.extend(["supervision-mean", "supervision-open", "supervision-open-late"].map(fixed));
    columns
}

/// What each indicator rests on.
fn sources(cx: &Cx) -> Vec<Value> {
    let source = |one: &Indicator| json!({ "name": one.name.get(cx.lang), "source": one.source.get(cx.lang) });
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
    let most = months.iter().map(|line| line.received).max().unwrap_or(0).max(1);
    let bar = |(n, line): (usize, &Line)| Bar {
        x: n as i64 * 30,
        all: line.received * HEIGHT / most,
        online: line.online * HEIGHT / most,
        name: line.name.clone(),
        label: line.name.chars().take(2).collect(),
        value: line.received,
    };
    months.iter().enumerate().map(bar).collect()
}

/// A row of a table.
fn cells(cx: &Cx, line: &Line, href: String) -> Vec<Value> {
    let first = if href.is_empty() { json!(line.name) } else { json!({ "text": line.name, "href": href }) };
    let now = line.open.map_or_else(|| json!("–"), |open| json!(open));
    let late = match line.open_late {
        Some(late) if late > 0 => {
            json!({ "badge": { "label": late.to_string(), "tone": "danger", "icon": "warning" } })
        }
        Some(late) => json!(late),
        None => json!("–"),
    };
    let mut cells = vec![first, json!(line.received), json!(line.finished), json!(line.late)];
    let value = |one: &Indicator| line.indicators.get(one.id.as_str()).copied().flatten();
    cells.extend(cx.city.get::<Indicators>().all().iter().map(|one| json!(percent(cx, value(one)))));
    cells.extend([json!(hours(cx, line.mean_hours)), now, late]);
    cells
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
    Ok(Some(page.cases.iter().map(|case| row(cx, case)).collect()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    month: Option<String>,
    unit: Option<String>,
    field: Option<String>,
    after: String,
}

/// The dossiers behind a figure: those that a unit received in a month, for those who handle them.
pub async fn dossiers(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let input = Input { month: asked.month, unit: asked.unit, field: asked.field, lang: None };
    let scope = scope(&cx, &input).map_err(IntoProblem::into_problem)?;
    let Some(unit) = scope.unit.as_deref().filter(|unit| handles(&cx, unit)) else {
        return Err(Problem::not_found("list of dossiers"));
    };
    let topics = match scope.field.as_deref() {
        Some(field) => Some(topics_of(&*Catalogue::of(&cx.app).await?, field)),
        None => None,
    };
    let span = scope.month.span(&cx.zone);
    let after = asked.after.parse::<Cursor>().ok().map(|cursor| (cursor.order, cursor.id));
    let found = songhan_services::received(&cx.db, unit, span, topics.as_deref(), after, PAGE as i64 + 1).await?;
    let (month, field) = (scope.month.to_string(), scope.field.as_deref());
    let next = found.get(PAGE).and_then(|_| found.get(PAGE - 1)).map(|last| {
        let cursor = Cursor { order: last.created_at.as_microsecond(), id: last.case_id };
        format!("{}&after={cursor}", href("/office/supervision/dossiers", &month, Some(unit), field))
    });
    let ids: Vec<Id> = found.iter().take(PAGE).map(|one| one.case_id).collect();
    let cases = songhan_cases::by_ids(&cx.db, &ids).await?;
    let spec = PageSpec::titled(cx.t("supervision-dossiers"))
        .office()
        .crumb(href("/office/supervision", &month, Some(unit), field), cx.t("supervision-title"));
    let data = json!({
        "scope_name": scope_name(&cx, &scope),
        "month_name": scope.month.in_words(),
        "rows": cases.iter().map(|case| row(&cx, case)).collect::<Vec<_>>(),
        "next": next.unwrap_or_default(),
    });
    cx.page("services/office/supervision-dossiers.html", spec, data).await
}
