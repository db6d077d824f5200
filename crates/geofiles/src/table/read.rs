//! Rows of a table as features. A row with another number of columns than the head is a trouble of its own.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1258};
use geo_types::{Geometry, Point};

use super::columns::{self, Place};
use super::sniff;
use crate::infer::{Column, Raw};
use crate::leash::{Leash, TORN};
use crate::limits::Gauge;
use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::source::open_file;
use crate::{Fatal, Feature, Format, Limits, Loss, Options, Reason, Srs, Value, wkt};

const SAMPLE_BYTES: u64 = 64 << 10;
/// What the reader takes from the file ahead of the row it is at.
const AHEAD_BYTES: u64 = 64 << 10;

pub struct Reader {
    rows: csv::Reader<Leash<File>>,
    row: ByteRecord,
    width: usize,
    place: Place,
    columns: Vec<Column>,
    encoding: &'static Encoding,
    limits: Limits,
    losses: Losses,
}

impl Reader {
    pub fn open(path: &Path, options: &Options) -> Result<Self, Fatal> {
        let limits = &options.limits;
        let mut file = open_file(path)?;
        let mut sample = Vec::new();
        (&mut file).take(SAMPLE_BYTES).read_to_end(&mut sample).map_err(Fatal::io("read the table"))?;
        let mark = if sample.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        file.seek(SeekFrom::Start(mark as u64)).map_err(Fatal::io("read the table"))?;
        let sample = &sample[mark..];
        // What Excel saves as "CSV" on a Vietnamese machine that is not told otherwise.
        let encoding = if is_utf_8(sample) { UTF_8 } else { WINDOWS_1258 };
        let leash = Leash::new(file, limits.feature_bytes as u64 + AHEAD_BYTES);
        let mut rows = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(sniff::separator(sample))
            .buffer_capacity(AHEAD_BYTES as usize)
            .from_reader(leash);
        let mut row = ByteRecord::new();
        rows.read_byte_record(&mut row).map_err(|error| broken(&error))?;
        let names = columns::names(row.iter().map(|cell| text(cell, encoding).into_owned()));
        if names.len() > limits.fields {
            return Err(Fatal::TooManyFields { max: limits.fields });
        }
        let place = columns::place(&names, &first_row(sample, encoding), options.csv.as_ref())?;
        let width = names.len();
        let kept = names.into_iter().enumerate().filter(|(index, _)| !is_place(place, *index));
        let columns = kept.map(|(_, name)| Column { name: name.into(), declared: None, textual: true }).collect();
        let losses = Losses::default();
        Ok(Self { rows, row, width, place, columns, encoding, limits: limits.clone(), losses })
    }

    fn geometry(&mut self) -> Result<Option<Geometry<f64>>, Reason> {
        let cell = |column: usize| text(self.row.get(column).unwrap_or_default(), self.encoding);
        match self.place {
            Place::None => Ok(None),
            Place::Wkt(column) if cell(column).trim().is_empty() => Ok(None),
            Place::Wkt(column) => {
                let mut gauge = Gauge::new(&self.limits);
                let shape = wkt::read(&cell(column), &mut gauge);
                self.losses.gauge(&gauge);
                shape
            }
            Place::Point { x, y, .. } => {
                let (x, y) = (cell(x), cell(y));
                if x.trim().is_empty() && y.trim().is_empty() {
                    return Ok(None);
                }
                let number = |text: &str| {
                    columns::number(text)
                        .ok_or_else(|| Reason::Shape(format!("`{}` is no coordinate", shortened(text))))
                };
                Ok(Some(Point::new(number(&x)?, number(&y)?).into()))
            }
        }
    }

    fn feature(&mut self) -> Result<Feature, Reason> {
        let extra = self.row.iter().skip(self.width).any(|cell| !cell.is_empty());
        if self.row.len() < self.width || extra {
            let (own, head) = (self.row.len(), self.width);
            return Err(Reason::Syntax(format!("the row has {own} columns where the head has {head}")));
        }
        let geometry = self.geometry()?;
        let mut properties = Vec::with_capacity(self.columns.len());
        let cells = self.row.iter().take(self.width).enumerate().filter(|(index, _)| !is_place(self.place, *index));
        for ((_, cell), column) in cells.zip(&self.columns) {
            if cell.len() > self.limits.text_bytes {
                return Err(Reason::TextTooLong { field: column.name.to_string(), max: self.limits.text_bytes });
            }
            let value = if cell.is_empty() { Value::Null } else { Value::Text(text(cell, self.encoding).into_owned()) };
            properties.push(value);
        }
        Ok(Feature { id: None, geometry, properties })
    }
}

fn is_utf_8(sample: &[u8]) -> bool {
    match std::str::from_utf8(sample) {
        Ok(_) => true,
        // The sample may end within a letter.
        Err(error) => error.error_len().is_none() && sample.len() as u64 + 3 >= SAMPLE_BYTES,
    }
}

/// A cell that is not UTF-8 in a file that seemed to be is read as the other.
fn text<'a>(cell: &'a [u8], encoding: &'static Encoding) -> Cow<'a, str> {
    if encoding == UTF_8
        && let Ok(text) = std::str::from_utf8(cell)
    {
        return Cow::Borrowed(text);
    }
    WINDOWS_1258.decode_without_bom_handling(cell).0
}

fn shortened(text: &str) -> String {
    text.chars().take(30).collect()
}

fn is_place(place: Place, column: usize) -> bool {
    match place {
        Place::Point { x, y, .. } => column == x || column == y,
        Place::Wkt(own) => column == own,
        Place::None => false,
    }
}

fn first_row(sample: &[u8], encoding: &'static Encoding) -> Vec<String> {
    let separator = sniff::separator(sample);
    let mut rows = ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(sample);
    let mut row = ByteRecord::new();
    match rows.read_byte_record(&mut row) {
        Ok(true) => row.iter().map(|cell| text(cell, encoding).into_owned()).collect(),
        _ => Vec::new(),
    }
}

fn broken(error: &csv::Error) -> Fatal {
    let at = error.position().map_or_else(|| "its beginning".to_owned(), |at| format!("line {}", at.line()));
    let torn = matches!(error.kind(), csv::ErrorKind::Io(error) if error.to_string() == TORN);
    let why = if torn { "a row does not end; a quote may be left open".to_owned() } else { error.to_string() };
    Fatal::broken(Format::Csv, at, why)
}

impl Raw for Reader {
    fn pull(&mut self) -> Result<Option<Feature>, Halt> {
        loop {
            self.rows.get_mut().renew(self.limits.feature_bytes as u64 + AHEAD_BYTES);
            if !self.rows.read_byte_record(&mut self.row).map_err(|error| broken(&error))? {
                return Ok(None);
            }
            if self.row.iter().any(|cell| !cell.is_empty()) {
                return self.feature().map(Some).map_err(Into::into);
            }
            // Spreadsheets leave rows of nothing but separators behind.
            self.losses.add(LossKind::EmptyFeature, None);
        }
    }

    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn losses(&self) -> &[Loss] {
        self.losses.all()
    }

    fn name(&self) -> Option<String> {
        None
    }

    /// Columns that are called longitude and latitude are that on WGS 84; of others nothing is known.
    fn srs(&self) -> Srs {
        match self.place {
            Place::Point { degrees: true, .. } => Srs::wgs84(),
            _ => Srs::default(),
        }
    }
}
