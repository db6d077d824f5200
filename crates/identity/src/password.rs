//! Passwords: what is accepted, and how they are kept.
//!
//! Rules after NIST SP 800-63B, section 3.1.1: a length, a list of what everyone tries, nothing of the person's own;
//! no classes of characters, no forced change. Kept as argon2id with the parameters of OWASP (19 MiB, two passes).
//! Hashing is bounded in number ([`Kitchen`]), so that sign-ins can never take the memory of everything else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use songhan_app::App;
use songhan_base::{Internal, fold};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

const LENGTH_MIN: usize = 10;
/// Longer is no harm to security, but every byte is hashed.
const LENGTH_MAX: usize = 256;
/// At once: 2 × 19 MiB.
const COOKS: usize = 2;
/// Waiting beyond these: who comes later is asked to come back. At some 20 ms a hash this is about a second.
const QUEUE: usize = 64;

/// A hash of nobody's password: checking one for an unknown account takes as long as for a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29uZ2hhbi5ub2JvZHkuMQ$Yt+JgbB/fqXBIE9YgLGT2RYJYZ6GZ8OFgEQYYT7Q5rU";

/// A password as it is kept: a PHC string. Never shown.
#[derive(Clone)]
pub struct PasswordHash(pub(crate) String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Why a password was not hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum Unhashed {
    #[error("too many people sign in at this moment; try again in {} seconds", .0.as_secs())]
    Busy(Duration),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Checks a new password; `own` is what others know of the person. Answers a stable word on what is wrong.
pub fn check_rules(password: &str, own: &[&str]) -> Result<(), &'static str> {
    let length = password.chars().count();
    if length < LENGTH_MIN {
        return Err("password_short");
    }
    if password.len() > LENGTH_MAX * 4 || length > LENGTH_MAX {
        return Err("password_long");
    }
    let folded: String = fold(password).chars().filter(|c| c.is_alphanumeric()).collect();
    let plain = if folded.is_empty() { fold(password) } else { folded };
    if is_monotonous(&plain)
        || include_str!("blocklist.txt").lines().any(|known| without_tail(&plain) == without_tail(known))
    {
        return Err("password_common");
    }
    let holds = |own: &str| {
        let own: String = fold(own).chars().filter(|c| c.is_alphanumeric()).collect();
        own.chars().count() >= 6 && plain.contains(&own)
    };
    if own.iter().any(|own| holds(own)) { Err("password_own_data") } else { Ok(()) }
}

/// The digits that people add to a word do not make it another.
fn without_tail(word: &str) -> &str {
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.is_empty() { word } else { stem }
}

/// One character again and again, a few in a row, or steps of one: `aaaaaaaaaa`, `ababababab`, `1234567890`.
fn is_monotonous(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let distinct: std::collections::BTreeSet<char> = chars.iter().copied().collect();
    let steps = |by: i32| chars.windows(2).filter(|w| (w[1] as i32 - w[0] as i32) == by).count();
    distinct.len() <= 3 || chars.len().saturating_sub(steps(1).max(steps(-1))) <= 3
}

/// Where passwords are hashed: few at once, a bounded number waiting.
pub struct Kitchen {
    cooks: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Default for Kitchen {
    fn default() -> Self {
        Self { cooks: Arc::new(Semaphore::new(COOKS)), waiting: AtomicUsize::new(0) }
    }
}

/// Takes its place out of the queue again, also when the visitor has gone.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Kitchen {
    async fn cook<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unhashed> {
        let place = self.waiting.fetch_add(1, Ordering::Relaxed);
        let waiting = Waiting(&self.waiting);
        if place >= QUEUE + COOKS {
            metrics::counter!("songhan_identity_hashes_refused_total").increment(1);
            return Err(Unhashed::Busy(Duration::from_secs(2)));
        }
        let permit = self.cooks.clone().acquire_owned().await.map_err(Internal::new)?;
        // The permit goes with the work: a visitor who leaves does not free a place that is still in use.
        let done = tokio::task::spawn_blocking(move || {
            let value = work();
            drop(permit);
            value
        });
        let value = done.await.map_err(Internal::new)?;
        drop(waiting);
        Ok(value)
    }
}

fn bytes(password: &str) -> Vec<u8> {
    // One form, however a keyboard composes its accents.
    password.nfkc().collect::<String>().into_bytes()
}

/// Hashes a password. Slow on purpose: never inside a transaction.
pub async fn hash_password(app: &App, password: &str) -> Result<PasswordHash, Unhashed> {
    let (bytes, salt) = (bytes(password), app.env.random::<16>());
    let kitchen = app.memory.get_or(Kitchen::default);
    let hash = kitchen.cook(move || Argon2::default().hash_password_with_salt(&bytes, &salt)).await?;
    let hash = hash.map_err(|error| Internal::new(error.to_string()))?;
    Ok(PasswordHash(hash.to_string()))
}

/// Checks a password; `None` (no such account) takes as long and is always wrong. Never inside a transaction.
pub async fn verify_password(app: &App, password: &str, hash: Option<&PasswordHash>) -> Result<bool, Unhashed> {
    let known = hash.is_some();
    let (bytes, hash) = (bytes(password), hash.map_or_else(|| NOBODY.to_owned(), |hash| hash.0.clone()));
    let kitchen = app.memory.get_or(Kitchen::default);
    let fits = kitchen.cook(move || Argon2::default().verify_password(&bytes, hash.as_str()).is_ok()).await?;
    Ok(fits && known)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc;

    use super::*;

    #[test]
    fn rules() {
        let own = ["Nguyễn Thị Lan", "048190001234", "+84905123456", "lan.nguyen", "04051990"];
        for (password, expected) in [
            ("ngắn quá", Err("password_short")),
            ("matkhau123456", Err("password_common")),
            ("Mật khẩu 2026", Err("password_common")),
            ("1234567890", Err("password_common")),
            ("aaaaaaaaaaaa", Err("password_common")),
            ("abcdefghijkl", Err("password_common")),
            ("9876543210a", Err("password_common")),
            ("nguyenthilan!", Err("password_own_data")),
            ("toi la 048190001234", Err("password_own_data")),
            ("!!!!!!!!!!!", Err("password_common")),
            ("con thuyền trên sông Hàn", Ok(())),
            ("Xk4-pq0_wZ", Ok(())),
        ] {
            assert_eq!(check_rules(password, &own), expected, "{password}");
        }
        assert_eq!(check_rules(&"lâu đài ".repeat(40), &[]), Err("password_long"));
    }

    #[test]
    fn nobody_costs_what_everybody_costs() {
        let nobody = phc::PasswordHash::new(NOBODY).unwrap();
        let somebody = Argon2::default().hash_password_with_salt(b"x", &[7; 16]).unwrap();
        assert_eq!((nobody.algorithm, nobody.version), (somebody.algorithm, somebody.version));
        assert_eq!(nobody.params, somebody.params);
        assert_eq!(nobody.hash.unwrap().as_bytes().len(), somebody.hash.unwrap().as_bytes().len());
        assert_eq!(nobody.salt.unwrap().len(), somebody.salt.unwrap().len());
    }

    #[test]
    fn the_blocklist_is_in_the_form_that_is_compared() {
        for line in include_str!("blocklist.txt").lines() {
            let form: String = fold(line).chars().filter(|c| c.is_alphanumeric()).collect();
            assert_eq!(line, form);
        }
    }

    #[tokio::test]
    async fn a_long_queue_is_refused_and_empties() {
        let kitchen = Arc::new(Kitchen::default());
        let (send, receive) = std::sync::mpsc::channel::<()>();
        let receive = Arc::new(std::sync::Mutex::new(receive));
        let tasks: Vec<_> = (0..QUEUE + COOKS)
            .map(|_| {
                let (kitchen, receive) = (kitchen.clone(), receive.clone());
                tokio::spawn(async move { kitchen.cook(move || receive.lock().unwrap().recv().is_ok()).await })
            })
            .collect();
        while kitchen.waiting.load(Ordering::Relaxed) < QUEUE + COOKS {
            tokio::task::yield_now().await;
        }
        assert!(matches!(kitchen.cook(|| ()).await, Err(Unhashed::Busy(_))));
        for _ in 0..QUEUE + COOKS {
            send.send(()).unwrap();
        }
        for task in tasks {
            assert!(task.await.unwrap().unwrap());
        }
        assert!(kitchen.cook(|| ()).await.is_ok());
    }
}
