//! Group fsync of SQLite's write-ahead log: many commits, one wait for the disk.
//!
//! A ticket is taken after COMMIT; the syncing thread reads the highest ticket before it calls fsync, so every ticket
//! up to it is covered. A failed fsync ends the process: the pages may be gone, and only recovery from the log is
//! honest. The descriptor is reopened only when SQLite has replaced the file (its link count is 0).

use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use songhan_base::Internal;
use tokio::sync::watch;

use crate::Result;

pub struct Barrier {
    wanted: Mutex<u64>,
    wake: Condvar,
    done: watch::Sender<u64>,
    closed: AtomicBool,
}

impl Barrier {
    /// Starts the syncing thread on an existing `-wal` file. It ends when the last handle is dropped.
    pub fn start(wal: PathBuf) -> Result<Arc<Self>> {
        let mut file = File::open(&wal).map_err(Internal::new)?;
        let barrier = Arc::new(Self {
            wanted: Mutex::new(0),
            wake: Condvar::new(),
            done: watch::Sender::new(0),
            closed: AtomicBool::new(false),
        });
        let weak = Arc::downgrade(&barrier);
        let mut seen = 0;
        let run = move || {
            while let Some(barrier) = weak.upgrade() {
                let upto = barrier.next_ticket(seen);
                if upto == seen {
                    continue;
                }
                let synced = (|| {
                    if file.metadata()?.nlink() == 0 {
                        file = File::open(&wal)?;
                    }
                    #[cfg(test)]
                    crate::power::begin(&wal);
                    file.sync_data()
                })();
                // SQLite's last connection has synced and removed the log: all of it is in the database file.
                let closed = barrier.closed.load(Ordering::Acquire);
                if let Err(error) = synced.or_else(|error: std::io::Error| {
                    if closed && error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
                }) {
                    tracing::error!(%error, "syncing the write-ahead log failed; ending so that recovery can run");
                    std::process::exit(74);
                }
                seen = upto;
                metrics::counter!("songhan_db_syncs_total").increment(1);
                #[cfg(test)]
                crate::power::reached(&wal);
                barrier.done.send_replace(upto);
            }
        };
        std::thread::Builder::new().name("wal-sync".into()).spawn(run).map_err(Internal::new)?;
        Ok(barrier)
    }

    /// The database is about to be closed.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    fn next_ticket(&self, seen: u64) -> u64 {
        let guard = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.wake.wait_timeout_while(guard, Duration::from_secs(1), |wanted| *wanted == seen);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Waits until everything committed before this call is on disk.
    pub async fn wait(&self) {
        let mut done = self.done.subscribe();
        let mine = {
            let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
            *wanted += 1;
            self.wake.notify_one();
            *wanted
        };
        // The sender lives in `self`, so waiting cannot fail.
        let _ = done.wait_for(|upto| *upto >= mine).await;
    }
}
