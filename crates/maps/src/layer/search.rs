//! Tra cứu địa điểm: by what the features of a layer are found when somebody looks for a place.

use serde::Deserialize;

use super::{Attribute, Kind};

/// Cách tra cứu.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Tên: the attributes by which a feature is called; it is shown by the first that it has.
    pub names: Vec<String>,
    /// Loại: an attribute with a domain, whose titles find its features too.
    #[serde(default)]
    pub kind: Option<String>,
    /// Địa chỉ: the attribute that holds it as people write it.
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub of: Of,
    /// Mã đơn vị hành chính: the attribute that holds the code of an area.
    #[serde(default)]
    pub code: Option<String>,
}

/// What the features are for somebody who looks for a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    #[default]
    Place,
    /// Đường phố: what an address stands on.
    Street,
    /// Đơn vị hành chính: what a place lies in.
    Area,
}

impl Search {
    /// What is wrong with it, with its remedy.
    pub(super) fn mistakes(&self, attributes: &[&Attribute]) -> Vec<(String, &'static str)> {
        let mut wrong = Vec::new();
        if self.names.is_empty() {
            wrong.push(("[search] names no attribute".to_owned(), "name the attributes by which a feature is called"));
        }
        let texts = self.names.iter().chain(&self.address).chain(&self.code);
        let known = |name: &String| attributes.iter().find(|one| one.name == **name);
        for name in texts.filter(|name| known(name).is_none_or(|one| one.kind != Kind::Text)) {
            wrong.push((format!("[search]: the layer has no text attribute `{name}`"), "name one of its attributes"));
        }
        if let Some(kind) = self.kind.as_ref().filter(|kind| known(kind).is_none_or(|one| one.domain.is_empty())) {
            wrong.push((
                format!("[search]: `{kind}` is no attribute with a domain"),
                "give it a domain, or remove the line",
            ));
        }
        if self.of == Of::Area && self.code.is_none() {
            wrong.push((
                "[search] of areas needs their code".to_owned(),
                "write code = \"…\", the attribute that holds it",
            ));
        }
        wrong
    }
}
