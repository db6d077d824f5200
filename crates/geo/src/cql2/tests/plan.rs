//! A plan never excludes a match, and all ways to evaluate agree.

use proptest::prelude::*;

use super::generate::{House, Random, condition, house, schema};
use crate::cql2::{Plan, Value, parse_json_value, parse_text};

fn houses(random: &mut Random, count: usize) -> Vec<House> {
    (0..count).map(|_| house(random)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn filtering_by_the_plan_first_changes_nothing(seed in any::<u64>()) {
        let mut random = Random(seed);
        let text = condition(&mut random, 2);
        let filter = parse_text(&text).unwrap();
        let checked = filter.check(&schema()).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        let matcher = checked.matcher();
        for house in houses(&mut random, 40) {
            let matches = checked.matches(&house);
            prop_assert_eq!(matches, matcher.matches(&house), "{}", text);
            prop_assert!(!matches || checked.plan().admits(&house), "{} {:?} {:?}", text, checked.plan(), house);
        }
    }

    #[test]
    fn both_encodings_say_the_same(seed in any::<u64>()) {
        let text = condition(&mut Random(seed), 3);
        let filter = parse_text(&text).unwrap();
        prop_assert_eq!(&parse_text(&filter.to_text()).unwrap(), &filter, "{}", filter.to_text());
        prop_assert_eq!(&parse_json_value(&filter.to_json()).unwrap(), &filter);
    }

    /// `x OR NOT x` is true unless `x` is NULL, and then its negation is no match either.
    #[test]
    fn a_condition_and_its_negation_never_both_match(seed in any::<u64>()) {
        let mut random = Random(seed);
        let text = condition(&mut random, 1);
        let [yes, no] = [text.clone(), format!("NOT ({text})")].map(|t| parse_text(&t).unwrap().check(&schema()).unwrap());
        for house in houses(&mut random, 10) {
            prop_assert!(!(yes.matches(&house) && no.matches(&house)), "{}", text);
        }
    }
}

fn plan(text: &str) -> Plan {
    parse_text(text).unwrap().check(&schema()).unwrap().plan().clone()
}

#[test]
fn what_an_index_gets() {
    let found = plan("floors > 3 AND 10 >= floors AND S_INTERSECTS(geom, BBOX(1, 2, 3, 4)) AND name LIKE 'Bạch%'");
    let bbox = found.bbox.unwrap();
    assert_eq!((bbox.min().x, bbox.max().y), (1.0, 4.0));
    let floors = &found.restrictions[0];
    assert_eq!((floors.property, floors.lower.as_ref().unwrap().inclusive), (2, false));
    assert_eq!(floors.upper.as_ref().unwrap().value, Value::Integer(10));
    let name = &found.restrictions[1];
    assert!(name.admits(&"Bạch Đằng".into()) && !name.admits(&"Bạci".into()) && !name.admits(&Value::Null));
}

#[test]
fn a_date_is_a_window_of_timestamps_in_the_offset_of_the_layer() {
    let window = &plan("changed = DATE('2024-03-01')").restrictions[0];
    assert_eq!(window.lower.as_ref().unwrap().value, Value::Timestamp("2024-02-29T17:00:00Z".parse().unwrap()));
    assert_eq!(window.upper.as_ref().unwrap().value, Value::Timestamp("2024-03-01T17:00:00Z".parse().unwrap()));
    assert!(!window.upper.as_ref().unwrap().inclusive);
    let overlap = plan("T_INTERSECTS(INTERVAL(changed, until), INTERVAL('2024-01-01T00:00:00Z', '..'))");
    assert_eq!(overlap.restrictions.len(), 1);
    assert_eq!(overlap.restrictions[0].property, 7);
}

#[test]
fn alternatives_widen_and_contradictions_end() {
    let either = plan("floors IN (1, 2) OR floors = 7");
    let floors = &either.restrictions[0];
    assert!(
        floors.admits(&Value::Integer(7)) && floors.admits(&Value::Integer(2)) && !floors.admits(&Value::Integer(8))
    );
    assert!(plan("floors = 1 OR name = 'a'").restrictions.is_empty());
    assert!(plan("FALSE AND floors = 1").never);
    assert!(plan("floors = 1 / 0").never);
    assert_eq!(plan("NOT (floors = 1)"), Plan::default());
    assert_eq!(plan("S_DISJOINT(geom, POINT(1 1))"), Plan::default());
}
