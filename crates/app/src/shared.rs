//! Pages that are the same for everyone who is not signed in: rendered once a day for each address and language.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use jiff::civil::Date;
use songhan_base::{Actor, Internal, Lang};

use crate::{App, Cx, Problem};

/// More addresses than this are rendered each time: what is asked for most comes first.
const PAGES_MAX: usize = 500;

#[derive(Default)]
struct Kept {
    pages: RwLock<HashMap<(Arc<str>, Lang), (Date, Bytes)>>,
    /// How often they were forgotten: a page that was begun before is not kept.
    forgotten: AtomicU64,
}

impl Kept {
    fn write(&self) -> RwLockWriteGuard<'_, HashMap<(Arc<str>, Lang), (Date, Bytes)>> {
        self.pages.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Forgets the pages of [`Cx::shared`]: something that they show has changed.
    pub fn forget_shared(&self) {
        let kept = self.memory.get_or(Kept::default);
        let mut pages = kept.write();
        kept.forgotten.fetch_add(1, Ordering::SeqCst);
        pages.clear();
    }
}

impl Cx {
    /// The page of this address, rendered by `make` unless someone else has had it made today. Only for what depends
    /// on the city, the address, the language and the day (or calls [`App::forget_shared`] when it changes): the page
    /// holds no form of a visitor's own.
    pub async fn shared<F>(&self, make: impl FnOnce() -> F + Send) -> Result<Response, Problem>
    where
        F: Future<Output = Result<Response, Problem>> + Send,
    {
        if !matches!(self.actor, Actor::Anonymous) || self.path.contains('?') {
            return make().await;
        }
        let (kept, today) = (self.memory.get_or(Kept::default), self.today());
        let key = (self.path.clone(), self.lang);
        let known = kept.pages.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some((_, page)) = known.filter(|(day, _)| *day == today) {
            return Ok(html(page));
        }
        let begun = kept.forgotten.load(Ordering::SeqCst);
        let response = make().await?;
        if response.status() != StatusCode::OK {
            return Ok(response);
        }
        let page = response.into_body().collect().await.map_err(Internal::new)?.to_bytes();
        debug_assert!(
            !page.windows(self.csrf().len().max(1)).any(|part| part == self.csrf().as_bytes()),
            "a shared page holds a visitor's token"
        );
        let mut pages = kept.write();
        let is_of_now = kept.forgotten.load(Ordering::SeqCst) == begun;
        if is_of_now && (pages.len() < PAGES_MAX || pages.contains_key(&key)) {
            pages.insert(key, (today, page.clone()));
        }
        Ok(html(page))
    }
}

fn html(page: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}
