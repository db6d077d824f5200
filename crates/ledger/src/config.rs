//! Settings of the ledger: `[vietqr]`, `[budget]`, `[bank]`, `[vnpay]`, `[momo]`, `[sandbox]`.
//!
//! ```toml
//! [vietqr]                       # where transfers go; a unit may have an account of its own
//! bin = "970436"
//! number = "1017595600"
//! name = "KHO BAC NHA NUOC DA NANG"
//! bank = "Vietcombank"
//! units = [{ unit = "ubnd-hai-chau", bin = "970415", number = "…", name = "…", bank = "VietinBank" }]
//!
//! [budget]                       # where collections go: the state budget's account at the treasury
//! bin = "970436"
//! number = "7111.0.1234567"
//! name = "KBNN DA NANG"
//!
//! [bank]                         # who may tell us of credits
//! secret_file = "/etc/songhan/bank.secret"
//!
//! [vnpay]
//! url = "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html"
//! query_url = "https://sandbox.vnpayment.vn/merchant_webapi/api/transaction"
//! tmn_code = "SONGHAN1"
//! secret_file = "/etc/songhan/vnpay.secret"
//!
//! [momo]
//! url = "https://payment.momo.vn"
//! partner_code = "SONGHAN2"
//! access_key = "…"
//! secret_file = "/etc/songhan/momo.secret"
//! ```
//!
//! What is not set is not offered. In a demonstration transfers go to an account that no bank has, and gateways and bank
//! are the stand-ins ([`demo_sections`]).

use std::path::PathBuf;

use serde::Deserialize;
use songhan_app::{Config, Cx};
use songhan_base::Internal;

/// Tài khoản thụ hưởng.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankAccount {
    /// Mã ngân hàng (BIN), six digits.
    pub bin: String,
    /// Số tài khoản.
    pub number: String,
    /// Tên chủ tài khoản, as the bank writes it.
    pub name: String,
    /// Name of the bank, for people.
    #[serde(default)]
    pub bank: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitAccount {
    unit: String,
    bin: String,
    number: String,
    name: String,
    #[serde(default)]
    bank: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Vietqr {
    bin: Option<String>,
    number: Option<String>,
    name: Option<String>,
    bank: Option<String>,
    units: Vec<UnitAccount>,
}

/// The accounts that residents may transfer to.
#[derive(Clone, Debug, Default)]
pub struct BankAccounts {
    all: Option<BankAccount>,
    units: Vec<(String, BankAccount)>,
}

impl BankAccounts {
    /// Where residents transfer to.
    pub fn of(cx: &Cx) -> Result<Self, Internal> {
        Self::read(cx, "vietqr", simulated)
    }

    /// Where collections are transferred to.
    pub fn of_budget(cx: &Cx) -> Result<Self, Internal> {
        Self::read(cx, "budget", simulated_budget)
    }

    fn read(cx: &Cx, section: &str, simulated: fn() -> BankAccount) -> Result<Self, Internal> {
        let read: Vietqr = cx.config.section(section).map_err(Internal::new)?;
        let all = match (read.bin, read.number, read.name) {
            (Some(bin), Some(number), Some(name)) => {
                Some(BankAccount { bin, number, name, bank: read.bank.unwrap_or_default() })
            }
            (None, None, None) => cx.config.demo.then(simulated),
            _ => {
                let wrong = format!("configuration section [{section}]: set bin, number and name together");
                return Err(Internal::new(wrong));
            }
        };
        let units = read
            .units
            .into_iter()
            .map(|u| (u.unit, BankAccount { bin: u.bin, number: u.number, name: u.name, bank: u.bank }));
        Ok(Self { all, units: units.collect() })
    }

    /// Where a unit is paid.
    pub fn of_unit(&self, unit: &str) -> Option<&BankAccount> {
        self.units.iter().find(|(code, _)| code == unit).map(|(_, account)| account).or(self.all.as_ref())
    }

    /// Units that are paid into this account, where it is theirs alone.
    pub fn units_of(&self, number: &str) -> Vec<&str> {
        let is_all = self.all.as_ref().is_some_and(|account| account.number == number);
        let own = self.units.iter().filter(|(_, account)| account.number == number && !is_all);
        own.map(|(unit, _)| unit.as_str()).collect()
    }

    /// The account of this number, if it is one of ours.
    pub fn numbered(&self, number: &str) -> Option<&BankAccount> {
        let mut accounts = self.units.iter().map(|(_, account)| account).chain(&self.all);
        accounts.find(|account| account.number == number)
    }
}

/// No bank has the number 999999: whoever scans this in earnest is told so by their app.
fn simulated() -> BankAccount {
    BankAccount {
        bin: "999999".into(),
        number: "0000MOPHONG".into(),
        name: "TAI KHOAN MO PHONG".into(),
        bank: "Ngân hàng mô phỏng".into(),
    }
}

fn simulated_budget() -> BankAccount {
    BankAccount {
        bin: "999998".into(),
        number: "0000NGANSACH".into(),
        name: "NGAN SACH MO PHONG".into(),
        bank: "Kho bạc mô phỏng".into(),
    }
}

/// A secret, in the configuration or (better) in a file of its own.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Bank {
    secret: Option<String>,
    secret_file: Option<PathBuf>,
}

/// The secret that the bank signs its notices with; `None` when no bank is set.
pub async fn bank_secret(cx: &Cx) -> Result<Option<String>, Internal> {
    let read: Bank = cx.config.section("bank").map_err(Internal::new)?;
    secret(&cx.config, "bank", read.secret, read.secret_file).await
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct VnpaySection {
    url: Option<String>,
    query_url: Option<String>,
    tmn_code: Option<String>,
    secret: Option<String>,
    secret_file: Option<PathBuf>,
    minutes: Option<u16>,
}

/// A merchant's contract with VNPay.
#[derive(Clone)]
pub struct Vnpay {
    /// The payment page.
    pub url: String,
    /// Where to ask how a payment ended (querydr).
    pub query_url: Option<String>,
    /// Mã website.
    pub tmn_code: String,
    pub secret: String,
    /// How long an attempt lives.
    pub minutes: u16,
}

impl Vnpay {
    pub async fn of(cx: &Cx) -> Result<Option<Self>, Internal> {
        let read: VnpaySection = cx.config.section("vnpay").map_err(Internal::new)?;
        let secret = secret(&cx.config, "vnpay", read.secret, read.secret_file).await?;
        match (read.url, read.tmn_code, secret) {
            (Some(url), Some(tmn_code), Some(secret)) => {
                Ok(Some(Self { url, query_url: read.query_url, tmn_code, secret, minutes: read.minutes.unwrap_or(15) }))
            }
            (None, None, None) => Ok(None),
            _ => Err(Internal::new("configuration section [vnpay]: set url, tmn_code and secret_file together")),
        }
    }

    /// Whether the gateway takes refunds: it has an address for questions and orders.
    pub fn takes_refunds(config: &Config) -> bool {
        config.section::<VnpaySection>("vnpay").is_ok_and(|read| read.url.is_some() && read.query_url.is_some())
    }

    /// Mã website, without reading the secret.
    pub fn merchant(config: &Config) -> Option<String> {
        config.section::<VnpaySection>("vnpay").ok()?.tmn_code
    }

    /// Whether a gateway is set, without reading its secret.
    pub fn is_set(config: &Config) -> bool {
        config.section::<VnpaySection>("vnpay").is_ok_and(|read| read.url.is_some())
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MomoSection {
    url: Option<String>,
    partner_code: Option<String>,
    access_key: Option<String>,
    secret: Option<String>,
    secret_file: Option<PathBuf>,
    minutes: Option<u16>,
}

/// A merchant's contract with MoMo.
#[derive(Clone)]
pub struct Momo {
    /// Its server, without a slash at the end.
    pub url: String,
    /// Mã đối tác.
    pub partner_code: String,
    pub access_key: String,
    pub secret: String,
    /// How long an attempt is waited for.
    pub minutes: u16,
}

impl MomoSection {
    /// All of it or nothing, and an address by TLS: MoMo's answers are not signed, so nothing else says whose they are.
    fn checked(self) -> Result<Self, String> {
        let wrong = |what| Err(format!("configuration section [momo]: {what}"));
        let is_secret = self.secret.is_some() || self.secret_file.is_some();
        let parts = [self.url.is_some(), self.partner_code.is_some(), self.access_key.is_some(), is_secret];
        if parts.contains(&true) && parts.contains(&false) {
            return wrong("set url, partner_code, access_key and secret_file together");
        }
        let own = ["https://", "http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
        if self.url.as_ref().is_some_and(|url| !own.iter().any(|own| url.starts_with(own))) {
            return wrong("the url must begin with https://");
        }
        Ok(self)
    }
}

impl Momo {
    pub async fn of(cx: &Cx) -> Result<Option<Self>, Internal> {
        let read: MomoSection = cx.config.section("momo").map_err(Internal::new)?;
        let read = read.checked().map_err(Internal::new)?;
        let secret = secret(&cx.config, "momo", read.secret, read.secret_file).await?;
        let parts = read.url.zip(read.partner_code).zip(read.access_key.zip(secret));
        Ok(parts.map(|((url, partner_code), (access_key, secret))| {
            let url = url.trim_end_matches('/').to_owned();
            Self { url, partner_code, access_key, secret, minutes: read.minutes.unwrap_or(15) }
        }))
    }

    /// Mã đối tác, without reading the secret.
    pub fn merchant(config: &Config) -> Option<String> {
        config.section::<MomoSection>("momo").ok()?.partner_code
    }

    /// Whether it is set, without reading its secret.
    pub fn is_set(config: &Config) -> bool {
        config.section::<MomoSection>("momo").is_ok_and(|read| read.url.is_some())
    }
}

/// Looks at the sections without opening secrets: a mistake ends the start, not a payment.
pub fn check(config: &Config) -> Result<(), String> {
    config.section::<Vietqr>("vietqr")?;
    config.section::<Vietqr>("budget")?;
    config.section::<Bank>("bank")?;
    config.section::<VnpaySection>("vnpay")?;
    config.section::<MomoSection>("momo")?.checked().map(drop)
}

async fn secret(
    config: &Config,
    section: &str,
    inline: Option<String>,
    file: Option<PathBuf>,
) -> Result<Option<String>, Internal> {
    let secret = match (inline, file) {
        (Some(secret), None) => secret,
        (None, None) => return Ok(None),
        (None, Some(path)) => tokio::fs::read_to_string(&path).await.map_err(|error| {
            Internal::new(format!("configuration section [{section}]: cannot read {}: {error}", path.display()))
        })?,
        (Some(_), Some(_)) => {
            return Err(Internal::new(format!(
                "configuration section [{section}]: set secret or secret_file, not both"
            )));
        }
    };
    let secret = secret.trim().to_owned();
    if !config.demo && secret == DEMO_SECRET {
        return Err(Internal::new(format!(
            "configuration section [{section}]: this secret is public; it is the demonstration's"
        )));
    }
    if secret.len() < 16 {
        return Err(Internal::new(format!(
            "configuration section [{section}]: the secret has fewer than 16 characters"
        )));
    }
    Ok(Some(secret))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Sandbox {
    url: Option<String>,
}

/// Address of the stand-in bank, in a demonstration.
pub fn sandbox_url(config: &Config) -> Option<String> {
    let read: Sandbox = config.section("sandbox").ok()?;
    read.url.filter(|_| config.demo).map(|url| url.trim_end_matches('/').to_owned())
}

/// Known to everyone, and to the stand-ins: refused outside a demonstration.
const DEMO_SECRET: &str = "mo-phong-khong-co-tien-that";

/// Sections of the configuration that lead a demonstration to the stand-ins at `url`.
pub fn demo_sections(url: &str) -> serde_json::Map<String, serde_json::Value> {
    let sections = serde_json::json!({
        "vnpay": {
            "url": format!("{url}/paymentv2/vpcpay.html"),
            "query_url": format!("{url}/merchant_webapi/api/transaction"),
            "tmn_code": "MOPHONG1",
            "secret": DEMO_SECRET,
        },
        "momo": { "url": url, "partner_code": "MOPHONG2", "access_key": "mo-phong", "secret": DEMO_SECRET },
        "bank": { "secret": DEMO_SECRET },
        "sandbox": { "url": url },
    });
    match sections {
        serde_json::Value::Object(sections) => sections,
        _ => serde_json::Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn momo_is_set_whole_and_by_tls() {
        let read = |section: serde_json::Value| {
            let read: MomoSection = serde_json::from_value(section).expect("a section");
            read.checked().map(|read| read.url)
        };
        let whole = |url: &str| json!({ "url": url, "partner_code": "A", "access_key": "b", "secret_file": "/c" });
        assert_eq!(read(json!({})), Ok(None));
        assert!(read(whole("https://payment.momo.vn")).is_ok() && read(whole("http://127.0.0.1:8081")).is_ok());
        for wrong in
            [whole("http://payment.momo.vn"), whole("http://127.0.0.1.evil.example"), json!({ "url": "https://x" })]
        {
            assert!(read(wrong).unwrap_err().starts_with("configuration section [momo]: "));
        }
    }
}
