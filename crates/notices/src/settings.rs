//! Settings of the channels: `[mail]`, `[sms]`, `[zalo]`, `[push]`. Without a host in `[mail]`, letters become files; SMS
//! and Zalo that are not set are not offered.
//!
//! ```toml
//! [sms]                              # a brandname gateway that takes JSON
//! url = "https://rest.example.vn/json/SendMultipleMessage"
//! brand = "DA NANG"                  # tên thương hiệu, registered
//! key = "…"                          # the account's name at the gateway
//! credential_file = "/etc/songhan/sms.secret"
//! marks = false                      # without marks: GSM-7, 160 characters instead of 70
//!
//! [zalo]                             # Zalo Notification Service of an Official Account
//! app_id = "…"
//! secret_file = "/etc/songhan/zalo-app.secret"
//! refresh_token_file = "/etc/songhan/zalo-refresh.token"
//! webhook_secret_file = "/etc/songhan/zalo-oa.secret"
//! [zalo.templates.dossier-done]      # one for each kind of notice that Zalo has approved a template for
//! id = "301234"
//! data = { ma_ho_so = "code", ho_ten = "name" }
//!
//! [push]
//! contact = "mailto:cntt@danang.gov.vn"
//! ```

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use lettre::message::Mailbox;
use serde::Deserialize;
use songhan_app::{App, Config};
use songhan_base::Internal;

/// The secret of the demonstration: everyone knows it, so it is refused elsewhere.
const DEMO_SECRET: &str = "mo-phong-khong-gui-that";

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

/// `[sms]`: a gateway for brandname messages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sms {
    pub url: String,
    /// Tên thương hiệu: what stands as the sender.
    pub brand: String,
    /// Whose account it is at the gateway.
    pub key: String,
    credential: Option<String>,
    credential_file: Option<PathBuf>,
    /// Whether texts keep their marks; most gateways charge more then, and some refuse it.
    pub marks: bool,
    /// Longest message that the gateway takes, in parts; a longer one is refused, never cut.
    pub parts_max: Option<usize>,
    /// Answer codes, as the gateway's contract lists them.
    pub codes: Codes,
}

/// What a gateway's answer codes mean. The defaults are the stand-in's; all others wait for a later attempt.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Codes {
    pub accepted: Vec<String>,
    /// The request id was used: the message was taken before.
    pub repeated: Vec<String>,
    /// The number takes no messages.
    pub bad_number: Vec<String>,
    /// The text is not one that the operator lets pass.
    pub bad_text: Vec<String>,
}

impl Default for Codes {
    fn default() -> Self {
        let codes = |list: &[&str]| list.iter().map(|&code| code.to_owned()).collect();
        Self {
            accepted: codes(&["100"]),
            repeated: codes(&["124"]),
            bad_number: codes(&["105"]),
            bad_text: codes(&["146"]),
        }
    }
}

/// `[zalo]`: an Official Account with approved templates.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Zalo {
    pub url: Option<String>,
    pub token_url: Option<String>,
    pub app_id: String,
    secret: Option<String>,
    secret_file: Option<PathBuf>,
    refresh_token: Option<String>,
    refresh_token_file: Option<PathBuf>,
    webhook_secret: Option<String>,
    webhook_secret_file: Option<PathBuf>,
    /// By kind of notice.
    pub templates: BTreeMap<String, Template>,
}

/// A template that Zalo has approved (mẫu ZNS).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub id: String,
    /// The template's parameter → the notice's argument; `name`, `title` and `link` are there for every notice.
    #[serde(default)]
    pub data: BTreeMap<String, String>,
}

/// `[push]`: Web Push.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Push {
    /// Whom a push service may ask (RFC 8292, `sub`): a `mailto:` or `https:` address.
    pub contact: Option<String>,
    /// Origins of push services; `*.` stands for any name below. What browsers give is compared with them, so that
    /// nobody sends the server elsewhere.
    pub services: Option<Vec<String>>,
}

impl Sms {
    fn read(config: &Config) -> Result<Option<Self>, String> {
        if config.sections.get("sms").is_none_or(serde_json::Value::is_null) {
            return Ok(None);
        }
        let sms: Self = config.section("sms")?;
        for (name, value) in [("url", &sms.url), ("brand", &sms.brand), ("key", &sms.key)] {
            if value.is_empty() {
                return Err(format!("configuration section [sms]: `{name}` is missing"));
            }
        }
        one_of("sms", "credential", sms.credential.as_ref(), sms.credential_file.as_ref())?;
        Ok(Some(sms))
    }

    pub(crate) async fn credential(&self, app: &App) -> Result<String, Internal> {
        secret(app, "sms", self.credential.as_ref(), self.credential_file.as_ref()).await
    }
}

impl Zalo {
    fn read(config: &Config) -> Result<Option<Self>, String> {
        if config.sections.get("zalo").is_none_or(serde_json::Value::is_null) {
            return Ok(None);
        }
        let zalo: Self = config.section("zalo")?;
        if zalo.app_id.is_empty() {
            return Err("configuration section [zalo]: `app_id` is missing".to_owned());
        }
        one_of("zalo", "secret", zalo.secret.as_ref(), zalo.secret_file.as_ref())?;
        one_of("zalo", "refresh_token", zalo.refresh_token.as_ref(), zalo.refresh_token_file.as_ref())?;
        if zalo.webhook_secret.is_some() || zalo.webhook_secret_file.is_some() {
            one_of("zalo", "webhook_secret", zalo.webhook_secret.as_ref(), zalo.webhook_secret_file.as_ref())?;
        }
        Ok(Some(zalo))
    }

    pub(crate) async fn secret(&self, app: &App) -> Result<String, Internal> {
        secret(app, "zalo", self.secret.as_ref(), self.secret_file.as_ref()).await
    }

    /// The refresh token that the account's owner was given.
    pub(crate) async fn first_token(&self, app: &App) -> Result<String, Internal> {
        secret(app, "zalo", self.refresh_token.as_ref(), self.refresh_token_file.as_ref()).await
    }

    /// The Official Account's secret, by which its events are signed; `None` where events are not taken.
    pub(crate) async fn webhook_secret(&self, app: &App) -> Result<Option<String>, Internal> {
        let (value, file) = (self.webhook_secret.as_ref(), self.webhook_secret_file.as_ref());
        if value.is_none() && file.is_none() {
            return Ok(None);
        }
        secret(app, "zalo", value, file).await.map(Some)
    }
}

impl Push {
    fn read(config: &Config) -> Result<Self, String> {
        let push: Self = config.section("push")?;
        let contact = push.contact.as_deref().unwrap_or("mailto:");
        if !contact.starts_with("mailto:") && !contact.starts_with("https://") {
            return Err("configuration section [push]: `contact` begins with mailto: or https://".to_owned());
        }
        for service in push.services.iter().flatten() {
            if !service.starts_with("https://") && !service.starts_with("http://") {
                return Err(format!("configuration section [push]: {service:?} is no origin; write https://…"));
            }
        }
        Ok(push)
    }
}

/// Exactly one of a value and the file that holds it.
fn one_of(section: &str, name: &str, value: Option<&String>, file: Option<&PathBuf>) -> Result<(), String> {
    match (value, file) {
        (Some(_), None) | (None, Some(_)) => Ok(()),
        _ => Err(format!("configuration section [{section}]: set {name}_file (or {name}), one of the two")),
    }
}

/// Read each time: a new secret in the file counts at once.
async fn secret(app: &App, section: &str, value: Option<&String>, file: Option<&PathBuf>) -> Result<String, Internal> {
    let text = match (value, file) {
        (Some(value), _) => value.clone(),
        (None, Some(path)) => tokio::fs::read_to_string(path).await.map_err(|error| {
            Internal::new(format!("configuration section [{section}]: cannot read {}: {error}", path.display()))
        })?,
        (None, None) => return Err(Internal::new(format!("configuration section [{section}]: a secret is missing"))),
    };
    let text = text.trim().to_owned();
    if !app.config.demo && text == DEMO_SECRET {
        return Err(Internal::new(format!("configuration section [{section}]: this secret is the demonstration's")));
    }
    Ok(text)
}

/// All ways out of the house, as this process was configured.
pub(crate) struct Outlets {
    pub sms: Option<Sms>,
    pub zalo: Option<Zalo>,
    pub push: Push,
}

impl Outlets {
    /// The start looks at every section, so a broken one is met in tests alone.
    pub fn of(app: &App) -> Arc<Self> {
        app.memory.get_or(|| {
            Self::read(&app.config).unwrap_or_else(|error| {
                tracing::error!(error, "channels are left out");
                Self { sms: None, zalo: None, push: Push::default() }
            })
        })
    }

    pub fn read(config: &Config) -> Result<Self, String> {
        Ok(Self { sms: Sms::read(config)?, zalo: Zalo::read(config)?, push: Push::read(config)? })
    }
}

/// Looks at every section of the channels.
pub(crate) fn check(config: &Config) -> Result<(), String> {
    Settings::read(config)?;
    Outlets::read(config).map(drop)
}

/// What a demonstration is configured with: the stand-ins at `sandbox` (an origin), with secrets that everyone knows.
pub fn demo_sections(sandbox: &str) -> [(String, serde_json::Value); 3] {
    let data = |more: &[(&str, &str)]| {
        let usual = [("ho_ten", "name"), ("ma_ho_so", "code")];
        usual.iter().chain(more).map(|&(param, arg)| (param.to_owned(), arg.into())).collect::<serde_json::Map<_, _>>()
    };
    let template = |id: &str, more: &[(&str, &str)]| serde_json::json!({ "id": id, "data": data(more) });
    let sms = serde_json::json!({
        "url": format!("{sandbox}/sms/send"), "brand": "DA NANG", "key": "MOPHONG1", "credential": DEMO_SECRET,
    });
    let zalo = serde_json::json!({
        "url": format!("{sandbox}/zalo/message/template"), "token_url": format!("{sandbox}/zalo/oa/access_token"),
        "app_id": "1000000001", "secret": DEMO_SECRET, "refresh_token": DEMO_SECRET, "webhook_secret": DEMO_SECRET,
        "templates": {
            "dossier-submitted": template("900001", &[]),
            "dossier-accepted": template("900002", &[("ngay_hen", "due")]),
            "dossier-supplement": template("900003", &[]),
            "dossier-done": template("900004", &[]),
            "dossier-paid": template("900005", &[("so_tien", "amount")]),
        },
    });
    let services = super::channel::push::SERVICES.iter().map(|&origin| origin.to_owned());
    let services: Vec<_> = services.chain([sandbox.to_owned()]).collect();
    let push = serde_json::json!({ "services": services });
    [("sms".to_owned(), sms), ("zalo".to_owned(), zalo), ("push".to_owned(), push)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(sections: serde_json::Value) -> Config {
        let (data, public_url) = (PathBuf::new(), String::new());
        Config { data, public_url, demo: false, trusted_proxies: Vec::new(), sections }
    }

    fn read(section: serde_json::Value) -> Result<Settings, String> {
        Settings::read(&config(serde_json::json!({ "mail": section })))
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
    #[test]
    fn what_is_not_set_is_not_offered_and_half_of_it_is_refused() {
        let none = Outlets::read(&config(serde_json::json!({}))).unwrap();
        assert!(none.sms.is_none() && none.zalo.is_none());
        let demo: serde_json::Map<_, _> = demo_sections("http://127.0.0.1:1").into_iter().collect();
        let all = Outlets::read(&config(demo.into())).unwrap();
        assert!(all.sms.is_some() && all.zalo.unwrap().templates.contains_key("dossier-done"));
        for (sections, expected) in [
            (serde_json::json!({ "sms": { "url": "https://a.example" } }), "`brand` is missing"),
            (
                serde_json::json!({ "sms": { "url": "https://a.example", "brand": "B", "key": "k" } }),
                "set credential_file",
            ),
            (serde_json::json!({ "zalo": {} }), "`app_id` is missing"),
            (serde_json::json!({ "push": { "contact": "me" } }), "mailto:"),
            (serde_json::json!({ "push": { "services": ["push.example"] } }), "is no origin"),
        ] {
            let error = check(&config(sections)).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
