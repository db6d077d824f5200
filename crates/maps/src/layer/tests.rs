//! Layers as a city declares them, and what is said of mistakes.

use songhan_city::{Declaration, Folder, Report};

use super::{Layers, Readers};

const TREES: &str = r##"
title = { vi = "Cây xanh đường phố", en = "Street trees" }
description = "Cây bóng mát trên vỉa hè"
group = "trees"
shape = "point"
owner = "so-xay-dung"
source = "Công ty Cây xanh"
licence = "CC-BY-4.0"
from = 2025-07-01
[rights]
read = "public"
edit = ["officer"]
[style]
color = "#2e7d32"
[[attribute]]
name = "species"
title = "Loài"
kind = "text"
label = true
"##;

fn load(text: &str) -> (Layers, String) {
    let mut report = Report::default();
    let layers = Layers::load(&Folder::from_texts([("layers/trees.toml", text)]), &mut report);
    (layers, report.to_string())
}

#[test]
fn a_layer_is_a_file() {
    let (layers, report) = load(TREES);
    assert_eq!(report, "");
    let trees = layers.get("trees").expect("the layer");
    assert!(matches!(trees.rights.read, Readers::Public(_)));
    assert_eq!(trees.label().map(|label| label.name.as_str()), Some("species"));
    assert_eq!((trees.style.color.as_str(), trees.style.min_zoom), ("#2e7d32", 8));
}

#[test]
fn mistakes_have_a_line_and_a_remedy() {
    let cases = [
        (
            "name = \"species\"",
            "name = \"Loài cây\"",
            "layers/trees.toml:15: `Loài cây` cannot be an attribute's name; write small letters a-z",
        ),
        ("name = \"species\"", "name = \"geometry\"", "`geometry` cannot be an attribute's name"),
        ("#2e7d32", "green", "`green` is no colour; write it as #0f6e6e"),
        ("licence = \"CC-BY-4.0\"", "licence = \"\"", "layers/trees.toml:8: the layer has no licence"),
        ("edit = [\"officer\"]", "edit = [\"officer\"]\narea = \"ward\"", "the layer has no text attribute `ward`"),
        ("[rights]", "until = 2024-01-01\n[rights]", "the layer ends before it begins"),
        ("[rights]", "data = \"trees.geojson\"\n[rights]", "there is no file `trees.geojson`"),
        (
            "kind = \"text\"",
            "kind = \"number\"\ndomain = [{ code = \"a\", title = \"A\" }]",
            "only a text has a domain",
        ),
        ("shape = \"point\"", "shape = \"points\"", "did you mean `point`?"),
    ];
    for (from, to, said) in cases {
        let (_, report) = load(&TREES.replacen(from, to, 1));
        assert!(report.contains(said), "{to}: {report}");
    }
}
