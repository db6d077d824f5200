//! Where a city's rows lie: a SQLite file in a data folder, or a database of a PostgreSQL server; made, opened, copied.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use songhan_app::{App, Config, Module, Parts, Server};
use songhan_base::Env;
use songhan_city::{City, Folder};
use songhan_db::{Db, query};

use crate::machine;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A data folder and, beside it or in it, a database.
#[derive(Clone, Debug)]
pub struct Place {
    pub data: PathBuf,
    /// A PostgreSQL URL; `None` is SQLite in the folder.
    pub url: Option<String>,
}

/// The modules of the binary, in its order.
pub fn modules() -> Vec<Module> {
    let above = vec![songhan_supervision::module(), songhan_archive::module(), songhan_national::module()];
    [songhan_services::modules(), above].concat()
}

impl Place {
    /// An empty place: what stood there is deleted. `server` is a PostgreSQL URL where that engine is meant.
    pub async fn make(work: &Path, name: &str, server: Option<&str>) -> Result<Self> {
        let data = work.join(name);
        if data.exists() {
            fs::remove_dir_all(&data).with_context(|| format!("delete {}", data.display()))?;
        }
        fs::create_dir_all(&data).with_context(|| format!("make {}", data.display()))?;
        let Some(server) = server else { return Ok(Self { data, url: None }) };
        let database = database_name(name);
        let admin = Db::postgres(server, None, 1).await?;
        admin.script(&format!("DROP DATABASE IF EXISTS {database}")).await?;
        admin.script(&format!("CREATE DATABASE {database}")).await?;
        admin.close().await;
        Ok(Self { data, url: Some(on(server, &database)) })
    }

    /// The same rows and files under another name. Nothing may have it open.
    pub async fn copy(&self, work: &Path, name: &str) -> Result<Self> {
        let data = work.join(name);
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        copy_folder(&self.data, &data)?;
        let Some(url) = &self.url else { return Ok(Self { data, url: None }) };
        let (database, source) = (database_name(name), url.rsplit('/').next().unwrap_or_default());
        let admin = Db::postgres(&on(url, "postgres"), None, 1).await?;
        admin.script(&format!("DROP DATABASE IF EXISTS {database}")).await?;
        admin.script(&format!("CREATE DATABASE {database} TEMPLATE {source}")).await?;
        admin.close().await;
        Ok(Self { data, url: Some(on(url, &database)) })
    }

    /// The database, as the server opens it: one writer on SQLite, 16 connections on PostgreSQL.
    pub async fn open(&self) -> Result<Db> {
        let url = self.url.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("songhan.db").display()));
        Ok(Db::open(&url).await?)
    }

    /// The whole system in this process, without a listener or workers.
    pub async fn system(&self) -> Result<Server> {
        let modules = modules();
        let kinds: Vec<_> = modules.iter().flat_map(|module| module.declarations.iter().copied()).collect();
        let (city, report) = City::load(Folder::embedded(), kinds);
        anyhow::ensure!(report.is_empty(), "the city folder has mistakes\n{report}");
        let config = Config {
            data: self.data.clone(),
            public_url: "http://127.0.0.1:8080".into(),
            demo: false,
            trusted_proxies: Vec::new(),
            sections: serde_json::json!({}),
        };
        let parts = Parts { db: self.open().await?, city, env: Env::real(), config, modules };
        Ok(Server::new(parts).await?)
    }

    /// Bytes on disk.
    pub async fn size_mib(&self, db: &Db) -> Result<f64> {
        let bytes = if db.is_postgres() {
            query("SELECT pg_database_size(current_database())").fetch_one::<(i64,)>(db).await?.0 as u64
        } else {
            fs::metadata(self.data.join("songhan.db"))?.len()
        };
        Ok(bytes as f64 / 1048576.0)
    }
}

/// Gathers the engine's statistics and writes back what lies in logs, as a night's rest would.
pub async fn tidy_up(app: &App) -> Result<()> {
    app.db.script("ANALYZE").await?;
    let write_back = if app.db.is_postgres() { "CHECKPOINT" } else { "PRAGMA wal_checkpoint(TRUNCATE)" };
    app.db.script(write_back).await?;
    Ok(())
}

/// Reads every page once and keeps it where it is: a city that runs has had its rows in memory for days, and a machine
/// may take pages of files away that no process has mapped. On SQLite `db` must stay open while it matters.
pub async fn warm(db: &Db) -> Result<()> {
    if db.is_postgres() {
        db.script("CREATE EXTENSION IF NOT EXISTS pg_prewarm").await.context("pg_prewarm is in postgresql-contrib")?;
        let all = "SELECT CAST(sum(pg_prewarm(oid::regclass)) AS BIGINT) FROM pg_class \
            WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace";
        query(all).fetch_one::<(i64,)>(db).await?;
    } else {
        let found: Vec<(String,)> = query("PRAGMA quick_check").fetch_all(db).await?;
        anyhow::ensure!(found == [("ok".to_owned(),)], "the database is broken: {found:?}");
    }
    Ok(())
}

/// The PostgreSQL server's first process.
pub async fn postmaster(db: &Db) -> Result<Option<u32>> {
    if !db.is_postgres() {
        return Ok(None);
    }
    let (backend,): (i32,) = query("SELECT pg_backend_pid()").fetch_one(db).await?;
    Ok(machine::parent(backend as u32))
}

fn database_name(name: &str) -> String {
    format!("songhan_load_{}", name.replace('-', "_"))
}

/// The URL with another database.
fn on(url: &str, database: &str) -> String {
    let server = url.rsplit_once('/').map_or(url, |(server, _)| server);
    format!("{server}/{database}")
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
