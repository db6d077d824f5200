//! Kinds of declaration, and the city that holds them by type.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::{Agencies, Areas, Calendars, DemoPeople, Fields, Folder, Manifest, Report, WorkingTime};

/// Something a city declares in its folder: all its procedures, all its forms, its agencies.
///
/// `load` reads and checks what can be checked alone; it always gives a value and puts mistakes into the report.
/// `check` runs when everything is loaded and looks at what one declaration says of another.
pub trait Declaration: Send + Sync + Sized + 'static {
    /// For messages: `"procedures"`.
    const NAME: &'static str;

    fn load(folder: &Folder, report: &mut Report) -> Self;

    fn check(&self, city: &City, report: &mut Report) {
        let _ = (city, report);
    }
}

type Value = Arc<dyn Any + Send + Sync>;

/// A kind of declaration without its type, as modules list it: `DeclarationKind::of::<Procedures>()`.
#[derive(Clone, Copy)]
pub struct DeclarationKind {
    name: &'static str,
    id: fn() -> TypeId,
    load: fn(&Folder, &mut Report) -> Value,
    check: fn(&City, &mut Report),
}

impl DeclarationKind {
    pub fn of<T: Declaration>() -> Self {
        Self {
            name: T::NAME,
            id: TypeId::of::<T>,
            load: |folder, report| Arc::new(T::load(folder, report)),
            check: |city, report| {
                if let Some(value) = city.try_get::<T>() {
                    value.check(city, report);
                }
            },
        }
    }

    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl std::fmt::Debug for DeclarationKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeclarationKind({})", self.name)
    }
}

/// A city as it was loaded: its declarations by type. Cheap to clone; never changes.
#[derive(Clone)]
pub struct City {
    folder: Folder,
    values: Arc<HashMap<TypeId, Value>>,
}

impl City {
    /// Reads the folder: first what every city has, then `kinds` in their order (a kind named twice is read once),
    /// then all checks. A city whose report is not empty must not be served; it is given all the same, so that a
    /// caller can show what was understood.
    pub fn load(folder: Folder, kinds: impl IntoIterator<Item = DeclarationKind>) -> (Self, Report) {
        let own = [
            DeclarationKind::of::<Manifest>(),
            DeclarationKind::of::<Areas>(),
            DeclarationKind::of::<Agencies>(),
            DeclarationKind::of::<Fields>(),
            DeclarationKind::of::<Calendars>(),
            DeclarationKind::of::<WorkingTime>(),
            DeclarationKind::of::<DemoPeople>(),
        ];
        let mut report = Report::default();
        folder.check_texts(&mut report);
        let mut values = HashMap::new();
        let mut loaded = Vec::new();
        for kind in own.into_iter().chain(kinds) {
            if let Entry::Vacant(entry) = values.entry((kind.id)()) {
                entry.insert((kind.load)(&folder, &mut report));
                loaded.push(kind);
            }
        }
        let city = Self { folder, values: Arc::new(values) };
        for kind in loaded {
            (kind.check)(&city, &mut report);
        }
        report.sort();
        (city, report)
    }

    /// The declarations of one kind.
    ///
    /// # Panics
    /// When no module has listed the kind: a mistake in the program, found by the first test that runs.
    pub fn get<T: Declaration>(&self) -> &T {
        self.try_get().unwrap_or_else(|| {
            panic!("the city was loaded without `{}`; list DeclarationKind::of::<…>() in a module", T::NAME)
        })
    }

    pub fn try_get<T: Declaration>(&self) -> Option<&T> {
        self.values.get(&TypeId::of::<T>())?.downcast_ref()
    }

    /// The files, for what is asked for by name later (a template, a picture).
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The city's name, code, zone, defaults.
    pub fn manifest(&self) -> &Manifest {
        self.get()
    }

    pub fn areas(&self) -> &Areas {
        self.get()
    }

    pub fn agencies(&self) -> &Agencies {
        self.get()
    }

    pub fn working_time(&self) -> &WorkingTime {
        self.get()
    }
}

impl std::fmt::Debug for City {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("City").field("code", &self.manifest().code).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Words(Vec<String>);

    impl Declaration for Words {
        const NAME: &'static str = "words";

        fn load(folder: &Folder, _: &mut Report) -> Self {
            Self(folder.read("words.txt").unwrap_or_default().lines().map(str::to_owned).collect())
        }

        fn check(&self, city: &City, report: &mut Report) {
            assert!(city.try_get::<Manifest>().is_some(), "everything is loaded before the first check");
            if self.0.is_empty() {
                report.add(&crate::Place::file("words.txt"), "there are no words", "write one a line");
            }
        }
    }

    #[test]
    fn serves_by_type() {
        let kinds = [DeclarationKind::of::<Words>(), DeclarationKind::of::<Words>()];
        let (city, report) = City::load(Folder::embedded().with("words.txt", "a\nb\n"), kinds);
        assert!(report.is_empty(), "{report}");
        assert_eq!(city.clone().get::<Words>().0, ["a", "b"]);

        let (_, report) = City::load(Folder::embedded(), kinds);
        assert_eq!(report.to_string(), "words.txt:1: there are no words; write one a line");
    }
}
