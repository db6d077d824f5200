//! Places found by what people type, on both databases.

use songhan_testkit::{Client, for_each_database, for_each_database_in};

use super::*;

/// The layers of Da Nang with what they are filled with.
async fn danang(city: &TestCity) -> Client {
    crate::fill_from_folder(&city.system()).await.unwrap();
    city.visitor()
}

async fn search(client: &mut Client, query: &str) -> Vec<Value> {
    let answer = client.get(&format!("/api/v1/places?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()["places"].as_array().unwrap().clone()
}

async fn first(client: &mut Client, text: &str) -> Value {
    let q = percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
    search(client, &format!("q={q}")).await.into_iter().next().unwrap_or_else(|| panic!("{text} was not found"))
}

#[tokio::test]
async fn a_place_is_found_in_every_way_people_name_it() {
    for_each_database(modules(), |city| async move {
        let mut client = danang(&city).await;
        for text in ["Phường Hải Châu", "phuong hai chau", "P. Hải Châu", "hai chau ward", "hải châ"] {
            let found = first(&mut client, text).await;
            assert_eq!(found["name"], "Phường Hải Châu", "{text}");
            assert_eq!((&found["layer"], &found["precision"]), (&json!("communes"), &json!("exact")));
        }
        let former = first(&mut client, "phường Thạch Thang").await;
        assert_eq!(former["name"], "Phường Thạch Thang");
        assert_eq!(former["note"], "đến ngày 30/06/2025, nay thuộc Phường Hải Châu");
        assert_eq!(first(&mut client, "quan thanh khe").await["layer"], "districts-2024");
        assert_eq!(first(&mut client, "hoang sa").await["precision"], "exact");
        let road = first(&mut client, "duong mo phong 1").await;
        assert_eq!((&road["layer"], &road["simulated"]), (&json!("roads"), &json!(true)));
        let number = first(&mut client, "K34/12 Đường mô phỏng 1").await;
        assert_eq!((&number["layer"], &number["precision"]), (&json!("roads"), &json!("street")), "{number}");
        let typo = first(&mut client, "sieuu thi").await;
        assert!(typo["kind"] == "Siêu thị" || typo["name"].as_str().unwrap().contains("iêu thị"), "{typo}");
    })
    .await;
}

#[tokio::test]
async fn an_address_is_found_by_its_number_and_else_by_its_street() {
    for_each_database(modules(), |city| async move {
        let mut client = danang(&city).await;
        for address in ["179 Hải Phòng", "số 81 nguyen xuan nhi", "98 Đường Nguyễn Thái Học"] {
            let found = first(&mut client, address).await;
            assert_eq!(found["precision"], "exact", "{address}: {found}");
            let number = address.split(' ').find(|word| word.parse::<u32>().is_ok()).unwrap();
            assert!(found["address"].as_str().unwrap().starts_with(number), "{address}: {found}");
        }
    })
    .await;
}

#[tokio::test]
async fn coordinates_are_a_place_too_and_a_place_has_surroundings() {
    for_each_database(modules(), |city| async move {
        let mut client = danang(&city).await;
        for text in ["16.0678, 108.2208", "550175.08 1777138.32", "16°04'04.08\"B 108°13'14.88\"Đ"] {
            let found = first(&mut client, text).await;
            assert_eq!(found["areas"], json!(["Phường Hải Châu"]), "{text}");
            assert!((found["lon"].as_f64().unwrap() - 108.2208).abs() < 1e-5, "{text}");
        }
        let there = client.get("/api/v1/places/at?lon=108.2185&lat=16.0684").await.json();
        assert_eq!(there["areas"], json!(["Phường Hải Châu"]));
        assert_eq!(there["former_areas"], json!(["Quận Hải Châu"]));
        assert_eq!(there["places"][0]["layer"], "roads", "{there}");
        let far: Vec<f64> =
            there["places"].as_array().unwrap().iter().map(|place| place["distance_m"].as_f64().unwrap()).collect();
        assert!(far.is_sorted() && far.iter().all(|far| *far <= 250.0), "{far:?}");
        let sea = client.get("/api/v1/places/at?lon=110&lat=14").await.json();
        assert_eq!((&sea["places"], &sea["areas"]), (&json!([]), &json!([])));
        let near = search(&mut client, "q=coff&near=108.25,16.05&limit=3").await;
        let away = search(&mut client, "q=coff&near=108.15,16.08&limit=3").await;
        assert_ne!(near[0]["feature"], away[0]["feature"], "what is near stands first");
    })
    .await;
}

#[tokio::test]
async fn a_protected_feature_is_found_by_those_who_read_it_alone() {
    let searched = TREES.replace(
        "[[attribute]]\nname = \"species\"",
        "[search]\nnames = [\"species\"]\n[[attribute]]\nname = \"species\"",
    );
    let folder = folder(false).with("layers/trees.toml", &searched);
    for_each_database_in(folder, modules(), |city| async move {
        planted(&city, 10).await;
        let visitor = search(&mut city.visitor(), "q=bang&limit=50").await;
        assert_eq!(visitor, Vec::<Value>::new());
        let own = city.person("Lê Văn Bình", &[(Role::Officer, Some(HAI_CHAU.0))]);
        let mut signed_in = city.client(&own);
        let found = search(&mut signed_in, "q=bang&limit=50").await;
        assert_eq!(found.len(), 5);
        assert!(found.iter().all(|place| place["feature"].as_i64().unwrap() % 2 == 1), "those of the own ward");
        let there = signed_in.get("/api/v1/places/at?lon=108.2&lat=16.06&limit=50").await.json();
        assert!(there["places"].as_array().unwrap().iter().all(|place| place["feature"].as_i64().unwrap() % 2 == 1));
        // What was planted just now is found a little later, what has moved to another ward is not shown at once.
        let cx = officer(&city, HOA_CUONG.0);
        let wish = Wish::Create { geometry: at(108.2, 16.06), properties: tree("Sao đen", HOA_CUONG.1) };
        edit(&cx, &trees(&city), None, wish).await.unwrap();
        city.clock.advance(std::time::Duration::from_secs(11));
        assert_eq!(search(&mut signed_in, "q=sao%20den").await, Vec::<Value>::new());
        let other = city.person("Trần An", &[(Role::Officer, Some(HOA_CUONG.0))]);
        assert_eq!(search(&mut city.client(&other), "q=sao%20den").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_its_name() {
    for_each_database_in(folder(true), modules(), |city| async move {
        let mut client = city.visitor();
        let long = "a".repeat(201);
        for (query, name) in [
            ("", "q"),
            ("q=%20", "q"),
            (&*format!("q={long}"), "q"),
            ("q=a&limit=0", "limit"),
            ("q=a&limit=51", "limit"),
            ("q=a&near=108", "near"),
            ("q=a&near=200,16", "near"),
            ("q=a&near=nan,16", "near"),
            ("q=a&where=b", "where"),
            ("q=a&q=b", "q"),
            ("q=%ff", "UTF-8"),
        ] {
            let answer = client.get(&format!("/api/v1/places?{query}")).await;
            assert_eq!(answer.status, 400, "{query}");
            assert!(answer.text().contains(name), "{query}: {}", answer.text());
        }
        for (query, name) in
            [("lat=16", "lon"), ("lon=108&lat=91", "lat"), ("lon=x&lat=1", "lon"), ("lon=1&lat=inf", "lat")]
        {
            let answer = client.get(&format!("/api/v1/places/at?{query}")).await;
            assert_eq!(answer.status, 400, "{query}");
            assert!(answer.text().contains(name), "{query}: {}", answer.text());
        }
    })
    .await;
}

const HOUSES: &str = r#"
title = { vi = "Nhà", en = "Houses" }
description = "Nhà có số"
group = "places"
shape = "point"
owner = "so-xay-dung"
source = "thử nghiệm"
licence = "CC0-1.0"
[rights]
read = "public"
edit = ["administrator"]
[search]
names = ["name"]
address = "address"
[[attribute]]
name = "name"
title = "Tên"
kind = "text"
[[attribute]]
name = "address"
title = "Địa chỉ"
kind = "text"
"#;

/// Da Nang with some houses, the one that is not meant before the one that is.
async fn built(city: &TestCity) -> Client {
    let client = danang(city).await;
    let houses = city.app.city.get::<Layers>().get("houses").unwrap().clone();
    for (name, address, x, y) in [
        ("Nhà Sóng", "12 Bạch Đằng", 108.15, 16.06),
        ("Nhà Gió", "12 Bạch Đằng", 108.2208, 16.0678),
        ("Nhà Nắng", "K12/5 Đường Thử Kiệt", 108.2185, 16.0684),
        ("Nhà Mưa", "12/6 Đường Thử Kiệt", 108.2185, 16.0684),
    ] {
        let Value::Object(properties) = json!({ "name": name, "address": address }) else { unreachable!() };
        edit(&city.system(), &houses, None, Wish::Create { geometry: at(x, y), properties }).await.unwrap();
    }
    client
}

#[tokio::test]
async fn an_area_behind_a_comma_says_which_is_meant() {
    let folder = Folder::embedded().with("layers/houses.toml", HOUSES);
    for_each_database_in(folder, modules(), |city| async move {
        let mut client = built(&city).await;
        for text in [
            "12 Bạch Đằng, Hải Châu",
            "12 bach dang, p. hai chau",
            "số 12, đường Bạch Đằng, Phường Hải Châu, TP Đà Nẵng",
            "12 Bạch Đằng, quận Hải Châu",
            "12 Bạch Đằng, phường Thạch Thang",
            "12 bach dang hai chau",
            "nhà gió, Hải Châu",
        ] {
            let found = first(&mut client, text).await;
            assert_eq!((&found["name"], &found["areas"][0]), (&json!("Nhà Gió"), &json!("Phường Hải Châu")), "{text}");
        }
        let both = search(&mut client, "q=12%20b%E1%BA%A1ch%20%C4%91%E1%BA%B1ng,%20H%E1%BA%A3i%20Ch%C3%A2u").await;
        assert!(both.iter().any(|place| place["name"] == "Nhà Sóng"), "what lies elsewhere comes behind it");
        assert_eq!(first(&mut client, "12 Bạch Đằng, đâu đó").await["address"], "12 Bạch Đằng");
        assert_eq!(first(&mut client, "Hải Châu, Đà Nẵng").await["name"], "Phường Hải Châu");
    })
    .await;
}

#[tokio::test]
async fn a_number_in_a_lane_is_found_however_it_is_written() {
    let folder = Folder::embedded().with("layers/houses.toml", HOUSES);
    for_each_database_in(folder, modules(), |city| async move {
        let mut client = built(&city).await;
        for number in ["K12/5", "k 12/5", "kiệt 12 nhà 5", "12/5", "hẻm 12/5", "số 5 kiệt 12", "5, ngõ 12,"] {
            for street in ["Thử Kiệt", "đường thu kiet", "Đ. Thử Kiệt, Hải Châu"] {
                let found = first(&mut client, &format!("{number} {street}")).await;
                assert_eq!(found["name"], "Nhà Nắng", "{number} {street}");
            }
        }
        assert_eq!(first(&mut client, "K12/5").await["name"], "Nhà Nắng", "a number alone");
        for text in ["16,0678 108,2208", "16,0678; 108,2208", "550175,08 1777138,32"] {
            assert_eq!(first(&mut client, text).await["areas"], json!(["Phường Hải Châu"]), "{text}");
        }
    })
    .await;
}
