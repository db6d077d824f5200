//! Read preferences: what one wants by which channel, where one can be reached, which browsers take notices.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem};
use songhan_base::{Id, Internal};
use songhan_db::At;

use crate::channel::{Channel, push};
use crate::preferences::Preferences;
use crate::topic::{Manners, Topic};
use crate::{reach, store};

/// The channels of each topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NoticeTopics, example = json!({
    "progress": ["in_app", "email", "push"], "money": ["in_app", "email", "sms"], "security": ["in_app", "email"],
    "warning": ["in_app", "email"] }))]
pub struct Topics {
    pub progress: Vec<Channel>,
    pub money: Vec<Channel>,
    pub security: Vec<Channel>,
    pub warning: Vec<Channel>,
}

impl Topics {
    pub fn new(channels: impl Fn(Topic) -> Vec<Channel>) -> Self {
        Self {
            progress: channels(Topic::Progress),
            money: channels(Topic::Money),
            security: channels(Topic::Security),
            warning: channels(Topic::Warning),
        }
    }

    pub fn of(&self, topic: Topic) -> &[Channel] {
        match topic {
            Topic::Progress => &self.progress,
            Topic::Money => &self.money,
            Topic::Security => &self.security,
            Topic::Warning => &self.warning,
        }
    }
}

/// A channel, as it is for this account.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NoticeChannelState)]
pub struct ChannelState {
    pub channel: Channel,
    /// Whether the city has it.
    pub offered: bool,
    /// The account's own; missing where there is none to prove.
    #[schema(example = "+84905123456")]
    pub address: Option<String>,
    /// Whether its owner gave back a code that was sent there. SMS and Zalo go to such a number only.
    pub verified: bool,
}

/// When SMS that can wait do wait.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NoticeQuietHours)]
pub struct Quiet {
    #[schema(example = "21:00")]
    pub from: String,
    #[schema(example = "07:00")]
    pub until: String,
}

/// A browser that takes notices.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PushDevice)]
pub struct Device {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    /// As the browser calls itself.
    #[schema(example = "Chrome, Android")]
    pub name: String,
    /// The address that its push service gave it.
    pub endpoint: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: At,
}

/// All about one's notices.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NoticePreferences)]
pub struct Settings {
    pub topics: Topics,
    /// What cannot be left out.
    pub mandatory: Topics,
    pub channels: Vec<ChannelState>,
    pub quiet_hours: Quiet,
    pub devices: Vec<Device>,
    /// The server's key, as `applicationServerKey` of a browser's subscription.
    pub push_key: String,
}

/// One's own settings.
pub async fn read_preferences(cx: &Cx, account: Id) -> Result<Settings, Internal> {
    let account = reach::own(cx, account).await?;
    let preferences = Preferences::new(&store::preferences(&cx.db, account.id, None).await?);
    let mandatory = |topic| {
        Channel::ALL.into_iter().filter(|&channel| crate::preferences::is_mandatory(topic, channel)).collect::<Vec<_>>()
    };
    let mut channels = Vec::new();
    for channel in Channel::ALL {
        // Zalo goes to the number that SMS has proven.
        let proven_by = if channel == Channel::Zalo { Channel::Sms } else { channel };
        let address = reach::address(&account, channel).map(str::to_owned);
        let verified = match &address {
            Some(_) => reach::proven(&cx.db, &account, proven_by).await?.is_some(),
            None => false,
        };
        channels.push(ChannelState { channel, offered: channel.is_offered(cx), address, verified });
    }
    let quiet = Manners::in_city(cx).quiet;
    let devices = store::subscriptions_of(&cx.db, account.id).await?;
    Ok(Settings {
        topics: Topics::new(|topic| preferences.channels(topic)),
        mandatory: Topics::new(mandatory),
        channels,
        quiet_hours: Quiet {
            from: quiet.from.strftime("%H:%M").to_string(),
            until: quiet.until.strftime("%H:%M").to_string(),
        },
        devices: devices
            .into_iter()
            .map(|row| Device { id: row.id, name: row.name, endpoint: row.endpoint, created_at: row.created_at })
            .collect(),
        push_key: push::public_key(cx).await?,
    })
}

#[utoipa::path(get, path = "/api/v1/me/notice-preferences", operation_id = "read_notice_preferences", tag = "notices",
    summary = "How I am told",
    responses(
        (status = 200, description = "Topics with their channels, addresses, devices", body = Settings),
    ))]
pub async fn read_preferences_handler(cx: Cx) -> Result<impl IntoResponse, Problem> {
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(read_preferences(&cx, cx.person()?.account).await?)))
}
