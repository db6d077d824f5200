//! Keys of the channels in the folder `keys` of the data, beside those of the authority: readable by their owner only,
//! written whole, the private one encrypted by the same key-encryption key (`keys/kek`, or `[keys] kek_file`).

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use p256::SecretKey;
use pkcs8::der::pem::LineEnding;
use pkcs8::pkcs5::pbes2;
use pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, PrivateKeyInfo};
use serde::Deserialize;
use songhan_app::App;
use songhan_base::{Env, Internal};

/// Rounds of PBKDF2: the password is a random key of 256 bits, to which they add nothing.
const ROUNDS: u32 = 2048;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Section {
    kek_file: Option<PathBuf>,
}

pub fn folder(app: &App) -> PathBuf {
    app.config.data.join("keys")
}

/// The private key in `keys/NAME`, made at first use. Blocking.
pub fn private_key(app: &App, name: &str) -> Result<SecretKey, Internal> {
    let folder = folder(app);
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(Internal::new)?;
    let section: Section = app.config.section("keys").map_err(Internal::new)?;
    let kek = key_encryption_key(app, &folder, section.kek_file)?;
    let path = folder.join(name);
    if let Some(key) = read(&path, &kek)? {
        return Ok(key);
    }
    // Two processes that start together: the second finds what the first has made.
    let _lock = lock(&folder, "lock").map_err(Internal::new)?;
    if let Some(key) = read(&path, &kek)? {
        return Ok(key);
    }
    let key = new_key(&app.env);
    write_whole(&path, sealed(&app.env, &key, &kek)?.as_bytes()).map_err(Internal::new)?;
    Ok(key)
}

/// A random key, P-256.
pub fn new_key(env: &Env) -> SecretKey {
    loop {
        // All but one in 2^32 random numbers are keys.
        if let Ok(key) = SecretKey::from_slice(&env.random::<32>()) {
            return key;
        }
    }
}

/// The one that the authority uses, made as it would make it where it is missing.
fn key_encryption_key(app: &App, folder: &Path, elsewhere: Option<PathBuf>) -> Result<String, Internal> {
    let path = elsewhere.unwrap_or_else(|| folder.join("kek"));
    let read = || match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Internal::new(format!("cannot read {}: {error}", path.display()))),
    };
    if let Some(kek) = read()? {
        return Ok(kek);
    }
    let _lock = lock(folder, "lock").map_err(Internal::new)?;
    if let Some(kek) = read()? {
        return Ok(kek);
    }
    if folder.join("authority").exists() {
        let path = path.display();
        return Err(Internal::new(format!("{path} is missing, without which no key can be opened; bring it back")));
    }
    let kek = HEXLOWER.encode(&app.env.random::<32>());
    write_whole(&path, kek.as_bytes()).map_err(Internal::new)?;
    Ok(kek)
}

fn read(path: &Path, kek: &str) -> Result<Option<SecretKey>, Internal> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Internal::new(format!("cannot read {}: {error}", path.display()))),
    };
    let key = SecretKey::from_pkcs8_encrypted_pem(&text, kek.as_bytes());
    key.map(Some).map_err(|_| Internal::new(format!("{} cannot be opened with this key", path.display())))
}

fn sealed(env: &Env, key: &SecretKey, kek: &str) -> Result<String, Internal> {
    let plain = key.to_pkcs8_der().map_err(Internal::new)?;
    let (salt, iv) = (env.random::<16>(), env.random::<16>());
    let fail = |error: pkcs8::Error| Internal::new(error.to_string());
    let scheme = pbes2::Parameters::pbkdf2_sha256_aes256cbc(ROUNDS, &salt, &iv).map_err(|e| fail(e.into()))?;
    let info = PrivateKeyInfo::try_from(plain.as_bytes()).map_err(|e| Internal::new(e.to_string()))?;
    let sealed = info.encrypt_with_params(scheme, kek.as_bytes()).map_err(fail)?;
    let pem = sealed.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF).map_err(Internal::new)?;
    Ok(pem.to_string())
}

/// An exclusive lock; the system releases it with the file.
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
