//! One feature a line, or records that begin with a record separator (RFC 8142). A line that cannot be read does not
//! harm the next.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use super::feature;
use super::read::Columns;
use crate::infer::{Column, Raw};
use crate::loss::Losses;
use crate::problem::Halt;
use crate::{Fatal, Feature, Limits, Loss, Reason, Srs};

const RECORD_SEPARATOR: u8 = 0x1e;

pub struct Lines {
    reader: BufReader<File>,
    line: Vec<u8>,
    /// What stands between features, once the first byte has told.
    separator: Option<u8>,
    limits: Limits,
    columns: Columns,
    losses: Losses,
}

impl Lines {
    pub fn new(file: File, limits: &Limits) -> Self {
        Self {
            reader: BufReader::with_capacity(256 << 10, file),
            line: Vec::new(),
            separator: None,
            limits: limits.clone(),
            columns: Columns::default(),
            losses: Losses::default(),
        }
    }

    /// The next line into the buffer; false at the end of the file.
    fn line(&mut self) -> std::io::Result<Result<bool, Reason>> {
        if self.separator.is_none() {
            let sequence = self.reader.fill_buf()?.first() == Some(&RECORD_SEPARATOR);
            self.separator = Some(if sequence { RECORD_SEPARATOR } else { b'\n' });
        }
        let separator = self.separator.unwrap_or(b'\n');
        let max = self.limits.feature_bytes;
        self.line.clear();
        let count = self.reader.by_ref().take(max as u64 + 1).read_until(separator, &mut self.line)?;
        if count > max && self.line.last() != Some(&separator) {
            self.line.clear();
            self.reader.skip_until(separator)?;
            return Ok(Err(Reason::TooLarge { max }));
        }
        if self.line.last() == Some(&separator) {
            self.line.pop();
        }
        Ok(Ok(count > 0))
    }
}

impl Raw for Lines {
    fn pull(&mut self) -> Result<Option<Feature>, Halt> {
        loop {
            if !self.line().map_err(Fatal::io("read the GeoJSON"))?? {
                return Ok(None);
            }
            let line = self.line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.line).trim_ascii();
            if !line.is_empty() {
                return feature::read(line, &self.limits, &mut self.columns, &mut self.losses).map(Some);
            }
        }
    }

    fn columns(&self) -> &[Column] {
        self.columns.list()
    }

    fn losses(&self) -> &[Loss] {
        self.losses.all()
    }

    fn name(&self) -> Option<String> {
        None
    }

    fn srs(&self) -> Srs {
        Srs::wgs84()
    }
}
