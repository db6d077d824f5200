//! Makes the sprites of the map from the drawings in `assets/icons`: one picture for each density of screens, and what
//! lies where in it. What it writes is committed, so that nobody needs to run it but who changes a drawing.

use std::error::Error;
use std::path::Path;

use resvg::{tiny_skia, usvg};
use serde_json::{Map, Value, json};

/// An icon's side in pixels of a plain screen.
const SIDE: u32 = 18;
/// Around each, so that neighbours do not bleed into it.
const GAP: u32 = 1;
const COLUMNS: u32 = 8;
/// White on the colours of the day, ink on those of the night.
const VARIANTS: [(&str, &str); 2] = [("", "#ffffff"), ("-dark", "#0a1d22")];

fn main() -> Result<(), Box<dyn Error>> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let mut drawings = Vec::new();
    for entry in std::fs::read_dir(assets.join("icons"))? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a drawing without a name")?;
        drawings.push((name.to_owned(), std::fs::read_to_string(&path)?));
    }
    drawings.sort();
    for ratio in [1, 2] {
        let (picture, index) = sheet(&drawings, ratio)?;
        let name = if ratio == 1 { "map".to_owned() } else { format!("map@{ratio}x") };
        std::fs::write(assets.join(format!("sprites/{name}.png")), picture.encode_png()?)?;
        let index = serde_json::to_string_pretty(&Value::Object(index))? + "\n";
        std::fs::write(assets.join(format!("sprites/{name}.json")), index)?;
    }
    println!("{} icons", drawings.len());
    Ok(())
}

fn sheet(drawings: &[(String, String)], ratio: u32) -> Result<(tiny_skia::Pixmap, Map<String, Value>), Box<dyn Error>> {
    let (side, cell) = (SIDE * ratio, (SIDE + 2 * GAP) * ratio);
    let rows = (drawings.len() * VARIANTS.len()).div_ceil(COLUMNS as usize) as u32;
    let mut picture = tiny_skia::Pixmap::new(COLUMNS * cell, rows * cell).ok_or("a picture without a size")?;
    let mut index = Map::new();
    let icons = drawings.iter().flat_map(|drawing| VARIANTS.map(|variant| (drawing, variant)));
    for (at, ((name, drawing), (suffix, color))) in (0_u32..).zip(icons) {
        let tree = usvg::Tree::from_str(&drawing.replace("currentColor", color), &usvg::Options::default())?;
        let (x, y) = (at % COLUMNS * cell + GAP * ratio, at / COLUMNS * cell + GAP * ratio);
        let scale = side as f32 / tree.size().width();
        let place = tiny_skia::Transform::from_row(scale, 0.0, 0.0, scale, x as f32, y as f32);
        resvg::render(&tree, place, &mut picture.as_mut());
        let told = json!({ "x": x, "y": y, "width": side, "height": side, "pixelRatio": ratio });
        index.insert(format!("{name}{suffix}"), told);
    }
    Ok((picture, index))
}
