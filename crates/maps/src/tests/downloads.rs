//! Downloads: every layer of the city in every format and back; who may have what; what a format cannot hold is said.

use songhan_geofiles as files;
use songhan_testkit::{Answer, Client, for_each_database_in};

use super::*;
use crate::ops::fill::fill;
use crate::store::{features, layers};

const DOWNLOAD: &str = "/api/v1/layers/trees/download";
const FORMATS: [(&str, &str); 7] = [
    ("geojson", "geojson"),
    ("gpkg", "gpkg"),
    ("shapefile", "zip"),
    ("flatgeobuf", "fgb"),
    ("csv", "csv"),
    ("kml", "kml"),
    ("gpx", "gpx"),
];

/// The city's own layers, each with a twin that has no data yet.
fn twins() -> (Folder, Vec<String>) {
    let embedded = Folder::embedded();
    let codes: Vec<String> = embedded
        .paths()
        .filter_map(|path| path.strip_prefix("layers/")?.strip_suffix(".toml"))
        .map(str::to_owned)
        .collect();
    let twin = |folder: Folder, code: &String| {
        let text = embedded.read(&format!("layers/{code}.toml")).expect("a layer");
        let bare: Vec<&str> = text.lines().filter(|line| !line.starts_with("data =")).collect();
        folder.with(&format!("layers/{code}-twin.toml"), &bare.join("\n"))
    };
    (codes.iter().fold(embedded.clone(), twin), codes)
}

/// What is kept of each feature, in an order that formats cannot change: attributes, then the shape as parts.
async fn kept(city: &TestCity, code: &str) -> Vec<(String, Option<String>)> {
    let standing = layers::standing(&city.app.db, code).await.unwrap().unwrap();
    let rows = features::page(&city.app.db, standing.base.unwrap(), 0, 10_000).await.unwrap();
    let mut kept: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let known: Map<String, Value> = serde_json::from_str(&row.properties).unwrap();
            let said: Vec<String> = known.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
            let shape = row.geometry.map(|bytes| parts(files::wkb::shape_of(&bytes).unwrap()));
            (said.join(";"), shape)
        })
        .collect();
    kept.sort();
    kept
}

/// 5 and 5.0 are one number.
fn plain(value: &Value) -> String {
    value.as_f64().map_or_else(|| value.to_string(), |number| number.to_string())
}

/// A whole of one part is that part.
fn parts(geometry: Geometry<f64>) -> String {
    let geometry = match geometry {
        Geometry::MultiPoint(mut one) if one.0.len() == 1 => one.0.remove(0).into(),
        Geometry::MultiLineString(mut one) if one.0.len() == 1 => one.0.remove(0).into(),
        Geometry::MultiPolygon(mut one) if one.0.len() == 1 => one.0.remove(0).into(),
        other => other,
    };
    format!("{geometry:?}")
}

async fn take_in(city: &TestCity, code: &str, ending: &str, answer: &Answer) -> Imported {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("file.{ending}"));
    std::fs::write(&path, &answer.body).unwrap();
    let layer = city.app.city.get::<Layers>().get(code).expect("the twin").clone();
    let import = Import { layer: &layer, path: &path, file: "file", file_layer: None, crs: None, reason: "thử" };
    import_layer(&city.system(), import, |_| {}).await.unwrap()
}

#[tokio::test]
async fn every_layer_comes_back_whole_from_every_format() {
    let (folder, codes) = twins();
    for_each_database_in(folder, modules(), move |city| {
        let codes = codes.clone();
        async move {
            fill(&city.system()).await.unwrap();
            let mut officer = city.client(&city.person("Phan Đức Long", &[(Role::Officer, None)]));
            for code in &codes {
                let there = kept(&city, code).await;
                for (format, ending) in FORMATS {
                    let answer = officer.get(&format!("/api/v1/layers/{code}/download?format={format}")).await;
                    if format == "gpx" && answer.status == 400 {
                        assert_eq!(answer.json()["code"], "format_cannot_hold", "{code}");
                        assert!(there.iter().any(|(_, shape)| shape.as_ref().unwrap().contains("POLYGON")), "{code}");
                        continue;
                    }
                    let answer = answer.expect(200);
                    assert_eq!(answer.headers["download-features"], there.len().to_string().as_str());
                    let losses = answer.headers.get("download-losses").map(|told| told.to_str().unwrap());
                    for loss in losses.into_iter().flat_map(|told| told.split("; ")) {
                        let known = ["ids left out", "field renamed", "order of features", "values kept as text"];
                        assert!(known.iter().any(|known| loss.starts_with(known)), "{code} as {format}: {loss}");
                    }
                    let done = take_in(&city, &format!("{code}-twin"), ending, &answer).await;
                    assert_eq!((done.counts.refused, done.counts.repaired), (0, 0), "{code} as {format}");
                    let back = kept(&city, &format!("{code}-twin")).await;
                    assert_eq!(back.len(), there.len(), "{code} as {format}");
                    for (back, there) in back.iter().zip(&there) {
                        assert_eq!(back, there, "{code} as {format}");
                    }
                }
            }
        }
    })
    .await;
}

async fn features_of(client: &mut Client, query: &str) -> Vec<i64> {
    let document = client.get(&format!("{DOWNLOAD}{query}")).await.expect(200).json();
    let features = document["features"].as_array().expect("features").clone();
    features.iter().map(|feature| feature["id"].as_i64().expect("a number")).collect()
}

#[tokio::test]
async fn a_file_holds_what_was_asked_for_as_it_was() {
    for_each_database_in(folder(true), modules(), |city| async move {
        let mut visitor = city.visitor();
        assert_eq!(features_of(&mut visitor, "").await, Vec::<i64>::new(), "before the first import");
        planted(&city, 12).await;
        city.clock.advance(std::time::Duration::from_hours(24));
        let cx = officer(&city, HAI_CHAU.0);
        edit(&cx, &trees(&city), Some(Of { feature: 1, seen: None }), Wish::Remove).await.unwrap();
        for (query, ids) in [
            ("", (2..=12).collect::<Vec<_>>()),
            ("?at=2026-11-20", (1..=12).collect()),
            ("?at=2026-11-19", vec![]),
            ("?bbox=108.20025,16,108.20055,17", vec![4, 5, 6]),
            ("?bbox=170,16,108.20025,17", vec![2, 3]),
            ("?bbox=16,108.20025,17,108.20055&bbox-crs=EPSG:4326", vec![4, 5, 6]),
            ("?filter=species%20LIKE%20'B%C3%A0ng%201%25'", vec![2, 11, 12]),
            ("?filter=commune='20242'&bbox=108.20025,16,108.20055,17&at=2026-11-20", vec![5]),
            ("?filter=height_m%3E100", vec![]),
        ] {
            assert_eq!(features_of(&mut visitor, query).await, ids, "{query}");
        }
        let answer = visitor.get(&format!("{DOWNLOAD}?format=csv&at=2026-11-20")).await.expect(200);
        assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
        assert_eq!(
            answer.headers["content-disposition"],
            "attachment; filename=\"trees-2026-11-20.csv\"; filename*=UTF-8''C%C3%A2y%20xanh%202026-11-20.csv"
        );
        assert_eq!(answer.headers["content-length"], answer.body.len().to_string().as_str());
        assert_eq!(answer.headers["download-features"], "12");
        assert_eq!(answer.headers["download-losses"], "ids left out (12)");
    })
    .await;
}

#[tokio::test]
async fn files_speak_the_reference_system_that_is_asked_for() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 3).await;
        let mut visitor = city.visitor();
        for (format, ending) in FORMATS {
            let answer = visitor.get(&format!("{DOWNLOAD}?format={format}&crs=EPSG:5899")).await;
            if matches!(format, "kml" | "gpx") {
                assert!(answer.expect(400).json()["detail"].as_str().unwrap().contains("WGS 84"));
                continue;
            }
            let answer = answer.expect(200);
            assert_eq!(answer.headers["content-crs"], "<http://www.opengis.net/def/crs/EPSG/0/5899>");
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(format!("trees.{ending}"));
            std::fs::write(&path, &answer.body).unwrap();
            let mut source = files::open(&path, None, &files::Options::default()).unwrap();
            let stated = source.srs().epsg;
            assert_eq!(stated, if format == "csv" { None } else { Some(5899) }, "{format}");
            let Some(Geometry::Point(first)) = source.next().unwrap().unwrap().geometry else { panic!("{format}") };
            assert!((547_000.0..550_000.0).contains(&first.x()), "{format}: {first:?}");
            assert!((1_776_000.0..1_777_000.0).contains(&first.y()), "{format}: {first:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn source_and_licence_go_with_the_file() {
    let simulated = folder(true);
    let text = simulated.read("layers/trees.toml").unwrap().replace("[rights]", "simulated = true\n[rights]");
    for_each_database_in(simulated.with("layers/trees.toml", &text), modules(), |city| async move {
        planted(&city, 2).await;
        let mut visitor = city.visitor();
        for (format, _) in FORMATS.into_iter().filter(|(format, _)| *format != "csv") {
            let answer = visitor.get(&format!("{DOWNLOAD}?format={format}")).await.expect(200);
            for told in ["CC-BY-4.0", "thử nghiệm", "Dữ liệu mô phỏng", "Cây xanh"] {
                let there = answer.body.windows(told.len()).any(|part| part == told.as_bytes());
                assert!(there, "{told} in {format}");
            }
        }
        let english = visitor.get(&format!("{DOWNLOAD}?format=kml&lang=en")).await.expect(200).text();
        assert!(english.contains("Licence: CC-BY-4.0") && english.contains("<description>Trees"));
    })
    .await;
}

#[tokio::test]
async fn an_officer_downloads_what_lies_in_their_ward_alone() {
    for_each_database_in(folder(false), modules(), |city| async move {
        planted(&city, 10).await;
        let resident = city.client(&city.resident("Trần Thị Lan"));
        for mut stranger in [city.visitor(), resident] {
            for query in ["", "?format=gpkg", "?format=nonsense", "?at=2026-11-19", "?filter=x"] {
                stranger.get(&format!("{DOWNLOAD}{query}")).await.expect(404);
            }
        }
        let person = |unit| city.person("Lê Văn Bình", &[(Role::Officer, unit)]);
        let mut ours = city.client(&person(Some(HAI_CHAU.0)));
        for query in ["", "?bbox=108,16,109,17", "?filter=height_m%3E1", "?at=2026-11-20T09:00:00%2B07:00"] {
            assert_eq!(features_of(&mut ours, query).await, [1, 3, 5, 7, 9], "{query}");
        }
        assert_eq!(features_of(&mut ours, "?filter=commune='20257'").await, Vec::<i64>::new());
        assert_eq!(features_of(&mut city.client(&person(None)), "").await.len(), 10);
        let private = ours.get(DOWNLOAD).await.expect(200);
        assert!(private.headers["cache-control"].to_str().unwrap().starts_with("private"));
    })
    .await;
}
