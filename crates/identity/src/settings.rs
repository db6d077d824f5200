//! The section `[identity]` of the configuration.

use serde::Deserialize;
use songhan_app::{App, Config};
use songhan_base::Role;

/// How long sessions last, how often one may try, whose second factor is required.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A browser's session ends after so much time without use.
    pub session_idle_hours: u32,
    /// And after so many days in any case.
    pub session_days_max: u32,
    /// A program's token, made by signing in through the API, ends after so many days.
    pub token_days: u32,
    /// Roles that work only in sessions with a second factor.
    pub require_totp: Vec<Role>,
    /// Sign-ins that one address may try in a minute. Many people share an address on mobile networks.
    pub sign_ins_per_minute: u32,
    /// Accounts that one address may make in an hour.
    pub accounts_per_hour: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            session_idle_hours: 12,
            session_days_max: 7,
            token_days: 30,
            require_totp: Vec::new(),
            sign_ins_per_minute: 120,
            accounts_per_hour: 600,
        }
    }
}

impl Settings {
    /// Reads the section; the binary calls it at start, so that a mistake is told before anyone is served.
    pub fn read(config: &Config) -> Result<Self, String> {
        config.section("identity")
    }

    pub(crate) fn of(app: &App) -> std::sync::Arc<Self> {
        app.memory.get_or(|| {
            Self::read(&app.config).unwrap_or_else(|error| {
                tracing::error!(error, "the defaults are used");
                Self::default()
            })
        })
    }
}
