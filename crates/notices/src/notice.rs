//! Thông báo: what someone is told, as it is made and as it is read.

use serde::Serialize;
use songhan_app::{App, Cx};
use songhan_base::{Id, Internal, Lang};
use songhan_db::{At, Tx};

use crate::args::Args;
use crate::store::{self, NewDelivery};
use crate::topic::Manners;
use crate::{deliver, reach};

/// A notice to be told.
#[derive(Clone, Debug)]
pub struct New {
    /// Its texts stand under `notice-KIND` (the title) and `notice-KIND-body`.
    pub kind: &'static str,
    /// What it is about, as `noun:id`.
    pub subject: String,
    pub args: Args,
    /// Path of the page where one sees more or acts.
    pub link: Option<String>,
}

/// A notice in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    pub title: String,
    pub body: String,
}

/// A notice as its reader sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Notice {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    /// A stable word for programs.
    #[schema(example = "dossier-accepted")]
    pub kind: String,
    /// What it is about.
    #[schema(example = "dossier:000.00.15.H17-261121-0001")]
    pub subject: String,
    pub title: String,
    pub body: String,
    /// Path of the page where one sees more.
    pub link: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: At,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<At>,
}

impl Notice {
    pub(crate) fn new(cx: &Cx, row: store::NoticeRow) -> Self {
        let Words { title, body } = words(cx, cx.lang, &row.kind, &row.args());
        let store::NoticeRow { id, kind, subject, link, created_at, read_at, .. } = row;
        Self { id, kind, subject, title, body, link, created_at, read_at }
    }
}

/// A kind of notice in words. A text nobody wrote shows as its key.
pub fn words(app: &App, lang: Lang, kind: &str, args: &Args) -> Words {
    let fluent = args.fluent(app, lang);
    let text = |key: String| {
        let found = app.renderer.texts().find(lang, &key, Some(&fluent)).map(std::borrow::Cow::into_owned);
        found.unwrap_or(key)
    };
    Words { title: text(format!("notice-{kind}")), body: text(format!("notice-{kind}-body")) }
}

/// Tells someone something, in the caller's transaction: at once in the app, and by every channel that they want for
/// this topic and can be reached by.
pub async fn notify(tx: &mut Tx, cx: &Cx, account: Id, new: New) -> Result<Id, Internal> {
    let id = cx.env.id();
    store::insert_notice(tx, id, account, &new).await?;
    let reader = songhan_identity::account(&mut *tx, account).await?;
    let Some(reader) = reader.filter(|reader| reader.closed_at.is_none()) else { return Ok(id) };
    let manner = Manners::in_city(cx).of(new.kind);
    for (channel, address) in reach::addresses(tx, cx, &reader, manner.topic, new.kind).await? {
        let delivery = NewDelivery {
            id: cx.env.id(),
            notice: Some(id),
            account: None,
            channel,
            address: &address,
            content: None,
            urgent: manner.urgent,
            expires_at: None,
        };
        deliver::promise(tx, cx, delivery).await?;
    }
    Ok(id)
}
