//! By e-mail.

use songhan_app::Cx;

use super::{Sent, Unsent};
use crate::letter::Letter;
use crate::mailer::Mailer;
use crate::message::Message;

pub async fn send(cx: &Cx, message: &Message) -> Result<Sent, Unsent> {
    let mailer = Mailer::of(cx);
    match Letter::new(cx, message).message(cx, &mailer.from, message.created_at) {
        Ok(letter) => mailer.send(message.id, letter).await.map(|()| Sent::default()),
        // An address that was let in and cannot be written on an envelope.
        Err(error) => Err(Unsent::Refused(error.to_string())),
    }
}
