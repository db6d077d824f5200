//! Keys of the channels in the folder `keys` of the data, beside those of the authority: readable by their owner only,
//! written whole, the private one encrypted by the key-encryption key.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use p256::SecretKey;
use pkcs8::der::pem::LineEnding;
use pkcs8::pkcs5::pbes2;
use pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, PrivateKeyInfo};
use songhan_app::App;
use songhan_app::keys::{lock, write_whole};
use songhan_base::{Env, Internal};

/// Rounds of PBKDF2: the password is a random key of 256 bits, to which they add nothing.
const ROUNDS: u32 = 2048;

/// The private key in `keys/NAME`, made at first use. Blocking.
pub fn private_key(app: &App, name: &str) -> Result<SecretKey, Internal> {
    let kek = app.key_encryption_key()?;
    let folder = app.keys_folder();
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
