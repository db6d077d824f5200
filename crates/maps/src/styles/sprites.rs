//! Biểu tượng bản đồ: the icons of points, made from the drawings of `assets/icons` (`assets/README.md` says how).

use std::collections::HashSet;
use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use songhan_app::{Path, Problem};

use super::answer::{self, Held};

const JSON: &[u8] = include_bytes!("../../assets/sprites/map.json");
const PNG: &[u8] = include_bytes!("../../assets/sprites/map.png");
const JSON_2X: &[u8] = include_bytes!("../../assets/sprites/map@2x.json");
const PNG_2X: &[u8] = include_bytes!("../../assets/sprites/map@2x.png");

/// Icons for dark maps are called so behind their name.
pub const DARK: &str = "-dark";

/// Whether there is an icon of this name.
pub fn has(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let index: Value = serde_json::from_slice(JSON).unwrap_or_default();
        index.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    });
    !name.ends_with(DARK) && NAMES.contains(name)
}

fn found(file: &str) -> Option<(&'static str, &'static [u8])> {
    Some(match file {
        "map.json" => ("application/json", JSON),
        "map.png" => ("image/png", PNG),
        "map@2x.json" => ("application/json", JSON_2X),
        "map@2x.png" => ("image/png", PNG_2X),
        _ => return None,
    })
}

/// Show the map's icons.
#[utoipa::path(get, path = "/sprites/{file}", operation_id = "show_sprites", tag = "maps",
    description = "The icons of the styles as MapLibre asks for them: `map.json` says what lies where in `map.png`; \
        `map@2x.json` and `map@2x.png` are the same for dense screens. Each icon has a twin for dark maps, `NAME-dark`.",
    params(("file" = String, Path, description = "`map.json`, `map.png`, `map@2x.json` or `map@2x.png`", example = "map.json")),
    responses(
        (status = 200, description = "The picture or its index", content((Object = "application/json",
            example = json!({ "tree": { "x": 1, "y": 1, "width": 18, "height": 18, "pixelRatio": 1 } })),
            (Vec<u8> = "image/png"))),
        (status = 304, description = "What the caller holds is still right"),
        (status = 404, description = "There is no such file"),
    ))]
pub async fn handler(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let answer = match found(&file) {
        Some((kind, bytes)) => Held::of(bytes).answer(&headers, kind, bytes.into(), true),
        None => Err(Problem::not_found("file of icons")),
    };
    answer::told(&headers, answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_icon_lies_in_its_picture_and_is_drawn() {
        for (json, png, ratio) in [(JSON, PNG, 1), (JSON_2X, PNG_2X, 2)] {
            let picture = resvg::tiny_skia::Pixmap::decode_png(png).unwrap();
            let index: Value = serde_json::from_slice(json).unwrap();
            let index = index.as_object().unwrap();
            for (name, place) in index {
                let side = |name: &str| place[name].as_u64().unwrap() as u32;
                let (x, y, width, height) = (side("x"), side("y"), side("width"), side("height"));
                assert!(x + width <= picture.width() && y + height <= picture.height(), "{name}");
                assert_eq!(side("pixelRatio"), ratio, "{name}");
                let pixels = (x..x + width).flat_map(|x| (y..y + height).map(move |y| (x, y)));
                let drawn = pixels.filter(|(x, y)| picture.pixel(*x, *y).is_some_and(|pixel| pixel.alpha() > 128));
                assert!(drawn.count() > (width * height / 12) as usize, "{name} is hardly drawn");
                let twin = name.strip_suffix(DARK).map_or_else(|| format!("{name}{DARK}"), str::to_owned);
                assert!(index.contains_key(&twin), "{name} has no twin");
            }
        }
        assert!(has("tree") && has("valve") && !has("tree-dark") && !has("dragon"));
    }

    #[test]
    fn drawings_and_sprites_are_the_same_icons() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/icons");
        let names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        assert!(names.iter().all(|name| has(name)), "run the example `sprites` again");
        let index: Value = serde_json::from_slice(JSON).unwrap();
        assert_eq!(index.as_object().unwrap().len(), 2 * names.len(), "run the example `sprites` again");
    }
}
