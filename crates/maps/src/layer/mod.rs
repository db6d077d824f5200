//! Lớp dữ liệu: the layers of the city, each a file of `layers/`: what its features are, what is known of each, whose it
//! is, who may read and change it, how it is drawn.

mod attribute;
mod file;
mod group;
mod rights;
mod search;
mod style;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_base::Text;
use songhan_city::{City, Declaration, Folder, Placed, Report};

pub use attribute::{Attribute, Kind};
pub use group::{LayerGroup, LayerGroups};
pub use rights::{Reach, Readers, Rights};
pub use search::{Of, Search};
pub use style::{Anchors, Class, FullLabel, Style};

/// Lớp dữ liệu.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The name of its file: what addresses and tools call it.
    pub code: String,
    pub title: Text,
    pub description: Text,
    /// Nhóm trong danh mục dữ liệu dùng chung: land, construction, traffic …
    pub group: Placed<String>,
    pub shape: Shape,
    pub attributes: Vec<Attribute>,
    pub rights: Rights,
    pub style: Style,
    /// How its features are found as places; they are not, where it says nothing.
    pub search: Option<Search>,
    /// Code of the unit that answers for it.
    pub owner: Placed<String>,
    pub source: Text,
    pub licence: String,
    /// Hiệu lực: from when and until when the layer stands for something.
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// Its content is made up, and says so wherever it shows.
    pub simulated: bool,
    /// What it is first filled with: a file of the city's folder.
    pub data: Option<String>,
}

/// What the features of a layer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    Point,
    Line,
    Polygon,
    Any,
}

impl Shape {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Line => "line",
            Self::Polygon => "polygon",
            Self::Any => "any",
        }
    }
}

impl Layer {
    pub fn attribute(&self, name: &str) -> Option<(usize, &Attribute)> {
        self.attributes.iter().enumerate().find(|(_, attribute)| attribute.name == name)
    }

    /// The attributes by which a feature is called, from the greater to the smaller: tờ bản đồ, thửa.
    pub fn labels(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.label)
    }

    /// The one that stands on the map, where its neighbours share the greater ones.
    pub fn label(&self) -> Option<&Attribute> {
        self.labels().last()
    }
}

/// Danh mục lớp dữ liệu.
#[derive(Debug, Default)]
pub struct Layers(Vec<Arc<Layer>>);

impl Layers {
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Layer>> {
        self.0.iter()
    }

    pub fn get(&self, code: &str) -> Option<&Arc<Layer>> {
        self.0.iter().find(|layer| layer.code == code)
    }

    /// A layer with its place among all, which is its own while the process runs.
    pub fn numbered(&self, code: &str) -> Option<(usize, &Arc<Layer>)> {
        self.0.iter().enumerate().find(|(_, layer)| layer.code == code)
    }
}

impl Declaration for Layers {
    const NAME: &'static str = "layers";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        Self(file::read(folder, report).into_iter().map(Arc::new).collect())
    }

    fn check(&self, city: &City, report: &mut Report) {
        for layer in &self.0 {
            city.agencies().expect(&layer.owner, report);
            city.get::<LayerGroups>().expect(&layer.group, report);
        }
    }
}
