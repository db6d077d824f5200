//! Places of the nodes that a layer needs: sorted numbers beside their places, 16 bytes a node.

use geo_types::{Coord, LineString};

use super::block::LonLat;
use crate::{Fatal, Reason};

/// No place on earth: longitude goes to 180 degrees.
const NOWHERE: LonLat = LonLat { lon: i32::MAX, lat: i32::MAX };

/// Numbers being gathered, with repetitions.
pub struct Wanted {
    ids: Vec<i64>,
    max: usize,
    tidy_at: usize,
}

impl Wanted {
    pub fn new(max: usize) -> Self {
        Self { ids: Vec::new(), max, tidy_at: 1 << 20 }
    }

    pub fn add(&mut self, id: i64) -> Result<(), Fatal> {
        self.ids.push(id);
        if self.ids.len() >= self.tidy_at {
            self.tidy();
            if self.ids.len() > self.max {
                return Err(Fatal::TooManyNodes { max: self.max });
            }
            self.tidy_at = (self.ids.len() * 2).clamp(1 << 20, self.max.saturating_mul(2).max(1 << 20));
        }
        Ok(())
    }

    fn tidy(&mut self) {
        self.ids.sort_unstable();
        self.ids.dedup();
    }

    pub fn finish(mut self) -> Result<Nodes, Fatal> {
        self.tidy();
        if self.ids.len() > self.max {
            return Err(Fatal::TooManyNodes { max: self.max });
        }
        self.ids.shrink_to_fit();
        let places = vec![NOWHERE; self.ids.len()];
        Ok(Nodes { ids: self.ids, places, near: 0 })
    }
}

#[derive(Default)]
pub struct Nodes {
    ids: Vec<i64>,
    places: Vec<LonLat>,
    /// Where the last node was found: a file lists them in order, so the next is near.
    near: usize,
}

impl Nodes {
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub fn set(&mut self, id: i64, place: LonLat) {
        let ahead = self.ids.get(self.near..).unwrap_or_default();
        let in_reach = ahead.first().is_some_and(|own| *own <= id);
        let step = ahead.iter().take(16).position(|own| *own >= id).filter(|_| in_reach);
        let at = step.map_or_else(|| self.ids.partition_point(|own| *own < id), |step| self.near + step);
        self.near = at;
        if self.ids.get(at) == Some(&id) {
            self.places[at] = place;
        }
    }

    pub fn get(&self, id: i64) -> Option<LonLat> {
        let at = self.ids.binary_search(&id).ok()?;
        Some(self.places[at]).filter(|place| *place != NOWHERE)
    }

    /// The places of a way's nodes. One that is not in the file (it was cut at a border) is a reason to refuse the way.
    pub fn line(&self, refs: &[i64]) -> Result<Vec<Coord<f64>>, Reason> {
        let places: Vec<_> = refs.iter().filter_map(|id| self.get(*id).map(degrees)).collect();
        if places.len() < refs.len() {
            let (missing, all) = (refs.len() - places.len(), refs.len());
            return Err(Reason::Shape(format!("{missing} of its {all} nodes are not in the file")));
        }
        Ok(places)
    }
}

impl Nodes {
    /// The stretches of a way whose nodes are in the file.
    pub fn stretches(&self, refs: &[i64]) -> Vec<LineString<f64>> {
        let runs = refs.split(|id| self.get(*id).is_none()).filter(|run| run.len() > 1);
        runs.map(|run| run.iter().filter_map(|id| self.get(*id).map(degrees)).collect()).collect()
    }
}

pub fn degrees(place: LonLat) -> Coord<f64> {
    Coord { x: f64::from(place.lon) / 1e7, y: f64::from(place.lat) / 1e7 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_found_in_any_order() {
        let mut wanted = Wanted::new(100);
        for id in [5, 9, 1, 5, -3, 40, 41, 42] {
            wanted.add(id).unwrap();
        }
        let mut nodes = wanted.finish().unwrap();
        for id in [41, 1, 2, -3, 9, 7, 42, 5, 100, -100] {
            nodes.set(id, LonLat { lon: id as i32, lat: 0 });
        }
        for id in [-3, 1, 5, 9, 41, 42] {
            assert_eq!(nodes.get(id), Some(LonLat { lon: id as i32, lat: 0 }), "{id}");
        }
        for id in [40, 2, 7, 100] {
            assert_eq!(nodes.get(id), None, "{id}");
        }
    }

    #[test]
    fn too_many_are_refused() {
        let mut wanted = Wanted::new(3);
        (0..5).for_each(|id| wanted.add(id).unwrap());
        assert!(wanted.finish().is_err());
    }
}
