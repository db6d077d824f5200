//! Errors that every operation shares: what is our fault, and what is wrong with a field.

use serde::Serialize;

/// Something that is our fault: it is logged whole and told as nothing but a reference.
///
/// An operation's error enum has one variant `Internal(#[from] Internal)`; `?` on a database error makes it.
#[derive(Debug)]
pub struct Internal {
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Internal {
    pub fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: source.into() }
    }

    /// The error behind, where it is an `E`.
    pub fn downcast_ref<E: std::error::Error + 'static>(&self) -> Option<&E> {
        self.source.downcast_ref()
    }
}

impl std::fmt::Display for Internal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.source.fmt(f)
    }
}

impl std::error::Error for Internal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.source()
    }
}

/// What is wrong with one field of the input, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where: a JSON pointer without the leading slash, or the name of a form's field.
    pub field: String,
    /// A stable word for programs: `required`, `too_long`, …
    pub code: &'static str,
    /// For people, in the language of the request where that is known.
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, message: message.into() }
    }
}
