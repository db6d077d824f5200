//! Features of a FlatGeobuf one after the other; its index is passed over.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use flatgeobuf::{ColumnType, GeometryType, Header, size_prefixed_root_as_feature, size_prefixed_root_as_header};

use super::{broken, geometry, kind_of_type, properties};
use crate::layer::Bounds;
use crate::limits::Gauge;
use crate::loss::Losses;
use crate::problem::Halt;
use crate::source::{Opened, Pull, open_file, stem};
use crate::{Fatal, Feature, Field, LayerInfo, Limits, Loss, Options, Reason, Srs};

const HEAD_BYTES_MAX: u32 = 10 << 20;
/// A node of the index: four bounds and an offset.
const NODE_BYTES: u64 = 40;

struct Reader {
    file: BufReader<File>,
    left: u64,
    /// Features still to come, if the head states how many there are.
    stated: Option<u64>,
    declared: GeometryType,
    fields: Vec<Field>,
    columns: Vec<ColumnType>,
    limits: Limits,
    losses: Losses,
    buffer: Vec<u8>,
}

pub fn open(path: &Path, options: &Options) -> Result<Opened, Fatal> {
    let file = open_file(path)?;
    let bytes = file.metadata().map_err(Fatal::io("look at the FlatGeobuf"))?.len();
    let mut file = BufReader::with_capacity(256 << 10, file);
    let short = |error: std::io::Error| broken("its head", error);
    let mut start = [0; 12];
    file.read_exact(&mut start).map_err(short)?;
    if start[3] > flatgeobuf::VERSION {
        return Err(broken("its head", format!("version {} is newer than 3", start[3])));
    }
    let size = u32::from_le_bytes([start[8], start[9], start[10], start[11]]);
    if !(8..=HEAD_BYTES_MAX).contains(&size) {
        return Err(broken("its head", format!("it states a head of {size} bytes")));
    }
    let mut head = start[8..].to_vec();
    (&mut file).take(u64::from(size)).read_to_end(&mut head).map_err(short)?;
    let header = size_prefixed_root_as_header(&head).map_err(|error| broken("its head", error))?;
    let (fields, columns) = fields(&header, &options.limits)?;
    let count = header.features_count();
    let index = index_bytes(count, header.index_node_size());
    let before = 8 + head.len() as u64;
    let left = index.and_then(|index| bytes.checked_sub(before + index));
    let left = left.ok_or_else(|| broken("its index", "it reaches beyond the end of the file"))?;
    file.seek(SeekFrom::Start(bytes - left)).map_err(Fatal::io("read the FlatGeobuf"))?;
    let info = info(&header, &fields, path);
    let reader = Reader {
        file,
        left,
        stated: (count > 0).then_some(count),
        declared: header.geometry_type(),
        fields,
        columns,
        limits: options.limits.clone(),
        losses: Losses::default(),
        buffer: Vec::new(),
    };
    Ok(Opened { pull: Box::new(reader), info })
}

fn fields(header: &Header<'_>, limits: &Limits) -> Result<(Vec<Field>, Vec<ColumnType>), Fatal> {
    let columns = header.columns().into_iter().flatten();
    let (fields, kinds): (Vec<_>, Vec<_>) =
        columns.map(|column| (Field::new(column.name(), properties::kind(column.type_())), column.type_())).unzip();
    if fields.len() > limits.fields {
        return Err(Fatal::TooManyFields { max: limits.fields });
    }
    Ok((fields, kinds))
}

/// A packed tree has a node for each feature and one for each full node below, up to a single one.
fn index_bytes(features: u64, node_size: u16) -> Option<u64> {
    if node_size == 0 || features == 0 {
        return Some(0);
    }
    let size = u64::from(node_size.max(2));
    let (mut level, mut nodes) = (features, features);
    loop {
        level = level.div_ceil(size);
        nodes = nodes.checked_add(level)?;
        if level <= 1 {
            return nodes.checked_mul(NODE_BYTES);
        }
    }
}

fn info(header: &Header<'_>, fields: &[Field], path: &Path) -> LayerInfo {
    let srs = header.crs().map(|crs| {
        let epsg = crs.org().is_none_or(|org| org.eq_ignore_ascii_case("EPSG"));
        let wkt = crs.wkt().map(Srs::from_wkt).unwrap_or_default();
        let code = u32::try_from(crs.code()).ok().filter(|code| epsg && *code > 0).or(wkt.epsg);
        Srs { epsg: code, name: crs.name().map(ToOwned::to_owned).or(wkt.name), wkt: wkt.wkt }
    });
    let bounds = header.envelope().filter(|envelope| envelope.len() == 4);
    let bounds = bounds.and_then(|e| Bounds::stated(e.get(0), e.get(1), e.get(2), e.get(3)));
    let name = header.name().filter(|name| !name.is_empty());
    LayerInfo {
        name: name.map_or_else(|| stem(path), ToOwned::to_owned),
        kind: kind_of_type(header.geometry_type()),
        fields: fields.to_vec(),
        count: (header.features_count() > 0).then(|| header.features_count()),
        srs: srs.unwrap_or_default(),
        bounds,
    }
}

impl Reader {
    /// The next feature with its length before it into the buffer.
    fn next(&mut self) -> Result<Option<Result<(), Reason>>, Fatal> {
        if self.left == 0 || self.stated == Some(0) {
            return match self.stated {
                Some(missing @ 1..) => Err(broken("its end", format!("{missing} features are missing"))),
                _ => Ok(None),
            };
        }
        let mut size = [0; 4];
        let short = |error: std::io::Error| broken("its end", error);
        self.file.read_exact(&mut size).map_err(short)?;
        let bytes = u64::from(u32::from_le_bytes(size));
        self.left = self.left.saturating_sub(4);
        if bytes > self.left || bytes < 4 {
            return Err(broken("its end", format!("a feature states {bytes} bytes and {} follow", self.left)));
        }
        self.left -= bytes;
        self.stated = self.stated.map(|stated| stated - 1);
        if bytes > self.limits.feature_bytes as u64 {
            self.file.seek(SeekFrom::Current(bytes as i64)).map_err(Fatal::io("read the FlatGeobuf"))?;
            return Ok(Some(Err(Reason::TooLarge { max: self.limits.feature_bytes })));
        }
        self.buffer.clear();
        self.buffer.extend_from_slice(&size);
        self.buffer.resize(4 + bytes as usize, 0);
        self.file.read_exact(&mut self.buffer[4..]).map_err(short)?;
        Ok(Some(Ok(())))
    }
}

impl Pull for Reader {
    fn pull(&mut self) -> Result<Option<Feature>, Halt> {
        let Some(outcome) = self.next()? else { return Ok(None) };
        outcome?;
        let table = size_prefixed_root_as_feature(&self.buffer).map_err(|error| Reason::Syntax(error.to_string()))?;
        if table.columns().is_some() {
            return Err(Reason::Syntax("it declares columns of its own, which is not read".into()).into());
        }
        let mut gauge = Gauge::new(&self.limits);
        let geometry = match table.geometry() {
            Some(geometry) => geometry::read(geometry, self.declared, &mut gauge)?,
            None => None,
        };
        self.losses.gauge(&gauge);
        let packed = table.properties().map(|packed| packed.bytes()).unwrap_or_default();
        let properties = properties::read(packed, &self.fields, &self.columns, &self.limits, &mut self.losses)?;
        Ok(Some(Feature { id: None, geometry, properties }))
    }

    fn fields(&self) -> &[Field] {
        &self.fields
    }

    fn losses(&self) -> &[Loss] {
        self.losses.all()
    }
}
