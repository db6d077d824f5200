//! The packed base map: written, read back by what the format's description says, served in parts, and used by styles.

use std::io::Read;

use flate2::read::GzDecoder;
use songhan_geo::tile::decode;
use songhan_testkit::for_each_database_in;

use super::*;
use crate::basemap::{Pack, pack};

fn number(bytes: &[u8], at: usize) -> usize {
    usize::try_from(u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())).unwrap()
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (first, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if *first < 0x80 {
            break;
        }
    }
    value
}

/// Entries of a directory (PMTiles v3 §4): tile, run, length, offset.
fn directory(bytes: &[u8]) -> Vec<[u64; 4]> {
    let (all, mut tile, mut before) = (unpacked(bytes), 0, 0);
    let mut rest = &all[..];
    let count = varint(&mut rest) as usize;
    let mut entries = vec![[0; 4]; count];
    for entry in &mut entries {
        tile += varint(&mut rest);
        entry[0] = tile;
    }
    for column in [1, 2] {
        for entry in &mut entries {
            entry[column] = varint(&mut rest);
        }
    }
    for entry in &mut entries {
        let offset = varint(&mut rest);
        entry[3] = if offset == 0 { before } else { offset - 1 };
        before = entry[3] + entry[2];
    }
    entries
}

fn wanted(city: &TestCity, path: &Path) -> Pack {
    Pack { layers: vec![trees(city)], zooms: 0..=14, path: path.to_owned() }
}

#[tokio::test]
async fn an_archive_holds_every_feature_once_at_each_zoom() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 30).await;
        let out = tempfile::tempdir().unwrap();
        let path = out.path().join("trees.pmtiles");
        let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let heard = told.clone();
        let hear = move |done, all| heard.lock().unwrap().push((done, all));
        let done = pack(&city.system(), wanted(&city, &path), hear).await.unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!((done.layers, done.bytes, done.thinned), (1, bytes.len() as u64, 0));
        assert!(told.lock().unwrap().last().is_some_and(|(done, all)| done == all));
        assert_eq!((&bytes[..8], bytes[96], bytes[97], bytes[98], bytes[99]), (&b"PMTiles\x03"[..], 1, 2, 2, 1));
        let metadata: Value =
            serde_json::from_slice(&unpacked(&bytes[number(&bytes, 24)..][..number(&bytes, 32)])).unwrap();
        assert_eq!(metadata["vector_layers"][0]["id"], "trees");
        assert_eq!(metadata["vector_layers"][0]["fields"]["height_m"], "Number");
        let entries = directory(&bytes[number(&bytes, 8)..][..number(&bytes, 16)]);
        assert!(entries.windows(2).all(|two| two[0][0] < two[1][0]), "in the order of the curve");
        let mut features = 0;
        for [_, run, length, offset] in entries {
            let at = number(&bytes, 56) + offset as usize;
            let tile = unpacked(&bytes[at..at + length as usize]);
            let drawn: usize = decode(&tile).unwrap().iter().map(|layer| layer.features.len()).sum();
            assert!(drawn > 0 && run == 1);
            features += drawn;
        }
        // Shown from zoom 8; some lie in the margin of a neighbour too.
        assert!(features >= 30 * 7, "{features}");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_everyones_is_not_packed() {
    for_each_database_in(folder(false), modules(), |city| async move {
        planted(&city, 3).await;
        let out = tempfile::tempdir().unwrap();
        let path = out.path().join("trees.pmtiles");
        let refused = pack(&city.system(), wanted(&city, &path), |_, _| {}).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the layer trees is not everyone's to read, and an archive has no guard; leave it out"
        );
        assert!(!path.exists());
        #[expect(clippy::reversed_empty_ranges, reason = "what is refused")]
        let odd = Pack { zooms: 9..=3, ..wanted(&city, &path) };
        assert!(pack(&city.system(), odd, |_, _| {}).await.unwrap_err().to_string().contains("zooms 9 to 3"));
    })
    .await;
}

/// The trees' city with a layer that is the land of its maps.
fn island() -> songhan_city::Folder {
    let land = r#"
title = "Đất liền"
description = "Thử nghiệm"
group = "trees"
shape = "polygon"
owner = "so-xay-dung"
source = "thử nghiệm"
licence = "CC0-1.0"
[rights]
read = "public"
edit = ["administrator"]
[style]
land = true
min_zoom = 0
[[attribute]]
name = "name"
title = "Tên"
kind = "text"
"#;
    folder(true).with("layers/land.toml", land)
}

#[tokio::test]
async fn the_server_serves_it_in_parts_and_its_styles_use_it_while_it_is_right() {
    for_each_database_in(island(), modules(), |city| async move {
        let mut visitor = city.visitor().with("accept", "*/*");
        visitor.get("/basemap.pmtiles").await.expect(404);
        let land = city.app.city.get::<Layers>().get("land").unwrap().clone();
        let file = city.app.config.data.join("land.geojson");
        std::fs::create_dir_all(&city.app.config.data).unwrap();
        let square = json!({ "type": "Feature", "properties": { "name": "Đảo" }, "geometry": { "type": "Polygon",
            "coordinates": [[[108.0, 16.0], [108.3, 16.0], [108.3, 16.2], [108.0, 16.2], [108.0, 16.0]]] } });
        std::fs::write(&file, square.to_string()).unwrap();
        let import =
            || Import { layer: &land, path: &file, file: "land.geojson", file_layer: None, crs: None, reason: "thử" };
        import_layer(&city.system(), import(), |_| {}).await.unwrap();
        let path = city.app.config.data.join("basemap.pmtiles");
        let all = Pack { layers: vec![land.clone()], zooms: 0..=8, path };
        pack(&city.system(), all, |_, _| {}).await.unwrap();
        let whole = visitor.get("/basemap.pmtiles").await.expect(200);
        assert_eq!(whole.headers["accept-ranges"], "bytes");
        let etag = whole.headers["etag"].to_str().unwrap().to_owned();
        let asked = |range: &str| city.visitor().with("accept", "*/*").with("range", range);
        let part = asked("bytes=0-126").get("/basemap.pmtiles").await.expect(206);
        assert_eq!(part.body, whole.body[..127]);
        assert_eq!(part.headers["content-range"].to_str().unwrap(), format!("bytes 0-126/{}", whole.body.len()));
        let same = asked("bytes=-5").with("if-range", &etag).get("/basemap.pmtiles").await.expect(206);
        assert_eq!(same.body, whole.body[whole.body.len() - 5..]);
        asked("bytes=-5").with("if-range", "\"old\"").get("/basemap.pmtiles").await.expect(200);
        let behind = asked("bytes=99999999-").get("/basemap.pmtiles").await.expect(416);
        assert_eq!(behind.headers["content-range"].to_str().unwrap(), format!("bytes */{}", whole.body.len()));
        visitor.clone().with("if-none-match", &etag).get("/basemap.pmtiles").await.expect(304);
        let head = visitor.send(axum::http::Method::HEAD, "/basemap.pmtiles", None, Vec::new()).await.expect(200);
        assert_eq!(head.headers["content-length"].to_str().unwrap(), whole.body.len().to_string());
        let source = async || {
            let style = city.visitor().get("/styles/day.json").await.expect(200).json();
            let layers = style["layers"].as_array().unwrap();
            let layer = layers.iter().find(|layer| layer["id"] == "land-land").unwrap();
            style["sources"][layer["source"].as_str().unwrap()].clone()
        };
        assert_eq!(source().await["url"], "pmtiles://http://city.test/basemap.pmtiles");
        import_layer(&city.system(), import(), |_| {}).await.unwrap();
        assert!(source().await["tiles"].is_array(), "the land has changed since it was packed");
    })
    .await;
}
