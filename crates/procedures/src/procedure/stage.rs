//! Stages: how long a dossier may stay in each state of its workflow, within the deadline of the whole.

use serde::Deserialize;
use songhan_cases::{Clock, Workflow};
use songhan_city::{Placed, Report, Term, TermUnit, nearest};

/// Thời hạn của một bước.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// A state of the workflow in which the clock runs.
    pub state: Placed<String>,
    pub within: Term,
}

/// Working hours of a working day.
const HOURS_A_DAY: u32 = 8;

/// In the smallest unit of its kind, where two terms can be compared at all.
fn measure(term: Term) -> (TermUnit, u32) {
    match term.unit {
        TermUnit::Days => (TermUnit::Hours, term.amount.saturating_mul(HOURS_A_DAY)),
        unit => (unit, term.amount),
    }
}

/// Each stage is a state with a running clock, named once, and together they keep the deadline.
pub fn check(stages: &[Stage], deadline: Option<Term>, workflow: &Workflow, report: &mut Report) {
    for (n, stage) in stages.iter().enumerate() {
        let place = stage.state.place();
        if stages[..n].iter().any(|other| other.state == stage.state) {
            report.add(place, format!("the stage `{}` stands twice", stage.state), "remove one of the two");
        }
        match workflow.state(&stage.state) {
            Some(state) if state.clock == Clock::Running => {}
            Some(_) => {
                let what = format!("no time runs in the state `{}`", stage.state);
                report.add(place, what, "name a state whose clock is `running`");
            }
            None => {
                let near = nearest(&stage.state, workflow.states.iter().map(|state| state.id.as_str()));
                let what = format!("the workflow `{}` has no state `{}`", workflow.code, stage.state);
                let remedy = near.map_or("name one of its states".to_owned(), |near| format!("did you mean `{near}`?"));
                report.add(place, what, remedy);
            }
        }
    }
    let Some((unit, most)) = deadline.map(measure) else { return };
    let measured = stages.iter().map(|stage| measure(stage.within));
    let same: Vec<u32> = measured.filter(|(of, _)| *of == unit).map(|(_, amount)| amount).collect();
    let sum = same.iter().fold(0_u32, |sum, amount| sum.saturating_add(*amount));
    if let Some(last) = stages.last()
        && same.len() == stages.len()
        && sum > most
    {
        let what = format!("the stages take {sum} {unit}, the deadline is {most} {unit}");
        report.add(last.state.place(), what, "shorten a stage, or correct the deadline");
    }
}
