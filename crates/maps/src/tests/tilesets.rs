//! OGC API – Tiles: grids, sets and tiles of a collection; tiles as of a day; a layer read anew behind its edits.

use songhan_geo::tile::{TileMatrixSet, decode};
use songhan_testkit::{Client, for_each_database_in};

use super::ogc::link;
use super::*;

async fn grid(client: &mut Client, id: &str) -> Value {
    client.get(&format!("/ogc/tileMatrixSets/{id}")).await.expect(200).json()
}

/// The tile of a grid in which a place of its plane lies, by what the grid says of itself.
fn place(grid: &Value, zoom: usize, [x, y]: [f64; 2]) -> (u64, u64) {
    let matrix = &grid["tileMatrices"][zoom];
    let number = |value: &Value| value.as_f64().expect("a number");
    let span = number(&matrix["cellSize"]) * number(&matrix["tileWidth"]);
    assert!((number(&matrix["scaleDenominator"]) * 0.000_28 - number(&matrix["cellSize"])).abs() < 1e-6);
    let (left, top) = (number(&matrix["pointOfOrigin"][0]), number(&matrix["pointOfOrigin"][1]));
    (((x - left) / span) as u64, ((top - y) / span) as u64)
}

async fn count(client: &mut Client, path: &str) -> usize {
    let answer = client.get(path).await;
    if answer.status.as_u16() == 204 {
        return 0;
    }
    decode(&answer.expect(200).body).unwrap().iter().map(|layer| layer.features.len()).sum()
}

#[tokio::test]
async fn a_client_finds_its_way_from_the_landing_page_to_a_tile_on_either_grid() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 10).await;
        let mut client = city.visitor().with("accept", "application/json");
        let landing = client.get("/ogc").await.expect(200).json();
        let schemes = link(&landing, "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes").expect("the grids");
        let sets = client.get(schemes).await.expect(200).json();
        let known: Vec<&str> =
            sets["tileMatrixSets"].as_array().unwrap().iter().map(|set| set["id"].as_str().unwrap()).collect();
        assert_eq!(known, ["WebMercatorQuad", "VN2000Quad5899"]);
        let collection = client.get("/ogc/collections/trees").await.expect(200).json();
        let tilesets = link(&collection, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector").expect("its tiles");
        let list = client.get(tilesets).await.expect(200).json();
        // The first tree in both planes: pyproj 3.7.2 (PROJ 9.5.1), from 108.2 16.06.
        let web = [12_044_768.902, 1_811_670.855];
        let vn =
            songhan_geo::crs::Crs::epsg(5899).unwrap().from_wgs84(geo_types::coord! { x: 108.2, y: 16.06 }).unwrap();
        for (set, plane, zoom) in [(&list["tilesets"][0], web, 13), (&list["tilesets"][1], [vn.x, vn.y], 10)] {
            let own = client.get(link(set, "self").unwrap()).await.expect(200).json();
            assert_eq!((&own["dataType"], &own["layers"][0]["id"]), (&json!("vector"), &json!("trees")));
            let scheme = link(&own, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme").unwrap();
            let grid = grid(&mut client, scheme.rsplit('/').next().unwrap()).await;
            assert_eq!(grid["crs"], set["crs"]);
            let (col, row) = place(&grid, zoom, plane);
            let item = link(&own, "item").unwrap().replace("{tileMatrix}", &zoom.to_string());
            let path = item.replace("{tileRow}", &row.to_string()).replace("{tileCol}", &col.to_string());
            assert_eq!(count(&mut client, &path).await, 10, "{path}");
            let deepest = grid["tileMatrices"].as_array().unwrap().len();
            let beyond = item.replace(&format!("/{zoom}/"), &format!("/{deepest}/"));
            client.get(&beyond.replace("{tileRow}", "0").replace("{tileCol}", "0")).await.expect(404);
        }
        let classes = client.get("/ogc/conformance").await.expect(200).json();
        let tiles = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core";
        assert!(classes["conformsTo"].as_array().unwrap().contains(&json!(tiles)));
    })
    .await;
}

#[tokio::test]
async fn a_protected_collection_has_tiles_for_those_who_read_it() {
    for_each_database_in(folder(false), modules(), |city| async move {
        planted(&city, 10).await;
        let mut ours = city.client(&city.person("Lê Văn Bình", &[(Role::Officer, Some(HAI_CHAU.0))]));
        let grid = grid(&mut ours, "VN2000Quad5899").await;
        let at =
            songhan_geo::crs::Crs::epsg(5899).unwrap().from_wgs84(geo_types::coord! { x: 108.2, y: 16.06 }).unwrap();
        let (col, row) = place(&grid, 10, [at.x, at.y]);
        let path = format!("/ogc/collections/trees/tiles/VN2000Quad5899/10/{row}/{col}");
        assert_eq!(count(&mut ours, &path).await, 5);
        assert!(ours.get(&path).await.headers["cache-control"].to_str().unwrap().starts_with("private"));
        let (x, y) = TileMatrixSet::web_mercator().tile_at(108.2, 16.06, 13).unwrap();
        let names = format!("/tiles/trees.names/13/{x}/{y}");
        assert_eq!(count(&mut ours, &names).await, 5);
        for path in [&*path, &*names, "/ogc/collections/trees/tiles", "/ogc/collections/trees/tiles/WebMercatorQuad"] {
            city.visitor().get(path).await.expect(404);
        }
    })
    .await;
}

#[tokio::test]
async fn tiles_are_as_of_the_day_that_is_asked_for() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 4).await;
        let mut visitor = city.visitor();
        let (x, y) = TileMatrixSet::web_mercator().tile_at(108.2, 16.06, 13).unwrap();
        let path = format!("/tiles/trees/13/{x}/{y}");
        let today = city.app.today();
        assert_eq!(count(&mut visitor, &path).await, 4);
        assert_eq!(count(&mut visitor, &format!("{path}?at={today}")).await, 4, "today is now");
        assert_eq!(count(&mut visitor, &format!("{path}?at={}", today.tomorrow().unwrap())).await, 4);
        assert_eq!(count(&mut visitor, &format!("{path}?at={}", today.yesterday().unwrap())).await, 0, "not yet");
        for wrong in ["at=now", "at=", "at=2026-02-30"] {
            visitor.get(&format!("{path}?{wrong}")).await.expect(400);
        }
    })
    .await;
}

#[tokio::test]
async fn a_layer_is_read_anew_behind_its_edits_and_loses_none() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 40).await;
        let layer = trees(&city);
        let cx = officer(&city, HAI_CHAU.0);
        let mut snapshot = snapshot::of(&city.app, &layer).await.unwrap().unwrap();
        // One commit of many: more than the renewal waits for.
        let mut tx = cx.begin().await.unwrap();
        let mut told = None;
        for n in 0..2_100 {
            let at = at(108.2 + f64::from(n) * 1e-5, 16.0);
            let wish = Wish::Create { geometry: at, properties: tree("Me", HAI_CHAU.1) };
            told = Some(edit::edit(&mut tx, &cx, &layer, None, wish, "thử nghiệm").await.unwrap().told);
        }
        tx.commit().await.unwrap();
        city.settle().await;
        snapshot::shown(&cx, &told.unwrap()).await;
        for _ in 0..400 {
            snapshot = snapshot::of(&city.app, &layer).await.unwrap().unwrap();
            if snapshot.index.edits() < 100 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        assert!(snapshot.index.edits() < 100, "{} edits still lie beside the index", snapshot.index.edits());
        assert_eq!(snapshot.index.count(&crate::layer::Reach::Everything), 2_140);
        assert_eq!(snapshot.tiles.len(), 2_140);
        edit(&cx, &layer, None, Wish::Create { geometry: at(108.21, 16.01), properties: tree("Me", HAI_CHAU.1) })
            .await
            .unwrap();
        let now = snapshot::of(&city.app, &layer).await.unwrap().unwrap();
        assert_eq!((now.tiles.len(), now.generation), (2_141, snapshot.generation + 1));
    })
    .await;
}

#[tokio::test]
async fn layers_are_read_behind_the_start_before_somebody_asks() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 5).await;
        let layer = trees(&city);
        assert!(!snapshot::is_held(&city.app, &layer));
        snapshot::warm(&city.app);
        for _ in 0..400 {
            if snapshot::is_held(&city.app, &layer) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert!(snapshot::is_held(&city.app, &layer));
    })
    .await;
}
