//! Live pages: one server-sent event stream a page, fed from the event log after commit.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use songhan_db::Recorded;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// The tail of the event log in this process.
#[derive(Clone)]
pub struct Live {
    tail: broadcast::Sender<Arc<Recorded>>,
    closed: CancellationToken,
}

impl Default for Live {
    fn default() -> Self {
        Self { tail: broadcast::Sender::new(1024), closed: CancellationToken::new() }
    }
}

impl Live {
    pub(crate) fn tell(&self, event: Recorded) {
        let _ = self.tail.send(Arc::new(event)); // nobody listening is fine
    }

    /// Ends every stream: the process is about to stop, and browsers come back by themselves.
    pub fn close(&self) {
        self.closed.cancel();
    }

    /// A stream of the events that `pick` turns into a line; a page that fell behind is told to load itself anew.
    pub fn stream<F>(&self, mut pick: F) -> Response
    where
        F: FnMut(&Recorded) -> Option<String> + Send + 'static,
    {
        let receiver = self.tail.subscribe();
        let closed = self.closed.clone();
        let events = futures_util::stream::unfold(receiver, |mut receiver| async move {
            let next = match receiver.recv().await {
                Ok(event) => Some(event),
                Err(broadcast::error::RecvError::Lagged(_)) => None,
                Err(broadcast::error::RecvError::Closed) => return None,
            };
            Some((next, receiver))
        });
        let lines = events.take_until(closed.cancelled_owned()).filter_map(move |event| {
            let line = match event {
                None => Some(Event::default().event("reload").data("behind")),
                Some(event) => pick(&event).map(|data| Event::default().event("change").data(data)),
            };
            std::future::ready(line.map(Ok::<_, Infallible>))
        });
        Sse::new(lines).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response()
    }
}
