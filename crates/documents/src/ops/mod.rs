//! Operations of documents, one a file.

pub mod upload;
pub mod verify;
