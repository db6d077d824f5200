//! OGC API – Features asked as its clients ask, on both databases.

mod changing;
mod odd;
mod reading;
mod rights;

use axum::http::Method;
use songhan_testkit::{Answer, Client};

use super::*;

pub const ITEMS: &str = "/ogc/collections/trees/items";
pub const GEOJSON: &str = "application/geo+json";

/// The numbers of the features of a page.
pub fn ids(page: &Value) -> Vec<i64> {
    let features = page["features"].as_array().expect("features");
    assert_eq!(page["numberReturned"], features.len());
    features.iter().map(|feature| feature["id"].as_i64().expect("a number")).collect()
}

/// The path and query of a link.
pub fn link<'a>(document: &'a Value, rel: &str) -> Option<&'a str> {
    let found = document["links"].as_array()?.iter().find(|link| link["rel"] == rel)?;
    found["href"].as_str()?.strip_prefix("http://city.test")
}

pub async fn page(client: &mut Client, query: &str) -> Value {
    client.get(&format!("{ITEMS}{query}")).await.expect(200).json()
}

pub async fn put(client: &mut Client, method: Method, path: &str, etag: Option<&str>, body: &Value) -> Answer {
    let mut client = client.clone();
    if let Some(etag) = etag {
        client = client.with("if-match", etag);
    }
    client.send(method, path, Some(GEOJSON), body.to_string().into_bytes()).await
}

pub fn planted_tree(species: &str, commune: &str, at: [f64; 2]) -> Value {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": at },
        "properties": { "species": species, "height_m": 7, "commune": commune } })
}

pub fn officer_of(city: &TestCity, unit: &str) -> Client {
    city.client(&city.person("Lê Văn Bình", &[(Role::Officer, Some(unit))]))
}
