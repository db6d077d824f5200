//! Why a case is not opened or not moved, told so that whoever asked knows what to do.

use axum::http::StatusCode;
use jiff::Timestamp;
use songhan_app::{IntoProblem, Problem};
use songhan_base::{FieldError, Internal};
use songhan_city::MissingCalendar;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such case")]
    NotFound,
    #[error("the unit {0} is not one of the city; use a code of its agencies")]
    UnknownUnit(String),
    #[error(
        "{unit} has opened {most} cases today and the code of the day has no more numbers; hand it in again tomorrow"
    )]
    DayFull { unit: String, most: u32 },
    #[error("the workflow of this case has no action {0}; use one of those listed with the case")]
    UnknownAction(String),
    #[error("{action} cannot be done while the case is {state}; load the case again and use an action listed with it")]
    NotNow { action: String, state: String },
    #[error("{0} is not yours to do in this case; it needs another role at the unit that handles the case")]
    NotYours(String),
    #[error(
        "the case changed after it was read: it is at version {current} now; load it again and repeat if still right"
    )]
    Stale { current: i64 },
    #[error("{action} has to wait: {} is missing", needs.join(", "))]
    NeedsMissing { action: String, needs: Vec<String> },
    #[error("{0} needs a note that says why; add one")]
    NoteRequired(String),
    #[error("{0} takes no note; leave it out")]
    NoteRefused(String),
    #[error("the note has more than {NOTE_CHARS_MAX} characters; shorten it or attach a document")]
    NoteTooLong,
    #[error("{0} gives a later due time: add the new term or the new date")]
    ExtensionMissing(String),
    #[error("{0} gives no later due time; leave the extension out")]
    ExtensionRefused(String),
    #[error(
        "the new due time has to be later than the present moment and than {due}; give a longer term or a later date"
    )]
    ExtensionTooShort { due: Timestamp },
    #[error("a case is extended by at most {most} at once; give a shorter term")]
    ExtensionTooLong { most: u32 },
    #[error("{action} was done as often as it may be ({most}); the case cannot be extended again")]
    ExtensionsUsedUp { action: String, most: u32 },
    #[error("{0} cannot extend a case that has no due time")]
    NothingToExtend(String),
    #[error("nothing can be undone here: {0}")]
    NotUndoable(&'static str),
    #[error(transparent)]
    Calendar(#[from] MissingCalendar),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// A note is a note, not a document.
pub const NOTE_CHARS_MAX: usize = 4_000;

impl Rejection {
    fn note(code: &'static str, message: String) -> Problem {
        Problem::invalid("note_invalid", message.clone(), vec![FieldError::new("note", code, message)])
    }

    fn extension(code: &'static str, message: String) -> Problem {
        Problem::invalid("extension_invalid", message.clone(), vec![FieldError::new("extension", code, message)])
    }
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("case"),
            Self::UnknownUnit(_) => {
                let errors = vec![FieldError::new("unit", "unknown", message.clone())];
                Problem::invalid("unit_unknown", message, errors)
            }
            Self::DayFull { .. } => Problem::conflict("day_full", message),
            Self::UnknownAction(_) => Problem::new(StatusCode::NOT_FOUND, "action_unknown", message),
            Self::NotNow { .. } => Problem::conflict("action_not_now", message),
            Self::NotYours(_) => Problem::new(StatusCode::FORBIDDEN, "action_not_yours", message),
            Self::Stale { .. } => Problem::conflict("version_stale", message),
            Self::NeedsMissing { .. } => Problem::conflict("needs_missing", message),
            Self::NoteRequired(_) => Self::note("required", message),
            Self::NoteRefused(_) => Self::note("not_taken", message),
            Self::NoteTooLong => Self::note("too_long", message),
            Self::ExtensionMissing(_) => Self::extension("required", message),
            Self::ExtensionRefused(_) => Self::extension("not_taken", message),
            Self::ExtensionTooShort { .. } => Self::extension("too_short", message),
            Self::ExtensionTooLong { .. } => Self::extension("too_long", message),
            Self::ExtensionsUsedUp { .. } => Problem::conflict("extensions_used_up", message),
            Self::NothingToExtend(_) => Problem::conflict("nothing_to_extend", message),
            Self::NotUndoable(_) => Problem::conflict("not_undoable", message),
            Self::Calendar(_) => Problem::invalid("calendar_missing", message, Vec::new()),
            Self::Internal(internal) => internal.into(),
        }
    }
}
