//! Sizes and depths that are refused, and that a refusal costs no memory.

use std::io::Write;

use songhan_geofiles::{Fatal, Format, Limits, Options, Problem, layers, open, recognise};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{drain, file, source};

fn small() -> Options {
    let limits = Limits { coordinates: 10, feature_bytes: 2_000, text_bytes: 50, depth: 4, ..Limits::default() };
    Options { limits, ..Options::default() }
}

#[test]
fn one_feature_too_large_does_not_harm_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let many = ["[1,2]"; 11].join(",");
    let huge = ["[1,2]"; 1000].join(",");
    let long = "x".repeat(51);
    let deep = format!("{}{}", "{\"type\":\"GeometryCollection\",\"geometries\":[".repeat(5), "]}".repeat(5));
    let feature = |geometry: &str, text: &str| {
        format!("{{\"type\":\"Feature\",\"id\":7,\"properties\":{{\"a\":\"{text}\"}},\"geometry\":{geometry}}}")
    };
    let features = [
        feature("null", "ok"),
        feature(&format!("{{\"type\":\"LineString\",\"coordinates\":[{many}]}}"), ""),
        feature(&format!("{{\"type\":\"LineString\",\"coordinates\":[{huge}]}}"), ""),
        feature("null", &long),
        feature(&deep, ""),
        feature("{\"type\":\"Circle\",\"coordinates\":[1,2]}", ""),
        feature("{\"type\":\"Point\",\"coordinates\":[1e999,2]}", ""),
        feature("{\"type\":\"Point\",\"coordinates\":[108.2,16.1]}", "ok"),
    ];
    let collection = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","));
    for (name, text) in [("a.geojson", collection), ("a.geojsonl", features.join("\n"))] {
        let (found, troubles, fatal) = drain(source(&file(folder.path(), name, text), &small()));
        assert_eq!((found.len(), fatal), (2, None), "{name}");
        let said = troubles.join("\n");
        if name == "a.geojson" {
            insta::assert_snapshot!(said, @r"
            feature 2 (id 7): its shape has more than 10 coordinates; split it
            feature 3: it is longer than 2000 bytes; split it
            feature 4 (id 7): field a is longer than 50 bytes; shorten it
            feature 5 (id 7): its shape is nested deeper than 4; flatten it
            feature 6 (id 7): shapes of the kind Circle are not read; convert them to points, lines or polygons
            feature 7 (id 7): it cannot be read: number out of range at line 1 column 94
            ");
        } else {
            assert_eq!(troubles.len(), 6, "{said}");
        }
    }
}

/// A gigabyte of coordinates streams by; nothing of it is kept.
#[test]
fn an_endless_list_of_coordinates_is_refused_without_holding_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.geojson");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    let head = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{},\"geometry\":";
    write!(out, "{head}{{\"type\":\"LineString\",\"coordinates\":[[1,2]").unwrap();
    let chunk = ",[108.1,16.2]".repeat(10_000);
    (0..200).for_each(|_| out.write_all(chunk.as_bytes()).unwrap());
    write!(out, "]}}}},{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":null}}]}}").unwrap();
    out.into_inner().unwrap();
    let options = Options { limits: Limits { feature_bytes: 1 << 20, ..Limits::default() }, ..Options::default() };
    let (found, troubles, fatal) = drain(source(&path, &options));
    assert_eq!((found.len(), troubles.len(), fatal), (1, 1, None));
    assert!(troubles[0].contains("longer than 1048576 bytes"), "{troubles:?}");
}

fn bomb(path: &std::path::Path, name: &str, megabytes: usize) {
    let mut zip = ZipWriter::new(std::fs::File::create(path).unwrap());
    zip.start_file(name, SimpleFileOptions::default()).unwrap();
    let zeros = vec![b' '; 1 << 20];
    (0..megabytes).for_each(|_| zip.write_all(&zeros).unwrap());
    zip.finish().unwrap();
}

#[test]
fn zip_bombs_are_refused_by_ratio_and_total() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.kmz");
    bomb(&path, "doc.kml", 80);
    assert_eq!(recognise(&path), Some(Format::Kmz));
    assert!(matches!(layers(&path, &Options::default()), Err(Fatal::ZipBomb { .. })), "by ratio");
    let limits = Limits { unpacked_bytes: 10 << 20, unpacked_ratio: 100_000, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    assert!(matches!(layers(&path, &options), Err(Fatal::ZipBomb { .. })), "by total");
    bomb(&folder.path().join("b.zip"), "a/b.shp", 80);
    let opened = open(&folder.path().join("b.zip"), None, &Options::default());
    assert!(matches!(opened.map(|_| ()), Err(Fatal::ZipBomb { .. })));
}

#[test]
fn paths_in_a_zip_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.kmz");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    zip.start_file("../../../../escaped.kml", SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<kml><Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></kml>").unwrap();
    zip.finish().unwrap();
    assert_eq!(drain(source(&path, &Options::default())).0.len(), 1);
    assert!(!folder.path().join("../escaped.kml").exists() && !folder.path().join("escaped.kml").exists());
}

#[test]
fn files_and_layers_have_a_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.csv", "lon,lat\n1,2\n3,4\n5,6\n");
    let with = |limits: Limits| Options { limits, ..Options::default() };
    let opened = open(&path, None, &with(Limits { file_bytes: 10, ..Limits::default() }));
    assert!(matches!(opened.map(|_| ()), Err(Fatal::FileTooLarge { bytes: 20, max: 10 })));
    let few = with(Limits { features: 2, ..Limits::default() });
    assert!(matches!(layers(&path, &few), Err(Fatal::TooManyFeatures { max: 2 })));
    let mut source = source(&path, &few);
    assert!(source.next().unwrap().is_ok() && source.next().unwrap().is_ok());
    assert!(matches!(source.next(), Some(Err(Problem::File(Fatal::TooManyFeatures { max: 2 })))));
    assert!(source.next().is_none());
    let narrow = with(Limits { fields: 1, ..Limits::default() });
    assert!(matches!(open(&path, None, &narrow).map(|_| ()), Err(Fatal::TooManyFields { max: 1 })));
}

#[test]
fn xml_is_bounded_and_knows_no_document_types() {
    let folder = tempfile::tempdir().unwrap();
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE kml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><kml>&b;</kml>";
    let fatal = |name: &str, text: &str| {
        let path = file(folder.path(), name, text);
        layers(&path, &small()).map(|_| ()).unwrap_err().to_string()
    };
    assert!(fatal("a.kml", laughs).contains("document type"));
    assert!(fatal("a.gpx", "<!DOCTYPE gpx><gpx></gpx>").contains("document type"));
    assert!(fatal("a.kml", &format!("<kml>{}", "<Folder>".repeat(100_000))).contains("nested deeper"));
    let long = format!("<kml><Placemark><description>{}</description></Placemark></kml>", "x".repeat(100_000));
    assert!(fatal("a.kml", &long).contains("longer than 2000 bytes"));
    let nested = format!("<kml><Placemark>{}</Placemark>", "<MultiGeometry>".repeat(6));
    let nested = format!("{nested}{}<Placemark><name>b</name></Placemark></kml>", "");
    assert!(!fatal("a.kml", &nested).is_empty());
}
