//! The mailbox of the demo: letters to simulated people, open to every visitor. It is there in the demo alone.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use songhan_app::{Cx, PageSpec, Path, Problem};
use songhan_base::{Id, Internal};
use songhan_db::At;

use crate::letter::Letter;
use crate::mailer::{Mailer, folder};
use crate::store::{self, DeliveryRow};

/// Letters shown.
const SHOWN: i64 = 50;

fn demo_only(cx: &Cx) -> Result<(), Problem> {
    if cx.config.demo { Ok(()) } else { Err(Problem::not_found("page")) }
}

#[derive(Serialize)]
struct Row {
    href: String,
    to: String,
    title: String,
    created_at: At,
    state: String,
}

#[derive(Serialize)]
struct ListView {
    letters: Vec<Row>,
}

async fn letter_of(cx: &Cx, delivery: &DeliveryRow) -> Result<Option<Letter>, Internal> {
    let Some(notice) = store::notice(&cx.db, delivery.notice).await? else { return Ok(None) };
    let Some(reader) = songhan_identity::account(&cx.db, notice.account).await? else { return Ok(None) };
    Ok(Some(Letter::new(cx, delivery, &notice, &reader)))
}

pub async fn list(cx: Cx) -> Result<Response, Problem> {
    demo_only(&cx)?;
    let mut letters = Vec::new();
    for delivery in store::latest_deliveries(&cx.db, SHOWN).await? {
        if let Some(letter) = letter_of(&cx, &delivery).await? {
            letters.push(Row {
                href: format!("/demo/mailbox/{}", delivery.id),
                to: format!("{} <{}>", letter.name, letter.address),
                title: letter.title,
                created_at: delivery.created_at,
                state: delivery.state,
            });
        }
    }
    let spec = PageSpec::titled(cx.t("notices-mailbox"));
    cx.page("notices/mailbox.html", spec, ListView { letters }).await
}

#[derive(Serialize)]
struct LetterView {
    from: String,
    to: String,
    title: String,
    text: String,
    link: Option<String>,
    created_at: At,
    state: String,
    raw: Option<String>,
}

async fn find(cx: &Cx, id: Id) -> Result<(DeliveryRow, Letter), Problem> {
    demo_only(cx)?;
    let delivery = store::delivery(&cx.db, id).await?.ok_or_else(|| Problem::not_found("letter"))?;
    let letter = letter_of(cx, &delivery).await?.ok_or_else(|| Problem::not_found("letter"))?;
    Ok((delivery, letter))
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response, Problem> {
    let (delivery, letter) = find(&cx, id).await?;
    let raw = folder(&cx).join(format!("{id}.eml"));
    let written = tokio::fs::try_exists(&raw).await.unwrap_or(false);
    let view = LetterView {
        from: Mailer::of(&cx).from.to_string(),
        to: format!("{} <{}>", letter.name, letter.address),
        title: letter.title.clone(),
        text: letter.text(&cx)?,
        link: letter.link,
        created_at: delivery.created_at,
        state: delivery.state,
        raw: written.then(|| format!("/demo/mailbox/{id}/raw")),
    };
    let spec = PageSpec::titled(letter.title).crumb("/demo/mailbox", cx.t("notices-mailbox"));
    cx.page("notices/letter.html", spec, view).await
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
