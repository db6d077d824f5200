//! The areas of the city with the time they were valid and what they were made from.
//!
//! Codes are used again: `20242` was the ward Phước Ninh until 30 June 2025 and is the ward Hải Châu since. So an area
//! is a code *at a date*, and every look-up takes a date. `merged_from` names areas that were valid on the day before;
//! one that was divided stands in the `merged_from` of several.

mod read;

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_base::{Lang, Text};

use crate::{Place, Report};

/// Đơn vị hành chính, trong một khoảng thời gian.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    pub code: String,
    /// With its kind: "Phường Hải Châu", "Hai Chau Ward".
    pub name: Text,
    pub kind: AreaKind,
    /// Code of the area around it, at the same time.
    pub parent: Option<String>,
    pub valid_from: Date,
    /// The last day; `None` while it is valid.
    pub valid_to: Option<Date>,
    /// Codes of the areas it was made from, valid on the day before `valid_from`.
    pub merged_from: Vec<String>,
    pub population: Option<u32>,
    pub area_km2: Option<f64>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    /// Where its People's Committee sits.
    pub office: Option<String>,
    pub place: Place,
}

/// Loại đơn vị hành chính.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaKind {
    /// Tỉnh.
    Province,
    /// Thành phố trực thuộc trung ương.
    City,
    /// Thành phố thuộc tỉnh.
    ProvincialCity,
    /// Thị xã.
    Town,
    /// Quận.
    UrbanDistrict,
    /// Huyện.
    RuralDistrict,
    /// Phường.
    Ward,
    /// Xã.
    Commune,
    /// Thị trấn.
    Township,
    /// Đặc khu.
    SpecialZone,
}

impl AreaKind {
    /// Whether it is of the lowest level.
    pub const fn is_commune_level(self) -> bool {
        matches!(self, Self::Ward | Self::Commune | Self::Township | Self::SpecialZone)
    }

    /// The words before its name.
    pub const fn vi(self) -> &'static str {
        match self {
            Self::Province => "Tỉnh",
            Self::City | Self::ProvincialCity => "Thành phố",
            Self::Town => "Thị xã",
            Self::UrbanDistrict => "Quận",
            Self::RuralDistrict => "Huyện",
            Self::Ward => "Phường",
            Self::Commune => "Xã",
            Self::Township => "Thị trấn",
            Self::SpecialZone => "Đặc khu",
        }
    }
}

impl Area {
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// The name without its kind: "Hải Châu". For lists in alphabetical order.
    pub fn bare_name(&self) -> &str {
        self.name.vi.strip_prefix(self.kind.vi()).map_or(self.name.vi.as_str(), str::trim_start)
    }
}

/// All areas there are and were.
#[derive(Clone, Debug, Default)]
pub struct Areas {
    all: Vec<Area>,
    /// The generations of each code, oldest first.
    by_code: HashMap<String, Vec<usize>>,
    /// Where the data come from, as `areas.toml` says.
    pub origin: Option<Origin>,
}

/// Nguồn dữ liệu: for whoever publishes the areas again.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    pub source: Text,
    pub licence: Text,
    /// What the data do not say.
    #[serde(default)]
    pub notes: Vec<Text>,
}

impl Areas {
    /// All of them, former ones too, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.all.iter()
    }

    /// The area with this code on this day.
    pub fn at(&self, code: &str, day: Date) -> Option<&Area> {
        self.generations(code).find(|area| area.is_valid_on(day))
    }

    /// Every area that has had this code, oldest first.
    pub fn generations(&self, code: &str) -> impl Iterator<Item = &Area> {
        self.by_code.get(code).into_iter().flatten().map(|&at| &self.all[at])
    }

    pub fn on(&self, day: Date) -> impl Iterator<Item = &Area> {
        self.all.iter().filter(move |area| area.is_valid_on(day))
    }

    /// The wards, communes and special zones of a day, by name.
    pub fn communes(&self, day: Date) -> Vec<&Area> {
        let mut communes: Vec<_> = self.on(day).filter(|area| area.kind.is_commune_level()).collect();
        communes.sort_by_cached_key(|area| (songhan_base::fold(area.bare_name()), area.code.clone()));
        communes
    }

    /// The areas directly inside, on this day.
    pub fn children<'a>(&'a self, code: &'a str, day: Date) -> impl Iterator<Item = &'a Area> {
        self.on(day).filter(move |area| area.parent.as_deref() == Some(code))
    }

    /// The area around it; on its last day, when it is no more.
    pub fn parent(&self, area: &Area) -> Option<&Area> {
        self.at(area.parent.as_deref()?, area.valid_to.unwrap_or(area.valid_from))
    }

    /// Whether `code` is `ancestor` or lies inside it on this day.
    pub fn is_within(&self, code: &str, ancestor: &str, day: Date) -> bool {
        let mut at = self.at(code, day);
        // Checked at load to have no circle; bounded all the same, for a city that is served in spite of its report.
        for _ in 0..8 {
            match at {
                Some(area) if area.code == ancestor => return true,
                Some(area) => at = area.parent.as_deref().and_then(|parent| self.at(parent, day)),
                None => return false,
            }
        }
        false
    }

    /// What an area was made from.
    pub fn predecessors<'a>(&'a self, area: &'a Area) -> impl Iterator<Item = &'a Area> {
        let before = area.valid_from.yesterday().ok();
        area.merged_from.iter().filter_map(move |code| self.at(code, before?))
    }

    /// What became of an area; several when it was divided, none while it is valid.
    pub fn successors<'a>(&'a self, area: &'a Area) -> impl Iterator<Item = &'a Area> {
        let after = area.valid_to.and_then(|last| last.tomorrow().ok());
        self.all.iter().filter(move |next| Some(next.valid_from) == after && next.merged_from.contains(&area.code))
    }

    /// What stands on this day where an area of any time was or will be: its successors' successors.
    pub fn now<'a>(&'a self, area: &'a Area, day: Date) -> Vec<&'a Area> {
        let mut found: Vec<&Area> = Vec::new();
        let mut open = vec![area];
        while let Some(area) = open.pop() {
            if area.is_valid_on(day) {
                if !found.contains(&area) {
                    found.push(area);
                }
            } else if area.valid_to.is_some_and(|last| last < day) {
                open.extend(self.successors(area));
            }
        }
        found
    }

    /// "Phường Hải Châu, Thành phố Đà Nẵng": the area with those around it, on this day.
    pub fn full_name(&self, code: &str, day: Date, lang: Lang) -> Option<String> {
        let area = self.at(code, day)?;
        let mut name = area.name.get(lang).to_owned();
        let mut at = area;
        for _ in 0..8 {
            let Some(parent) = at.parent.as_deref().and_then(|parent| self.at(parent, day)) else { break };
            name = format!("{name}, {}", parent.name.get(lang));
            at = parent;
        }
        Some(name)
    }

    fn insert(&mut self, area: Area, report: &mut Report) {
        let clash = self.generations(&area.code).find(|other| {
            other.valid_to.is_none_or(|last| area.valid_from <= last)
                && area.valid_to.is_none_or(|last| other.valid_from <= last)
        });
        if let Some(other) = clash {
            let what = format!("the code {} is valid at the same time in line {}", area.code, other.place.line);
            report.add(&area.place, what, "correct valid_from and valid_to, or the code");
        }
        let generations = self.by_code.entry(area.code.clone()).or_default();
        generations.push(self.all.len());
        self.all.push(area);
        let areas = &self.all;
        generations.sort_by_key(|&at| areas[at].valid_from);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{City, Folder};

    #[test]
    fn danang_before_and_since_july_2025() {
        let (city, report) = City::load(Folder::embedded(), []);
        assert!(report.is_empty(), "{report}");
        let areas = city.areas();
        let (before, since) = (date(2025, 6, 30), date(2025, 7, 1));

        assert_eq!(areas.communes(since).len(), 94);
        let count = |kind| areas.communes(since).iter().filter(|area| area.kind == kind).count();
        assert_eq!((count(AreaKind::Ward), count(AreaKind::Commune), count(AreaKind::SpecialZone)), (23, 70, 1));
        let districts = areas.children("48", before).count();
        assert_eq!(districts, 8, "seven districts and Hoàng Sa");
        let wards = |day| areas.communes(day).iter().filter(|a| areas.is_within(&a.code, "48", day)).count();
        assert_eq!((wards(date(2024, 12, 31)), wards(before)), (56, 47));
        let population: u32 = areas.communes(since).iter().filter_map(|area| area.population).sum();
        assert!((3_000_000..3_200_000).contains(&population), "{population}");

        // A code that was used again.
        assert_eq!(areas.at("20242", before).unwrap().name.vi, "Phường Phước Ninh");
        let hai_chau = areas.at("20242", since).unwrap();
        assert_eq!((hai_chau.name.vi.as_str(), hai_chau.bare_name()), ("Phường Hải Châu", "Hải Châu"));
        let from: Vec<_> = areas.predecessors(hai_chau).map(Area::bare_name).collect();
        assert_eq!(from.len(), 5, "{from:?}");
        assert_eq!(areas.full_name("20242", since, Lang::Vi).unwrap(), "Phường Hải Châu, Thành phố Đà Nẵng");

        // One that was divided.
        let hoa_lien = areas.on(before).find(|area| area.bare_name() == "Hòa Liên").unwrap();
        let into: Vec<_> = areas.successors(hoa_lien).map(Area::bare_name).collect();
        assert_eq!(into.len(), 2, "{into:?}");
    }

    #[test]
    fn every_new_unit_has_a_lineage_and_every_old_one_a_successor() {
        let (city, _) = City::load(Folder::embedded(), []);
        let areas = city.areas();
        let since = date(2025, 7, 1);
        for area in areas.communes(since) {
            assert!(areas.predecessors(area).next().is_some(), "{area:?}");
            assert_eq!(areas.now(area, since), [area]);
        }
        for area in areas.iter().filter(|area| area.kind.is_commune_level() && area.valid_to.is_some()) {
            assert!(!areas.now(area, date(2026, 11, 21)).is_empty(), "{area:?} has no successor");
        }
    }
}
