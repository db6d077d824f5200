//! No input makes a panic.

use proptest::prelude::*;

use super::generate::{Random, condition, house, schema};
use crate::cql2::{Filter, parse_json, parse_text};

/// Whatever is read can be written, read again, checked and evaluated.
fn use_it(filter: &Filter, seed: u64) -> Result<(), TestCaseError> {
    prop_assert_eq!(&parse_text(&filter.to_text()).unwrap(), filter, "{}", filter.to_text());
    prop_assert_eq!(&parse_json(&filter.to_json().to_string()).unwrap(), filter);
    if let Ok(checked) = filter.check(&schema()) {
        let matcher = checked.matcher();
        let mut random = Random(seed);
        for _ in 0..5 {
            let house = house(&mut random);
            prop_assert_eq!(checked.matches(&house), matcher.matches(&house));
            prop_assert!(!checked.matches(&house) || checked.plan().admits(&house));
        }
    }
    Ok(())
}

const WORDS: &[&str] = &[
    "floors",
    "name",
    "geom",
    "tags",
    "built",
    "changed",
    "vacant",
    "'a'",
    "'..'",
    "'2024-01-01'",
    "1",
    "-2.5",
    "1E5",
    "(",
    ")",
    "(",
    ")",
    ",",
    ",",
    "=",
    "<>",
    "<",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "div",
    "AND",
    "OR",
    "NOT",
    "IS",
    "NULL",
    "LIKE",
    "BETWEEN",
    "IN",
    "TRUE",
    "CASEI(",
    "ACCENTI(",
    "DATE('2024-02-30')",
    "DATE('2024-01-01')",
    "TIMESTAMP('2024-01-01T00:00:00Z')",
    "INTERVAL(",
    "POINT(1 2)",
    "POINT Z(",
    "LINESTRING(0 0, 1 1)",
    "POLYGON((0 0, 4 0, 4 4, 0 0))",
    "POLYGON((",
    "MULTIPOINT(",
    "MULTIPOLYGON(((",
    "GEOMETRYCOLLECTION(",
    "BBOX(0,0,3,3)",
    "BBOX(",
    "S_INTERSECTS(geom,",
    "S_WITHIN(",
    "T_DURING(",
    "T_AFTER(",
    "A_EQUALS(",
    "length(",
    "centroid(",
    "foo(",
    "\"",
    "'",
    "\\",
    "é",
    "\u{0}",
    "1 2",
    "0 0",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn any_characters(text in any::<String>()) {
        let _ = parse_text(&text);
        let _ = parse_json(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = parse_text(&text);
        let _ = parse_json(&text);
    }

    #[test]
    fn words_of_the_language_in_any_order(
        words in prop::collection::vec(prop::sample::select(WORDS), 1..14),
        seed in any::<u64>(),
    ) {
        if let Ok(filter) = parse_text(&words.join(" ")) {
            use_it(&filter, seed)?;
        }
    }

    #[test]
    fn filters_with_a_mistake(
        seed in any::<u64>(),
        cut in any::<prop::sample::Index>(),
        word in prop::sample::select(WORDS),
        kind in 0..4,
    ) {
        let text = condition(&mut Random(seed), 2);
        let json = parse_text(&text).unwrap().to_json().to_string();
        for original in [text, json] {
            let mut chars: Vec<char> = original.chars().collect();
            let at = cut.index(chars.len());
            match kind {
                0 => { chars.remove(at); }
                1 => { chars.splice(at..at, word.chars()); }
                2 => chars.truncate(at),
                _ => { let other = (at * 7 + 3) % chars.len(); chars.swap(at, other); }
            }
            let broken: String = chars.into_iter().collect();
            for filter in [parse_text(&broken), parse_json(&broken)].into_iter().flatten() {
                use_it(&filter, seed)?;
            }
        }
    }

    /// Rings that cross themselves, holes outside, parts that overlap: refused, or safe to relate.
    #[test]
    fn any_polygon(seed in any::<u64>()) {
        let mut random = Random(seed);
        let ring = |random: &mut Random| {
            let mut positions: Vec<String> =
                (0..2 + random.below(6)).map(|_| format!("{} {}", random.below(5), random.below(5))).collect();
            positions.push(positions[0].clone());
            format!("({})", positions.join(","))
        };
        let polygons: Vec<String> = (0..=random.below(2))
            .map(|_| format!("({})", (0..=random.below(2)).map(|_| ring(&mut random)).collect::<Vec<_>>().join(",")))
            .collect();
        let op = random.one(crate::cql2::names::Spatial::ALL).name();
        let members: Vec<_> = polygons.iter().map(|polygon| format!("POLYGON{polygon}")).collect();
        for shape in [format!("MULTIPOLYGON({})", polygons.join(",")), format!("GEOMETRYCOLLECTION({})", members.join(","))] {
            if let Ok(filter) = parse_text(&format!("{op}(geom, {shape})")) {
                use_it(&filter, seed)?;
            }
        }
    }
}
