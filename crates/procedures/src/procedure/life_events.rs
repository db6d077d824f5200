//! `life-events.toml`: what happens in a life, and the procedures that belong to it.

use serde::Deserialize;
use songhan_base::Text;
use songhan_city::{City, Folder, List, Listed, Placed, Report};

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
pub type LifeEvents = List<LifeEvent>;

impl Listed for LifeEvent {
    const WHAT: &'static str = "event";
    const FILE: &'static str = "life-events.toml";

    fn id(&self) -> &Placed<String> {
        &self.id
    }

    /// A small city begins without.
    fn read(folder: &Folder, report: &mut Report) -> Vec<Self> {
        let events = folder.toml_if_present::<File>(Self::FILE, report).map_or_else(Vec::new, |file| file.event);
        for event in &events {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if event.id.is_empty() || !event.id.chars().all(plain) {
                let what = format!("`{}` cannot be an address", event.id);
                report.add(event.id.place(), what, "use small letters, digits and hyphens, as in `having-a-child`");
            }
        }
        events
    }

    fn check(&self, city: &City, report: &mut Report) {
        for code in &self.procedures {
            city.get::<Procedures>().expect(code, report);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    event: Vec<LifeEvent>,
}
