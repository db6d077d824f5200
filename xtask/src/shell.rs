//! Running programs: where things are, a log that keeps what a program says, a deadline that ends it.

use std::env;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The checkout. Cargo tells it at run time; the compiled-in value is for a binary started by hand.
pub fn root() -> PathBuf {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&manifest).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// What is kept between runs and checkouts: tools, Python environments.
pub fn cache() -> PathBuf {
    env::var_os("HOME").map_or_else(env::temp_dir, PathBuf::from).join(".cache/songhan")
}

pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The first of `PATH` that is an executable file of this name.
pub fn which(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    as_typed(&mut command);
    command
}

/// Without what cargo tells a program that it runs, as if it was typed: build scripts look at it (that of ring, above
/// which stand most crates), and all would be compiled anew whenever `cargo` follows `cargo xtask` or the other way round.
pub fn as_typed(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.to_string_lossy().starts_with(start)) {
            command.env_remove(name);
        }
    }
}

/// Lets clippy compile our own crates: one build then gives the lints too, and libraries are not read a second time for
/// them. Cargo keeps such artifacts apart from those of a plain build.
pub fn lint(command: &mut Command) -> Result<()> {
    let output =
        Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()).output().context("run rustc")?;
    let driver = Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("bin/clippy-driver");
    if !driver.is_file() {
        bail!("clippy is missing; type `rustup component add clippy`");
    }
    command.env("RUSTC_WORKSPACE_WRAPPER", driver);
    Ok(())
}

/// Where a step's output goes: a file that is shown if the step fails, the terminal, or both.
#[derive(Clone)]
pub struct Log {
    file: Option<Arc<Mutex<File>>>,
    path: PathBuf,
    echo: bool,
}

impl Log {
    pub fn terminal() -> Self {
        Self { file: None, path: PathBuf::new(), echo: true }
    }

    pub fn file(path: PathBuf, echo: bool) -> Result<Self> {
        let file = File::create(&path).with_context(|| format!("create the log {}", path.display()))?;
        Ok(Self { file: Some(Arc::new(Mutex::new(file))), path, echo })
    }

    pub fn line(&self, line: &str) {
        if let Some(file) = &self.file
            && let Ok(mut file) = file.lock()
        {
            // A log that can't be written must not fail the check it describes.
            let _ = writeln!(file, "{line}");
        }
        if self.echo {
            println!("{line}");
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Runs to the end and returns what was printed; the status is for the caller to judge.
pub fn capture(command: &mut Command, log: &Log, limit: Duration) -> Result<(ExitStatus, String)> {
    let shown = show(command);
    log.line(&format!("$ {shown}"));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("start {shown}"))?;
    let text = Arc::new(Mutex::new(String::new()));
    let readers: Vec<_> = [
        child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
        child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
    ]
    .into_iter()
    .flatten()
    .map(|pipe| follow(pipe, log.clone(), Arc::clone(&text)))
    .collect();
    let status = wait(&mut child, limit).with_context(|| format!("wait for {shown}"));
    for reader in readers {
        let _ = reader.join();
    }
    let text = text.lock().map(|text| text.clone()).unwrap_or_default();
    Ok((status?, text))
}

/// Runs to the end; anything but success is an error.
pub fn check(command: &mut Command, log: &Log, limit: Duration) -> Result<String> {
    let (status, text) = capture(command, log, limit)?;
    if !status.success() {
        bail!("{} ended with {status}", show(command));
    }
    Ok(text)
}

pub const MINUTE: Duration = Duration::from_mins(1);

fn follow(pipe: Box<dyn Read + Send>, log: Log, text: Arc<Mutex<String>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for bytes in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&bytes);
            log.line(line.trim_end_matches('\r'));
            if let Ok(mut text) = text.lock() {
                text.push_str(&line);
                text.push('\n');
            }
        }
    })
}

/// Asks first: nextest, cargo and node end their children when they are told to.
fn wait(child: &mut Child, limit: Duration) -> Result<ExitStatus> {
    let start = Instant::now();
    let mut asked = false;
    loop {
        if let Some(status) = child.try_wait()? {
            if asked {
                bail!("ended after {} s, its time limit", limit.as_secs());
            }
            return Ok(status);
        }
        let over = start.elapsed().saturating_sub(limit);
        if over > Duration::from_secs(15) {
            child.kill()?;
        } else if !over.is_zero() && !asked {
            asked = true;
            Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
        }
        thread::sleep(Duration::from_millis(30));
    }
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
