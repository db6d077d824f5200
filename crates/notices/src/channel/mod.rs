//! Kênh: the ways by which a notice reaches someone, behind one port. Each adapter takes a [`Message`] and says what
//! became of it; what to do then (again later, never again) is for `deliver.rs`.

mod email;
pub mod gsm;
mod http;
pub mod push;
pub mod sms;
mod token;
pub mod zalo;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use songhan_app::{App, Cx};
use songhan_base::Internal;

use crate::message::Message;
use crate::settings::Outlets;

/// A way to someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NoticeChannel)]
pub enum Channel {
    /// Trong ứng dụng: the notice itself; always.
    InApp,
    Email,
    /// Tin nhắn thương hiệu.
    Sms,
    /// Zalo OA, by ZNS templates.
    Zalo,
    /// Thông báo đẩy of a browser.
    Push,
}

impl Channel {
    pub const ALL: [Self; 5] = [Self::InApp, Self::Email, Self::Sms, Self::Zalo, Self::Push];
    /// Those that leave the house.
    pub const OUT: [Self; 4] = [Self::Email, Self::Sms, Self::Zalo, Self::Push];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InApp => "in_app",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Zalo => "zalo",
            Self::Push => "push",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }

    /// Whether the city has it: SMS and Zalo need a contract, which the configuration names.
    pub fn is_offered(self, app: &App) -> bool {
        match self {
            Self::InApp | Self::Email | Self::Push => true,
            Self::Sms => Outlets::of(app).sms.is_some(),
            Self::Zalo => Outlets::of(app).zalo.is_some(),
        }
    }

    /// Hands a message over. Slow: never inside a transaction.
    pub async fn send(self, cx: &Cx, message: &Message) -> Result<Sent, Unsent> {
        let outlets = Outlets::of(cx);
        let gone = || Unsent::from(Internal::new(format!("the channel {} is not configured now", self.as_str())));
        match self {
            // The row is the delivery.
            Self::InApp => Ok(Sent::default()),
            Self::Email => email::send(cx, message).await,
            Self::Sms => sms::send(cx, outlets.sms.as_ref().ok_or_else(gone)?, message).await,
            Self::Zalo => zalo::send(cx, outlets.zalo.as_ref().ok_or_else(gone)?, message).await,
            Self::Push => push::send(cx, &outlets.push, message).await,
        }
    }
}

/// The other side has taken it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// What the other side calls it.
    pub reference: Option<String>,
}

/// Why something did not leave.
#[derive(Debug, thiserror::Error)]
pub enum Unsent {
    /// The other side refuses it, now and later.
    #[error("{0}")]
    Refused(String),
    /// The address takes nothing any more: it is forgotten.
    #[error("{0}")]
    Gone(String),
    /// It may go the next time, not before `after` where the other side said so.
    #[error("{error}")]
    Later { error: Internal, after: Option<Duration> },
}

impl From<Internal> for Unsent {
    fn from(error: Internal) -> Self {
        Self::Later { error, after: None }
    }
}
