//! The file store: bytes by their SHA-256 in `DATA/files/ab/cdef…`, written once, never changed.
//!
//! A file is synced and its folder too before `put` returns, so that a row that names it is never without it. Several
//! processes may share the folder: the same bytes have the same name.

use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use songhan_app::App;
use songhan_base::Internal;

/// A file's name: the SHA-256 of its bytes in lower hexadecimal.
pub type FileName = String;

fn path(root: &Path, name: &str) -> PathBuf {
    root.join(&name[..2]).join(&name[2..])
}

fn is_name(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Keeps bytes; returns when they are on disk.
pub async fn put(app: &App, bytes: Vec<u8>) -> Result<FileName, Internal> {
    let root = app.config.data.join("files");
    let tag = app.env.secret::<9>();
    tokio::task::spawn_blocking(move || write(&root, &tag, &bytes)).await.map_err(Internal::new)?
}

fn write(root: &Path, tag: &str, bytes: &[u8]) -> Result<FileName, Internal> {
    let name = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
    let path = path(root, &name);
    if path.exists() {
        return Ok(name);
    }
    let folder = path.parent().unwrap_or(root);
    let told = |what: &str, error: std::io::Error| Internal::new(format!("{what} {}: {error}", path.display()));
    std::fs::create_dir_all(folder).map_err(|e| told("cannot make the folder of", e))?;
    let half = root.join(format!(".{tag}"));
    let written = (|| {
        let mut file = std::fs::File::create_new(&half)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&half, &path)?;
        std::fs::File::open(folder)?.sync_all()?;
        std::fs::File::open(root)?.sync_all()
    })();
    if let Err(error) = written {
        let _ = std::fs::remove_file(&half);
        return Err(told("cannot keep", error));
    }
    Ok(name)
}

/// Reads bytes back; a file that is not what its name says is refused.
pub async fn get(app: &App, name: &str) -> Result<Vec<u8>, Internal> {
    if !is_name(name) {
        return Err(Internal::new("not the name of a file"));
    }
    let path = path(&app.config.data.join("files"), name);
    let name = name.to_owned();
    tokio::task::spawn_blocking(move || {
        let bytes = std::fs::read(&path).map_err(|e| Internal::new(format!("cannot read {}: {e}", path.display())))?;
        if data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)) == name {
            Ok(bytes)
        } else {
            Err(Internal::new(format!("{} is damaged; restore it from a backup", path.display())))
        }
    })
    .await
    .map_err(Internal::new)?
}

/// Takes a file away that nothing names any more.
pub async fn remove(app: &App, name: &str) -> Result<(), Internal> {
    if !is_name(name) {
        return Ok(());
    }
    let path = path(&app.config.data.join("files"), name);
    match tokio::fs::remove_file(&path).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Internal::new(error)),
        _ => Ok(()),
    }
}
