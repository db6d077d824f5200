//! Imports: whole or not at all, with a report of what was repaired and refused.

use songhan_testkit::{dies_after, for_each_database_in};

use super::*;
use crate::layer::Reach;
use crate::store::{bases, features, layers};

#[tokio::test]
async fn a_file_becomes_the_layer_and_troubles_are_told() {
    for_each_database_in(folder(true), modules(), |city| async move {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trees.geojson");
        let lines = [
            r#"{"type":"Feature","id":"a","properties":{"species":"Bàng","height_m":"12,5","commune":"20242"},"geometry":{"type":"Point","coordinates":[108.2,16.06]}}"#,
            r#"{"type":"Feature","id":"b","properties":{"height_m":3},"geometry":{"type":"Point","coordinates":[108.2,16.06]}}"#,
            r#"{"type":"Feature","id":"c","properties":{"species":"Phượng"},"geometry":{"type":"Point","coordinates":[208.2,16.06]}}"#,
            r#"{"type":"Feature","id":"d","properties":{"species":"Sao đen"},"geometry":null}"#,
        ];
        std::fs::write(&path, format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", lines.join(","))).unwrap();
        let done = import(&city, &path).await.unwrap();
        let counts = done.counts;
        assert_eq!([counts.read, counts.kept, counts.repaired, counts.refused], [4, 2, 1, 2]);
        let troubles = bases::troubles_of(&city.app.db, done.base, 0, 10).await.unwrap();
        let told: Vec<_> = troubles.iter().map(|one| (one.position, one.refused, one.name.as_deref())).collect();
        assert_eq!(told, [(1, false, Some("a")), (2, true, Some("b")), (3, true, Some("c"))]);
        assert!(troubles[0].what.contains("height_m is a number"), "{}", troubles[0].what);
        assert!(troubles[1].what.contains("species is required"), "{}", troubles[1].what);
        let rows = features::page(&city.app.db, done.base, 0, 10).await.unwrap();
        assert_eq!(rows[0].properties, r#"{"species":"Bàng","commune":"20242"}"#);
        assert_eq!((rows[1].feature, rows[1].geometry.is_none()), (2, true));
    })
    .await;
}

#[tokio::test]
async fn a_second_import_takes_the_place_of_the_first_which_is_still_known() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 10).await;
        let before = city.app.now();
        city.clock.advance(std::time::Duration::from_secs(3600));
        planted(&city, 4).await;
        let layer = trees(&city);
        let now = snapshot::of(&city.app, &layer).await.unwrap().unwrap();
        assert_eq!(now.index.count(&Reach::Everything), 4);
        let then = bases::at(&city.app.db, "trees", before).await.unwrap().unwrap();
        assert_eq!(features::page_at(&city.app.db, then, before, 0, 100).await.unwrap().len(), 10);
    })
    .await;
}

#[tokio::test]
async fn an_import_that_ends_anywhere_leaves_the_layer_as_it_was_or_makes_it_new() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 10).await;
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), 7);
        let mut whole = false;
        for steps in 0..400 {
            let done = dies_after(steps, import(&city, &path)).await.is_some();
            let standing = layers::standing(&city.app.db, "trees").await.unwrap().unwrap();
            let base = standing.base.unwrap();
            let rows = features::page(&city.app.db, base, 0, 100).await.unwrap().len() as i64;
            assert_eq!(rows, standing.features, "after {steps}");
            assert!(rows == 10 || rows == 7, "{rows} after {steps}");
            if done {
                whole = true;
                assert_eq!(rows, 7);
                break;
            }
        }
        assert!(whole, "the import never came to its end");
        // What the broken ones left behind is swept, and nothing else.
        city.clock.advance(std::time::Duration::from_hours(13));
        let left = bases::left_behind(&city.app.db, city.app.now()).await.unwrap();
        assert!(!left.is_empty());
        city.tick().await;
        assert!(bases::left_behind(&city.app.db, city.app.now()).await.unwrap().is_empty());
        let standing = layers::standing(&city.app.db, "trees").await.unwrap().unwrap();
        assert_eq!(features::page(&city.app.db, standing.base.unwrap(), 0, 100).await.unwrap().len(), 7);
    })
    .await;
}

#[tokio::test]
async fn what_was_edited_while_a_file_was_read_is_not_lost() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 4).await;
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), 6);
        let cx = officer(&city, HAI_CHAU.0);
        let layer = trees(&city);
        let mut edited = false;
        let import = Import {
            layer: &layer,
            path: &path,
            file: "trees.geojson",
            file_layer: None,
            crs: None,
            reason: "thử nghiệm",
        };
        // Between its first batch and its end somebody plants a tree.
        let system = city.system();
        let (told, mut waits) = tokio::sync::mpsc::unbounded_channel();
        let importing = import_layer(&system, import, |_| told.send(()).unwrap_or_default());
        let planting = async {
            waits.recv().await;
            let wish = Wish::Create { geometry: at(108.21, 16.05), properties: tree("Me", HAI_CHAU.1) };
            edited = edit(&cx, &layer, None, wish).await.is_ok();
        };
        let (imported, ()) = tokio::join!(importing, planting);
        let standing = layers::standing(&city.app.db, "trees").await.unwrap().unwrap();
        assert!(edited);
        match imported {
            // The edit came after the last commit of the import.
            Ok(_) => assert_eq!(standing.features, 7),
            Err(Rejection::Changed) => assert_eq!(standing.features, 5),
            Err(other) => panic!("{other}"),
        }
    })
    .await;
}
