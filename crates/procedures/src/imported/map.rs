//! `catalogue.toml`: how procedures of the national catalogue fit into the city: which of its fields they stand in, and
//! which unit takes the dossiers of those that the province level handles.

use std::collections::HashMap;

use serde::Deserialize;
use songhan_city::{City, Declaration, Fields, Folder, Placed, Report};
use songhan_forms::Forms;

use crate::procedure::check;

const FILE: &str = "catalogue.toml";

/// A city that says nothing has a field for what is in none, and a one-stop centre.
const FIELD: &str = "other";
const UNIT: &str = "centre";

/// Bảng chuyển lĩnh vực quốc gia sang lĩnh vực, đơn vị của thành phố.
#[derive(Debug, Default)]
pub struct NationalMap {
    /// The form that the papers are put into.
    form: Option<Placed<String>>,
    /// What counts for fields that are not mapped.
    field: Option<Placed<String>>,
    unit: Option<Placed<String>>,
    maps: Vec<Mapped>,
    /// By the national name of a field.
    by_name: HashMap<String, usize>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mapped {
    /// Fields as the national catalogue calls them.
    national: Vec<Placed<String>>,
    field: Placed<String>,
    unit: Option<Placed<String>>,
    /// Whether "cấp xã" is the People's Committee of the ward or commune, and not an outpost of a ministry.
    #[serde(default = "yes")]
    commune: bool,
}

const fn yes() -> bool {
    true
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    form: Option<Placed<String>>,
    field: Option<Placed<String>>,
    unit: Option<Placed<String>>,
    #[serde(default)]
    map: Vec<Mapped>,
}

/// Where a national field belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home<'a> {
    pub field: &'a str,
    /// Who takes dossiers of the province level.
    pub unit: &'a str,
    pub commune: bool,
    /// Whether the city's folder names it.
    pub is_mapped: bool,
}

impl NationalMap {
    pub fn home(&self, national: &str) -> Home<'_> {
        let mapped = self.by_name.get(national).map(|&at| &self.maps[at]);
        let default_unit = self.unit.as_ref().map_or(UNIT, |unit| unit);
        Home {
            field: mapped.map_or_else(|| self.field.as_ref().map_or(FIELD, |field| field), |mapped| &mapped.field),
            unit: mapped.and_then(|mapped| mapped.unit.as_ref()).map_or(default_unit, |unit| unit),
            commune: mapped.is_none_or(|mapped| mapped.commune),
            is_mapped: mapped.is_some(),
        }
    }

    /// The form that the papers are put into.
    pub fn form(&self, city: &City) -> String {
        let own = self.form.as_ref().map(ToString::to_string);
        own.unwrap_or_else(|| city.manifest().defaults.form.to_string())
    }
}

impl Declaration for NationalMap {
    const NAME: &'static str = FILE;

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let File { form, field, unit, map } = folder.toml_if_present(FILE, report).unwrap_or_default();
        let mut found = Self { form, field, unit, maps: map, by_name: HashMap::new() };
        for (at, mapped) in found.maps.iter().enumerate() {
            for name in &mapped.national {
                if let Some(other) = found.by_name.insert(name.to_string(), at) {
                    let what = format!("the national field `{name}` is mapped twice");
                    report.add(name.place(), what, format!("remove one; the other stands in map {}", other + 1));
                }
            }
        }
        found
    }

    fn check(&self, city: &City, report: &mut Report) {
        let fields = self.field.iter().chain(self.maps.iter().map(|mapped| &mapped.field));
        for field in fields {
            city.get::<Fields>().expect(field, report);
        }
        for unit in self.unit.iter().chain(self.maps.iter().filter_map(|mapped| mapped.unit.as_ref())) {
            city.agencies().expect(unit, report);
        }
        let Some(form) = &self.form else { return };
        match city.get::<Forms>().get(form) {
            None => city.get::<Forms>().expect(form, report),
            Some(form) => check::screens(form, report),
        }
    }
}

#[cfg(test)]
mod tests {
    use songhan_city::DeclarationKind;

    use super::*;

    fn load(text: &str) -> (City, String) {
        let kinds = [DeclarationKind::of::<Forms>(), DeclarationKind::of::<NationalMap>()];
        let (city, report) = City::load(Folder::embedded().with(FILE, text), kinds);
        (city, report.to_string())
    }

    #[test]
    fn danang_maps_its_fields() {
        let (city, report) =
            City::load(Folder::embedded(), [DeclarationKind::of::<Forms>(), DeclarationKind::of::<NationalMap>()]);
        assert!(report.is_empty(), "{report}");
        let map = city.get::<NationalMap>();
        let home = map.home("Hộ tịch");
        assert_eq!((home.field, home.unit, home.commune), ("civil-status", "so-tu-phap", true));
        assert!(!map.home("Thuế").commune);
        let unknown = map.home("Lĩnh vực mới");
        assert_eq!((unknown.field, unknown.is_mapped), ("other", false));
        assert_eq!(map.form(&city), "national");
    }

    #[test]
    fn mistakes_are_told() {
        let (_, report) = load(
            "form = \"nationall\"\nfield = \"othr\"\n[[map]]\nnational = [\"A\", \"A\"]\nfield = \"land\"\nunit = \"so-xay-dungg\"\n",
        );
        for expected in [
            "catalogue.toml:1: the form `nationall` is not known; did you mean `national`?",
            "catalogue.toml:2: the field `othr` is not known; did you mean `other`?",
            "catalogue.toml:4: the national field `A` is mapped twice; ",
            "catalogue.toml:6: the agency `so-xay-dungg` is not known; did you mean `so-xay-dung`?",
        ] {
            assert!(report.contains(expected), "{report}");
        }
    }

    #[test]
    fn a_city_may_say_nothing() {
        let (city, report) = load("");
        assert_eq!(report, "");
        let home = city.get::<NationalMap>().home("Hộ tịch");
        assert_eq!((home.field, home.unit, home.commune), ("other", "centre", true));
        assert_eq!(city.get::<NationalMap>().form(&city), "general");
    }
}
