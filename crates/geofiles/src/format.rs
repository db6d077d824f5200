//! Formats, and how their files are told apart: by what stands in them, since a name may say anything.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::table::sniff;
use crate::unzip;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    GeoJson,
    /// One feature a line, or text sequences of RFC 8142.
    GeoJsonSeq,
    GeoPackage,
    Shapefile,
    FlatGeobuf,
    Csv,
    Kml,
    Kmz,
    Gpx,
    OsmPbf,
}

impl Format {
    pub const ALL: [Self; 10] = [
        Self::GeoJson,
        Self::GeoJsonSeq,
        Self::GeoPackage,
        Self::Shapefile,
        Self::FlatGeobuf,
        Self::Csv,
        Self::Kml,
        Self::Kmz,
        Self::Gpx,
        Self::OsmPbf,
    ];

    pub fn is_written(self) -> bool {
        self != Self::OsmPbf
    }

    /// For the name of a download. A Shapefile is handed out as one zip.
    pub fn extension(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::GeoJsonSeq => "geojsonl",
            Self::GeoPackage => "gpkg",
            Self::Shapefile => "zip",
            Self::FlatGeobuf => "fgb",
            Self::Csv => "csv",
            Self::Kml => "kml",
            Self::Kmz => "kmz",
            Self::Gpx => "gpx",
            Self::OsmPbf => "osm.pbf",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::GeoJsonSeq => "application/geo+json-seq",
            Self::GeoPackage => "application/geopackage+sqlite3",
            Self::Shapefile => "application/zip",
            Self::FlatGeobuf => "application/flatgeobuf",
            Self::Csv => "text/csv",
            Self::Kml => "application/vnd.google-earth.kml+xml",
            Self::Kmz => "application/vnd.google-earth.kmz",
            Self::Gpx => "application/gpx+xml",
            Self::OsmPbf => "application/vnd.openstreetmap.data+pbf",
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::GeoJson => "GeoJSON",
            Self::GeoJsonSeq => "GeoJSON lines",
            Self::GeoPackage => "GeoPackage",
            Self::Shapefile => "Shapefile",
            Self::FlatGeobuf => "FlatGeobuf",
            Self::Csv => "CSV",
            Self::Kml => "KML",
            Self::Kmz => "KMZ",
            Self::Gpx => "GPX",
            Self::OsmPbf => "OpenStreetMap PBF",
        })
    }
}

const SAMPLE_BYTES: u64 = 64 << 10;

/// The format of a file or folder; none if it is no map file or cannot be read.
pub fn recognise(path: &Path) -> Option<Format> {
    if path.is_dir() {
        return folder_part(path, "shp").map(|_| Format::Shapefile);
    }
    let mut sample = Vec::new();
    File::open(path).ok()?.take(SAMPLE_BYTES).read_to_end(&mut sample).ok()?;
    of_bytes(&sample, path)
}

fn of_bytes(sample: &[u8], path: &Path) -> Option<Format> {
    let named = |wanted: &[&str]| {
        let own = path.extension().and_then(|own| own.to_str()).unwrap_or_default();
        wanted.iter().any(|wanted| own.eq_ignore_ascii_case(wanted))
    };
    if sample.starts_with(b"SQLite format 3\0") {
        // OGC 12-128r18, clause 1.1.1.1.1; older drafts and drivers left it out.
        let stamped = sample.get(68..72).is_some_and(|id| matches!(id, b"GPKG" | b"GP10" | b"GP11"));
        return (stamped || named(&["gpkg"])).then_some(Format::GeoPackage);
    }
    if sample.len() >= 8 && &sample[..3] == b"fgb" && &sample[4..7] == b"fgb" {
        return Some(Format::FlatGeobuf);
    }
    if sample.starts_with(&[0, 0, 0x27, 0x0a]) {
        return Some(Format::Shapefile);
    }
    if sample.starts_with(b"PK\x03\x04") {
        return unzip::format(path);
    }
    if sample.get(4) == Some(&0x0a) && sample.get(6..15) == Some(b"OSMHeader") {
        return Some(Format::OsmPbf);
    }
    of_text(sample, &named)
}

fn of_text(sample: &[u8], named: &dyn Fn(&[&str]) -> bool) -> Option<Format> {
    let text = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample).trim_ascii_start();
    let holds = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
    match text.first()? {
        b'<' if holds(b"<kml") || holds(b":kml") => Some(Format::Kml),
        b'<' if holds(b"<gpx") || holds(b":gpx") => Some(Format::Gpx),
        0x1e => Some(Format::GeoJsonSeq),
        b'{' if holds(b"\"type\"") || holds(b"\"features\"") => {
            let lines = named(&["geojsonl", "geojsons", "ndjson", "jsonl"]) || one_a_line(text);
            Some(if lines { Format::GeoJsonSeq } else { Format::GeoJson })
        }
        b'<' | b'{' | b'[' => None,
        _ if text.contains(&0) => None,
        _ if named(&["csv", "tsv", "txt"]) || sniff::looks_like_a_table(text) => Some(Format::Csv),
        _ => None,
    }
}

/// The first line is an object by itself and another follows.
fn one_a_line(text: &[u8]) -> bool {
    let mut lines = text.splitn(3, |byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default().trim_ascii();
    let second = lines.next().unwrap_or_default().trim_ascii();
    second.starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok()
}

/// The one file of a folder with this extension, in any case; the first by name if there are several.
pub fn folder_part(folder: &Path, extension: &str) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    files.filter(|path| has_extension(path, extension)).min()
}

pub fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_decide() {
        let of = |sample: &[u8]| of_bytes(sample, Path::new("upload"));
        assert_eq!(of(b"\xef\xbb\xbf {\"type\":\"FeatureCollection\""), Some(Format::GeoJson));
        assert_eq!(of(b"{\"type\":\"Feature\"}\n{\"type\":\"Feature\"}\n"), Some(Format::GeoJsonSeq));
        assert_eq!(of(b"\x1e{\"type\":\"Feature\"}\n"), Some(Format::GeoJsonSeq));
        assert_eq!(of(b"<?xml version='1.0'?>\n<kml xmlns='x'>"), Some(Format::Kml));
        assert_eq!(of(b"<gpx version='1.1'>"), Some(Format::Gpx));
        assert_eq!(of(b"\0\0\0\x0d\x0a\x09OSMHeader"), Some(Format::OsmPbf));
        assert_eq!(of(b"lon;lat;ten\n108,2;16,0;a\n"), Some(Format::Csv));
        assert_eq!(of(b"SQLite format 3\0"), None);
        assert_eq!(of(b"{\"a\":1}"), None);
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\0\0"), None);
        assert_eq!(of(b""), None);
        assert_eq!(of_bytes(b"a\n1\n", Path::new("x.csv")), Some(Format::Csv));
    }
}
