//! Rules about Cargo.toml: one place for versions, a reason for each dependency.

use super::File;

/// Lines of the tables whose heading `wanted` accepts: (number, line).
fn entries<'a>(file: &'a File, wanted: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = (usize, &'a str)> {
    let mut inside = false;
    file.lines().filter(move |(_, line)| {
        if line.starts_with('[') {
            inside = wanted(line.trim().trim_matches(['[', ']']));
            return false;
        }
        inside && !line.trim().is_empty() && !line.starts_with('#')
    })
}

pub fn from_workspace(file: &File) -> Vec<String> {
    if !file.path.ends_with("/Cargo.toml") {
        return Vec::new();
    }
    entries(file, |heading| heading.ends_with("dependencies"))
        .filter(|(_, line)| !line.contains("workspace = true"))
        .map(|(number, line)| file.at(number, &format!("take `{line}` from the workspace")))
        .collect()
}

/// Our own crates say it in their description.
pub fn reasons(file: &File) -> Vec<String> {
    if file.path != "Cargo.toml" {
        return Vec::new();
    }
    entries(file, |heading| heading == "workspace.dependencies")
        .filter(|(_, line)| !line.starts_with("songhan-") && !line.contains("# "))
        .map(|(number, line)| {
            let name = line.split_whitespace().next().unwrap_or_default();
            file.at(number, &format!("`{name}` has no comment that says why it is here"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    #[test]
    fn a_version_of_its_own_is_refused() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nserde.workspace = true\nrand = \"0.9\"\n[lints]\nworkspace = true\n";
        let found = from_workspace(&file("crates/a/Cargo.toml", text));
        assert_eq!(found, ["crates/a/Cargo.toml:5: take `rand = \"0.9\"` from the workspace"]);
    }

    #[test]
    fn a_dependency_without_a_reason_is_refused() {
        let text = "[workspace.dependencies]\nsonghan-base = { path = \"b\" }\nrand = \"0.9\"\nuuid = \"1\" # ids\n";
        assert_eq!(
            reasons(&file("Cargo.toml", text)),
            ["Cargo.toml:3: `rand` has no comment that says why it is here"]
        );
    }
}
