//! A report: the figures of one month by agency and by field, and of the twelve months up to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_city::Fields;
use songhan_procedures::Catalogue;

use crate::figures::{Figures, Handled};
use crate::indicator::{Indicator, Indicators};
use crate::months::Month;
use crate::ratings::{Row, Rows, Sight, Withheld};
use crate::store::{self, Keyed, Now};

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
    /// From how many on ratings are shown to everyone, once their month is over.
    #[schema(example = 5)]
    pub ratings_shown_from: Option<i64>,
    /// Why those of `total` are not shown; null where they are.
    pub ratings_withheld: Option<Withheld>,
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
    #[serde(flatten)]
    pub handled: Handled,
    /// Come to a result.
    #[schema(example = 1110)]
    pub finished: i64,
    /// How many said how content they are, and of these content or very content; null where it is not shown.
    #[schema(example = 300)]
    pub ratings: Option<i64>,
    #[schema(example = 281)]
    pub satisfied: Option<i64>,
    /// The city's indicators by their id, in percent; null where nothing was counted or it is not shown.
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
    /// Of a month's figures, with ratings where they are shown.
    fn new(declared: &Indicators, code: &str, name: String, figures: &Figures, shows_ratings: bool) -> Self {
        let percent = |one: &Indicator| one.percent(figures).filter(|_| shows_ratings || !one.is_of_ratings());
        Self {
            code: code.to_owned(),
            name,
            handled: figures.handled,
            finished: figures.handled.finished(),
            ratings: shows_ratings.then_some(figures.ratings),
            satisfied: shows_ratings.then_some(figures.satisfied),
            indicators: declared.all().iter().map(|one| (one.id.to_string(), percent(one))).collect(),
            mean_hours: figures.mean_hours(),
            open: None,
            open_late: None,
        }
    }

    /// Whether anything happened in it.
    pub const fn is_busy(&self) -> bool {
        self.handled.received + self.finished + self.handled.refused > 0
    }

    /// The same with what is open now.
    fn now(mut self, (open, open_late): (i64, i64)) -> Self {
        (self.open, self.open_late) = (Some(open), Some(open_late));
        self
    }
}

/// Months in a report.
const MONTHS: u32 = 12;
/// The field of procedures that the catalogue does not hold any more.
pub const OTHER: &str = "other";

/// Puts a report together from the figures alone.
pub async fn report(cx: &Cx, scope: &Scope) -> Result<Report, Internal> {
    let catalogue = Catalogue::of(&cx.app).await?;
    let topics: Option<Vec<String>> = scope.field.as_deref().map(|field| topics_of(&catalogue, field));
    let declared = cx.city.get::<Indicators>();
    let (month, unit) = (scope.month.to_string(), scope.unit.as_deref());
    let (units, units_now) = match (&topics, unit) {
        (_, Some(_)) => (Vec::new(), Vec::new()),
        (None, None) => (store::by_unit(&cx.db, &month).await?, store::open_by_unit(&cx.db).await?),
        (Some(topics), None) => {
            (store::by_unit_of(&cx.db, &month, topics).await?, store::open_by_unit_of(&cx.db, topics).await?)
        }
    };
    let units = Table { of_month: keyed(units), now: opened(units_now, |unit| unit) };
    // The fields of a chosen field's month are asked for where they say whether its ratings are shown.
    let fields = if unit.is_none() || scope.field.is_none() {
        let field = |topic: String| field_of(&catalogue, &topic);
        let mut of_month: BTreeMap<String, Figures> = BTreeMap::new();
        for row in store::by_topic(&cx.db, &month, unit).await? {
            *of_month.entry(field(row.label)).or_default() += row.figures;
        }
        Table { of_month, now: opened(store::open_by_topic(&cx.db, unit).await?, field) }
    } else {
        Table::default()
    };
    let seen = seen(cx, scope, &units, &fields).await?;
    let (total, months) = months(cx, scope, topics.as_deref(), seen.total).await?;
    let withheld = total.ratings.is_none().then(|| match seen.sight {
        _ if scope.unit.is_some() && scope.field.is_some() => Withheld::UnitAndField,
        Sight::None if declared.ratings_shown_from().is_some() => Withheld::Running,
        _ => Withheld::Few,
    });
    let field_name = |id: &str| match cx.city.get::<Fields>().get(id) {
        Some(field) => field.name.get(cx.lang).to_owned(),
        None => cx.t("supervision-other-field"),
    };
    let fields = if scope.field.is_some() { Vec::new() } else { fields.lines(declared, &seen.fields, field_name) };
    let unit_name = |code: &str| {
        let unit = cx.city.agencies().get(code);
        unit.map_or_else(|| code.to_owned(), |unit| unit.name.get(cx.lang).to_owned())
    };
    let units = units.lines(declared, &seen.units, unit_name);
    let (unit, field) = (scope.unit.clone(), scope.field.clone());
    let ratings_shown_from = declared.ratings_shown_from();
    Ok(Report { month, unit, field, ratings_shown_from, ratings_withheld: withheld, total, units, fields, months })
}

/// Where ratings are shown.
struct Seen {
    sight: Sight,
    units: Rows,
    fields: Rows,
    /// Whether those of the chosen unit or field are; the city's speak for themselves.
    total: Option<bool>,
}

async fn seen(cx: &Cx, scope: &Scope, units: &Table, fields: &Table) -> Result<Seen, Internal> {
    let sight = Sight::of(cx, scope.month);
    let none = || sight.all_or_none().rows([]);
    Ok(match (scope.unit.as_deref(), scope.field.as_deref()) {
        (None, None) => Seen { sight, units: units.rows(sight), fields: fields.rows(sight), total: None },
        (Some(unit), None) => {
            let rated = store::ratings_by_unit(&cx.db, &scope.month.to_string()).await?;
            let rows =
                rated.iter().map(|(code, ratings, satisfied)| Row { code, ratings: *ratings, satisfied: *satisfied });
            Seen { sight, units: none(), fields: none(), total: Some(sight.rows(rows).shows(unit)) }
        }
        (None, Some(field)) => {
            Seen { sight, units: none(), fields: none(), total: Some(fields.rows(sight).shows(field)) }
        }
        (Some(_), Some(_)) => Seen { sight, units: none(), fields: none(), total: Some(sight == Sight::All) },
    })
}

/// Codes of the procedures of a field.
pub fn topics_of(catalogue: &Catalogue, field: &str) -> Vec<String> {
    catalogue.iter().filter(|procedure| procedure.field == field).map(|procedure| procedure.code.clone()).collect()
}

fn field_of(catalogue: &Catalogue, topic: &str) -> String {
    catalogue.get(topic).map_or(OTHER, |procedure| procedure.field.as_str()).to_owned()
}

/// The chosen month with what is open now, and the twelve up to it.
async fn months(
    cx: &Cx,
    scope: &Scope,
    topics: Option<&[String]>,
    shows_total: Option<bool>,
) -> Result<(Line, Vec<Line>), Internal> {
    let months = scope.month.last(MONTHS);
    let mut names: Vec<String> = months.iter().map(ToString::to_string).collect();
    names.push(store::NOW.to_owned());
    let unit = scope.unit.as_deref();
    let found = keyed(match topics {
        Some(topics) => store::by_month_of(&cx.db, &names, unit, topics).await?,
        None => store::by_month(&cx.db, &names, unit).await?,
    });
    let declared = cx.city.get::<Indicators>();
    let figures = |name: &str| found.get(name).copied().unwrap_or_default();
    let line = |month: Month, shows_ratings: Option<bool>| {
        let (name, sight) = (month.to_string(), Sight::of(cx, month));
        let figures = figures(&name);
        let shows_ratings = shows_ratings.unwrap_or_else(|| sight.shows(figures.ratings));
        Line::new(declared, &name, month.in_words(), &figures, shows_ratings)
    };
    let now = figures(store::NOW);
    let total = line(scope.month, shows_total).now((now.open, now.open_late));
    let is_all = Sight::of(cx, scope.month) == Sight::All;
    let lines = months.into_iter().map(|month| line(month, shows_total.map(|_| is_all))).collect();
    Ok((total, lines))
}

fn keyed(rows: Vec<Keyed>) -> BTreeMap<String, Figures> {
    rows.into_iter().map(|row| (row.label, row.figures)).collect()
}

fn opened(rows: Vec<Now>, key: impl Fn(String) -> String) -> BTreeMap<String, (i64, i64)> {
    let mut open: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for row in rows {
        let sum = open.entry(key(row.label)).or_default();
        *sum = (sum.0 + row.open, sum.1 + row.open_late);
    }
    open
}

/// Agencies or fields, each with its figures of the month and with what is open and overdue now.
#[derive(Default)]
struct Table {
    of_month: BTreeMap<String, Figures>,
    now: BTreeMap<String, (i64, i64)>,
}

impl Table {
    /// Which rows show their ratings.
    fn rows(&self, sight: Sight) -> Rows {
        sight.rows(self.of_month.iter().map(|(code, figures)| Row {
            code,
            ratings: figures.ratings,
            satisfied: figures.satisfied,
        }))
    }

    /// Rows of what has figures of the month, or something open now.
    fn lines(&self, declared: &Indicators, seen: &Rows, name: impl Fn(&str) -> String) -> Vec<Line> {
        let codes: BTreeSet<&String> = self.of_month.keys().chain(self.now.keys()).collect();
        let line = |code: &String| {
            let figures = self.of_month.get(code).copied().unwrap_or_default();
            let line = Line::new(declared, code, name(code), &figures, seen.shows(code));
            line.now(self.now.get(code).copied().unwrap_or_default())
        };
        let mut lines: Vec<Line> = codes.into_iter().map(line).collect();
        lines.retain(|line| line.is_busy() || line.open.is_some_and(|open| open > 0));
        lines.sort_by(|a, b| b.handled.received.cmp(&a.handled.received).then_with(|| a.name.cmp(&b.name)));
        lines
    }
}
