//! The languages a city speaks. Vietnamese first, English everywhere.

use serde::{Deserialize, Serialize};

/// A language of pages, notices and declarations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// Tiếng Anh.
    En,
}

impl Lang {
    /// All languages, the default first.
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// The BCP 47 tag, as in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// Reads a tag such as `en-GB`; anything else than Vietnamese or English is `None`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.trim().to_ascii_lowercase().as_str() {
            "vi" => Some(Self::Vi),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The best language for an `Accept-Language` header; Vietnamese when nothing fits.
    pub fn negotiate(header: &str) -> Self {
        let mut best = (Self::Vi, 0.0_f32);
        for part in header.split(',') {
            let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
            let quality = quality.trim().parse().unwrap_or(0.0);
            if let Some(lang) = Self::from_tag(tag.trim())
                && quality > best.1
            {
                best = (lang, quality);
            }
        }
        best.0
    }
}

impl std::fmt::Display for Lang {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiates_by_quality() {
        assert_eq!(Lang::negotiate("fr, en-GB;q=0.8, vi;q=0.9"), Lang::Vi);
        assert_eq!(Lang::negotiate("en-US,en;q=0.9"), Lang::En);
        assert_eq!(Lang::negotiate("de"), Lang::Vi);
        assert_eq!(Lang::negotiate(";;;q=,"), Lang::Vi);
    }
}
