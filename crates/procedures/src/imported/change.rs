//! What changed between two versions of a procedure, in the words of the national catalogue.

use serde::{Deserialize, Serialize};
use songhan_catalogue::{NationalProcedure, Paper, Reading};

use super::words;

/// Điều đã thay đổi.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Title,
    Deadline,
    Fee,
    Papers,
    Applicants,
    Agency,
    Level,
    Field,
    Results,
    Laws,
    Steps,
    Conditions,
    Channels,
    /// Decision, address, source.
    Other,
}

impl What {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Deadline => "deadline",
            Self::Fee => "fee",
            Self::Papers => "papers",
            Self::Applicants => "applicants",
            Self::Agency => "agency",
            Self::Level => "level",
            Self::Field => "field",
            Self::Results => "results",
            Self::Laws => "laws",
            Self::Steps => "steps",
            Self::Conditions => "conditions",
            Self::Channels => "channels",
            Self::Other => "other",
        }
    }
}

/// One thing that is another now: what fell away and what came. Long texts are not quoted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub what: What,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
}

/// Everything in which `new` differs from `old`; empty when they are the same.
pub fn between(old: &NationalProcedure, new: &NationalProcedure) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut tell = |what, before: Vec<String>, after: Vec<String>| changes.extend(listed(what, before, after));
    tell(What::Title, vec![old.name.clone()], vec![new.name.clone()]);
    tell(What::Deadline, deadlines(old), deadlines(new));
    tell(What::Fee, fees(old), fees(new));
    tell(What::Papers, papers(old), papers(new));
    let applicants = |p: &NationalProcedure| p.applicants.iter().map(|a| words::applicant(a).to_owned()).collect();
    tell(What::Applicants, applicants(old), applicants(new));
    tell(What::Agency, one(&old.agency), one(&new.agency));
    let levels = |p: &NationalProcedure| p.levels.iter().map(|level| words::level(*level).to_owned()).collect();
    tell(What::Level, levels(old), levels(new));
    tell(What::Field, one(&old.field), one(&new.field));
    let results = |p: &NationalProcedure| p.results.iter().map(|outcome| outcome.name.clone()).collect();
    tell(What::Results, results(old), results(new));
    tell(What::Laws, laws(old), laws(new));
    let texts = [
        (What::Steps, old.steps != new.steps),
        (What::Conditions, old.conditions != new.conditions),
        (What::Channels, old.channels != new.channels && deadlines(old) == deadlines(new) && fees(old) == fees(new)),
    ];
    for (what, differs) in texts {
        if differs {
            changes.push(Change { what, before: Vec::new(), after: Vec::new() });
        }
    }
    if changes.is_empty() && old != new {
        changes.push(Change { what: What::Other, before: Vec::new(), after: Vec::new() });
    }
    changes
}

/// The lines of one that the other has not.
fn listed(what: What, before: Vec<String>, after: Vec<String>) -> Option<Change> {
    let gone: Vec<_> = before.iter().filter(|line| !after.contains(line)).cloned().collect();
    let come: Vec<_> = after.iter().filter(|line| !before.contains(line)).cloned().collect();
    (!gone.is_empty() || !come.is_empty()).then_some(Change { what, before: gone, after: come })
}

fn one(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }
}

fn deadlines(procedure: &NationalProcedure) -> Vec<String> {
    let rows = procedure.rows().iter();
    rows.filter_map(|row| Some(format!("{}: {}", words::channel(row.kind), words::deadline(&row.deadline)?))).collect()
}

fn fees(procedure: &NationalProcedure) -> Vec<String> {
    let of_row = |row| words::fees(row).into_iter().map(move |fee| format!("{}: {fee}", words::channel(row.kind)));
    procedure.rows().iter().flat_map(of_row).collect()
}

fn papers(procedure: &NationalProcedure) -> Vec<String> {
    match &procedure.papers {
        Reading::Read(cases) => cases.iter().flat_map(|case| case.papers.iter().map(paper)).collect(),
        Reading::Text(text) => vec![text.clone()],
        Reading::Absent => Vec::new(),
    }
}

fn paper(paper: &Paper) -> String {
    let counted = [(paper.originals, "bản chính"), (paper.copies, "bản sao")];
    let counts: Vec<_> = counted.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if counts.is_empty() { paper.name.clone() } else { format!("{} ({})", paper.name, counts.join(", ")) }
}

fn laws(procedure: &NationalProcedure) -> Vec<String> {
    match &procedure.laws {
        Reading::Read(laws) => laws.iter().map(|law| law.number.clone()).collect(),
        Reading::Text(text) => vec![text.clone()],
        Reading::Absent => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imported::tests::{reading, with};

    #[test]
    fn what_changed_is_named() {
        let old = reading("1.000001");
        assert_eq!(between(&old, &old), []);
        let new = with(
            "1.000001",
            &[
                ("ten_thu_tuc", "Cấp giấy phép mới"),
                ("cach_thuc_thuc_hien", "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến3 Ngày làm việc80,000 VNĐ"),
                ("trinh_tu_thuc_hien", "Bước 1: Nộp qua Cổng\nBước 2: Nhận"),
            ],
        );
        let changes = between(&old, &new);
        let whats: Vec<_> = changes.iter().map(|change| change.what).collect();
        assert_eq!(whats, [What::Title, What::Deadline, What::Fee, What::Steps]);
        assert_eq!(changes[1].before, ["Trực tuyến: 5 ngày làm việc", "Trực tiếp: 5 ngày làm việc"]);
        assert_eq!(changes[1].after, ["Trực tuyến: 3 ngày làm việc"]);
        let decided = with("1.000001", &[("so_quyet_dinh", "2/QĐ-BTP")]);
        assert_eq!(between(&old, &decided)[0].what, What::Other);
    }
}
