//! The machine and its processes, as /proc tells of them: what stands beside every figure.

use std::collections::HashMap;
use std::fs;
use std::process::{Child, Command, Stdio};

use serde::Serialize;

/// Clock ticks a second in /proc; fixed by the kernel's interface.
const TICKS: f64 = 100.0;

/// What was measured on.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub memory_mib: u64,
    pub kernel: String,
    pub commit: String,
}

impl Machine {
    pub fn read() -> Self {
        let kib = field("/proc/meminfo", "MemTotal").split(' ').next().and_then(|n| n.parse::<u64>().ok());
        let commit = Command::new("git").args(["describe", "--always", "--dirty"]).output();
        Self {
            processor: field("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: kib.unwrap_or(0) / 1024,
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
            commit: commit.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned()).unwrap_or_default(),
        }
    }
}

fn field(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_once(':').map_or_else(String::new, |(_, value)| value.trim().to_owned())
}

/// How many tasks wanted a core in the last minute: above the number of cores others worked beside us.
pub fn load_average() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0.0)
}

/// KiB that the whole machine has read from its disks so far: a page that waits for one waits for nothing of ours.
pub fn read_kib() -> u64 {
    let text = fs::read_to_string("/proc/vmstat").unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix("pgpgin ")?.parse().ok()).unwrap_or(0)
}

/// What the cores have done since the machine began, in ticks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cores {
    pub busy: f64,
    /// Wanted, and given to another virtual machine by the host.
    pub stolen: f64,
}

impl Cores {
    pub fn now() -> Self {
        let text = fs::read_to_string("/proc/stat").unwrap_or_default();
        let ticks: Vec<f64> =
            text.lines().next().unwrap_or_default().split_whitespace().skip(1).flat_map(str::parse).collect();
        let of = |n: usize| ticks.get(n).copied().unwrap_or(0.0);
        // user, nice, system, idle, iowait, irq, softirq, steal; what is nice is what keeps them awake
        Self { busy: of(0) + of(2) + of(5) + of(6), stolen: of(7) }
    }

    /// Of the processor time wanted since `before`, the percentage that the host gave to others.
    pub fn stolen_percent(self, before: Self) -> f64 {
        let (busy, stolen) = (self.busy - before.busy, self.stolen - before.stolen);
        if busy + stolen > 0.0 { 100.0 * stolen / (busy + stolen) } else { 0.0 }
    }
}

/// Keeps the cores awake: on each a loop that runs only when nothing else wants to. A core of a virtual machine that falls
/// asleep is given back to the host, which may take tens of milliseconds to wake it: those would be counted as ours.
pub struct Awake(Vec<Child>);

impl Awake {
    /// Without `chrt` (util-linux) the cores sleep as they like.
    pub fn keep() -> Self {
        let one = |_| {
            let mut idle = Command::new("nice");
            // Ends with this process, however that ends.
            idle.args(["-n", "19", "chrt", "--idle", "0", "sh", "-c", "while [ -d /proc/$PPID ]; do :; done"]);
            idle.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
        };
        Self((0..std::thread::available_parallelism().map_or(1, usize::from)).filter_map(one).collect())
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Processor seconds that a process has used so far, in user and kernel.
pub fn processor_seconds(pid: u32) -> f64 {
    stat(pid).map_or(0.0, |stat| stat.ticks / TICKS)
}

/// The same of a process, its children and those it has waited for: a PostgreSQL server whole.
pub fn family_seconds(parent: u32) -> f64 {
    let mut ticks = stat(parent).map_or(0.0, |stat| stat.ticks + stat.children);
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    for pid in processes.filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok()) {
        if let Some(stat) = stat(pid).filter(|stat| stat.parent == parent) {
            ticks += stat.ticks;
        }
    }
    ticks / TICKS
}

/// The process that started `pid`.
pub fn parent(pid: u32) -> Option<u32> {
    stat(pid).map(|stat| stat.parent)
}

struct Stat {
    parent: u32,
    ticks: f64,
    children: f64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it may hold anything, but ends with the last bracket.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |n: usize| fields.get(n)?.parse::<f64>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        ticks: number(11)? + number(12)?,
        children: number(13)? + number(14)?,
    })
}

/// Memory of a process in MiB.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[expect(clippy::struct_field_names, reason = "the unit stands last in every name")]
pub struct Memory {
    /// What it has for itself: heap and stacks.
    pub anonymous_mib: f64,
    /// Pages of files, shared with the system's cache.
    pub file_mib: f64,
    /// The most it ever had, both together.
    pub peak_mib: f64,
}

pub fn memory(pid: u32) -> Memory {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let lines: HashMap<&str, f64> = text
        .lines()
        .filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name, value.trim().strip_suffix(" kB")?.parse::<f64>().ok()? / 1024.0))
        })
        .collect();
    let of = |name: &str| lines.get(name).copied().unwrap_or(0.0);
    Memory { anonymous_mib: of("RssAnon"), file_mib: of("RssFile"), peak_mib: of("VmHWM") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_own_process() {
        let me = std::process::id();
        assert!(memory(me).anonymous_mib > 0.1 && processor_seconds(me) >= 0.0);
        assert!(parent(me).is_some_and(|parent| parent > 0));
        assert!(Machine::read().cores > 0);
    }
}
