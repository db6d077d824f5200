//! The mailbox of the demo: letters, SMS and Zalo messages to simulated people, open to every visitor. It is there in
//! the demo alone.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, PageSpec, Path, Problem, Query};
use songhan_base::{Id, Internal};
use songhan_db::At;
use songhan_identity::contact::phone_shown;

use crate::channel::{Channel, gsm, sms};
use crate::letter::Letter;
use crate::mailer::{Mailer, folder};
use crate::message::Message;
use crate::settings::Outlets;
use crate::store;

/// Messages shown.
const SHOWN: i64 = 50;
/// The tabs.
const CHANNELS: [Channel; 3] = [Channel::Email, Channel::Sms, Channel::Zalo];

fn demo_only(cx: &Cx) -> Result<(), Problem> {
    if cx.config.demo { Ok(()) } else { Err(Problem::not_found("page")) }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Tab {
    channel: String,
}

#[derive(Serialize)]
struct Row {
    href: String,
    to: String,
    title: String,
    /// The whole text of a short message.
    text: String,
    created_at: At,
    state: String,
}

#[derive(Serialize)]
struct TabView {
    href: String,
    label: String,
    current: bool,
}

#[derive(Serialize)]
struct ListView {
    channel: Channel,
    tabs: Vec<TabView>,
    messages: Vec<Row>,
}

pub async fn list(cx: Cx, Query(tab): Query<Tab>) -> Result<Response, Problem> {
    demo_only(&cx)?;
    let channel = CHANNELS.into_iter().find(|channel| channel.as_str() == tab.channel).unwrap_or(Channel::Email);
    let mut messages = Vec::new();
    for delivery in store::latest_deliveries(&cx.db, channel, SHOWN).await? {
        let (created_at, state) = (delivery.created_at, delivery.state.clone());
        if let Some(message) = Message::of(&cx, delivery).await? {
            messages.push(row(&cx, &message, created_at, state));
        }
    }
    let tab = |one: Channel| TabView {
        href: format!("/demo/mailbox?channel={}", one.as_str()),
        label: cx.t(&format!("notices-channel-{}", one.as_str())),
        current: one == channel,
    };
    let view = ListView { channel, tabs: CHANNELS.into_iter().map(tab).collect(), messages };
    cx.page("notices/mailbox.html", PageSpec::titled(cx.t("notices-mailbox")), view).await
}

fn row(cx: &Cx, message: &Message, created_at: At, state: String) -> Row {
    let (to, text) = match message.channel {
        Channel::Email => (format!("{} <{}>", message.name, message.address), String::new()),
        channel => {
            let to = format!("{}, {}", message.name, phone_shown(&message.address));
            (to, if channel == Channel::Sms { sms_text(cx, message) } else { zalo_text(cx, message) })
        }
    };
    let title = message.words(cx).title;
    Row { href: format!("/demo/mailbox/{}", message.id), to, title, text, created_at, state }
}

/// As it was sent, with its length.
fn sms_text(cx: &Cx, message: &Message) -> String {
    let outlets = Outlets::of(cx);
    let text = outlets.sms.as_ref().map_or_else(|| message.short(cx), |settings| sms::text(cx, settings, message));
    let size = gsm::size(&text);
    let alphabet = if size.unicode { "UCS-2" } else { "GSM-7" };
    let brand = outlets.sms.as_ref().map_or("", |settings| &settings.brand);
    format!("{brand}: {text}\n{alphabet} · {} · {}", size.units, size.parts)
}

/// The template and what fills it.
fn zalo_text(cx: &Cx, message: &Message) -> String {
    let outlets = Outlets::of(cx);
    let template = outlets.zalo.as_ref().and_then(|zalo| zalo.templates.get(&message.kind));
    let Some(template) = template else { return message.words(cx).body };
    let filled = template.data.iter().map(|(param, arg)| {
        let value = message.argument(cx, arg).unwrap_or_default();
        format!("\n{param}: {value}")
    });
    format!("{}\nZNS {}{}", message.words(cx).body, template.id, filled.collect::<String>())
}

#[derive(Serialize)]
struct MessageView {
    channel: Channel,
    from: String,
    to: String,
    title: String,
    text: String,
    link: Option<String>,
    created_at: At,
    state: String,
    raw: Option<String>,
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response, Problem> {
    demo_only(&cx)?;
    let missing = || Problem::not_found("message");
    let delivery = store::delivery(&cx.db, id).await?.ok_or_else(missing)?;
    let (created_at, state) = (delivery.created_at, delivery.state.clone());
    let message = Message::of(&cx, delivery).await?.ok_or_else(missing)?;
    let Row { to, title, text, .. } = row(&cx, &message, created_at, state.clone());
    let is_letter = message.channel == Channel::Email;
    let written = tokio::fs::try_exists(folder(&cx).join(format!("{id}.eml"))).await.unwrap_or(false);
    let view = MessageView {
        channel: message.channel,
        from: if is_letter {
            Mailer::of(&cx).from.to_string()
        } else {
            cx.city.manifest().name.get(cx.lang).to_owned()
        },
        to,
        title: title.clone(),
        text: if is_letter { Letter::new(&cx, &message).text(&cx)? } else { text },
        link: message.url(&cx),
        created_at,
        state,
        raw: (is_letter && written).then(|| format!("/demo/mailbox/{id}/raw")),
    };
    let back = format!("/demo/mailbox?channel={}", message.channel.as_str());
    let spec = PageSpec::titled(title).crumb(back, cx.t("notices-mailbox"));
    cx.page("notices/message.html", spec, view).await
}

/// The file as it was written.
pub async fn raw(cx: Cx, Path(id): Path<Id>) -> Result<Response, Problem> {
    demo_only(&cx)?;
    match tokio::fs::read(folder(&cx).join(format!("{id}.eml"))).await {
        Ok(bytes) => {
            let name = format!("attachment; filename=\"{id}.eml\"");
            let headers = [(header::CONTENT_TYPE, "message/rfc822".to_owned()), (header::CONTENT_DISPOSITION, name)];
            Ok((headers, bytes).into_response())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Problem::not_found("letter")),
        Err(error) => Err(Internal::new(error).into()),
    }
}
