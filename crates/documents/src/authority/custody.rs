//! Files of the authority: encrypted keys, written whole, readable by their owner only.

use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use der::pem::LineEnding;
use der::zeroize::Zeroizing;
use p256::ecdsa::SigningKey;
use p256::elliptic_curve::rand_core::{OsRng, RngCore as _};
use pkcs8::pkcs5::pbes2;
use pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncryptedPrivateKeyInfo, PrivateKeyInfo};
use sha2::{Digest as _, Sha256};
use songhan_app::keys;

use super::{AuthorityError, Identity, issue};

/// Rounds of PBKDF2. The password is a random key of 256 bits, not a word: the rounds add nothing to it and are kept
/// only so that tools which refuse small counts read the file.
const ROUNDS: u32 = 2048;
/// A new private key, P-256.
pub(super) fn new_key() -> SigningKey {
    SigningKey::random(&mut OsRng)
}

pub(super) fn certificate_pem(der: &[u8]) -> String {
    pem("CERTIFICATE", der)
}

fn pem(label: &'static str, der: &[u8]) -> String {
    // A constant label and bytes in memory: encoding cannot fail.
    der::pem::encode_string(label, LineEnding::LF, der).unwrap_or_default()
}

/// A file name that says whose it is and cannot leave its folder.
pub(super) fn file_name(code: &str) -> String {
    let readable: String =
        code.chars().take(40).map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    format!("{readable}-{}.pem", HEXLOWER.encode(&Sha256::digest(code)[..6]))
}

fn file_error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> AuthorityError {
    let path = path.to_owned();
    move |source| AuthorityError::File { action, path, source }
}

/// An exclusive lock on the folder; the system releases it with the file, so with the process too.
pub(super) fn lock(dir: &Path) -> Result<File, AuthorityError> {
    keys::lock(dir, "lock").map_err(file_error("lock", dir))
}

/// The folder and the key to its keys.
pub(super) struct Vault {
    dir: PathBuf,
    kek: Zeroizing<String>,
}

impl Vault {
    pub(super) fn open(dir: &Path, kek: &str) -> Result<Self, AuthorityError> {
        make_folder(dir)?;
        Ok(Self { dir: dir.to_owned(), kek: Zeroizing::new(kek.to_owned()) })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.dir.join("authority")
    }

    /// An empty folder to build the authority in; what an interrupted start left there goes.
    pub(super) fn begin(&self) -> Result<PathBuf, AuthorityError> {
        let building = self.dir.join("authority.new");
        match fs::remove_dir_all(&building) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(file_error("remove", &building)(error)),
            _ => {}
        }
        for folder in ["", "organisations", "people", "issued"] {
            make_folder(&building.join(folder))?;
        }
        Ok(building)
    }

    /// The built folder takes its place.
    pub(super) fn finish(&self, building: &Path) -> Result<(), AuthorityError> {
        sync_folder(building)?;
        fs::rename(building, self.folder()).map_err(file_error("rename", building))?;
        sync_folder(&self.dir)
    }

    #[expect(clippy::unused_self, reason = "files of the authority are read and written by the vault only")]
    pub(super) fn read(&self, path: &Path) -> Result<Vec<u8>, AuthorityError> {
        fs::read(path).map_err(file_error("read", path))
    }

    #[expect(clippy::unused_self, reason = "files of the authority are read and written by the vault only")]
    pub(super) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), AuthorityError> {
        write_whole(path, bytes)
    }

    /// A certificate and its encrypted key in one file, so that the two never part.
    pub(super) fn write_identity(&self, path: &Path, identity: &Identity) -> Result<(), AuthorityError> {
        let text = format!("{}{}", certificate_pem(&identity.chain[0]), self.encrypted(&identity.key)?);
        write_whole(path, text.as_bytes())
    }

    /// Reads such a file; `above` are the certificates that complete its chain.
    pub(super) fn read_identity(&self, path: &Path, above: &[impl AsRef<[u8]>]) -> Result<Identity, AuthorityError> {
        let text = self.read_text(path)?;
        let certificate = block(&text, "CERTIFICATE").ok_or_else(|| damaged(path, "no certificate"))?;
        let key = self.decrypted(path, &text)?;
        let not_after = issue::not_after(&certificate).ok_or_else(|| damaged(path, "no readable certificate"))?;
        if !issue::belongs(&certificate, &key) {
            return Err(damaged(path, "the key is not the certificate's"));
        }
        let above = above.iter().map(|der| der.as_ref().to_vec());
        Ok(Identity { chain: std::iter::once(certificate).chain(above).collect(), key, not_after })
    }

    pub(super) fn read_certificate(&self, path: &Path) -> Result<Vec<u8>, AuthorityError> {
        block(&self.read_text(path)?, "CERTIFICATE").ok_or_else(|| damaged(path, "no certificate"))
    }

    pub(super) fn write_root_key(&self, folder: &Path, key: &SigningKey) -> Result<(), AuthorityError> {
        write_whole(&folder.join("root.key"), self.encrypted(key)?.as_bytes())
    }

    pub(super) fn read_root_key(&self) -> Result<SigningKey, AuthorityError> {
        let path = self.folder().join("root.key");
        if !path.exists() {
            return Err(AuthorityError::RootOffline(path));
        }
        self.decrypted(&path, &self.read_text(&path)?)
    }

    fn read_text(&self, path: &Path) -> Result<String, AuthorityError> {
        String::from_utf8(self.read(path)?).map_err(|_| damaged(path, "not a PEM file"))
    }

    fn encrypted(&self, key: &SigningKey) -> Result<String, AuthorityError> {
        let fail = |error: &dyn std::fmt::Display| AuthorityError::Make(error.to_string());
        let plain = key.to_pkcs8_der().map_err(|error| fail(&error))?;
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        OsRng.fill_bytes(&mut salt);
        OsRng.fill_bytes(&mut iv);
        let scheme = pbes2::Parameters::pbkdf2_sha256_aes256cbc(ROUNDS, &salt, &iv).map_err(|error| fail(&error))?;
        let info = PrivateKeyInfo::try_from(plain.as_bytes()).map_err(|error| fail(&error))?;
        let sealed = info.encrypt_with_params(scheme, self.kek.as_bytes()).map_err(|error| fail(&error))?;
        Ok(pem("ENCRYPTED PRIVATE KEY", sealed.as_bytes()))
    }

    fn decrypted(&self, path: &Path, text: &str) -> Result<SigningKey, AuthorityError> {
        let sealed = block(text, "ENCRYPTED PRIVATE KEY").ok_or_else(|| damaged(path, "no encrypted private key"))?;
        let info =
            EncryptedPrivateKeyInfo::try_from(sealed.as_slice()).map_err(|error| damaged(path, &error.to_string()))?;
        let wrong = || AuthorityError::KekWrong(path.to_owned());
        let plain = info.decrypt(self.kek.as_bytes()).map_err(|_| wrong())?;
        SigningKey::from_pkcs8_der(plain.as_bytes()).map_err(|_| wrong())
    }
}

fn damaged(path: &Path, problem: &str) -> AuthorityError {
    AuthorityError::Damaged { path: path.to_owned(), problem: problem.to_owned() }
}

/// The bytes of the first PEM block of this kind.
fn block(text: &str, label: &str) -> Option<Vec<u8>> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let body = text.split_once(&begin)?.1.split_once(&end)?.0;
    let body: String = body.split_whitespace().collect();
    data_encoding::BASE64.decode(body.as_bytes()).ok()
}

fn make_folder(path: &Path) -> Result<(), AuthorityError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(file_error("create", path))
}

/// Under the lock of the folder: another process, or this one after a power cut, sees the old file or the new.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), AuthorityError> {
    keys::write_whole(path, bytes).map_err(file_error("write", path))
}

fn sync_folder(path: &Path) -> Result<(), AuthorityError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(file_error("sync", path))
}
