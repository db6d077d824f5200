//! Revocation (thu hồi chứng thư): what was revoked, and the signed lists that say so.

use std::path::PathBuf;

use der::Decode as _;
use jiff::{SignedDuration, Timestamp};
use rcgen::{CertificateRevocationListParams, KeyIdMethod, RevocationReason, RevokedCertParams, SerialNumber};
use serde::{Deserialize, Serialize};

use super::custody::Vault;
use super::{AuthorityError, Identity, issue};

/// The issuing authority's list is made at every use; a verifier may keep it for a week.
pub(super) const LIST_DAYS: i64 = 7;
/// The root's key is rarely at hand.
pub(super) const ROOT_LIST_DAYS: i64 = 365;

/// Why a certificate is no longer good (RFC 5280, 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The key may be known to others.
    KeyCompromise,
    /// The person moved or the organisation was renamed.
    AffiliationChanged,
    /// Replaced by another.
    Superseded,
    /// The office or organisation no longer exists.
    CessationOfOperation,
}

/// A revoked certificate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Revoked {
    /// Hexadecimal.
    pub(super) serial: String,
    pub(super) reason: Reason,
    pub(super) at: Timestamp,
}

fn file(vault: &Vault) -> PathBuf {
    vault.folder().join("revoked.json")
}

pub(super) fn revoked(vault: &Vault) -> Result<Vec<Revoked>, AuthorityError> {
    let path = file(vault);
    if !path.exists() {
        return Ok(Vec::new());
    }
    serde_json::from_slice(&vault.read(&path)?)
        .map_err(|error| AuthorityError::Damaged { path, problem: error.to_string() })
}

/// Adds one; the caller holds the lock.
pub(super) fn add(vault: &Vault, serial: &str, reason: Reason, at: Timestamp) -> Result<(), AuthorityError> {
    let mut all = revoked(vault)?;
    if all.iter().any(|one| one.serial == serial) {
        return Ok(());
    }
    all.push(Revoked { serial: serial.to_owned(), reason, at });
    let json = serde_json::to_vec_pretty(&all).map_err(|error| AuthorityError::Make(error.to_string()))?;
    vault.write(&file(vault), &json)
}

/// A signed list in DER.
pub(super) fn list(
    issuer: &Identity,
    revoked: &[Revoked],
    now: Timestamp,
    days: i64,
) -> Result<Vec<u8>, AuthorityError> {
    let revoked_certs = revoked.iter().map(|one| {
        let serial = data_encoding::HEXLOWER.decode(one.serial.as_bytes()).map_err(|_| {
            AuthorityError::Make(format!("the revoked serial number {} is not hexadecimal", one.serial))
        })?;
        Ok(RevokedCertParams {
            serial_number: SerialNumber::from_slice(&serial),
            revocation_time: issue::moment(one.at)?,
            reason_code: Some(match one.reason {
                Reason::KeyCompromise => RevocationReason::KeyCompromise,
                Reason::AffiliationChanged => RevocationReason::AffiliationChanged,
                Reason::Superseded => RevocationReason::Superseded,
                Reason::CessationOfOperation => RevocationReason::CessationOfOperation,
            }),
            invalidity_date: None,
        })
    });
    let parameters = CertificateRevocationListParams {
        this_update: issue::moment(now)?,
        next_update: issue::moment(now + SignedDuration::from_hours(24 * days))?,
        // Grows with time, in every process alike.
        crl_number: SerialNumber::from(u64::try_from(now.as_microsecond()).unwrap_or_default()),
        issuing_distribution_point: None,
        revoked_certs: revoked_certs.collect::<Result<_, AuthorityError>>()?,
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let list = parameters.signed_by(&issue::rcgen_issuer(issuer)?);
    Ok(list.map_err(|error| AuthorityError::Make(error.to_string()))?.der().to_vec())
}

/// When a list's successor is due.
pub(super) fn next_update(list: &[u8]) -> Option<Timestamp> {
    let list = x509_cert::crl::CertificateList::from_der(list).ok()?;
    let seconds = list.tbs_cert_list.next_update?.to_unix_duration().as_secs();
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}
