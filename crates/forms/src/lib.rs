//! Forms declared as data: questions with conditions and checks, one a screen, drafts kept at every step.
//!
//! A form is a file of the city's folder `forms/`; any module may ask for it by code (`cx.city.get::<Forms>()`), show it
//! screen by screen, check answers and show them again in words. Nothing here knows what a form is for.
//!
//! Owns the table `drafts`. Emits no event: a draft is its owner's own business until it is sent. What always holds:
//! - answers that passed [`Form::check`] are clean, complete, of known questions only, and none belongs to a hidden one;
//! - checking them again changes nothing;
//! - a draft is read, changed and deleted by its owner only, and never swept within ninety days of its last change.

mod answers;
mod check;
mod declare;
pub mod drafts;
mod form;
mod made;
mod personal;
mod profile;
mod read;
#[cfg(test)]
mod sample;
mod schema;
mod screens;
mod store;
mod summary;
mod value;
mod view;

use std::time::Duration;

use songhan_app::{Module, Schedule};
use songhan_base::Lang;
use songhan_city::DeclarationKind;
use songhan_db::Migration;

pub use answers::{Answers, Checked, Errors};
pub use check::{CheckContext, Fitting};
pub use form::{Choice, Condition, Form, Forms, Period, Question, Section, Signature, Source, Widget};
pub use profile::Profile;
pub use read::Fields;
pub use screens::Screen;
pub use summary::{SummaryRow, SummarySection, SummaryValue};
pub use view::{OptionView, QuestionView, ScreenView, UploadedFile};

/// The engine, as the binary lists it.
pub fn module() -> Module {
    Module {
        name: "forms",
        migrations: &[Migration {
            module: "forms",
            number: 1,
            name: "drafts",
            sql: include_str!("../migrations/0001_drafts.sql"),
        }],
        schedules: vec![Schedule::new("sweep_drafts", Duration::from_hours(1), drafts::sweep)],
        declarations: vec![DeclarationKind::of::<Forms>()],
        personal_data: Some(personal::data),
        erase: Some(personal::erase),
        templates: &[
            ("forms/question.html", include_str!("../templates/forms/question.html")),
            ("forms/summary.html", include_str!("../templates/forms/summary.html")),
        ],
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        ..Module::default()
    }
}
