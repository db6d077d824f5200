//! Styles: what stands on every map, what is in them for whom, and that they say what tiles hold.

use songhan_geo::tile::{TileMatrixSet, decode};
use songhan_testkit::{Client, for_each_database, for_each_database_in};

use super::*;

const ZOOM_MAX: u8 = 16;

/// A point that must carry its name on every map.
struct Name {
    vi: &'static str,
    en: &'static str,
    at: [f64; 2],
}

const NAMES: [Name; 3] = [
    Name { vi: "Quần đảo Hoàng Sa (Việt Nam)", en: "Hoàng Sa Archipelago (Viet Nam)", at: [112.0, 16.5] },
    Name { vi: "Quần đảo Trường Sa (Việt Nam)", en: "Trường Sa Archipelago (Viet Nam)", at: [113.0, 9.5] },
    Name { vi: "Biển Đông", en: "East Sea", at: [112.5, 13.5] },
];

/// What an expression of our styles comes to for a feature at a zoom.
fn value(expression: &Value, zoom: u8, feature: &Map<String, Value>) -> Value {
    let Some([Value::String(operator), of @ ..]) = expression.as_array().map(Vec::as_slice) else {
        return expression.clone();
    };
    let part = |at: usize| value(&of[at], zoom, feature);
    match operator.as_str() {
        "get" => feature.get(of[0].as_str().unwrap()).cloned().unwrap_or_default(),
        "zoom" => json!(zoom),
        "literal" => of[0].clone(),
        "all" => json!((0..of.len()).all(|at| part(at) == json!(true))),
        "!" => json!(part(0) != json!(true)),
        "in" => json!(part(1).as_array().unwrap().contains(&part(0))),
        "<=" => json!(part(0).as_f64().unwrap() <= part(1).as_f64().unwrap()),
        "number" => {
            if part(0).is_number() {
                part(0)
            } else {
                part(1)
            }
        }
        "to-string" => json!(part(0).as_str().unwrap_or_default()),
        "coalesce" => (0..of.len()).map(part).find(|found| !found.is_null()).unwrap_or_default(),
        "step" => {
            let steps = of[2..].chunks(2).filter(|step| f64::from(zoom) >= step[0].as_f64().unwrap());
            value(steps.max_by_key(|step| step[0].as_u64()).map_or(&of[1], |step| &step[1]), zoom, feature)
        }
        "match" => {
            let found = of[1..of.len() - 1].chunks(2).find(|case| case[0] == part(0));
            value(found.map_or(&of[of.len() - 1], |case| &case[1]), zoom, feature)
        }
        other => panic!("{other} is not known to this test"),
    }
}

/// The attributes of the layer's features that lie in the tile around a place.
async fn features(client: &mut Client, address: &str, layer: &str, at: [f64; 2], zoom: u8) -> Vec<Map<String, Value>> {
    let (x, y) = TileMatrixSet::web_mercator().tile_at(at[0], at[1], zoom).unwrap();
    let address = address.strip_prefix("http://city.test").expect("this server's tiles");
    let path = address.replace("{z}", &zoom.to_string()).replace("{x}", &x.to_string()).replace("{y}", &y.to_string());
    let tile = client.get(&path).await.expect(200);
    let layers = decode(&tile.body).unwrap();
    let own = layers.iter().find(|one| one.name == layer).expect("the layer in its tile");
    let attributes = |feature| {
        own.attributes(feature)
            .map(|(name, value)| {
                let value = match value {
                    songhan_geo::tile::Value::Text(text) => json!(text),
                    songhan_geo::tile::Value::Int(number) => json!(number),
                    songhan_geo::tile::Value::Bool(truth) => json!(truth),
                    _ => Value::Null,
                };
                (name.to_owned(), value)
            })
            .collect()
    };
    own.features.iter().map(attributes).collect()
}

/// Whether a style layer writes this name, in the tile around its place, at this zoom, whatever else lies there.
async fn stands(client: &mut Client, style: &Value, layer: &Value, name: &str, at: [f64; 2], zoom: u8) -> bool {
    let layout = &layer["layout"];
    let shown = layer["type"] == "symbol"
        && layout["visibility"] != "none"
        && layout["text-allow-overlap"] == true
        && layout["text-ignore-placement"] == true
        && layer["minzoom"].as_u64().unwrap_or(0) <= u64::from(zoom)
        && layer["maxzoom"].as_u64().unwrap_or(24) > u64::from(zoom);
    if !shown {
        return false;
    }
    let source = &style["sources"][layer["source"].as_str().unwrap()];
    let (first, last) = (source["minzoom"].as_u64().unwrap(), source["maxzoom"].as_u64().unwrap());
    assert!(first <= u64::from(zoom) && u64::from(zoom) <= last, "the source has no tiles of zoom {zoom}");
    let tiles = source["tiles"][0].as_str().unwrap();
    let found = features(client, tiles, layer["source-layer"].as_str().unwrap(), at, zoom).await;
    found.iter().any(|feature| {
        layer.get("filter").is_none_or(|filter| value(filter, zoom, feature) == json!(true))
            && value(&layout["text-field"], zoom, feature) == json!(name)
    })
}

#[tokio::test]
async fn the_archipelagos_and_the_sea_are_named_in_every_style_at_every_zoom() {
    for_each_database(modules(), |city| async move {
        crate::fill_from_folder(&city.system()).await.unwrap();
        let mut visitor = city.visitor();
        for theme in ["day", "dark"] {
            for query in
                ["", "?layers=", "?layers=places,communes", "?lang=en", "?at=2020-01-01", "?layers=trees&at=2020-01-01"]
            {
                let style = visitor.get(&format!("/styles/{theme}.json{query}")).await.expect(200).json();
                let layers = style["layers"].as_array().unwrap();
                for (zoom, name) in (0..=ZOOM_MAX).flat_map(|zoom| NAMES.iter().map(move |name| (zoom, name))) {
                    let said = if query.contains("lang=en") { name.en } else { name.vi };
                    let mut found = None;
                    for (at, layer) in layers.iter().enumerate() {
                        if stands(&mut visitor, &style, layer, said, name.at, zoom).await {
                            found = Some(at);
                        }
                    }
                    let at = found.unwrap_or_else(|| panic!("{said} does not stand in {theme}{query} at zoom {zoom}"));
                    let above = &layers[at + 1..];
                    let own = &layers[at]["source"];
                    assert!(above.iter().all(|layer| layer["source"] == *own), "something lies above {said}");
                }
            }
        }
    })
    .await;
}

fn ids(style: &Value) -> Vec<&str> {
    style["layers"].as_array().unwrap().iter().map(|layer| layer["id"].as_str().unwrap()).collect()
}

fn shown<'a>(style: &'a Value, code: &str) -> Vec<&'a Value> {
    let layers = style["layers"].as_array().unwrap().iter();
    layers.filter(|layer| layer["metadata"]["layer"] == code).map(|layer| &layer["layout"]["visibility"]).collect()
}

#[tokio::test]
async fn a_style_holds_what_its_reader_may_read_from_the_ground_up() {
    for_each_database(modules(), |city| async move {
        crate::fill_from_folder(&city.system()).await.unwrap();
        let style = city.visitor().get("/styles/day.json").await.expect(200).json();
        assert_eq!((&style["version"], &style["sprite"]), (&json!(8), &json!("http://city.test/sprites/map")));
        let all = ids(&style);
        let place = |id: &str| all.iter().position(|one| *one == id).unwrap_or_else(|| panic!("no {id} in {all:?}"));
        let order = [
            "ground",
            "land-city-outline",
            "buildings",
            "buildings-line",
            "roads-casing",
            "roads",
            "trees",
            "trees-icon",
            "places-label",
            "communes-label",
            "sovereignty",
            "sovereignty-label-always",
        ];
        assert!(order.windows(2).all(|two| place(two[0]) < place(two[1])), "{all:?}");
        assert!(!all.iter().any(|id| id.starts_with("parcels") || id.starts_with("water-supply")), "protected ones");
        let names: std::collections::HashSet<&&str> = all.iter().collect();
        assert_eq!(names.len(), all.len(), "an id stands twice");
        for layer in style["layers"].as_array().unwrap().iter().filter(|layer| layer["id"] != "ground") {
            let source = &style["sources"][layer["source"].as_str().unwrap()];
            assert!(source["attribution"].as_str().is_some_and(|whose| !whose.is_empty()), "{layer}");
        }
        let places = style["sources"]["places"]["attribution"].as_str().unwrap();
        assert!(places.contains("OpenStreetMap") && places.ends_with("(ODbL-1.0)"), "{places}");
        assert!(shown(&style, "communes").iter().all(|one| **one == "visible"));
        assert!(shown(&style, "trees").iter().all(|one| **one == "none"));
        let two = city.visitor().get("/styles/dark.json?layers=trees").await.expect(200).json();
        assert!(shown(&two, "trees").iter().all(|one| **one == "visible") && shown(&two, "communes").is_empty());
        assert!(!shown(&two, "sovereignty").is_empty() && ids(&two).contains(&"land-city-outline"));
        let officer = city.person("Lê Văn Bình", &[(Role::Officer, Some(HAI_CHAU.0))]);
        let theirs = city.client(&officer).get("/styles/day.json").await.expect(200).json();
        assert!(ids(&theirs).contains(&"parcels-line"));
        let past = city.visitor().get("/styles/day.json?at=2020-01-01").await.expect(200).json();
        assert!(past["sources"]["trees"]["tiles"][0].as_str().unwrap().ends_with("?at=2020-01-01"));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_styled_is_told_to_programs_as_they_read_it() {
    for_each_database_in(folder(false), modules(), |city| async move {
        let mut visitor = city.visitor().with("accept", "*/*");
        for (path, status) in [
            ("/styles/night.json", 404),
            ("/styles/day.json?layers=bushes", 404),
            ("/styles/day.json?layers=trees", 404),
            ("/styles/day.json?at=yesterday", 400),
            ("/styles/day.json?at=2026-1-1", 400),
            ("/styles/day.json?colour=red", 400),
            ("/sprites/map@3x.png", 404),
            ("/tiles/trees/3/0/0", 404),
            ("/tiles/bushes", 404),
            ("/ogc/tileMatrixSets/Square", 404),
            ("/ogc/collections/trees/tiles", 404),
        ] {
            let refused = visitor.get(path).await.expect(status);
            assert_eq!(refused.headers["content-type"], "application/problem+json", "{path}");
        }
        let page = city.visitor().with("accept", "text/html").get("/tiles/bushes").await.expect(404);
        assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    })
    .await;
}

#[tokio::test]
async fn styles_and_sprites_are_kept_under_their_names() {
    for_each_database_in(folder(true), modules(), |city| async move {
        for path in ["/styles/day.json", "/sprites/map.json", "/sprites/map@2x.png"] {
            let first = city.visitor().get(path).await.expect(200);
            let etag = first.headers["etag"].to_str().unwrap().to_owned();
            city.visitor().with("if-none-match", &etag).get(path).await.expect(304);
            city.visitor().with("if-none-match", "\"other\"").get(path).await.expect(200);
        }
        assert_eq!(city.visitor().get("/sprites/map.png").await.expect(200).headers["content-type"], "image/png");
    })
    .await;
}
