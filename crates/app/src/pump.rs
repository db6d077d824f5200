//! After commit the event log feeds everything else: live pages, and the subscribers of the modules.

use std::time::Duration;

use songhan_base::{Actor, Internal};
use songhan_db::{Position, Stamp};

use crate::{App, Subscriber};

/// Events handled in one transaction.
const BATCH: i64 = 200;

/// Shows the tail of the log to the watchers of this process, then to its live pages: who is told to look again finds
/// what is new.
pub async fn tail(app: &App, position: &mut Position) -> Result<usize, Internal> {
    let events = songhan_db::events_after(&app.db, *position, 1000).await?;
    let count = events.len();
    for event in events {
        *position = event.position();
        for watch in app.modules.iter().flat_map(|m| &m.watchers) {
            watch(app, &event).await;
        }
        app.live.tell(event);
    }
    Ok(count)
}

/// How far [`Worker::drain`](crate::Worker::drain) has seen the log in this process.
#[derive(Default)]
struct Seen(tokio::sync::Mutex<Position>);

/// The same for who has no tail running: tests, the command line.
pub async fn tail_once(app: &App) -> Result<(), Internal> {
    let seen = app.memory.get_or(Seen::default);
    let mut position = seen.0.lock().await;
    loop {
        while tail(app, &mut position).await? > 0 {}
        // Where nobody subscribes nobody has waited yet for what an open transaction holds back.
        if !songhan_db::is_behind(&app.db, *position).await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Lets one subscriber hear what is new; `true` when there may be more.
pub async fn hear(app: &App, subscriber: &Subscriber) -> Result<bool, Internal> {
    // A look first: most commits hold nothing new, and the lock of the cursor is the only writer of SQLite.
    if let Some(position) = songhan_db::read_cursor(&app.db, subscriber.name).await?
        && songhan_db::events_to_hear(&app.db, position, 1).await?.is_empty()
    {
        return Ok(false);
    }
    let cx = app.system(subscriber.name);
    let mut tx = app.db.begin(Stamp::new(&app.env, &Actor::System(subscriber.name), None)).await?;
    let Some(position) = songhan_db::lock_cursor(&mut tx, subscriber.name).await? else { return Ok(false) };
    let events = songhan_db::events_to_hear(&app.db, position, BATCH).await?;
    let Some(last) = events.last().map(songhan_db::Recorded::position) else { return Ok(false) };
    for event in &events {
        (subscriber.hear)(&cx, &mut tx, event).await?;
    }
    songhan_db::advance_cursor(&mut tx, subscriber.name, last).await?;
    tx.commit().await?;
    Ok(events.len() as i64 == BATCH)
}

/// Whether a subscriber has yet to hear something that was committed, readable or not.
pub async fn is_behind(app: &App, subscriber: &Subscriber) -> Result<bool, Internal> {
    let mut tx = app.db.begin(Stamp::new(&app.env, &Actor::System(subscriber.name), None)).await?;
    let position = songhan_db::lock_cursor(&mut tx, subscriber.name).await?;
    tx.rollback().await?;
    match position {
        Some(position) => songhan_db::is_behind(&app.db, position).await,
        None => Ok(true),
    }
}

/// How long a pump waits for word of its own process before it looks for other processes' events.
pub const POLL: Duration = Duration::from_millis(250);

/// How long it then waits for more: many commits are heard in one transaction, and nobody sees the difference.
pub const GATHER: Duration = Duration::from_millis(10);
