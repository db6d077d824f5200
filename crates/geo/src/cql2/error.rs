//! What can be wrong with a filter, where, and what to do about it.

use std::fmt;

use super::{MAX_COORDINATES, MAX_DEPTH, MAX_ITEMS, MAX_LENGTH, MAX_PARTS};

/// A place in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// Of a text: the first character is 1.
    Character(u32),
    /// Of a JSON document: a JSON pointer (RFC 6901).
    Pointer(Box<str>),
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Position::Character(number) => write!(f, "at character {number}"),
            Position::Pointer(pointer) if pointer.is_empty() => f.write_str("at the top"),
            Position::Pointer(pointer) => write!(f, "at {pointer}"),
        }
    }
}

/// Why a filter was not read or does not fit the layer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cql2Error {
    #[error("filter has {length} bytes, at most {MAX_LENGTH} are read: shorten it or simplify its geometry")]
    TooLong { length: usize },
    #[error("{at}: filter is nested more than {MAX_DEPTH} levels deep: join conditions with one AND or OR")]
    TooDeep { at: Position },
    #[error("{at}: filter has more than {MAX_PARTS} parts: split the query")]
    TooManyParts { at: Position },
    #[error("{at}: geometries of the filter have more than {MAX_COORDINATES} positions: simplify them")]
    TooManyCoordinates { at: Position },
    #[error("{at}: list has more than {MAX_ITEMS} items: split the query")]
    TooManyItems { at: Position },
    #[error("filter is not JSON: {reason}")]
    Json { reason: String },
    #[error("{at}: expected {expected}, found {found}")]
    Syntax { at: Position, expected: String, found: String },
    /// A literal that says what cannot be: 30 February, a ring that is not closed.
    #[error("{at}: {literal} cannot be read: {remedy}")]
    Literal { at: Position, literal: String, remedy: String },
    #[error("{at}: there is no queryable property `{name}`: {remedy}")]
    UnknownProperty { at: Position, name: String, remedy: String },
    #[error("{at}: there is no function `{name}`: {remedy}")]
    UnknownFunction { at: Position, name: String, remedy: String },
    #[error("{at}: {found} stands where {wanted} is needed: {remedy}")]
    Mismatch { at: Position, found: String, wanted: String, remedy: String },
}

impl Cql2Error {
    /// Where in the filter, unless it is wrong as a whole.
    pub fn position(&self) -> Option<&Position> {
        match self {
            Self::TooLong { .. } | Self::Json { .. } => None,
            Self::TooDeep { at }
            | Self::TooManyParts { at }
            | Self::TooManyCoordinates { at }
            | Self::TooManyItems { at }
            | Self::Syntax { at, .. }
            | Self::Literal { at, .. }
            | Self::UnknownProperty { at, .. }
            | Self::UnknownFunction { at, .. }
            | Self::Mismatch { at, .. } => Some(at),
        }
    }

    pub(super) fn syntax(at: &Position, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Syntax { at: at.clone(), expected: expected.into(), found: found.into() }
    }

    pub(super) fn literal(at: &Position, literal: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Literal { at: at.clone(), literal: literal.into(), remedy: remedy.into() }
    }
}

/// As much of what was sent as an error repeats.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

pub(super) type Result<T, E = Cql2Error> = std::result::Result<T, E>;
