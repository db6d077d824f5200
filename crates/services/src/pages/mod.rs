//! The pages of public services: those of residents, and those of the office.

mod office;
mod resident;

pub use resident::{frame, track_not_found};
use songhan_app::{MenuItem, Route};

type Template = (&'static str, &'static str);

const COUNT: usize = resident::TEMPLATES.len() + office::TEMPLATES.len();

/// All templates, as the module hands them over.
pub const TEMPLATES: &[Template] = &{
    let mut all: [Template; COUNT] = [("", ""); COUNT];
    let mut at = 0;
    while at < COUNT {
        let residents = resident::TEMPLATES.len();
        all[at] = if at < residents { resident::TEMPLATES[at] } else { office::TEMPLATES[at - residents] };
        at += 1;
    }
    all
};

pub fn routes() -> Vec<Route> {
    [resident::routes(), office::routes()].concat()
}

pub fn menu() -> Vec<MenuItem> {
    [resident::menu(), office::menu()].concat()
}
