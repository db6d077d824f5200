//! Time, ids and randomness: injected, so that a test can hold them still. Clippy bans the ambient ones.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use rand::{RngExt as _, SeedableRng, rngs::StdRng};

use crate::Id;

/// Where the present, new ids and randomness come from. Cheap to clone.
#[derive(Clone)]
pub struct Env {
    clock: Clock,
    rng: Arc<Mutex<StdRng>>,
}

#[derive(Clone)]
enum Clock {
    System,
    Held(HeldClock),
}

/// A clock that stands still until it is told to move.
#[derive(Clone, Debug)]
pub struct HeldClock(Arc<AtomicI64>);

impl HeldClock {
    pub fn at(start: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(start.as_microsecond())))
    }

    pub fn set(&self, to: Timestamp) {
        self.0.store(to.as_microsecond(), Ordering::SeqCst);
    }

    pub fn advance(&self, by: std::time::Duration) {
        self.0.fetch_add(by.as_micros() as i64, Ordering::SeqCst);
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }
}

impl Env {
    /// The real clock and a generator seeded by the operating system.
    pub fn real() -> Self {
        Self { clock: Clock::System, rng: Arc::new(Mutex::new(rand::make_rng())) }
    }

    /// A held clock and a seeded generator: the same run gives the same ids.
    pub fn held(clock: HeldClock, seed: u64) -> Self {
        Self { clock: Clock::Held(clock), rng: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))) }
    }

    /// Now, to the microsecond: what the database keeps is what was answered.
    pub fn now(&self) -> Timestamp {
        match &self.clock {
            #[expect(clippy::disallowed_methods, reason = "the one real clock")]
            Clock::System => {
                Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap_or(Timestamp::UNIX_EPOCH)
            }
            Clock::Held(clock) => clock.now(),
        }
    }

    /// A new id that sorts after those made in earlier milliseconds.
    pub fn id(&self) -> Id {
        let millis = self.now().as_millisecond().max(0) as u64;
        Id::new(uuid::Builder::from_unix_timestamp_millis(millis, &self.random()).into_uuid())
    }

    /// `N` unpredictable bytes (the generator is a cryptographic one).
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill(&mut bytes);
        bytes
    }

    /// A secret for a link or a token: `N` random bytes in unpadded base64url.
    pub fn secret<const N: usize>(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.random::<N>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn held_runs_repeat() {
        let run = || {
            let clock = HeldClock::at("2026-11-21T02:00:00Z".parse().unwrap());
            let env = Env::held(clock.clone(), 7);
            let first = env.id();
            clock.advance(std::time::Duration::from_millis(1));
            (first, env.id(), env.secret::<16>())
        };
        let (first, second, _) = run();
        assert!(first < second && first.to_string() < second.to_string());
        assert_eq!(run(), run());
    }
}
