//! GeoJSON written straight into bytes: coordinates from the stored WKB, properties as the JSON text that they are.
//! Nothing is built in between, since a page holds up to ten thousand features.

use geo_types::Coord;
use songhan_base::Internal;
use songhan_geo::crs::CrsError;

use super::system::System;
use crate::feature::Feature;

/// Why a geometry is not written.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    #[error("{0}")]
    Outside(#[from] CrsError),
    #[error("a stored geometry is broken")]
    Broken,
}

/// Why a feature is not.
#[derive(Debug)]
pub enum Failed {
    /// It has no coordinates in the system that was asked for.
    Outside(i64, CrsError),
    Internal(Internal),
}

/// `{"type":"Feature",…` without its last brace, so that members of ours may follow.
pub fn feature_open(out: &mut Vec<u8>, feature: &Feature, system: System) -> Result<(), Failed> {
    out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
    whole(out, feature.feature.unsigned_abs());
    out.extend_from_slice(b",\"geometry\":");
    match &feature.geometry {
        None => out.extend_from_slice(b"null"),
        Some(wkb) => geometry(out, wkb, system).map_err(|error| match error {
            Unwritten::Outside(error) => Failed::Outside(feature.feature, error),
            Unwritten::Broken => {
                Failed::Internal(Internal::new(format!("the stored geometry of feature {} is broken", feature.feature)))
            }
        })?,
    }
    out.extend_from_slice(b",\"properties\":");
    out.extend_from_slice(feature.properties.as_bytes());
    Ok(())
}

pub fn feature(out: &mut Vec<u8>, feature: &Feature, system: System) -> Result<(), Failed> {
    feature_open(out, feature, system)?;
    out.push(b'}');
    Ok(())
}

/// A stored geometry as GeoJSON.
pub fn geometry(out: &mut Vec<u8>, wkb: &[u8], system: System) -> Result<(), Unwritten> {
    let mut writer = Writer { wkb, system, decimals: system.decimals(), scale: 10_u64.pow(system.decimals()) };
    writer.geometry(out)
}

/// By their codes in WKB, which begin at 1.
const NAMES: [&str; 7] =
    ["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"];

struct Writer<'a> {
    wkb: &'a [u8],
    system: System,
    decimals: u32,
    scale: u64,
}

impl Writer<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Unwritten> {
        let (taken, rest) = self.wkb.split_first_chunk::<N>().ok_or(Unwritten::Broken)?;
        self.wkb = rest;
        Ok(*taken)
    }

    fn count(&mut self) -> Result<u32, Unwritten> {
        self.take().map(u32::from_le_bytes)
    }

    /// The kind of what follows; we store little-endian and without heights.
    fn kind(&mut self) -> Result<u32, Unwritten> {
        let [order] = self.take()?;
        let kind = self.count()?;
        if order == 1 && (1..=7).contains(&kind) { Ok(kind) } else { Err(Unwritten::Broken) }
    }

    fn geometry(&mut self, out: &mut Vec<u8>) -> Result<(), Unwritten> {
        let kind = self.kind()?;
        out.extend_from_slice(b"{\"type\":\"");
        out.extend_from_slice(NAMES[kind as usize - 1].as_bytes());
        out.extend_from_slice(if kind == 7 { b"\",\"geometries\":" } else { b"\",\"coordinates\":" });
        match kind {
            7 => self.list(out, Self::geometry)?,
            kind => self.coordinates(kind, out)?,
        }
        out.push(b'}');
        Ok(())
    }

    fn coordinates(&mut self, kind: u32, out: &mut Vec<u8>) -> Result<(), Unwritten> {
        match kind {
            1 => self.position(out),
            2 => self.list(out, Self::position),
            3 => self.list(out, |writer, out| writer.list(out, Self::position)),
            _ => self.list(out, |writer, out| {
                let part = writer.kind()?;
                if part + 3 == kind { writer.coordinates(part, out) } else { Err(Unwritten::Broken) }
            }),
        }
    }

    fn list(
        &mut self,
        out: &mut Vec<u8>,
        mut item: impl FnMut(&mut Self, &mut Vec<u8>) -> Result<(), Unwritten>,
    ) -> Result<(), Unwritten> {
        out.push(b'[');
        for at in 0..self.count()? {
            if at > 0 {
                out.push(b',');
            }
            item(self, out)?;
        }
        out.push(b']');
        Ok(())
    }

    fn position(&mut self, out: &mut Vec<u8>) -> Result<(), Unwritten> {
        let at = Coord { x: f64::from_le_bytes(self.take()?), y: f64::from_le_bytes(self.take()?) };
        let said = self.system.said(at)?;
        out.push(b'[');
        number(out, said.x, self.scale, self.decimals);
        out.push(b',');
        number(out, said.y, self.scale, self.decimals);
        out.push(b']');
        Ok(())
    }
}

/// A number with so many decimals at most, and none that says nothing. Coordinates fit 64 bits by far.
fn number(out: &mut Vec<u8>, value: f64, scale: u64, decimals: u32) {
    let scaled = (value * scale as f64).round();
    let digits = scaled.abs() as u64;
    if scaled < 0.0 {
        out.push(b'-');
    }
    whole(out, digits / scale);
    let mut rest = digits % scale;
    if rest == 0 {
        return;
    }
    let mut figures = [b'0'; 8];
    let mut last = 0;
    for at in (0..decimals as usize).rev() {
        let figure = (rest % 10) as u8;
        rest /= 10;
        figures[at] += figure;
        if last == 0 && figure != 0 {
            last = at + 1;
        }
    }
    out.push(b'.');
    out.extend_from_slice(&figures[..last]);
}

fn whole(out: &mut Vec<u8>, mut value: u64) {
    let mut figures = [0; 20];
    let mut from = figures.len();
    loop {
        from -= 1;
        figures[from] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&figures[from..]);
}

#[cfg(test)]
mod tests {
    use geo_types::{Geometry, GeometryCollection, MultiPoint, MultiPolygon, line_string, point, polygon};
    use songhan_geofiles::wkb;

    use super::*;

    fn written(geometry_of: &Geometry<f64>, system: System) -> String {
        let (mut bytes, mut out) = (Vec::new(), Vec::new());
        wkb::write(geometry_of, &mut bytes);
        geometry(&mut out, &bytes, system).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (108.2208, "108.2208"),
            (-108.2, "-108.2"),
            (0.00000001, "0"),
            (-0.00000001, "-0"),
            (0.0000001, "0.0000001"),
            (16.123456789, "16.1234568"),
            (179.99999999, "180"),
            (-90.0, "-90"),
            (100.05, "100.05"),
        ] {
            let mut out = Vec::new();
            number(&mut out, value, 10_000_000, 7);
            let out = String::from_utf8(out).unwrap();
            assert!(out == text || (text == "-0" && out == "0"), "{value}: {out}");
        }
        let mut out = Vec::new();
        number(&mut out, 1777138.32104, 10_000, 4);
        assert_eq!(out, b"1777138.321");
    }

    #[test]
    fn every_kind_is_written() {
        let square = polygon!(exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 0., y: 0.)],
            interiors: [[(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.), (x: 1., y: 1.)]]);
        let rings = "[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]";
        let line: Geometry = line_string![(x: 1., y: 2.), (x: 3., y: 4.5)].into();
        for (geometry, text) in [
            (point!(x: 108.2, y: 16.0).into(), r#"{"type":"Point","coordinates":[108.2,16]}"#.to_owned()),
            (line.clone(), r#"{"type":"LineString","coordinates":[[1,2],[3,4.5]]}"#.to_owned()),
            (square.clone().into(), format!(r#"{{"type":"Polygon","coordinates":{rings}}}"#)),
            (
                MultiPoint(vec![point!(x: 1., y: 2.)]).into(),
                r#"{"type":"MultiPoint","coordinates":[[1,2]]}"#.to_owned(),
            ),
            (
                MultiPolygon(vec![square.clone(), square]).into(),
                format!(r#"{{"type":"MultiPolygon","coordinates":[{rings},{rings}]}}"#),
            ),
            (
                Geometry::GeometryCollection(GeometryCollection(vec![point!(x: 1., y: 2.).into(), line])),
                r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[1,2],[3,4.5]]}]}"#
                    .to_owned(),
            ),
        ] {
            assert_eq!(written(&geometry, System::DEFAULT), text);
        }
    }

    #[test]
    fn axes_and_metres_are_those_of_the_system() {
        let at = point!(x: 108.2208, y: 16.0678).into();
        let system = |name| System::read("crs", Some(name)).unwrap();
        assert_eq!(written(&at, system("EPSG:4326")), r#"{"type":"Point","coordinates":[16.0678,108.2208]}"#);
        assert_eq!(written(&at, system("EPSG:5899")), r#"{"type":"Point","coordinates":[550175.0803,1777138.321]}"#);
    }

    #[test]
    fn what_is_broken_is_an_error() {
        let mut bytes = Vec::new();
        wkb::write(&line_string![(x: 1., y: 2.), (x: 3., y: 4.5)].into(), &mut bytes);
        for end in 0..bytes.len() {
            assert!(geometry(&mut Vec::new(), &bytes[..end], System::DEFAULT).is_err());
        }
    }
}
