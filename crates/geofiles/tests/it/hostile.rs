//! Bytes that were made to harm: every written format, and real extracts, cut and flipped. Nothing may panic, and every
//! reading must end; how much memory a reading may take is for the limits, which are set small here.

use std::path::{Path, PathBuf};

use songhan_geofiles::{Format, GeometryKind, Limits, Options, layers, open};

use crate::features::{Seed, fields, make};
use crate::real::shared;
use crate::{file, write};

fn options() -> Options {
    let limits = Limits {
        features: 10_000,
        feature_bytes: 1 << 20,
        unpacked_bytes: 16 << 20,
        coordinates: 10_000,
        osm_nodes: 500_000,
        ..Limits::default()
    };
    Options { limits, ..Options::default() }
}

fn read(path: &Path) {
    let options = options();
    let Ok(layers) = layers(path, &options) else {
        // What cannot be listed may still be opened.
        if let Ok(source) = open(path, None, &options) {
            source.for_each(drop);
        }
        return;
    };
    for layer in layers {
        if let Ok(source) = open(path, Some(&layer.name), &options) {
            source.for_each(drop);
        }
    }
}

/// Small files of every format that is written; a Shapefile in pieces, so that its own bytes are hit and not the zip's.
fn samples(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for format in Format::ALL.into_iter().filter(|format| format.is_written()) {
        let kind = if format == Format::Gpx { GeometryKind::MultiLine } else { GeometryKind::MultiPolygon };
        let path = folder.join(format!("a.{}", format.extension()));
        write(&path, format, &fields(), kind, &make(4, kind, &fields(), false));
        paths.push(path);
    }
    paths
}

fn harm(bytes: &[u8], name: &str, step: usize, flips: usize, read: &dyn Fn(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    for end in (0..bytes.len()).step_by(step) {
        read(&file(folder.path(), name, &bytes[..end]));
    }
    let mut seed = Seed(11);
    for _ in 0..flips {
        let mut bytes = bytes.to_vec();
        for _ in 0..=seed.below(6) {
            let at = seed.below(bytes.len() as u64) as usize;
            bytes[at] = if seed.below(3) == 0 { seed.next() as u8 } else { bytes[at] ^ (1 << seed.below(8)) };
        }
        read(&file(folder.path(), name, &bytes));
    }
}

#[test]
fn written_files_cut_and_flipped() {
    let folder = tempfile::tempdir().unwrap();
    for path in samples(folder.path()) {
        let bytes = std::fs::read(&path).unwrap();
        // A database is large and mostly empty, and its reading slow.
        let (step, flips) = if bytes.len() > 20_000 { (97 * 8, 150) } else { (97, 300) };
        harm(&bytes, path.file_name().unwrap().to_str().unwrap(), step, flips, &read);
    }
}

#[test]
fn pieces_of_a_shapefile_cut_and_flipped() {
    let folder = tempfile::tempdir().unwrap();
    let kind = GeometryKind::MultiPolygon;
    write(&folder.path().join("b"), Format::Shapefile, &fields(), kind, &make(4, kind, &fields(), false));
    for extension in ["shp", "dbf", "prj", "cpg"] {
        let piece = folder.path().join("b/lop").with_extension(extension);
        let bytes = std::fs::read(&piece).unwrap();
        harm(&bytes, "x", 97, 300, &|harmed| {
            std::fs::copy(harmed, &piece).unwrap();
            read(&folder.path().join("b"));
        });
        std::fs::write(&piece, &bytes).unwrap();
    }
}

#[test]
fn an_extract_cut_and_flipped() {
    let Some(path) = shared("osm-extracts/test.osm.pbf") else { return };
    let bytes = std::fs::read(path).unwrap();
    harm(&bytes, "a.osm.pbf", 97 * 150, 20, &read);
}

#[test]
fn noise_behind_a_true_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let mut seed = Seed(3);
    let beginnings: [&[u8]; 8] = [
        b"fgb\x03fgb\0",
        b"SQLite format 3\0",
        b"\0\0\x27\x0a",
        b"PK\x03\x04",
        b"\0\0\0\x0d\x0a\x09OSMHeader",
        b"{\"type\":\"FeatureCollection\",\"features\":[",
        b"<kml><Placemark>",
        b"lon,lat,a\n",
    ];
    for beginning in beginnings {
        for length in [0, 1, 50, 1000] {
            let mut bytes = beginning.to_vec();
            bytes.extend((0..length).map(|_| seed.next() as u8));
            read(&file(folder.path(), "a.gpkg", bytes));
        }
    }
}
