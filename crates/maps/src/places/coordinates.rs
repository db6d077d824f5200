//! Tọa độ: coordinates as people type them — decimal degrees in either order, degrees with minutes and seconds, and east and
//! north of the city's VN-2000 zone.

use geo_types::Coord;
use songhan_geo::crs::Crs;

/// Where Viet Nam lies with its sea: what tells a latitude from a longitude where nobody says which is which.
const LATITUDES: std::ops::RangeInclusive<f64> = 5.0..=24.0;
const LONGITUDES: std::ops::RangeInclusive<f64> = 100.0..=120.0;
/// Metres of a zone of three degrees: east of its meridian's 500,000, north of the equator.
const EASTINGS: std::ops::RangeInclusive<f64> = 200_000.0..=800_000.0;
const NORTHINGS: std::ops::RangeInclusive<f64> = 800_000.0..=2_700_000.0;

/// The place that a text names by its coordinates, in WGS 84; `zone` is the VN-2000 zone of the city. A comma parts two
/// numbers; where that makes no place, it is the decimal comma.
pub fn read(text: &str, zone: Crs) -> Option<Coord<f64>> {
    with_points(text, zone).or_else(|| with_points(&decimal(text)?, zone))
}

/// The text with points for its decimal commas; none where it has no such comma. Of "16,0678,108,2208" every other one is.
fn decimal(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let commas: Vec<usize> =
        (1..bytes.len()).filter(|&at| bytes[at] == b',' && digit(at - 1) && digit(at + 1)).collect();
    if commas.is_empty() || text.contains('.') {
        return None;
    }
    let parted = if let [_, middle, _] = commas.as_slice() { Some(*middle) } else { None };
    let mut text = text.as_bytes().to_vec();
    for at in commas.into_iter().filter(|at| Some(*at) != parted) {
        text[at] = b'.';
    }
    String::from_utf8(text).ok()
}

fn with_points(text: &str, zone: Crs) -> Option<Coord<f64>> {
    let values = values(text)?;
    let [(a, a_side), (b, b_side)] = values.as_slice() else { return None };
    let (lon, lat) = match (a_side, b_side) {
        (Some(Side::North), Some(Side::East)) => (*b, *a),
        (Some(Side::East), Some(Side::North)) => (*a, *b),
        (None, None) if LATITUDES.contains(a) && LONGITUDES.contains(b) => (*b, *a),
        (None, None) if LONGITUDES.contains(a) && LATITUDES.contains(b) => (*a, *b),
        (None, None) => return metres(*a, *b, zone),
        _ => return None,
    };
    (LONGITUDES.contains(&lon) && LATITUDES.contains(&lat)).then_some(Coord { x: lon, y: lat })
}

/// Surveyors write the north first (X), programs the east: the sizes tell them apart.
fn metres(a: f64, b: f64, zone: Crs) -> Option<Coord<f64>> {
    let (east, north) = if EASTINGS.contains(&a) && NORTHINGS.contains(&b) {
        (a, b)
    } else if NORTHINGS.contains(&a) && EASTINGS.contains(&b) {
        (b, a)
    } else {
        return None;
    };
    let at = zone.to_wgs84(Coord { x: east, y: north }).ok()?;
    (LONGITUDES.contains(&at.x) && LATITUDES.contains(&at.y)).then_some(at)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    North,
    East,
}

/// The numbers of a text, each with its side if a letter says one; none where the text has other words.
fn values(text: &str) -> Option<Vec<(f64, Option<Side>)>> {
    let mut parts: Vec<f64> = Vec::new();
    let mut values = Vec::new();
    let mut side_before = None;
    let mut close = |parts: &mut Vec<f64>, side: Option<Side>| -> Option<()> {
        let &[degrees, ref smaller @ ..] = parts.as_slice() else { return None };
        let (minutes, seconds) = (smaller.first().copied().unwrap_or(0.0), smaller.get(1).copied().unwrap_or(0.0));
        if smaller.len() > 2 || !(0.0..60.0).contains(&minutes) || !(0.0..60.0).contains(&seconds) {
            return None;
        }
        values.push((degrees + minutes / 60.0 + seconds / 3600.0, side));
        parts.clear();
        Some(())
    };
    let sexagesimal = text.contains(['°', '\'', '′', '"', '″']);
    for token in tokens(text) {
        match token {
            Token::Number(number) => {
                // Without signs of degrees each number is a value of its own.
                if !parts.is_empty() && !sexagesimal {
                    close(&mut parts, side_before.take())?;
                }
                parts.push(number);
            }
            Token::Side(side) if parts.is_empty() => side_before = Some(side),
            Token::Side(side) => {
                if side_before.is_some() {
                    close(&mut parts, side_before.take())?;
                    side_before = Some(side);
                } else {
                    close(&mut parts, Some(side))?;
                }
            }
            Token::Comma if parts.is_empty() => {}
            Token::Comma => close(&mut parts, side_before.take())?,
            Token::Other => return None,
        }
    }
    if !parts.is_empty() {
        close(&mut parts, side_before)?;
    }
    Some(values)
}

enum Token {
    Number(f64),
    Side(Side),
    Comma,
    Other,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        if digits > 0 {
            tokens.push(rest[..digits].trim_end_matches('.').parse().map_or(Token::Other, Token::Number));
            rest = &rest[digits..];
            continue;
        }
        let letters = rest.len() - rest.trim_start_matches(char::is_alphabetic).len();
        if letters > 0 {
            tokens.push(match songhan_base::fold(&rest[..letters]).as_str() {
                "n" | "b" | "bac" | "lat" | "x" | "vd" => Token::Side(Side::North),
                "e" | "d" | "dong" | "lon" | "lng" | "y" | "kd" => Token::Side(Side::East),
                _ => Token::Other,
            });
            rest = &rest[letters..];
            continue;
        }
        match first {
            ',' | ';' | '/' => tokens.push(Token::Comma),
            '°' | 'º' | '\'' | '′' | '’' | '"' | '″' | '”' | ' ' | '=' | ':' | '(' | ')' | '\t' => {}
            _ => tokens.push(Token::Other),
        }
        rest = &rest[first.len_utf8()..];
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone() -> Crs {
        Crs::epsg(5899).unwrap()
    }

    #[test]
    fn coordinates_are_read_in_every_usual_form() {
        for text in [
            "16.0678, 108.2208",
            "108.2208 16.0678",
            "16.0678;108.2208",
            "16.0678N 108.2208E",
            "16°04'04.08\"N 108°13'14.88\"E",
            "108°13′14.88″Đ, 16°04′04.08″B",
            "lat 16.0678 lon 108.2208",
            "lat=16.0678, lng=108.2208",
            "550175.0803 1777138.3210",
            "1777138.3210; 550175.0803",
            "16.0678,108.2208",
            "16,0678 108,2208",
            "16,0678; 108,2208",
            "16,0678, 108,2208",
            "16,0678,108,2208",
            "108,2208 16,0678",
            "550175,0803 1777138,3210",
            "16°04'04,08\"N 108°13'14,88\"E",
            "16°4,068'B 108°13,248'Đ",
        ] {
            let found = read(text, zone());
            let found = found.unwrap_or_else(|| panic!("{text} was not read"));
            assert!((found.x - 108.2208).abs() < 1e-6 && (found.y - 16.0678).abs() < 1e-6, "{text}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_place_of_ours_is_none() {
        for text in [
            "",
            "16",
            "16.1",
            "1 2",
            "16.06 108.2 3",
            "16,0678, x",
            "16,1",
            "12,5 Nguyễn Văn Linh",
            "48.85, 2.35",
            "K34/12 Nguyễn Văn Linh",
            "12/34",
            "16°70'N 108°E",
        ] {
            assert_eq!(read(text, zone()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,60}") {
            let _ = read(&text, zone());
        }
    }
}
