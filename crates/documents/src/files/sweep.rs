//! Files that no row names any more, or never did because a request died before its row was written: found by walking
//! the folder and taken away. Also what a crash has left half-written or moved aside.

use std::collections::HashSet;

use jiff::SignedDuration;
use songhan_app::Cx;
use songhan_base::Internal;

use super::disk::{Disk, Leftover};
use super::{Removal, decide, lock_of, on_disk, remove};
use crate::store;

/// Nobody has put it for so long: longer than any request lives.
const UNUSED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Every hour one folder in so many is walked. Not 24, so that an hour in which a city is switched off every night is not
/// always the same folders'.
const ROUND: i64 = 25;
/// Names that are looked up together, and files taken away in one run at most.
const BATCH: usize = 1000;
const REMOVED_MAX: usize = 1000;

/// Walks the folders of this hour; every file is looked at about once a day. What cannot be removed is told and tried
/// again in the next round.
pub async fn sweep(cx: Cx) -> Result<(), Internal> {
    leftovers(&cx).await?;
    let hour = cx.now().as_second().div_euclid(3600);
    let mut done = Done::default();
    for folder in (0..256).filter(|n| n % ROUND == hour.rem_euclid(ROUND)) {
        walk(&cx, format!("{folder:02x}"), &mut done).await?;
    }
    if done.removed > 0 {
        tracing::info!(removed = done.removed, "files that nothing names were taken away");
    }
    match done.failed {
        0 => Ok(()),
        failed => Err(Internal::new(format!("{failed} files could not be taken away; see the log"))),
    }
}

/// What a run has come to.
#[derive(Default)]
struct Done {
    removed: usize,
    failed: usize,
}

async fn walk(cx: &Cx, folder: String, done: &mut Done) -> Result<(), Internal> {
    let before = cx.now() - UNUSED_FOR;
    let unused = on_disk(&cx.app, move |disk: &Disk| disk.unused(&folder, before)).await?;
    for batch in unused.chunks(BATCH) {
        let named: HashSet<String> = store::named(&cx.db, batch).await?.into_iter().collect();
        for name in batch.iter().filter(|name| !named.contains(*name)) {
            if done.removed + done.failed >= REMOVED_MAX {
                return Ok(());
            }
            match remove(cx, name, UNUSED_FOR).await {
                Ok(Removal::Gone) => done.removed += 1,
                Ok(Removal::Named | Removal::Young(_)) => {}
                Err(error) => {
                    done.failed += 1;
                    tracing::error!(name, %error, "cannot take away a file that nothing names");
                }
            }
        }
    }
    Ok(())
}

async fn leftovers(cx: &Cx) -> Result<(), Internal> {
    for leftover in on_disk(&cx.app, Disk::leftovers).await? {
        match leftover {
            Leftover::Aside(aside) => {
                let mut tx = cx.begin().await?;
                // Whoever is still at it comes first.
                tx.lock(lock_of(&aside.name)).await?;
                decide(cx, tx, aside).await?;
            }
            Leftover::Half(path, at) if at <= cx.now() - UNUSED_FOR => {
                on_disk(&cx.app, move |_| Disk::forget_half(&path)).await?;
            }
            Leftover::Half(..) => {}
        }
    }
    Ok(())
}
