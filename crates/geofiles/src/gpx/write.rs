//! Points as waypoints, lines as routes, lines of several parts as tracks. Fields that GPX has by itself stand in its
//! elements, in the order its schema wants; the others in extensions.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use geo_types::{Coord, Geometry};

use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::shapes::{held, is_empty};
use crate::sink::{Plan, Push, values};
use crate::xml::{element, escaped};
use crate::{Fatal, Feature, Field, FieldKind, Format, GeometryKind, Reason, Value};

/// Elements of a waypoint before and after what lines have as well, with the kind they hold.
const WAYPOINT: [(&str, FieldKind); 8] = [
    ("ele", FieldKind::Number),
    ("time", FieldKind::Timestamp),
    ("name", FieldKind::Text),
    ("cmt", FieldKind::Text),
    ("desc", FieldKind::Text),
    ("src", FieldKind::Text),
    ("sym", FieldKind::Text),
    ("type", FieldKind::Text),
];
const LINE: [(&str, FieldKind); 6] = [
    ("name", FieldKind::Text),
    ("cmt", FieldKind::Text),
    ("desc", FieldKind::Text),
    ("src", FieldKind::Text),
    ("number", FieldKind::Int),
    ("type", FieldKind::Text),
];

pub struct Writer {
    out: BufWriter<File>,
    fields: Vec<Field>,
    kind: GeometryKind,
    own: &'static [(&'static str, FieldKind)],
    text: String,
}

impl Writer {
    pub fn create(path: &Path, plan: &Plan<'_>) -> Result<Self, Fatal> {
        let (kind, own): (_, &[_]) = match plan.kind {
            GeometryKind::Point => (GeometryKind::Point, &WAYPOINT),
            GeometryKind::Line | GeometryKind::MultiLine => (plan.kind, &LINE),
            other => return Err(Fatal::NotHeld { format: Format::Gpx, what: format!("the kind {}", other.name()) }),
        };
        let file = File::create(path).map_err(Fatal::io("create the GPX"))?;
        let mut out = BufWriter::with_capacity(256 << 10, file);
        let head = concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx version=\"1.1\" creator=\"Songhan\" ",
            "xmlns=\"http://www.topografix.com/GPX/1/1\" xmlns:songhan=\"urn:songhan:gpx\">\n"
        );
        let mut head = head.to_owned();
        if !plan.about.is_empty() {
            head.push_str("<metadata>\n");
            element("name", &plan.about.title, &mut head);
            element("desc", &plan.about.text, &mut head);
            head.push_str("</metadata>\n");
        }
        out.write_all(head.as_bytes()).map_err(Fatal::io("write the GPX"))?;
        Ok(Self { out, fields: plan.fields.to_vec(), kind, own, text: String::new() })
    }

    fn is_own(&self, field: &Field) -> bool {
        self.own.iter().any(|(name, kind)| *name == field.name && *kind == field.kind)
    }

    fn attributes(&mut self, feature: &Feature) {
        for (name, _) in self.own {
            let found = values(feature, &self.fields).find(|(field, _)| field.name == *name && self.is_own(field));
            if let Some((_, value)) = found.filter(|(_, value)| !value.is_null()) {
                element(name, &value.clone().into_text(), &mut self.text);
            }
        }
        let others = values(feature, &self.fields).filter(|(field, value)| !self.is_own(field) && !value.is_null());
        let mut extensions = String::new();
        for (field, value) in others {
            // Programs read an element by its name; one that cannot be a name stands in an attribute.
            let element = if is_xml_name(&field.name) { field.name.as_str() } else { "value" };
            extensions.push_str(&format!("<songhan:{element}"));
            if element != field.name {
                extensions.push_str(" name=\"");
                escaped(&field.name, &mut extensions);
                extensions.push('"');
            }
            extensions.push('>');
            escaped(&value.clone().into_text(), &mut extensions);
            extensions.push_str(&format!("</songhan:{element}>\n"));
        }
        if !extensions.is_empty() {
            self.text.push_str(&format!("<extensions>\n{extensions}</extensions>\n"));
        }
    }

    fn points(&mut self, name: &str, coords: &[Coord<f64>]) {
        for coord in coords {
            self.text.push_str(&format!("<{name} lat=\"{}\" lon=\"{}\"/>\n", coord.y, coord.x));
        }
    }
}

fn is_xml_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn note(field: &Field, value: &Value, losses: &mut Losses) {
    match value {
        Value::Text(text) if text.is_empty() => losses.add(LossKind::EmptyText, Some(&field.name)),
        Value::Json(_) => losses.add(LossKind::AsText, Some(&field.name)),
        _ => {}
    }
}

impl Push for Writer {
    fn push(&mut self, feature: &Feature, losses: &mut Losses) -> Result<(), Halt> {
        let geometry = match &feature.geometry {
            Some(geometry) => Some(held(geometry, self.kind, Format::Gpx)?),
            None => None,
        };
        if geometry.as_deref().is_some_and(is_empty) {
            losses.add(LossKind::EmptyShape, None);
        }
        if feature.id.is_some() {
            losses.add(LossKind::Id, None);
        }
        values(feature, &self.fields).for_each(|(field, value)| note(field, value, losses));
        self.text.clear();
        match (self.kind, geometry.as_deref()) {
            (GeometryKind::Point, Some(Geometry::Point(point))) => {
                self.text.push_str(&format!("<wpt lat=\"{}\" lon=\"{}\">\n", point.y(), point.x()));
                self.attributes(feature);
                self.text.push_str("</wpt>\n");
            }
            // A waypoint is its place.
            (GeometryKind::Point, _) => {
                return Err(Reason::ShapeNotHeld { format: Format::Gpx, shape: "feature without a place" }.into());
            }
            (GeometryKind::Line, geometry) => {
                self.text.push_str("<rte>\n");
                self.attributes(feature);
                if let Some(Geometry::LineString(line)) = geometry {
                    self.points("rtept", &line.0);
                }
                self.text.push_str("</rte>\n");
            }
            (_, geometry) => {
                self.text.push_str("<trk>\n");
                self.attributes(feature);
                if let Some(Geometry::MultiLineString(lines)) = geometry {
                    for line in &lines.0 {
                        self.text.push_str("<trkseg>\n");
                        self.points("trkpt", &line.0);
                        self.text.push_str("</trkseg>\n");
                    }
                }
                self.text.push_str("</trk>\n");
            }
        }
        self.out.write_all(self.text.as_bytes()).map_err(|error| Fatal::io("write the GPX")(error).into())
    }

    fn finish(mut self: Box<Self>, _: &mut Losses) -> Result<(), Fatal> {
        self.out.write_all(b"</gpx>\n").and_then(|()| self.out.flush()).map_err(Fatal::io("write the GPX"))
    }
}
