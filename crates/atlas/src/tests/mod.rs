//! Pages of the map asked as people ask for them, on both databases.

mod editing;
mod reading;
mod sheets;

use songhan_app::Module;
use songhan_base::Role;
use songhan_city::Folder;
use songhan_maps::{Import, Layers, import_layer};
use songhan_testkit::{Client, TestCity};

/// Officers of two wards, and the codes of these.
const HAI_CHAU: (&str, &str) = ("ubnd-hai-chau", "20242");
const HOA_CUONG: (&str, &str) = ("ubnd-hoa-cuong", "20257");

const TREES: &str = r#"
title = { vi = "Cây xanh", en = "Trees" }
description = "Cây bóng mát"
group = "trees"
shape = "point"
owner = "so-xay-dung"
source = "thử nghiệm"
licence = "CC-BY-4.0"
simulated = true
[rights]
read = "public"
edit = ["officer"]
area = "commune"
[style]
shown = true
[search]
names = ["species"]
[[attribute]]
name = "species"
title = { vi = "Loài", en = "Species" }
kind = "text"
required = true
label = true
[[attribute]]
name = "height_m"
title = { vi = "Chiều cao", en = "Height" }
kind = "number"
unit = "m"
[[attribute]]
name = "condition"
title = { vi = "Tình trạng", en = "Condition" }
kind = "text"
domain = [{ code = "good", title = { vi = "Tốt", en = "Good" } }, { code = "poor", title = { vi = "Xấu", en = "Poor" } }]
[[attribute]]
name = "approximate"
title = "Vị trí gần đúng"
kind = "boolean"
[[attribute]]
name = "planted"
title = "Ngày trồng"
kind = "date"
[[attribute]]
name = "commune"
title = { vi = "Phường", en = "Ward" }
kind = "text"
required = true
"#;

/// A public layer of trees and the same protected, by area.
fn folder() -> Folder {
    let paths: Vec<String> =
        Folder::embedded().paths().filter(|path| path.starts_with("layers/")).map(str::to_owned).collect();
    let bare = paths.iter().fold(Folder::embedded(), |folder, path| folder.without(path));
    let secret = TREES
        .replace("read = \"public\"", "read = [\"officer\"]")
        .replace("Cây xanh", "Cây di sản")
        .replace("Trees", "Heritage trees");
    bare.with("layer-groups.toml", "[[group]]\nid = \"trees\"\ntitle = { vi = \"Nhóm cây\", en = \"Trees\" }\n")
        .with("layers/trees.toml", TREES)
        .with("layers/heritage.toml", &secret)
}

fn modules() -> Vec<Module> {
    vec![songhan_maps::module(), crate::module()]
}

/// Both layers with so many trees, two by two in one ward and the other.
async fn planted(city: &TestCity, count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trees.geojson");
    let feature = |n: usize| {
        let (commune, condition) = if n.is_multiple_of(2) { (HAI_CHAU.1, "good") } else { (HOA_CUONG.1, "poor") };
        let x = 108.2 + n as f64 * 0.0001;
        format!(
            r#"{{"type":"Feature","properties":{{"species":"Bàng {n}","height_m":5.5,"condition":"{condition}",
            "approximate":{},"planted":"2015-03-0{}","commune":"{commune}"}},
            "geometry":{{"type":"Point","coordinates":[{x},16.06]}}}}"#,
            n == 0,
            n % 9 + 1
        )
    };
    let features: Vec<String> = (0..count).map(feature).collect();
    std::fs::write(&path, format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")))
        .expect("the file is written");
    for code in ["trees", "heritage"] {
        let layer = city.app.city.get::<Layers>().get(code).expect("the layer").clone();
        let import = Import {
            layer: &layer,
            path: &path,
            file: "trees.geojson",
            file_layer: None,
            crs: None,
            reason: "lần đầu",
        };
        import_layer(&city.system(), import, |_| {}).await.expect("it is imported");
    }
}

fn officer_of(city: &TestCity, unit: &str) -> Client {
    city.client(&city.person("Lê Văn Bình", &[(Role::Officer, Some(unit))]))
}

async fn page(client: &mut Client, path: &str) -> String {
    client.get(path).await.expect(200).text()
}
