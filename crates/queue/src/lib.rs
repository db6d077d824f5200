//! Số thứ tự: the queue at a unit's counter. Whoever comes takes a number, officers call it to their desk, the board shows
//! it. It knows what people come for, and nothing of who they are; taking in what they bring is for `services`.
//!
//! Owns the table `queue_tickets`. Emits `services.ticket_changed` (a number was taken, called, finished or passed over);
//! hears nothing. What always holds:
//! - the numbers of a unit's day have no gap, and a number is called to one desk;
//! - those whom the law lets go first are called first, all others as they came;
//! - no personal data is kept.

pub mod ops;
mod pages;
mod rules;
mod store;
mod ticket;
mod wait;

use std::time::Duration;

use songhan_app::{Module, Schedule};
use songhan_base::{Id, Internal, Lang};
use songhan_city::DeclarationKind;
use songhan_db::Db;

pub use rules::QueueRules;
pub use ticket::Ticket;

/// Its table was made by migration 4 of `services`, of which this was a part, together with other tables; it stays there
/// as it was applied. What comes is of the module `queue` and begins with 1.
pub fn module() -> Module {
    Module {
        name: "queue",
        routes: pages::routes(),
        schedules: vec![schedule()],
        declarations: vec![DeclarationKind::of::<QueueRules>()],
        templates: pages::TEMPLATES,
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        menu: pages::menu(),
        ..Module::default()
    }
}

/// A number by its id: what is taken in for whoever has it names it.
pub async fn ticket(db: &Db, id: Id) -> Result<Option<Ticket>, Internal> {
    store::by_id(db, id).await
}

/// Forgets old numbers once a day.
fn schedule() -> Schedule {
    Schedule::new("services.sweep_queue", Duration::from_hours(24), |cx| async move {
        let kept = jiff::Span::new().days(cx.city.get::<QueueRules>().kept_days);
        let before = cx.today().checked_sub(kept).map_err(Internal::new)?;
        let mut tx = cx.begin().await?;
        store::sweep(&mut tx, before).await?;
        tx.commit().await
    })
}
