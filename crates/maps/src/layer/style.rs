//! Cách thể hiện: how a layer is drawn, in the few things a civil servant chooses; the style for map programs is made
//! from it.

use serde::{Deserialize, Serialize};

/// Cách thể hiện.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Style {
    /// `#rrggbb` by day, and on a dark map.
    pub color: String,
    pub color_dark: Option<String>,
    /// Width of a line or of a polygon's edge, and half the size of a point, in pixels.
    pub width: f64,
    /// From 0, not seen, to 1.
    pub fill_opacity: f64,
    /// The first zoom at which it shows.
    pub min_zoom: u8,
    /// The first zoom at which features carry their names.
    pub label_zoom: u8,
    /// Whether the map shows it without being asked.
    pub shown: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: "#0f6e6e".to_owned(),
            color_dark: None,
            width: 2.0,
            fill_opacity: 0.2,
            min_zoom: 8,
            label_zoom: 14,
            shown: false,
        }
    }
}

impl Style {
    /// What is wrong with it, with its remedy.
    pub(super) fn mistakes(&self) -> Vec<(String, &'static str)> {
        let mut wrong = Vec::new();
        for color in [Some(&self.color), self.color_dark.as_ref()].into_iter().flatten() {
            let digits = color.strip_prefix('#').unwrap_or_default();
            if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                wrong.push((format!("`{color}` is no colour"), "write it as #0f6e6e"));
            }
        }
        if !(0.0..=1.0).contains(&self.fill_opacity) {
            wrong.push((format!("fill_opacity cannot be {}", self.fill_opacity), "write a number from 0 to 1"));
        }
        if !(0.1..=40.0).contains(&self.width) {
            wrong.push((format!("width cannot be {}", self.width), "write a number of pixels from 0.1 to 40"));
        }
        if self.min_zoom > 22 || self.label_zoom > 22 {
            wrong.push(("there is no zoom beyond 22".to_owned(), "write a number from 0 to 22"));
        }
        wrong
    }
}
