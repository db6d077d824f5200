//! A declared value that remembers where it was declared, so that a check made much later can name the line.

use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Place;

/// A value read from a TOML file or front matter, with its file and line.
///
/// Use it for the fields that later checks look at (`agency: Placed<String>`). It cannot stand inside
/// `#[serde(flatten)]` or an untagged enum, where serde forgets positions. Two placed values are equal when the
/// values are.
#[derive(Clone)]
pub struct Placed<T> {
    value: T,
    place: Place,
}

impl<T> Placed<T> {
    pub fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> AsRef<T> for Placed<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Placed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: fmt::Debug> fmt::Debug for Placed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Placed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Placed<T> {}

impl<T: Serialize> Serialize for Placed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = toml::Spanned::<T>::deserialize(deserializer)?;
        let place = place_of(spanned.span().start);
        Ok(Self { value: spanned.into_inner(), place })
    }
}

/// The text being read on this thread: turns byte offsets into places.
pub(crate) struct Source {
    file: Arc<str>,
    /// Lines before the text's first one (front matter starts below its `+++`).
    offset: u32,
    /// Byte offset at which each line starts.
    starts: Vec<usize>,
}

impl Source {
    pub(crate) fn new(file: Arc<str>, text: &str, offset: u32) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file, offset, starts }
    }

    pub(crate) fn place(&self, byte: usize) -> Place {
        let line = self.starts.partition_point(|&start| start <= byte) as u32;
        Place { file: self.file.clone(), line: self.offset + line }
    }
}

thread_local! {
    // serde has no way to hand a context down to `Deserialize`; deserialising is synchronous, so the thread is one.
    static READING: RefCell<Vec<Source>> = const { RefCell::new(Vec::new()) };
}

fn place_of(byte: usize) -> Place {
    READING.with_borrow(|sources| sources.last().map_or_else(|| Place::file(""), |source| source.place(byte)))
}

/// Runs `read` with `source` as the text that placed values are read from.
pub(crate) fn reading<R>(source: Source, read: impl FnOnce() -> R) -> (R, Source) {
    READING.with_borrow_mut(|sources| sources.push(source));
    let result = read();
    let source = READING.with_borrow_mut(Vec::pop).unwrap_or_else(|| Source::new("".into(), "", 0));
    (result, source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_from_the_offset() {
        let source = Source::new("x.md".into(), "a = 1\n\nb = 2\n", 1);
        assert_eq!(source.place(0).line, 2);
        assert_eq!(source.place(5).line, 2, "the line end belongs to its line");
        assert_eq!(source.place(7).line, 4);
        assert_eq!(source.place(999).line, 5);
    }
}
