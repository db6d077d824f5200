//! GeoJSON written one feature a line, so that the file is a collection and still read well by people and `grep`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use geo_types::{Coord, Geometry, Polygon};

use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::shapes::{plain, rings};
use crate::sink::{Plan, Push, values};
use crate::{Fatal, Feature, Field, Format, Id, Value};

pub struct Writer {
    out: BufWriter<File>,
    /// The names of the fields as JSON texts.
    keys: Vec<Vec<u8>>,
    fields: Vec<Field>,
    line: Vec<u8>,
    collection: bool,
    first: bool,
    srs_lost: bool,
}

impl Writer {
    pub fn create(path: &Path, format: Format, plan: &Plan<'_>) -> Result<Self, Fatal> {
        let file = File::create(path).map_err(Fatal::io("create the GeoJSON"))?;
        let mut out = BufWriter::with_capacity(256 << 10, file);
        let collection = format == Format::GeoJson;
        let foreign = !plan.srs.is_wgs84_or_unknown();
        if collection {
            let head = head(plan, plan.srs.epsg.filter(|_| foreign));
            out.write_all(&head).map_err(Fatal::io("write the GeoJSON"))?;
        }
        let keys = plan.fields.iter().map(|field| text(&field.name)).collect();
        let srs_lost = foreign && (!collection || plan.srs.epsg.is_none());
        Ok(Self { out, keys, fields: plan.fields.to_vec(), line: Vec::new(), collection, first: true, srs_lost })
    }

    fn feature(&mut self, feature: &Feature) {
        let line = &mut self.line;
        line.extend_from_slice(b"{\"type\":\"Feature\"");
        if let Some(id) = &feature.id {
            line.extend_from_slice(b",\"id\":");
            match id {
                Id::Int(id) => line.extend_from_slice(id.to_string().as_bytes()),
                Id::Text(id) => line.extend_from_slice(&text(id)),
            }
        }
        line.extend_from_slice(b",\"geometry\":");
        match &feature.geometry {
            Some(geometry) => shape(geometry, line),
            None => line.extend_from_slice(b"null"),
        }
        line.extend_from_slice(b",\"properties\":{");
        for (index, ((_, value), key)) in values(feature, &self.fields).zip(&self.keys).enumerate() {
            if index > 0 {
                line.push(b',');
            }
            line.extend_from_slice(key);
            line.push(b':');
            property(value, line);
        }
        line.extend_from_slice(b"}}");
    }
}

/// The opening of a collection. A system other than WGS 84 is named as the standard of 2008 did, which programs read.
fn head(plan: &Plan<'_>, epsg: Option<u32>) -> Vec<u8> {
    let mut head = b"{\"type\":\"FeatureCollection\",\"name\":".to_vec();
    head.extend_from_slice(&text(plan.name));
    // Members that the standard leaves to those who write (section 6.1).
    for (member, told) in [("title", &plan.about.title), ("description", &plan.about.text)] {
        if !told.is_empty() {
            head.extend_from_slice(format!(",\"{member}\":").as_bytes());
            head.extend_from_slice(&text(told));
        }
    }
    if let Some(code) = epsg {
        let crs =
            format!(",\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"urn:ogc:def:crs:EPSG::{code}\"}}}}");
        head.extend_from_slice(crs.as_bytes());
    }
    head.extend_from_slice(b",\"features\":[\n");
    head
}

fn text(text: &str) -> Vec<u8> {
    serde_json::Value::from(text).to_string().into_bytes()
}

fn property(value: &Value, line: &mut Vec<u8>) {
    match value {
        Value::Null => line.extend_from_slice(b"null"),
        Value::Bool(yes) => line.extend_from_slice(if *yes { b"true" } else { b"false" }),
        Value::Int(int) => line.extend_from_slice(int.to_string().as_bytes()),
        other => line.extend_from_slice(other.clone().into_json().to_string().as_bytes()),
    }
}

fn shape(geometry: &Geometry<f64>, line: &mut Vec<u8>) {
    let mut member = |name: &str, write: &dyn Fn(&mut Vec<u8>)| {
        line.extend_from_slice(format!("{{\"type\":\"{name}\",\"coordinates\":").as_bytes());
        write(line);
        line.push(b'}');
    };
    match plain(geometry).as_ref() {
        Geometry::Point(point) => member("Point", &|line| coord(point.0, line)),
        Geometry::LineString(one) => member("LineString", &|line| coords(&one.0, line)),
        Geometry::Polygon(polygon) => member("Polygon", &|line| body(polygon, line)),
        Geometry::MultiPoint(points) => {
            member("MultiPoint", &|line| list(points.0.iter(), line, |point, line| coord(point.0, line)));
        }
        Geometry::MultiLineString(lines) => {
            member("MultiLineString", &|line| list(lines.0.iter(), line, |one, line| coords(&one.0, line)));
        }
        Geometry::MultiPolygon(polygons) => member("MultiPolygon", &|line| list(polygons.0.iter(), line, body)),
        Geometry::GeometryCollection(members) => {
            line.extend_from_slice(b"{\"type\":\"GeometryCollection\",\"geometries\":");
            list(members.0.iter(), line, shape);
            line.push(b'}');
        }
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {}
    }
}

fn list<T>(items: impl Iterator<Item = T>, line: &mut Vec<u8>, write: impl Fn(T, &mut Vec<u8>)) {
    line.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            line.push(b',');
        }
        write(item, line);
    }
    line.push(b']');
}

fn coords(coords: &[Coord<f64>], line: &mut Vec<u8>) {
    list(coords.iter(), line, |at, line| coord(*at, line));
}

fn coord(at: Coord<f64>, line: &mut Vec<u8>) {
    // Writing into a vector does not fail.
    let _ = write!(line, "[{},{}]", at.x, at.y);
}

fn body(polygon: &Polygon<f64>, line: &mut Vec<u8>) {
    list(rings(polygon), line, |ring, line| coords(&ring.0, line));
}

impl Push for Writer {
    fn push(&mut self, feature: &Feature, losses: &mut Losses) -> Result<(), Halt> {
        if self.srs_lost {
            losses.once(LossKind::Srs, None);
        }
        self.line.clear();
        if self.collection && !self.first {
            self.line.extend_from_slice(b",\n");
        }
        self.feature(feature);
        if !self.collection {
            self.line.push(b'\n');
        }
        self.first = false;
        self.out.write_all(&self.line).map_err(|error| Fatal::io("write the GeoJSON")(error).into())
    }

    fn finish(mut self: Box<Self>, _: &mut Losses) -> Result<(), Fatal> {
        if self.collection {
            self.out.write_all(b"\n]}\n").map_err(Fatal::io("write the GeoJSON"))?;
        }
        self.out.flush().map_err(Fatal::io("write the GeoJSON"))
    }
}
