//! A test's schema of PostgreSQL. Making its tables takes longer than most tests, so a schema is emptied after a test that
//! passed and used again by the next, in this process or another.
//!
//! Its name holds a digest of the migrations: a changed one makes new schemas. Whoever uses one holds an advisory lock of
//! its name, which ends with the connection; its comment says whether it is empty. What a failed test leaves is renamed
//! for a look, and where a test has made tables of its own the schema is dropped.

use songhan_app::Module;
use songhan_base::Env;
use songhan_db::{Db, query, query_dyn};

pub struct Schema {
    pub name: String,
    /// The one connection that holds the lock.
    admin: Db,
    /// How many tables the migrations have made, and how many migrations there are: a test may make more of either.
    made: (i64, i64),
}

impl Schema {
    /// One that is free and empty.
    pub async fn take(url: &str, modules: &[Module]) -> Self {
        let admin = Db::postgres(url, None, 1).await.expect("SONGHAN_TEST_POSTGRES can be reached");
        let digest = digest(modules);
        for slot in 0.. {
            let name = format!("t_{digest}_{slot}");
            if lock(&admin, &name).await {
                let schema = Self { name, admin, made: (0, 0) };
                schema.prepare().await;
                return schema;
            }
        }
        unreachable!("there are more schemas than tests")
    }

    async fn prepare(&self) {
        let Self { name, admin, .. } = self;
        let comment: Option<(Option<String>,)> =
            query("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = $1")
                .bind(name)
                .fetch_optional(admin)
                .await
                .expect("the schema's comment");
        let script = match comment {
            Some((Some(state),)) if state.starts_with("empty ") => String::new(),
            Some(_) => {
                let kept = format!("failed_{}", Env::real().id().to_string().replace('-', ""));
                format!("ALTER SCHEMA {name} RENAME TO {kept}; CREATE SCHEMA {name};")
            }
            None => {
                self.forget_old().await;
                format!("CREATE SCHEMA {name};")
            }
        };
        let script = format!("{script} COMMENT ON SCHEMA {name} IS 'in use'");
        admin.script(&script).await.expect("a schema for the test");
    }

    /// After the migrations, before the test.
    pub async fn is_built(&mut self) {
        self.made = self.count().await;
    }

    async fn count(&self) -> (i64, i64) {
        let Self { name, admin, .. } = self;
        let sql = format!(
            "SELECT (SELECT count(*) FROM pg_tables WHERE schemaname = $1), (SELECT count(*) FROM {name}.migrations)"
        );
        query_dyn(sql).bind(name).fetch_one(admin).await.expect("what the migrations have made")
    }

    /// After a test that passed, with no other connection open.
    pub async fn give_back(self) {
        let is_as_made = self.count().await == self.made;
        let Self { name, admin, .. } = self;
        if !is_as_made {
            admin.script(&format!("DROP SCHEMA {name} CASCADE")).await.expect("the schema is dropped");
            return admin.close().await;
        }
        // Only what was filled is emptied: that is a matter of milliseconds. Triggers that keep journals do not count here.
        let script = format!(
            "DO $$
             DECLARE tab text; filled boolean; names text := '';
             BEGIN
               SET LOCAL session_replication_role = replica;
               FOR tab IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                 WHERE schemaname = '{name}' AND tablename <> 'migrations' LOOP
                 EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || tab || ')' INTO filled;
                 IF filled THEN names := names || ', ' || tab; END IF;
               END LOOP;
               IF names <> '' THEN EXECUTE 'TRUNCATE ' || substr(names, 3) || ' RESTART IDENTITY CASCADE'; END IF;
               EXECUTE format('COMMENT ON SCHEMA %I IS %L', '{name}', 'empty ' || current_date);
             END $$"
        );
        if let Err(error) = admin.script(&script).await {
            // Not a superuser, say: then a schema lives for one test.
            println!("the schema {name} cannot be emptied ({error}) and is dropped");
            admin.script(&format!("DROP SCHEMA {name} CASCADE")).await.expect("the schema is dropped");
        }
        admin.close().await;
    }

    /// Drops what has not been used for days: the migrations have changed since.
    async fn forget_old(&self) {
        let old: Vec<(String,)> = query(
            "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 't\\_%\\_%'
             AND obj_description(oid, 'pg_namespace') LIKE 'empty %'
             AND CAST(substr(obj_description(oid, 'pg_namespace'), 7) AS DATE) < current_date - 2",
        )
        .fetch_all(&self.admin)
        .await
        .expect("the list of schemas");
        for (name,) in old {
            if lock(&self.admin, &name).await {
                // Another test may have dropped it meanwhile.
                let _ = self.admin.script(&format!("DROP SCHEMA IF EXISTS {name} CASCADE")).await;
            }
        }
    }
}

async fn lock(admin: &Db, name: &str) -> bool {
    let (mine,): (bool,) = query_dyn("SELECT pg_try_advisory_lock(hashtextextended($1, 0))".to_owned())
        .bind(name)
        .fetch_one(admin)
        .await
        .expect("an advisory lock");
    mine
}

/// FNV-1a over all that a migration is: it need not be safe from anyone, and the same in every process.
fn digest(modules: &[Module]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for migration in songhan_db::KERNEL.iter().chain(modules.iter().flat_map(|module| module.migrations)) {
        eat(migration.module);
        eat(&migration.number.to_string());
        eat(migration.sql);
    }
    format!("{hash:016x}")
}
