//! Which columns of a table say where a row lies.

use crate::{CsvColumns, Fatal, Format, wkt};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Numbers of the columns, and whether their names speak of longitude and latitude.
    Point {
        x: usize,
        y: usize,
        degrees: bool,
    },
    Wkt(usize),
    None,
}

const LONGITUDE: [&str; 8] = ["lon", "lng", "long", "longitude", "kinhdo", "kinh độ", "kinh do", "kinh_do"];
const LATITUDE: [&str; 6] = ["lat", "latitude", "vido", "vĩ độ", "vi do", "vi_do"];
const EASTING: [&str; 3] = ["x", "easting", "toa_do_y"];
const NORTHING: [&str; 3] = ["y", "northing", "toa_do_x"];
const SHAPE: [&str; 8] = ["wkt", "_wkt", "geom", "geometry", "the_geom", "shape", "wkt_geom", "geom_wkt"];

/// As the caller says, or by the names of the columns and what stands in the first row. Vietnamese surveyors call the
/// northing X; such tables name their columns `toa_do_x` (northing) and `toa_do_y` (easting) to be told apart.
pub fn place(names: &[String], first: &[String], given: Option<&CsvColumns>) -> Result<Place, Fatal> {
    let column = |wanted: &str| {
        names.iter().position(|name| name == wanted).ok_or_else(|| Fatal::Refused {
            format: Format::Csv,
            why: format!("it has no column {wanted}; it has: {}", names.join(", ")),
        })
    };
    match given {
        Some(CsvColumns::None) => return Ok(Place::None),
        Some(CsvColumns::Wkt(name)) => return column(name).map(Place::Wkt),
        Some(CsvColumns::Point { x, y }) => {
            let degrees = LONGITUDE.contains(&x.trim().to_lowercase().as_str());
            return Ok(Place::Point { x: column(x)?, y: column(y)?, degrees });
        }
        None => {}
    }
    let lower: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).collect();
    let called = |wanted: &[&str]| lower.iter().position(|name| wanted.contains(&name.as_str()));
    let cell = |column: usize| first.get(column).map(String::as_str).unwrap_or_default();
    let shape = called(&SHAPE).filter(|column| cell(*column).trim().is_empty() || wkt::looks_like_one(cell(*column)));
    if let Some(column) = shape.or_else(|| first.iter().position(|cell| wkt::looks_like_one(cell))) {
        return Ok(Place::Wkt(column));
    }
    let pair = |x: &[&str], y: &[&str], degrees| Some(Place::Point { x: called(x)?, y: called(y)?, degrees });
    let found = pair(&LONGITUDE, &LATITUDE, true).or_else(|| pair(&EASTING, &NORTHING, false));
    Ok(found.unwrap_or(Place::None))
}

/// Names that are each there and each their own.
pub fn names(header: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut taken = std::collections::HashSet::new();
    for (index, name) in header.enumerate() {
        let plain = name.trim();
        let wanted = if plain.is_empty() { format!("column_{}", index + 1) } else { plain.to_owned() };
        let mut unique = wanted.clone();
        let mut number = 1;
        while !taken.insert(unique.clone()) {
            number += 1;
            unique = format!("{wanted}_{number}");
        }
        names.push(unique);
    }
    names
}

/// A coordinate as people type it: `108.22`, `108,22`, with blanks around.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let number: Result<f64, _> = text.parse();
    let number = number.or_else(|_| text.replacen(',', ".", 1).parse()).ok()?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str], first: &[&str]) -> Place {
        let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        place(&owned(names), &owned(first), None).unwrap()
    }

    #[test]
    fn places_are_found_by_name_and_content() {
        assert_eq!(of(&["id", "Lon", "LAT"], &[]), Place::Point { x: 1, y: 2, degrees: true });
        assert_eq!(of(&["Vĩ độ", "Kinh độ"], &[]), Place::Point { x: 1, y: 0, degrees: true });
        assert_eq!(of(&["x", "y"], &[]), Place::Point { x: 0, y: 1, degrees: false });
        assert_eq!(of(&["a", "b"], &["1", "POLYGON ((0 0, 1 1))"]), Place::Wkt(1));
        assert_eq!(of(&["geom", "lat", "lon"], &["0101", "1", "2"]), Place::Point { x: 2, y: 1, degrees: true });
        assert_eq!(of(&["a"], &["b"]), Place::None);
    }

    #[test]
    fn names_are_made_unique_and_numbers_read() {
        assert_eq!(names(["a", "", "a", " b "].map(String::from).into_iter()), ["a", "column_2", "a_2", "b"]);
        assert_eq!(number(" 108,22 "), Some(108.22));
        assert_eq!(number("1,2,3"), None);
        assert_eq!(number("inf"), None);
    }
}
