//! `songhan backup` and `songhan restore`: the whole city in one tar file, which every system opens.
//!
//! It holds `database.jsonl` (one moment of the database, the same from either engine), `keys/`, `files/` and, last,
//! `manifest.json`, without which it is not whole. Files are copied after the database: each is on disk before the row
//! that names it and never changes, and while a copy is made no file ends (`songhan_documents::Copying`), so the file of
//! every copied row is there. Letters under `mail/` are left out: they have been sent. The copy holds keys and personal
//! data, so only its owner may read it.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use songhan_base::Env;
use songhan_db::Db;

use crate::modules;
use crate::settings::Settings;

const DATABASE: &str = "database.jsonl";
const MANIFEST: &str = "manifest.json";
/// Folders of the data folder that are copied, keys first: they are few, and everything depends on them.
const FOLDERS: [&str; 2] = ["keys", "files"];
const FORMAT: u32 = 1;

/// What stands at the end of a whole copy.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    songhan: String,
    made_at: jiff::Timestamp,
    /// Rows of the database.
    rows: u64,
    /// Members under `keys/` and `files/`.
    files: u64,
}

/// Copies the city into one new file, while it is being served.
pub async fn backup(settings: &Settings, target: &Path) -> Result<()> {
    ensure!(!target.exists(), "{} exists already; name a new file, or move that one away first", target.display());
    let url = settings.database_url();
    if let Some(path) = url.strip_prefix("sqlite:") {
        ensure!(Path::new(path).exists(), "there is no database {path}; name the data folder with --data");
    }
    let env = Env::real();
    let made_at = env.now();
    let db = Db::open(&url).await.context("cannot open the database")?;
    // A disk that is full takes no sign: then a copy is wanted more than ever.
    let copying = songhan_documents::Copying::begin(&settings.data, &env);
    if let Err(error) = &copying {
        tracing::warn!(%error, "a file that ends while the copy is made may be missing in it");
    }
    let beside = Beside::new(target, &env.secret::<6>())?;
    let mut rows_file = BufWriter::new(beside.create("rows")?);
    let rows = songhan_db::dump(&db, &mut rows_file).await.context("cannot copy the database")?;
    db.close().await;
    rows_file.into_inner().context("cannot write the copy of the database")?;
    let (data, target) = (settings.data.clone(), target.to_owned());
    let manifest = Manifest { format: FORMAT, songhan: env!("CARGO_PKG_VERSION").to_owned(), made_at, rows, files: 0 };
    let manifest = tokio::task::spawn_blocking(move || write(&data, &beside, &target, manifest)).await??;
    drop(copying);
    println!("copied {} rows and {} files", manifest.rows, manifest.files);
    Ok(())
}

/// Writes the tar file beside its name, syncs it and gives it its name.
fn write(data: &Path, beside: &Beside, target: &Path, mut manifest: Manifest) -> Result<Manifest> {
    let mut tar = tar::Builder::new(BufWriter::new(beside.create("part")?));
    let rows = File::open(beside.path("rows"))?;
    let size = rows.metadata()?.len();
    tar.append_data(&mut header(size, &manifest), DATABASE, rows.take(size)).context("cannot write the backup")?;
    for folder in FOLDERS {
        add_folder(&mut tar, &data.join(folder), folder, &mut manifest)?;
    }
    let text = serde_json::to_vec_pretty(&manifest)?;
    tar.append_data(&mut header(text.len() as u64, &manifest), MANIFEST, &*text).context("cannot write the backup")?;
    let file = tar.into_inner().and_then(|out| out.into_inner().map_err(std::io::IntoInnerError::into_error));
    file.and_then(|file| file.sync_all()).context("cannot write the backup")?;
    fs::rename(beside.path("part"), target).with_context(|| format!("cannot make {}", target.display()))?;
    File::open(&beside.folder)?.sync_all()?;
    Ok(manifest)
}

fn header(size: u64, manifest: &Manifest) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_mtime(manifest.made_at.as_second().max(0) as u64);
    header
}

/// Adds what is in a folder, in order; half-written files (their names begin with a full stop) are not part of it.
fn add_folder<W: Write>(tar: &mut tar::Builder<W>, dir: &Path, name: &str, manifest: &mut Manifest) -> Result<()> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => Err(error),
    };
    let mut entries = entries.with_context(|| format!("cannot read {}", dir.display()))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let Some(own) = path.file_name().and_then(|n| n.to_str()).filter(|n| !n.starts_with('.')) else { continue };
        let name = format!("{name}/{own}");
        // Links are followed: a mounted key belongs to the copy too.
        if fs::metadata(&path).is_ok_and(|m| m.is_dir()) {
            add_folder(tar, &path, &name, manifest)?;
            continue;
        }
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            // Swept while we walked: nothing names it any more.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        tell_if_damaged(&name, &Sha256::digest(&bytes));
        tar.append_data(&mut header(bytes.len() as u64, manifest), &name, &*bytes)
            .context("cannot write the backup")?;
        manifest.files += 1;
    }
    Ok(())
}

/// Members of `files/` are named by their SHA-256.
fn tell_if_damaged(name: &str, digest: &[u8]) {
    if let Some(own) = name.strip_prefix("files/")
        && own.replace('/', "") != data_encoding::HEXLOWER.encode(digest)
    {
        tracing::warn!(name, "this file is damaged; it is copied as it is, look for it in an older backup");
    }
}

/// Puts a copy back into an empty data folder and an empty database, of either engine.
pub async fn restore(settings: &Settings, source: &Path) -> Result<()> {
    let data = &settings.data;
    let file = File::open(source).with_context(|| format!("cannot read the backup {}", source.display()))?;
    if fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("the data folder {} is not empty; restore into a new one, named with --data", data.display());
    }
    make_folder(data)?;
    let cleared = match put_back(settings, file).await {
        Ok(manifest) => {
            println!("restored {} rows and {} files, copied at {}", manifest.rows, manifest.files, manifest.made_at);
            return Ok(());
        }
        Err(error) => error.context(format!("cannot restore {}", source.display())),
    };
    // The folder was empty: whatever is in it now is a half-done restore.
    for entry in fs::read_dir(data).into_iter().flatten().flatten() {
        let path = entry.path();
        let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    }
    Err(cleared)
}

async fn put_back(settings: &Settings, file: File) -> Result<Manifest> {
    let db = Db::open(&settings.database_url()).await.context("cannot open the database")?;
    if !songhan_db::tables(&db).await?.is_empty() {
        bail!("the database is not empty; make a new one and name it with --database");
    }
    let data = settings.data.clone();
    let manifest = tokio::task::spawn_blocking(move || unpack(&data, file)).await??;
    let rows = settings.data.join(format!(".{DATABASE}"));
    let migrations: Vec<_> = modules::all().iter().flat_map(|m| m.migrations.iter().copied()).collect();
    let mut copy = BufReader::new(File::open(&rows)?);
    let restored = songhan_db::restore(&db, &Env::real(), &migrations, &mut copy).await;
    restored.context("the rows were not taken; make a new, empty database before you try again")?;
    db.close().await;
    fs::remove_file(&rows)?;
    Ok(manifest)
}

/// Unpacks everything into the data folder, the rows as a hidden file; refuses what is no whole backup of ours.
fn unpack(data: &Path, file: File) -> Result<Manifest> {
    let mut archive = tar::Archive::new(BufReader::new(file));
    let (mut manifest, mut files) = (None::<Manifest>, 0);
    for entry in archive.entries()? {
        let mut entry = entry.context("the file is no tar archive, or is damaged")?;
        let name = String::from_utf8(entry.path_bytes().into_owned()).context("a member has no readable name")?;
        ensure!(
            entry.header().entry_type().is_file(),
            "the member {name:?} is no plain file; this is no backup of ours"
        );
        match name.as_str() {
            DATABASE => keep(&data.join(format!(".{DATABASE}")), &name, &mut entry)?,
            MANIFEST => manifest = Some(serde_json::from_reader(entry).context("the manifest cannot be read")?),
            _ => {
                let path = data.join(member(&name)?);
                path.parent().map_or(Ok(()), make_folder)?;
                keep(&path, &name, &mut entry)?;
                files += 1;
            }
        }
    }
    let manifest = manifest.context("the backup is not whole: it ends before its manifest; take another one")?;
    ensure!(manifest.format == FORMAT, "the backup has format {}; restore with a newer songhan", manifest.format);
    ensure!(manifest.files == files, "the backup is not whole: {} of {} files are there", files, manifest.files);
    Ok(manifest)
}

/// A member's place in the data folder: under `keys/` or `files/`, and nowhere else.
fn member(name: &str) -> Result<PathBuf> {
    let path = Path::new(name);
    let mut parts = path.components();
    let known = matches!(parts.next(), Some(Component::Normal(first)) if FOLDERS.iter().any(|f| *f == first));
    let plain = parts.clone().count() > 0 && parts.all(|part| matches!(part, Component::Normal(_)));
    ensure!(known && plain, "the member {name:?} is none of a backup; this is no backup of ours");
    Ok(path.to_owned())
}

/// Writes a member for its owner alone and syncs it.
fn keep(path: &Path, name: &str, from: &mut impl Read) -> Result<()> {
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let (mut hash, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
        loop {
            match from.read(&mut buffer)? {
                0 => break,
                n => {
                    hash.update(&buffer[..n]);
                    file.write_all(&buffer[..n])?;
                }
            }
        }
        tell_if_damaged(name, &hash.finalize());
        file.sync_all()
    })();
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Makes a folder for its owner alone, with those above it.
fn make_folder(path: &Path) -> Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("cannot make the folder {}", path.display()))
}

/// Working files beside the target, gone when this goes.
struct Beside {
    folder: PathBuf,
    stem: String,
}

impl Beside {
    fn new(target: &Path, tag: &str) -> Result<Self> {
        let name = target.file_name().and_then(|n| n.to_str());
        let name = name.with_context(|| format!("{} is no file name; write one such as city.tar", target.display()))?;
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        Ok(Self { folder, stem: format!(".{name}.{tag}") })
    }

    fn path(&self, kind: &str) -> PathBuf {
        self.folder.join(format!("{}.{kind}", self.stem))
    }

    fn create(&self, kind: &str) -> Result<File> {
        let path = self.path(kind);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        file.with_context(|| format!("cannot write in {}; name another folder", self.folder.display()))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        for kind in ["rows", "part"] {
            let _ = fs::remove_file(self.path(kind));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stay_in_their_folders() {
        for good in ["keys/kek", "keys/authority/root.pem", "files/ab/cdef"] {
            assert_eq!(member(good).unwrap(), Path::new(good));
        }
        for bad in
            ["keys", "files", "/keys/kek", "keys/../kek", "../keys/kek", "mail/a.eml", "songhan.db", "files/./../x"]
        {
            assert!(member(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = || Manifest {
            format: FORMAT,
            songhan: "1".into(),
            made_at: jiff::Timestamp::UNIX_EPOCH,
            rows: 0,
            files: 0,
        };
        let data = folder.path().join("data");
        make_folder(&data.join("keys")).unwrap();
        fs::write(data.join("keys/kek"), "secret").unwrap();
        let target = folder.path().join("city.tar");
        let beside = Beside::new(&target, "t").unwrap();
        beside.create("rows").unwrap();
        assert_eq!(write(&data, &beside, &target, manifest()).unwrap().files, 1);
        drop(beside);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no working file is left");
        let whole = fs::read(&target).unwrap();
        let mut n = 0;
        for end in (0..whole.len()).step_by(512) {
            fs::write(&target, &whole[..end]).unwrap();
            n += 1;
            let into = folder.path().join(n.to_string());
            make_folder(&into).unwrap();
            let outcome = unpack(&into, File::open(&target).unwrap());
            assert_eq!(outcome.is_ok(), end >= whole.len() - 1024, "{end} of {}", whole.len());
        }
    }
}
