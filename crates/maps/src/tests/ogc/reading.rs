//! Parts 1 to 3: what is there, page by page, in any system, by any filter, as of any day.

use songhan_testkit::for_each_database_in;

use super::*;

#[tokio::test]
async fn everything_is_found_from_the_landing_page() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 3).await;
        let mut client = city.visitor().english();
        let landing = client.get("/ogc").await.expect(200).json();
        let conformance = client.get(link(&landing, "conformance").unwrap()).await.expect(200).json();
        let classes = conformance["conformsTo"].as_array().unwrap();
        assert!(classes.contains(&json!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")));
        assert!(classes.contains(&json!("http://www.opengis.net/spec/cql2/1.0/conf/cql2-text")));
        let api = client.get(link(&landing, "service-desc").unwrap()).await.expect(200);
        assert_eq!(api.headers["content-type"], "application/vnd.oai.openapi+json;version=3.0");
        assert_eq!(api.json()["servers"][0]["url"], "http://city.test/ogc");
        let collections = client.get(link(&landing, "data").unwrap()).await.expect(200).json();
        let trees = &collections["collections"][0];
        assert_eq!((trees["id"].as_str(), trees["title"].as_str()), (Some("trees"), Some("Trees")));
        let bbox = trees["extent"]["spatial"]["bbox"][0].as_array().unwrap();
        assert!((bbox[0].as_f64().unwrap() - 108.2).abs() < 1e-4, "{bbox:?}");
        assert!(trees["crs"].as_array().unwrap().contains(&json!("http://www.opengis.net/def/crs/EPSG/0/5899")));
        for rel in ["self", "alternate", "items", "http://www.opengis.net/def/rel/ogc/1.0/queryables", "describedBy"] {
            client.get(link(trees, rel).expect(rel)).await.expect(200);
        }
        client.get(link(trees, "items").unwrap()).await.expect(200);
        let own = client.get(link(trees, "self").unwrap()).await.expect(200).json();
        assert_eq!(own["id"], "trees");
        let queryables = client.get("/ogc/collections/trees/queryables").await.expect(200);
        assert_eq!(queryables.headers["content-type"], "application/schema+json");
        assert_eq!(queryables.json()["properties"]["height_m"]["x-ogc-unit"], "m");
        assert!(client.get("/ogc/functions").await.expect(200).text().contains("\"lower\""));
    })
    .await;
}

#[tokio::test]
async fn pages_lead_to_the_end_and_keep_what_was_asked() {
    for_each_database_in(folder(true), modules(), |city| async move {
        let mut client = city.visitor();
        assert_eq!(page(&mut client, "").await["numberMatched"], 0, "before the first import");
        planted(&city, 25).await;
        for (query, matched, all) in [
            ("", 25, 25),
            ("?limit=7", 25, 25),
            ("?limit=25", 25, 25),
            ("?limit=4&bbox=108.20035,16,108.20115,17", 8, 8),
            ("?limit=3&commune=20242", 13, 13),
            ("?limit=5&filter=species%20LIKE%20'B%C3%A0ng%201%25'", 11, 11),
            ("?limit=2&bbox=108.20035,16,108.20115,17&commune=20242", 4, 4),
        ] {
            let (mut seen, mut next) = (Vec::new(), Some(format!("{ITEMS}{query}")));
            while let Some(path) = next {
                let answer = client.get(&path).await.expect(200);
                assert_eq!(answer.headers["content-type"], GEOJSON);
                let document = answer.json();
                if seen.is_empty() {
                    assert_eq!(document["numberMatched"], matched, "{query}");
                }
                seen.extend(ids(&document));
                next = link(&document, "next").map(str::to_owned);
                assert_eq!(
                    next.is_some(),
                    answer.headers.get_all("link").iter().any(|one| one.to_str().unwrap().contains("rel=\"next\""))
                );
            }
            assert_eq!(seen.len(), all, "{query}");
            assert!(seen.is_sorted() && seen.windows(2).all(|two| two[0] != two[1]), "{query}: {seen:?}");
        }
        let first = page(&mut client, "?limit=1").await;
        assert_eq!(first["timeStamp"], "2026-11-20T02:00:00Z");
        assert_eq!(first["features"][0]["geometry"], json!({ "type": "Point", "coordinates": [108.2, 16.06] }));
        assert_eq!(
            first["features"][0]["properties"],
            json!({ "species": "Bàng 0", "height_m": 5.5, "commune": "20242" })
        );
    })
    .await;
}

#[tokio::test]
async fn coordinates_are_spoken_in_the_system_that_is_asked_for() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 5).await;
        let mut client = city.visitor();
        let uri = |code: u32| format!("http://www.opengis.net/def/crs/EPSG/0/{code}");
        let answer = client.get(&format!("{ITEMS}?limit=1&crs={}", uri(4326))).await.expect(200);
        assert_eq!(answer.headers["content-crs"], format!("<{}>", uri(4326)).as_str());
        assert_eq!(answer.json()["features"][0]["geometry"]["coordinates"], json!([16.06, 108.2]));
        let metres = page(&mut client, &format!("?limit=1&crs={}", uri(5899))).await;
        let at = &metres["features"][0]["geometry"]["coordinates"];
        let (x, y) = (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
        assert!((540_000.0..560_000.0).contains(&x) && (1_770_000.0..1_780_000.0).contains(&y), "{at}");
        let around = |by: f64| format!("{},{},{},{}", x - by, y - by, x + by, y + by);
        let bbox = format!("?bbox={}&bbox-crs={}", around(5.0), uri(5899));
        assert_eq!(ids(&page(&mut client, &bbox).await), [1]);
        assert_eq!(
            ids(&page(&mut client, &format!("?bbox=16,108.20025,17,108.3&bbox-crs={}", uri(4326))).await),
            [4, 5]
        );
        let filter = format!("?filter=S_DWITHIN(geometry,POINT({x}%20{y}),1)&filter-crs={}", uri(5899));
        client.get(&format!("{ITEMS}{filter}")).await.expect(400);
        let filter = format!("?filter=S_INTERSECTS(geometry,BBOX({}))&filter-crs={}", around(5.0), uri(5899));
        assert_eq!(ids(&page(&mut client, &filter).await), [1]);
        client.get(&format!("{ITEMS}?crs={}", uri(2000))).await.expect(400);
        let one = client.get(&format!("{ITEMS}/1?crs={}", uri(4326))).await.expect(200);
        assert_eq!(one.json()["geometry"]["coordinates"], json!([16.06, 108.2]));
    })
    .await;
}

#[tokio::test]
async fn filters_are_checked_and_hold_on_what_the_features_are() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 12).await;
        let mut client = city.visitor();
        let filter = json!({ "op": "and", "args": [
            { "op": "=", "args": [{ "property": "commune" }, "20242"] },
            { "op": "s_intersects", "args": [{ "property": "geometry" }, { "bbox": [108.20045, 16, 108.21, 17] }] } ] });
        let query: String = filter.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = page(&mut client, &format!("?filter-lang=cql2-json&filter={query}")).await;
        assert_eq!((ids(&found), found["numberMatched"].clone()), (vec![7, 9, 11], json!(3)));
        assert_eq!(ids(&page(&mut client, "?height_m=5.5&limit=2").await), [1, 2]);
        assert_eq!(ids(&page(&mut client, "?height_m=6").await), Vec::<i64>::new());
        assert_eq!(ids(&page(&mut client, "?filter=height_m%3E100").await), Vec::<i64>::new());
        assert_eq!(ids(&page(&mut client, "?species=B%C3%A0ng%207").await), [8]);
        assert_eq!(ids(&page(&mut client, "?filter=ACCENTI(species)=ACCENTI('bang%207')").await), Vec::<i64>::new());
        assert_eq!(ids(&page(&mut client, "?filter=ACCENTI(CASEI(species))=ACCENTI(CASEI('bang%207'))").await), [8]);
        for (query, told) in [
            ("?filter=colour%3E1", "filter"),
            ("?filter=height_m%20LIKE%20'x'", "filter"),
            ("?filter=", "filter"),
            ("?filter=%7B%7D", "filter-lang=cql2-json"),
            ("?filter=height_m%3E1&filter-lang=sql", "filter-lang"),
            ("?height_m=tall", "height_m"),
            ("?colour=green", "colour"),
        ] {
            let problem = client.get(&format!("{ITEMS}{query}")).await.expect(400).json();
            assert!(problem["detail"].as_str().unwrap().contains(told), "{query}: {problem}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_layer_is_shown_as_of_any_day() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 3).await;
        let hour = std::time::Duration::from_secs(3600);
        city.clock.advance(hour);
        let cx = officer(&city, HAI_CHAU.0);
        edit(&cx, &trees(&city), Some(Of { feature: 1, seen: None }), Wish::Remove).await.unwrap();
        let wish = Wish::Create { geometry: at(108.3, 16.0), properties: tree("Me", HAI_CHAU.1) };
        edit(&cx, &trees(&city), None, wish).await.unwrap();
        city.clock.advance(hour);
        let mut client = city.visitor();
        assert_eq!(ids(&page(&mut client, "").await), [2, 3, 4]);
        for (moment, expected) in [
            ("2026-11-20T09:30:00%2B07:00", vec![1, 2, 3]),
            ("2026-11-20T08:30:00%2B07:00", vec![]),
            ("2026-11-20", vec![2, 3, 4]),
            ("../2026-11-20T02:30:00Z", vec![1, 2, 3]),
            ("2026-11-20T02:30:00Z/..", vec![2, 3, 4]),
            ("2026-11-20T02:30:00Z&bbox=108.20005,16,109,17", vec![2, 3]),
            ("2026-11-20T02:30:00Z&commune=20242", vec![1, 3]),
        ] {
            let found = page(&mut client, &format!("?datetime={moment}")).await;
            assert_eq!(ids(&found), expected, "{moment}");
            assert_eq!(found["numberMatched"], expected.len(), "{moment}");
        }
        client.get(&format!("{ITEMS}/1")).await.expect(404);
        let was = client.get(&format!("{ITEMS}/1?datetime=2026-11-20T02:30:00Z")).await.expect(200).json();
        assert_eq!(was["properties"]["species"], "Bàng 0");
        client.get(&format!("{ITEMS}/4?datetime=2026-11-20T02:30:00Z")).await.expect(404);
        client.get(&format!("{ITEMS}?datetime=today")).await.expect(400);
    })
    .await;
}

#[tokio::test]
async fn people_get_tables_that_lead_on() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 12).await;
        let mut browser = city.visitor().with("accept", "text/html,*/*;q=0.8");
        for path in [
            "/ogc",
            "/ogc/conformance",
            "/ogc/functions",
            "/ogc/collections",
            "/ogc/collections/trees",
            "/ogc/collections/trees/queryables",
            "/ogc/collections/trees/items/3",
        ] {
            let answer = browser.get(path).await.expect(200);
            assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
        }
        let first = browser.get(ITEMS).await.expect(200).text();
        assert!(first.contains("<table") && first.contains("Bàng 9") && !first.contains("Bàng 10"), "{first}");
        let next = first.split("href=\"").find(|part| part.contains("after=10")).expect("a next page");
        let next = next.split('"').next().unwrap().replace("&#x2f;", "/").replace("&amp;", "&");
        let second = browser.get(&next).await.expect(200).text();
        assert!(second.contains("Bàng 11") && !second.contains("Bàng 9"));
        let english = city.visitor().english().get(&format!("{ITEMS}?f=html")).await.expect(200).text();
        assert!(english.contains("12 features"), "{english}");
        assert!(browser.get(&format!("{ITEMS}?limit=0")).await.expect(400).text().contains("<html"));
    })
    .await;
}

#[tokio::test]
async fn who_names_no_program_and_asks_for_ten_is_led_on_in_larger_pages() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 250).await;
        let (mut sizes, mut seen) = (Vec::new(), Vec::new());
        let (mut named, mut nameless) = (city.visitor().with("user-agent", "OWSLib 0.31"), city.visitor());
        let mut next = Some(format!("{ITEMS}?limit=10"));
        while let Some(path) = next {
            let answer = nameless.get(&path).await.expect(200);
            assert!(answer.headers.get_all("vary").iter().any(|one| one == "user-agent"));
            let document = answer.json();
            sizes.push(ids(&document).len());
            seen.extend(ids(&document));
            next = link(&document, "next").map(str::to_owned);
        }
        assert_eq!(sizes, [10, 100, 140]);
        assert_eq!(seen, (1..=250).collect::<Vec<i64>>());
        let first = named.get(&format!("{ITEMS}?limit=10")).await.expect(200).json();
        let second = named.get(link(&first, "next").unwrap()).await.expect(200).json();
        assert_eq!(ids(&second).len(), 10, "whoever names itself gets pages as long as it asked for");
    })
    .await;
}
