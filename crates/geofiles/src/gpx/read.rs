//! One layer of a GPX, feature by feature.

use std::fs::File;

use geo_types::{Coord, Geometry, LineString, MultiLineString, Point};

use super::Layer;
use crate::limits::Gauge;
use crate::marked::{Gathered, Marked};
use crate::problem::Halt;
use crate::xml::{Token, Xml};
use crate::{Fatal, Feature, FieldKind, Format, Limits, Reason, Value};

pub struct Reader {
    xml: Xml,
    layer: Layer,
    gathered: Gathered,
}

/// What the schema of GPX 1.1 says of its own elements.
fn declared(name: &str) -> Option<FieldKind> {
    match name {
        "ele" | "magvar" | "geoidheight" | "hdop" | "vdop" | "pdop" | "ageofdgpsdata" => Some(FieldKind::Number),
        "time" => Some(FieldKind::Timestamp),
        "number" | "sat" | "dgpsid" => Some(FieldKind::Int),
        "name" | "cmt" | "desc" | "src" | "sym" | "type" | "fix" | "link" => Some(FieldKind::Text),
        _ => None,
    }
}

impl Reader {
    pub fn new(file: File, layer: Layer, limits: &Limits) -> Self {
        let xml = Xml::new(file, Format::Gpx, limits);
        Self { xml, layer, gathered: Gathered::new(limits) }
    }

    fn seek(&mut self) -> Result<bool, Fatal> {
        loop {
            self.xml.begin_part();
            let Some(token) = self.xml.next()? else { return Ok(false) };
            match token {
                Token::Start(name) if name == self.layer.element() && self.xml.depth() == 2 => return Ok(true),
                Token::Start(name) if name == "gpx" => {}
                Token::Start(_) => self.xml.skip_to_end_of(self.xml.depth())?,
                Token::End | Token::Text(_) => {}
            }
        }
    }

    fn element(&mut self) -> Result<Feature, Halt> {
        let floor = self.xml.depth();
        let outcome = self.children(floor);
        if matches!(outcome, Err(Halt::Feature { .. })) {
            self.xml.skip_to_end_of(floor)?;
        }
        outcome
    }

    fn children(&mut self, floor: usize) -> Result<Feature, Halt> {
        let mut gauge = Gauge::new(&self.gathered.limits);
        let mut values = self.gathered.row();
        let own = (self.layer == Layer::Waypoints).then(|| self.place(&mut gauge)).transpose()?;
        let mut lines: Vec<Vec<Coord<f64>>> = Vec::new();
        while self.xml.depth() >= floor {
            let name = match self.xml.next()? {
                Some(Token::Start(name)) => name,
                Some(_) => continue,
                None => break,
            };
            match name.as_str() {
                "trkseg" => {
                    gauge.take(1)?;
                    lines.push(Vec::new());
                }
                "rtept" | "trkpt" => {
                    let place = self.place(&mut gauge)?;
                    if lines.is_empty() {
                        lines.push(Vec::new());
                    }
                    lines.last_mut().into_iter().for_each(|line| line.push(place));
                    self.point(&mut gauge)?;
                }
                "extensions" => self.extensions(&mut values)?,
                "link" => {
                    let link = self.xml.attribute("href");
                    self.xml.skip()?;
                    self.gathered.set("link", declared("link"), link, &mut values)?;
                }
                name => {
                    let text = self.xml.text(self.gathered.limits.text_bytes)?.map(|text| text.trim().to_owned());
                    self.gathered.set(name, declared(name), text, &mut values)?;
                }
            }
        }
        self.gathered.losses.gauge(&gauge);
        let geometry = own.map_or_else(|| self.line(lines), |place| Some(Point(place).into()));
        Ok(Feature { id: None, geometry, properties: values })
    }

    /// A route is a line, a track a line for each segment.
    fn line(&self, mut lines: Vec<Vec<Coord<f64>>>) -> Option<Geometry<f64>> {
        lines.retain(|line| !line.is_empty());
        if lines.is_empty() {
            return None;
        }
        if self.layer == Layer::Routes {
            return Some(LineString(lines.into_iter().flatten().collect()).into());
        }
        Some(MultiLineString(lines.into_iter().map(LineString).collect()).into())
    }

    fn place(&self, gauge: &mut Gauge) -> Result<Coord<f64>, Reason> {
        gauge.take(1)?;
        let number = |name: &str| {
            let text = self.xml.attribute(name).ok_or_else(|| Reason::Shape(format!("a point has no {name}")))?;
            let number: Result<f64, _> = text.trim().parse();
            number
                .ok()
                .filter(|n| n.is_finite())
                .ok_or_else(|| Reason::Shape(format!("the {name} of a point is no number")))
        };
        Ok(Coord { x: number("lon")?, y: number("lat")? })
    }

    /// Passes over what stands in a point of a line, noting a height.
    fn point(&mut self, gauge: &mut Gauge) -> Result<(), Fatal> {
        let floor = self.xml.depth();
        while self.xml.depth() >= floor {
            match self.xml.next()? {
                Some(Token::Start(name)) => gauge.height |= name == "ele",
                Some(_) => {}
                None => break,
            }
        }
        Ok(())
    }

    /// Every element that holds nothing but text is an attribute, named by its `name` or as the element.
    fn extensions(&mut self, values: &mut Vec<Value>) -> Result<(), Halt> {
        self.xml.keep_blanks(true);
        let taken = self.leaves(values);
        self.xml.keep_blanks(false);
        taken
    }

    fn leaves(&mut self, values: &mut Vec<Value>) -> Result<(), Halt> {
        let floor = self.xml.depth();
        let mut open: Option<(String, String)> = None;
        while self.xml.depth() >= floor {
            match self.xml.next()? {
                Some(Token::Start(name)) => {
                    let own = self.xml.attribute("name").unwrap_or(name);
                    open = Some((own, String::new()));
                }
                Some(Token::Text(text)) => {
                    if let Some((_, all)) = &mut open {
                        all.push_str(&text);
                    }
                }
                Some(Token::End) => {
                    if let Some((name, text)) = open.take() {
                        let fits = text.len() <= self.gathered.limits.text_bytes;
                        self.gathered.set(&name, None, fits.then_some(text), values)?;
                    }
                }
                None => break,
            }
        }
        Ok(())
    }
}

impl Marked for Reader {
    fn feature(&mut self) -> Result<Option<Feature>, Halt> {
        if self.seek()? { self.element().map(Some) } else { Ok(None) }
    }

    fn gathered(&self) -> &Gathered {
        &self.gathered
    }

    fn title(&self) -> Option<String> {
        Some(self.layer.name().to_owned())
    }
}
