//! Driving load and summing it up: as fast as clients can, or at a given pace.
//!
//! At a pace every client has a timetable. A request that could not be sent in time because the answer before it was
//! late is counted from the time at which it should have been sent, so that a slow answer is not hidden by the pause it
//! causes. Lateness of our own timer (a millisecond) is not the server's and is not counted.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::http::Connection;
use crate::machine::{self, Cores};
use crate::stalls::Stalls;

/// Makes the next request of a client: its number, and how many it has made.
pub type Requests = Arc<dyn Fn(usize, usize) -> Vec<u8> + Send + Sync>;

/// Before counting begins: connections open, caches warm.
const WARM_UP: Duration = Duration::from_millis(500);

/// What clients saw in one run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sample {
    /// Answers a second.
    pub rate: f64,
    pub count: usize,
    /// Answers in all, those while warming up and after the end too.
    pub answered: usize,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
}

/// What a client is to do.
#[derive(Clone)]
pub struct Load {
    pub clients: usize,
    pub length: Duration,
    /// Requests a second of all clients together; `None` is as fast as they can.
    pub rate: Option<f64>,
    /// The status that every answer must have.
    pub expect: u16,
}

/// A window in which the host gave more than this percentage of the processor time wanted to other machines, or stopped a
/// core for more than this percentage of the window, says nothing about the slowest hundredth of our answers.
const STOLEN_PERCENT_MAX: f64 = 1.0;
const STALLED_PERCENT_MAX: f64 = 0.5;
const TRIES_MAX: usize = 12;

/// What came of a load, and how still the host was.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Window {
    pub sample: Sample,
    /// Of the processor time wanted meanwhile, what the host gave to other machines.
    pub stolen_percent: f64,
    /// Of the window, for how much a core stood still ([`crate::stalls`]): the core that stood longest.
    pub stalled_percent: f64,
    /// What the machine read from its disks meanwhile.
    pub read_mib: f64,
    /// Windows that were disturbed.
    pub thrown_away: usize,
}

impl Window {
    /// How much of what it may be disturbed it was: above one it says little.
    fn disturbed(&self) -> f64 {
        (self.stolen_percent / STOLEN_PERCENT_MAX).max(self.stalled_percent / STALLED_PERCENT_MAX)
    }
}

/// Runs the load until the machine leaves us alone: the first window that it did not disturb, else the one with the least.
pub async fn undisturbed(address: SocketAddr, load: &Load, requests: &Requests) -> Result<Window> {
    let mut best: Option<Window> = None;
    for thrown_away in 0..TRIES_MAX {
        let (cores, stalls, read) = (Cores::now(), Stalls::now(), machine::read_kib());
        let began = Instant::now();
        let sample = run(address, load.clone(), requests.clone()).await?;
        let window = Window {
            sample,
            stolen_percent: Cores::now().stolen_percent(cores),
            stalled_percent: Stalls::now().since_ms(stalls) / began.elapsed().as_millis() as f64 * 100.0,
            read_mib: (machine::read_kib() - read) as f64 / 1024.0,
            thrown_away,
        };
        if best.as_ref().is_none_or(|best| window.disturbed() < best.disturbed()) {
            best = Some(window);
        }
        if let Some(best) = best.as_mut().filter(|best| best.disturbed() <= 1.0 || thrown_away + 1 == TRIES_MAX) {
            best.thrown_away = thrown_away;
            return Ok(best.clone());
        }
    }
    best.context("no window")
}

/// Runs the load from a thread of its own with a runtime of its own: the client takes one core at most.
pub async fn run(address: SocketAddr, load: Load, requests: Requests) -> Result<Sample> {
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(clients(address, load, requests))
    };
    tokio::task::spawn_blocking(work).await.context("the clients ended early")?
}

async fn clients(address: SocketAddr, load: Load, requests: Requests) -> Result<Sample> {
    let begin = Instant::now() + Duration::from_millis(20);
    let tasks: Vec<_> = (0..load.clients)
        .map(|number| tokio::spawn(client(address, load.clone(), requests.clone(), number, begin)))
        .collect();
    let (mut latencies, mut answered) = (Vec::new(), 0);
    for task in tasks {
        let (mut counted, all) = task.await.context("a client ended early")??;
        latencies.append(&mut counted);
        answered += all;
    }
    Ok(Sample { answered, ..sum_up(latencies, load.length) })
}

async fn client(
    address: SocketAddr,
    load: Load,
    requests: Requests,
    number: usize,
    begin: Instant,
) -> Result<(Vec<Duration>, usize)> {
    let mut connection = Connection::open(address).await?;
    let (count_from, end) = (begin + WARM_UP, begin + WARM_UP + load.length);
    let step = load.rate.map(|rate| Duration::from_secs_f64(load.clients as f64 / rate.max(0.1)));
    // Clients take turns within a step.
    let mut due = begin + step.unwrap_or_default().mul_f64(number as f64 / load.clients as f64);
    let (mut latencies, mut answered) = (Vec::new(), 0);
    for turn in 0.. {
        let request = requests(number, turn);
        let mut sent = Instant::now();
        if let Some(step) = step {
            if sent < due {
                tokio::time::sleep_until(due.into()).await;
                sent = Instant::now();
            } else if turn > 0 {
                sent = due;
            }
            due += step;
        }
        if sent >= end {
            break;
        }
        let answer = connection.send(&request).await?;
        ensure!(
            answer.status == load.expect,
            "{} answered {} instead of {}: {}",
            String::from_utf8_lossy(&request).lines().next().unwrap_or_default(),
            answer.status,
            load.expect,
            String::from_utf8_lossy(&answer.body[..answer.body.len().min(600)])
        );
        let now = Instant::now();
        answered += 1;
        let counts = if step.is_some() { sent >= count_from } else { now >= count_from && now < end };
        if counts {
            latencies.push(now - sent);
        }
    }
    Ok((latencies, answered))
}

/// Rate and percentiles of latencies that were gathered in `length`.
pub fn sum_up(mut latencies: Vec<Duration>, length: Duration) -> Sample {
    latencies.sort_unstable();
    let ms = |at: usize| latencies.get(at).map_or(0.0, |latency| latency.as_secs_f64() * 1e3);
    let rank = |percent: usize| (latencies.len() * percent).div_ceil(100).saturating_sub(1);
    Sample {
        rate: latencies.len() as f64 / length.as_secs_f64(),
        count: latencies.len(),
        answered: latencies.len(),
        p50_ms: ms(rank(50)),
        p99_ms: ms(rank(99)),
        max_ms: ms(latencies.len().saturating_sub(1)),
    }
}

/// The median and the spread of some runs.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Spread {
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        match values.len() {
            0 => Self::default(),
            n => Self {
                median: f64::midpoint(values[(n - 1) / 2], values[n / 2]),
                least: values[0],
                most: values[n - 1],
            },
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact halves")]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let sample = sum_up((1..=200).rev().map(Duration::from_millis).collect(), Duration::from_secs(2));
        assert!((sample.rate - 100.0).abs() < 1e-9);
        assert_eq!([sample.p50_ms, sample.p99_ms, sample.max_ms], [100.0, 198.0, 200.0]);
        assert_eq!(sum_up(Vec::new(), Duration::from_secs(1)).count, 0);
    }

    #[test]
    fn medians() {
        let spread = Spread::of([3.0, 1.0, 2.0]);
        assert_eq!([spread.median, spread.least, spread.most], [2.0, 1.0, 3.0]);
        assert_eq!(Spread::of([1.0, 2.0]).median, 1.5);
    }
}
