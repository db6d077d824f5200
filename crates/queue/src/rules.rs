//! `queue.toml`: who is called first and why, how many may wait, and what people come for beside the fields of service.

use serde::Deserialize;
use songhan_app::Cx;
use songhan_base::Text;
use songhan_city::{Declaration, Fields, Folder, Placed, Report};
use songhan_procedures::Catalogue;

/// Quy tắc lấy số thứ tự.
#[derive(Clone, Debug)]
pub struct QueueRules {
    /// The most who may wait at one unit.
    pub waiting_max: i64,
    /// The last number of a day.
    pub day_max: i64,
    /// Tickets are kept so long, for figures.
    pub kept_days: i64,
    pub services: Vec<Service>,
    pub priorities: Vec<Priority>,
}

/// What people come for that is no field of service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub id: Placed<String>,
    pub name: Text,
    pub icon: String,
}

/// Đối tượng ưu tiên.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    pub id: Placed<String>,
    pub name: Text,
    /// The law, or whose rule it is.
    pub source: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    waiting_max: Placed<u32>,
    day_max: Placed<u32>,
    kept_days: Placed<u32>,
    #[serde(default)]
    service: Vec<Service>,
    #[serde(default)]
    priority: Vec<Priority>,
}

const FILE: &str = "queue.toml";

impl Default for QueueRules {
    fn default() -> Self {
        Self { waiting_max: 200, day_max: 999, kept_days: 400, services: Vec::new(), priorities: Vec::new() }
    }
}

impl Declaration for QueueRules {
    const NAME: &'static str = "queue";

    /// A city without the file has a queue without priorities.
    fn load(folder: &Folder, report: &mut Report) -> Self {
        let Some(file) = folder.toml_if_present::<File>(FILE, report) else { return Self::default() };
        for (number, most) in [(&file.waiting_max, 10_000), (&file.day_max, 9_999), (&file.kept_days, 3_650)] {
            if !(1..=most).contains(&**number) {
                report.add(number.place(), format!("{} is out of range", **number), format!("write 1 to {most}"));
            }
        }
        for priority in file.priority.iter().filter(|priority| priority.source.vi.trim().is_empty()) {
            report.add(priority.id.place(), "a priority without a source", "name the law, or whose rule it is");
        }
        let ids = file.service.iter().map(|s| &s.id).chain(file.priority.iter().map(|p| &p.id));
        let mut known: Vec<&str> = Vec::new();
        for id in ids {
            if known.contains(&id.as_str()) {
                report.add(id.place(), format!("`{id}` stands twice"), "give each an id of its own");
            }
            known.push(id);
        }
        Self {
            waiting_max: i64::from(*file.waiting_max),
            day_max: i64::from(*file.day_max),
            kept_days: i64::from(*file.kept_days),
            services: file.service,
            priorities: file.priority,
        }
    }
}

/// A button of the kiosk.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Button {
    pub id: String,
    pub name: String,
    pub icon: String,
}

/// What people can come for at a unit: the fields in which it handles procedures, and what the rules add.
pub async fn buttons(cx: &Cx, unit: &str) -> Result<Vec<Button>, songhan_base::Internal> {
    let catalogue = Catalogue::of(&cx.app).await?;
    let handles = |field: &str| {
        let mut own = catalogue.declared().iter().filter(|procedure| procedure.field == field);
        own.any(|procedure| procedure.units(&cx.city).iter().any(|one| *one.code == unit))
    };
    let fields = cx.city.get::<Fields>().iter().filter(|field| handles(&field.id)).map(|field| Button {
        id: field.id.to_string(),
        name: field.name.get(cx.lang).to_owned(),
        icon: field.icon.clone(),
    });
    let others = cx.city.get::<QueueRules>().services.iter().map(|service| Button {
        id: service.id.to_string(),
        name: service.name.get(cx.lang).to_owned(),
        icon: service.icon.clone(),
    });
    Ok(fields.chain(others).collect())
}

/// The name of what someone has come for.
pub fn service_name(cx: &Cx, id: &str) -> String {
    if let Some(field) = cx.city.get::<Fields>().get(id) {
        return field.name.get(cx.lang).to_owned();
    }
    let services = &cx.city.get::<QueueRules>().services;
    services.iter().find(|one| *one.id == id).map_or_else(|| id.to_owned(), |one| one.name.get(cx.lang).to_owned())
}

/// The name of the group by which someone is called first.
pub fn priority_name(cx: &Cx, id: &str) -> String {
    let priorities = &cx.city.get::<QueueRules>().priorities;
    priorities.iter().find(|one| *one.id == id).map_or_else(|| id.to_owned(), |one| one.name.get(cx.lang).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_citys_rules_have_sources() {
        let mut report = Report::default();
        let rules = QueueRules::load(&Folder::embedded(), &mut report);
        assert!(report.is_empty(), "{report}");
        assert!(rules.priorities.len() >= 3 && rules.services.len() >= 2);
        let wrong = Folder::embedded().with(FILE, "waiting_max = 0\nday_max = 999\nkept_days = 400\n");
        QueueRules::load(&wrong, &mut report);
        assert!(report.to_string().contains("queue.toml:1: 0 is out of range; write 1 to 10000"), "{report}");
    }
}
