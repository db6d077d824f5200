//! The matching: by the bank's number first, by the payer's code in the description then.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::{Direction, Finding, Kind, Line, Ours, Outcome};
use crate::reference;

/// Lays `lines`, a whole statement of `accounts` from `first` to `last`, beside `ours`.
pub fn reconcile(lines: &[Line], ours: &[Ours], accounts: &BTreeSet<String>, first: Date, last: Date) -> Outcome {
    let mut books = Books::new(ours);
    let mut outcome = Outcome::default();
    let mut unnamed = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match books.named(line) {
            Some((found, kind)) => outcome.add(at, found, kind),
            None => unnamed.push(at),
        }
    }
    // Only what no line names exactly may be meant by its code: or a second payment would take the place of the first.
    for at in unnamed {
        let line = &lines[at];
        if let Some((found, kind)) = books.coded(line) {
            outcome.add(at, found, kind);
            continue;
        }
        let kind = match line.direction {
            _ if line.is_reversal => Kind::Reversed,
            Direction::Credit => Kind::UnknownCredit,
            Direction::Debit => Kind::UnknownDebit,
        };
        outcome.findings.push(Finding { kind, line: Some(at), ours: None });
    }
    for (at, movement) in ours.iter().enumerate() {
        let is_due = movement.expected_by >= first && movement.expected_by <= last;
        if is_due && !books.taken[at] && !movement.is_seen && accounts.contains(&movement.account) {
            outcome.findings.push(Finding { kind: Kind::Missing, line: None, ours: Some(at) });
        }
    }
    outcome.matched.sort_unstable();
    outcome.findings.sort_by_key(|finding| (finding.line.is_none(), finding.line, finding.ours));
    outcome
}

impl Outcome {
    fn add(&mut self, line: usize, ours: usize, kind: Option<Kind>) {
        match kind {
            None => self.matched.push((line, ours)),
            Some(kind) => self.findings.push(Finding { kind, line: Some(line), ours: Some(ours) }),
        }
    }
}

type Index<'a> = HashMap<(Direction, &'a str), Vec<usize>>;

/// Our movements by all their names, and which of them a line has taken.
struct Books<'a> {
    ours: &'a [Ours],
    by_reference: Index<'a>,
    by_code: Index<'a>,
    taken: Vec<bool>,
}

impl<'a> Books<'a> {
    fn new(ours: &'a [Ours]) -> Self {
        let (mut by_reference, mut by_code) = (Index::new(), Index::new());
        for (at, movement) in ours.iter().enumerate() {
            for name in &movement.references {
                by_reference.entry((movement.direction, name)).or_default().push(at);
            }
            for code in &movement.codes {
                by_code.entry((movement.direction, code)).or_default().push(at);
            }
        }
        Self { ours, by_reference, by_code, taken: vec![false; ours.len()] }
    }

    /// The movement that a line names by its number, and what is wrong with it.
    fn named(&mut self, line: &Line) -> Option<(usize, Option<Kind>)> {
        let names: [&str; 2] = [&line.end_to_end, &line.reference];
        let find = |direction| {
            let lists = names.iter().filter_map(|name| self.by_reference.get(&(direction, *name)));
            lists.flatten().copied().collect::<Vec<_>>()
        };
        let same = if line.is_reversal { Vec::new() } else { find(line.direction) };
        if let Some(free) = self.best(line, &same) {
            return Some(self.take(line, free));
        }
        if let Some(first) = same.first() {
            return Some((*first, Some(Kind::Doubled)));
        }
        let opposite = match line.direction {
            Direction::Credit => Direction::Debit,
            Direction::Debit => Direction::Credit,
        };
        find(opposite).first().map(|at| (*at, Some(Kind::Reversed)))
    }

    /// The movement whose code stands in a line's description.
    fn coded(&mut self, line: &Line) -> Option<(usize, Option<Kind>)> {
        let find = |direction| {
            let codes = match direction {
                Direction::Credit => reference::find(&line.description),
                Direction::Debit => reference::find_orders(&line.description),
            };
            let lists = codes.iter().filter_map(|code| self.by_code.get(&(direction, code.as_str())));
            lists.flatten().copied().collect::<Vec<_>>()
        };
        if !line.is_reversal
            && let Some(free) = self.best(line, &find(line.direction))
        {
            return Some(self.take(line, free));
        }
        // What we had paid out came back; or a reversal says so itself.
        let returned = line.direction == Direction::Credit || line.is_reversal;
        let opposite = if line.direction == Direction::Credit { Direction::Debit } else { Direction::Credit };
        find(opposite).first().filter(|_| returned).map(|at| (*at, Some(Kind::Reversed)))
    }

    /// Of several that a line may mean, the free one most like it.
    fn best(&self, line: &Line, among: &[usize]) -> Option<usize> {
        let free = among.iter().copied().filter(|at| !self.taken[*at] && !self.ours[*at].is_seen);
        free.min_by_key(|at| {
            let ours = &self.ours[*at];
            (ours.amount != line.amount, ours.account != line.account, ours.day != line.booked_on, *at)
        })
    }

    fn take(&mut self, line: &Line, at: usize) -> (usize, Option<Kind>) {
        self.taken[at] = true;
        (at, compare(line, &self.ours[at]))
    }
}

/// What is wrong between a line and the movement it means; the worst alone.
fn compare(line: &Line, ours: &Ours) -> Option<Kind> {
    let whole = line.amount == ours.amount || line.amount.checked_add(line.fee) == Some(ours.amount);
    if line.account != ours.account {
        Some(Kind::WrongAccount)
    } else if !line.fee.is_zero() && whole {
        Some(Kind::FeeDeducted)
    } else if line.amount != ours.amount {
        Some(Kind::AmountDiffers)
    } else if line.booked_on != ours.day && !(ours.any_day && line.booked_on > ours.day) {
        Some(Kind::WrongDay)
    } else {
        None
    }
}
