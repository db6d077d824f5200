//! The folder of the file store as the disk has it. Everything here blocks.
//!
//! ```text
//! files/
//!   ab/cdef…           a file, by its digest
//!   .TAG               half-written
//!   .abcdef….TAG       moved aside to be removed
//!   .copying.TAG       a copy of all is being made
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use songhan_base::Internal;

/// Characters of what tells the names of unfinished files apart.
const TAG_LENGTH: usize = 12;

const COPYING: &str = "copying";

/// The folder `DATA/files`.
pub struct Disk {
    root: PathBuf,
}

/// A file on its way out.
pub struct Aside {
    pub name: String,
    path: PathBuf,
}

/// What moving a file aside came to.
pub enum Moved {
    Nothing,
    /// It stays: it was put at this moment.
    Young(Timestamp),
    Aside(Aside),
}

/// What a crash has left beside the files.
pub enum Leftover {
    /// Half-written, or the sign of a copy that was never finished, and when it was touched last.
    Half(PathBuf, Timestamp),
    Aside(Aside),
}

pub fn is_name(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn told(what: &str, path: &Path) -> impl FnOnce(io::Error) -> Internal {
    let what = format!("cannot {what} {}", path.display());
    move |error| Internal::new(format!("{what}: {error}"))
}

impl Disk {
    pub fn of(data: &Path) -> Self {
        Self { root: data.join("files") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(&name[..2]).join(&name[2..])
    }

    pub fn has(&self, name: &str) -> Result<bool, Internal> {
        let path = self.path(name);
        path.try_exists().map_err(told("look for", &path))
    }

    pub fn read(&self, name: &str) -> Result<Vec<u8>, Internal> {
        let path = self.path(name);
        let bytes = fs::read(&path).map_err(told("read", &path))?;
        if HEXLOWER.encode(&Sha256::digest(&bytes)) == name {
            Ok(bytes)
        } else {
            Err(Internal::new(format!("{} is damaged; restore it from a backup", path.display())))
        }
    }

    /// Writes the bytes, or notes at the file that is there already that they were put now.
    pub fn write(&self, bytes: &[u8], tag: &str, now: Timestamp) -> Result<String, Internal> {
        let name = HEXLOWER.encode(&Sha256::digest(bytes));
        let path = self.path(&name);
        let folder = path.parent().unwrap_or(&self.root);
        let kept = (|| {
            make_folder(&self.root)?;
            make_folder(folder)?;
            if !renew(&path, bytes.len(), now)? {
                let half = self.root.join(format!(".{tag}"));
                write_new(&half, bytes, now).and_then(|()| fs::rename(&half, &path)).inspect_err(|_| {
                    let _ = fs::remove_file(&half);
                })?;
            }
            // Also where another process wrote it: that one may not have come so far.
            sync_folder(folder).and_then(|()| sync_folder(&self.root))
        })();
        kept.map(|()| name).map_err(told("keep", &path))
    }

    /// The sign that a copy is being made.
    pub fn sign(&self, tag: &str, now: Timestamp) -> Result<PathBuf, Internal> {
        let path = self.root.join(format!(".{COPYING}.{tag}"));
        let made = make_folder(&self.root).and_then(|()| write_new(&path, b"", now));
        made.map(|()| path.clone()).map_err(told("make", &path))
    }

    pub fn renew_sign(path: &Path, now: Timestamp) -> Result<(), Internal> {
        let renewed = OpenOptions::new().write(true).open(path).and_then(|file| file.set_modified(now.into()));
        renewed.map_err(told("renew", path))
    }

    /// When the last sign of a copy was renewed.
    pub fn signed_at(&self) -> Result<Option<Timestamp>, Internal> {
        let mut last = None;
        for path in entries(&self.root).map_err(told("look through", &self.root))? {
            let own = path.file_name().and_then(|own| own.to_str()).unwrap_or_default();
            if own.strip_prefix('.').and_then(|own| own.split_once('.')).is_some_and(|(what, _)| what == COPYING) {
                last = last.max(put_at(&path).map_err(told("look at", &path))?);
            }
        }
        Ok(last)
    }

    /// Moves a file aside unless it was put after `before`.
    pub fn move_aside(&self, name: &str, tag: &str, before: Timestamp) -> Result<Moved, Internal> {
        let path = self.path(name);
        let aside = Aside { name: name.to_owned(), path: self.root.join(format!(".{name}.{tag}")) };
        let moved = (|| {
            match put_at(&path)? {
                None => return Ok(Moved::Nothing),
                Some(at) if at > before => return Ok(Moved::Young(at)),
                Some(_) => {}
            }
            fs::rename(&path, &aside.path)?;
            // Put between the look and the move.
            match put_at(&aside.path)? {
                Some(at) if at > before => self.back(&aside).map(|()| Moved::Young(at)),
                _ => Ok(Moved::Aside(aside)),
            }
        })();
        moved.map_err(told("move aside", &path))
    }

    /// The file ends; no loss of power brings it back.
    pub fn end(&self, aside: &Aside) -> Result<(), Internal> {
        let ended = gone(fs::remove_file(&aside.path)).and_then(|()| self.sync(&aside.name));
        ended.map_err(told("remove", &aside.path))
    }

    /// The file goes back to its place, unless the same bytes were put there meanwhile.
    pub fn put_back(&self, aside: &Aside) -> Result<(), Internal> {
        self.back(aside).map_err(told("put back", &aside.path))
    }

    fn back(&self, aside: &Aside) -> io::Result<()> {
        let path = self.path(&aside.name);
        gone(if path.try_exists()? { fs::remove_file(&aside.path) } else { fs::rename(&aside.path, &path) })?;
        self.sync(&aside.name)
    }

    /// What was moved between the folder of a name and the one above it is so on disk.
    fn sync(&self, name: &str) -> io::Result<()> {
        sync_folder(&self.root.join(&name[..2])).and_then(|()| sync_folder(&self.root))
    }

    /// The files in one folder (`ab`) that nobody has put since `before`.
    pub fn unused(&self, prefix: &str, before: Timestamp) -> Result<Vec<String>, Internal> {
        let folder = self.root.join(prefix);
        let mut names = Vec::new();
        for path in entries(&folder).map_err(told("look through", &folder))? {
            let rest = path.file_name().and_then(|rest| rest.to_str()).unwrap_or_default();
            let name = format!("{prefix}{rest}");
            if is_name(&name) && put_at(&path).map_err(told("look at", &path))?.is_some_and(|at| at <= before) {
                names.push(name);
            }
        }
        Ok(names)
    }

    pub fn leftovers(&self) -> Result<Vec<Leftover>, Internal> {
        let mut found = Vec::new();
        for path in entries(&self.root).map_err(told("look through", &self.root))? {
            let own = path.file_name().and_then(|own| own.to_str()).unwrap_or_default();
            let Some(own) = own.strip_prefix('.') else { continue };
            match own.split_once('.') {
                Some((name, _)) if is_name(name) => found.push(Leftover::Aside(Aside { name: name.to_owned(), path })),
                Some((COPYING, _)) => found.extend(half(path)?),
                None if own.len() == TAG_LENGTH => found.extend(half(path)?),
                // Whatever it is, it is not ours.
                _ => {}
            }
        }
        Ok(found)
    }

    pub fn forget_half(path: &Path) -> Result<(), Internal> {
        gone(fs::remove_file(path)).map_err(told("remove", path))
    }
}

/// Notes that a file was put now; `false` where there is none of that length in its place.
fn renew(path: &Path, length: usize, now: Timestamp) -> io::Result<bool> {
    let file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    if file.metadata()?.len() != length as u64 {
        return Ok(false);
    }
    file.set_modified(now.into())?;
    // If it was moved aside before that, it was not noted in time.
    path.try_exists()
}

fn write_new(path: &Path, bytes: &[u8], now: Timestamp) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.set_modified(now.into())?;
    file.sync_all()
}

fn half(path: PathBuf) -> Result<Option<Leftover>, Internal> {
    let at = put_at(&path).map_err(told("look at", &path))?;
    Ok(at.map(|at| Leftover::Half(path, at)))
}

/// When a file was put last; `None` where there is none.
fn put_at(path: &Path) -> io::Result<Option<Timestamp>> {
    match fs::metadata(path).and_then(|found| found.modified()) {
        Ok(at) => Ok(Some(moment(at))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A time that cannot be told is one long ago.
fn moment(at: SystemTime) -> Timestamp {
    Timestamp::try_from(at).unwrap_or(Timestamp::MIN)
}

fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        folder => folder?.sync_all(),
    }
}

/// Somebody else may have been quicker.
fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| entry.map(|entry| entry.path())).collect(),
    }
}
