//! A case and its timeline, as they are read.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use songhan_base::{Actor, Id, Role};
use songhan_city::{Remaining, Term};
use songhan_db::At;

use crate::{Clock, National, Stage};

/// Hồ sơ, vụ việc: something that someone handles from state to state, in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub id: Id,
    /// Mã số hồ sơ.
    pub code: String,
    /// What sort of case, by the system that opened it: `dossier`.
    pub kind: String,
    /// What of its sort: a procedure's code.
    pub topic: String,
    pub workflow: String,
    pub workflow_version: String,
    pub state: String,
    pub national: National,
    /// In whose inbox it stands; `None` when nobody's turn it is in the office.
    pub queue: Option<Role>,
    /// Code of the unit that handles it.
    pub unit: String,
    pub area: Option<String>,
    pub title: String,
    /// Account of the applicant; `None` at the counter without one.
    pub applicant: Option<Id>,
    pub applicant_name: String,
    /// Cán bộ thụ lý.
    pub assignee: Option<Id>,
    pub assignee_name: Option<String>,
    /// Thời hạn giải quyết; `None` where there is none.
    pub term: Option<Term>,
    pub clock: Clock,
    pub received_at: At,
    /// Hẹn trả. While the clock runs, and afterwards as what was promised.
    pub due_at: Option<At>,
    /// Ngày cuối của thời hạn, where that was a day off and `due_at` is on the next day worked.
    pub last_day: Option<Date>,
    pub paused_at: Option<At>,
    /// What is left of the term, while the clock does not run.
    pub remaining: Option<Remaining>,
    /// When it was marked as due soon.
    pub soon_at: Option<At>,
    /// Since when it was late, once it was.
    pub late_at: Option<At>,
    /// When the clock stopped for good.
    pub stopped_at: Option<At>,
    pub closed_at: Option<At>,
    /// The number of its last step: what a change must name to be sure that nothing came between.
    pub version: i64,
    pub created_at: At,
    /// Small matters of the system that opened it.
    pub data: Value,
    /// The case because of which it was opened, and why (`opinion`, `starts`).
    pub parent: Option<Id>,
    pub link: Option<String>,
    /// How often it was extended.
    pub extensions: i64,
    /// Since when it was late before it was extended, if it was.
    pub first_late_at: Option<At>,
    /// Since when the clock runs, while it does.
    pub running_since: Option<At>,
    /// Thời gian xử lý thực tế: the working time that the clock had run until it last stood, in microseconds.
    pub worked_us: i64,
    /// What its states may take.
    pub stages: Vec<Stage>,
    /// Hạn của bước: when the present state has to be left, where that is declared.
    pub stage_due_at: Option<At>,
    pub stage_soon_at: Option<At>,
    pub stage_late_at: Option<At>,
    /// Nộp lưu: since when it lies in the archive.
    pub archived_at: Option<At>,
    /// Tiêu hủy: when what is personal in it was destroyed, and by what decision.
    pub emptied_at: Option<At>,
    pub emptied_by: Option<String>,
}

impl Case {
    /// Whether the account behind `actor` is the applicant.
    pub fn is_own_of(&self, actor: &Actor) -> bool {
        self.applicant.is_some() && actor.account() == self.applicant
    }

    /// Whether `actor` holds `role` at the case's unit and is not its applicant: nobody handles a case of their own
    /// (conflict of interest: Anti-Corruption Law 2018, article 23).
    pub fn is_handled_by(&self, actor: &Actor, role: Role) -> bool {
        !self.is_own_of(actor) && actor.has_at(role, &self.unit)
    }

    /// Whether it is past its due time and still running.
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.clock == Clock::Running && self.due_at.is_some_and(|due| due.0 < now)
    }

    /// Whether its present state should have been left by now.
    pub fn is_stage_late(&self, now: Timestamp) -> bool {
        self.stage_due_at.is_some_and(|due| due.0 < now)
    }

    /// Whether it was finished in time; `None` while it is not finished or where nothing was promised. An apology that
    /// came when it was already late does not make it punctual.
    pub fn was_in_time(&self) -> Option<bool> {
        Some(self.stopped_at?.0 <= self.due_at?.0 && !self.was_late())
    }

    /// Whether it has ever been late.
    pub fn was_late(&self) -> bool {
        self.late_at.is_some() || self.first_late_at.is_some()
    }

    pub fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }

    /// Whether what was personal in it is destroyed.
    pub fn is_emptied(&self) -> bool {
        self.emptied_at.is_some()
    }

    /// For events and the audit log.
    pub fn subject(&self) -> String {
        subject(self.id)
    }
}

/// `case:ID`
pub(crate) fn subject(id: Id) -> String {
    format!("case:{id}")
}

/// What a case is opened with.
#[derive(Clone, Debug, Default)]
pub struct NewCase<'a> {
    pub kind: &'a str,
    pub topic: &'a str,
    /// Code of a workflow of the city.
    pub workflow: &'a str,
    /// Code of a unit of the city.
    pub unit: &'a str,
    pub area: Option<&'a str>,
    pub title: &'a str,
    pub applicant: Option<Id>,
    pub applicant_name: &'a str,
    pub term: Option<Term>,
    /// When it was handed in, if that was earlier (papers by post); `None` is now.
    pub received_at: Option<Timestamp>,
    pub data: Value,
    /// What states of the workflow may take, within the term.
    pub stages: Vec<Stage>,
    /// The case because of which it is opened.
    pub link: Option<Link<'a>>,
}

/// How a case hangs on another.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    pub parent: Id,
    /// Why, in a word of the system above: `opinion`, `starts`.
    pub kind: &'a str,
    /// Whether it is told to the applicant of the parent.
    pub public: bool,
    /// Whether it takes a number of its unit's day, as what is handed in does. Without, its code is the parent's with
    /// a number behind it.
    pub numbered: bool,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Step {
    pub case_id: Id,
    /// From 1, without gap.
    pub seq: i64,
    pub at: At,
    /// [`Actor::label`].
    pub actor: String,
    pub actor_name: String,
    /// An action of the workflow, or one of [`step`].
    pub action: String,
    pub from_state: Option<String>,
    pub to_state: String,
    #[sqlx(try_from = "i64")]
    pub national: National,
    /// For the office.
    pub note: Option<String>,
    /// For the applicant.
    pub public_note: Option<String>,
    /// Whether the applicant sees this step.
    pub public: bool,
    /// When the case was due after this step, while its clock ran.
    pub due_at: Option<At>,
    /// When the state that it led to had to be left.
    pub stage_due_at: Option<At>,
    /// How the case was extended, as [`Extension`](crate::Extension) is written.
    pub extension: Option<String>,
    /// The number of the step that this one undoes.
    pub undoes: Option<i64>,
    /// On whose behalf the actor acted, and by what paper: a delegation, a substitution.
    pub behalf_name: Option<String>,
    pub basis: Option<String>,
}

/// Steps that no workflow declares.
pub mod step {
    pub const OPEN: &str = "open";
    pub const ASSIGN: &str = "assign";
    pub const TAKE: &str = "take";
    pub const UNASSIGN: &str = "unassign";
    /// Another case was opened because of this one.
    pub const OPEN_CHILD: &str = "open_child";
    /// The step before was undone.
    pub const UNDO: &str = "undo";
    /// Another system told something of it.
    pub const REMARK: &str = "remark";
    /// What an action may not be called.
    pub const ALL: [&str; 7] = [OPEN, ASSIGN, TAKE, UNASSIGN, OPEN_CHILD, UNDO, REMARK];
}
