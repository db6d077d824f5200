//! `workflows/NAME.toml`: how workflows are declared, and every mistake that can be found before a case is in one.

mod check;
mod life;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;
use songhan_base::{Role, Text};
use songhan_city::{Declaration, Folder, Placed, Report, nearest};

use crate::{Action, By, Clock, Effect, National, NoteRule, State, Workflow};

/// The workflows of a city, by code.
#[derive(Debug, Default)]
pub struct Workflows {
    by_code: BTreeMap<String, Arc<Workflow>>,
    /// Names of files with mistakes, so that whoever refers to one is not blamed as well.
    broken: HashSet<String>,
    /// The words of each workflow that the engine leaves to the system above.
    words: HashMap<String, Vec<(Kind, Placed<String>)>>,
}

/// What a word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Need,
    Trigger,
}

impl Workflows {
    pub fn get(&self, code: &str) -> Option<&Arc<Workflow>> {
        self.by_code.get(code)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Workflow>> {
        self.by_code.values()
    }

    /// Reports a `workflow = "…"` that no file declares, where it stands.
    pub fn expect(&self, code: &Placed<String>, report: &mut Report) {
        if self.by_code.contains_key(code.as_str()) || self.broken.contains(code.as_str()) {
            return;
        }
        let remedy = match nearest(code, self.by_code.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the name of a file in workflows/, without .toml".to_owned(),
        };
        report.add(code.place(), format!("the workflow `{code}` is not known"), remedy);
    }

    /// Reports the needs and triggers of a workflow that the system above knows nothing of, where they stand. For its
    /// check of what it has declared with this workflow.
    pub fn expect_words(&self, code: &str, needs: &[&str], triggers: &[&str], report: &mut Report) {
        for (kind, word) in self.words.get(code).into_iter().flatten() {
            let (name, known) = match kind {
                Kind::Need => ("need", needs),
                Kind::Trigger => ("trigger", triggers),
            };
            if known.contains(&word.as_str()) {
                continue;
            }
            let remedy = match nearest(word, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", known.join(", ")),
            };
            report.add(word.place(), format!("the {name} `{word}` is not known"), remedy);
        }
    }
}

impl Declaration for Workflows {
    const NAME: &'static str = "workflows";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let names = folder.list("workflows", "toml").filter_map(|path| path.rsplit('/').next()?.strip_suffix(".toml"));
        let mut broken: HashSet<String> = names.map(str::to_owned).collect();
        let mut by_code = BTreeMap::new();
        let mut words = HashMap::new();
        for file in folder.tomls::<File>("workflows", report) {
            let before = report.len();
            check::check(&file, report);
            if report.len() == before {
                broken.remove(&file.name);
                words.insert(file.name, file.value.words());
                let workflow = file.value.workflow();
                by_code.insert(workflow.code.clone(), Arc::new(workflow));
            }
        }
        Self { by_code, broken, words }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: Placed<String>,
    name: Text,
    version: Version,
    initial: Placed<String>,
    state: Vec<StateTable>,
    action: Vec<ActionTable>,
}

/// `version = 1` or `version = "2026-11"`.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a version such as 1 or \"2026-11\"")]
enum Version {
    Number(u32),
    Word(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StateTable {
    id: Placed<String>,
    name: Text,
    national: Placed<i64>,
    clock: Placed<Clock>,
    #[serde(default, rename = "final")]
    is_final: bool,
    #[serde(default)]
    queue: Option<Placed<Role>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActionTable {
    id: Placed<String>,
    name: Text,
    from: Vec<Placed<String>>,
    #[serde(default)]
    to: Option<Placed<String>>,
    by: Vec<By>,
    #[serde(default)]
    note: NoteRule,
    #[serde(default)]
    needs: Vec<Placed<String>>,
    #[serde(default)]
    effects: Vec<Placed<Effect>>,
    #[serde(default)]
    triggers: Vec<Placed<String>>,
    #[serde(default)]
    extensions_max: Option<Placed<u32>>,
    #[serde(default)]
    undo_minutes: Option<Placed<u32>>,
    #[serde(default)]
    bulk: bool,
}

impl File {
    fn words(&self) -> Vec<(Kind, Placed<String>)> {
        let of = |action: &ActionTable| {
            let needs = action.needs.iter().map(|word| (Kind::Need, word.clone()));
            let triggers = action.triggers.iter().map(|word| (Kind::Trigger, word.clone()));
            needs.chain(triggers).collect::<Vec<_>>()
        };
        self.action.iter().flat_map(of).collect()
    }

    /// To be called on a file without mistakes.
    fn workflow(self) -> Workflow {
        let states = self.state.into_iter().map(|s| State {
            id: s.id.into_inner(),
            name: s.name,
            national: National::try_from(*s.national).unwrap_or(National::Registered),
            clock: *s.clock,
            is_final: s.is_final,
            queue: s.queue.map(Placed::into_inner),
        });
        let words = |list: Vec<Placed<String>>| list.into_iter().map(Placed::into_inner).collect();
        let actions = self.action.into_iter().map(|a| Action {
            id: a.id.into_inner(),
            name: a.name,
            from: words(a.from),
            to: a.to.map(Placed::into_inner),
            by: a.by,
            note: a.note,
            needs: words(a.needs),
            effects: a.effects.into_iter().map(Placed::into_inner).collect(),
            triggers: words(a.triggers),
            extensions_max: a.extensions_max.map(Placed::into_inner),
            undo_minutes: a.undo_minutes.map(Placed::into_inner),
            bulk: a.bulk,
        });
        Workflow {
            code: self.code.into_inner(),
            name: self.name,
            version: match self.version {
                Version::Number(number) => number.to_string(),
                Version::Word(word) => word,
            },
            initial: self.initial.into_inner(),
            states: states.collect(),
            actions: actions.collect(),
        }
        .with_hashed_version()
    }
}

#[cfg(test)]
mod tests;
