//! Migrations: each module's numbered files, applied once, in order, under a lock, with their text kept true.

use sha2::{Digest, Sha256};
use songhan_base::{Env, Internal};

use crate::{Db, Result, Stamp, query};

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
    let mut applied = 0;
    let mut tx = db.begin(Stamp::system(env, "migrate")).await?;
    tx.lock(LOCK).await?;
    tx.script(bootstrap).await?;
    for migration in KERNEL.iter().chain(migrations) {
        let checksum = data_encoding::HEXLOWER.encode(&Sha256::digest(migration.sql));
        let known: Option<(String,)> = query("SELECT checksum FROM migrations WHERE module = $1 AND number = $2")
            .bind(migration.module)
            .bind(migration.number)
            .fetch_optional(&mut tx)
            .await?;
        match known {
            Some((known,)) if known == checksum => continue,
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
        query("INSERT INTO migrations (module, number, name, checksum, applied_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(migration.module)
            .bind(migration.number)
            .bind(migration.name)
            .bind(checksum)
            .bind(now)
            .execute(&mut tx)
            .await?;
        applied += 1;
    }
    tx.commit().await?;
    Ok(applied)
}
