//! How one is told: topics and channels, proven addresses, browsers. Works without JavaScript, but for the button by
//! which this browser takes notices, which only a browser that can do it shows.

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Id};
use songhan_identity::contact::phone_shown;
use songhan_pages::{Flash, FlashKind};

use crate::channel::Channel;
use crate::ops::read_preferences::{ChannelState, Device, Quiet, Settings, Topics, read_preferences};
use crate::ops::send_code::{self, provable};
use crate::ops::set_preferences::{self, set_preferences};
use crate::ops::verify_address::{self, verify_address};
use crate::ops::{remove_subscription, send_code as code};
use crate::preferences::is_mandatory;
use crate::topic::Topic;

const PATH: &str = "/account/notices";

/// What was done just before, and for which channel a code is awaited.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Before {
    done: String,
    code: String,
}

#[derive(Serialize)]
struct Cell {
    channel: Channel,
    wanted: bool,
    mandatory: bool,
}

#[derive(Serialize)]
struct Row {
    topic: Topic,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    /// The columns.
    offered: Vec<Channel>,
    /// What can be proven and is not yet, or is.
    addresses: Vec<ChannelState>,
    quiet: Quiet,
    /// Whether SMS are among the channels.
    sms: bool,
    devices: Vec<Device>,
    push_key: String,
    /// The channel for which a code is awaited.
    code: String,
    errors: Vec<FieldError>,
}

async fn page(cx: &Cx, before: Before, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let Settings { topics, channels, quiet_hours, devices, push_key, .. } =
        read_preferences(cx, cx.person()?.account).await?;
    let offered: Vec<Channel> = channels.iter().filter(|state| state.offered).map(|state| state.channel).collect();
    let cell = |topic: Topic, channel: Channel| Cell {
        channel,
        wanted: topics.of(topic).contains(&channel),
        mandatory: is_mandatory(topic, channel),
    };
    let row = |topic: Topic| Row { topic, cells: offered.iter().map(|&channel| cell(topic, channel)).collect() };
    let provable = |state: &ChannelState| matches!(state.channel, Channel::Email | Channel::Sms) && state.offered;
    let mut spec = PageSpec::titled(cx.t("notices-channels")).crumb("/account", cx.t("notices-account"));
    if errors.is_empty() {
        spec = spec.flash(flash(cx, &before.done));
    } else {
        spec = spec.status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let view = View {
        rows: Topic::ALL.into_iter().map(row).collect(),
        sms: offered.contains(&Channel::Sms),
        offered,
        addresses: channels.into_iter().filter(provable).map(shown).collect(),
        quiet: quiet_hours,
        devices,
        push_key,
        code: before.code,
        errors,
    };
    cx.page("notices/channels.html", spec, view).await
}

/// A number as people write it.
fn shown(mut state: ChannelState) -> ChannelState {
    if state.channel == Channel::Sms {
        state.address = state.address.as_deref().map(phone_shown);
    }
    state
}

fn flash(cx: &Cx, done: &str) -> Option<Flash> {
    let key = match done {
        "chosen" => "notices-done-chosen",
        "code" => "notices-done-code",
        "verified" => "notices-done-verified",
        "removed" => "notices-done-removed",
        _ => return None,
    };
    Some(Flash { kind: FlashKind::Success, text: cx.t(key) })
}

pub async fn show(cx: Cx, Query(before): Query<Before>) -> Result<Response, Problem> {
    page(&cx, before, Vec::new()).await
}

/// Ticked boxes: each topic's field names the channels.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    progress: Vec<String>,
    money: Vec<String>,
    security: Vec<String>,
    warning: Vec<String>,
}

impl Chosen {
    /// Boxes that cannot be unticked are not sent, and a channel that is not offered now stays as it was.
    fn topics(&self, before: &Topics, offered: &[Channel]) -> Topics {
        Topics::new(|topic| {
            let ticked = match topic {
                Topic::Progress => &self.progress,
                Topic::Money => &self.money,
                Topic::Security => &self.security,
                Topic::Warning => &self.warning,
            };
            let wanted = |channel: &Channel| {
                let kept = !offered.contains(channel) && before.of(topic).contains(channel);
                kept || is_mandatory(topic, *channel) || ticked.iter().any(|name| name == channel.as_str())
            };
            Channel::ALL.into_iter().filter(wanted).collect()
        })
    }
}

pub async fn choose(cx: Cx, PageForm(chosen): PageForm<Chosen>) -> Result<Response, Problem> {
    let account = cx.person()?.account;
    let before = read_preferences(&cx, account).await?;
    let offered: Vec<Channel> = before.channels.iter().filter(|c| c.offered).map(|c| c.channel).collect();
    let input = set_preferences::Input { topics: chosen.topics(&before.topics, &offered) };
    set_preferences(&cx, account, &input).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect("/account/notices?done=chosen"))
}

#[derive(Deserialize)]
pub struct Wanted {
    channel: String,
}

/// Sends a code to the account's address.
pub async fn send(cx: Cx, PageForm(wanted): PageForm<Wanted>) -> Result<Response, Problem> {
    let channel = provable(&cx, &wanted.channel).map_err(IntoProblem::into_problem)?;
    let refused = match code::send_code(&cx, cx.person()?.account, channel).await {
        Ok(()) => return Ok(redirect(&format!("{PATH}?done=code&code={}#verify", channel.as_str()))),
        Err(send_code::Rejection::Verified) => return Ok(redirect("/account/notices?done=verified")),
        Err(send_code::Rejection::NoAddress) => return Ok(redirect("/account/contact")),
        Err(refused) => refused,
    };
    let send_code::Rejection::TooMany(wait) = refused else { return Err(refused.into_problem()) };
    let minutes = wait.as_secs().div_ceil(60).to_string();
    let said = cx.text(cx.lang, "notices-code-wait", &[("minutes", &minutes)]);
    let before = Before { code: channel.as_str().to_owned(), ..Before::default() };
    page(&cx, before, vec![FieldError::new("code", "too_many", said)]).await
}

#[derive(Deserialize)]
pub struct Given {
    channel: String,
    code: String,
}

/// Takes the code back.
pub async fn verify(cx: Cx, PageForm(given): PageForm<Given>) -> Result<Response, Problem> {
    let channel = provable(&cx, &given.channel).map_err(IntoProblem::into_problem)?;
    match verify_address(&cx, cx.person()?.account, channel, &given.code).await {
        Ok(()) => Ok(redirect("/account/notices?done=verified")),
        Err(verify_address::Rejection::Internal(error)) => Err(error.into()),
        Err(refused) => {
            let said = cx.t(if refused.code() == "code_wrong" { "notices-code-wrong" } else { "notices-code-gone" });
            let before = Before { code: channel.as_str().to_owned(), ..Before::default() };
            page(&cx, before, vec![FieldError::new("code", refused.code(), said)]).await
        }
    }
}

/// Nothing but the press of the button.
#[derive(Deserialize)]
pub struct Pressed {}

/// A browser is told nothing any more.
pub async fn remove(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Result<Response, Problem> {
    remove_subscription::remove_subscription(&cx, id).await?;
    Ok(redirect("/account/notices?done=removed"))
}
