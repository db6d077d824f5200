//! Tiles: an edit is in the next one, and nobody finds in them what they may not read.

use songhan_geo::tile::decode;
use songhan_testkit::{Client, for_each_database_in};

use super::*;

/// The tile of zoom 12 over the trees.
const TILE: &str = "/tiles/trees/12/3279/1862";

async fn count(client: &mut Client) -> usize {
    let answer = client.get(TILE).await;
    if answer.status.as_u16() == 204 {
        return 0;
    }
    decode(&answer.expect(200).body).unwrap().iter().map(|layer| layer.features.len()).sum()
}

#[tokio::test]
async fn an_edit_is_in_the_next_tile() {
    for_each_database_in(folder(true), modules(), |city| async move {
        let mut visitor = city.visitor();
        assert_eq!(count(&mut visitor).await, 0);
        planted(&city, 10).await;
        assert_eq!(count(&mut visitor).await, 10);
        let first = visitor.get(TILE).await.headers["etag"].clone();
        let cx = officer(&city, HAI_CHAU.0);
        let wish = Wish::Create { geometry: at(108.205, 16.055), properties: tree("Me", HAI_CHAU.1) };
        edit(&cx, &trees(&city), None, wish).await.unwrap();
        assert_eq!(count(&mut visitor).await, 11);
        assert_ne!(visitor.get(TILE).await.headers["etag"], first);
    })
    .await;
}

#[tokio::test]
async fn a_protected_tile_holds_what_its_reader_reaches() {
    for_each_database_in(folder(false), modules(), |city| async move {
        planted(&city, 10).await;
        let person = |unit| city.person("Lê Văn Bình", &[(Role::Officer, unit)]);
        let mut ours = city.client(&person(Some(HAI_CHAU.0)));
        let mut all = city.client(&person(None));
        assert_eq!((count(&mut ours).await, count(&mut all).await), (5, 10));
        city.visitor().get(TILE).await.expect(404);
        city.visitor().get("/tiles/trees").await.expect(404);
        assert!(ours.get("/tiles/trees").await.expect(200).json().get("bounds").is_none());
    })
    .await;
}

#[tokio::test]
async fn addresses_that_do_not_exist_are_told_so() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 1).await;
        let mut visitor = city.visitor().with("accept", "application/json");
        for path in
            ["trees/17/0/0", "trees/3/8/0", "trees/3/0/8", "trees/-1/0/0", "trees/a/b/c", "trees/3/0/99999999999999"]
        {
            let problem = visitor.get(&format!("/tiles/{path}")).await.expect(404).json();
            assert_eq!(problem["code"], "tile_unknown", "{path}");
        }
        visitor.get("/tiles/bushes/3/0/0").await.expect(404);
        visitor.get("/tiles/trees,trees/12/3279/1862.mvt").await.expect(200);
    })
    .await;
}
