//! `demo/people.toml`: simulated residents, officers and leaders that `serve --demo` creates. No real person.

use std::collections::HashSet;

use jiff::civil::Date;
use serde::Deserialize;
use songhan_base::{CitizenId, Role};

use crate::{City, Declaration, Folder, Placed, Report};

/// Người mô phỏng.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoPerson {
    pub name: String,
    pub role: Role,
    /// Code of the unit of an officer or leader; missing for residents, and for who works for the whole city.
    #[serde(default)]
    pub unit: Option<Placed<String>>,
    pub citizen_id: Placed<CitizenId>,
    #[serde(deserialize_with = "crate::date")]
    pub date_of_birth: Date,
    pub phone: String,
    /// At a domain that is kept for examples.
    pub email: Placed<String>,
    /// House and street.
    #[serde(default)]
    pub address: Option<String>,
    /// Code of the area of residence.
    #[serde(default)]
    pub area: Option<Placed<String>>,
}

/// The people of the demo and the password they share.
#[derive(Clone, Debug, Default)]
pub struct DemoPeople {
    pub password: String,
    people: Vec<DemoPerson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    password: Placed<String>,
    person: Vec<DemoPerson>,
}

impl DemoPeople {
    pub fn iter(&self) -> impl Iterator<Item = &DemoPerson> {
        self.people.iter()
    }

    pub fn of_role(&self, role: Role) -> impl Iterator<Item = &DemoPerson> {
        self.people.iter().filter(move |person| person.role == role)
    }
}

const PATH: &str = "demo/people.toml";

impl Declaration for DemoPeople {
    const NAME: &'static str = "demo people";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let Some(file) = folder.toml_if_present::<File>(PATH, report) else { return Self::default() };
        if file.password.chars().count() < 12 {
            report.add(file.password.place(), "the demo password is short", "write 12 characters or more");
        }
        Self { password: file.password.into_inner(), people: file.person }
    }

    fn check(&self, city: &City, report: &mut Report) {
        let (mut ids, mut emails) = (HashSet::new(), HashSet::new());
        for person in &self.people {
            if !ids.insert(person.citizen_id.as_str()) || !emails.insert(person.email.as_str()) {
                let remedy = "give each their own citizen_id and email";
                report.add(person.citizen_id.place(), format!("{} is like someone above", person.name), remedy);
            }
            if person.citizen_id.birth_year() != person.date_of_birth.year() {
                let what = format!("the number of {} tells another birth year", person.name);
                report.add(person.citizen_id.place(), what, "digits 5 and 6 are the year, digit 4 the century and sex");
            }
            let domain = person.email.rsplit_once('@').map_or("", |(_, domain)| domain);
            if !["example", "example.com", "example.org", "example.net"]
                .iter()
                .any(|e| domain == *e || domain.strip_suffix(e).is_some_and(|rest| rest.ends_with('.')))
            {
                let what = format!("{} is not at a domain kept for examples", person.email);
                report.add(person.email.place(), what, "use a name ending in .example, so that no one real gets mail");
            }
            if let Some(unit) = &person.unit {
                if city.agencies().get(unit).is_none() {
                    report.add(
                        unit.place(),
                        format!("the unit `{unit}` is not known"),
                        "write a code of agencies.toml",
                    );
                }
            } else if matches!(person.role, Role::Officer | Role::Leader) {
                let what = format!("{} has no unit", person.name);
                report.add(person.email.place(), what, "add a line `unit = \"…\"` with a code of agencies.toml");
            }
            if let Some(area) = &person.area
                && !city.areas().iter().any(|known| known.code == **area && known.valid_to.is_none())
            {
                report.add(area.place(), format!("the area `{area}` is no present area"), "write a code of areas.csv");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_has_everyone_the_thread_needs() {
        let (city, report) = City::load(Folder::embedded(), []);
        assert!(report.is_empty(), "{report}");
        let people = city.get::<DemoPeople>();
        for role in Role::ALL {
            assert!(people.of_role(role).next().is_some(), "no {role}");
        }
        let units: HashSet<_> = people.of_role(Role::Officer).filter_map(|p| p.unit.as_deref().cloned()).collect();
        let led: HashSet<_> = people.of_role(Role::Leader).filter_map(|p| p.unit.as_deref().cloned()).collect();
        assert!(units.is_subset(&led), "every unit with an officer has a leader to sign: {units:?} {led:?}");
    }

    #[test]
    fn no_one_real_gets_mail() {
        let folder = Folder::embedded();
        let text = folder.read(PATH).unwrap().replacen(".example\"", ".vn\"", 1);
        let (_, report) = City::load(folder.with(PATH, &text), []);
        assert!(
            report.to_string().contains("not at a domain kept for examples; use a name ending in .example"),
            "{report}"
        );
    }
}
