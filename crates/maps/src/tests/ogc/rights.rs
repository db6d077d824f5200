//! A protected layer by every path of `/ogc`: nothing is learned of what one may not read, nothing changed that is not
//! one's own.

use songhan_testkit::for_each_database_in;

use super::*;

#[tokio::test]
async fn a_protected_layer_is_not_there_for_others() {
    for_each_database_in(folder(false), modules(), |city| async move {
        planted(&city, 10).await;
        let resident = city.client(&city.resident("Trần Thị Lan"));
        for mut stranger in [city.visitor(), resident] {
            assert_eq!(stranger.get("/ogc/collections").await.expect(200).json()["collections"], json!([]));
            for path in [
                "",
                "/items",
                "/items/1",
                "/queryables",
                "/schema",
                "/items?f=html",
                "/items?datetime=2026-11-19",
                "/items?filter=x",
            ] {
                stranger.get(&format!("/ogc/collections/trees{path}")).await.expect(404);
            }
            stranger.get("/api/v1/layers/trees/features/1/history").await.expect(404);
            stranger
                .send(Method::POST, "/api/v1/layers/trees/features/1/actions/undo", None, Vec::new())
                .await
                .expect(404);
            put(&mut stranger, Method::POST, ITEMS, None, &planted_tree("Me", HAI_CHAU.1, [108.2, 16.0]))
                .await
                .expect(404);
            stranger.delete(&format!("{ITEMS}/1")).await.expect(404);
        }
    })
    .await;
}

#[tokio::test]
async fn an_officer_meets_what_lies_in_their_ward_alone() {
    for_each_database_in(folder(false), modules(), |city| async move {
        planted(&city, 10).await;
        let (mut ours, mut all) =
            (officer_of(&city, HAI_CHAU.0), city.client(&city.person("Phan Đức Long", &[(Role::Officer, None)])));
        for query in [
            "",
            "?limit=3",
            "?bbox=108,16,109,17",
            "?filter=height_m%3E1",
            "?datetime=2026-11-20T09:30:00%2B07:00",
            "?limit=2&commune=20242",
        ] {
            let (mut seen, mut next) = (Vec::new(), Some(format!("{ITEMS}{query}")));
            while let Some(path) = next {
                let document = ours.get(&path).await.expect(200).json();
                if let Some(matched) = document.get("numberMatched") {
                    assert_eq!(matched, 5, "{query}");
                }
                seen.extend(ids(&document));
                next = link(&document, "next").map(str::to_owned);
            }
            assert_eq!(seen, [1, 3, 5, 7, 9], "{query}");
        }
        assert_eq!(page(&mut all, "").await["numberMatched"], 10);
        assert_eq!(page(&mut ours, "?commune=20257").await["numberMatched"], 0);
        assert!(ours.get("/ogc/collections/trees").await.expect(200).json().get("extent").is_none());
        assert!(!ours.get(&format!("{ITEMS}?f=html")).await.expect(200).text().contains("Bàng 1"));
        ours.get(&format!("{ITEMS}/1")).await.expect(200);
        ours.get(&format!("{ITEMS}/2")).await.expect(404);
        ours.get(&format!("{ITEMS}/2?datetime=2026-11-20T09:30:00%2B07:00")).await.expect(404);
        ours.get("/api/v1/layers/trees/features/2/history").await.expect(404);
        ours.delete(&format!("{ITEMS}/2")).await.expect(404);
        ours.send(Method::POST, "/api/v1/layers/trees/features/2/actions/undo", None, Vec::new()).await.expect(404);
        let theirs = planted_tree("Me", HOA_CUONG.1, [108.2, 16.0]);
        put(&mut ours, Method::POST, ITEMS, None, &theirs).await.expect(403);
        put(&mut ours, Method::PUT, &format!("{ITEMS}/1"), None, &theirs).await.expect(403);
        put(
            &mut ours,
            Method::PATCH,
            &format!("{ITEMS}/1"),
            None,
            &json!({ "properties": { "commune": HOA_CUONG.1 } }),
        )
        .await
        .expect(403);
        assert_eq!(page(&mut all, "").await["numberMatched"], 10);
    })
    .await;
}

#[tokio::test]
async fn an_open_layer_is_changed_by_its_officers_alone() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 2).await;
        let (mut visitor, mut resident) = (city.visitor(), city.client(&city.resident("Trần Thị Lan")));
        let tree = planted_tree("Me", HAI_CHAU.1, [108.2, 16.0]);
        for (client, status) in [(&mut visitor, 401), (&mut resident, 403)] {
            put(client, Method::POST, ITEMS, None, &tree).await.expect(status);
            put(client, Method::PUT, &format!("{ITEMS}/1"), None, &tree).await.expect(status);
            put(client, Method::PATCH, &format!("{ITEMS}/1"), None, &tree).await.expect(status);
            client.delete(&format!("{ITEMS}/1")).await.expect(status);
            client
                .send(Method::POST, "/api/v1/layers/trees/features/1/actions/undo", None, Vec::new())
                .await
                .expect(status);
        }
        assert_eq!(page(&mut visitor, "").await["numberMatched"], 2);
    })
    .await;
}
