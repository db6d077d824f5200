//! Declared workflows and their mistakes.

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
        ("from = [\"done\"]\nto", "from = [\"returned\"]\nto", "the action `return` leaves `returned`, which is final"),
        ("by = [\"leader\"]", "by = [\"boss\"]", ": `boss` is not a value this key can have; "),
        ("by = [\"applicant\"]", "by = []", ": nobody may do the action `withdraw`; "),
        ("id = \"accept\"", "id = \"assign\"", ": every case knows the step `assign` already; "),
        ("id = \"accept\"", "id = \"Accept it\"", ": `Accept it` is no single word; "),
        ("id = \"accept\"", "id = \"refuse\"", ": the action `refuse` is already declared at workflows/small.toml:"),
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
        ("extensions_max = 2\n", "", "the action `extend` may extend a case without end; "),
        ("extensions_max = 2", "extensions_max = 0", "an extension that is never given; "),
        ("effects = [\"extend_clock\"]\n", "", "the action `extend` extends nothing; "),
        (
            "from = [\"processing\", \"signing\"]",
            "from = [\"processing\", \"supplement\"]",
            "no time runs in `supplement`, so the action `extend` cannot extend it",
        ),
        (
            "note = \"required\"\neffects = [\"extend_clock\"]",
            "effects = [\"extend_clock\"]",
            "the action `extend` extends a case without a reason; ",
        ),
        ("extensions_max = 2", "extensions_max = 2\nundo_minutes = 5", "promises a new date, which is told; "),
        ("extensions_max = 2", "extensions_max = 2\nbulk = true", "needs words of its own for each case; "),
        ("undo_minutes = 15", "undo_minutes = 0", "cannot be undone for 0 minutes; write 1 to 1440"),
        ("undo_minutes = 15", "undo_minutes = 15\ntriggers = [\"paper\"]", "sets off paper, which stays; "),
        ("needs = [\"result\"]\n", "undo_minutes = 5\n", "stops the clock, which never runs again; "),
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
    assert!(report.to_string().contains("procedures/a.md:3: the workflow `smal` is not known; did you mean `small`?"));
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
