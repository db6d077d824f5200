//! A number in the queue of a unit's day. It says what someone has come for, and nothing of who they are.

use serde::{Deserialize, Serialize};
use songhan_base::Id;
use songhan_db::{At, Event};

/// Số thứ tự.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Ticket {
    pub id: Id,
    pub unit: String,
    /// `2026-11-22`.
    pub day: String,
    /// From 1, without gap, for each unit and day.
    pub number: i64,
    pub service: String,
    pub priority: Option<String>,
    /// As [`TicketState`] writes it.
    pub state: String,
    /// The desk that called it.
    pub desk: Option<String>,
    /// The account of the officer who called it.
    pub officer: Option<Id>,
    pub calls: i64,
    pub taken_at: At,
    pub called_at: Option<At>,
    pub ended_at: Option<At>,
}

/// Where a number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketState {
    Waiting,
    Called,
    Done,
    /// Whoever had it was not there.
    Skipped,
}

impl TicketState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Done => "done",
            Self::Skipped => "skipped",
        }
    }
}

impl Ticket {
    pub fn is(&self, state: TicketState) -> bool {
        self.state == state.as_str()
    }
}

/// The figures of a unit's day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct DayFigures {
    pub taken: i64,
    pub waiting: i64,
    pub done: i64,
    pub skipped: i64,
}

/// `queue:UNIT`
pub fn subject(unit: &str) -> String {
    format!("queue:{unit}")
}

/// A number was taken, called, finished or passed over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TicketChanged {
    pub unit: String,
    pub day: String,
    pub number: i64,
    pub state: String,
    pub desk: Option<String>,
}

impl From<&Ticket> for TicketChanged {
    fn from(ticket: &Ticket) -> Self {
        let Ticket { unit, day, number, state, desk, .. } = ticket.clone();
        Self { unit, day, number, state, desk }
    }
}

impl Event for TicketChanged {
    const KIND: &'static str = "services.ticket_changed";
    fn subject(&self) -> String {
        subject(&self.unit)
    }
}
