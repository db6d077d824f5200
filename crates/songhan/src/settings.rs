//! Configuration by file, environment and flags, the later winning.
//!
//! File: `songhan.toml` in the working folder or the one `--config` names. Environment: `SONGHAN_LISTEN`,
//! `SONGHAN_MAIL__HOST`, … Flags: `--listen`, `--data`, `--city`, `--database`, `--public-url`, `--demo`.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

/// What the flags of most commands can say.
#[derive(clap::Args, Clone, Debug, Default, Serialize)]
pub struct Flags {
    /// Configuration file; `songhan.toml` in the working folder is read when it is there
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Folder for the embedded database, files, keys and mail [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// The city's folder; Da Nang is built in
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<PathBuf>,
    /// `postgres://USER@HOST/NAME`; by default SQLite in the data folder
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
}

/// What a server is told.
#[derive(Clone, Debug, Deserialize)]
pub struct Settings {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub city: Option<PathBuf>,
    pub database: Option<String>,
    pub public_url: Option<String>,
    pub demo: bool,
    /// How many simulated dossiers a demo begins with.
    pub demo_dossiers: usize,
    pub trusted_proxies: Vec<IpAddr>,
    #[serde(skip)]
    pub sections: serde_json::Value,
}

#[derive(Serialize)]
struct Defaults {
    listen: &'static str,
    data: &'static str,
    demo: bool,
    demo_dossiers: usize,
    trusted_proxies: [IpAddr; 0],
}

/// Reads all three, `more` being the flags of one command.
pub fn read(flags: &Flags, more: impl Serialize) -> Result<Settings> {
    let defaults =
        Defaults { listen: "127.0.0.1:8080", data: "./data", demo: false, demo_dossiers: 600, trusted_proxies: [] };
    let file = flags.config.as_deref().unwrap_or(Path::new("songhan.toml"));
    if flags.config.is_some() && !file.exists() {
        anyhow::bail!("cannot read the configuration {}: there is no such file", file.display());
    }
    let text = if file.exists() {
        std::fs::read_to_string(file).context("cannot read the configuration")?
    } else {
        String::new()
    };
    let figment = Figment::from(Serialized::defaults(defaults))
        .merge(Toml::string(&text))
        .merge(Env::prefixed("SONGHAN_").filter(|key| !key.starts_with("test_")).split("__"))
        .merge(Serialized::defaults(flags))
        .merge(Serialized::defaults(more));
    let mut settings: Settings = figment.extract().context("cannot read the configuration")?;
    settings.sections = figment.extract().context("cannot read the configuration")?;
    Ok(settings)
}

impl Settings {
    /// The database's address: as told, or a file in the data folder.
    pub fn database_url(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("songhan.db").display()))
    }
}
