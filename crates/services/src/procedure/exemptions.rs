//! `fee-exemptions.toml`: groups of people whom the law spares fees.

use serde::Deserialize;
use songhan_base::Text;
use songhan_city::{Declaration, Folder, Placed, Report, nearest};

/// Đối tượng được miễn, giảm phí, lệ phí.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    pub id: Placed<String>,
    pub name: Text,
    /// What shows that someone belongs to it.
    #[serde(default)]
    pub proof: Text,
}

/// The groups in the order in which they are offered.
#[derive(Clone, Debug, Default)]
pub struct Exemptions {
    groups: Vec<Exemption>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    group: Vec<Exemption>,
}

impl Exemptions {
    pub fn iter(&self) -> impl Iterator<Item = &Exemption> {
        self.groups.iter()
    }

    pub fn get(&self, id: &str) -> Option<&Exemption> {
        self.groups.iter().find(|group| *group.id == id)
    }

    /// Reports a group that is not declared, where `id` stands.
    pub fn expect(&self, id: &Placed<String>, report: &mut Report) {
        if self.get(id).is_none() {
            let remedy = match nearest(id, self.groups.iter().map(|group| group.id.as_str())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write an id of fee-exemptions.toml, or add the group there".to_owned(),
            };
            report.add(id.place(), format!("the group `{id}` is not known"), remedy);
        }
    }
}

impl Declaration for Exemptions {
    const NAME: &'static str = "fee-exemptions";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        // A city whose fees spare nobody needs no such file.
        if folder.read("fee-exemptions.toml").is_none() {
            return Self::default();
        }
        let groups = folder.toml::<File>("fee-exemptions.toml", report).map_or_else(Vec::new, |file| file.group);
        for (n, group) in groups.iter().enumerate() {
            if groups[..n].iter().any(|other| other.id == group.id) {
                report.add(group.id.place(), format!("the group `{}` stands twice", group.id), "remove one of the two");
            }
        }
        Self { groups }
    }
}
