//! `cargo xtask run`: the demo city, served by the release binary.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::install;
use crate::shell::{self, Log};
use crate::ui;

pub fn run(serve: &[String]) -> Result<()> {
    let mut log = Log::terminal();
    install::ensure(&[install::NODE], &log)?;
    ui::build(false, &mut log)?;
    let program = release()?;
    // Replaces this process: an interrupt goes straight to the server, which stops gracefully.
    let error = Command::new(&program).args(["serve", "--demo"]).args(serve).current_dir(shell::root()).exec();
    Err(error).with_context(|| format!("start {}", program.display()))
}

/// Builds the release binary and says where it is.
pub fn release() -> Result<std::path::PathBuf> {
    let mut build = shell::cargo(&["build", "--release", "--locked", "--package", "songhan"]);
    // Straight to the terminal, where cargo draws its progress.
    if !build.stdin(Stdio::null()).status().context("start cargo")?.success() {
        bail!("the release build failed");
    }
    Ok(shell::target().join("release/songhan"))
}
