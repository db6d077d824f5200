//! A copy of the city being made (`songhan backup`): meanwhile no file ends, so that the file of every copied row is there
//! when the copy comes to it.
//!
//! A file `.copying.TAG` says so to every process that shares the folder. It is renewed while the copy goes on: should the
//! copy die, removals wait no longer than that. Whoever removes a file has taken the last row that names it away before
//! they look for this sign; finding none, they came before the copy of the rows, which does not name the file either.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::SignedDuration;
use songhan_base::{Env, Internal};

use super::disk::Disk;

/// Without being renewed the sign holds for so long.
pub const HOLDS_FOR: SignedDuration = SignedDuration::from_mins(10);
const RENEWED_EVERY: Duration = Duration::from_secs(60);

/// The files of a data folder stay while this lives.
#[must_use = "files stay only while it lives"]
pub struct Copying {
    sign: PathBuf,
    stop: Option<Sender<()>>,
    renewing: Option<JoinHandle<()>>,
}

impl Copying {
    pub fn begin(data: &Path, env: &Env) -> Result<Self, Internal> {
        let (disk, env) = (Disk::of(data), env.clone());
        let sign = disk.sign(&env.secret::<9>(), env.now())?;
        let (stop, stopped) = channel();
        let renewed = sign.clone();
        let renewing = thread::spawn(move || {
            while stopped.recv_timeout(RENEWED_EVERY) == Err(RecvTimeoutError::Timeout) {
                if let Err(error) = Disk::renew_sign(&renewed, env.now()) {
                    tracing::warn!(%error, "files that end from now on may be missing in the copy");
                }
            }
        });
        Ok(Self { sign, stop: Some(stop), renewing: Some(renewing) })
    }
}

impl Drop for Copying {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.renewing.take().map(JoinHandle::join);
        let _ = Disk::forget_half(&self.sign);
    }
}
