//! Part 4: made, replaced, updated and removed by whoever saw the last version; undone, and all of it told.

use songhan_testkit::for_each_database_in;

use super::*;

#[tokio::test]
async fn a_feature_lives_by_the_api_alone() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 2).await;
        let mut officer = officer_of(&city, HAI_CHAU.0);
        let made = put(
            &mut officer,
            Method::POST,
            &format!("{ITEMS}?reason=tr%E1%BB%93ng%20m%E1%BB%9Bi"),
            None,
            &planted_tree("Me", HAI_CHAU.1, [108.21, 16.05]),
        )
        .await
        .expect(201);
        assert_eq!(made.location(), format!("http://city.test{ITEMS}/3"));
        assert_eq!(made.json()["properties"]["species"], "Me");
        let path = format!("{ITEMS}/3");
        let shown = officer.get(&path).await.expect(200);
        let etag = shown.headers["etag"].to_str().unwrap().to_owned();
        assert_eq!(etag, made.headers["etag"].to_str().unwrap());
        officer.clone().with("if-none-match", &etag).get(&path).await.expect(304);
        assert_eq!(ids(&page(&mut city.visitor(), "?bbox=108.209,16,108.211,17").await), [3], "in the index at once");

        let taller = json!({ "properties": { "height_m": 9 } });
        let updated = put(&mut officer, Method::PATCH, &path, Some(&etag), &taller).await.expect(200);
        assert_eq!(updated.json()["properties"], json!({ "species": "Me", "height_m": 9, "commune": "20242" }));
        assert_eq!(updated.json()["geometry"]["coordinates"], json!([108.21, 16.05]));
        let problem = put(&mut officer, Method::PATCH, &path, Some(&etag), &taller).await.expect(412).json();
        assert_eq!(problem["code"], "feature_changed");
        put(&mut officer, Method::DELETE, &path, Some(&etag), &json!(null)).await.expect(412);
        put(&mut officer, Method::PUT, &path, Some("\"99.2\""), &taller).await.expect(422);
        let whole = planted_tree("Bàng", HAI_CHAU.1, [108.22, 16.06]);
        put(&mut officer, Method::PUT, &path, Some("\"99.2\""), &whole).await.expect(412);
        let etag = updated.headers["etag"].to_str().unwrap().to_owned();
        let replaced = put(&mut officer, Method::PUT, &path, Some(&etag), &whole).await.expect(200);
        assert_eq!(replaced.json()["geometry"]["coordinates"], json!([108.22, 16.06]));
        let none = json!({ "geometry": null, "properties": { "height_m": null } });
        let placeless = put(&mut officer, Method::PATCH, &path, None, &none).await.expect(200).json();
        assert_eq!(
            (&placeless["geometry"], &placeless["properties"]),
            (&json!(null), &json!({ "species": "Bàng", "commune": "20242" }))
        );
        let everywhere = "?bbox=0,0,1,1";
        assert_eq!(ids(&page(&mut officer, everywhere).await), [3], "what has no place is met by every bbox");
        let long_ago = format!("{everywhere}&datetime=2001-01-01");
        assert_eq!(ids(&page(&mut officer, &long_ago).await), Vec::<i64>::new());
        let placed = format!("{everywhere}&filter=S_INTERSECTS(geometry,BBOX(0,0,1,1))");
        assert_eq!(ids(&page(&mut officer, &placed).await), Vec::<i64>::new());
        officer.delete(&path).await.expect(204);
        officer.get(&path).await.expect(404);
        officer.delete(&path).await.expect(404);
        assert_eq!(page(&mut officer, "").await["numberMatched"], 2);

        let undo = "/api/v1/layers/trees/features/3/actions/undo";
        let undone = officer.send(Method::POST, undo, None, Vec::new()).await.expect(200).json();
        assert_eq!(undone, json!({ "feature": 3, "version": 6, "change": "undone" }));
        officer.get(&path).await.expect(200);
        let history = officer.get("/api/v1/layers/trees/features/3/history").await.expect(200).json();
        let changes: Vec<&str> =
            history["items"].as_array().unwrap().iter().map(|one| one["change"].as_str().unwrap()).collect();
        assert_eq!(changes, ["undone", "removed", "updated", "replaced", "updated", "created"]);
        assert_eq!(
            (&history["items"][5]["by"], &history["items"][5]["reason"]),
            (&json!("Lê Văn Bình"), &json!("trồng mới"))
        );
        assert_eq!(history["items"][4]["reason"], "OGC API");
        let open = city.visitor().get("/api/v1/layers/trees/features/3/history").await.expect(200).json();
        assert!(open["items"].as_array().unwrap().iter().all(|one| one["by"].is_null()));
        officer.send(Method::POST, "/api/v1/layers/trees/features/1/actions/undo", None, Vec::new()).await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn coordinates_are_taken_in_the_system_that_is_named() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 1).await;
        let officer = officer_of(&city, HAI_CHAU.0);
        for (crs, at) in [("EPSG/0/5899", [550175.0803, 1777138.3210]), ("EPSG/0/4326", [16.0678, 108.2208])] {
            let mut client = officer.clone().with("content-crs", &format!("<http://www.opengis.net/def/crs/{crs}>"));
            let made =
                put(&mut client, Method::POST, ITEMS, None, &planted_tree("Me", HAI_CHAU.1, at)).await.expect(201);
            assert_eq!(made.json()["geometry"]["coordinates"], json!([108.2208, 16.0678]), "{crs}");
        }
        let mut lost = officer.clone().with("content-crs", "<http://www.opengis.net/def/crs/EPSG/0/5899>");
        let problem = put(&mut lost, Method::POST, ITEMS, None, &planted_tree("Me", HAI_CHAU.1, [1e9, 16.0])).await;
        assert_eq!(problem.expect(422).json()["errors"][0]["field"], "geometry");
    })
    .await;
}

#[tokio::test]
async fn a_repeat_under_its_key_makes_nothing_more() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 1).await;
        let mut officer = officer_of(&city, HAI_CHAU.0).with("idempotency-key", "trong-1");
        let tree = planted_tree("Me", HAI_CHAU.1, [108.2, 16.0]);
        let first = put(&mut officer, Method::POST, ITEMS, None, &tree).await.expect(201).json();
        let again = put(&mut officer, Method::POST, ITEMS, None, &tree).await.expect(201).json();
        assert_eq!(first, again);
        assert_eq!(page(&mut officer, "").await["numberMatched"], 2);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_field_by_field() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 1).await;
        let mut officer = officer_of(&city, HAI_CHAU.0);
        let mut wrong = planted_tree("Me", HAI_CHAU.1, [108.2, 16.0]);
        wrong["properties"]["height_m"] = json!("cao");
        let problem = put(&mut officer, Method::POST, ITEMS, None, &wrong).await.expect(422).json();
        assert_eq!(problem["errors"][0]["field"], "properties.height_m");
        wrong["geometry"] = json!({ "type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [0, 0]]] });
        wrong["properties"]["height_m"] = json!(3);
        put(&mut officer, Method::POST, ITEMS, None, &wrong).await.expect(422);
        put(&mut officer, Method::POST, &format!("{ITEMS}?colour=1"), None, &wrong).await.expect(400);
        officer.send(Method::POST, ITEMS, Some("text/csv"), b"a,b".to_vec()).await.expect(415);
        officer.send(Method::POST, ITEMS, Some(GEOJSON), vec![b' '; 3 << 20]).await.expect(413);
        officer.send(Method::POST, ITEMS, Some(GEOJSON), b"{".to_vec()).await.expect(400);
        put(&mut officer, Method::PUT, &format!("{ITEMS}/99"), None, &planted_tree("Me", HAI_CHAU.1, [108.2, 16.0]))
            .await
            .expect(404);
        // RFC 9110 13.2.1: a precondition is ignored where the answer without it is no 2xx; part 4 makes that a 404.
        for tag in ["\"1.1\"", "*", "W/\"1.1\""] {
            let tree = planted_tree("Me", HAI_CHAU.1, [108.2, 16.0]);
            for method in [Method::PUT, Method::PATCH, Method::DELETE] {
                put(&mut officer, method, &format!("{ITEMS}/99"), Some(tag), &tree).await.expect(404);
            }
        }
        assert_eq!(page(&mut officer, "").await["numberMatched"], 1);
    })
    .await;
}

#[tokio::test]
async fn options_offer_what_somebody_may_do() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 10).await;
        let (mut officer, mut visitor) = (officer_of(&city, HAI_CHAU.0), city.visitor());
        let commune = |number: i64| format!("{ITEMS}/{number}");
        let own = ids(&page(&mut officer, &format!("?commune={}", HAI_CHAU.1)).await)[0];
        let other = ids(&page(&mut officer, &format!("?filter=commune%3C%3E%27{}%27", HAI_CHAU.1)).await)[0];
        let (reading, making) = ("GET, HEAD, OPTIONS", "GET, HEAD, POST, OPTIONS");
        let changing = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";
        for (path, to_officer) in [(ITEMS.to_owned(), making), (commune(own), changing), (commune(other), reading)] {
            let told = officer.send(Method::OPTIONS, &path, None, Vec::new()).await.expect(200);
            assert_eq!(told.headers["allow"], to_officer, "{path}");
            let told = visitor.send(Method::OPTIONS, &path, None, Vec::new()).await.expect(200);
            assert_eq!(told.headers["allow"], reading, "{path}");
        }
        for path in ["/ogc/collections/nothing/items", &commune(99)] {
            officer.send(Method::OPTIONS, path, None, Vec::new()).await.expect(404);
        }
        assert_eq!(visitor.get("/ogc/").await.expect(200).json()["links"], visitor.get("/ogc").await.json()["links"]);
    })
    .await;
}
