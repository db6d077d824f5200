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

/// What is read here of the section `[keys]`; the rest of it is the city's authority's.
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

    /// Khóa mã hóa khóa: `keys/kek`, or the file that `[keys] kek_file` names (another volume, a mounted secret); made at
    /// first use, and never anew beside an authority whose keys it would not open.
    pub fn key_encryption_key(&self) -> Result<String, Internal> {
        let section: Section = self.config.section("keys").map_err(Internal::new)?;
        key_encryption_key(&self.keys_folder(), section.kek_file, || self.env.random())
    }
}

fn key_encryption_key(
    folder: &Path,
    elsewhere: Option<PathBuf>,
    random: impl FnOnce() -> [u8; 32],
) -> Result<String, Internal> {
    let path = elsewhere.unwrap_or_else(|| folder.join("kek"));
    if let Some(key) = read(&path)? {
        return Ok(key);
    }
    let failed = |error: std::io::Error| Internal::new(format!("cannot make {}: {error}", path.display()));
    let _lock = lock(folder, "lock").map_err(failed)?;
    if let Some(key) = read(&path)? {
        return Ok(key);
    }
    if folder.join("authority").exists() {
        let path = path.display();
        return Err(Internal::new(format!(
            "the key-encryption key {path} is missing, without which no secret can be opened; bring it back from its backup"
        )));
    }
    let key = HEXLOWER.encode(&random());
    write_whole(&path, key.as_bytes()).map_err(failed)?;
    Ok(key)
}

fn read(path: &Path) -> Result<Option<String>, Internal> {
    match fs::read_to_string(path).as_deref().map(str::trim) {
        Ok(key) if key.len() >= CHARACTERS_MIN && !key.contains(char::is_whitespace) => Ok(Some(key.to_owned())),
        Ok(_) => Err(Internal::new(format!(
            "{} is no key-encryption key: it must have at least {CHARACTERS_MIN} characters without spaces, such as 64 hexadecimal digits",
            path.display()
        ))),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_never_anew() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let elsewhere = folder.path().join("secret");
        let made: Vec<String> = std::thread::scope(|scope| {
            let keys = &keys;
            let starts: Vec<_> =
                (1..=8).map(|n| scope.spawn(move || key_encryption_key(keys, None, || [n; 32]).unwrap())).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(made.iter().all(|key| *key == made[0] && key.len() == 64), "{made:?}");
        fs::write(&elsewhere, format!("{}\n", "ab".repeat(32))).unwrap();
        let read = key_encryption_key(&keys, Some(elsewhere.clone()), || [0; 32]).unwrap();
        assert_eq!(read, "ab".repeat(32), "from another volume");
        for weak in ["short", "ten words of four letters are still no key that is taken"] {
            fs::write(&elsewhere, weak).unwrap();
            let error = key_encryption_key(&keys, Some(elsewhere.clone()), || [0; 32]).unwrap_err().to_string();
            assert!(error.contains("at least 32 characters without spaces") && !error.contains(weak), "{error}");
        }
        fs::create_dir(keys.join("authority")).unwrap();
        fs::remove_file(keys.join("kek")).unwrap();
        let error = key_encryption_key(&keys, None, || [9; 32]).unwrap_err().to_string();
        assert!(error.contains("is missing") && !keys.join("kek").exists(), "{error}");
        let mut names: Vec<_> = fs::read_dir(&keys).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["authority", "lock"], "nothing half-made stays behind");
    }
}
