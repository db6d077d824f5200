//! Reading and checking `areas.csv`, which a civil servant keeps in a spreadsheet.

use serde::Deserialize;
use songhan_base::Text;

use super::{Area, AreaKind, Areas};
use crate::{City, Declaration, Folder, Place, Report, dates, nearest};

#[derive(Deserialize)]
struct Row {
    code: String,
    name: String,
    name_en: Option<String>,
    kind: AreaKind,
    parent: Option<String>,
    valid_from: String,
    valid_to: Option<String>,
    merged_from: Option<String>,
    population: Option<u32>,
    area_km2: Option<f64>,
    lat: Option<f64>,
    lon: Option<f64>,
    office: Option<String>,
}

impl Row {
    /// The area, or the column whose date cannot be read.
    fn area(self, place: Place) -> Result<Area, &'static str> {
        let merged_from = self.merged_from.as_deref().unwrap_or_default();
        let day = |column, text: &str| dates::parse(text).ok_or(column);
        let valid_to = self.valid_to.as_deref().map(|text| day("valid_to", text)).transpose()?;
        Ok(Area {
            code: self.code,
            name: Text { vi: self.name, en: self.name_en },
            kind: self.kind,
            parent: self.parent,
            valid_from: day("valid_from", &self.valid_from)?,
            valid_to,
            merged_from: merged_from.split(';').map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned).collect(),
            population: self.population,
            area_km2: self.area_km2,
            lat: self.lat,
            lon: self.lon,
            office: self.office,
            place,
        })
    }
}

const PATH: &str = "areas.csv";

/// The columns; the first ones cannot be missing.
const COLUMNS: [&str; 13] = [
    "code",
    "name",
    "kind",
    "valid_from",
    "name_en",
    "parent",
    "valid_to",
    "merged_from",
    "population",
    "area_km2",
    "lat",
    "lon",
    "office",
];
const NEEDED: usize = 4;

/// Whether the first line names columns that a table of areas has.
fn check_columns(headers: &csv::StringRecord, report: &mut Report) -> bool {
    let place = Place::new(PATH, 1);
    if headers.len() == 1 && headers.get(0).is_some_and(|line| line.contains([';', '\t'])) {
        report.add(&place, "the columns are not separated by commas", "save the table as CSV with commas, in UTF-8");
        return false;
    }
    for column in headers.iter().filter(|column| !COLUMNS.contains(column)) {
        let remedy = match nearest(column, COLUMNS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the columns are {}", COLUMNS.join(", ")),
        };
        report.add(&place, format!("unknown column `{column}`"), remedy);
    }
    let missing: Vec<_> = COLUMNS[..NEEDED].iter().filter(|column| !headers.iter().any(|h| h == **column)).collect();
    for column in &missing {
        report.add(&place, format!("the column `{column}` is missing"), "add it to the first line and to every row");
    }
    missing.is_empty()
}

impl Declaration for Areas {
    const NAME: &'static str = "areas";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let mut areas = Self { origin: folder.toml_if_present("areas.toml", report), ..Self::default() };
        let Some(text) = folder.read(PATH) else {
            report.add(&Place::file(PATH), "the file is missing", "write one row for each area of the city");
            return areas;
        };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers = match reader.headers() {
            Ok(headers) => headers.clone(),
            Err(error) => {
                report.add(&Place::new(PATH, 1), error, "write the names of the columns in the first line");
                return areas;
            }
        };
        if !check_columns(&headers, report) {
            return areas;
        }
        for record in reader.records() {
            let line = |position: Option<&csv::Position>| position.map_or(1, |p| p.line() as u32);
            match record {
                Ok(record) => {
                    let place = Place::new(PATH, line(record.position()));
                    match record.deserialize::<Row>(Some(&headers)).map(|row| row.area(place.clone())) {
                        Ok(Ok(area)) => areas.insert(area, report),
                        Ok(Err(column)) => {
                            let remedy = "write it as 2025-07-01; in a spreadsheet let the column be text";
                            report.add(&place, format!("column {column}: this is no date"), remedy);
                        }
                        Err(error) => report.add(&place, explain(&error, &headers), "correct the row"),
                    }
                }
                Err(error) => {
                    let place = Place::new(PATH, line(error.position()));
                    report.add(
                        &place,
                        "the row has more or fewer cells than the first line",
                        "check its commas and quotes",
                    );
                }
            }
        }
        areas
    }

    fn check(&self, _: &City, report: &mut Report) {
        for area in &self.all {
            if area.valid_to.is_some_and(|last| last < area.valid_from) {
                report.add(&area.place, "valid_to lies before valid_from", "write the last day, on or after the first");
            }
            if let Some(parent) = &area.parent
                && (self.at(parent, area.valid_from).is_none() || *parent == area.code)
            {
                let what = format!("the parent {parent} is no area on {}", area.valid_from);
                report.add(&area.place, what, "write the code of the area around it at that time");
            }
            for code in &area.merged_from {
                let before = area.valid_from.yesterday().ok();
                if before.is_none_or(|day| self.at(code, day).is_none()) {
                    let what =
                        format!("merged_from names {code}, which is no area on the day before {}", area.valid_from);
                    report.add(&area.place, what, "write codes of areas whose valid_to is that day");
                }
            }
        }
    }
}

fn explain(error: &csv::Error, headers: &csv::StringRecord) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => {
            let column = err.field().and_then(|at| headers.get(at as usize));
            column.map_or_else(|| err.kind().to_string(), |column| format!("column {column}: {}", err.kind()))
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mistakes of a table, one a line.
    fn mistakes(csv: &str) -> String {
        let (_, mut report) = City::load(Folder::embedded().with(PATH, csv), []);
        report.problems.retain(|problem| &*problem.file == PATH);
        report.to_string()
    }

    #[test]
    fn mistakes_name_their_row() {
        let head = "code,name,name_en,kind,parent,valid_from,valid_to,merged_from,population,area_km2,lat,lon,office\n";
        let cases = [
            ("48,A,,city,,2025-07-01,,,,,,,\n1,B,,hamlet,48,2025-07-01,,,,,,,\n", "areas.csv:3: "),
            ("48,A,,city,,2025-7-1,,,,,,,\n", "areas.csv:2: column valid_from: "),
            (
                "48,A,,city,,2025-07-01,,,,,,,\n1,B,,ward,49,2025-07-01,,,,,,,\n",
                "areas.csv:3: the parent 49 is no area",
            ),
            ("48,A,,city,,2025-07-01,,\n", "areas.csv:2: the row has more or fewer cells"),
            (
                "48,A,,city,,2025-07-01,,,,,,,\n48,B,,city,,2026-01-01,,,,,,,\n",
                "areas.csv:3: the code 48 is valid at the",
            ),
            ("48,A,,city,,2025-07-01,2025-06-30,,,,,,\n", "areas.csv:2: valid_to lies before valid_from"),
            (
                "48,A,,city,,2025-07-01,,7,,,,,\n",
                "areas.csv:2: merged_from names 7, which is no area on the day before",
            ),
        ];
        for (table, expected) in [
            ("code;name;kind\n1;A;ward\n", "areas.csv:1: the columns are not separated by commas; "),
            ("code,name,knid,valid_from\n", "areas.csv:1: the column `kind` is missing; add it"),
        ] {
            let problems = mistakes(table);
            assert!(problems.starts_with(expected), "{table} gave {problems}");
        }
        assert!(
            mistakes("code,name,kind,valid_from,parrent\n")
                .contains("unknown column `parrent`; did you mean `parent`?")
        );
        for (rows, expected) in cases {
            let problems = mistakes(&format!("{head}{rows}"));
            assert!(problems.starts_with(expected) && problems.contains("; "), "{rows} gave {problems}");
        }
    }
}
