//! The city's agencies and units: who receives, handles and signs. Declared in `agencies.toml` and `agencies/*.toml`.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use songhan_base::Text;

use crate::{City, Declaration, Folder, Placed, Report, nearest};

/// Cơ quan, đơn vị.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// What grants, procedures and dossiers call it: `ubnd-hai-chau`.
    pub code: Placed<String>,
    pub name: Text,
    pub kind: UnitKind,
    /// Code of the unit above.
    #[serde(default)]
    pub parent: Option<Placed<String>>,
    /// Code of the area it works for, in `areas.csv`; missing: the whole city.
    #[serde(default)]
    pub area: Option<Placed<String>>,
    /// Mã định danh: the first part of its dossiers' codes, such as `000.00.15.H17`.
    pub dossier_code: Placed<String>,
    #[serde(default)]
    pub address: Option<Text>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub location: Option<Location>,
}

/// Where an office stands, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    pub lat: f64,
    pub lon: f64,
}

/// Cấp, loại đơn vị.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// Ủy ban nhân dân thành phố.
    City,
    /// Sở, ban, ngành.
    Department,
    /// Ủy ban nhân dân xã.
    Commune,
    /// Ủy ban nhân dân phường.
    Ward,
    /// Ủy ban nhân dân đặc khu.
    SpecialZone,
    /// Trung tâm phục vụ hành chính công, bộ phận một cửa.
    Centre,
}

impl UnitKind {
    pub const ALL: [Self; 6] =
        [Self::City, Self::Department, Self::Commune, Self::Ward, Self::SpecialZone, Self::Centre];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Department => "department",
            Self::Commune => "commune",
            Self::Ward => "ward",
            Self::SpecialZone => "special-zone",
            Self::Centre => "centre",
        }
    }

    /// Cấp xã: the lower of the two levels of government.
    pub const fn is_commune_level(self) -> bool {
        matches!(self, Self::Commune | Self::Ward | Self::SpecialZone)
    }
}

/// All units, by code.
#[derive(Clone, Debug, Default)]
pub struct Agencies {
    units: Vec<Unit>,
    by_code: HashMap<String, usize>,
}

impl Agencies {
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter()
    }

    pub fn get(&self, code: &str) -> Option<&Unit> {
        self.by_code.get(code).map(|&at| &self.units[at])
    }

    /// The units that can handle what is declared with `agency = "…"`: one unit by its code, or all units of a kind.
    /// `commune` means the whole commune level, wards and special zones too. Empty when it is neither.
    pub fn handling(&self, agency: &str) -> Vec<&Unit> {
        if let Some(unit) = self.get(agency) {
            return vec![unit];
        }
        let fits = |kind: UnitKind| match agency {
            "commune" => kind.is_commune_level(),
            other => kind.as_str() == other,
        };
        self.units.iter().filter(|unit| fits(unit.kind)).collect()
    }

    /// The commune-level unit of an area, by the area's code.
    pub fn of_area(&self, area: &str) -> Option<&Unit> {
        self.units.iter().find(|u| u.kind.is_commune_level() && u.area.as_ref().is_some_and(|a| **a == area))
    }

    /// The units directly below.
    pub fn children<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Unit> {
        self.units.iter().filter(move |unit| unit.parent.as_ref().is_some_and(|parent| **parent == code))
    }

    /// Reports an `agency = "…"` that is neither a unit nor a kind, where it stands.
    pub fn expect(&self, agency: &Placed<String>, report: &mut Report) {
        if self.handling(agency).is_empty() {
            let kinds = UnitKind::ALL.map(UnitKind::as_str);
            let known = self.by_code.keys().map(String::as_str).chain(kinds);
            let remedy = match nearest(agency, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write the code of a unit in agencies.toml, or a kind: {}", kinds.join(", ")),
            };
            report.add(agency.place(), format!("the agency `{agency}` is not known"), remedy);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unit: Vec<Unit>,
}

impl Declaration for Agencies {
    const NAME: &'static str = "agencies";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let more = folder.contains("agencies.toml") || folder.list("agencies", "toml").next().is_none();
        let first = if more { folder.toml::<File>("agencies.toml", report) } else { None };
        let rest = folder.tomls::<File>("agencies", report).into_iter().map(|file| file.value);
        let mut agencies = Self::default();
        let mut dossier_codes = HashMap::new();
        for unit in first.into_iter().chain(rest).flat_map(|file| file.unit) {
            if let Some(other) = agencies.get(&unit.code) {
                let what = format!("the unit `{}` is already declared at {}", unit.code, other.code.place());
                report.add(unit.code.place(), what, "give it another code or remove one of the two");
                continue;
            }
            if UnitKind::ALL.iter().any(|kind| kind.as_str() == unit.code.as_str()) {
                let what = format!("the code `{}` is also the name of a kind of unit", unit.code);
                report.add(unit.code.place(), what, "give the unit another code");
            }
            if let Some(other) = dossier_codes.insert(unit.dossier_code.to_string(), unit.code.to_string()) {
                let what = format!("the dossier code `{}` also belongs to `{other}`", unit.dossier_code);
                report.add(unit.dossier_code.place(), what, "give each unit its own, or their dossiers collide");
            }
            agencies.by_code.insert(unit.code.to_string(), agencies.units.len());
            agencies.units.push(unit);
        }
        agencies
    }

    fn check(&self, city: &City, report: &mut Report) {
        for unit in &self.units {
            if let Some(parent) = &unit.parent
                && (self.get(parent).is_none() || parent == &unit.code)
            {
                let remedy = match nearest(parent, self.by_code.keys().map(String::as_str)) {
                    Some(near) if near != unit.code.as_str() => format!("did you mean `{near}`?"),
                    _ => "write the code of the unit above, or remove the line".to_owned(),
                };
                report.add(parent.place(), format!("the parent `{parent}` is not another unit"), remedy);
            }
            match &unit.area {
                Some(area) if !city.areas().iter().any(|known| known.code == **area && known.valid_to.is_none()) => {
                    let what = format!("the area `{area}` is no present area of areas.csv");
                    report.add(area.place(), what, "write the code of an area whose valid_to is empty");
                }
                None if unit.kind.is_commune_level() => {
                    let what = format!("the unit `{}` is of the commune level and has no area", unit.code);
                    report.add(unit.code.place(), what, "add a line `area = \"…\"` with the code of its area");
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danang_has_94_commune_level_units() {
        let (city, report) = City::load(Folder::embedded(), []);
        assert!(report.is_empty(), "{report}");
        let agencies = city.agencies();
        assert_eq!(agencies.handling("commune").len(), 94);
        assert_eq!(agencies.handling("ward").len(), 23);
        assert_eq!(agencies.handling("special-zone").len(), 1);
        assert_eq!(agencies.of_area("20242").unwrap().code.as_str(), "ubnd-hai-chau");
        assert!(agencies.handling("department").len() >= 12);
        assert!(agencies.handling("nobody").is_empty());
        assert!(agencies.children("ubnd-thanh-pho").count() > 100);
    }

    #[test]
    fn mistakes_name_their_line() {
        let text = "[[unit]]\ncode = \"a\"\nname = \"A\"\nkind = \"ward\"\nparent = \"ubnd-thanh-phoo\"\n\
                    area = \"1\"\ndossier_code = \"000.00.01.H17\"\n\n[[unit]]\ncode = \"a\"\nname = \"B\"\n\
                    kind = \"city\"\ndossier_code = \"x\"\n";
        let (_, report) = City::load(Folder::embedded().with("agencies/zz.toml", text), []);
        let problems = report.to_string();
        for expected in [
            "agencies/zz.toml:5: the parent `ubnd-thanh-phoo` is not another unit; did you mean `ubnd-thanh-pho`?",
            "agencies/zz.toml:6: the area `1` is no present area of areas.csv; ",
            "agencies/zz.toml:10: the unit `a` is already declared at agencies/zz.toml:2; ",
        ] {
            assert!(problems.contains(expected), "{problems}");
        }
    }
}
