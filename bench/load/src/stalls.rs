//! How long the machine kept everyone waiting. On each core a process of real-time priority does nothing but sleep for a
//! millisecond and look at the clock. Nothing that the server, the database or the clients do can hold it up; when it is
//! late, the host had stopped the core, or the kernel was busy with itself. The host's own count of what it took
//! (`steal`) does not show such stops on the machines of these runs.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::parent_id;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The argument by which the benchmark starts itself as a watcher of one core.
pub const WATCH: &str = "watch-stalls";

const NAP: Duration = Duration::from_millis(1);
/// What is later than this is a stall; a timer is seldom later by itself.
const LATE: Duration = Duration::from_millis(2);
/// Between two looks at whether somebody still listens.
const NAPS_A_LOOK: u32 = 1_000;
const CORES_MAX: usize = 64;

/// Microseconds of stalls of each core so far.
static STALLED: [AtomicU64; CORES_MAX] = [const { AtomicU64::new(0) }; CORES_MAX];

/// The watchers; they end when this is dropped.
pub struct Watchers(Vec<Child>);

impl Watchers {
    /// Without `chrt` and `taskset` (util-linux), or without the right to real-time priority, nobody watches.
    pub fn start() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(CORES_MAX);
        Self((0..cores).filter_map(watcher).collect())
    }
}

impl Drop for Watchers {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn watcher(core: usize) -> Option<Child> {
    let mut watcher = Command::new("taskset");
    watcher.args(["--cpu-list", &core.to_string(), "chrt", "--fifo", "50"]);
    watcher.arg(std::env::current_exe().ok()?).arg(WATCH);
    watcher.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = watcher.spawn().ok()?;
    let lines = BufReader::new(child.stdout.take()?).lines();
    std::thread::spawn(move || {
        for late in lines.map_while(Result::ok).filter_map(|line| line.parse().ok()) {
            STALLED[core].fetch_add(late, Ordering::Relaxed);
        }
    });
    Some(child)
}

/// A watcher: writes by how many microseconds it was late, a line a stall, until nobody listens.
pub fn watch() {
    let listener = parent_id();
    let mut out = std::io::stdout().lock();
    for nap in 1_u32.. {
        let before = Instant::now();
        std::thread::sleep(NAP);
        let late = before.elapsed().saturating_sub(NAP);
        let told = late < LATE || writeln!(out, "{}", late.as_micros()).and_then(|()| out.flush()).is_ok();
        if !told || (nap % NAPS_A_LOOK == 0 && parent_id() != listener) {
            return;
        }
    }
}

/// Stalls of every core so far.
#[derive(Clone, Copy)]
pub struct Stalls([u64; CORES_MAX]);

impl Stalls {
    pub fn now() -> Self {
        Self(std::array::from_fn(|core| STALLED[core].load(Ordering::Relaxed)))
    }

    /// Milliseconds since `before` on the core that was stopped longest.
    pub fn since_ms(self, before: Self) -> f64 {
        let longest = self.0.iter().zip(before.0).map(|(now, before)| now - before).max();
        longest.unwrap_or(0) as f64 / 1e3
    }
}
