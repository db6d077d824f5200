//! Layers imported, edited and shown, on both databases.

mod basemap;
mod downloads;
mod edits;
mod hostile;
mod imports;
mod ogc;
mod past;
mod places;
mod protected;
mod styles;
mod tiles;
mod tilesets;

use std::path::Path;
use std::sync::Arc;

use geo_types::{Geometry, point};
use serde_json::{Map, Value, json};
use songhan_app::{Cx, Module};
use songhan_base::Role;
use songhan_city::Folder;
use songhan_testkit::TestCity;

use crate::edit::{self, Edited, Of, Refused, Seen, Wish};
use crate::layer::{Layer, Layers};
use crate::ops::import_layer::{Import, Imported, Rejection, import_layer};
use crate::snapshot;

pub fn modules() -> Vec<Module> {
    vec![crate::module()]
}

const TREES: &str = r#"
title = { vi = "Cây xanh", en = "Trees" }
description = "Cây bóng mát"
group = "trees"
shape = "point"
owner = "so-xay-dung"
source = "thử nghiệm"
licence = "CC-BY-4.0"
[rights]
read = ["officer"]
edit = ["officer"]
area = "commune"
[[attribute]]
name = "species"
title = "Loài"
kind = "text"
required = true
label = true
[[attribute]]
name = "height_m"
title = "Chiều cao"
kind = "number"
unit = "m"
[[attribute]]
name = "commune"
title = "Phường"
kind = "text"
"#;

/// A city with a protected layer of trees, one with a public layer of them.
pub fn folder(public: bool) -> Folder {
    let trees = if public { TREES.replace("read = [\"officer\"]", "read = \"public\"") } else { TREES.to_owned() };
    let paths: Vec<String> =
        Folder::embedded().paths().filter(|path| path.starts_with("layers/")).map(str::to_owned).collect();
    let bare = paths.iter().fold(Folder::embedded(), |folder, path| folder.without(path));
    let groups = "[[group]]\nid = \"trees\"\ntitle = \"Cây xanh\"\n";
    bare.with("layer-groups.toml", groups).with("layers/trees.toml", &trees)
}

pub fn trees(city: &TestCity) -> Arc<Layer> {
    city.app.city.get::<Layers>().get("trees").expect("the layer").clone()
}

/// Officers of two wards.
pub const HAI_CHAU: (&str, &str) = ("ubnd-hai-chau", "20242");
pub const HOA_CUONG: (&str, &str) = ("ubnd-hoa-cuong", "20257");

pub fn officer(city: &TestCity, unit: &str) -> Cx {
    city.cx(&city.person("Lê Văn Bình", &[(Role::Officer, Some(unit))]))
}

/// A GeoJSON file of trees, two by two in one ward and the other.
pub fn file(folder: &Path, count: usize) -> std::path::PathBuf {
    let features: Vec<Value> = (0..count)
        .map(|n| {
            let commune = if n % 2 == 0 { HAI_CHAU.1 } else { HOA_CUONG.1 };
            json!({ "type": "Feature", "properties": { "species": format!("Bàng {n}"), "height_m": 5.5, "commune": commune },
                "geometry": { "type": "Point", "coordinates": [108.2 + n as f64 * 0.0001, 16.06] } })
        })
        .collect();
    let path = folder.join("trees.geojson");
    std::fs::write(&path, json!({ "type": "FeatureCollection", "features": features }).to_string()).unwrap();
    path
}

pub async fn import(city: &TestCity, path: &Path) -> Result<Imported, Rejection> {
    let layer = trees(city);
    let import =
        Import { layer: &layer, path, file: "trees.geojson", file_layer: None, crs: None, reason: "thử nghiệm" };
    import_layer(&city.system(), import, |_| {}).await
}

/// A city with so many trees.
pub async fn planted(city: &TestCity, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    import(city, &file(folder.path(), count)).await.unwrap();
}

pub fn tree(species: &str, commune: &str) -> Map<String, Value> {
    let Value::Object(tree) = json!({ "species": species, "height_m": 7, "commune": commune }) else { unreachable!() };
    tree
}

#[expect(clippy::unnecessary_wraps, reason = "as edits take it")]
pub fn at(x: f64, y: f64) -> Option<Geometry<f64>> {
    Some(point!(x: x, y: y).into())
}

/// One edit, committed and shown.
pub async fn edit(cx: &Cx, layer: &Layer, of: Option<Of>, wish: Wish) -> Result<Edited, Refused> {
    let mut tx = cx.begin().await?;
    let edited = edit::edit(&mut tx, cx, layer, of, wish, "thử nghiệm").await?;
    tx.commit().await?;
    snapshot::shown(cx, &edited.told).await;
    Ok(edited)
}
