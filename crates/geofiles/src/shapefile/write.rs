//! A Shapefile being written: `.shp` and `.shx` as features come, the table at the end, all into a folder or a zip.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::shp;
use super::table::Draft;
use crate::format::has_extension;
use crate::layer::Bounds;
use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::shapes::{held, is_empty};
use crate::sink::{Plan, Push};
use crate::{About, Fatal, Feature, Format, GeometryKind, Loss};

/// Lengths are counted in words of two bytes by a 32-bit number with a sign.
const WORDS_MAX: u64 = i32::MAX as u64;

pub struct Writer {
    path: PathBuf,
    name: String,
    kind: GeometryKind,
    code: i32,
    prj: Option<String>,
    about: About,
    shp: BufWriter<File>,
    shx: BufWriter<File>,
    table: Draft,
    words: u64,
    records: u32,
    bounds: Option<Bounds>,
    record: Vec<u8>,
}

fn failed() -> impl FnOnce(std::io::Error) -> Fatal {
    Fatal::io("write the Shapefile")
}

impl Writer {
    pub fn create(path: &Path, plan: &Plan<'_>, losses: &mut Losses) -> Result<Self, Fatal> {
        let not_held = || Fatal::NotHeld { format: Format::Shapefile, what: format!("a {}", plan.kind.name()) };
        let code = shp::code_of_kind(plan.kind).ok_or_else(not_held)?;
        let prj = plan.srs.written_wkt();
        if prj.is_none() && plan.srs.is_known() {
            losses.once(LossKind::Srs, None);
        }
        // Lines and wholes of several are one kind here.
        let kind = if matches!(code, 3 | 5) { plan.kind.multi() } else { plan.kind };
        let temporary = || tempfile::tempfile().map(BufWriter::new).map_err(Fatal::io("make a temporary file"));
        let (mut shp, mut shx) = (temporary()?, temporary()?);
        shp.write_all(&[0; 100]).map_err(failed())?;
        shx.write_all(&[0; 100]).map_err(failed())?;
        let table = Draft::new(plan.fields, losses)?;
        let name = file_name(plan.name);
        let path = path.to_owned();
        let record = Vec::new();
        let about = plan.about.clone();
        Ok(Self { path, name, kind, code, prj, about, shp, shx, table, words: 50, records: 0, bounds: None, record })
    }

    fn head(&self, words: u64) -> [u8; 100] {
        let mut head = [0; 100];
        head[..4].copy_from_slice(&9994i32.to_be_bytes());
        head[24..28].copy_from_slice(&(words as i32).to_be_bytes());
        head[28..32].copy_from_slice(&1000i32.to_le_bytes());
        head[32..36].copy_from_slice(&self.code.to_le_bytes());
        if let Some(Bounds { min, max }) = self.bounds {
            for (at, number) in [(36, min.x), (44, min.y), (52, max.x), (60, max.y)] {
                head[at..at + 8].copy_from_slice(&number.to_le_bytes());
            }
        }
        head
    }

    /// The pieces as files that are read from their beginning.
    fn pieces(mut self) -> Result<Vec<(&'static str, File)>, Fatal> {
        let heads = [self.head(self.words), self.head(50 + 4 * u64::from(self.records))];
        let mut table = BufWriter::new(tempfile::tempfile().map_err(Fatal::io("make a temporary file"))?);
        self.table.finish(&mut table)?;
        let note = |text: &str| -> std::io::Result<BufWriter<File>> {
            let mut note = BufWriter::new(tempfile::tempfile()?);
            note.write_all(text.as_bytes()).map(|()| note)
        };
        for (out, head) in [&mut self.shp, &mut self.shx].into_iter().zip(heads) {
            out.seek(SeekFrom::Start(0)).and_then(|_| out.write_all(&head)).map_err(failed())?;
        }
        let mut pieces =
            vec![("shp", self.shp), ("shx", self.shx), ("dbf", table), ("cpg", note("UTF-8").map_err(failed())?)];
        if let Some(prj) = &self.prj {
            pieces.push(("prj", note(prj).map_err(failed())?));
        }
        let rewound = |(extension, mut out): (&'static str, BufWriter<File>)| {
            out.rewind()?;
            out.into_inner().map(|file| (extension, file)).map_err(std::io::IntoInnerError::into_error)
        };
        pieces.into_iter().map(rewound).collect::<std::io::Result<_>>().map_err(failed())
    }
}

/// A name that stands for a file of its own in a folder, wherever it is unpacked.
fn file_name(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
    let plain = plain.trim_matches(['.', ' ']);
    if plain.is_empty() { "layer".into() } else { plain.to_owned() }
}

impl Push for Writer {
    fn push(&mut self, feature: &Feature, losses: &mut Losses) -> Result<(), Halt> {
        let geometry = match &feature.geometry {
            Some(geometry) => Some(held(geometry, self.kind, Format::Shapefile)?),
            None => None,
        };
        if geometry.as_deref().is_some_and(is_empty) {
            losses.add(LossKind::EmptyShape, None);
        }
        if feature.id.is_some() {
            losses.add(LossKind::Id, None);
        }
        self.record.clear();
        shp::write(geometry.as_deref(), &mut self.record);
        let words = self.record.len() as u64 / 2;
        if self.words + 4 + words > WORDS_MAX {
            let what = "more than 4 GB of shapes".to_owned();
            return Err(Fatal::NotHeld { format: Format::Shapefile, what }.into());
        }
        self.table.push(feature, losses)?;
        self.records += 1;
        let place = [(self.words as i32).to_be_bytes(), (words as i32).to_be_bytes()].concat();
        let number = [(self.records as i32).to_be_bytes(), (words as i32).to_be_bytes()].concat();
        self.shx.write_all(&place).map_err(failed())?;
        self.shp.write_all(&number).map_err(failed())?;
        self.shp.write_all(&self.record).map_err(failed())?;
        self.words += 4 + words;
        if let Some(Bounds { min, max }) = geometry.as_deref().and_then(Bounds::of) {
            Bounds::grow(&mut self.bounds, min);
            Bounds::grow(&mut self.bounds, max);
        }
        Ok(())
    }

    fn finish(self: Box<Self>, losses: &mut Losses) -> Result<(), Fatal> {
        let (path, name) = (self.path.clone(), self.name.clone());
        let readme = readme(&self.about, losses.all());
        let pieces = self.pieces()?;
        if has_extension(&path, "zip") {
            return zipped(&path, &name, pieces, readme.as_deref());
        }
        std::fs::create_dir_all(&path).map_err(Fatal::io("create the folder"))?;
        if let Some(readme) = readme {
            std::fs::write(path.join(README), readme).map_err(failed())?;
        }
        for (extension, mut piece) in pieces {
            let mut out = File::create(path.join(format!("{name}.{extension}"))).map_err(failed())?;
            std::io::copy(&mut piece, &mut out).map_err(failed())?;
        }
        Ok(())
    }
}

const README: &str = "README.txt";

/// The format has no place for what is said of a layer, so it stands beside, with what the format could not hold; both in
/// lines of Windows, which most of its readers use.
fn readme(about: &About, losses: &[Loss]) -> Option<String> {
    if about.is_empty() {
        return None;
    }
    let mut text = format!("\u{feff}{}\n\n{}\n", about.title, about.text);
    if !losses.is_empty() {
        text.push_str("\nKhông giữ được trong Shapefile / Not held by the Shapefile:\n");
        for loss in losses {
            text.push_str(&format!("- {loss}\n"));
        }
    }
    Some(text.replace('\n', "\r\n"))
}

fn zipped(path: &Path, name: &str, pieces: Vec<(&'static str, File)>, readme: Option<&str>) -> Result<(), Fatal> {
    let bad = |error: zip::result::ZipError| Fatal::Zip(error.to_string());
    let file = File::create(path).map_err(Fatal::io("create the zip"))?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    for (extension, mut piece) in pieces {
        let large = piece.metadata().map_err(failed())?.len() > u64::from(u32::MAX);
        let options = SimpleFileOptions::default().large_file(large);
        zip.start_file(format!("{name}.{extension}"), options).map_err(bad)?;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let count = piece.read(&mut buffer).map_err(failed())?;
            if count == 0 {
                break;
            }
            zip.write_all(&buffer[..count]).map_err(failed())?;
        }
    }
    if let Some(readme) = readme {
        // Not packed, so that a search through files finds it.
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(README, options).map_err(bad)?;
        zip.write_all(readme.as_bytes()).map_err(failed())?;
    }
    zip.finish().map_err(bad)?.flush().map_err(failed())
}
