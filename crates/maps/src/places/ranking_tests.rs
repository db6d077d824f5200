//! What is found stands in the right order, and is the best of all that could be found.

use super::index::{Entry, Gathering, Index};
use super::metres;
use super::ranking::{Found, Sought, fit_of_names};
use crate::layer::Reach;
use geo_types::Coord;

fn words(text: &str) -> Vec<String> {
    songhan_base::fold_words(text)
}

fn entry<'a>(feature: i64, names: &[&str], beside: &str) -> Entry<'a> {
    let names = names.iter().map(|name| words(name)).collect();
    Entry { feature, names, beside: words(beside), ..Entry::default() }
}

fn index(entries: &[Entry<'_>]) -> Index {
    let mut gathering = Gathering::default();
    for entry in entries {
        gathering.add(entry).unwrap();
    }
    gathering.finish()
}

fn find<'a>(index: &'a Index, typed: &[String], near: Option<Coord<f64>>, most: usize) -> Found<'a> {
    index.find(typed, &Sought { reach: &Reach::Everything, near, within: &[], most })
}

fn fit(names: &[&str], beside: &str, typed: &str) -> Option<i32> {
    let index = index(&[entry(1, names, beside)]);
    find(&index, &words(typed), None, 1).first().map(|(fit, _)| *fit)
}

#[test]
fn a_whole_name_stands_before_its_beginning_and_that_before_its_words() {
    let bridge = ["Cầu Rồng", "Dragon Bridge"];
    let by = ["Cầu Rồng", "cau ro", "bridge", "rồng cầu"].map(|typed| fit(&bridge, "cau bridge", typed).unwrap());
    assert!(by.windows(2).all(|two| two[0] > two[1]), "{by:?}");
    assert!(fit(&["Rồng"], "cau", "cau rong").unwrap() < by[3], "a kind is less than a name");
    assert_eq!(fit(&bridge, "cau bridge", "song han"), None);
    assert_eq!(fit(&bridge, "", "ong"), None, "a word is found by its beginning alone");
    assert!(fit(&["Chợ Hàn"], "", "chợ hà").unwrap() > fit(&["Chợ hàng hóa ven sông"], "", "cho ha").unwrap());
    let typed = words("cau ro");
    assert_eq!(fit_of_names(&["cau rong", "dragon bridge"], &typed), fit(&bridge, "", "cau ro"));
}

const SYLLABLES: [&str; 24] = [
    "an", "bach", "ca", "cau", "chau", "dang", "dien", "duong", "hai", "hoa", "khanh", "le", "loi", "my", "nguyen",
    "phe", "phong", "quan", "rong", "son", "tra", "truong", "van", "vinh",
];

/// Numbers that look drawn by lot and are always the same.
fn lot(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

fn town(rows: i64) -> (Vec<Entry<'static>>, Vec<Coord<f64>>) {
    let mut state = 1;
    let mut text = |count: usize| {
        let all: Vec<&str> = (0..count).map(|_| SYLLABLES[lot(&mut state) % SYLLABLES.len()]).collect();
        all.join(" ")
    };
    let mut entries = Vec::new();
    for feature in 0..rows {
        let (name, other, beside) = (text(1 + feature as usize % 4), text(2), text(feature as usize % 3));
        let names: &[&str] = if feature % 3 == 0 { &[&name, &other] } else { &[&name] };
        entries.push(entry(feature, names, &beside));
    }
    let mut places = Vec::new();
    for entry in &mut entries {
        let at =
            Coord { x: 108.0 + (entry.feature % 97) as f64 / 300.0, y: 16.0 + (entry.feature % 61) as f64 / 400.0 };
        entry.at = Some(at);
        places.push(at);
    }
    (entries, places)
}

#[test]
fn what_is_found_is_the_best_of_all() {
    let (entries, places) = town(4_000);
    let whole = index(&entries);
    let near = Coord { x: 108.2, y: 16.06 };
    for typed in ["n", "nguyen", "le l", "quan ca", "duong hai ch", "son tra", "phe ca", "zz", "an an an"] {
        let typed = words(typed);
        for asked in [None, Some(near)] {
            // Each row by itself, which no order and no bound can hide.
            let mut all = Vec::new();
            for (one, at) in entries.iter().zip(&places) {
                let copy = Entry {
                    feature: one.feature,
                    names: one.names.clone(),
                    beside: one.beside.clone(),
                    ..Entry::default()
                };
                let alone = index(&[Entry { at: Some(*at), ..copy }]);
                all.extend(find(&alone, &typed, asked, 1).first().map(|(fit, row)| (-fit, row.feature)));
            }
            all.sort_unstable();
            for most in [1, 10, 50] {
                let found: Vec<_> =
                    find(&whole, &typed, asked, most).iter().map(|(fit, row)| (-fit, row.feature)).collect();
                assert_eq!(found, all[..all.len().min(most)], "{typed:?} {asked:?} {most}");
            }
        }
    }
    assert!(metres(near, places[0]) > 1_000.0);
}

#[test]
fn only_what_the_asker_reaches_counts() {
    let mut entries: Vec<Entry<'_>> = (0..100).map(|feature| entry(feature, &["Cây bàng"], "")).collect();
    for entry in &mut entries {
        entry.area = Some(if entry.feature % 10 == 9 { "20242" } else { "20257" });
    }
    let index = index(&entries);
    let reach = Reach::Areas(vec!["20242".to_owned()]);
    let found = index.find(&words("cay bang"), &Sought { reach: &reach, near: None, within: &[], most: 5 });
    let features: Vec<i64> = found.iter().map(|(_, row)| row.feature).collect();
    assert_eq!(features, [9, 19, 29, 39, 49]);
}
