//! `city.toml`: what this city is called, where its clock stands and what its declarations use by default.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use songhan_base::{Lang, Text};

use crate::{Declaration, Folder, Place, Placed, Report};

/// The city itself.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Full name: "Thành phố Đà Nẵng".
    pub name: Text,
    /// As in running text: "Đà Nẵng".
    pub short_name: Text,
    /// A word for file names and addresses: `danang`.
    pub code: String,
    /// Code of the area that is the whole city, in `areas.csv`.
    pub area: Placed<String>,
    pub time_zone: TimeZone,
    pub languages: Vec<Lang>,
    /// Tổng đài: the number residents call.
    pub hotline: String,
    pub defaults: Defaults,
    pub dossier_code: DossierPattern,
}

/// What a procedure uses when it does not say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// Name of a file in `workflows/`.
    pub workflow: Placed<String>,
    /// Name of a file in `forms/`.
    pub form: Placed<String>,
}

/// Mã số hồ sơ: how a dossier's code is made of unit, day and number within the day.
///
/// Circular 01/2018/TT-VPCP, article 19, had `{unit}-{date}-{number}` with four digits; Decree 118/2025/NĐ-CP made
/// the form the ministry's to change, so it is data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierPattern {
    pattern: String,
    digits: usize,
}

impl DossierPattern {
    /// The code of the `number`th dossier that a unit receives on a day; `None` when the digits do not suffice.
    pub fn code(&self, unit: &str, day: Date, number: u32) -> Option<String> {
        let digits = self.digits;
        if number == 0 || number > self.number_max() {
            return None;
        }
        let (year, month, day) = (day.year() % 100, day.month(), day.day());
        let code = self.pattern.replace("{unit}", unit).replace("{date}", &format!("{year:02}{month:02}{day:02}"));
        Some(code.replace("{number}", &format!("{number:0digits$}")))
    }

    /// The most dossiers one unit can receive on one day.
    pub fn number_max(&self) -> u32 {
        10_u32.pow(self.digits as u32) - 1
    }

    fn new(pattern: &str, digits: usize) -> Result<Self, &'static str> {
        if !["{unit}", "{date}", "{number}"].iter().all(|part| pattern.matches(part).count() == 1) {
            return Err("the pattern must hold {unit}, {date} and {number} once each");
        }
        if !(3..=8).contains(&digits) {
            return Err("the number must have 3 to 8 digits");
        }
        Ok(Self { pattern: pattern.to_owned(), digits })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Text,
    short_name: Text,
    code: Placed<String>,
    area: Placed<String>,
    time_zone: Placed<String>,
    languages: Vec<Lang>,
    hotline: String,
    defaults: Defaults,
    dossier: Dossier,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dossier {
    code: Placed<String>,
    digits: usize,
}

const PATH: &str = "city.toml";

impl Declaration for Manifest {
    const NAME: &'static str = "city";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let Some(file) = folder.toml::<File>(PATH, report) else { return Self::unknown() };
        if file.code.is_empty() || !file.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            report.add(file.code.place(), format!("the code `{}` is no single word", file.code), "use a-z, 0-9 and -");
        }
        let time_zone = TimeZone::get(&file.time_zone).unwrap_or_else(|_| {
            let what = format!("the time zone `{}` is not known", file.time_zone);
            report.add(file.time_zone.place(), what, "use a name such as `Asia/Ho_Chi_Minh`");
            zone()
        });
        if !file.languages.contains(&Lang::Vi) {
            report.add(
                &Place::file(PATH),
                "Vietnamese is not among the languages",
                "write languages = [\"vi\", \"en\"]",
            );
        }
        let dossier_code = DossierPattern::new(&file.dossier.code, file.dossier.digits).unwrap_or_else(|what| {
            report.add(file.dossier.code.place(), what, "write code = \"{unit}-{date}-{number}\" and digits = 4");
            pattern()
        });
        Self {
            name: file.name,
            short_name: file.short_name,
            code: file.code.into_inner(),
            area: file.area,
            time_zone,
            languages: file.languages,
            hotline: file.hotline,
            defaults: file.defaults,
            dossier_code,
        }
    }

    fn check(&self, city: &crate::City, report: &mut Report) {
        if city.folder().contains(PATH) && !city.areas().iter().any(|area| area.code == *self.area) {
            let what = format!("the city's area `{}` does not stand in areas.csv", self.area);
            report.add(self.area.place(), what, "write the code of the row that is the whole city");
        }
        for (kind, name) in [("workflows", &self.defaults.workflow), ("forms", &self.defaults.form)] {
            if city.folder().contains(PATH) && !city.folder().contains(&format!("{kind}/{}.toml", **name)) {
                let what = format!("the default `{name}` has no file {kind}/{name}.toml");
                report.add(name.place(), what, format!("write the name of a file in {kind}/, without .toml"));
            }
        }
    }
}

fn zone() -> TimeZone {
    TimeZone::get("Asia/Ho_Chi_Minh").unwrap_or(TimeZone::UTC)
}

fn pattern() -> DossierPattern {
    DossierPattern { pattern: "{unit}-{date}-{number}".to_owned(), digits: 4 }
}

impl Manifest {
    /// Stands in for a `city.toml` that could not be read, which has been reported.
    fn unknown() -> Self {
        let nowhere = |text: &str| Placed::new(text.to_owned(), Place::file(PATH));
        Self {
            name: Text::default(),
            short_name: Text::default(),
            code: String::new(),
            area: nowhere(""),
            time_zone: zone(),
            languages: Lang::ALL.to_vec(),
            hotline: String::new(),
            defaults: Defaults { workflow: nowhere("one-stop"), form: nowhere("general") },
            dossier_code: pattern(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::City;

    #[test]
    fn dossier_codes_follow_the_pattern() {
        let pattern = DossierPattern::new("{unit}-{date}-{number}", 4).unwrap();
        let day = date(2026, 11, 21);
        assert_eq!(pattern.code("000.00.15.H17", day, 1).unwrap(), "000.00.15.H17-261121-0001");
        assert_eq!(pattern.code("000.00.15.H17", day, 9_999).unwrap(), "000.00.15.H17-261121-9999");
        assert_eq!(pattern.code("000.00.15.H17", day, 10_000), None);
        // 1 November and 11 January must not look alike.
        assert_ne!(pattern.code("u", date(2026, 11, 1), 1), pattern.code("u", date(2026, 1, 11), 1));
        assert!(DossierPattern::new("{unit}-{number}", 4).is_err());
    }

    #[test]
    fn mistakes_are_told_with_the_line() {
        let folder = Folder::embedded();
        let good = folder.read(PATH).unwrap();
        for (old, new, expected) in [
            ("Asia/Ho_Chi_Minh", "Asia/Da_Nang", "the time zone `Asia/Da_Nang` is not known; "),
            ("{unit}-{date}-{number}", "{unit}-{number}", "the pattern must hold {unit}, {date} and {number}"),
            ("one-stop", "one-stopp", "the default `one-stopp` has no file workflows/one-stopp.toml"),
            ("area = \"48\"", "area = \"4\"", "the city's area `4` does not stand in areas.csv"),
        ] {
            assert!(good.contains(old), "{old}");
            let (_, report) = City::load(folder.with(PATH, &good.replacen(old, new, 1)), []);
            let text = report.to_string();
            assert!(text.starts_with("city.toml:") && text.contains(expected), "{text}");
        }
        let (_, report) = City::load(folder.without(PATH), []);
        assert!(report.to_string().starts_with("city.toml:1: the file is missing; "), "{report}");
        assert_eq!(report.len(), 1, "{report}");
    }
}
