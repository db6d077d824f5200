//! Processes that die or stand still in the middle of something, at any await.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// What comes of a future that dies after so many polls: nothing, where it was not done by then. A future that is dropped
/// has done what a killed process has done by then: what was committed stays, what was held in memory or in an open
/// transaction is gone.
pub async fn dies_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = polls;
    poll_fn(move |context| match left.checked_sub(1) {
        None => Poll::Ready(None),
        Some(fewer) => {
            left = fewer;
            future.as_mut().poll(context).map(Some)
        }
    })
    .await
}

/// One stands still after so many polls while the other does all that it can; then it goes on. What both come to, and
/// whether the one was done before it could stand still.
pub async fn stands_still_after<A: Future, B: Future>(polls: usize, one: A, other: B) -> (A::Output, B::Output, bool) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    if let Some(done) = dies_after(polls, one.as_mut()).await {
        return (done, other.await, true);
    }
    // The other may have to wait for the one, by a lock of the database.
    if let Ok(done) = tokio::time::timeout(Duration::from_millis(50), other.as_mut()).await {
        return (one.await, done, false);
    }
    let (one, other) = tokio::join!(one, other);
    (one, other, false)
}
