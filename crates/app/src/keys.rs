//! The folder `keys` of the data, and the one key that encrypts whatever secret is kept: private keys in that folder,
//! secrets in the database. Everything here blocks on files and is called seldom.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::Deserialize;
use songhan_base::Internal;

use crate::App;

/// Shortest key-encryption key that is accepted.
const CHARACTERS_MIN: usize = 32;

/// What is read here of the section `[keys]`; the rest of it is the authority's.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Section {
    kek_file: Option<PathBuf>,
}

impl App {
    /// Where keys are kept.
    pub fn keys_folder(&self) -> PathBuf {
        self.config.data.join("keys")
    }

    /// Khóa mã hóa khóa: `keys/kek`, or the file that `[keys] kek_file` names; made at first use, as the city's authority
    /// would make it.
    pub fn key_encryption_key(&self) -> Result<String, Internal> {
        let folder = self.keys_folder();
        let section: Section = self.config.section("keys").map_err(Internal::new)?;
        let path = section.kek_file.unwrap_or_else(|| folder.join("kek"));
        if let Some(key) = read(&path)? {
            return Ok(key);
        }
        let failed = |error: std::io::Error| Internal::new(format!("cannot make {}: {error}", path.display()));
        let _lock = lock(&folder, "lock").map_err(failed)?;
        if let Some(key) = read(&path)? {
            return Ok(key);
        }
        if folder.join("authority").exists() {
            let path = path.display();
            return Err(Internal::new(format!(
                "{path} is missing, without which no secret can be opened; bring it back"
            )));
        }
        let key = HEXLOWER.encode(&self.env.random::<32>());
        write_whole(&path, key.as_bytes()).map_err(failed)?;
        Ok(key)
    }
}

fn read(path: &Path) -> Result<Option<String>, Internal> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim().len() >= CHARACTERS_MIN => Ok(Some(text.trim().to_owned())),
        Ok(_) => Err(Internal::new(format!("{} is too short to be a key", path.display()))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Internal::new(format!("cannot read {}: {error}", path.display()))),
    }
}

/// An exclusive lock in a folder that is made if it is missing; the system releases it with the file. The authority takes
/// the one called `lock` while it makes keys.
pub fn lock(folder: &Path, name: &str) -> std::io::Result<File> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(folder.join(name))?;
    file.lock()?;
    Ok(file)
}

/// Writes beside, syncs and renames: whoever looks sees the old file or the new. For one writer at a time.
pub fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.tmp"));
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}
