//! Styles and islands: built by Vite into ui/dist, from where the binary embeds them. Only when a source changed.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{self, Log, MINUTE};
use crate::tools;

pub fn build(force: bool, log: &mut Log) -> Result<()> {
    let folder = shell::root().join("ui");
    let stamp = folder.join("node_modules/.sources-built");
    let sources = fingerprint(&folder)?;
    let current = fs::read_to_string(&stamp).is_ok_and(|built| built == sources);
    if current && !force && folder.join("dist/manifest.json").exists() {
        log.line("ui: unchanged");
        return Ok(());
    }
    tools::npm(&folder, log)?;
    script("build", log)?;
    fs::write(stamp, sources).context("note what was built")
}

/// Runs a script of ui/package.json.
pub fn script(name: &str, log: &Log) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", name]).current_dir(shell::root().join("ui"));
    shell::check(&mut npm, log, 10 * MINUTE).map(drop)
}

/// By content, not by time: a fresh checkout of the same sources needs no new build.
fn fingerprint(folder: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    add(folder, &mut hasher)?;
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(folder: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let mut entries =
        folder.read_dir().with_context(|| format!("read {}", folder.display()))?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        if name == "node_modules" || name == "dist" {
            continue;
        }
        name.hash(hasher);
        if entry.file_type()?.is_dir() {
            add(&entry.path(), hasher)?;
        } else {
            fs::read(entry.path())?.hash(hasher);
        }
    }
    Ok(())
}
