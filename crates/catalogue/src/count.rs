//! What was read and what stayed text, over a whole file.

use crate::{Channel, NationalProcedure, Reading, amount, deadline};

/// Counts by procedure. "Stated" means in figures: a number with a unit of time, an amount of money.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub procedures: usize,
    /// E: those whose channels state a deadline in figures; D: those of which every such row was read.
    pub deadlines_stated: usize,
    pub deadlines_read: usize,
    /// Those that have a number without a unit for a deadline, and nothing better.
    pub deadlines_without_unit: usize,
    /// Those whose description disagrees with the cell about the unit.
    pub deadlines_disputed: usize,
    /// G: those whose channels state a fee in figures; F: those of which every such row was read.
    pub fees_stated: usize,
    pub fees_read: usize,
    /// Those with a fee that is left to a circular, a council or the reader.
    pub fees_in_words: usize,
    pub channels: usize,
    pub channels_text: usize,
    pub papers: usize,
    pub papers_text: usize,
    pub steps: usize,
    pub steps_text: usize,
    pub laws: usize,
    pub laws_text: usize,
}

impl Tally {
    pub fn add(&mut self, procedure: &NationalProcedure) {
        let rows = procedure.rows();
        self.procedures += 1;
        let timed: Vec<_> = rows.iter().filter(|row| states_a_deadline(row)).collect();
        let deadlines_read = timed.iter().all(|row| row.deadline.value().is_some());
        self.deadlines_stated += usize::from(!timed.is_empty());
        self.deadlines_read += usize::from(!timed.is_empty() && deadlines_read);
        self.deadlines_without_unit += usize::from(rows.iter().any(has_no_unit));
        self.deadlines_disputed += usize::from(rows.iter().any(|row| row.disputed));
        let priced: Vec<_> = rows.iter().filter(|row| states_a_fee(row)).collect();
        let fees_read = priced.iter().all(|row| row.fees.value().is_some());
        self.fees_stated += usize::from(!priced.is_empty());
        self.fees_read += usize::from(!priced.is_empty() && fees_read);
        self.fees_in_words += usize::from(rows.iter().any(|row| row.fees.is_text() && !states_a_fee(row)));
        self.channels += rows.len();
        self.channels_text += usize::from(procedure.channels.is_text());
        self.papers += procedure.papers.value().map_or(0, |cases| cases.iter().map(|case| case.papers.len()).sum());
        let unread = procedure.papers.value().is_some_and(|cases| cases.iter().any(|case| !case.rest.is_empty()));
        self.papers_text += usize::from(procedure.papers.is_text() || unread);
        self.steps += procedure.steps.value().map_or(0, Vec::len);
        self.steps_text += usize::from(procedure.steps.is_text());
        self.laws += procedure.laws.value().map_or(0, Vec::len);
        self.laws_text += usize::from(procedure.laws.is_text());
    }
}

/// As an import's last line has it.
impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "deadlines read {} of {}, fees read {} of {}",
            self.deadlines_read, self.deadlines_stated, self.fees_read, self.fees_stated
        )
    }
}

/// Whether the row states a deadline in figures, told from its text and not from what was made of it.
fn states_a_deadline(row: &Channel) -> bool {
    match &row.deadline {
        Reading::Read(_) => true,
        Reading::Text(cell) => !deadline::stated(cell).is_empty() || !deadline::stated(&row.description).is_empty(),
        Reading::Absent => !deadline::stated(&row.description).is_empty(),
    }
}

fn has_no_unit(row: &Channel) -> bool {
    matches!(&row.deadline, Reading::Text(cell) if cell.starts_with(|c: char| c.is_ascii_digit()))
        && !states_a_deadline(row)
}

/// Whether the row states a fee in figures, told likewise.
fn states_a_fee(row: &Channel) -> bool {
    let has = |text: &str| {
        let scan = amount::scan(text);
        scan.unclear || scan.stated.iter().any(|found| found.amount > 0)
    };
    match &row.fees {
        Reading::Read(lines) if !lines.is_empty() => true,
        Reading::Text(cell) => cell.starts_with(|c: char| c.is_ascii_digit()) || has(cell) || has(&row.description),
        Reading::Read(_) | Reading::Absent => has(&row.note) || has(&row.description),
    }
}
