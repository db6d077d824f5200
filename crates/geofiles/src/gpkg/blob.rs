//! The binary format of shapes (OGC 12-128r18, clause 2.1.3): a head with the bounds before well-known binary.

use geo_types::Geometry;

use crate::bytes::Bytes;
use crate::layer::Bounds;
use crate::limits::Gauge;
use crate::{Reason, wkb};

pub fn read(blob: &[u8], gauge: &mut Gauge) -> Result<Option<Geometry<f64>>, Reason> {
    let mut bytes = Bytes(blob);
    if bytes.take(2)? != b"GP" {
        return Err(Reason::Shape("it is not in GeoPackage's binary format".into()));
    }
    let [_version, flags] = bytes.array()?;
    if flags & 0x20 != 0 {
        return Err(Reason::UnknownShape("extended GeoPackage".into()));
    }
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err(Reason::Shape("its bounds are of an unknown kind".into())),
    };
    bytes.take(4 + envelope)?;
    wkb::read(bytes.0, gauge)
}

/// Bounds are written for all shapes but points, as the clause recommends.
pub fn write(geometry: &Geometry<f64>, bounds: Option<Bounds>, srs_id: i32) -> Vec<u8> {
    let point = matches!(geometry, Geometry::Point(_));
    let flags = 1 | if bounds.is_none() { 0x10 } else { 0 } | if bounds.is_some() && !point { 2 } else { 0 };
    let mut blob = Vec::with_capacity(64);
    blob.extend_from_slice(b"GP\0");
    blob.push(flags);
    blob.extend_from_slice(&srs_id.to_le_bytes());
    if let Some(Bounds { min, max }) = bounds.filter(|_| !point) {
        for number in [min.x, max.x, min.y, max.y] {
            blob.extend_from_slice(&number.to_le_bytes());
        }
    }
    wkb::write(geometry, &mut blob);
    blob
}
