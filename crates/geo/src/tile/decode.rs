//! Reading a tile back: for tests, for the black-box suite and for tools. Strict, since it is to find mistakes: every
//! "MUST" of MVT 2.1 about structure is looked at. No input makes it panic, and what it allocates is in proportion to the
//! bytes it is given: attributes stay numbers into the layer's tables.

use super::{
    rings::{Pt, area2},
    value::Value,
    wire::{CLOSE_PATH, LINE_TO, MOVE_TO, read_varint, unzigzag},
};
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use std::ops::Range;

/// Why bytes are not a vector tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("read a tile: the bytes end inside {0}; fetch the tile again")]
    Truncated(&'static str),
    #[error("read a tile: {0} (MVT 2.1 {1}); correct the encoder")]
    Invalid(&'static str, &'static str),
}

use DecodeError::{Invalid, Truncated};

/// A layer of a tile.
#[derive(Debug, Clone, PartialEq)]
pub struct DecodedLayer {
    pub name: String,
    pub version: u32,
    pub extent: u32,
    pub keys: Vec<String>,
    pub values: Vec<Value<'static>>,
    pub features: Vec<DecodedFeature>,
}

/// A feature of a tile, in the coordinates of the tile's grid.
#[derive(Debug, Clone, PartialEq)]
pub struct DecodedFeature {
    pub id: Option<u64>,
    pub geometry: Geometry<f64>,
    /// Numbers of key and value in the layer's tables; both are there.
    pub tags: Vec<(u32, u32)>,
}

impl DecodedLayer {
    /// A feature's attributes by name.
    pub fn attributes<'a>(
        &'a self,
        feature: &'a DecodedFeature,
    ) -> impl Iterator<Item = (&'a str, &'a Value<'static>)> {
        feature
            .tags
            .iter()
            .filter_map(|(k, v)| Some((self.keys.get(*k as usize)?.as_str(), self.values.get(*v as usize)?)))
    }

    pub fn attribute(&self, feature: &DecodedFeature, name: &str) -> Option<&Value<'static>> {
        feature
            .tags
            .iter()
            .find_map(|(k, v)| (self.keys.get(*k as usize)? == name).then(|| self.values.get(*v as usize))?)
    }
}

/// A field of a message: its number and what it holds.
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn next(&mut self) -> Result<Option<(u64, Field<'a>)>, DecodeError> {
        if self.at == self.bytes.len() {
            return Ok(None);
        }
        let number = |at: &mut usize| read_varint(self.bytes, at).ok_or(Truncated("a number"));
        let key = number(&mut self.at)?;
        let field = match key & 7 {
            0 => Field::Number(number(&mut self.at)?),
            2 => {
                let length = usize::try_from(number(&mut self.at)?).map_err(|_| Truncated("a field"))?;
                Field::Bytes(self.take(length)?)
            }
            1 => self.take(8).map(|_| Field::Fixed)?,
            5 => self.take(4).map(|_| Field::Fixed)?,
            _ => return Err(Invalid("a field has an unknown wire type", "§3")),
        };
        Ok(Some((key >> 3, field)))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let end = self.at.checked_add(length).ok_or(Truncated("a field"))?;
        let bytes = self.bytes.get(self.at..end).ok_or(Truncated("a field"))?;
        self.at = end;
        Ok(bytes)
    }
}

/// Reads a tile, not compressed.
pub fn decode(bytes: &[u8]) -> Result<Vec<DecodedLayer>, DecodeError> {
    let mut layers: Vec<DecodedLayer> = Vec::new();
    let mut fields = Fields::new(bytes);
    while let Some((number, field)) = fields.next()? {
        if let (3, Field::Bytes(layer)) = (number, field) {
            let layer = read_layer(layer)?;
            if layers.iter().any(|l| l.name == layer.name) {
                return Err(Invalid("two layers have one name", "§4.1"));
            }
            layers.push(layer);
        }
    }
    Ok(layers)
}

fn read_layer(bytes: &[u8]) -> Result<DecodedLayer, DecodeError> {
    let (mut name, mut version, mut extent) = (None, None, 4096);
    let (mut keys, mut values, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    let text = |b: &[u8]| std::str::from_utf8(b).map(str::to_owned).map_err(|_| Invalid("a text is not UTF-8", "§4.1"));
    let mut fields = Fields::new(bytes);
    while let Some(field) = fields.next()? {
        match field {
            (1, Field::Bytes(b)) => name = Some(text(b)?),
            (2, Field::Bytes(b)) => raw.push(b),
            (3, Field::Bytes(b)) => keys.push(text(b)?),
            (4, Field::Bytes(b)) => {
                values.push(Value::read(b).ok_or(Invalid("a value is not of one known type", "§4.1"))?.into_owned());
            }
            (5, Field::Number(n)) => extent = n as u32,
            (15, Field::Number(n)) => version = Some(n as u32),
            _ => {}
        }
    }
    let name = name.ok_or(Invalid("a layer has no name", "§4.1"))?;
    let version = version.ok_or(Invalid("a layer has no version", "§4.1"))?;
    if version != 2 {
        return Err(Invalid("a layer is not of version 2", "§4.1"));
    }
    let features = raw.into_iter().map(|b| read_feature(b, keys.len(), values.len())).collect::<Result<_, _>>()?;
    Ok(DecodedLayer { name, version, extent, keys, values, features })
}

fn read_feature(bytes: &[u8], keys: usize, values: usize) -> Result<DecodedFeature, DecodeError> {
    let (mut id, mut kind, mut tags, mut geometry) = (None, 0, Vec::new(), &[][..]);
    let mut fields = Fields::new(bytes);
    while let Some(field) = fields.next()? {
        match field {
            (1, Field::Number(n)) => id = Some(n),
            (2, Field::Bytes(b)) => tags = read_tags(b, keys, values)?,
            (3, Field::Number(n)) => kind = n,
            (4, Field::Bytes(b)) => geometry = b,
            _ => {}
        }
    }
    let parts = read_parts(geometry, kind)?;
    let geometry = match kind {
        1 => points(&parts),
        2 => lines(&parts),
        _ => polygons(&parts)?,
    };
    Ok(DecodedFeature { id, geometry, tags })
}

fn read_tags(bytes: &[u8], keys: usize, values: usize) -> Result<Vec<(u32, u32)>, DecodeError> {
    let mut tags: Vec<(u32, u32)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let mut number = || read_varint(bytes, &mut at).ok_or(Truncated("the tags of a feature"));
        let (key, value) = (number()?, number()?);
        if key >= keys as u64 || value >= values as u64 {
            return Err(Invalid("a tag names a key or value that is not there", "§4.4"));
        }
        tags.push((key as u32, value as u32));
    }
    let mut used: Vec<u32> = tags.iter().map(|t| t.0).collect();
    used.sort_unstable();
    if used.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Invalid("a feature has a key twice", "§4.4"));
    }
    Ok(tags)
}

/// Points of all parts, and where each part lies in them.
struct Parts {
    pts: Vec<Pt>,
    parts: Vec<Range<usize>>,
}

fn read_parts(bytes: &[u8], kind: u64) -> Result<Parts, DecodeError> {
    let mut out = Parts { pts: Vec::new(), parts: Vec::new() };
    let (mut at, mut cursor) = (0, Pt::default());
    let (mut last, mut start) = (CLOSE_PATH, 0);
    while at < bytes.len() {
        let head = read_varint(bytes, &mut at).ok_or(Truncated("a geometry"))?;
        let (id, count) = (head & 7, head >> 3);
        let allowed = match (kind, id) {
            (1, MOVE_TO) => at > 0 && out.pts.is_empty() && count > 0,
            (2, MOVE_TO) => last != MOVE_TO && count == 1,
            (3, MOVE_TO) => last == CLOSE_PATH && count == 1,
            (2, LINE_TO) => last == MOVE_TO && count > 0,
            (3, LINE_TO) => last == MOVE_TO && count > 1,
            (3, CLOSE_PATH) => last == LINE_TO && count == 1,
            _ => false,
        };
        if !allowed {
            return Err(Invalid("the commands of a geometry are out of order", "§4.3.4"));
        }
        last = id;
        if id == CLOSE_PATH {
            continue;
        }
        if id == MOVE_TO {
            start = out.pts.len();
            out.parts.push(start..start);
        }
        for _ in 0..count {
            let mut step = || read_varint(bytes, &mut at).map(unzigzag).ok_or(Truncated("a geometry"));
            let (dx, dy) = (step()?, step()?);
            let add = |a: i64, d: i64| a.checked_add(d).filter(|v| i32::try_from(*v).is_ok());
            let (Some(x), Some(y)) = (add(cursor.x, dx), add(cursor.y, dy)) else {
                return Err(Invalid("a coordinate leaves 32 bits", "§4.3.2"));
            };
            cursor = Pt { x, y };
            out.pts.push(cursor);
        }
        if let Some(part) = out.parts.last_mut() {
            *part = start..out.pts.len();
        }
    }
    let whole = match kind {
        1 => last == MOVE_TO,
        2 => last == LINE_TO,
        3 => last == CLOSE_PATH,
        _ => return Err(Invalid("a feature is of no known kind", "§4.3.4")),
    };
    if whole && !out.parts.is_empty() { Ok(out) } else { Err(Invalid("a geometry is empty or ends early", "§4.3.4")) }
}

fn coord(p: Pt) -> Coord<f64> {
    Coord { x: p.x as f64, y: p.y as f64 }
}

fn points(parts: &Parts) -> Geometry<f64> {
    match parts.pts[..] {
        [one] => Geometry::Point(coord(one).into()),
        _ => Geometry::MultiPoint(MultiPoint(parts.pts.iter().map(|p| Point(coord(*p))).collect())),
    }
}

fn lines(parts: &Parts) -> Geometry<f64> {
    let line = |r: &Range<usize>| LineString(parts.pts[r.clone()].iter().map(|p| coord(*p)).collect());
    match &parts.parts[..] {
        [one] => Geometry::LineString(line(one)),
        many => Geometry::MultiLineString(MultiLineString(many.iter().map(line).collect())),
    }
}

/// A ring with a positive area begins a polygon, one with a negative is a hole in it (MVT 2.1 §4.3.3.3).
fn polygons(parts: &Parts) -> Result<Geometry<f64>, DecodeError> {
    let mut out: Vec<(LineString<f64>, Vec<LineString<f64>>)> = Vec::new();
    for part in &parts.parts {
        let ring = &parts.pts[part.clone()];
        let line = LineString(ring.iter().chain(ring.first()).map(|p| coord(*p)).collect());
        match (area2(ring).signum(), out.last_mut()) {
            (1, _) => out.push((line, Vec::new())),
            (-1, Some(polygon)) => polygon.1.push(line),
            (-1, None) => return Err(Invalid("a polygon begins with a hole", "§4.3.4.4")),
            _ => return Err(Invalid("a ring has no area", "§4.3.4.4")),
        }
    }
    let mut polygons: Vec<Polygon<f64>> =
        out.into_iter().map(|(exterior, holes)| Polygon::new(exterior, holes)).collect();
    Ok(match polygons.pop() {
        Some(one) if polygons.is_empty() => Geometry::Polygon(one),
        last => Geometry::MultiPolygon(MultiPolygon(polygons.into_iter().chain(last).collect())),
    })
}
