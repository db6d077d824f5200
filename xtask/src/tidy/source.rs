//! Rules about Rust code. They read lines, not syntax: `cargo fmt` has put every closing brace under its opening line.

use super::File;

const FUNCTION_LINES_MAX: usize = 70;
/// A test that goes through a table of cases is no harder to read for their number.
const TEST_LINES_MAX: usize = 120;

pub fn short_functions(file: &File) -> Vec<String> {
    if !file.is_rust() {
        return Vec::new();
    }
    let lines: Vec<&str> = file.text.lines().collect();
    let mut complaints = Vec::new();
    let whole = file.path.contains("/tests/") || file.path.ends_with("tests.rs");
    let tests = if whole { 0 } else { lines.iter().position(|l| *l == "#[cfg(test)]").unwrap_or(lines.len()) };
    for (start, line) in lines.iter().enumerate().filter(|(_, line)| is_function(line)) {
        let indent = &line[..line.len() - line.trim_start().len()];
        let Some(length) = body_end(&lines[start..], indent) else { continue };
        let most = if start > tests { TEST_LINES_MAX } else { FUNCTION_LINES_MAX };
        if length > most {
            complaints.push(file.at(start + 1, &format!("a function of {length} lines; split it by idea")));
        }
    }
    complaints
}

fn is_function(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.by_ref().find(|word| !is_qualifier(word)).is_some_and(|word| word == "fn")
}

fn is_qualifier(word: &str) -> bool {
    matches!(word, "pub" | "const" | "async" | "extern" | "\"C\"") || word.starts_with("pub(")
}

/// Lines from `fn` to its closing brace; none if it has no body of its own lines.
fn body_end(lines: &[&str], indent: &str) -> Option<usize> {
    let close = format!("{indent}}}");
    // The head ends on its first line, or on one that stands as far left.
    let ends = |line: &str| line.ends_with(['{', '}', ';']);
    let as_far_left = |line: &str| line.strip_prefix(indent).is_some_and(|rest| !rest.starts_with(' '));
    let open = lines.iter().position(|line| ends(line) && as_far_left(line))?;
    if !lines[open].ends_with('{') {
        return None;
    }
    lines.iter().skip(open).position(|line| *line == close).map(|end| open + end + 1)
}

/// How a statement begins. Upper case, as the house writes SQL.
const STATEMENTS: &[&str] = &["SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE ", "WITH RECURSIVE "];

/// One place to read what a module asks of the database. Tests may look at the rows themselves.
pub fn sql_in_store(file: &File) -> Vec<String> {
    let allowed =
        ["crates/db/", "crates/testkit/", "xtask/", "bench/"].iter().any(|folder| file.path.starts_with(folder))
            || file.path.contains("/store/")
            || file.path.contains("/tests/")
            || file.path.ends_with("/store.rs")
            || file.path.ends_with("/tests.rs");
    if !file.is_rust() || allowed {
        return Vec::new();
    }
    let code = file.lines().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
    code.filter(|(_, line)| holds_statement(line)).map(|(number, _)| file.at(number, "SQL outside store.rs")).collect()
}

fn holds_statement(line: &str) -> bool {
    let line = line.trim_start();
    !line.starts_with("//")
        && STATEMENTS.iter().any(|start| line.starts_with(start) || line.contains(&format!("\"{start}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    fn function(head: &str, lines: usize) -> String {
        format!("impl A {{\n    {head} {{\n{}    }}\n}}\n", "        work();\n".repeat(lines))
    }

    #[test]
    fn functions_are_measured() {
        assert!(short_functions(&file("a.rs", &function("pub(crate) async fn a(b: u8)", 68))).is_empty());
        let long = short_functions(&file("a.rs", &function("pub(crate) async fn a(b: u8)", 69)));
        assert_eq!(long, ["a.rs:2: a function of 71 lines; split it by idea"]);
    }

    #[test]
    fn long_signatures_are_part_of_it() {
        let head = "fn a<T>(\n        b: T,\n    ) -> u8\n    where\n        T: Clone,\n   ";
        let text = function(head, 65).replace("    \x20{", "    {");
        assert_eq!(short_functions(&file("a.rs", &text)).len(), 1);
    }

    #[test]
    fn a_function_without_a_body_does_not_borrow_the_next_one() {
        let text = format!("trait A {{\n    fn a();\n    fn b() {{}}\n}}\nfn c() {{\n{}}}\n", "    x();\n".repeat(60));
        assert!(short_functions(&file("a.rs", &text)).is_empty());
    }

    #[test]
    fn statements_outside_the_store_are_found() {
        let text =
            "let rows = query(\"SELECT a FROM b\");\n// SELECT is fine here\n#[cfg(test)]\nquery(\"SELECT 1 \");\n";
        assert_eq!(
            sql_in_store(&file("crates/cases/src/ops/a.rs", text)),
            ["crates/cases/src/ops/a.rs:1: SQL outside store.rs"]
        );
        assert!(sql_in_store(&file("crates/cases/src/store.rs", text)).is_empty());
        assert!(sql_in_store(&file("crates/db/src/jobs.rs", text)).is_empty());
    }
}
