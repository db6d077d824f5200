//! The files that make up a Shapefile: in a folder, beside the `.shp`, or in a zip.

use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::format::has_extension;
use crate::source::stem;
use crate::unzip::{Zip, ends_with};
use crate::{Fatal, Options};

pub enum Piece {
    Here(PathBuf),
    Unpacked(TempPath),
}

impl AsRef<Path> for Piece {
    fn as_ref(&self) -> &Path {
        match self {
            Self::Here(path) => path,
            Self::Unpacked(path) => path,
        }
    }
}

pub struct Bundle {
    pub name: String,
    pub shp: Piece,
    pub dbf: Option<Piece>,
    pub prj: Option<Piece>,
    pub cpg: Option<Piece>,
}

/// All Shapefiles at a path, by name; of a zip only the wanted one is unpacked, if one is named.
pub fn find(path: &Path, wanted: Option<&str>, options: &Options) -> Result<Vec<Bundle>, Fatal> {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(Fatal::io("list the folder"))?;
        let files = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| has_extension(path, "shp"));
        let mut files: Vec<PathBuf> = files.collect();
        files.sort();
        return Ok(files.into_iter().map(beside).collect());
    }
    let mut magic = [0; 2];
    let mut file = crate::source::open_file(path)?;
    std::io::Read::read_exact(&mut file, &mut magic).map_err(Fatal::io("read the Shapefile"))?;
    if &magic == b"PK" { zipped(path, wanted, options) } else { Ok(vec![beside(path.to_owned())]) }
}

fn beside(shp: PathBuf) -> Bundle {
    let folder = shp.parent().map(Path::to_owned).unwrap_or_default();
    let own = shp.file_stem().map(ToOwned::to_owned);
    let sister = |extension: &str| {
        let files = std::fs::read_dir(&folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
        let same = |path: &PathBuf| path.file_stem() == own.as_deref() && has_extension(path, extension);
        files.filter(same).min().map(Piece::Here)
    };
    Bundle { name: stem(&shp), dbf: sister("dbf"), prj: sister("prj"), cpg: sister("cpg"), shp: Piece::Here(shp) }
}

fn zipped(path: &Path, wanted: Option<&str>, options: &Options) -> Result<Vec<Bundle>, Fatal> {
    let mut zip = Zip::open(path, &options.limits)?;
    let names: Vec<(usize, String)> = zip.names().map(|(index, name)| (index, name.to_owned())).collect();
    let mut shapes: Vec<&(usize, String)> = names.iter().filter(|(_, name)| ends_with(name, ".shp")).collect();
    shapes.sort_by(|a, b| a.1.cmp(&b.1));
    let mut bundles = Vec::new();
    for (index, name) in shapes {
        let base = &name[..name.len() - 4];
        let layer = base.rsplit(['/', '\\']).next().unwrap_or(base);
        if wanted.is_some_and(|wanted| wanted != layer) {
            continue;
        }
        let mut piece = |ending: &str| -> Result<Option<Piece>, Fatal> {
            let sister = names
                .iter()
                .find(|(_, name)| name.len() == base.len() + 4 && name.starts_with(base) && ends_with(name, ending));
            sister.map(|(index, _)| zip.unpack(*index).map(Piece::Unpacked)).transpose()
        };
        let (dbf, prj, cpg) = (piece(".dbf")?, piece(".prj")?, piece(".cpg")?);
        let shp = Piece::Unpacked(zip.unpack(*index)?);
        bundles.push(Bundle { name: layer.to_owned(), shp, dbf, prj, cpg });
        if wanted.is_some() {
            break;
        }
    }
    Ok(bundles)
}
