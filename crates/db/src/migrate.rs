//! Migrations: each module's numbered files, applied once, in order, under a lock, with their text kept true.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use songhan_base::{Env, Internal};

use crate::{Db, Result, Rows, Stamp, query};

/// One file `migrations/NNNN_name.sql` of a module.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    pub module: &'static str,
    pub number: u32,
    pub name: &'static str,
    pub sql: &'static str,
}

/// The kernel's own tables come first.
pub const KERNEL: &[Migration] =
    &[Migration { module: "db", number: 1, name: "kernel", sql: include_str!("../migrations/0001_kernel.sql") }];

/// An arbitrary constant: the advisory lock that keeps two processes from migrating at once.
const LOCK: i64 = 0x736f_6e67;

/// Applies what is missing; refuses when an applied file has changed since. Answers how many were applied.
pub async fn migrate(db: &Db, env: &Env, migrations: &[Migration]) -> Result<usize> {
    let bootstrap = "CREATE TABLE IF NOT EXISTS migrations (
        module TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,
        applied_at BIGINT NOT NULL, PRIMARY KEY (module, number)) /*strict*/";
    let mut tx = db.begin(Stamp::system(env, "migrate")).await?;
    tx.lock(LOCK).await?;
    tx.script(bootstrap).await?;
    // All at once, and below all are noted at once: each question is a round trip, and there are many migrations.
    let known: Vec<(String, i64, String)> =
        query("SELECT module, number, checksum FROM migrations").fetch_all(&mut tx).await?;
    let known: HashMap<(&str, i64), &str> =
        known.iter().map(|(module, number, checksum)| ((module.as_str(), *number), checksum.as_str())).collect();
    let mut rows = Rows::of("migrations (module, number, name, checksum, applied_at)");
    let mut applied = 0;
    for migration in KERNEL.iter().chain(migrations) {
        let checksum = data_encoding::HEXLOWER.encode(&Sha256::digest(migration.sql));
        match known.get(&(migration.module, i64::from(migration.number))) {
            Some(known) if *known == checksum => continue,
            Some(_) => {
                let Migration { module, number, name, .. } = migration;
                return Err(Internal::new(format!(
                    "migration {module}/{number:04}_{name} was changed after it had been applied; add a new file instead"
                )));
            }
            None => {}
        }
        tx.script(migration.sql).await.map_err(|error| {
            Internal::new(format!("migration {}/{:04}_{}: {error}", migration.module, migration.number, migration.name))
        })?;
        let now = tx.now();
        let Migration { module, number, name, .. } = *migration;
        rows.add([module.into(), number.into(), name.into(), checksum.into(), now.into()]);
        applied += 1;
    }
    rows.insert(&mut tx).await?;
    tx.commit().await?;
    Ok(applied)
}
