//! A report: the figures of one month by agency and by field, and of the twelve months up to it.

use std::collections::BTreeMap;

use serde::Serialize;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_city::Fields;
use songhan_procedures::Catalogue;

use crate::figures::Figures;
use crate::indicator::Indicators;
use crate::months::Month;
use crate::store::{self, Keyed};

/// What is asked for. Nothing chosen is the whole city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pub month: Month,
    /// Code of a unit.
    pub unit: Option<String>,
    /// Id of a field.
    pub field: Option<String>,
}

/// Báo cáo giám sát.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SupervisionReport)]
pub struct Report {
    #[schema(example = "2026-11")]
    pub month: String,
    #[schema(example = "ubnd-hai-chau")]
    pub unit: Option<String>,
    #[schema(example = "civil-status")]
    pub field: Option<String>,
    /// The month as a whole, and what is open now.
    pub total: Line,
    /// Each agency; empty where one was asked for.
    pub units: Vec<Line>,
    /// Each field; empty where one was asked for.
    pub fields: Vec<Line>,
    /// Twelve months, the oldest first.
    pub months: Vec<Line>,
}

/// One row.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SupervisionLine)]
pub struct Line {
    /// Code of the agency, id of the field, or the month.
    #[schema(example = "ubnd-hai-chau")]
    pub code: String,
    #[schema(example = "Ủy ban nhân dân phường Hải Châu")]
    pub name: String,
    /// Handed in.
    #[schema(example = 1200)]
    pub received: i64,
    /// Of these, online.
    #[schema(example = 960)]
    pub online: i64,
    /// Come to a result.
    #[schema(example = 1110)]
    pub finished: i64,
    #[schema(example = 1100)]
    pub in_time: i64,
    /// Finished after the date that was promised, or extended only when it was past.
    #[schema(example = 8)]
    pub late: i64,
    #[schema(example = 11)]
    pub refused: i64,
    #[schema(example = 3)]
    pub withdrawn: i64,
    #[schema(example = 1)]
    pub stopped: i64,
    /// Given a later date, with an apology.
    #[schema(example = 4)]
    pub extended: i64,
    /// Fees paid, and of these not at a counter.
    #[schema(example = 640)]
    pub paid: i64,
    #[schema(example = 610)]
    pub paid_online: i64,
    /// Papers handed in, and of these taken over from earlier dossiers.
    #[schema(example = 2100)]
    pub papers: i64,
    #[schema(example = 190)]
    pub reused: i64,
    /// How many said how content they are, and of these content or very content.
    #[schema(example = 300)]
    pub ratings: i64,
    #[schema(example = 281)]
    pub satisfied: i64,
    /// The city's indicators by their id, in percent; null where nothing was counted.
    #[schema(example = json!({"in_time": 99.3, "online": 80.0}))]
    pub indicators: BTreeMap<String, Option<f64>>,
    /// Mean working time of what was finished, in hours; pauses are left out.
    #[schema(example = 9.2)]
    pub mean_hours: Option<f64>,
    /// Being handled now; missing in the row of a month.
    #[schema(example = 85)]
    pub open: Option<i64>,
    /// Of these, past the date that was promised.
    #[schema(example = 2)]
    pub open_late: Option<i64>,
}

impl Line {
    fn new(
        declared: &Indicators,
        code: impl Into<String>,
        name: impl Into<String>,
        of_month: Figures,
        now: Option<Figures>,
    ) -> Self {
        let indicators = declared.all().iter().map(|one| (one.id.to_string(), one.percent(&of_month))).collect();
        Self {
            indicators,
            code: code.into(),
            name: name.into(),
            received: of_month.received,
            online: of_month.online,
            finished: of_month.finished(),
            in_time: of_month.in_time,
            late: of_month.late,
            refused: of_month.refused,
            withdrawn: of_month.withdrawn,
            stopped: of_month.stopped,
            extended: of_month.extended,
            paid: of_month.paid,
            paid_online: of_month.paid_online,
            papers: of_month.papers,
            reused: of_month.reused,
            ratings: of_month.ratings,
            satisfied: of_month.satisfied,
            mean_hours: of_month.mean_hours(),
            open: now.map(|now| now.open),
            open_late: now.map(|now| now.open_late),
        }
    }
}

/// Months in a report.
const MONTHS: u32 = 12;
/// What is open now stands under no month.
const NOW: &str = "";
/// The field of procedures that the catalogue does not hold any more.
const OTHER: &str = "other";

/// Puts a report together from the figures alone.
pub async fn report(cx: &Cx, scope: &Scope) -> Result<Report, Internal> {
    let catalogue = Catalogue::of(&cx.app).await?;
    let topics: Option<Vec<String>> = scope.field.as_deref().map(|field| topics_of(&catalogue, field));
    let (month, unit) = (scope.month.to_string(), scope.unit.as_deref());
    let (units, units_now) = match (&topics, unit) {
        (_, Some(_)) => (Vec::new(), Vec::new()),
        (None, None) => (store::by_unit(&cx.db, &month).await?, store::by_unit(&cx.db, NOW).await?),
        (Some(topics), None) => {
            (store::by_unit_of(&cx.db, &month, topics).await?, store::by_unit_of(&cx.db, NOW, topics).await?)
        }
    };
    let fields = by_field(&catalogue, store::by_topic(&cx.db, &month, unit).await?);
    let fields_now = by_field(&catalogue, store::by_topic(&cx.db, NOW, unit).await?);
    let months = months(cx, scope, topics.as_deref()).await?;
    let of_field = |all: &BTreeMap<String, Figures>| {
        let mut sum = Figures::default();
        let chosen = all.iter().filter(|(id, _)| scope.field.as_ref().is_none_or(|field| field == *id));
        chosen.for_each(|(_, figures)| sum += *figures);
        sum
    };
    let declared = cx.city.get::<Indicators>();
    let total =
        Line::new(declared, month.as_str(), scope.month.in_words(), of_field(&fields), Some(of_field(&fields_now)));
    let field_name = |id: &str| match cx.city.get::<Fields>().get(id) {
        Some(field) => field.name.get(cx.lang).to_owned(),
        None => cx.t("supervision-other-field"),
    };
    let fields = if scope.field.is_some() { Vec::new() } else { join(declared, fields, fields_now, field_name) };
    let unit_name = |code: &str| {
        let unit = cx.city.agencies().get(code);
        unit.map_or_else(|| code.to_owned(), |unit| unit.name.get(cx.lang).to_owned())
    };
    let units = join(declared, keyed(units), keyed(units_now), unit_name);
    Ok(Report { month, unit: scope.unit.clone(), field: scope.field.clone(), total, units, fields, months })
}

/// Codes of the procedures of a field.
pub fn topics_of(catalogue: &Catalogue, field: &str) -> Vec<String> {
    catalogue.iter().filter(|procedure| procedure.field == field).map(|procedure| procedure.code.clone()).collect()
}

async fn months(cx: &Cx, scope: &Scope, topics: Option<&[String]>) -> Result<Vec<Line>, Internal> {
    let months = scope.month.last(MONTHS);
    let names: Vec<String> = months.iter().map(ToString::to_string).collect();
    let (first, last) = (names.first().cloned().unwrap_or_default(), names.last().cloned().unwrap_or_default());
    let unit = scope.unit.as_deref();
    let found = keyed(match topics {
        Some(topics) => store::by_month_of(&cx.db, &names, unit, topics).await?,
        None => store::by_month(&cx.db, &first, &last, unit).await?,
    });
    let declared = cx.city.get::<Indicators>();
    let line = |(month, name): (&Month, &String)| {
        Line::new(declared, name.as_str(), month.in_words(), found.get(name).copied().unwrap_or_default(), None)
    };
    Ok(months.iter().zip(&names).map(line).collect())
}

fn keyed(rows: Vec<Keyed>) -> BTreeMap<String, Figures> {
    rows.into_iter().map(|row| (row.label, row.figures)).collect()
}

fn by_field(catalogue: &Catalogue, rows: Vec<Keyed>) -> BTreeMap<String, Figures> {
    let mut fields: BTreeMap<String, Figures> = BTreeMap::new();
    for row in rows {
        let field = catalogue.get(&row.label).map_or(OTHER, |procedure| procedure.field.as_str());
        *fields.entry(field.to_owned()).or_default() += row.figures;
    }
    fields
}

/// Rows of what has figures of the month, or something open now.
fn join(
    declared: &Indicators,
    of_month: BTreeMap<String, Figures>,
    now: BTreeMap<String, Figures>,
    name: impl Fn(&str) -> String,
) -> Vec<Line> {
    let mut codes: Vec<&String> = of_month.keys().chain(now.keys()).collect();
    codes.sort_unstable();
    codes.dedup();
    let figures = |of: &BTreeMap<String, Figures>, code: &str| of.get(code).copied().unwrap_or_default();
    let line =
        |code: &String| Line::new(declared, code, name(code), figures(&of_month, code), Some(figures(&now, code)));
    let mut lines: Vec<Line> = codes.into_iter().map(line).collect();
    lines.retain(|line| line.received + line.finished + line.refused + line.open.unwrap_or(0) > 0);
    lines.sort_by(|a, b| b.received.cmp(&a.received).then_with(|| a.name.cmp(&b.name)));
    lines
}
