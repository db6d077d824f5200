//! The city's own certificate authority (hệ thống chứng thư số): made at first start, so that a city can issue
//! signed results on its first day and move to a licensed provider later ([`crate::sign::remote`]).
//!
//! ```text
//! keys/                         mode 0700
//!   kek                         the key that encrypts all others; may be elsewhere (`songhan_app::keys`)
//!   lock                        taken while something is made
//!   authority/
//!     root.pem root.key         20 years; the key is needed at first start and for `renew` only: keep it offline
//!     issuing.pem               10 years; issues the certificates below, signs the revocation list
//!     timestamp.pem             the timestamp authority, critical extended key usage (RFC 3161, 2.3); under the root
//!     root.crl                  revocation list of the root, one year
//!     revoked.json              what was revoked
//!     organisations/, people/   certificates on demand, each with its key
//!     issued/                   every certificate ever issued, by serial number
//! ```
//!
//! **Custody.** A private key exists in two forms only: encrypted on disk (PKCS #8, PBES2 with AES-256, so that
//! `openssl pkey` reads it with the content of `kek` as password) and, for the keys in use, in this process's memory.
//! The root's key is read, used and dropped. Who has `kek` and the folder has the keys: a city in service keeps `kek`
//! on another volume or in its secret store, and takes `root.key` away after the first start; everything but `renew`
//! goes on without it. A lost `kek` cannot be replaced, so none is made beside an existing authority.
//!
//! **Several processes** may share the folder. Whatever is made is written whole under another name, synced and
//! renamed, under an exclusive lock that the system releases when its holder dies. Readers need no lock.
//!
//! **The timestamp authority stands under the root**: a verifier years later needs a list of that day for it, and one
//! that also spoke of leaves which had ended by then would prove nothing about them (RFC 5280, 3.3).
//!
//! **Renewal** keeps the keys and certifies them again, so that lists and certificates already issued stay good.

mod custody;
mod issue;
mod local;
mod revocation;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::SigningKey;

pub use local::{LocalSigner, LocalTimestamper};
pub use revocation::Reason;

use custody::Vault;
use issue::Kind;

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Certificates of organisations and people are made anew this long before they end.
const LEAF_RENEWAL: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The issuing and timestamp certificates are certified again this long before they end: longer than any leaf lasts.
const ISSUING_RENEWAL: SignedDuration = SignedDuration::from_hours(3 * 365 * 24);
/// The root's list is made again this long before its next update is due.
const ROOT_CRL_RENEWAL: SignedDuration = SignedDuration::from_hours(60 * 24);

/// How the authority is set up.
#[derive(Clone)]
pub struct Options {
    /// Name of the city, for the certificates: `Thành phố Đà Nẵng`.
    pub city: String,
    /// Khóa mã hóa khóa, as [`songhan_app::App::key_encryption_key`] gives it.
    pub kek: String,
    /// Address under which revocation lists are served (`{}/root.crl`, `{}/issuing.crl`), written into every
    /// certificate. Only one that is public and will last: verifiers that find it insist on reaching it, while papers
    /// without it are judged by the evidence inside.
    pub crl_base: Option<String>,
}

/// An organisation that has a seal (con dấu của cơ quan).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Code of the unit.
    pub code: String,
    /// Its full name.
    pub name: String,
}

/// A leader who signs (người có thẩm quyền ký).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id of the account.
    pub id: String,
    /// Họ và tên.
    pub name: String,
    /// Chức vụ.
    pub title: String,
    /// Name of the organisation.
    pub organisation: String,
}

/// Why the authority could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// Reading or writing the folder.
    #[error("could not {action} {}: {source}", path.display())]
    File {
        /// What was attempted.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The keys were encrypted with another key.
    #[error("could not open the private key in {}: it was encrypted with another key-encryption key", .0.display())]
    KekWrong(PathBuf),
    /// The root's key was taken offline.
    #[error("could not renew: the root's private key {} is offline, put it back for this and take it away again", .0.display())]
    RootOffline(PathBuf),
    /// A file that is not what it should be.
    #[error("could not read {}: {problem}, restore it from a backup", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Making a certificate or list failed.
    #[error("could not make a certificate or revocation list: {0}")]
    Make(String),
}

impl From<AuthorityError> for crate::sign::SignError {
    fn from(error: AuthorityError) -> Self {
        Self::Authority(Box::new(error))
    }
}

/// A certificate with its key.
pub struct Identity {
    /// DER, own first, root last.
    chain: Vec<Vec<u8>>,
    key: SigningKey,
    not_after: Timestamp,
}

impl Identity {
    /// Certificates in DER, own first, root last.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// Serial number in hexadecimal, by which it is revoked.
    pub fn serial(&self) -> String {
        issue::serial_of(&self.chain[0]).unwrap_or_default()
    }
}

/// The authority: share it in an `Arc`. Its methods read and write small files; call them off the async threads.
pub struct Authority {
    vault: Vault,
    options: Options,
    root: Vec<u8>,
    issuing: Mutex<Arc<Identity>>,
    timestamp: Mutex<Arc<Identity>>,
    made: Mutex<HashMap<PathBuf, Arc<Identity>>>,
    /// The last list with its moment and length: signer and timestamp of one signature share it.
    list: Mutex<Option<(Timestamp, usize, Vec<u8>)>>,
}

impl Authority {
    /// Opens the authority in this folder, making it if there is none; what is near its end is renewed if the root's
    /// key is at hand.
    pub fn open(dir: &Path, options: Options, now: Timestamp) -> Result<Arc<Self>, AuthorityError> {
        let vault = Vault::open(dir, &options.kek)?;
        let folder = vault.folder();
        if !folder.join("root.pem").exists() {
            let _lock = custody::lock(dir)?;
            if !folder.join("root.pem").exists() {
                create(&vault, &options, now)?;
            }
        }
        let root = vault.read_certificate(&folder.join("root.pem"))?;
        let issuing = vault.read_identity(&folder.join("issuing.pem"), &[&root])?;
        let timestamp = folder.join("timestamp.pem");
        // Authorities from before it stood under the root keep theirs until it is certified again.
        let under_root = issue::is_issued_by(&vault.read_certificate(&timestamp)?, &root);
        let above = if under_root { vec![&root] } else { issuing.chain.iter().collect() };
        let timestamp = vault.read_identity(&timestamp, &above)?;
        let authority = Arc::new(Self {
            vault,
            options,
            root,
            issuing: Mutex::new(Arc::new(issuing)),
            timestamp: Mutex::new(Arc::new(timestamp)),
            made: Mutex::default(),
            list: Mutex::default(),
        });
        match authority.renew(now) {
            Ok(()) => {}
            Err(error @ AuthorityError::RootOffline(_)) => tracing::warn!(%error, "the city's certificates end soon"),
            Err(error) => return Err(error),
        }
        Ok(authority)
    }

    /// Certifies again what is near its end; call it daily.
    pub fn renew(&self, now: Timestamp) -> Result<(), AuthorityError> {
        let folder = self.vault.folder();
        let ends = |identity: &Mutex<Arc<Identity>>| locked(identity).not_after.duration_since(now) < ISSUING_RENEWAL;
        let crl = folder.join("root.crl");
        let crl_ends = revocation::next_update(&self.vault.read(&crl)?)
            .is_none_or(|next| next.duration_since(now) < ROOT_CRL_RENEWAL);
        if !ends(&self.issuing) && !ends(&self.timestamp) && !crl_ends {
            return Ok(());
        }
        let _lock = custody::lock(self.vault.dir())?;
        let root = Identity {
            chain: vec![self.root.clone()],
            key: self.vault.read_root_key()?,
            not_after: issue::not_after(&self.root).ok_or_else(|| self.damaged("root.pem"))?,
        };
        if crl_ends {
            let list = revocation::list(&root, &[], now, revocation::ROOT_LIST_DAYS)?;
            self.vault.write(&crl, &list)?;
        }
        for (slot, file, kind) in
            [(&self.issuing, "issuing.pem", Kind::Issuing), (&self.timestamp, "timestamp.pem", Kind::Timestamp)]
        {
            let old = locked(slot).clone();
            if old.not_after.duration_since(now) >= ISSUING_RENEWAL {
                continue;
            }
            let again = issue::certify(&issue::subject_of(&old.chain[0])?, &kind, &old.key, &root, &self.options, now)?;
            self.vault.write_identity(&folder.join(file), &again)?;
            self.keep_issued(&again)?;
            *locked(slot) = Arc::new(again);
        }
        Ok(())
    }

    fn damaged(&self, file: &str) -> AuthorityError {
        let problem = "no readable certificate".to_owned();
        AuthorityError::Damaged { path: self.vault.folder().join(file), problem }
    }

    /// The root certificate in PEM: what verifiers trust.
    pub fn root_pem(&self) -> String {
        custody::certificate_pem(&self.root)
    }

    /// The root's revocation list in DER.
    pub fn root_crl(&self) -> Result<Vec<u8>, AuthorityError> {
        self.vault.read(&self.vault.folder().join("root.crl"))
    }

    /// A fresh revocation list of everything issued, in DER.
    pub fn issuing_crl(&self, now: Timestamp) -> Result<Vec<u8>, AuthorityError> {
        let revoked = revocation::revoked(&self.vault)?;
        let mut last = locked(&self.list);
        if let Some((at, length, list)) = &*last
            && (*at, *length) == (now, revoked.len())
        {
            return Ok(list.clone());
        }
        let issuing = locked(&self.issuing).clone();
        let list = revocation::list(&issuing, &revoked, now, revocation::LIST_DAYS)?;
        *last = Some((now, revoked.len(), list.clone()));
        Ok(list)
    }

    /// The seal of an organisation, made at first use and again before it ends or when the name changed.
    pub fn organisation(
        self: &Arc<Self>,
        organisation: &Organisation,
        now: Timestamp,
    ) -> Result<LocalSigner, AuthorityError> {
        let subject = issue::Subject {
            organisation: organisation.name.clone(),
            common_name: organisation.name.clone(),
            title: None,
        };
        let path = self.vault.folder().join("organisations").join(custody::file_name(&organisation.code));
        Ok(LocalSigner::new(self.clone(), self.on_demand(path, &subject, now)?))
    }

    /// The personal certificate of a leader, likewise.
    pub fn person(self: &Arc<Self>, person: &Person, now: Timestamp) -> Result<LocalSigner, AuthorityError> {
        let subject = issue::Subject {
            organisation: person.organisation.clone(),
            common_name: person.name.clone(),
            title: Some(person.title.clone()),
        };
        let path = self.vault.folder().join("people").join(custody::file_name(&person.id));
        Ok(LocalSigner::new(self.clone(), self.on_demand(path, &subject, now)?))
    }

    /// The city's timestamp authority.
    pub fn timestamper(self: &Arc<Self>) -> LocalTimestamper {
        LocalTimestamper::new(self.clone())
    }

    /// Revokes a certificate by its serial number; the next list says so.
    pub fn revoke(&self, serial: &str, reason: Reason, now: Timestamp) -> Result<(), AuthorityError> {
        let _lock = custody::lock(self.vault.dir())?;
        revocation::add(&self.vault, serial, reason, now)?;
        // A new one is made at the next use.
        locked(&self.made).retain(|_, identity| identity.serial() != serial);
        Ok(())
    }

    fn on_demand(
        &self,
        path: PathBuf,
        subject: &issue::Subject,
        now: Timestamp,
    ) -> Result<Arc<Identity>, AuthorityError> {
        let revoked = revocation::revoked(&self.vault)?;
        let serves = |identity: &Identity| {
            identity.not_after.duration_since(now) >= LEAF_RENEWAL
                && issue::subject_of(&identity.chain[0]).is_ok_and(|s| s == *subject)
                && !revoked.iter().any(|r| r.serial == identity.serial())
        };
        if let Some(identity) = locked(&self.made).get(&path).filter(|identity| serves(identity)) {
            return Ok(identity.clone());
        }
        let issuing = locked(&self.issuing).clone();
        let above: Vec<&Vec<u8>> = issuing.chain.iter().collect();
        let read = || -> Result<Option<Identity>, AuthorityError> {
            if !path.exists() {
                return Ok(None);
            }
            self.vault.read_identity(&path, &above).map(|identity| Some(identity).filter(|i| serves(i)))
        };
        let identity = if let Some(identity) = read()? {
            identity
        } else {
            let _lock = custody::lock(self.vault.dir())?;
            // Another process may have been faster.
            if let Some(identity) = read()? {
                identity
            } else {
                let key = custody::new_key();
                let made = issue::certify(subject, &Kind::Leaf, &key, &issuing, &self.options, now)?;
                self.vault.write_identity(&path, &made)?;
                self.keep_issued(&made)?;
                made
            }
        };
        let identity = Arc::new(identity);
        locked(&self.made).insert(path, identity.clone());
        Ok(identity)
    }

    fn keep_issued(&self, identity: &Identity) -> Result<(), AuthorityError> {
        let path = self.vault.folder().join("issued").join(format!("{}.pem", identity.serial()));
        self.vault.write(&path, custody::certificate_pem(&identity.chain[0]).as_bytes())
    }
}

/// Makes the whole authority in a folder beside and renames it into place: it is there entirely or not at all.
fn create(vault: &Vault, options: &Options, now: Timestamp) -> Result<(), AuthorityError> {
    let building = vault.begin()?;
    let (root_key, issuing_key, timestamp_key) = (custody::new_key(), custody::new_key(), custody::new_key());
    let subject = |common_name: &str| issue::Subject {
        organisation: options.city.clone(),
        common_name: format!("{common_name} {}", options.city),
        title: None,
    };
    let root = issue::self_signed(&subject("Chứng thư gốc"), &root_key, options, now)?;
    let issuing = issue::certify(&subject("Cơ quan cấp chứng thư"), &Kind::Issuing, &issuing_key, &root, options, now)?;
    let timestamp =
        issue::certify(&subject("Dịch vụ dấu thời gian"), &Kind::Timestamp, &timestamp_key, &root, options, now)?;
    vault.write_root_key(&building, &root_key)?;
    vault.write(&building.join("root.pem"), custody::certificate_pem(&root.chain[0]).as_bytes())?;
    vault.write(&building.join("root.crl"), &revocation::list(&root, &[], now, revocation::ROOT_LIST_DAYS)?)?;
    vault.write_identity(&building.join("issuing.pem"), &issuing)?;
    vault.write_identity(&building.join("timestamp.pem"), &timestamp)?;
    vault.finish(&building)
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Nothing behind these locks is left half-changed by a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
