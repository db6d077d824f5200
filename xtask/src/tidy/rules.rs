//! The rules that look at one file at a time.

use super::File;
use super::manifests;
use super::source;

type Rule = fn(&File) -> Vec<String>;

pub const RULES: &[(&str, Rule)] = &[
    ("every Rust file says what it is for", says_what_it_is_for),
    ("a file has at most 400 lines", short_file),
    ("a function has at most 70 lines", source::short_functions),
    ("nothing is left unfinished", finished),
    ("no path of a developer's machine", no_machine_paths),
    ("SQL stands in store.rs", source::sql_in_store),
    ("crates take dependencies from the workspace", manifests::from_workspace),
    ("every dependency says why it is here", manifests::reasons),
];

const LINES_MAX: usize = 400;

/// Longer than 400 lines for a reason. Empty, and best kept so.
const LONG_FILES: &[(&str, &str)] =
    &[("crates/pages/templates/macros.html", "templates import all components under one name, `ui`")];

fn says_what_it_is_for(file: &File) -> Vec<String> {
    if !file.is_rust() || file.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![file.at(1, "start with `//!` and a sentence about what this file is for")]
}

fn short_file(file: &File) -> Vec<String> {
    let written_by_hand = ["rs", "ts", "mjs", "py", "css", "html", "sql", "sh"].contains(&file.extension());
    let lines = file.text.lines().count();
    if !written_by_hand || lines <= LINES_MAX || LONG_FILES.iter().any(|(path, _)| *path == file.path) {
        return Vec::new();
    }
    vec![file.at(lines, "longer than 400 lines; split it by idea")]
}

/// Split, so that this file does not trip over itself.
const UNFINISHED: &[&str] = &[
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("dbg", "!("),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("#[", "ignore"),
    concat!("test", ".only("),
    concat!("describe", ".only("),
    concat!("lorem ", "ipsum"),
];

fn finished(file: &File) -> Vec<String> {
    let code = ["rs", "ts", "mjs", "py", "css", "html", "sql", "sh", "toml", "ftl", "typ"].contains(&file.extension());
    if !code {
        return Vec::new();
    }
    complain(file, UNFINISHED, "is a mark of unfinished work")
}

const MACHINE_PATHS: &[&str] = &[concat!("/", "root/"), concat!("/", "work/")];

fn no_machine_paths(file: &File) -> Vec<String> {
    complain(file, MACHINE_PATHS, "is a path of one machine")
}

fn complain(file: &File, words: &[&str], why: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in file.lines() {
        for word in words.iter().filter(|word| line.contains(**word)) {
            complaints.push(file.at(number, &format!("`{word}` {why}")));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    #[test]
    fn a_file_without_intent_is_refused() {
        assert_eq!(says_what_it_is_for(&file("a.rs", "fn main() {}\n")).len(), 1);
        assert!(says_what_it_is_for(&file("a.rs", "//! Starts.\nfn main() {}\n")).is_empty());
        assert!(says_what_it_is_for(&file("a.ts", "let a = 1;\n")).is_empty());
    }

    #[test]
    fn length_is_measured() {
        assert!(short_file(&file("a.rs", &"\n".repeat(400))).is_empty());
        assert_eq!(short_file(&file("a.rs", &"\n".repeat(401))), ["a.rs:401: longer than 400 lines; split it by idea"]);
        assert!(short_file(&file("areas.csv", &"\n".repeat(4000))).is_empty());
    }

    #[test]
    fn unfinished_work_is_found_in_code_only() {
        for word in UNFINISHED {
            assert_eq!(finished(&file("a.rs", word)).len(), 1, "{word}");
        }
        assert!(finished(&file("a.md", UNFINISHED[3])).is_empty());
    }
}
