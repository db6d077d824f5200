//! Records of the `.shp` and rows of the `.dbf` side by side.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use super::bundle::{Bundle, Piece};
use super::dbf::Table;
use super::{broken, shp};
use crate::layer::Bounds;
use crate::limits::Gauge;
use crate::loss::Losses;
use crate::problem::Halt;
use crate::source::{Opened, Pull, open_file};
use crate::{Fatal, Feature, Field, LayerInfo, Limits, Loss, Options, Reason, Srs, Value};

struct Reader {
    shp: BufReader<File>,
    /// Bytes of the `.shp` behind what was read.
    left: u64,
    table: Option<Table>,
    limits: Limits,
    losses: Losses,
    content: Vec<u8>,
    /// Unpacked files vanish with the reader.
    _bundle: Bundle,
}

/// A small file beside: `.prj`, `.cpg`.
fn note(piece: Option<&Piece>) -> Option<String> {
    let mut bytes = Vec::new();
    open_file(piece?.as_ref()).ok()?.take(64 << 10).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).trim().to_owned()).filter(|text| !text.is_empty())
}

pub fn open(bundle: Bundle, options: &Options) -> Result<Opened, Fatal> {
    let file = open_file(bundle.shp.as_ref())?;
    let bytes = file.metadata().map_err(Fatal::io("look at the .shp"))?.len();
    let mut shp = BufReader::with_capacity(256 << 10, file);
    let mut head = [0; 100];
    shp.read_exact(&mut head).map_err(|error| broken("the head of the .shp", error))?;
    let word = |at: usize| i32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let number = |at: usize| f64::from_bits(u64::from(word(at) as u32) | u64::from(word(at + 4) as u32) << 32);
    if head[..4] != [0, 0, 0x27, 0x0a] {
        return Err(broken("the head of the .shp", "it does not begin as a Shapefile does"));
    }
    let code = word(32);
    let kind = shp::kind_of_code(code);
    let kind = kind.ok_or_else(|| broken("the head of the .shp", format!("kind {code} of shapes is not known")))?;
    let cpg = note(bundle.cpg.as_ref());
    let table =
        bundle.dbf.as_ref().map(|dbf| Table::open(dbf.as_ref(), cpg.as_deref(), &options.limits)).transpose()?;
    let info = LayerInfo {
        name: bundle.name.clone(),
        kind,
        fields: table.as_ref().map(|table| table.fields.clone()).unwrap_or_default(),
        count: table.as_ref().map(|table| table.rows),
        srs: note(bundle.prj.as_ref()).map(|wkt| Srs::from_wkt(&wkt)).unwrap_or_default(),
        bounds: Bounds::stated(number(36), number(44), number(52), number(60)),
    };
    let (limits, losses) = (options.limits.clone(), Losses::default());
    let left = bytes - 100;
    Ok(Opened {
        pull: Box::new(Reader { shp, left, table, limits, losses, content: Vec::new(), _bundle: bundle }),
        info,
    })
}

impl Reader {
    /// The content of the next record into the buffer; none at the end of the file.
    fn record(&mut self) -> Result<Option<Result<(), Reason>>, Fatal> {
        if self.left < 8 {
            return Ok(None);
        }
        let mut head = [0; 8];
        self.shp.read_exact(&mut head).map_err(Fatal::io("read the .shp"))?;
        self.left -= 8;
        let words = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
        let bytes = u64::from(words) * 2;
        if bytes > self.left {
            let number = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
            return Err(broken(format!("record {number} of the .shp"), "it reaches beyond the end of the file"));
        }
        self.left -= bytes;
        if bytes > self.limits.feature_bytes as u64 {
            self.shp.seek(SeekFrom::Current(bytes as i64)).map_err(Fatal::io("read the .shp"))?;
            return Ok(Some(Err(Reason::TooLarge { max: self.limits.feature_bytes })));
        }
        self.content.resize(bytes as usize, 0);
        self.shp.read_exact(&mut self.content).map_err(Fatal::io("read the .shp"))?;
        Ok(Some(Ok(())))
    }

    fn properties(&mut self) -> Vec<Value> {
        self.table.as_ref().map(|table| table.values(&mut self.losses)).unwrap_or_default()
    }
}

impl Pull for Reader {
    fn pull(&mut self) -> Result<Option<Feature>, Halt> {
        loop {
            let Some(record) = self.record()? else { return Ok(None) };
            if let Some(table) = &mut self.table {
                if !table.step()? {
                    return Err(broken("the .dbf", "it has fewer rows than the .shp has shapes").into());
                }
                if table.is_deleted() {
                    continue;
                }
            }
            record?;
            let mut gauge = Gauge::new(&self.limits);
            let geometry = shp::read(&self.content, &mut gauge)?;
            self.losses.gauge(&gauge);
            let properties = self.properties();
            return Ok(Some(Feature { id: None, geometry, properties }));
        }
    }

    fn fields(&self) -> &[Field] {
        self.table.as_ref().map(|table| table.fields.as_slice()).unwrap_or_default()
    }

    fn losses(&self) -> &[Loss] {
        self.losses.all()
    }
}
