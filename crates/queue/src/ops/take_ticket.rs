//! Take a ticket: someone who comes to a unit's counter takes the next number of the day.

use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::Internal;
use songhan_db::{At, next_number};

use crate::rules::{QueueRules, buttons};
use crate::store;
use crate::ticket::{Ticket, TicketChanged, TicketState};

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such unit; look for its name under /api/v1/procedures")]
    Unit,
    #[error("nobody comes to this unit for that; choose what the page offers")]
    Service,
    #[error("too many people wait at this unit; try again in a few minutes")]
    Full,
    #[error("all numbers of today are given out; come back on the next working day")]
    Closed,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Unit => Problem::not_found("unit"),
            Self::Service => Problem::invalid("service_unknown", self.to_string(), Vec::new()),
            Self::Full => Problem::conflict("queue_full", self.to_string()),
            Self::Closed => Problem::conflict("queue_closed", self.to_string()),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Takes a number. `priority` is a group that is called first; one that the rules do not know counts as none.
pub async fn take_ticket(cx: &Cx, unit: &str, service: &str, priority: Option<&str>) -> Result<Ticket, Rejection> {
    if cx.city.agencies().get(unit).is_none() {
        return Err(Rejection::Unit);
    }
    if !buttons(cx, unit).await?.iter().any(|button| button.id == service) {
        return Err(Rejection::Service);
    }
    let rules = cx.city.get::<QueueRules>();
    let priority = priority.filter(|id| rules.priorities.iter().any(|one| *one.id == *id));
    let day = cx.today().to_string();
    let mut tx = cx.begin().await?;
    let now = store::figures(&mut tx, unit, &day).await?;
    if now.taken >= rules.day_max {
        return Err(Rejection::Closed);
    }
    if now.waiting >= rules.waiting_max {
        return Err(Rejection::Full);
    }
    let ticket = Ticket {
        id: cx.env.id(),
        number: next_number(&mut tx, &format!("queue:{unit}:{day}")).await?,
        unit: unit.to_owned(),
        day,
        service: service.to_owned(),
        priority: priority.map(str::to_owned),
        state: TicketState::Waiting.as_str().to_owned(),
        desk: None,
        officer: None,
        calls: 0,
        taken_at: At(tx.now()),
        called_at: None,
        ended_at: None,
    };
    store::insert(&mut tx, &ticket).await?;
    tx.emit(TicketChanged::from(&ticket)).await?;
    tx.commit().await?;
    Ok(ticket)
}
