//! One layer of an extract: nodes, then ways, then areas of several ways, a block at a time.

use std::collections::VecDeque;
use std::path::Path;

use geo_types::{Coord, Geometry, LineString, MultiLineString, Point, Polygon};

use super::assemble::{Ways, area};
use super::blob::Blobs;
use super::block::{Block, Way};
use super::gather::{Gathered, cut};
use super::nodes::degrees;
use super::rules::Layer;
use crate::limits::Gauge;
use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::shapes::double_area;
use crate::source::Pull;
use crate::{Fatal, Feature, Field, Id, Limits, Loss, Reason, Value};

#[derive(Clone, Copy)]
enum Stage {
    /// Nothing is known of the file yet.
    Fresh,
    /// A block, and how many of its features were handed over.
    Nodes(usize, usize),
    Ways(usize, usize),
    Areas(usize),
}

/// Features made ready at once. Programs write 8,000 things into a block; one that is made of millions is gone through
/// again for each page.
const PAGE: usize = 16_000;

/// Which features of a block are this page's.
struct Page<'r> {
    ready: &'r mut VecDeque<Result<Feature, Halt>>,
    before: usize,
    seen: usize,
    more: bool,
}

impl Page<'_> {
    /// Whether the next feature is one of the page.
    fn wants(&mut self) -> bool {
        self.seen += 1;
        self.more |= self.seen > self.before + PAGE;
        self.seen > self.before && !self.more
    }
}

pub struct Reader {
    blobs: Blobs,
    layer: &'static Layer,
    fields: Vec<Field>,
    limits: Limits,
    stage: Stage,
    gathered: Gathered,
    ready: VecDeque<Result<Feature, Halt>>,
    losses: Losses,
}

impl Reader {
    pub fn new(path: &Path, layer: &'static Layer, limits: &Limits) -> Result<Self, Fatal> {
        Ok(Self {
            blobs: Blobs::open(path)?,
            layer,
            fields: layer.fields(),
            limits: limits.clone(),
            stage: Stage::Fresh,
            gathered: Gathered::default(),
            ready: VecDeque::new(),
            losses: Losses::default(),
        })
    }

    /// Makes the next features ready; false at the end.
    fn advance(&mut self) -> Result<bool, Fatal> {
        self.stage = match self.stage {
            Stage::Fresh => {
                self.gathered = Gathered::new(&mut self.blobs, self.layer, &self.limits)?;
                Stage::Nodes(0, 0)
            }
            Stage::Nodes(index, before) => match self.gathered.blocks.get(index) {
                Some((_, holds)) if holds.nodes && self.layer.nodes => match self.nodes(index, before)? {
                    true => Stage::Nodes(index, before + PAGE),
                    false => Stage::Nodes(index + 1, 0),
                },
                Some(_) => Stage::Nodes(index + 1, 0),
                None => Stage::Ways(0, 0),
            },
            Stage::Ways(index, before) => match self.gathered.blocks.get(index) {
                Some((_, holds)) if holds.ways && (self.layer.lines || self.layer.areas) => {
                    match self.ways(index, before)? {
                        true => Stage::Ways(index, before + PAGE),
                        false => Stage::Ways(index + 1, 0),
                    }
                }
                Some(_) => Stage::Ways(index + 1, 0),
                None => Stage::Areas(0),
            },
            Stage::Areas(index) if index < self.gathered.areas.len() => {
                let made = self.area(index);
                self.ready.push_back(made);
                Stage::Areas(index + 1)
            }
            Stage::Areas(_) => return Ok(false),
        };
        Ok(true)
    }

    /// A page of a block's nodes; true if the block has more.
    fn nodes(&mut self, index: usize, before: usize) -> Result<bool, Fatal> {
        let (place, _) = self.gathered.blocks[index];
        let block = Block::new(self.blobs.unpack(place)?).map_err(|_| cut())?;
        let layer = self.layer;
        let mut page = Page { ready: &mut self.ready, before, seen: 0, more: false };
        let seen = block.nodes(&mut |id, place, tags| {
            let Some((class, value)) = layer.class(&tags) else { return };
            if page.wants() {
                page.ready.push_back(node(id, place.map(degrees), layer.values(class, &value, &tags)));
            }
        });
        seen.map_err(|_| cut())?;
        Ok(page.more)
    }

    fn ways(&mut self, index: usize, before: usize) -> Result<bool, Fatal> {
        let (place, _) = self.gathered.blocks[index];
        let block = Block::new(self.blobs.unpack(place)?).map_err(|_| cut())?;
        let (layer, gathered, limits, losses) = (self.layer, &self.gathered, &self.limits, &mut self.losses);
        let mut page = Page { ready: &mut self.ready, before, seen: 0, more: false };
        let seen = block.ways(&mut |way| {
            let Some((class, value)) = layer.class(&way.tags) else { return };
            let is_area = layer.is_area(class, &value, &way.tags) && way.is_closed();
            if (!is_area && !layer.is_line(class, &value)) || !page.wants() {
                return;
            }
            let name = format!("way/{}", way.id);
            page.ready.push_back(match shape(&way, is_area, layer, gathered, limits) {
                Ok((geometry, cut)) => {
                    if cut {
                        losses.add(LossKind::Border, None);
                    }
                    let properties = layer.values(class, &value, &way.tags);
                    Ok(Feature { id: Some(Id::Text(name)), geometry: Some(geometry), properties })
                }
                Err(reason) => Err(Halt::Feature { id: Some(name), reason }),
            });
        });
        seen.map_err(|_| cut())?;
        Ok(page.more)
    }

    fn area(&mut self, index: usize) -> Result<Feature, Halt> {
        let own = &mut self.gathered.areas[index];
        let properties = std::mem::take(&mut own.values);
        let (id, ways) = (format!("relation/{}", own.id), std::mem::take(&mut own.ways));
        let made = self.made(&ways).map_err(|reason| Halt::Feature { id: Some(id.clone()), reason })?;
        let geometry = made.map(|geometry| if self.layer.as_points { middle(&geometry) } else { geometry });
        Ok(Feature { id: Some(Id::Text(id)), geometry, properties })
    }

    fn made(&self, ways: &[(i64, bool)]) -> Result<Option<Geometry<f64>>, Reason> {
        let members = &self.gathered.members;
        let mut gauge = Gauge::new(&self.limits);
        let mut groups = Ways { outer: Vec::new(), inner: Vec::new() };
        let mut missing = 0;
        for (id, outer) in ways {
            let refs = members.get(id).map(Vec::as_slice).unwrap_or_default();
            missing += usize::from(refs.is_empty());
            gauge.take(refs.len())?;
            if *outer { groups.outer.push((*id, refs)) } else { groups.inner.push((*id, refs)) }
        }
        if missing > 0 {
            return Err(Reason::Shape(format!("{missing} of its {} ways are not in the file", ways.len())));
        }
        area(&groups, &self.gathered.nodes)
    }
}

fn node(id: i64, place: Option<Coord<f64>>, properties: Vec<Value>) -> Result<Feature, Halt> {
    let name = format!("node/{id}");
    match place {
        Some(place) => Ok(Feature { id: Some(Id::Text(name)), geometry: Some(Point(place).into()), properties }),
        None => Err(Halt::Feature { id: Some(name), reason: Reason::Shape("its place is not on earth".into()) }),
    }
}

/// The shape of a way, and whether some of it lies outside the extract.
fn shape(
    way: &Way<'_, '_>,
    is_area: bool,
    layer: &Layer,
    gathered: &Gathered,
    limits: &Limits,
) -> Result<(Geometry<f64>, bool), Reason> {
    // Each reference takes a byte of the block at least, so the list is small already.
    let refs: Vec<i64> = way.refs().collect();
    Gauge::new(limits).take(refs.len())?;
    if refs.len() < 2 {
        return Err(Reason::Shape(format!("it has {} nodes", refs.len())));
    }
    let line = gathered.nodes.line(&refs);
    if !is_area {
        let mut stretches = if line.is_err() { gathered.nodes.stretches(&refs) } else { Vec::new() };
        return match (line, stretches.len()) {
            (Ok(line), _) => Ok((LineString(line).into(), false)),
            (Err(reason), 0) => Err(reason),
            (Err(_), 1) => Ok((stretches.swap_remove(0).into(), true)),
            (Err(_), _) => Ok((MultiLineString(stretches).into(), true)),
        };
    }
    let polygon = Polygon::new(LineString(line?), Vec::new()).into();
    Ok((if layer.as_points { middle(&polygon) } else { polygon }, false))
}

/// The centre of gravity of an area's largest outer ring; of a bent one it may lie outside.
fn middle(geometry: &Geometry<f64>) -> Geometry<f64> {
    let outer: Vec<&LineString<f64>> = match geometry {
        Geometry::Polygon(polygon) => vec![polygon.exterior()],
        Geometry::MultiPolygon(polygons) => polygons.0.iter().map(Polygon::exterior).collect(),
        other => return other.clone(),
    };
    let largest = outer.into_iter().max_by(|a, b| double_area(&a.0).abs().total_cmp(&double_area(&b.0).abs()));
    let Some((ring, origin)) = largest.and_then(|ring| Some((ring, *ring.0.first()?))) else { return geometry.clone() };
    let (mut sum, mut weight) = (Coord { x: 0.0, y: 0.0 }, 0.0);
    for edge in ring.0.windows(2) {
        let (a, b) = (edge[0] - origin, edge[1] - origin);
        let cross = a.x * b.y - b.x * a.y;
        sum = sum + (a + b) * cross;
        weight += cross * 3.0;
    }
    let centre = if weight == 0.0 { origin } else { origin + sum / weight };
    Point(centre).into()
}

impl Pull for Reader {
    fn pull(&mut self) -> Result<Option<Feature>, Halt> {
        while self.ready.is_empty() {
            if !self.advance()? {
                return Ok(None);
            }
        }
        self.ready.pop_front().transpose()
    }

    fn fields(&self) -> &[Field] {
        &self.fields
    }

    fn losses(&self) -> &[Loss] {
        self.losses.all()
    }
}
