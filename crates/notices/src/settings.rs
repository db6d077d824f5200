//! The section `[mail]` of the configuration. Without a host, letters become files.

use std::path::PathBuf;

use lettre::message::Mailbox;
use serde::Deserialize;
use songhan_app::Config;

/// How letters leave the house.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The SMTP server. Missing: letters are written to the folder `mail` of the data, as `.eml`.
    pub host: Option<String>,
    /// Missing: 465, 587 or 25, by `tls`.
    pub port: Option<u16>,
    pub username: Option<String>,
    /// File that holds the password, so that it stands in no configuration.
    pub password_file: Option<PathBuf>,
    /// `"Thành phố Đà Nẵng <thongbao@danang.gov.vn>"`.
    pub from: Option<String>,
    pub tls: Tls,
}

/// How the way to the SMTP server is kept secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// By STARTTLS, required.
    #[default]
    Starttls,
    /// From the first byte.
    Tls,
    /// Not at all: only to a server on the same machine.
    None,
}

impl Settings {
    /// Reads the section; the binary calls it at start, so that a mistake is told before the first letter.
    pub fn read(config: &Config) -> Result<Self, String> {
        let settings: Self = config.section("mail")?;
        if settings.host.is_some() && settings.from.is_none() {
            return Err("configuration section [mail]: a host needs `from`, the address letters come from".to_owned());
        }
        settings.sender()?;
        if settings.username.is_some() != settings.password_file.is_some() {
            return Err("configuration section [mail]: username and password_file go together".to_owned());
        }
        Ok(settings)
    }

    /// Whom letters are from, where that is said.
    pub(crate) fn sender(&self) -> Result<Option<Mailbox>, String> {
        let parse = |text: &String| {
            text.parse().map_err(|error| {
                format!("configuration section [mail]: from = {text:?}: {error}; write \"Name <address@example.com>\"")
            })
        };
        self.from.as_ref().map(parse).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(section: serde_json::Value) -> Result<Settings, String> {
        let sections = serde_json::json!({ "mail": section });
        Settings::read(&Config {
            data: PathBuf::new(),
            public_url: String::new(),
            demo: false,
            trusted_proxies: Vec::new(),
            sections,
        })
    }

    #[test]
    fn mistakes_are_told_with_the_remedy() {
        let whole =
            serde_json::json!({ "host": "mail.example", "from": "Đà Nẵng <no-reply@danang.example>", "tls": "tls" });
        assert_eq!(read(whole).unwrap().tls, Tls::Tls);
        assert!(read(serde_json::json!({})).unwrap().host.is_none());
        for (section, expected) in [
            (serde_json::json!({ "host": "mail.example" }), "a host needs `from`"),
            (serde_json::json!({ "host": "mail.example", "from": "nobody" }), "write \"Name <address@example.com>\""),
            (serde_json::json!({ "username": "a" }), "username and password_file go together"),
            (serde_json::json!({ "tsl": "none" }), "unknown field `tsl`"),
        ] {
            let error = read(section).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
