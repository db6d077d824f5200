//! A FlatGeobuf with its index. The index wants the features along a Hilbert curve, so they wait in a temporary file, and
//! their order is not kept.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flatgeobuf::ColumnType;
use flatgeobuf::packed_r_tree::{NodeItem, PackedRTree, calc_extent, hilbert_sort};

use super::flat::{Flat, Slot};
use super::{shape, type_of_kind};
use crate::layer::Bounds;
use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::shapes::{held, is_empty};
use crate::sink::{Plan, Push, values};
use crate::{About, Fatal, Feature, Field, FieldKind, Format, GeometryKind, Srs, Value};

pub struct Writer {
    path: PathBuf,
    name: String,
    about: About,
    srs: Srs,
    fields: Vec<Field>,
    kind: GeometryKind,
    waiting: BufWriter<File>,
    /// Where each feature waits; its node has its number until the index is made.
    places: Vec<(u64, u32)>,
    nodes: Vec<NodeItem>,
    end: u64,
    flat: Flat,
    properties: Vec<u8>,
}

fn failed() -> impl FnOnce(std::io::Error) -> Fatal {
    Fatal::io("write the FlatGeobuf")
}

impl Writer {
    pub fn create(path: &Path, plan: &Plan<'_>, losses: &mut Losses) -> Result<Self, Fatal> {
        if plan.srs.is_known() && plan.srs.epsg.is_none() && plan.srs.written_wkt().is_none() {
            losses.once(LossKind::Srs, None);
        }
        let waiting = tempfile::tempfile().map_err(Fatal::io("make a temporary file"))?;
        Ok(Self {
            path: path.to_owned(),
            name: plan.name.to_owned(),
            about: plan.about.clone(),
            srs: plan.srs.clone(),
            fields: plan.fields.to_vec(),
            // A collection beside its members is a mixture.
            kind: if plan.kind == GeometryKind::Collection { GeometryKind::Any } else { plan.kind },
            waiting: BufWriter::with_capacity(256 << 10, waiting),
            places: Vec::new(),
            nodes: Vec::new(),
            end: 0,
            flat: Flat::default(),
            properties: Vec::new(),
        })
    }

    fn head(&mut self, extent: Option<&NodeItem>) -> Vec<u8> {
        let (flat, srs) = (&mut self.flat, &self.srs);
        let node_size = if extent.is_some() { PackedRTree::DEFAULT_NODE_SIZE } else { 0 };
        let count = self.places.len() as u64;
        let mut slots = vec![
            Slot::Long(8, count),
            Slot::Offset(0),
            Slot::Offset(7),
            Slot::Short(9, node_size),
            Slot::Byte(2, type_of_kind(self.kind).0),
        ];
        if srs.is_known() {
            slots.insert(3, Slot::Offset(10));
        }
        if extent.is_some() {
            slots.insert(3, Slot::Offset(1));
        }
        let told = [(11, &self.about.title), (12, &self.about.text)];
        let told: Vec<_> = told.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        slots.extend(told.iter().map(|(slot, _)| Slot::Offset(*slot)));
        let root = flat.begin();
        let holes = flat.table(root, &slots);
        let mut holes = holes.into_iter();
        if let (Some(name), Some(columns)) = (holes.next(), holes.next()) {
            flat.text(name, &self.name);
            let columns = flat.tables(columns, self.fields.len());
            for (hole, field) in columns.into_iter().zip(&self.fields) {
                let holes = flat.table(hole, &[Slot::Offset(0), Slot::Byte(1, column(field.kind).0)]);
                flat.text(holes[0], &field.name);
            }
        }
        if let (Some(extent), Some(hole)) = (extent, extent.and_then(|_| holes.next())) {
            flat.doubles(hole, 4, [extent.min_x, extent.min_y, extent.max_x, extent.max_y].into_iter());
        }
        if let Some(hole) = srs.is_known().then(|| holes.next()).flatten() {
            system(flat, hole, srs);
        }
        for ((_, text), hole) in told.into_iter().zip(holes) {
            flat.text(hole, text);
        }
        flat.finish().to_vec()
    }

    /// Packs the values that are there: the column's number, then the value.
    fn pack(&mut self, feature: &Feature, losses: &mut Losses) {
        self.properties.clear();
        let out = &mut self.properties;
        for (number, (field, value)) in values(feature, &self.fields).enumerate() {
            if value.is_null() {
                continue;
            }
            out.extend_from_slice(&(number as u16).to_le_bytes());
            match value {
                Value::Bool(yes) => out.push(u8::from(*yes)),
                Value::Int(int) => out.extend_from_slice(&int.to_le_bytes()),
                Value::Number(number) => out.extend_from_slice(&number.to_le_bytes()),
                Value::Text(text) => sized(text, out),
                other => {
                    if matches!(other, Value::Date(_)) {
                        losses.add(LossKind::AsText, Some(&field.name));
                    }
                    sized(&other.clone().into_text(), out);
                }
            }
        }
    }
}

fn sized(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn system(flat: &mut Flat, hole: super::flat::Hole, srs: &Srs) {
    let code = srs.epsg.and_then(|code| i32::try_from(code).ok());
    let wkt = srs.written_wkt();
    let texts = [(0, code.map(|_| "EPSG")), (2, srs.name.as_deref()), (4, wkt.as_deref())];
    let texts: Vec<(u16, &str)> = texts.into_iter().filter_map(|(slot, text)| Some((slot, text?))).collect();
    let mut slots: Vec<Slot> = texts.iter().map(|(slot, _)| Slot::Offset(*slot)).collect();
    slots.push(Slot::Int(1, code.unwrap_or(0)));
    let holes = flat.table(hole, &slots);
    holes.into_iter().zip(texts).for_each(|(hole, (_, text))| flat.text(hole, text));
}

/// The format has no dates by themselves; they become texts.
fn column(kind: FieldKind) -> ColumnType {
    match kind {
        FieldKind::Bool => ColumnType::Bool,
        FieldKind::Int => ColumnType::Long,
        FieldKind::Number => ColumnType::Double,
        FieldKind::Text | FieldKind::Date => ColumnType::String,
        FieldKind::Timestamp => ColumnType::DateTime,
        FieldKind::Json => ColumnType::Json,
    }
}

impl Push for Writer {
    fn push(&mut self, feature: &Feature, losses: &mut Losses) -> Result<(), Halt> {
        let geometry = match &feature.geometry {
            Some(geometry) => Some(held(geometry, self.kind, Format::FlatGeobuf)?),
            None => None,
        };
        let there = geometry.as_deref().filter(|geometry| !is_empty(geometry));
        if geometry.is_some() && there.is_none() {
            losses.add(LossKind::EmptyShape, None);
        }
        if feature.id.is_some() {
            losses.add(LossKind::Id, None);
        }
        self.pack(feature, losses);
        let root = self.flat.begin();
        let mut slots = vec![Slot::Offset(1)];
        if there.is_some() {
            slots.push(Slot::Offset(0));
        }
        let holes = self.flat.table(root, &slots);
        self.flat.bytes(holes[0], &self.properties);
        if let Some(geometry) = there {
            shape::write(&mut self.flat, holes[1], geometry);
        }
        // A feature without a place has a node that no search meets.
        let mut node = NodeItem::create(self.places.len() as u64);
        if let Some(Bounds { min, max }) = there.and_then(Bounds::of) {
            node.expand_xy(min.x, min.y);
            node.expand_xy(max.x, max.y);
        }
        let bytes = self.flat.finish();
        self.waiting.write_all(bytes).map_err(Fatal::io("write a temporary file"))?;
        self.places.push((self.end, bytes.len() as u32));
        self.end += bytes.len() as u64;
        self.nodes.push(node);
        Ok(())
    }

    fn finish(mut self: Box<Self>, losses: &mut Losses) -> Result<(), Fatal> {
        let extent = Some(calc_extent(&self.nodes)).filter(|extent| extent.min_x.is_finite());
        let head = self.head(extent.as_ref());
        let file = File::create(&self.path).map_err(Fatal::io("create the FlatGeobuf"))?;
        let mut out = BufWriter::with_capacity(256 << 10, file);
        out.write_all(b"fgb\x03fgb\0").and_then(|()| out.write_all(&head)).map_err(failed())?;
        if let Some(extent) = &extent {
            hilbert_sort(&mut self.nodes, extent);
            let order: Vec<u64> = self.nodes.iter().map(|node| node.offset).collect();
            if order.windows(2).any(|pair| pair[0] > pair[1]) {
                losses.once(LossKind::Order, None);
            }
            let mut at = 0;
            for node in &mut self.nodes {
                let (_, bytes) = self.places[node.offset as usize];
                node.offset = at;
                at += u64::from(bytes);
            }
            let bad = |error: flatgeobuf::Error| failed()(std::io::Error::other(error.to_string()));
            let tree = PackedRTree::build(&self.nodes, extent, PackedRTree::DEFAULT_NODE_SIZE).map_err(bad)?;
            tree.stream_write(&mut out).map_err(failed())?;
            self.places = order.into_iter().map(|number| self.places[number as usize]).collect();
        }
        let mut waiting = self.waiting.into_inner().map_err(|error| failed()(error.into_error()))?;
        let mut buffer = Vec::new();
        for (start, bytes) in self.places {
            buffer.resize(bytes as usize, 0);
            waiting.seek(SeekFrom::Start(start)).map_err(Fatal::io("read a temporary file"))?;
            waiting.read_exact(&mut buffer).map_err(Fatal::io("read a temporary file"))?;
            out.write_all(&buffer).map_err(failed())?;
        }
        out.flush().map_err(failed())
    }
}
