//! Bảng màu: the colours of the maps by day and on a dark screen, from the house's tokens (`ui/src/styles/tokens.css`):
//! the river's teal for water, warm paper for land, ink for names.

use serde_json::{Value, json};

/// Kiểu bản đồ nền.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Day,
    Dark,
}

/// What every map of a theme shares.
pub struct Palette {
    /// Where there is no land of ours: sea, and what the city has no data of.
    pub ground: &'static str,
    pub land: &'static str,
    pub shore: &'static str,
    /// Around names, so that they are read on any ground.
    pub halo: &'static str,
    pub ink: &'static str,
    /// Names on water.
    pub water_ink: &'static str,
    pub water_halo: &'static str,
    /// What lies on a mark of a layer's colour: the edge of a point, the dark or light side of a road.
    pub on_mark: &'static str,
}

const DAY: Palette = Palette {
    ground: "#d3e7ea",
    land: "#fbfaf5",
    shore: "#8fc3c9",
    halo: "#ffffff",
    ink: "#10252b",
    water_ink: "#08505a",
    water_halo: "#e6f3f4",
    on_mark: "#ffffff",
};

const DARK: Palette = Palette {
    ground: "#08242b",
    land: "#15323a",
    shore: "#2a5c65",
    halo: "#0a1d22",
    ink: "#e7f1f2",
    water_ink: "#93dbe0",
    water_halo: "#06191e",
    on_mark: "#0a1d22",
};

impl Theme {
    pub const ALL: [Self; 2] = [Self::Day, Self::Dark];

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Dark => "dark",
        }
    }

    pub const fn palette(self) -> &'static Palette {
        match self {
            Self::Day => &DAY,
            Self::Dark => &DARK,
        }
    }

    /// The colour of a layer in this theme: one that is told for the day alone is lightened for the night.
    pub fn color(self, day: &str, dark: Option<&str>) -> String {
        match (self, dark) {
            (Self::Day, _) => day.to_owned(),
            (Self::Dark, Some(dark)) => dark.to_owned(),
            (Self::Dark, None) => mixed(day, "#ffffff", 0.4),
        }
    }

    /// The edge of a line of this colour.
    pub fn casing(self, color: &str) -> String {
        match self {
            Self::Day => mixed(color, "#10252b", 0.38),
            Self::Dark => mixed(color, "#04191e", 0.7),
        }
    }
}

/// A colour on the way to another.
pub fn mixed(one: &str, other: &str, share: f64) -> String {
    let part = |color: &str, at: usize| f64::from(color.get(at..at + 2).map_or(0, hex));
    let channel = |at: usize| {
        let (from, to) = (part(one, at), part(other, at));
        ((to - from).mul_add(share, from)).round().clamp(0.0, 255.0) as u8
    };
    format!("#{:02x}{:02x}{:02x}", channel(1), channel(3), channel(5))
}

fn hex(digits: &str) -> u8 {
    u8::from_str_radix(digits, 16).unwrap_or(0)
}

/// Names of the faces, as style layers ask for them.
pub const REGULAR: &str = "Be Vietnam Pro";
pub const SEMIBOLD: &str = "Be Vietnam Pro SemiBold";

/// Letters of Vietnamese beside the Latin ones, as the font is cut (`ui/src/styles/fonts.css`).
const VIETNAMESE: [&str; 13] = [
    "U+0102-0103",
    "U+0110-0111",
    "U+0128-0129",
    "U+0168-0169",
    "U+01A0-01A1",
    "U+01AF-01B0",
    "U+0300-0301",
    "U+0303-0304",
    "U+0308-0309",
    "U+0323",
    "U+0329",
    "U+1EA0-1EF9",
    "U+20AB",
];

/// The property `font-faces`: where map programs find the letters. None before the ui has been built.
pub fn font_faces(at: impl Fn(&str) -> Option<String>) -> Option<Value> {
    let file = |subset: &str, weight: u16| {
        at(&format!("node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-{subset}-{weight}-normal.woff2"))
    };
    let face = |weight: u16| {
        let (vietnamese, latin) = (file("vietnamese", weight)?, file("latin", weight)?);
        Some(json!([{ "url": vietnamese, "unicode-range": VIETNAMESE }, { "url": latin }]))
    };
    Some(json!({ REGULAR: face(400)?, SEMIBOLD: face(600)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_mix() {
        assert_eq!(mixed("#000000", "#ffffff", 0.5), "#808080");
        assert_eq!(mixed("#0f6e6e", "#ffffff", 0.0), "#0f6e6e");
        assert_eq!(Theme::Dark.color("#0f6e6e", Some("#6cc5c1")), "#6cc5c1");
        assert_eq!(Theme::Day.color("#0f6e6e", Some("#6cc5c1")), "#0f6e6e");
    }

    #[test]
    fn letters_are_asked_for_where_they_are() {
        let faces = font_faces(|source| Some(format!("http://city.test/{source}"))).unwrap();
        assert!(faces[REGULAR][0]["url"].as_str().unwrap().ends_with("vietnamese-400-normal.woff2"));
        assert!(faces[SEMIBOLD][1].get("unicode-range").is_none());
        assert_eq!(font_faces(|_| None), None);
    }
}
