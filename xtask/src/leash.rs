//! A server that can't outlive us: a small shell holds it on a pipe. When the pipe closes, because we are done, failed,
//! were interrupted or killed, the shell stops the server and removes its folder. No signal handler is needed.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use anyhow::{Context, Result, bail};

/// `$1` is the folder to remove, `$2` the signal that stops, the rest the program. A background job of a shell has no
/// input, hence the third descriptor. The watcher is ended when the server ended by itself.
const HOLD: &str = r#"
folder=$1 signal=$2
shift 2
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
( read -r _ <&3; kill -s "$signal" "$server"; sleep 20; kill -s KILL "$server" ) >/dev/null 2>&1 &
watcher=$!
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
rm -rf "$folder"
exit $status
"#;

pub struct Leash {
    shell: Child,
    log: PathBuf,
}

impl Leash {
    /// Starts `program` with its output in `log`. `signal` stops it; `folder` is removed afterwards.
    pub fn start(program: &Command, folder: &Path, signal: &str, log: &Path) -> Result<Self> {
        let out = File::create(log).with_context(|| format!("create the log {}", log.display()))?;
        let mut shell = Command::new("sh");
        shell.args(["-c", HOLD, "leash"]).arg(folder).arg(signal).arg(program.get_program()).args(program.get_args());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        if let Some(folder) = program.get_current_dir() {
            shell.current_dir(folder);
        }
        // Its own process group: an interrupt from the terminal reaches us, and the server by the pipe, in order.
        shell.process_group(0).stdin(Stdio::piped()).stdout(out.try_clone()?).stderr(out);
        let shell = shell.spawn().context("start the shell that holds a server")?;
        Ok(Self { shell, log: log.to_path_buf() })
    }

    /// Asks until `ready` says yes; what the server wrote is in the error if it ends before.
    pub fn wait_until(&mut self, what: &str, limit: Duration, ready: impl Fn() -> bool) -> Result<()> {
        let start = Instant::now();
        while !ready() {
            if let Some(status) = self.shell.try_wait()? {
                bail!("{what} ended with {status} before it was ready:\n{}", self.said());
            }
            if start.elapsed() > limit {
                bail!("{what} was not ready after {} s:\n{}", limit.as_secs(), self.said());
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn said(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// A new folder for one server's data; the leash removes it.
pub fn folder(name: &str) -> Result<PathBuf> {
    let path = env::temp_dir().join(format!("songhan-{name}-{}", process::id()));
    if path.exists() {
        fs::remove_dir_all(&path)?;
    }
    fs::create_dir_all(&path).with_context(|| format!("create {}", path.display()))?;
    Ok(path)
}

/// A port nobody listens on now. Another program may take it before we do; then the start fails and says so.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_and_cleans_when_dropped() {
        let data = folder("leash-test").unwrap();
        let log = env::temp_dir().join(format!("songhan-leash-{}.log", process::id()));
        let mut sleep = Command::new("sleep");
        sleep.arg("600");
        let start = Instant::now();
        let leash = Leash::start(&sleep, &data, "TERM", &log).unwrap();
        drop(leash);
        assert!(start.elapsed() < Duration::from_secs(10), "the server was not stopped");
        assert!(!data.exists(), "its folder was not removed");
        let _ = fs::remove_file(log);
    }

    #[test]
    fn tells_what_a_server_said_when_it_dies() {
        let data = folder("leash-death").unwrap();
        let log = env::temp_dir().join(format!("songhan-leash-death-{}.log", process::id()));
        let mut sh = Command::new("sh");
        sh.args(["-c", "echo no room; exit 3"]);
        let mut leash = Leash::start(&sh, &data, "TERM", &log).unwrap();
        let error = leash.wait_until("the server", Duration::from_secs(10), || false).unwrap_err().to_string();
        assert!(error.contains("no room"), "{error}");
        let _ = fs::remove_file(log);
    }
}
