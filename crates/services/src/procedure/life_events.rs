//! `life-events.toml`: what happens in a life, and the procedures that belong to it.

use serde::Deserialize;
use songhan_base::Text;
use songhan_city::{City, Declaration, Folder, Placed, Report, nearest};

use super::Procedures;

/// Sự kiện trong đời: residents need not know what a procedure is called, only what happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifeEvent {
    pub id: Placed<String>,
    pub name: Text,
    /// Name of an icon of the design system.
    pub icon: String,
    #[serde(default)]
    pub summary: Text,
    /// Codes of procedures, what comes first stands first.
    pub procedures: Vec<Placed<String>>,
}

/// The events in the order in which they are shown.
#[derive(Clone, Debug, Default)]
pub struct LifeEvents {
    events: Vec<LifeEvent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    event: Vec<LifeEvent>,
}

impl LifeEvents {
    pub fn iter(&self) -> impl Iterator<Item = &LifeEvent> {
        self.events.iter()
    }

    pub fn get(&self, id: &str) -> Option<&LifeEvent> {
        self.events.iter().find(|event| *event.id == id)
    }
}

impl Declaration for LifeEvents {
    const NAME: &'static str = "life-events";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        // A small city begins without.
        if folder.read("life-events.toml").is_none() {
            return Self::default();
        }
        let events = folder.toml::<File>("life-events.toml", report).map_or_else(Vec::new, |file| file.event);
        for (n, event) in events.iter().enumerate() {
            if events[..n].iter().any(|other| other.id == event.id) {
                report.add(event.id.place(), format!("the event `{}` stands twice", event.id), "remove one of the two");
            }
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if event.id.is_empty() || !event.id.chars().all(plain) {
                let what = format!("`{}` cannot be an address", event.id);
                report.add(event.id.place(), what, "use small letters, digits and hyphens, as in `having-a-child`");
            }
        }
        Self { events }
    }

    fn check(&self, city: &City, report: &mut Report) {
        let procedures = city.get::<Procedures>();
        for code in self.events.iter().flat_map(|event| &event.procedures) {
            if procedures.get(code).is_none() {
                let near = nearest(code, procedures.iter().map(|one| one.code.as_str()));
                let remedy =
                    near.map_or("name a code of the catalogue".to_owned(), |near| format!("did you mean `{near}`?"));
                report.add(code.place(), format!("there is no procedure `{code}`"), remedy);
            }
        }
    }
}
