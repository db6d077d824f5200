//! `fee-exemptions.toml`: groups of people whom the law spares fees.

use serde::Deserialize;
use songhan_base::Text;
use songhan_city::{Folder, List, Listed, Placed, Report};

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
pub type Exemptions = List<Exemption>;

impl Listed for Exemption {
    const WHAT: &'static str = "group";
    const FILE: &'static str = "fee-exemptions.toml";

    fn id(&self) -> &Placed<String> {
        &self.id
    }

    /// A city whose fees spare nobody needs no such file.
    fn read(folder: &Folder, report: &mut Report) -> Vec<Self> {
        folder.toml_if_present::<File>(Self::FILE, report).map_or_else(Vec::new, |file| file.group)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    group: Vec<Exemption>,
}
