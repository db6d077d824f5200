//! A notice as a letter: plain text and HTML, in the reader's language.

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use serde::Serialize;
use songhan_app::App;
use songhan_base::{Id, Internal, Lang};

use crate::message;
use crate::notice::Words;

/// What a letter says, before it is put into its envelope.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    /// Which delivery it is.
    #[serde(skip)]
    pub id: Id,
    #[serde(skip)]
    pub lang: Lang,
    #[serde(skip)]
    pub address: String,
    pub name: String,
    pub title: String,
    /// Paragraphs.
    pub body: Vec<String>,
    /// Absolute.
    pub link: Option<String>,
    pub city: String,
    pub hotline: String,
    pub demo: bool,
}

impl Letter {
    pub fn new(app: &App, message: &message::Message) -> Self {
        let Words { title, body } = message.words(app);
        let manifest = app.city.manifest();
        Self {
            id: message.id,
            lang: message.lang,
            address: message.address.clone(),
            name: message.name.clone(),
            title,
            body: body.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
            link: message.url(app),
            city: manifest.name.get(message.lang).to_owned(),
            hotline: manifest.hotline.clone(),
            demo: app.config.demo,
        }
    }

    /// The plain text, as it is sent and shown.
    pub fn text(&self, app: &App) -> Result<String, Internal> {
        app.renderer.fragment("notices/mail.txt", self.lang, self).map_err(Internal::new)
    }

    /// The letter as it is sent. The same delivery is the same letter to the byte: its Message-ID and its parts' boundary
    /// come from the delivery's id, its date is the notice's.
    pub fn message(&self, app: &App, from: &Mailbox, date: jiff::Timestamp) -> Result<Message, Internal> {
        let address = self.address.parse().map_err(Internal::new)?;
        let html = app.renderer.fragment("notices/mail.html", self.lang, self).map_err(Internal::new)?;
        let plain = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(self.text(app)?);
        let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(html);
        let parts = MultiPart::alternative().boundary(format!("part-{}", self.id)).singlepart(plain).singlepart(html);
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let language = HeaderName::new_from_ascii_str("Content-Language");
        Message::builder()
            .message_id(Some(format!("<{}@{}>", self.id, from.email.domain())))
            .date(date.into())
            .from(from.clone())
            .to(Mailbox::new(Some(self.name.clone()), address))
            .subject(self.title.clone())
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .raw_header(HeaderValue::new(language, self.lang.tag().to_owned()))
            .multipart(parts)
            .map_err(Internal::new)
    }
}
