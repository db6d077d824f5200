//! What a delivery says, whatever the channel: a notice in its reader's language, or a code that stands alone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{App, Cx};
use songhan_base::{Id, Internal, Lang};

use crate::args::Args;
use crate::channel::Channel;
use crate::notice::{Words, words};
use crate::store::{self, DeliveryRow};

/// A message without a notice behind it, as the delivery keeps it until it has left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Content {
    pub kind: String,
    pub args: Args,
}

/// One delivery, ready to be put into words.
#[derive(Clone, Debug)]
pub struct Message {
    /// The delivery's: sent along, so that the other side knows a repetition.
    pub id: Id,
    pub channel: Channel,
    /// An e-mail address, a telephone number, or the id of a push subscription.
    pub address: String,
    pub account: Id,
    pub notice: Option<Id>,
    pub kind: String,
    pub args: Args,
    pub lang: Lang,
    /// The reader's name.
    pub name: String,
    /// Path of the page where one sees more.
    pub link: Option<String>,
    pub urgent: bool,
    pub attempts: i64,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

impl Message {
    /// The delivery's message; `None` when there is nothing to say any more (the account was closed, the code forgotten).
    pub async fn of(cx: &Cx, delivery: DeliveryRow) -> Result<Option<Self>, Internal> {
        let notice = match delivery.notice {
            Some(id) => store::notice(&cx.db, id).await?,
            None => None,
        };
        let (account, kind, args, link) = match (notice, delivery.account, &delivery.content) {
            (Some(notice), ..) => (notice.account, notice.kind.clone(), notice.args(), notice.link),
            (None, Some(account), Some(content)) => {
                let Content { kind, args } = serde_json::from_str(content).map_err(Internal::new)?;
                (account, kind, args, None)
            }
            _ => return Ok(None),
        };
        let Some(reader) = songhan_identity::account(&cx.db, account).await? else { return Ok(None) };
        let Some(channel) = Channel::parse(&delivery.channel) else { return Ok(None) };
        Ok(Some(Self {
            id: delivery.id,
            channel,
            address: delivery.address,
            account,
            notice: delivery.notice,
            kind,
            args,
            lang: reader.lang,
            name: reader.name,
            link,
            urgent: delivery.urgent,
            attempts: delivery.attempts,
            created_at: delivery.created_at.0,
            expires_at: delivery.expires_at.map(|at| at.0),
        }))
    }

    pub fn words(&self, app: &App) -> Words {
        words(app, self.lang, &self.kind, &self.args)
    }

    /// The link with the city's address before it.
    pub fn url(&self, app: &App) -> Option<String> {
        self.link.as_ref().map(|path| format!("{}{path}", app.config.public_url))
    }

    /// As a short text: what stands under `notice-KIND-sms`, else the title; then where one sees more.
    pub fn short(&self, app: &App) -> String {
        let fluent = self.args.fluent(app, self.lang);
        let own = app.renderer.texts().find(self.lang, &format!("notice-{}-sms", self.kind), Some(&fluent));
        let text = own.map_or_else(|| self.words(app).title, std::borrow::Cow::into_owned);
        self.url(app).map_or_else(|| text.clone(), |url| format!("{text}. {url}"))
    }

    /// One of its arguments as text; `name`, `title` and `link` are there for every message.
    pub fn argument(&self, app: &App, name: &str) -> Option<String> {
        match name {
            "name" => Some(self.name.clone()),
            "title" => Some(self.words(app).title),
            "link" => self.url(app),
            name => self.args.written(app, self.lang, name),
        }
    }
}
