//! Who may import whom: imports go down only, systems → engines → kernel. The one list, as data with reasons;
//! `cargo xtask tidy` compares it with `cargo metadata`, and ARCHITECTURE.md shows the table printed from it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layer {
    Kernel,
    Engine,
    System,
    /// Stand-ins for outside systems: they must not know ours.
    Apart,
    Binary,
    Tool,
}

use Layer::{Apart, Binary, Engine, Kernel, System, Tool};

/// Every package of the workspace, without the `songhan-` in front.
pub const LAYERS: &[(&str, Layer)] = &[
    ("base", Kernel),
    ("city", Kernel),
    ("db", Kernel),
    ("app", Kernel),
    ("pages", Kernel),
    ("testkit", Kernel),
    ("identity", Engine),
    ("forms", Engine),
    ("cases", Engine),
    ("ledger", Engine),
    ("documents", Engine),
    ("notices", Engine),
    ("search", Engine),
    ("delivery", Engine),
    ("maps", Engine),
    ("procedures", System),
    ("queue", System),
    ("services", System),
    ("supervision", System),
    ("archive", System),
    ("atlas", System),
    ("sandbox", Apart),
    ("catalogue", Apart),
    ("geo", Apart),
    ("geofiles", Apart),
    ("simulation", Binary),
    ("national", Binary),
    ("songhan", Binary),
    ("load", Tool),
    ("xtask", Tool),
];

/// Imports inside one layer, and those of what stands apart. What is not here is refused; what is here must be used.
pub const EDGES: &[(&str, &str, &str)] = &[
    ("city", "base", "areas, texts and money in declarations are the kernel's types"),
    ("db", "base", "ids, times and the injected environment in rows"),
    ("app", "base", "a request has an actor, a time and ids"),
    ("app", "city", "every request can read the city's declarations"),
    ("app", "db", "an operation is one transaction"),
    ("pages", "base", "texts in two languages, money and dates as people read them"),
    ("app", "pages", "an answer to a person is a page: frame, language, form token; errors too"),
    ("testkit", "base", "a held clock and known ids"),
    ("testkit", "city", "a city in a test"),
    ("testkit", "db", "both databases in a test"),
    ("testkit", "app", "the modules under test, assembled"),
    ("notices", "identity", "a notice goes to an account: its address and language"),
    ("ledger", "sandbox", "tests alone: each side of the payment protocols checks the other"),
    ("notices", "sandbox", "tests alone: each side of the gateways' protocols checks the other"),
    ("documents", "sandbox", "tests alone: people sign at the stand-in of a provider"),
    ("services", "sandbox", "tests alone: what a resident signs by the stand-in of a provider"),
    ("maps", "geo", "reference systems, filters, broken shapes made whole, vector tiles"),
    ("maps", "geofiles", "imports and downloads in the formats of the field"),
    ("procedures", "catalogue", "imports procedures of the national catalogue"),
    ("services", "procedures", "a dossier is a request for a procedure: its form, fees, term, and who handles it"),
    ("queue", "procedures", "a kiosk offers the fields in which a unit handles procedures"),
    ("services", "queue", "what is taken in names the number by which somebody was called"),
    ("supervision", "procedures", "figures go by field, which the procedure knows"),
    ("supervision", "services", "hears what becomes of dossiers, lists those behind a figure; nothing the other way"),
    ("archive", "procedures", "how long a dossier is kept goes by its procedure and field"),
    ("archive", "services", "archives and empties dossiers, counts and finds them; nothing the other way"),
    ("sandbox", "base", "the stand-ins read the clock and draw ids like everyone else"),
];

/// What `package` imports, taken from `cargo metadata`: (from, to, only in tests).
pub type Import = (String, String, bool);

pub fn imports() -> Result<Vec<Import>> {
    let output = shell::cargo(&["metadata", "--format-version=1", "--no-deps", "--offline"]).output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("read what cargo metadata printed")?;
    let packages = metadata["packages"].as_array().context("find the packages in cargo metadata")?;
    let mut imports = Vec::new();
    for package in packages {
        let from = short(package["name"].as_str().unwrap_or_default());
        imports.push((from.to_owned(), String::new(), false));
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            if dependency["path"].is_string() {
                let to = short(dependency["name"].as_str().unwrap_or_default());
                imports.push((from.to_owned(), to.to_owned(), dependency["kind"] == "dev"));
            }
        }
    }
    Ok(imports)
}

fn short(name: &str) -> &str {
    name.strip_prefix("songhan-").unwrap_or(name)
}

/// Every way in which `imports` departs from the list.
pub fn check(imports: &[Import]) -> Vec<String> {
    let mut complaints = BTreeSet::new();
    for (from, to, dev) in imports {
        let Some(layer) = layer(from) else {
            complaints.insert(format!("{from} stands in no layer; add it to LAYERS in xtask/src/edges.rs"));
            continue;
        };
        if to.is_empty() || to == from {
            continue;
        }
        if to == "testkit" {
            if !dev {
                complaints.insert(format!("{from} imports testkit outside its tests; make it a dev-dependency"));
            }
        } else if !layer_allows(layer, to) && !listed(from, to) {
            complaints.insert(format!(
                "{from} imports {to}, which no rule allows; imports go down only (xtask/src/edges.rs)"
            ));
        }
    }
    for (from, to, _) in EDGES {
        if !imports.iter().any(|(f, t, _)| f == from && t == to) {
            complaints.insert(format!("{from} → {to} is allowed but not used; remove it from xtask/src/edges.rs"));
        }
    }
    complaints.into_iter().collect()
}

fn layer(package: &str) -> Option<Layer> {
    LAYERS.iter().find(|(name, _)| *name == package).map(|(_, layer)| *layer)
}

fn listed(from: &str, to: &str) -> bool {
    EDGES.iter().any(|(f, t, _)| *f == from && *t == to)
}

/// What a layer may import without a word more.
fn layer_allows(from: Layer, to: &str) -> bool {
    match (from, layer(to)) {
        (Engine, Some(Kernel)) | (System, Some(Kernel | Engine)) => true,
        // The load generator seeds its rows through the engines.
        (Binary | Tool, Some(to)) => to != Tool,
        _ => false,
    }
}

/// The table that stands in ARCHITECTURE.md.
pub fn markdown() -> String {
    let names = |wanted: Layer| {
        let names = LAYERS.iter().filter(|(_, layer)| *layer == wanted);
        names.map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let mut text = String::from("| layer | crates | may import |\n|---|---|---|\n");
    for (layer, title, may) in [
        (System, "systems", "engines, kernel, and the listed systems"),
        (Engine, "engines", "kernel, and the listed engines"),
        (Kernel, "kernel", "what is listed; `testkit` is imported by tests only"),
        (Apart, "apart", "what is listed"),
        (Binary, "binary", "everything above"),
        (Tool, "tool", "none of ours"),
    ] {
        let _ = writeln!(text, "| {title} | {} | {may} |", names(layer));
    }
    text.push_str("\n| from | to | why |\n|---|---|---|\n");
    for (from, to, why) in EDGES {
        let _ = writeln!(text, "| `{from}` | `{to}` | {why} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(from: &str, to: &str, dev: bool) -> Vec<String> {
        let mut imports: Vec<Import> =
            EDGES.iter().map(|(f, t, _)| ((*f).to_owned(), (*t).to_owned(), false)).collect();
        imports.retain(|(_, to, _)| to != "testkit");
        imports.push((from.into(), to.into(), dev));
        check(&imports)
    }

    #[test]
    fn down_is_allowed() {
        assert_eq!(with("services", "cases", false), Vec::<String>::new());
        assert_eq!(with("ledger", "db", false), Vec::<String>::new());
        assert_eq!(with("songhan", "sandbox", false), Vec::<String>::new());
        assert_eq!(with("cases", "testkit", true), Vec::<String>::new());
    }

    #[test]
    fn up_and_sideways_is_refused() {
        for (from, to) in [
            ("db", "cases"),
            ("ledger", "cases"),
            ("cases", "services"),
            ("services", "supervision"),
            ("sandbox", "ledger"),
        ] {
            assert_eq!(with(from, to, false).len(), 1, "{from} → {to}");
        }
        assert_eq!(with("cases", "testkit", false).len(), 1);
        assert_eq!(with("traffic", "", false).len(), 1);
    }

    #[test]
    fn an_edge_that_nobody_uses_is_stale() {
        assert_eq!(check(&[]).len(), EDGES.len());
    }
}
