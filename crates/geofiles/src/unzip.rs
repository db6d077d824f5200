//! Zips handed in: a few files are unpacked into temporary ones under names of our own, so that no path in a zip ever
//! names a place here, and no more is unpacked than the limits allow.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

use tempfile::{NamedTempFile, TempPath};
use zip::ZipArchive;

use crate::leash::Leash;
use crate::source::open_file;
use crate::{Fatal, Format, Limits};

/// The directory of a zip is read whole, so a zip of millions of empty files would fill the memory.
const DIRECTORY_BYTES_MAX: u64 = 16 << 20;

pub struct Zip {
    archive: ZipArchive<Leash<BufReader<File>>>,
    names: Vec<String>,
    packed_bytes: u64,
    unpacked_bytes: u64,
    max: u64,
    ratio: u64,
}

impl Zip {
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, Fatal> {
        let file = open_file(path)?;
        let packed_bytes = file.metadata().map_err(Fatal::io("look at the zip"))?.len();
        let leash = Leash::new(BufReader::new(file), DIRECTORY_BYTES_MAX);
        let archive = ZipArchive::new(leash).map_err(|error| Fatal::Zip(error.to_string()))?;
        let names =
            archive.file_names().map(|name| name.map(std::borrow::Cow::into_owned).unwrap_or_default()).collect();
        // The directory was read within the allowance; the files have limits of their own.
        let mut reader = archive.into_inner();
        reader.renew(u64::MAX);
        let archive = ZipArchive::new(reader).map_err(|error| Fatal::Zip(error.to_string()))?;
        let (max, ratio) = (limits.unpacked_bytes, limits.unpacked_ratio);
        Ok(Self { archive, names, packed_bytes, unpacked_bytes: 0, max, ratio })
    }

    /// Names as they stand in the zip; what a Mac puts beside the files is left out.
    pub fn names(&self) -> impl Iterator<Item = (usize, &str)> {
        let names = self.names.iter().map(String::as_str).enumerate();
        names.filter(|(_, name)| !name.starts_with("__MACOSX/") && !name.ends_with('/'))
    }

    /// Unpacks one file; it vanishes when the path is dropped.
    pub fn unpack(&mut self, index: usize) -> Result<TempPath, Fatal> {
        let mut packed = self.archive.by_index(index).map_err(|error| Fatal::Zip(error.to_string()))?;
        let mut file = NamedTempFile::new().map_err(Fatal::io("make a temporary file"))?;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let count = packed.read(&mut buffer).map_err(|error| Fatal::Zip(error.to_string()))?;
            if count == 0 {
                break;
            }
            self.unpacked_bytes += count as u64;
            let swollen =
                self.unpacked_bytes > Limits::RATIO_FREE_BYTES.max(self.packed_bytes.saturating_mul(self.ratio));
            if swollen || self.unpacked_bytes > self.max {
                return Err(Fatal::ZipBomb { max: self.max, ratio: self.ratio });
            }
            file.write_all(&buffer[..count]).map_err(Fatal::io("write a temporary file"))?;
        }
        file.flush().map_err(Fatal::io("write a temporary file"))?;
        Ok(file.into_temp_path())
    }
}

/// What a zip holds, if it is one of a format.
pub fn format(path: &Path) -> Option<Format> {
    let zip = Zip::open(path, &Limits::default()).ok()?;
    let holds = |ending: &str| zip.names().any(|(_, name)| ends_with(name, ending));
    if holds(".shp") { Some(Format::Shapefile) } else { holds(".kml").then_some(Format::Kmz) }
}

pub fn ends_with(name: &str, ending: &str) -> bool {
    name.len() > ending.len() && name.as_bytes()[name.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes())
}
