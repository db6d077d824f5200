//! Values as people read them: what a code means, numbers with their unit, days and moments as they are written here.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};
use songhan_app::Cx;
use songhan_base::Lang;

use super::Item;
use crate::layer::{Attribute, Kind, Layer};

/// What a feature is called by itself: its label, else its number. Of a label in several parts (tờ bản đồ, thửa) each says
/// what it is, and the layer stands before them, since "12, 1" names nothing.
pub fn name(cx: &Cx, layer: &Layer, item: &Item) -> String {
    name_of(cx, layer, item.number, &item.properties)
}

/// The same where the layer is named beside it: in a table of its features.
pub fn name_within(cx: &Cx, layer: &Layer, item: &Item) -> String {
    name_within_of(cx, layer, item.number, &item.properties)
}

pub(crate) fn name_of(cx: &Cx, layer: &Layer, number: i64, known: &Map<String, Value>) -> String {
    let name = name_within_of(cx, layer, number, known);
    if layer.labels().nth(1).is_none() { name } else { format!("{}: {name}", layer.title.get(cx.lang)) }
}

pub(crate) fn name_within_of(cx: &Cx, layer: &Layer, number: i64, known: &Map<String, Value>) -> String {
    let several = layer.labels().nth(1).is_some();
    let part = |label: &Attribute| {
        let value = value(cx, label, known.get(&label.name));
        let told = if several { format!("{} {value}", begun_small(label.title.get(cx.lang))) } else { value.clone() };
        (!value.is_empty()).then_some(told)
    };
    let parts: Vec<String> = layer.labels().filter_map(part).collect();
    if parts.is_empty() { format!("{} {number}", cx.t("ogc-feature")) } else { parts.join(", ") }
}

/// A title inside a sentence: "Số thửa" is "số thửa", and what is all capitals stays.
fn begun_small(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => title.to_owned(),
    }
}

/// A value in words; empty where there is none.
pub fn value(cx: &Cx, attribute: &Attribute, value: Option<&Value>) -> String {
    let unit = attribute.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Bool(yes)) => cx.t(if *yes { "yes" } else { "no" }),
        Some(Value::Number(given)) => format!("{}{unit}", number(cx.lang, &given.to_string())),
        Some(Value::String(text)) => {
            let meant = attribute.domain.iter().find(|one| one.code == *text).map(|one| one.title.get(cx.lang));
            match (meant, attribute.kind) {
                (Some(meant), _) => meant.to_owned(),
                (None, Kind::Date) => text.parse().map_or_else(|_| text.clone(), |date| day(cx.lang, date)),
                (None, Kind::Timestamp) => text.parse().map_or_else(|_| text.clone(), |at| moment(cx, at)),
                _ => text.clone(),
            }
        }
        Some(other) => other.to_string(),
    }
}

/// `1234567.5` as `1.234.567,5`, in English `1,234,567.5`. Four digits stand together: most of them are years.
pub fn number(lang: Lang, plain: &str) -> String {
    let (point, group) = if lang == Lang::Vi { (',', '.') } else { ('.', ',') };
    if plain.contains(['e', 'E']) {
        return plain.replace('.', &point.to_string());
    }
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(whole, rest)| (whole, Some(rest)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len() > 4 && (digits.len() - at).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    // A whole number that was stored as `5.0` is read as 5.
    if let Some(fraction) = fraction.filter(|fraction| fraction.bytes().any(|digit| digit != b'0')) {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// `23/11/2026`, in English `23 Nov 2026`.
pub fn day(lang: Lang, day: Date) -> String {
    match lang {
        Lang::Vi => day.strftime("%d/%m/%Y").to_string(),
        Lang::En => day.strftime("%-d %b %Y").to_string(),
    }
}

/// `14 giờ 05, 23/11/2026` on the city's clock, in English `14:05, 23 Nov 2026`.
pub fn moment(cx: &Cx, at: Timestamp) -> String {
    let at = at.to_zoned(cx.zone.clone());
    let clock = at.strftime(if cx.lang == Lang::Vi { "%H giờ %M" } else { "%H:%M" });
    format!("{clock}, {}", day(cx.lang, at.date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_goes_into_a_sentence() {
        for (title, inside) in [("Số thửa", "số thửa"), ("Đường", "đường"), ("OSM", "OSM"), ("A", "A"), ("", "")]
        {
            assert_eq!(begun_small(title), inside);
        }
    }

    #[test]
    fn numbers_are_written_as_people_do() {
        for (plain, vi, en) in [
            ("12.5", "12,5", "12.5"),
            ("2015", "2015", "2015"),
            ("5.0", "5", "5"),
            ("-1234567.25", "-1.234.567,25", "-1,234,567.25"),
            ("12345", "12.345", "12,345"),
            ("1e300", "1e300", "1e300"),
        ] {
            assert_eq!((number(Lang::Vi, plain).as_str(), number(Lang::En, plain).as_str()), (vi, en));
        }
    }
}
