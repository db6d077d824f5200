//! Where the features of a layer lie: their numbers in order, an R-tree of their boxes, the areas that rights go by, and
//! beside these the features that were edited since.

use std::collections::BTreeMap;

use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};

use crate::layer::Reach;
use crate::store::features::Bounds;

/// No area, or one that the index does not know.
const NOWHERE: u32 = u32::MAX;

/// What the index knows of one feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub feature: i64,
    pub bounds: Option<Bounds>,
    pub area: Option<String>,
}

/// Built once for an import; edits lie beside it.
#[derive(Clone, Default)]
pub struct Index {
    packed: std::sync::Arc<Packed>,
    /// Features edited since; none is one that was removed.
    edited: BTreeMap<i64, Option<Entry>>,
}

#[derive(Default)]
struct Packed {
    /// Ascending.
    features: Vec<i64>,
    /// Of those that have a place, by their position in `placed`.
    tree: Option<RTree<f64>>,
    placed: Vec<u32>,
    /// Those that have none, by their position in `features`.
    placeless: Vec<u32>,
    area: Vec<u32>,
    areas: Vec<String>,
}

/// Gathers the features of a layer in the order of their numbers.
#[derive(Default)]
pub struct IndexBuilder {
    packed: Packed,
    bounds: Vec<Bounds>,
}

impl IndexBuilder {
    pub fn push(&mut self, entry: &Entry) {
        let row = self.packed.features.len() as u32;
        self.packed.features.push(entry.feature);
        let area = entry.area.as_ref().map_or(NOWHERE, |area| {
            let known = self.packed.areas.iter().position(|one| one == area);
            known.unwrap_or_else(|| {
                self.packed.areas.push(area.clone());
                self.packed.areas.len() - 1
            }) as u32
        });
        self.packed.area.push(area);
        if let Some(bounds) = entry.bounds {
            self.packed.placed.push(row);
            self.bounds.push(bounds);
        } else {
            self.packed.placeless.push(row);
        }
    }

    pub fn finish(mut self) -> Index {
        if !self.bounds.is_empty() {
            let mut tree = RTreeBuilder::<f64>::new(self.bounds.len() as u32);
            for [west, south, east, north] in self.bounds {
                tree.add(west, south, east, north);
            }
            self.packed.tree = Some(tree.finish::<HilbertSort>());
        }
        Index { packed: std::sync::Arc::new(self.packed), edited: BTreeMap::new() }
    }
}

impl Index {
    /// The same with some features anew, or gone.
    #[must_use]
    pub fn with(&self, edits: impl IntoIterator<Item = (i64, Option<Entry>)>) -> Self {
        let mut next = self.clone();
        next.edited.extend(edits);
        next
    }

    /// How many edits lie beside the tree: each search looks at all of them.
    pub fn edits(&self) -> usize {
        self.edited.len()
    }

    /// The features behind a number that somebody reaches, ascending.
    pub fn after<'a>(&'a self, after: i64, reach: &'a Reach) -> impl Iterator<Item = i64> + 'a {
        let packed = &*self.packed;
        let from = packed.features.partition_point(|feature| *feature <= after);
        let mut old = (from..packed.features.len())
            .filter(move |row| !self.edited.contains_key(&packed.features[*row]) && packed.reached(*row, reach))
            .map(|row| packed.features[row])
            .peekable();
        let edited = self.edited.range(after.saturating_add(1)..);
        let mut new = edited.filter_map(move |(_, entry)| reached(entry.as_ref(), reach)).peekable();
        std::iter::from_fn(move || match (old.peek(), new.peek()) {
            (Some(a), Some(b)) if a < b => old.next(),
            (Some(_), None) => old.next(),
            _ => new.next(),
        })
    }

    /// The features whose boxes meet these bounds, ascending. Bounds whose west is greater than their east cross the
    /// antimeridian (RFC 7946 §5.2).
    pub fn within(&self, bounds: Bounds, reach: &Reach) -> Vec<i64> {
        let [west, south, east, north] = bounds;
        let halves =
            if west <= east { vec![bounds] } else { vec![[west, south, 180.0, north], [-180.0, south, east, north]] };
        let packed = &*self.packed;
        let mut found = Vec::new();
        for half in &halves {
            let [west, south, east, north] = *half;
            let hits = packed.tree.as_ref().map(|tree| tree.search(west, south, east, north)).unwrap_or_default();
            let rows = hits.into_iter().map(|hit| packed.placed[hit as usize] as usize);
            let there =
                rows.filter(|row| !self.edited.contains_key(&packed.features[*row]) && packed.reached(*row, reach));
            found.extend(there.map(|row| packed.features[row]));
            let edited = self.edited.values().flatten();
            let meet = edited.filter(|entry| entry.bounds.is_some_and(|bounds| meets(&bounds, half)));
            found.extend(meet.filter_map(|entry| reached(Some(entry), reach)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The features without a place, ascending.
    pub fn placeless(&self, reach: &Reach) -> Vec<i64> {
        let packed = &*self.packed;
        let rows = packed.placeless.iter().map(|row| *row as usize);
        let old = rows.filter(|row| !self.edited.contains_key(&packed.features[*row]) && packed.reached(*row, reach));
        let mut found: Vec<i64> = old.map(|row| packed.features[row]).collect();
        let edited = self.edited.values().flatten().filter(|entry| entry.bounds.is_none());
        found.extend(edited.filter_map(|entry| reached(Some(entry), reach)));
        found.sort_unstable();
        found
    }

    /// How many features somebody reaches.
    pub fn count(&self, reach: &Reach) -> usize {
        match reach {
            Reach::Nothing => 0,
            Reach::Everything => {
                let replaced = self.edited.keys().filter(|feature| self.packed.features.binary_search(feature).is_ok());
                self.packed.features.len() - replaced.count() + self.edited.values().flatten().count()
            }
            Reach::Areas(_) => self.after(i64::MIN, reach).count(),
        }
    }
}

impl Packed {
    fn reached(&self, row: usize, reach: &Reach) -> bool {
        match reach {
            Reach::Everything => true,
            _ => reach.holds(self.areas.get(self.area[row] as usize).map(String::as_str)),
        }
    }
}

fn reached(entry: Option<&Entry>, reach: &Reach) -> Option<i64> {
    entry.filter(|entry| reach.holds(entry.area.as_deref())).map(|entry| entry.feature)
}

fn meets(a: &Bounds, b: &Bounds) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(feature: i64, x: f64, area: &str) -> Entry {
        Entry { feature, bounds: Some([x, 16.0, x + 0.5, 16.5]), area: Some(area.to_owned()) }
    }

    fn index() -> Index {
        let mut builder = IndexBuilder::default();
        for feature in 1..=100 {
            builder.push(&entry(feature, feature as f64, if feature % 2 == 0 { "even" } else { "odd" }));
        }
        builder.push(&Entry { feature: 101, bounds: None, area: None });
        builder.finish()
    }

    #[test]
    fn finds_what_lies_there_and_what_may_be_seen() {
        let index = index();
        let all = Reach::Everything;
        assert_eq!(index.within([10.2, 16.1, 12.0, 16.2], &all), [10, 11, 12]);
        assert_eq!(index.within([10.2, 16.1, 12.0, 16.2], &Reach::Areas(vec!["odd".into()])), [11]);
        assert_eq!(index.within([10.2, 17.0, 12.0, 18.0], &all), Vec::<i64>::new());
        assert_eq!(index.within([99.0, 16.0, 2.2, 17.0], &all), [1, 2, 99, 100], "across the antimeridian");
        assert_eq!((index.count(&all), index.count(&Reach::Nothing)), (101, 0));
        assert_eq!(index.count(&Reach::Areas(vec!["even".into()])), 50);
        assert_eq!(index.after(98, &all).collect::<Vec<_>>(), [99, 100, 101]);
        assert_eq!(index.after(98, &Reach::Areas(vec!["even".into()])).collect::<Vec<_>>(), [100]);
    }

    #[test]
    fn an_edit_is_seen_beside_the_tree() {
        let moved = Entry { feature: 10, bounds: Some([50.1, 16.0, 50.2, 16.1]), area: Some("odd".into()) };
        let index = index().with([(10, Some(moved)), (11, None), (200, Some(entry(200, 12.0, "odd")))]);
        let all = Reach::Everything;
        assert_eq!(index.within([10.2, 16.1, 12.0, 16.2], &all), [12, 200]);
        assert_eq!(index.within([50.0, 16.0, 50.4, 16.2], &all), [10, 50]);
        assert_eq!(index.count(&all), 101);
        assert_eq!(index.placeless(&all), [101]);
        let lost = Entry { feature: 12, bounds: None, area: Some("even".into()) };
        let without = index.with([(12, Some(lost)), (101, None)]);
        assert_eq!(without.placeless(&all), [12]);
        assert_eq!(without.placeless(&Reach::Areas(vec!["odd".into()])), Vec::<i64>::new());
        assert_eq!(index.after(8, &all).take(4).collect::<Vec<_>>(), [9, 10, 12, 13]);
        assert_eq!(index.after(100, &all).collect::<Vec<_>>(), [101, 200]);
        assert_eq!(index.edits(), 3);
    }
}
