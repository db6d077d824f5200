//! A file as a row of packed blobs. None may unpack to more than 32 MB, as the format says.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::read::ZlibDecoder;

use super::broken;
use super::wire::{Field, Wire};
use crate::source::open_file;
use crate::{Fatal, Format};

const HEAD_BYTES_MAX: u32 = 64 << 10;
const BLOB_BYTES_MAX: u64 = 32 << 20;

/// Where a blob of data lies.
#[derive(Clone, Copy)]
pub struct Place {
    start: u64,
    bytes: u64,
}

pub struct Blobs {
    file: BufReader<File>,
    end: u64,
    packed: Vec<u8>,
    unpacked: Vec<u8>,
}

impl Blobs {
    pub fn open(path: &Path) -> Result<Self, Fatal> {
        let file = open_file(path)?;
        let end = file.metadata().map_err(Fatal::io("look at the extract"))?.len();
        let file = BufReader::with_capacity(256 << 10, file);
        Ok(Self { file, end, packed: Vec::new(), unpacked: Vec::new() })
    }

    /// The blob of data that begins at or behind `at`, and where the next begins. Heads are checked on the way.
    pub fn next(&mut self, mut at: u64) -> Result<Option<(Place, u64)>, Fatal> {
        while at < self.end {
            let short = |error: std::io::Error| broken(format!("byte {at}"), error);
            self.file.seek(SeekFrom::Start(at)).map_err(short)?;
            let mut size = [0; 4];
            self.file.read_exact(&mut size).map_err(short)?;
            let size = u32::from_be_bytes(size);
            if size > HEAD_BYTES_MAX {
                return Err(broken(format!("byte {at}"), format!("a head of {size} bytes")));
            }
            self.packed.resize(size as usize, 0);
            self.file.read_exact(&mut self.packed).map_err(short)?;
            let (kind, bytes) =
                head(&self.packed).ok_or_else(|| broken(format!("byte {at}"), "a head cannot be read"))?;
            let start = at + 4 + u64::from(size);
            if bytes > BLOB_BYTES_MAX || start + bytes > self.end {
                return Err(broken(format!("byte {at}"), format!("a blob states {bytes} bytes")));
            }
            let place = Place { start, bytes };
            at = start + bytes;
            match kind.as_str() {
                "OSMHeader" => self.check(place)?,
                "OSMData" => return Ok(Some((place, at))),
                _ => {}
            }
        }
        Ok(None)
    }

    pub fn unpack(&mut self, place: Place) -> Result<&[u8], Fatal> {
        let bad = |why: &str| broken(format!("byte {}", place.start), why);
        self.file.seek(SeekFrom::Start(place.start)).map_err(Fatal::io("read the extract"))?;
        self.packed.resize(place.bytes as usize, 0);
        self.file.read_exact(&mut self.packed).map_err(Fatal::io("read the extract"))?;
        self.unpacked.clear();
        let mut wire = Wire::new(&self.packed);
        let mut found = false;
        while let Some((number, field)) = wire.field().map_err(|_| bad("a blob cannot be read"))? {
            match (number, field) {
                (1, Field::Bytes(raw)) => {
                    self.unpacked.extend_from_slice(raw);
                    found = true;
                }
                (3, Field::Bytes(zlib)) if !found => {
                    let mut decoder = ZlibDecoder::new(zlib).take(BLOB_BYTES_MAX + 1);
                    decoder.read_to_end(&mut self.unpacked).map_err(|_| bad("a blob cannot be unpacked"))?;
                    found = true;
                }
                (4..=7, Field::Bytes(_)) => return Err(bad("it is packed by something else than zlib; repack it")),
                _ => {}
            }
        }
        if !found || self.unpacked.len() as u64 > BLOB_BYTES_MAX {
            return Err(bad("a blob is empty or unpacks to more than 32 MB"));
        }
        Ok(&self.unpacked)
    }

    /// What a reader must know to read the file.
    fn check(&mut self, place: Place) -> Result<(), Fatal> {
        let start = place.start;
        let mut wire = Wire::new(self.unpack(place)?);
        while let Some((number, field)) =
            wire.field().map_err(|_| broken(format!("byte {start}"), "its head is cut"))?
        {
            if let (4, Field::Bytes(needed)) = (number, field) {
                let needed = String::from_utf8_lossy(needed);
                if !matches!(needed.as_ref(), "OsmSchema-V0.6" | "DenseNodes") {
                    let why = format!("it needs {}, which is not read", needed.chars().take(60).collect::<String>());
                    return Err(Fatal::Refused { format: Format::OsmPbf, why });
                }
            }
        }
        Ok(())
    }
}

fn head(message: &[u8]) -> Option<(String, u64)> {
    let (mut kind, mut bytes) = (None, None);
    let mut wire = Wire::new(message);
    while let Some((number, field)) = wire.field().ok()? {
        match (number, field) {
            (1, Field::Bytes(text)) => kind = Some(String::from_utf8_lossy(text).into_owned()),
            (3, Field::Number(number)) => bytes = Some(number),
            _ => {}
        }
    }
    Some((kind?, bytes?))
}
