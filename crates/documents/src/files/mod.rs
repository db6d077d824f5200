//! The file store: bytes by their SHA-256 in `DATA/files/ab/cdef…`, written once, never changed. Whoever keeps the same
//! bytes shares the file; several processes may share the folder.
//!
//! **A file that a row names is never lost**, in whatever order things happen and wherever a process dies:
//!
//! - [`put`] answers when the bytes and their folders are on disk, also where somebody else has just written them, and
//!   notes the moment at the file.
//! - [`hold`] stands in the transaction that names the file: a lock of the name that many may share, then a look whether
//!   the file is in its place. Rows are inserted only with what it answers ([`Hold`]).
//! - [`remove`] has a transaction of its own: the same lock for itself alone; no row names the file; nobody has put it for
//!   a while; the file is moved aside; still no row names it. Behind the commit the file ends.
//!
//! The move is the moment of the removal. Who holds before the lock is taken has committed a row when the removal looks,
//! or never will. Who holds after it finds no file and is refused: nothing was acknowledged, and the pause that a removal
//! keeps after every `put` makes even that rare. Should the server have ended the removal's transaction meanwhile, and the
//! lock with it, then the second look fails and the file goes back; where the second look succeeds, the lock was still
//! held when the file had gone. No clock is trusted in this: a process may stand still for a day between any two steps.
//!
//! A crash leaves a row and its file; or a file without a row, written whole, in part or moved aside, of which [`sweep`]
//! finds out. A loss of power gives back no row whose file has ended: the commit waits until what it has read is on disk.

mod copying;
mod disk;
mod sweep;
#[cfg(test)]
pub mod tests;

use jiff::{SignedDuration, Timestamp};
use songhan_app::{App, Cx};
use songhan_base::Internal;
use songhan_db::Tx;

pub use self::copying::Copying;
use self::copying::HOLDS_FOR;
use self::disk::{Aside, Disk, Moved};
pub use self::sweep::sweep;
use crate::store;

/// A file's name: the SHA-256 of its bytes in lower hexadecimal.
pub type FileName = String;

/// A file that the transaction may name: it is in its place and stays there until the commit.
pub struct Hold(FileName);

impl Hold {
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// What became of a file that was to be taken away.
#[derive(Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is not there any more.
    Gone,
    /// A row names it.
    Named,
    /// Somebody has put it and may be about to name it, or a copy of the city is being made; not before this moment.
    Young(Timestamp),
}

/// Keeps bytes; returns when they are on disk.
pub async fn put(app: &App, bytes: Vec<u8>) -> Result<FileName, Internal> {
    let (tag, now) = (app.env.secret::<9>(), app.now());
    on_disk(app, move |disk| disk.write(&bytes, &tag, now)).await
}

/// Reads bytes back; a file that is not what its name says is refused.
pub async fn get(app: &App, name: &str) -> Result<Vec<u8>, Internal> {
    let name = checked(name)?;
    on_disk(app, move |disk| disk.read(&name)).await
}

/// Before a row names a file, in the row's transaction.
pub async fn hold(app: &App, tx: &mut Tx, name: &str) -> Result<Hold, Internal> {
    let name = checked(name)?;
    tx.lock_shared(lock_of(&name)).await?;
    let held = Hold(name.clone());
    match on_disk(app, move |disk| disk.has(&name)).await? {
        true => Ok(held),
        false => Err(Internal::new(format!("the file {} was taken away before it was named; try again", held.0))),
    }
}

/// Takes a file away that no row names and that nobody has put for so long.
pub async fn remove(cx: &Cx, name: &str, unused_for: SignedDuration) -> Result<Removal, Internal> {
    let name = checked(name)?;
    let mut tx = cx.begin().await?;
    tx.lock(lock_of(&name)).await?;
    if store::is_named(&mut tx, &name).await? {
        return Ok(Removal::Named);
    }
    if let Some(signed_at) = on_disk(&cx.app, Disk::signed_at).await?.filter(|at| *at + HOLDS_FOR > cx.now()) {
        return Ok(Removal::Young(signed_at + HOLDS_FOR));
    }
    let (tag, before) = (cx.env.secret::<9>(), cx.now() - unused_for);
    match on_disk(&cx.app, move |disk| disk.move_aside(&name, &tag, before)).await? {
        Moved::Nothing => Ok(Removal::Gone),
        Moved::Young(put_at) => Ok(Removal::Young(put_at + unused_for)),
        Moved::Aside(aside) => decide(cx, tx, aside).await,
    }
}

/// What was moved aside ends, or goes back where a row names it. `tx` has the lock of its name for itself alone.
async fn decide(cx: &Cx, mut tx: Tx, aside: Aside) -> Result<Removal, Internal> {
    let decided = match store::is_named(&mut tx, &aside.name).await {
        Ok(true) => Ok(Removal::Named),
        Ok(false) => tx.commit().await.map(|()| Removal::Gone),
        Err(error) => Err(error),
    };
    let ends = matches!(decided, Ok(Removal::Gone));
    on_disk(&cx.app, move |disk| if ends { disk.end(&aside) } else { disk.put_back(&aside) }).await?;
    decided
}

/// Names come out of rows and jobs; nothing else becomes a path.
fn checked(name: &str) -> Result<FileName, Internal> {
    match disk::is_name(name) {
        true => Ok(name.to_owned()),
        false => Err(Internal::new(format!("{name:?} is not the name of a file"))),
    }
}

/// The lock of a name: its first 64 bits, since names are digests.
fn lock_of(name: &str) -> i64 {
    u64::from_str_radix(&name[..16], 16).unwrap_or_default().cast_signed()
}

/// Files block: not on the threads that serve.
async fn on_disk<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Disk) -> Result<T, Internal> + Send + 'static,
) -> Result<T, Internal> {
    let disk = Disk::of(&app.config.data);
    tokio::task::spawn_blocking(move || work(&disk)).await.map_err(Internal::new)?
}
