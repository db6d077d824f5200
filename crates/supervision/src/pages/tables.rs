//! Tables of figures: a hundred rows of a dozen cells, each cell a text that is ready.

use serde::Serialize;
use songhan_app::Cx;
use songhan_base::Lang;

use crate::report::Line;
use crate::{Indicator, Indicators};

#[derive(Serialize)]
pub struct Table {
    pub title: String,
    /// What its rows are.
    pub first: String,
    pub rows: Vec<Row>,
}

#[derive(Serialize)]
pub struct Row {
    name: String,
    /// Empty where the row leads nowhere.
    href: String,
    cells: Vec<String>,
    /// Đang quá hạn: the last cell, told apart where there are any.
    late: String,
    is_late: bool,
}

/// The heads of the columns behind the first.
pub fn columns(cx: &Cx) -> Vec<String> {
    let fixed = |key: &str| cx.t(key);
    let mut columns: Vec<String> =
        ["supervision-received", "supervision-finished", "supervision-late"].map(fixed).into();
    columns.extend(cx.city.get::<Indicators>().all().iter().map(|one| one.column.get(cx.lang).to_owned()));
    columns.extend(["supervision-mean", "supervision-open", "supervision-open-late"].map(fixed));
    columns
}

pub fn row(cx: &Cx, line: &Line, href: String) -> Row {
    let handled = &line.handled;
    let mut cells: Vec<String> = [handled.received, line.finished, handled.late].map(|n| n.to_string()).into();
    let value = |one: &Indicator| line.indicators.get(one.id.as_str()).copied().flatten();
    cells.extend(cx.city.get::<Indicators>().all().iter().map(|one| percent(cx, value(one))));
    cells.push(line.mean_hours.map_or_else(nothing, |hours| decimal(cx, hours)));
    cells.push(line.open.map_or_else(nothing, |open| open.to_string()));
    let late = line.open_late.map_or_else(nothing, |late| late.to_string());
    Row { name: line.name.clone(), href, cells, late, is_late: line.open_late.is_some_and(|late| late > 0) }
}

fn nothing() -> String {
    "–".to_owned()
}

/// A decimal as the language writes it.
pub fn decimal(cx: &Cx, value: f64) -> String {
    let text = format!("{value:.1}");
    if cx.lang == Lang::Vi { text.replace('.', ",") } else { text }
}

pub fn percent(cx: &Cx, value: Option<f64>) -> String {
    value.map_or_else(nothing, |value| format!("{}%", decimal(cx, value)))
}
