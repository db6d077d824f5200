//! The loss of power, in a test: of the write-ahead log only what an fsync has covered is left.
//!
//! The syncing thread tells of each fsync before it begins and after it has returned. What the log held at the beginning
//! is then on disk; everything written since may be gone. The database file itself is held still meanwhile (no
//! checkpoint), so that the log alone holds what came.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use songhan_base::Env;

use crate::{Db, Stamp, query};

/// A log as its disk has it: what is being synced, what was synced.
#[derive(Default)]
struct Disk {
    under_way: Vec<u8>,
    kept: Vec<u8>,
}

static DISKS: LazyLock<Mutex<HashMap<PathBuf, Disk>>> = LazyLock::new(Mutex::default);

fn with<T>(log: &Path, look: impl FnOnce(&mut Disk) -> T) -> Option<T> {
    DISKS.lock().unwrap_or_else(PoisonError::into_inner).get_mut(log).map(look)
}

/// An fsync begins: it covers what stands in the log now.
pub fn begin(log: &Path) {
    with(log, |disk| disk.under_way = std::fs::read(log).unwrap_or_default());
}

/// The fsync has returned.
pub fn reached(log: &Path) {
    with(log, |disk| disk.kept = std::mem::take(&mut disk.under_way));
}

/// The numbers in a database whose machine lost its power with this on disk.
async fn numbers_after_the_loss(base: &[u8], log: &[u8]) -> BTreeSet<i64> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("found.db");
    std::fs::write(&path, base).unwrap();
    std::fs::write(folder.path().join("found.db-wal"), log).unwrap();
    let db = Db::sqlite(&path).await.unwrap();
    let found: Vec<(i64,)> = query("SELECT n FROM kept").fetch_all(&db).await.unwrap();
    db.close().await;
    found.into_iter().map(|(n,)| n).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_the_loss_of_power() {
    const CLIENTS: i64 = 32;
    const EACH: i64 = 30;
    let folder = tempfile::tempdir().unwrap();
    let (path, log) = (folder.path().join("city.db"), folder.path().join("city.db-wal"));
    let db = Db::sqlite(&path).await.unwrap();
    db.script("CREATE TABLE kept (n BIGINT PRIMARY KEY, text TEXT NOT NULL) /*strict*/").await.unwrap();
    db.script("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0").await.unwrap();
    let base = std::fs::read(&path).unwrap();
    DISKS.lock().unwrap().insert(log.clone(), Disk::default());

    let env = Env::real();
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let (db, env, acknowledged) = (db.clone(), env.clone(), acknowledged.clone());
        clients.spawn(async move {
            for n in client * EACH..(client + 1) * EACH {
                let insert = query("INSERT INTO kept (n, text) VALUES ($1, 'Đà Nẵng')").bind(n);
                // Both ways in which something is written: in a transaction, and as one statement.
                if n % 2 == 0 {
                    let mut tx = db.begin(Stamp::system(&env, "test")).await.unwrap();
                    insert.execute(&mut tx).await.unwrap();
                    tx.commit().await.unwrap();
                } else {
                    insert.execute(&db).await.unwrap();
                }
                acknowledged.lock().unwrap().insert(n);
            }
        });
    }
    let (mut losses, mut unsynced) = (0, 0);
    while !clients.is_empty() {
        while clients.try_join_next().is_some_and(|ended| ended.is_ok()) {}
        // In this order: what is acknowledged is kept by then; and what is kept is in the log.
        let told = acknowledged.lock().unwrap().clone();
        let kept = with(&log, |disk| disk.kept.clone()).unwrap();
        unsynced += usize::from(std::fs::metadata(&log).unwrap().len() as usize > kept.len());
        let found = numbers_after_the_loss(&base, &kept).await;
        let lost: Vec<_> = told.difference(&found).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        losses += 1;
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    assert_eq!(acknowledged.lock().unwrap().len() as i64, CLIENTS * EACH);
    assert!(
        losses >= 5 && unsynced > 0,
        "{losses} losses of power, {unsynced} with something unsynced: it tested nothing"
    );
    db.close().await;
}
