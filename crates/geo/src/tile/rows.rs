//! Features on their way into a store: projected once, flattened to parts, not yet in order.

use super::{
    grid::TileMatrixSet,
    layer::LayerError,
    store::{Kind, Store},
    value::plain,
};
use geo_types::{Coord, Geometry, LineString, Polygon};

/// Longitudes and latitudes that hold all features: west, south, east, north.
pub(super) const NOWHERE: [f64; 4] = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];

/// Rows as flat arrays: row → parts (lines, rings, or one part of points) → coordinates.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub columns: usize,
    pub ids: Vec<u64>,
    pub kinds: Vec<Kind>,
    pub importance: Vec<Option<f32>>,
    pub part_ends: Vec<u32>,
    pub coord_ends: Vec<u32>,
    pub holes: Vec<bool>,
    pub coords: Vec<[u32; 2]>,
    pub values: Vec<u32>,
    pub bounds_wgs84: [f64; 4],
}

impl Rows {
    pub fn new(columns: usize) -> Self {
        Self {
            columns,
            ids: Vec::new(),
            kinds: Vec::new(),
            importance: Vec::new(),
            part_ends: Vec::new(),
            coord_ends: Vec::new(),
            holes: Vec::new(),
            coords: Vec::new(),
            values: Vec::new(),
            bounds_wgs84: NOWHERE,
        }
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Adds a feature: a row for each kind of shape in it, since a feature of a tile has one kind (MVT 2.1 §4.3.4).
    /// Nothing is added on an error, nor for an empty geometry.
    pub fn push(
        &mut self,
        set: &TileMatrixSet,
        id: u64,
        geometry: &Geometry<f64>,
        values: &[u32],
        importance: Option<f32>,
    ) -> Result<(), LayerError> {
        let (rows, parts, coords, bounds) = (self.len(), self.coord_ends.len(), self.coords.len(), self.bounds_wgs84);
        let leaves = leaves(geometry);
        for kind in [Kind::Point, Kind::Line, Kind::Polygon] {
            let before = self.coords.len();
            let added = leaves.iter().filter(|(k, _)| *k == kind).try_for_each(|(_, leaf)| self.add(set, id, leaf));
            if let Err(error) = added.and_then(|()| self.fits()) {
                self.ids.truncate(rows);
                self.kinds.truncate(rows);
                self.importance.truncate(rows);
                self.part_ends.truncate(rows);
                self.values.truncate(rows * self.columns);
                self.coord_ends.truncate(parts);
                self.holes.truncate(parts);
                self.coords.truncate(coords);
                self.bounds_wgs84 = bounds;
                return Err(error);
            }
            if self.coords.len() > before {
                self.end_row(id, kind, values, importance);
            }
        }
        Ok(())
    }

    /// Adds a row of a store as it is.
    pub fn push_row(&mut self, store: &Store, row: usize) -> Result<(), LayerError> {
        for (part, hole) in store.parts(row) {
            self.coords.extend_from_slice(part);
            self.coord_ends.push(self.coords.len() as u32);
            self.holes.push(hole);
        }
        self.fits()?;
        self.end_row(store.id(row), store.kind(row), &[], store.importance(row));
        self.values.extend(store.values(row).iter().map(|number| plain(*number)));
        Ok(())
    }

    /// Adds a row of a store with all its places moved; nothing where one of them has no place.
    pub fn push_moved(
        &mut self,
        store: &Store,
        row: usize,
        place: impl Fn([u32; 2]) -> Option<[u32; 2]>,
    ) -> Result<(), LayerError> {
        let mut moved = Vec::new();
        for (part, hole) in store.parts(row) {
            let Some(part) = part.iter().map(|p| place(*p)).collect::<Option<Vec<_>>>() else { return Ok(()) };
            moved.push((part, hole));
        }
        for (part, hole) in moved {
            self.coords.extend_from_slice(&part);
            self.coord_ends.push(self.coords.len() as u32);
            self.holes.push(hole);
        }
        self.fits()?;
        self.end_row(store.id(row), store.kind(row), &[], store.importance(row));
        self.values.extend(store.values(row).iter().map(|number| plain(*number)));
        Ok(())
    }

    /// Adds a row of a store as one place.
    pub fn push_anchor(&mut self, store: &Store, row: usize, place: [u32; 2]) -> Result<(), LayerError> {
        self.coords.push(place);
        self.coord_ends.push(self.coords.len() as u32);
        self.holes.push(false);
        self.fits()?;
        self.end_row(store.id(row), Kind::Point, &[], store.importance(row));
        self.values.extend(store.values(row).iter().map(|number| plain(*number)));
        Ok(())
    }

    fn fits(&self) -> Result<(), LayerError> {
        let most = self.coords.len().max(self.values.len() + self.columns);
        if u32::try_from(most).is_ok_and(|n| n < u32::MAX) { Ok(()) } else { Err(LayerError::TooLarge("coordinates")) }
    }

    fn end_row(&mut self, id: u64, kind: Kind, values: &[u32], importance: Option<f32>) {
        self.ids.push(id);
        self.kinds.push(kind);
        self.importance.push(importance);
        self.part_ends.push(self.coord_ends.len() as u32);
        self.values.extend_from_slice(values);
    }

    fn add(&mut self, set: &TileMatrixSet, id: u64, leaf: &Leaf<'_>) -> Result<(), LayerError> {
        match leaf {
            Leaf::Points(list) => self.add_part(set, id, list.iter().copied(), false),
            Leaf::Line(line) => self.add_part(set, id, line.0.iter().copied(), false),
            Leaf::Polygon(polygon) => self.add_polygon(set, id, polygon),
            Leaf::OwnPolygon(polygon) => self.add_polygon(set, id, polygon),
        }
    }

    fn add_polygon(&mut self, set: &TileMatrixSet, id: u64, polygon: &Polygon<f64>) -> Result<(), LayerError> {
        if polygon.exterior().0.is_empty() {
            return Ok(());
        }
        self.add_part(set, id, open(polygon.exterior()), false)?;
        polygon.interiors().iter().try_for_each(|hole| self.add_part(set, id, open(hole), true))
    }

    fn add_part(
        &mut self,
        set: &TileMatrixSet,
        id: u64,
        coords: impl Iterator<Item = Coord<f64>>,
        hole: bool,
    ) -> Result<(), LayerError> {
        let before = self.coords.len();
        for c in coords {
            let place = set.place(c.x, c.y).ok_or(LayerError::Outside { id, lon: c.x, lat: c.y })?;
            self.coords.push(place);
            let [west, south, east, north] = &mut self.bounds_wgs84;
            (*west, *south) = (west.min(c.x), south.min(c.y));
            (*east, *north) = (east.max(c.x), north.max(c.y));
        }
        if self.coords.len() > before {
            self.coord_ends.push(self.coords.len() as u32);
            self.holes.push(hole);
        }
        Ok(())
    }
}

/// The corners of a ring without the first again at its end.
fn open(ring: &LineString<f64>) -> impl Iterator<Item = Coord<f64>> + '_ {
    let closed = ring.0.len() > 1 && ring.0.first() == ring.0.last();
    ring.0[..ring.0.len() - usize::from(closed)].iter().copied()
}

enum Leaf<'a> {
    Points(Vec<Coord<f64>>),
    Line(std::borrow::Cow<'a, LineString<f64>>),
    Polygon(&'a Polygon<f64>),
    OwnPolygon(Polygon<f64>),
}

/// The simple shapes of a geometry, without recursion: collections can lie in collections as deep as a file likes.
fn leaves(geometry: &Geometry<f64>) -> Vec<(Kind, Leaf<'_>)> {
    use std::borrow::Cow;
    let mut out = Vec::with_capacity(1);
    let mut open = vec![geometry];
    while let Some(geometry) = open.pop() {
        match geometry {
            Geometry::Point(p) => out.push((Kind::Point, Leaf::Points(vec![p.0]))),
            Geometry::MultiPoint(m) => out.push((Kind::Point, Leaf::Points(m.iter().map(|p| p.0).collect()))),
            Geometry::Line(l) => {
                let line = LineString::new(vec![l.start, l.end]);
                out.push((Kind::Line, Leaf::Line(Cow::Owned(line))));
            }
            Geometry::LineString(l) => out.push((Kind::Line, Leaf::Line(Cow::Borrowed(l)))),
            Geometry::MultiLineString(m) => {
                out.extend(m.iter().map(|l| (Kind::Line, Leaf::Line(Cow::Borrowed(l)))));
            }
            Geometry::Polygon(p) => out.push((Kind::Polygon, Leaf::Polygon(p))),
            Geometry::MultiPolygon(m) => out.extend(m.iter().map(|p| (Kind::Polygon, Leaf::Polygon(p)))),
            Geometry::Rect(r) => out.push((Kind::Polygon, Leaf::OwnPolygon(r.to_polygon()))),
            Geometry::Triangle(t) => out.push((Kind::Polygon, Leaf::OwnPolygon(t.to_polygon()))),
            Geometry::GeometryCollection(c) => open.extend(c.0.iter().rev()),
        }
    }
    out
}
