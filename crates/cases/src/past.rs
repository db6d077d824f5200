//! Cases as another system had them, or as a simulation plays them: moved through their workflow in memory, by the same
//! rules as all others, and then written as a whole. Nothing is told of them: neither events nor audit rows. What would
//! have been told of an action stands in `acted`, for whoever counts.

use jiff::Timestamp;
use jiff::civil::Date;
use songhan_app::Cx;
use songhan_base::{Id, Internal, clean_line};
use songhan_city::Unit;
use songhan_db::{Tx, next_numbers};

use crate::case::step;
use crate::engine::{acted, blank, counter, moved_step, step_of};
use crate::transition::{Moved, apply, enter};
use crate::{Act, Assignee, Case, CaseActed, NewCase, Rejection, Step, Workflow, Workflows, store};

/// A case and its timeline until now.
#[derive(Clone, Debug)]
pub struct Past {
    pub case: Case,
    pub steps: Vec<Step>,
    /// Its actions as events, with their time.
    pub acted: Vec<(Timestamp, CaseActed)>,
    /// When an action found it to be late; what is late only by now is the sweep's to find.
    pub became_late_at: Option<Timestamp>,
}

impl Past {
    /// Opens it at `at` under one of the numbers that [`reserve`] gave. Ids sort by time, so `id` should be of that time.
    pub fn open(cx: &Cx, new: &NewCase<'_>, id: Id, number: u32, at: Timestamp) -> Result<Self, Rejection> {
        let unit = cx.city.agencies().get(new.unit).ok_or_else(|| Rejection::UnknownUnit(clean_line(new.unit)))?;
        let workflow = declared(cx, new.workflow)?;
        let initial = workflow.state(&workflow.initial);
        let initial = initial.ok_or_else(|| Internal::new(format!("the workflow {} begins nowhere", new.workflow)))?;
        let mut case = Case { id, ..blank(cx, new, workflow, new.received_at.unwrap_or(at), at) };
        enter(&mut case, initial, at, cx.city.working_time())?;
        let pattern = &cx.city.manifest().dossier_code;
        let code = pattern.code(&unit.dossier_code, at.to_zoned(cx.zone.clone()).date(), number);
        let full = || Rejection::DayFull { unit: unit.name.vi.clone(), most: pattern.number_max() };
        case.code = code.ok_or_else(full)?;
        let step = Step { from_state: None, public: true, ..step_of(cx, &case, step::OPEN, at) };
        Ok(Self { case, steps: vec![step], acted: Vec::new(), became_late_at: None })
    }

    /// Does an action at `at`, as `cx.actor`.
    pub fn act(&mut self, cx: &Cx, act: &Act<'_>, at: Timestamp) -> Result<(), Rejection> {
        let workflow = declared(cx, &self.case.workflow)?;
        let Moved { case, note, public_note, became_late, .. } =
            apply(&self.case, workflow, &cx.actor, act, at, cx.city.working_time())?;
        if became_late {
            self.became_late_at = Some(at);
        }
        let step = moved_step(cx, &self.case, &case, act, at, (note, public_note));
        self.acted.push((at, acted(&self.case, &case, &step, None)));
        self.steps.push(step);
        self.case = case;
        Ok(())
    }

    /// Puts someone in charge.
    pub fn take(&mut self, cx: &Cx, who: Assignee<'_>, at: Timestamp) {
        self.case.assignee = Some(who.account);
        self.case.assignee_name = Some(clean_line(who.name));
        self.case.version += 1;
        self.steps.push(step_of(cx, &self.case, step::TAKE, at));
    }
}

/// Takes `count` numbers of a unit's day; the first of them.
pub async fn reserve(tx: &mut Tx, unit: &Unit, day: Date, count: u32) -> Result<u32, Internal> {
    let first = next_numbers(tx, &counter(unit, day), count).await?;
    u32::try_from(first).map_err(Internal::new)
}

/// Writes cases as they are now, with their timelines.
pub async fn load(tx: &mut Tx, cx: &Cx, past: &[Past]) -> Result<(), Internal> {
    let mut workflows: Vec<&str> = past.iter().map(|past| past.case.workflow.as_str()).collect();
    workflows.sort_unstable();
    workflows.dedup();
    for code in workflows {
        let now = tx.now();
        store::keep_workflow(tx, declared(cx, code)?, now).await?;
    }
    store::insert_past(tx, past).await
}

fn declared<'a>(cx: &'a Cx, code: &str) -> Result<&'a Workflow, Internal> {
    let workflow = cx.city.get::<Workflows>().get(code);
    workflow.map(AsRef::as_ref).ok_or_else(|| Internal::new(format!("there is no workflow {code}")))
}
