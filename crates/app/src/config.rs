//! Configuration as every module sees it. The binary reads it from file, environment and flags.

use std::path::PathBuf;

use serde::de::DeserializeOwned;

/// Settings of one server. What belongs to a module stands in a section of its own and is read by that module.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of everything that is kept outside the database: files, keys, mail.
    pub data: PathBuf,
    /// The address people see, without a trailing slash: in links, QR codes, payment returns.
    pub public_url: String,
    /// Whether this is a demonstration with made-up content; every page says so.
    pub demo: bool,
    /// Addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// The whole configuration; see [`Config::section`].
    pub sections: serde_json::Value,
}

impl Config {
    /// A module's section, as `[name]` in the file or `SONGHAN_NAME__KEY` in the environment. Missing is the default.
    pub fn section<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, String> {
        match self.sections.get(name) {
            None | Some(serde_json::Value::Null) => Ok(T::default()),
            Some(value) => serde_json::from_value(value.clone())
                .map_err(|error| format!("configuration section [{name}]: {error}; see the example in the README")),
        }
    }

    /// Whether people reach the server by HTTPS, so that cookies are for HTTPS alone.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
