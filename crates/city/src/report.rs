//! What is wrong with a city folder: file, line, what is wrong and what to do about it.

use std::fmt;
use std::sync::Arc;

/// A line of a file of the city folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Relative to the city folder, with `/`: `procedures/trich-luc-ho-tich.md`.
    pub file: Arc<str>,
    /// Counted from 1; 0 stands for the file as a whole (it is missing, say).
    pub line: u32,
}

impl Place {
    pub fn new(file: impl Into<Arc<str>>, line: u32) -> Self {
        Self { file: file.into(), line }
    }

    /// The file as a whole.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self::new(file, 0)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Editors and CI jump to `file:line:`, so a whole file is shown as its first line.
        write!(f, "{}:{}", self.file, self.line.max(1))
    }
}

/// One mistake in the city folder. Shown as `file:line: message`; the message ends with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub file: Arc<str>,
    pub line: u32,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line.max(1), self.message)
    }
}

/// All mistakes of a city folder; empty when it is good.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub problems: Vec<Problem>,
}

impl Report {
    /// Notes a mistake. `what` says what is wrong, `remedy` what to do; no message goes without a remedy.
    pub fn add(&mut self, place: &Place, what: impl fmt::Display, remedy: impl fmt::Display) {
        self.problems.push(Problem {
            file: place.file.clone(),
            line: place.line,
            message: format!("{what}; {remedy}"),
        });
    }

    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    pub fn len(&self) -> usize {
        self.problems.len()
    }

    /// By file and line, each once: the order in which someone works through them.
    pub(crate) fn sort(&mut self) {
        self.problems.sort();
        self.problems.dedup();
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.problems.iter().enumerate() {
            if n > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// A report with problems can be an error.
impl std::error::Error for Report {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_a_compiler() {
        let mut report = Report::default();
        report.add(&Place::new("fields.toml", 7), "the field `x` stands twice", "remove one");
        report.add(&Place::file("city.toml"), "the file is missing", "write it");
        report.sort();
        assert_eq!(
            report.to_string(),
            "city.toml:1: the file is missing; write it\nfields.toml:7: the field `x` stands twice; remove one"
        );
    }
}
