//! A workflow: the states of a case and who moves it between them. Pure data; how it is declared stands in `declared`.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use songhan_base::{Actor, Role, Text};

use crate::{Case, Clock, Effect, National};

/// Quy trình. What stands in one has been checked: states that are named exist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    pub code: String,
    pub name: Text,
    /// The declared version and a hash of the content, `1-3fa9c2d1e0b4`: whoever edits a file and forgets to raise its
    /// version neither breaks running cases nor mixes two workflows up.
    pub version: String,
    pub initial: String,
    pub states: Vec<State>,
    pub actions: Vec<Action>,
}

/// Trạng thái.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub id: String,
    pub name: Text,
    pub national: National,
    pub clock: Clock,
    /// Nothing follows.
    pub is_final: bool,
    /// In whose inbox a case in this state stands.
    pub queue: Option<Role>,
}

/// Thao tác.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    pub id: String,
    pub name: Text,
    /// States in which it can be done.
    pub from: Vec<String>,
    /// The state it leads to; `None` stays.
    pub to: Option<String>,
    pub by: Vec<By>,
    pub note: NoteRule,
    /// Facts that must hold, by names that the system above knows: `paid`, `result`.
    pub needs: Vec<String>,
    /// What it does to the clock.
    pub effects: Vec<Effect>,
    /// What the system above does in the same transaction, by names that it knows: `issue_receipt`.
    #[serde(default)]
    pub triggers: Vec<String>,
    /// How often a case may be extended; set where one of the effects does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extensions_max: Option<u32>,
    /// For how long whoever did it may undo it; `None` is not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_minutes: Option<u32>,
    /// Whether it may be done to many cases at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bulk: bool,
}

/// Who may do an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// An officer at the case's unit.
    Officer,
    /// A leader at the case's unit.
    Leader,
    /// An administrator for the case's unit.
    Administrator,
    /// The case's own applicant.
    Applicant,
    /// A job or another module, on nobody's behalf.
    System,
}

/// Whether an action takes a note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteRule {
    /// A note is refused, not dropped.
    None,
    #[default]
    Optional,
    Required,
}

impl NoteRule {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

/// An action that someone may do now, or could if more were in place.
#[derive(Clone, Debug, PartialEq)]
pub struct Available<'a> {
    pub action: &'a Action,
    /// The needs that are not met yet; empty when it can be done.
    pub missing: Vec<&'a str>,
}

impl Workflow {
    pub fn state(&self, id: &str) -> Option<&State> {
        self.states.iter().find(|state| state.id == id)
    }

    pub fn action(&self, id: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.id == id)
    }

    /// What is for `actor` to do with `case` now, in the declared order, with the needs that `facts` do not meet yet.
    pub fn available(&self, case: &Case, actor: &Actor, facts: &[&str]) -> Vec<Available<'_>> {
        self.actions
            .iter()
            .filter(|action| action.is_from(&case.state) && action.permits(case, actor))
            .map(|action| Available { action, missing: action.missing(facts) })
            .collect()
    }

    /// The declared version with a hash of everything that is declared.
    pub(crate) fn with_hashed_version(mut self) -> Self {
        // Serialising plain data into memory does not fail; were it to, versions would only be less distinct.
        let document = serde_json::to_vec(&self).unwrap_or_default();
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(document)[..6]);
        self.version = format!("{}-{hash}", self.version);
        self
    }
}

/// What `actor` can do to `case` at once: of what is [available](Workflow::available), that which misses nothing.
pub fn available_actions<'a>(workflow: &'a Workflow, case: &Case, actor: &Actor, facts: &[&str]) -> Vec<&'a Action> {
    let ready = workflow.available(case, actor, facts).into_iter().filter(|available| available.missing.is_empty());
    ready.map(|available| available.action).collect()
}

impl Action {
    pub fn is_from(&self, state: &str) -> bool {
        self.from.iter().any(|from| from == state)
    }

    /// Whether `actor` is one of those who may do this to `case`. Nobody handles a case of their own.
    pub fn permits(&self, case: &Case, actor: &Actor) -> bool {
        self.by.iter().any(|by| by.fits(case, actor))
    }

    /// Whether it gives a case a later due time.
    pub fn extends(&self) -> bool {
        self.effects.contains(&Effect::ExtendClock)
    }

    pub(crate) fn missing(&self, facts: &[&str]) -> Vec<&str> {
        self.needs.iter().map(String::as_str).filter(|need| !facts.contains(need)).collect()
    }
}

impl By {
    fn fits(self, case: &Case, actor: &Actor) -> bool {
        match self {
            Self::Officer => case.is_handled_by(actor, Role::Officer),
            Self::Leader => case.is_handled_by(actor, Role::Leader),
            Self::Administrator => case.is_handled_by(actor, Role::Administrator),
            Self::Applicant => case.is_own_of(actor),
            Self::System => matches!(actor, Actor::System(_)),
        }
    }
}
