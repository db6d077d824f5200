//! `fields.toml`: the fields of public services, as residents look for them.

use serde::Deserialize;
use songhan_base::Text;

use crate::{Folder, List, Listed, Placed, Report};

/// Lĩnh vực.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub id: Placed<String>,
    pub name: Text,
    /// Name of an icon of the design system.
    pub icon: String,
    /// What is found here, in a few words.
    #[serde(default)]
    pub summary: Text,
}

/// The fields in the order in which they are shown.
pub type Fields = List<Field>;

impl Listed for Field {
    const WHAT: &'static str = "field";
    const FILE: &'static str = "fields.toml";

    fn id(&self) -> &Placed<String> {
        &self.id
    }

    fn read(folder: &Folder, report: &mut Report) -> Vec<Self> {
        folder.toml::<File>(Self::FILE, report).map_or_else(Vec::new, |file| file.field)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    field: Vec<Field>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Declaration, Place};

    #[test]
    fn names_the_nearest_field() {
        let fields = Fields::load(&Folder::embedded(), &mut Report::default());
        assert!(fields.iter().count() >= 12);
        let mut report = Report::default();
        let wrong = Placed::new("civil-statu".to_owned(), Place::new("procedures/a.md", 4));
        fields.expect(&wrong, &mut report);
        assert_eq!(
            report.to_string(),
            "procedures/a.md:4: the field `civil-statu` is not known; did you mean `civil-status`?"
        );
    }
}
