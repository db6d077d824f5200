//! The pages of public services: those of residents, and those of the office.

/// The templates of a part, by their names below `templates/services`.
macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        pub const TEMPLATES: &[(&str, &str)] = &[$((
            concat!("services/", $name),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/services/", $name)),
        )),+];
    };
}

mod office;
mod resident;

pub use office::inbox::{row as inbox_row, units as inbox_units};
pub use office::life::related;
#[cfg(test)]
pub use resident::tests::support as test_support;
pub use resident::{frame, posted, returning, track_not_found};
use songhan_app::{Access, MenuItem, Route};

type Template = (&'static str, &'static str);

const PARTS: [&[Template]; 2] = [resident::TEMPLATES, office::TEMPLATES];
const COUNT: usize = PARTS[0].len() + PARTS[1].len();

/// All templates, as the module hands them over.
pub const TEMPLATES: &[Template] = &{
    let mut all: [Template; COUNT] = [("", ""); COUNT];
    let (mut at, mut part, mut of_part) = (0, 0, 0);
    while at < COUNT {
        if of_part == PARTS[part].len() {
            (part, of_part) = (part + 1, 0);
            continue;
        }
        all[at] = PARTS[part][of_part];
        (at, of_part) = (at + 1, of_part + 1);
    }
    all
};

pub fn routes() -> Vec<Route> {
    [resident::routes(), office::routes()].concat()
}

pub fn menu() -> Vec<MenuItem> {
    [resident::menu(), office::menu()].concat()
}

/// An entry of the menu.
const fn item(href: &'static str, label: &'static str, icon: &'static str, access: Access, order: i32) -> MenuItem {
    MenuItem { href, label, icon, access, order }
}
