//! The step of the browser: Lighthouse first and alone, because it measures time; then the walks side by side, each lane
//! with a demo city of its own, so that no walk meets another's drafts, notices and devices.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};

use super::count::{self, Counts};
use super::server::{self, Server};
use super::web::missing;
use super::{Session, need, rust};
use crate::install::{CHROMIUM, NODE, PDFSIG};
use crate::shell::{self, Log, MINUTE};
use crate::{install, tools};

/// A lane is a city, a browser and what drives it: more of them than cores only wait for each other.
const LANES_MAX: usize = 4;

const LIGHTHOUSE: &str = "lighthouse.test.mjs";

pub fn browser(_: &mut Session<'_>, log: &Log) -> Result<Counts> {
    // The walks read the papers that come back as text.
    need(&[NODE, CHROMIUM, PDFSIG], log)?;
    let folder = shell::root().join("tests/browser");
    tools::npm(&folder, log).map_err(missing)?;
    let chromium = install::chromium().context("find chromium")?;
    let walks = files(&folder)?;
    let lanes = thread::available_parallelism().map_or(1, usize::from).min(LANES_MAX);
    // One after another: each takes its port before the next looks for one.
    let servers: Vec<Server> =
        (0..lanes).map(|n| server::start(&format!("browser-{n}"), log)).collect::<Result<_>>()?;
    let lane = |server: &Server, file: &str| run(&folder, &chromium, server, file, log);
    let mut sum = lane(&servers[0], LIGHTHOUSE);
    let left = Mutex::new(walks.into_iter());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| -> Result<()> {
        let walk = |server| std::iter::from_fn(next).map(|file| lane(server, &file)).collect::<Vec<_>>();
        let walking: Vec<_> = servers.iter().map(|server| scope.spawn(move || walk(server))).collect();
        for lane in walking {
            let counted = lane.join().ok().context("a lane of walks panicked")?;
            for counts in counted {
                sum += counts;
            }
        }
        Ok(())
    })?;
    Ok(sum)
}

/// The files of the walks. Their names happen to put the long ones last: those begin, and the short ones fill the end.
fn files(folder: &Path) -> Result<Vec<String>> {
    let names = folder.read_dir()?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".test.mjs") && name != LIGHTHOUSE).collect();
    names.sort_by(|one, other| other.cmp(one));
    Ok(names)
}

/// One file; what it says stands in a log of its own, and in the step's as a whole when it has ended.
fn run(folder: &Path, chromium: &Path, server: &Server, file: &str, log: &Log) -> Counts {
    let outcome = || {
        let own = Log::file(log.path().with_file_name(format!("browser-{file}.log")), false)?;
        let mut node = Command::new("node");
        node.args(["--test", "--test-concurrency=1", "--test-reporter=tap", "--test-timeout=1200000", file]);
        node.current_dir(folder).env("SONGHAN_CHROMIUM", chromium);
        server.tell(&mut node);
        let (status, text) = shell::capture(&mut node, &own, 30 * MINUTE)?;
        log.line(&format!("── {file}\n{}", text.trim_end()));
        rust::judge(status.success(), count::node(&text))
    };
    outcome().unwrap_or_else(|error| {
        log.line(&format!("not ok {file}: {error:#}"));
        Counts { failed: 1, ..Counts::NONE }
    })
}
