//! Whatever is asked and whatever is handed in: no failure of ours, no panic, and the layer stays whole.

use songhan_geofiles::{self as files, Format, GeometryKind, Srs};
use songhan_testkit::for_each_database_in;

use super::*;
use crate::store::{features, layers};

/// Numbers that look drawn, and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "16.06",
    "108.2",
    "90",
    "180",
    "-180",
    "91",
    "1e308",
    "-1e308",
    "1e-320",
    "NaN",
    "inf",
    "-inf",
    "550175.08",
    "1777138.32",
    "0x10",
    "9223372036854775808",
    "1,5",
    "",
    " ",
    "١٦",
];
const MOMENTS: &[&str] = &[
    "2026-11-20",
    "2026-11-19",
    "0000-00-00",
    "-000001-01-01",
    "9999-12-31",
    "2026-02-30",
    "now",
    "..",
    "",
    "2026-11-20T02:00:00Z",
    "2026-11-20T02:00:00%2B25:00",
    "2026-11-20T24:00:00Z",
    "1970-01-01T00:00:00Z",
    "2026-11-20T02:00:00.999999999999Z",
    "2026-W47-5",
    "20261120",
    "2026-11-20[Asia/Bangkok]",
];
const SYSTEMS: &[&str] = &[
    "EPSG:4326",
    "EPSG:5899",
    "EPSG:3857",
    "EPSG:4756",
    "EPSG:9210",
    "EPSG:6959",
    "EPSG:0",
    "EPSG:-1",
    "OGC:CRS84",
    "http://www.opengis.net/def/crs/EPSG/0/5899",
    "http://www.opengis.net/def/crs/EPSG/0/",
    "EPSG:99999999999",
    "",
    "a",
];
const TOKENS: &[&str] = &[
    "species",
    "height_m",
    "commune",
    "geometry",
    "=",
    "<>",
    "<",
    ">=",
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    "((",
    "))",
    ",",
    "LIKE",
    "IN",
    "BETWEEN",
    "IS",
    "NULL",
    "'a'",
    "'",
    "%25",
    "_",
    "5",
    "-5",
    "1e999",
    "CASEI(",
    "ACCENTI(",
    "BBOX(",
    "S_INTERSECTS(",
    "S_WITHIN(",
    "T_AFTER(",
    "T_DURING(",
    "INTERVAL(",
    "DATE('2026-11-20')",
    "TIMESTAMP('x')",
    "POINT(",
    "POINT(1 2)",
    "POLYGON((",
    "POLYGON((0 0,1 0,1 1,0 0))",
    "MULTIPOINT(",
    "GEOMETRYCOLLECTION(",
    "EMPTY",
    "TRUE",
    "+",
    "*",
    "/",
    "^",
    "div",
    "A_CONTAINS(",
    "%00",
    "%F0%9F%8C%B3",
    "%FF",
    "{\"op\":",
    "[",
    "]",
    "}",
    "\"args\":",
];

fn bbox(chance: &mut Chance) -> String {
    let count = [4, 4, 4, 6, 1, 0, 5, 7, 300][chance.below(9)];
    (0..count).map(|_| chance.of(NUMBERS)).collect::<Vec<_>>().join(",")
}

fn filter(chance: &mut Chance) -> String {
    let count = 1 + chance.below(12);
    (0..count).map(|_| chance.of(TOKENS)).collect::<Vec<_>>().join(" ")
}

/// A parameter that has to do with the address, most often with a value that has to do with the parameter.
fn parameter(chance: &mut Chance, at: &str) -> String {
    let name =
        chance.of(&[at, "bbox", "bbox-crs", "filter", "filter-lang", "filter-crs", "crs", "format", "limit", "x"]);
    let about = if chance.below(6) == 0 { chance.of(&["bbox", "crs", at, "filter", "limit"]) } else { name };
    let value = match about {
        "bbox" => bbox(chance),
        "bbox-crs" | "filter-crs" | "crs" => chance.of(SYSTEMS).to_owned(),
        "filter" => filter(chance),
        "filter-lang" => chance.of(&["cql2-text", "cql2-json", "sql", ""]).to_owned(),
        "format" => {
            chance.of(&["geojson", "gpkg", "shapefile", "flatgeobuf", "csv", "kml", "gpx", "osm", ""]).to_owned()
        }
        "limit" => chance.of(NUMBERS).to_owned(),
        _ => [chance.of(MOMENTS), chance.of(&["", "/", "/.."]), chance.of(&["", "2026-11-20"])].concat(),
    };
    sendable(&format!("{name}={value}"))
}

/// What cannot stand in an address as it is is encoded; what is encoded stays so.
fn sendable(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~%,:/()'*=+&?".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { (byte as char).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[tokio::test]
async fn whatever_is_asked_is_answered() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 30).await;
        let mut client = city.visitor();
        let mut chance = Chance(0x5EED);
        let mut good = [0; 3];
        for round in 0..900 {
            let which = round % 3;
            let path = match which {
                0 => "/ogc/collections/trees/items".to_owned(),
                1 => "/api/v1/layers/trees/download".to_owned(),
                _ => {
                    let mut number = || [chance.of(NUMBERS), chance.of(&["", "", "", "0", ".mvt"])].concat();
                    let [z, x, y] = [number(), number(), number()].map(|part| part.replace(['/', ' '], "_"));
                    let layers =
                        chance.of(&["trees", "trees,trees", "trees,", "bushes", ",", "trees%00", "%F0%9F%8C%B3"]);
                    let z = if chance.below(2) == 0 { "3".to_owned() } else { z };
                    sendable(&format!("/tiles/{layers}/{z}/{x}/{y}"))
                }
            };
            let at = ["datetime", "at", "at"][which];
            let count = 1 + chance.below(3);
            let query: Vec<String> = (0..count).map(|_| parameter(&mut chance, at)).collect();
            let asked = format!("{path}?{}", query.join("&"));
            let answer = client.get(&asked).await;
            assert!(answer.status.as_u16() < 500, "{asked}: {} {}", answer.status, answer.text());
            good[which] += usize::from(answer.status == 200);
        }
        assert!(good[0] > 0 && good[1] > 0, "some of it is sensible: {good:?}");
    })
    .await;
}

/// A small file of a format.
fn sample(path: &Path, format: Format) {
    let fields = [
        files::Field::new("species", files::FieldKind::Text),
        files::Field::new("height_m", files::FieldKind::Number),
        files::Field::new("commune", files::FieldKind::Text),
    ];
    let mut sink = files::Sink::create(path, format, &fields, &Srs::wgs84(), GeometryKind::Point).unwrap();
    for n in 0..12 {
        let properties = vec![
            files::Value::Text(format!("Bàng {n}")),
            files::Value::Number(f64::from(n) + 0.5),
            files::Value::Text(HAI_CHAU.1.to_owned()),
        ];
        sink.write(&files::Feature { id: None, geometry: at(108.2 + f64::from(n) * 0.001, 16.0), properties }).unwrap();
    }
    sink.finish().unwrap();
}

/// Bytes changed, doubled, taken out, cut off.
fn broken(chance: &mut Chance, whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len());
        match chance.below(5) {
            0 => bytes[at] = chance.below(256) as u8,
            1 => bytes[at] = [0, 0xff, 0x7f, 0x80, b'-', b'[', b'<', b','][chance.below(8)],
            2 => {
                let end = (at + 1 + chance.below(64)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            3 => drop(bytes.drain(at..(at + 1 + chance.below(16)).min(bytes.len()))),
            _ if chance.below(4) == 0 => bytes.truncate(at + 1),
            _ => {}
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
    bytes
}

#[tokio::test]
async fn whatever_is_imported_the_layer_is_whole() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 5).await;
        let folder = tempfile::tempdir().unwrap();
        let mut chance = Chance(0xF11E);
        for (format, ending) in [
            (Format::GeoJson, "geojson"),
            (Format::GeoPackage, "gpkg"),
            (Format::Shapefile, "zip"),
            (Format::FlatGeobuf, "fgb"),
            (Format::Csv, "csv"),
            (Format::Kml, "kml"),
            (Format::Gpx, "gpx"),
        ] {
            let good = folder.path().join(format!("good.{ending}"));
            sample(&good, format);
            assert_eq!(import(&city, &good).await.unwrap().counts.kept, 12, "{format}");
            let whole = std::fs::read(&good).unwrap();
            for round in 0..40 {
                let path = folder.path().join(format!("{round}.{ending}"));
                std::fs::write(&path, broken(&mut chance, &whole)).unwrap();
                let before = layers::standing(&city.app.db, "trees").await.unwrap().unwrap();
                let imported = import(&city, &path).await;
                let now = layers::standing(&city.app.db, "trees").await.unwrap().unwrap();
                match imported {
                    Ok(done) => assert_eq!((now.base, now.features), (Some(done.base), done.counts.kept)),
                    Err(Rejection::Internal(error)) => panic!("{format} {round}: {error}"),
                    Err(_) => assert_eq!(now, before, "{format} {round}"),
                }
                let rows = features::page(&city.app.db, now.base.unwrap(), 0, 1_000).await.unwrap();
                assert_eq!(rows.len() as i64, now.features, "{format} {round}");
                std::fs::remove_file(&path).unwrap();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_list_of_coordinates_without_end_is_one_refused_feature() {
    for_each_database_in(folder(true), modules(), |city| async move {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trees.geojson");
        let good = r#"{"type":"Feature","properties":{"species":"Bàng"},"geometry":{"type":"Point","coordinates":[108.2,16.0]}}"#;
        {
            use std::io::Write;
            let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
            write!(file, "{{\"type\":\"FeatureCollection\",\"features\":[{good},").unwrap();
            write!(file, r#"{{"type":"Feature","properties":{{"species":"x"}},"geometry":{{"type":"MultiPoint","coordinates":["#)
                .unwrap();
            // More than one feature may have, and more than one that is read may weigh.
            let many = "[108.2,16.0],".repeat(10_000);
            for _ in 0..600 {
                file.write_all(many.as_bytes()).unwrap();
            }
            write!(file, "[108.2,16.0]]}}}},{good}]}}").unwrap();
        }
        let done = import(&city, &path).await.unwrap();
        assert_eq!((done.counts.kept, done.counts.refused), (2, 1));
    })
    .await;
}
