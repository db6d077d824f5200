//! Programs from PyPI: the Rust tools as prebuilt wheels (seconds instead of minutes of compiling), pinned by hash, and
//! the Python clients. Each set is one environment in the cache, named by the hash of its list.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::install;
use crate::shell::{self, Log, MINUTE};

/// The `bin` folder of the tools that check Rust code.
pub fn rust(log: &Log) -> Result<PathBuf> {
    environment("tools", &shell::root().join("xtask/tools.txt"), log)
}

/// The `bin` folder of the environment that holds the packages of a requirements file.
pub fn environment(name: &str, requirements: &Path, log: &Log) -> Result<PathBuf> {
    let list = fs::read_to_string(requirements).with_context(|| format!("read {}", requirements.display()))?;
    let mut hasher = DefaultHasher::new();
    list.hash(&mut hasher);
    let folder = shell::cache().join("venv").join(format!("{name}-{:016x}", hasher.finish()));
    // Written last: an environment that was interrupted half-way has no stamp and is made again.
    let stamp = folder.join("complete");
    if !stamp.exists() {
        install::ensure(&[install::VENV], log)?;
        shell::check(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder), log, 5 * MINUTE)?;
        let mut pip = Command::new(folder.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(requirements);
        shell::check(&mut pip, log, 15 * MINUTE)?;
        fs::write(stamp, "")?;
    }
    Ok(folder.join("bin"))
}

/// `npm ci`, only when the lockfile changed. Test tools would download browsers of their own: they may not.
pub fn npm(folder: &Path, log: &Log) -> Result<()> {
    install::ensure(&[install::NODE], log)?;
    let lock = fs::read_to_string(folder.join("package-lock.json")).context("read package-lock.json")?;
    let stamp = folder.join("node_modules/.lock-installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    npm.env("PUPPETEER_SKIP_DOWNLOAD", "1").env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    shell::check(&mut npm, log, 15 * MINUTE)?;
    fs::write(stamp, lock)?;
    Ok(())
}

pub fn advisories() -> Result<()> {
    let log = Log::terminal();
    let mut deny = Command::new(rust(&log)?.join("cargo-deny"));
    deny.args(["check", "advisories"]).current_dir(shell::root());
    shell::check(&mut deny, &log, 10 * MINUTE).map(drop)
}
