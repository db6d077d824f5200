//! Opening what a command works on: the city's folder and the database, as the server would.

use std::path::Path;

use anyhow::{Context, Result, bail};
use songhan_app::{Config, Module, Parts, Server};
use songhan_base::Env;
use songhan_city::{City, Folder, Report};
use songhan_db::Db;

use crate::modules;
use crate::settings::Settings;

/// Reads a city folder with the declarations of all modules.
pub fn city(folder: Option<&Path>, modules: &[Module]) -> Result<(City, Report)> {
    let folder = match folder {
        Some(dir) => Folder::open(dir).with_context(|| format!("cannot read the city folder {}", dir.display()))?,
        None => Folder::embedded(),
    };
    let kinds = modules.iter().flat_map(|m| m.declarations.iter().copied());
    Ok(City::load(folder, kinds))
}

/// The whole system without a listener.
pub async fn system(settings: &Settings, public_url: String) -> Result<Server> {
    let modules = modules::all();
    let (city, report) = city(settings.city.as_deref(), &modules)?;
    if !report.is_empty() {
        bail!("the city folder has mistakes; correct them and try again\n{report}");
    }
    std::fs::create_dir_all(&settings.data)
        .with_context(|| format!("cannot make the data folder {}", settings.data.display()))?;
    let db = Db::open(&settings.database_url()).await.context("cannot open the database")?;
    let config = Config {
        data: settings.data.clone(),
        public_url,
        demo: settings.demo,
        trusted_proxies: settings.trusted_proxies.clone(),
        sections: settings.sections.clone(),
    };
    let parts = Parts { db, city, env: Env::real(), config, modules };
    Server::new(parts).await.context("cannot start the system")
}
