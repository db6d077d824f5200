//! Call tickets: an officer calls who is next, calls again, finishes, or passes over whoever is not there.

use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal, Role, clean_line};
use songhan_db::{At, Tx};

use crate::store;
use crate::ticket::{Ticket, TicketChanged, TicketState};

/// What is done with a number that was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Again,
    Done,
    Skip,
}

impl Verb {
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "again" => Some(Self::Again),
            "done" => Some(Self::Done),
            "skip" => Some(Self::Skip),
            _ => None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such queue or number at a counter of yours")]
    NotFound,
    #[error("the name of the desk is empty or longer than 40 characters; write it as the board shall show it")]
    Desk,
    #[error("the number is not called any more; look at the queue again")]
    NotCalled,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found("number"),
            Self::Desk => Problem::invalid("desk_invalid", self.to_string(), Vec::new()),
            Self::NotCalled => Problem::conflict("ticket_not_called", self.to_string()),
            Self::Internal(error) => error.into(),
        }
    }
}

const DESK_CHARS_MAX: usize = 40;

/// Calls who is next to this desk; `None` when nobody waits. What the officer had called before is done by that.
pub async fn call_next(cx: &Cx, unit: &str, desk: &str) -> Result<Option<Ticket>, Rejection> {
    let officer = cx.actor.account().filter(|_| cx.actor.has_at(Role::Officer, unit)).ok_or(Rejection::NotFound)?;
    if cx.city.agencies().get(unit).is_none() {
        return Err(Rejection::NotFound);
    }
    let desk = clean_line(desk);
    if desk.is_empty() || desk.chars().count() > DESK_CHARS_MAX {
        return Err(Rejection::Desk);
    }
    let day = cx.today().to_string();
    let mut tx = cx.begin().await?;
    for ticket in store::called_by(&mut tx, unit, &day, officer).await? {
        finish(&mut tx, ticket, TicketState::Done).await?;
    }
    let next = store::next(&mut tx, unit, &day).await?;
    let called = match next {
        Some(next) => {
            let called = Ticket {
                state: TicketState::Called.as_str().to_owned(),
                desk: Some(desk),
                officer: Some(officer),
                calls: 1,
                called_at: Some(At(tx.now())),
                ..next
            };
            change(&mut tx, &called).await?;
            Some(called)
        }
        None => None,
    };
    tx.commit().await?;
    Ok(called)
}

/// Calls again, finishes or passes over a number that was called at a counter of the officer's unit.
pub async fn change_ticket(cx: &Cx, id: &str, verb: Verb) -> Result<Ticket, Rejection> {
    let id: Id = id.parse().map_err(|_| Rejection::NotFound)?;
    let mut tx = cx.begin().await?;
    let ticket = store::lock(&mut tx, id).await?.ok_or(Rejection::NotFound)?;
    if !cx.actor.has_at(Role::Officer, &ticket.unit) {
        return Err(Rejection::NotFound);
    }
    if !ticket.is(TicketState::Called) {
        return Err(Rejection::NotCalled);
    }
    let changed = match verb {
        Verb::Again => {
            let again = Ticket { calls: ticket.calls + 1, ..ticket };
            change(&mut tx, &again).await?;
            again
        }
        Verb::Done => finish(&mut tx, ticket, TicketState::Done).await?,
        Verb::Skip => finish(&mut tx, ticket, TicketState::Skipped).await?,
    };
    tx.commit().await?;
    Ok(changed)
}

async fn finish(tx: &mut Tx, ticket: Ticket, state: TicketState) -> Result<Ticket, Internal> {
    let finished = Ticket { state: state.as_str().to_owned(), ended_at: Some(At(tx.now())), ..ticket };
    change(tx, &finished).await?;
    Ok(finished)
}

async fn change(tx: &mut Tx, ticket: &Ticket) -> Result<(), Internal> {
    store::update(tx, ticket).await?;
    tx.emit(TicketChanged::from(ticket)).await
}
