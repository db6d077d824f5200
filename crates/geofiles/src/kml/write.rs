//! One document of placemarks. Fields called `name` and `description` are those of KML, the others stand in a schema, so
//! that numbers stay numbers.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use geo_types::{Coord, Geometry, Polygon};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::shapes::{is_empty, plain, rings};
use crate::sink::{Plan, Push, values};
use crate::xml::{element, escaped};
use crate::{Fatal, Feature, Field, FieldKind, Format, Id, Value};

pub struct Writer {
    out: BufWriter<File>,
    /// Where the zip is to be made of what was written.
    zip: Option<PathBuf>,
    fields: Vec<Field>,
    text: String,
}

fn failed() -> impl FnOnce(std::io::Error) -> Fatal {
    Fatal::io("write the KML")
}

impl Writer {
    pub fn create(path: &Path, format: Format, plan: &Plan<'_>, losses: &mut Losses) -> Result<Self, Fatal> {
        if !plan.srs.is_wgs84_or_unknown() {
            return Err(Fatal::NotHeld { format, what: "places that are not longitude and latitude on WGS 84".into() });
        }
        for field in plan.fields.iter().filter(|field| is_own(&field.name) && field.kind != FieldKind::Text) {
            losses.once(LossKind::AsText, Some(&field.name));
        }
        let zip = (format == Format::Kmz).then(|| path.to_owned());
        let file = match zip {
            Some(_) => tempfile::tempfile().map_err(Fatal::io("make a temporary file"))?,
            None => File::create(path).map_err(Fatal::io("create the KML"))?,
        };
        let mut out = BufWriter::with_capacity(256 << 10, file);
        out.write_all(head(plan).as_bytes()).map_err(failed())?;
        Ok(Self { out, zip, fields: plan.fields.to_vec(), text: String::new() })
    }

    fn attributes(&mut self, feature: &Feature, losses: &mut Losses) {
        for (field, value) in values(feature, &self.fields) {
            match value {
                Value::Text(text) if text.is_empty() => losses.add(LossKind::EmptyText, Some(&field.name)),
                Value::Json(_) => losses.add(LossKind::AsText, Some(&field.name)),
                _ => {}
            }
        }
        let stated = || values(feature, &self.fields).filter(|(_, value)| !value.is_null());
        for (field, value) in stated().filter(|(field, _)| is_own(&field.name)) {
            element(&field.name, &value.clone().into_text(), &mut self.text);
        }
        if stated().all(|(field, _)| is_own(&field.name)) {
            return;
        }
        self.text.push_str("<ExtendedData><SchemaData schemaUrl=\"#fields\">\n");
        for (field, value) in stated().filter(|(field, _)| !is_own(&field.name)) {
            self.text.push_str("<SimpleData name=\"");
            escaped(&field.name, &mut self.text);
            self.text.push_str("\">");
            escaped(&value.clone().into_text(), &mut self.text);
            self.text.push_str("</SimpleData>\n");
        }
        self.text.push_str("</SchemaData></ExtendedData>\n");
    }
}

fn is_own(name: &str) -> bool {
    matches!(name, "name" | "description")
}

fn head(plan: &Plan<'_>) -> String {
    let mut head = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">\n<Document>\n",
    );
    element("name", plan.name, &mut head);
    let told = [&plan.about.title, &plan.about.text].map(String::as_str).join("\n");
    if !plan.about.is_empty() {
        element("description", told.trim(), &mut head);
    }
    head.push_str("<Schema name=\"fields\" id=\"fields\">\n");
    for field in plan.fields.iter().filter(|field| !is_own(&field.name)) {
        let kind = match field.kind {
            FieldKind::Int => "int",
            FieldKind::Number => "double",
            FieldKind::Bool => "bool",
            FieldKind::Text | FieldKind::Date | FieldKind::Timestamp | FieldKind::Json => "string",
        };
        head.push_str(&format!("<SimpleField type=\"{kind}\" name=\""));
        escaped(&field.name, &mut head);
        head.push_str("\"></SimpleField>\n");
    }
    head.push_str("</Schema>\n");
    head
}

fn shape(geometry: &Geometry<f64>, out: &mut String) {
    match plain(geometry).as_ref() {
        Geometry::Point(point) => coords("Point", &[point.0], out),
        Geometry::LineString(line) => coords("LineString", &line.0, out),
        Geometry::Polygon(polygon) => body(polygon, out),
        Geometry::MultiPoint(points) => whole(points.0.iter(), out, |point, out| coords("Point", &[point.0], out)),
        Geometry::MultiLineString(lines) => whole(lines.0.iter(), out, |line, out| coords("LineString", &line.0, out)),
        Geometry::MultiPolygon(polygons) => whole(polygons.0.iter(), out, body),
        Geometry::GeometryCollection(members) => whole(members.0.iter(), out, shape),
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {}
    }
}

fn whole<T>(members: impl Iterator<Item = T>, out: &mut String, write: impl Fn(T, &mut String)) {
    out.push_str("<MultiGeometry>");
    members.for_each(|member| write(member, out));
    out.push_str("</MultiGeometry>\n");
}

fn coords(name: &str, coords: &[Coord<f64>], out: &mut String) {
    out.push_str(&format!("<{name}><coordinates>"));
    for (index, coord) in coords.iter().enumerate() {
        let blank = if index > 0 { " " } else { "" };
        out.push_str(&format!("{blank}{},{}", coord.x, coord.y));
    }
    out.push_str(&format!("</coordinates></{name}>\n"));
}

fn body(polygon: &Polygon<f64>, out: &mut String) {
    out.push_str("<Polygon>");
    for (index, ring) in rings(polygon).enumerate() {
        let side = if index == 0 { "outerBoundaryIs" } else { "innerBoundaryIs" };
        out.push_str(&format!("<{side}>"));
        coords("LinearRing", &ring.0, out);
        out.push_str(&format!("</{side}>"));
    }
    out.push_str("</Polygon>\n");
}

impl Push for Writer {
    fn push(&mut self, feature: &Feature, losses: &mut Losses) -> Result<(), Halt> {
        self.text.clear();
        self.text.push_str("<Placemark");
        match &feature.id {
            Some(Id::Text(id)) if is_xml_id(id) => self.text.push_str(&format!(" id=\"{id}\"")),
            Some(_) => losses.add(LossKind::Id, None),
            None => {}
        }
        self.text.push_str(">\n");
        self.attributes(feature, losses);
        if let Some(geometry) = &feature.geometry {
            if is_empty(geometry) {
                losses.add(LossKind::EmptyShape, None);
            } else {
                shape(geometry, &mut self.text);
            }
        }
        self.text.push_str("</Placemark>\n");
        self.out.write_all(self.text.as_bytes()).map_err(|error| failed()(error).into())
    }

    fn finish(mut self: Box<Self>, _: &mut Losses) -> Result<(), Fatal> {
        self.out.write_all(b"</Document>\n</kml>\n").and_then(|()| self.out.flush()).map_err(failed())?;
        let Some(path) = self.zip else { return Ok(()) };
        let mut file = self.out.into_inner().map_err(|error| failed()(error.into_error()))?;
        std::io::Seek::rewind(&mut file).map_err(failed())?;
        let large = file.metadata().map_err(failed())?.len() > u64::from(u32::MAX);
        let bad = |error: zip::result::ZipError| Fatal::Zip(error.to_string());
        let zip = File::create(path).map_err(Fatal::io("create the KMZ"))?;
        let mut zip = ZipWriter::new(BufWriter::new(zip));
        zip.start_file("doc.kml", SimpleFileOptions::default().large_file(large)).map_err(bad)?;
        std::io::copy(&mut file, &mut zip).map_err(failed())?;
        zip.finish().map_err(bad)?.flush().map_err(failed())
    }
}

/// An `id` of XML begins with a letter and holds no blanks (XML 1.0, section 3.3.1).
fn is_xml_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}
