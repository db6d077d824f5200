//! How often one may try: by account, by account and address, by address. Counted in each process by itself.
//!
//! An account alone has a wide limit, so that a stranger who guesses cannot lock its owner out; the narrow one is for
//! the account as tried from one address. With ten characters at least, neither lets a guess succeed.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use songhan_app::App;
use songhan_base::Env;

use crate::settings::Settings;

/// The house's clock, so that a test can hold it.
#[derive(Clone)]
struct EnvClock(Env);

impl Clock for EnvClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_micros(self.0.now().as_microsecond().max(0) as u64)
    }
}

type Keyed = RateLimiter<String, DashMapStateStore<String>, EnvClock, NoOpMiddleware<<EnvClock as Clock>::Instant>>;

/// The counters of this process.
pub struct Limits {
    clock: EnvClock,
    login_address: Keyed,
    login: Keyed,
    address: Keyed,
    accounts: Keyed,
    codes: Keyed,
    checks: AtomicU32,
}

/// Come back after this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany(pub Duration);

impl Limits {
    pub fn of(app: &App) -> Arc<Self> {
        app.memory.get_or(|| Self::new(app.env.clone(), &Settings::of(app)))
    }

    fn new(env: Env, settings: &Settings) -> Self {
        let clock = EnvClock(env);
        let minute = Duration::from_mins(1);
        let limiter = |quota| RateLimiter::new(quota, DashMapStateStore::default(), clock.clone());
        Self {
            login_address: limiter(quota(10, 5 * minute)),
            login: limiter(quota(100, 60 * minute)),
            address: limiter(quota(settings.sign_ins_per_minute, minute)),
            accounts: limiter(quota(settings.accounts_per_hour, 60 * minute)),
            codes: limiter(quota(5, 5 * minute)),
            checks: AtomicU32::new(0),
            clock,
        }
    }

    /// One attempt to sign in.
    pub fn sign_in(&self, login: &str, address: IpAddr) -> Result<(), TooMany> {
        let address = network(address);
        self.check(&self.address, &address)?;
        self.check(&self.login_address, &format!("{login} {address}"))?;
        self.check(&self.login, login)
    }

    /// One new account.
    pub fn account(&self, address: IpAddr) -> Result<(), TooMany> {
        self.check(&self.accounts, &network(address))
    }

    /// One attempt to give a code, or the present password, in a session or half a sign-in of this account.
    pub fn proof(&self, account: &str) -> Result<(), TooMany> {
        self.check(&self.codes, account)
    }

    fn check(&self, limiter: &Keyed, key: &str) -> Result<(), TooMany> {
        // Keys that have their whole quota again are forgotten before there are too many; looking costs, so now and then.
        if self.checks.fetch_add(1, Ordering::Relaxed).is_multiple_of(4096) && limiter.len() > 10_000 {
            limiter.retain_recent();
        }
        limiter.check_key(&key.to_owned()).map_err(|until| TooMany(until.wait_time_from(self.clock.now())))
    }
}

/// `n` at once, and all of them again after `period`.
fn quota(n: u32, period: Duration) -> Quota {
    let n = NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(period / n.get()).unwrap_or(Quota::per_minute(n)).allow_burst(n)
}

/// Whose address it is: one of IPv6 belongs with its /64, which is what a household gets.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use songhan_base::HeldClock;

    use super::*;

    fn limits() -> (HeldClock, Limits) {
        let clock = HeldClock::at("2026-11-20T02:00:00Z".parse().unwrap());
        let limits = Limits::new(Env::held(clock.clone(), 1), &Settings::default());
        (clock, limits)
    }

    #[test]
    fn a_guesser_waits_and_the_owner_does_not() {
        let (clock, limits) = limits();
        let (guesser, owner) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        assert!((0..10).all(|_| limits.sign_in("048190001234", guesser).is_ok()));
        let TooMany(wait) = limits.sign_in("048190001234", guesser).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(30), "{wait:?}");
        assert!(limits.sign_in("048190001234", owner).is_ok());
        assert!(limits.sign_in("048190009999", guesser).is_ok(), "another account from there");
        clock.advance(Duration::from_secs(31));
        assert!(limits.sign_in("048190001234", guesser).is_ok());
    }

    #[test]
    fn an_address_has_its_own_limit() {
        let (_, limits) = limits();
        let tries = (0..200).filter(|n| limits.sign_in(&n.to_string(), "2001:db8::1".parse().unwrap()).is_ok()).count();
        assert_eq!(tries, 120);
        assert!(limits.sign_in("x", "2001:db8::ffff".parse().unwrap()).is_err(), "the same household");
    }

    #[test]
    fn households_share_a_network() {
        assert_eq!(network("2001:db8:1:2:3::4".parse().unwrap()), "2001:db8:1:2::/64");
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1");
    }
}
