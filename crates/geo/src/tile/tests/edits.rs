//! Edits show in the next tile, and compaction changes nothing that is seen.

use super::{ids, named, only};
use crate::tile::{Delta, Feature, LayerError, Options, PreparedLayer, Tile, Value, encode};
use geo_types::Point;

fn feature(id: u64, lon: f64, name: &str) -> Feature {
    Feature {
        id,
        geometry: Point::new(lon, 16.05).into(),
        values: vec![Value::from(name.to_owned()), Value::Null, Value::Bool(true)],
        importance: None,
    }
}

fn city() -> PreparedLayer {
    named((0..200).map(|i| (i, 108.0 + i as f64 / 1000.0, 16.05)))
}

/// All of the layer in one tile.
fn all(layer: &PreparedLayer) -> Tile {
    encode(layer, 6, 51, 29, &Options::default())
}

fn names(layer: &PreparedLayer) -> Vec<(u64, String)> {
    let decoded = only(&all(layer));
    let name = |f| match decoded.attribute(f, "name") {
        Some(Value::Text(text)) => text.to_string(),
        _ => String::new(),
    };
    let mut out: Vec<_> = decoded.features.iter().map(|f| (f.id.unwrap(), name(f))).collect();
    out.sort();
    out
}

#[test]
fn an_edit_shows_in_the_next_tile() {
    let first = city();
    assert_eq!((ids(&all(&first)).len(), first.generation()), (200, 0));
    let delta =
        Delta { put: vec![feature(5, 108.1, "moved"), feature(900, 108.11, "new")], removed: vec![7, 8, 12_345] };
    let second = first.with(&delta).unwrap();
    assert_eq!((second.len(), second.generation()), (199, 1));
    let now = names(&second);
    assert_eq!(now.len(), 199);
    assert!(now.contains(&(5, "moved".to_owned())) && now.contains(&(900, "new".to_owned())));
    assert!(!now.iter().any(|(id, _)| *id == 7 || *id == 8));
    // The version before is as it was.
    assert_eq!(names(&first).len(), 200);
    assert!(names(&first).contains(&(5, "place 5".to_owned())));

    let third = second.with(&Delta { put: vec![feature(5, 108.2, "place 6")], removed: vec![900] }).unwrap();
    assert_eq!((third.len(), names(&third).len()), (198, 198));
    assert!(names(&third).contains(&(5, "place 6".to_owned())));
    // One text is one value, whether base or edit brought it.
    let texts = only(&all(&third)).values;
    assert!(texts.iter().enumerate().all(|(i, v)| !texts[..i].contains(v)));
    assert!(!third.wants_compaction());

    let compact = third.compacted().unwrap();
    assert_eq!(names(&compact), names(&third));
    assert_eq!((compact.len(), compact.generation()), (198, 2));
    assert_eq!(compact.with(&Delta { put: vec![], removed: vec![5] }).unwrap().len(), 197);
}

#[test]
fn many_edits_compact_by_themselves() {
    let put = |from: u64| (from..from + 2500).map(|i| feature(1000 + i, 108.0 + i as f64 * 1e-5, "x")).collect();
    let some = city().with(&Delta { put: put(0), removed: vec![] }).unwrap();
    assert!(some.wants_compaction());
    let more = some.with(&Delta { put: put(2500), removed: vec![] }).unwrap();
    assert!(!more.wants_compaction());
    assert_eq!((more.len(), all(&more).features, more.generation()), (5200, 5200, 2));
    assert!(more.bytes_held() > 5200 * 40);
}

#[test]
fn a_wrong_edit_changes_nothing() {
    let layer = city();
    let mut wrong = feature(1, f64::NAN, "x");
    let error = layer.with(&Delta { put: vec![wrong.clone()], removed: vec![] }).unwrap_err();
    assert!(matches!(error, LayerError::Outside { id: 1, .. }));
    wrong.values.pop();
    let error = layer.with(&Delta { put: vec![wrong], removed: vec![] }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "placed feature 1: it has 2 values for 3 attributes; give one for each, null where there is none"
    );
}

#[test]
fn an_empty_layer_has_empty_tiles_and_can_be_filled() {
    let empty = named([]);
    assert_eq!((all(&empty), empty.is_empty(), empty.bounds_wgs84()), (Tile::default(), true, None));
    let one = empty.with(&Delta { put: vec![feature(3, 108.2, "first")], removed: vec![] }).unwrap();
    assert_eq!(names(&one), [(3, "first".to_owned())]);
    let none = one.with(&Delta { put: vec![], removed: vec![3] }).unwrap();
    assert_eq!(all(&none), Tile::default());
}
