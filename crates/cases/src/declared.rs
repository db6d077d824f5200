//! `workflows/NAME.toml`: how workflows are declared, and every mistake that can be found before a case is in one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;
use songhan_base::{Role, Text};
use songhan_city::{Declaration, Folder, Placed, Report, TomlFile, nearest};

use crate::{Action, By, Clock, Effect, National, NoteRule, State, Workflow, case::step};

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
            check(&file, report);
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

fn check(file: &TomlFile<File>, report: &mut Report) {
    let declared = &file.value;
    if *declared.code != file.name {
        let what = format!("the workflow `{}` stands in the file {}.toml", declared.code, file.name);
        report.add(declared.code.place(), what, "give the file the name of the code");
    }
    let mut states: HashMap<&str, &StateTable> = HashMap::new();
    for state in &declared.state {
        check_word(&state.id, report);
        check_state(state, report);
        if let Some(first) = states.insert(&state.id, state) {
            let what = format!("the state `{}` is already declared at {}", state.id, first.id.place());
            report.add(state.id.place(), what, "rename or remove one of the two");
        }
    }
    if !declared.state.iter().any(|state| state.is_final) {
        report.add(&file.place, "no state is final", "write `final = true` in the state where a case ends");
    }
    let mut actions: HashMap<&str, &ActionTable> = HashMap::new();
    for action in &declared.action {
        check_word(&action.id, report);
        check_action(action, &states, report);
        if let Some(first) = actions.insert(&action.id, action) {
            let what = format!("the action `{}` is already declared at {}", action.id, first.id.place());
            report.add(action.id.place(), what, "list all states in `from` of one of the two, or rename one");
        }
    }
    match states.get(declared.initial.as_str()) {
        None => unknown_state(&declared.initial, &states, report),
        Some(state) if state.is_final || !matches!(*state.clock, Clock::Waiting | Clock::Running) => {
            let what = format!("a case cannot begin in `{}`, where nothing is left to do", declared.initial);
            report.add(
                declared.initial.place(),
                what,
                "begin in a state that is not final, its clock waiting or running",
            );
        }
        Some(_) => check_ways(declared, &states, report),
    }
}

/// Ids stand in addresses, style sheets and other systems' requests.
fn check_word(id: &Placed<String>, report: &mut Report) {
    let good = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.len() <= 40
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !good {
        report.add(id.place(), format!("`{id}` is no single word"), "use a-z, 0-9 and _, at most 40, a letter first");
    }
}

fn check_state(state: &StateTable, report: &mut Report) {
    if National::try_from(*state.national).is_err() {
        let what = format!("{} is no national status", state.national);
        report.add(state.national.place(), what, "write a number from 1 (newly registered) to 10 (result returned)");
    }
    if state.is_final && *state.clock != Clock::Stopped {
        let what = format!("the state `{}` is final, but its clock is {}", state.id, *state.clock);
        report.add(state.clock.place(), what, "write `clock = \"stopped\"`");
    }
    if let Some(queue) = &state.queue
        && (**queue == Role::Resident || state.is_final)
    {
        let what = format!("the state `{}` cannot stand in the inbox of `{}`", state.id, **queue);
        report.add(queue.place(), what, "name officer, leader or administrator; leave the line out in a final state");
    }
}

fn check_action(action: &ActionTable, states: &HashMap<&str, &StateTable>, report: &mut Report) {
    let place = action.id.place();
    if step::ALL.contains(&action.id.as_str()) {
        report.add(place, format!("every case knows the step `{}` already", action.id), "give the action another id");
    }
    if action.from.is_empty() {
        report.add(place, format!("the action `{}` begins nowhere", action.id), "list states in `from`");
    }
    if action.by.is_empty() {
        report.add(place, format!("nobody may do the action `{}`", action.id), "list who may in `by`");
    }
    for word in action.needs.iter().chain(&action.triggers) {
        check_word(word, report);
    }
    let to = action.to.as_ref().and_then(|to| {
        let found = states.get(to.as_str());
        if found.is_none() {
            unknown_state(to, states, report);
        }
        found
    });
    for from in &action.from {
        let Some(state) = states.get(from.as_str()) else {
            unknown_state(from, states, report);
            continue;
        };
        if state.is_final {
            let what = format!("the action `{}` leaves `{from}`, which is final", action.id);
            report.add(from.place(), what, "remove the state from `from`, or let the state not be final");
        } else if let Some(to) = to
            && !state.clock.may_become(*to.clock)
        {
            let what = format!("the clock of `{from}` has stopped; in `{}` it would be {} again", to.id, *to.clock);
            report.add(from.place(), what, "lead to a state whose clock is stopped");
        }
    }
    check_effects(action, to.copied(), states, report);
}

/// Effects are said by the clocks of the states; those written must say the same.
fn check_effects(
    action: &ActionTable,
    to: Option<&StateTable>,
    states: &HashMap<&str, &StateTable>,
    report: &mut Report,
) {
    for effect in &action.effects {
        let fits = |state: &StateTable| effect.leads_to(*state.clock);
        let wrong = match to {
            Some(to) => (!fits(to)).then_some(to),
            None => action.from.iter().filter_map(|from| states.get(from.as_str()).copied()).find(|state| !fits(state)),
        };
        if let Some(state) = wrong {
            let what = format!(
                "the action `{}` has the effect {}, but the clock of `{}` is {}",
                action.id,
                effect.as_str(),
                state.id,
                *state.clock
            );
            report.add(effect.place(), what, "correct the clock of the state, or leave the effect out");
        }
    }
}

fn unknown_state(id: &Placed<String>, states: &HashMap<&str, &StateTable>, report: &mut Report) {
    let remedy = match nearest(id, states.keys().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "declare it as a [[state]], or write the id of one".to_owned(),
    };
    report.add(id.place(), format!("there is no state `{id}`"), remedy);
}

/// Every state can be reached from the first one, and from every state there is a way to an end.
fn check_ways(declared: &File, states: &HashMap<&str, &StateTable>, report: &mut Report) {
    let mut ways: Vec<(&str, &str)> = Vec::new();
    for action in &declared.action {
        if let Some(to) = &action.to {
            ways.extend(action.from.iter().map(|from| (from.as_str(), to.as_str())));
        }
    }
    let reached = closure([declared.initial.as_str()], &ways);
    let back: Vec<_> = ways.iter().map(|(from, to)| (*to, *from)).collect();
    let finals = declared.state.iter().filter(|state| state.is_final).map(|state| state.id.as_str());
    let ending = closure(finals, &back);
    // In a file without any end there would be one mistake a state; it has been told once.
    let has_end = !ending.is_empty();
    for state in states.values() {
        if !reached.contains(state.id.as_str()) {
            let what = format!("no action leads to the state `{}`", state.id);
            report.add(state.id.place(), what, "add an action that does, or remove the state");
        } else if has_end && !ending.contains(state.id.as_str()) {
            let what = format!("from the state `{}` no way leads to an end", state.id);
            report.add(state.id.place(), what, "add an action towards a final state");
        }
    }
}

fn closure<'a>(start: impl IntoIterator<Item = &'a str>, ways: &[(&'a str, &'a str)]) -> HashSet<&'a str> {
    let mut found: HashSet<&str> = start.into_iter().collect();
    loop {
        let next: Vec<_> = ways.iter().filter(|(from, to)| found.contains(from) && !found.contains(to)).collect();
        if next.is_empty() {
            return found;
        }
        found.extend(next.into_iter().map(|(_, to)| *to));
    }
}

#[cfg(test)]
mod tests {
    use songhan_city::Place;

    use super::*;
    use crate::tests::support::WORKFLOW;

    fn load(text: &str) -> (Option<Workflow>, String) {
        let mut report = Report::default();
        let workflows = Workflows::load(&Folder::from_texts([("workflows/small.toml", text)]), &mut report);
        (workflows.get("small").map(|workflow| (**workflow).clone()), report.to_string())
    }

    #[test]
    fn a_workflow_goes_through_its_document() {
        let (workflow, report) = load(WORKFLOW);
        assert_eq!(report, "");
        let workflow = workflow.unwrap();
        let document = serde_json::to_string(&workflow).unwrap();
        assert_eq!(serde_json::from_str::<Workflow>(&document).unwrap(), workflow);
        assert!(workflow.version.starts_with("1-") && workflow.version.len() == 14, "{}", workflow.version);
    }

    #[test]
    fn the_version_follows_the_content_and_not_the_comments() {
        let version = |text: &str| load(text).0.unwrap().version;
        assert_eq!(version(WORKFLOW), version(&format!("# sửa lỗi chính tả\n{WORKFLOW}")));
        assert_ne!(version(WORKFLOW), version(&WORKFLOW.replace("\"Tiếp nhận\"", "\"Nhận hồ sơ\"")));
        assert_ne!(version(WORKFLOW), version(&WORKFLOW.replace("version = 1", "version = \"2026-11\"")));
    }

    #[test]
    fn mistakes_come_with_line_and_remedy() {
        let cases = [
            ("code = \"small\"", "code = \"smal\"", ":2: the workflow `smal` stands in the file small.toml; "),
            (
                "initial = \"submitted\"",
                "initial = \"submited\"",
                ":5: there is no state `submited`; did you mean `submitted`?",
            ),
            ("initial = \"submitted\"\n", "", ":1: the key `initial` is missing; "),
            ("initial = \"submitted\"", "initial = \"refused\"", ":5: a case cannot begin in `refused`"),
            ("national = 4", "national = 11", ": 11 is no national status; write a number from 1"),
            ("clock = \"waiting\"", "clock = \"stops\"", ": `stops` is not a value this key can have"),
            (
                "queue = \"officer\"",
                "queue = \"oficer\"",
                ": `oficer` is not a value this key can have; did you mean `officer`?",
            ),
            (
                "queue = \"officer\"",
                "queue = \"resident\"",
                ": the state `submitted` cannot stand in the inbox of `resident`",
            ),
            ("final = true", "", ": from the state `returned` no way leads to an end; "),
            (
                "clock = \"stopped\"\nfinal = true",
                "clock = \"running\"\nfinal = true",
                "the state `returned` is final, but its clock is running",
            ),
            ("to = \"signing\"", "to = \"signning\"", ": there is no state `signning`; did you mean `signing`?"),
            ("to = \"signing\"", "", ": no action leads to the state `signing`; add an action that does"),
            (
                "from = [\"done\"]\nto",
                "from = [\"returned\"]\nto",
                "the action `return` leaves `returned`, which is final",
            ),
            ("by = [\"leader\"]", "by = [\"boss\"]", ": `boss` is not a value this key can have; "),
            ("by = [\"applicant\"]", "by = []", ": nobody may do the action `withdraw`; "),
            ("id = \"accept\"", "id = \"assign\"", ": every case knows the step `assign` already; "),
            ("id = \"accept\"", "id = \"Accept it\"", ": `Accept it` is no single word; "),
            (
                "id = \"accept\"",
                "id = \"refuse\"",
                ": the action `refuse` is already declared at workflows/small.toml:",
            ),
            ("id = \"signing\"", "id = \"done\"", ": the state `done` is already declared at workflows/small.toml:"),
            ("needs = [\"paid\"]", "needs = [\"Đã nộp\"]", ": `Đã nộp` is no single word; "),
            (
                "\"resume_clock\"",
                "\"stop_clock\"",
                "the action `add` has the effect stop_clock, but the clock of `processing` is running",
            ),
            ("\"resume_clock\"", "\"stop_it\"", ": `stop_it` is not a value this key can have"),
            ("note = \"none\"", "note = \"nothing\"", ": `nothing` is not a value this key can have"),
            (
                "from = [\"done\"]\nto = \"returned\"",
                "from = [\"done\"]\nto = \"signing\"",
                "the clock of `done` has stopped; in `signing` it would be running again",
            ),
            ("name = \"Trình ký\"", "nam = \"Trình ký\"", ": unknown key `nam`; did you mean `name`?"),
        ];
        for (old, new, expected) in cases {
            assert!(WORKFLOW.contains(old), "{old}");
            let (workflow, report) = load(&WORKFLOW.replacen(old, new, 1));
            assert!(report.contains(expected), "{old} → {new} gave:\n{report}");
            assert!(report.lines().all(|line| line.starts_with("workflows/small.toml:")), "{report}");
            assert!(workflow.is_none(), "a workflow with mistakes is not served");
        }
        let (_, report) = load(&WORKFLOW.replace("final = true", ""));
        assert_eq!(report.lines().filter(|line| line.contains("no state is final")).count(), 1, "{report}");
    }

    #[test]
    fn who_names_a_broken_workflow_is_not_blamed() {
        let mut report = Report::default();
        let folder = Folder::from_texts([("workflows/small.toml", WORKFLOW), ("workflows/broken.toml", "code = 1")]);
        let workflows = Workflows::load(&folder, &mut report);
        let before = report.len();
        for name in ["small", "broken", "smal"] {
            workflows.expect(&Placed::new(name.to_owned(), Place::new("procedures/a.md", 3)), &mut report);
        }
        assert_eq!(report.len(), before + 1);
        assert!(
            report.to_string().contains("procedures/a.md:3: the workflow `smal` is not known; did you mean `small`?")
        );
    }

    #[test]
    fn words_for_the_system_above_are_its_to_check() {
        let text =
            WORKFLOW.replace("[\"resume_clock\"]", "[\"resume_clock\"]\ntriggers = [\"tell_police\", \"isue_result\"]");
        let mut report = Report::default();
        let workflows = Workflows::load(&Folder::from_texts([("workflows/small.toml", &*text)]), &mut report);
        assert!(report.is_empty(), "{report}");
        workflows.expect_words("small", &["paid"], &["issue_result"], &mut report);
        let report = report.to_string();
        for expected in [
            ": the trigger `isue_result` is not known; did you mean `issue_result`?",
            ": the trigger `tell_police` is not known; write one of issue_result",
            ": the need `result` is not known; write one of paid",
        ] {
            assert!(report.contains(expected), "{report}");
        }
        assert_eq!(report.lines().count(), 3, "{report}");
    }
}
