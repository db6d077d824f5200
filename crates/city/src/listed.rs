//! Lists of named things, one file each: fields, groups, life events. Ids stand once; a wrong id gets the nearest right
//! one as its remedy.

use crate::{City, Declaration, Folder, Placed, Report, nearest};

/// Something with an id in a file of the city's folder.
pub trait Listed: Sized + Send + Sync + 'static {
    /// What one is called in a message: `field`.
    const WHAT: &'static str;
    /// Where they are declared: `fields.toml`.
    const FILE: &'static str;

    fn id(&self) -> &Placed<String>;

    /// Those of the file.
    fn read(folder: &Folder, report: &mut Report) -> Vec<Self>;

    /// What one says of other declarations.
    fn check(&self, city: &City, report: &mut Report) {
        let _ = (city, report);
    }
}

/// The things of a file, in its order.
#[derive(Clone, Debug)]
pub struct List<T>(Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Listed> List<T> {
    fn new(items: Vec<T>, report: &mut Report) -> Self {
        for (n, item) in items.iter().enumerate() {
            if items[..n].iter().any(|other| other.id() == item.id()) {
                let what = format!("the {} `{}` stands twice", T::WHAT, item.id());
                report.add(item.id().place(), what, "remove one of the two");
            }
        }
        Self(items)
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    pub fn get(&self, id: &str) -> Option<&T> {
        self.0.iter().find(|item| item.id().as_str() == id)
    }

    /// Reports an id that is not declared, where it is named.
    pub fn expect(&self, id: &Placed<String>, report: &mut Report) {
        if self.get(id).is_none() {
            let remedy = match nearest(id, self.0.iter().map(|item| item.id().as_str())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write an id of {}, or add the {} there", T::FILE, T::WHAT),
            };
            report.add(id.place(), format!("the {} `{id}` is not known", T::WHAT), remedy);
        }
    }
}

impl<T: Listed> Declaration for List<T> {
    const NAME: &'static str = T::FILE;

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let items = T::read(folder, report);
        Self::new(items, report)
    }

    fn check(&self, city: &City, report: &mut Report) {
        for item in &self.0 {
            item.check(city, report);
        }
    }
}
