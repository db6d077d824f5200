//! `fields.toml`: the fields of public services, as residents look for them.

use serde::Deserialize;
use songhan_base::Text;

use crate::{Declaration, Folder, Placed, Report, nearest};

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
#[derive(Clone, Debug, Default)]
pub struct Fields {
    fields: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    field: Vec<Field>,
}

impl Fields {
    pub fn iter(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter()
    }

    pub fn get(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| *field.id == id)
    }

    /// Reports a field that is not declared, where `id` stands.
    pub fn expect(&self, id: &Placed<String>, report: &mut Report) {
        if self.get(id).is_none() {
            let remedy = match nearest(id, self.fields.iter().map(|f| f.id.as_str())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write an id of fields.toml, or add the field there".to_owned(),
            };
            report.add(id.place(), format!("the field `{id}` is not known"), remedy);
        }
    }
}

impl Declaration for Fields {
    const NAME: &'static str = "fields";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let fields = folder.toml::<File>("fields.toml", report).map_or_else(Vec::new, |file| file.field);
        for (n, field) in fields.iter().enumerate() {
            if fields[..n].iter().any(|other| other.id == field.id) {
                report.add(field.id.place(), format!("the field `{}` stands twice", field.id), "remove one of the two");
            }
        }
        Self { fields }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Place;

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
