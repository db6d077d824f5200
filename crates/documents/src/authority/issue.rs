//! Certificates (chứng thư số), RFC 5280 and, for the timestamp authority, RFC 3161.

use der::{Decode as _, Encode as _};
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::SigningKey;
use p256::elliptic_curve::rand_core::{OsRng, RngCore as _};
use pkcs8::EncodePrivateKey as _;
use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DistinguishedName, DnType, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
};
use x509_cert::Certificate;

use super::{AuthorityError, DAY, Identity, Options};

const ROOT_DAYS: i32 = 20 * 365;
const ISSUING_DAYS: i32 = 10 * 365;
const LEAF_DAYS: i32 = 2 * 365;
/// Clocks of verifiers may be behind ours.
const BACKDATED: SignedDuration = SignedDuration::from_hours(1);

const EXTENDED_KEY_USAGE: [u64; 4] = [2, 5, 29, 37];
/// `SEQUENCE { id-kp-timeStamping }`: rcgen alone cannot mark this extension critical.
const TIME_STAMPING: [u8; 12] = [0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
/// The attribute `title` (chức vụ).
const TITLE: [u64; 4] = [2, 5, 4, 12];

/// What a certificate is for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Issuing,
    Timestamp,
    /// An organisation's seal or a person's signature.
    Leaf,
}

/// Whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) organisation: String,
    pub(super) common_name: String,
    pub(super) title: Option<String>,
}

impl Subject {
    fn name(&self) -> DistinguishedName {
        let mut name = DistinguishedName::new();
        name.push(DnType::CountryName, "VN");
        name.push(DnType::OrganizationName, self.organisation.as_str());
        if let Some(title) = &self.title {
            name.push(DnType::CustomDnType(TITLE.to_vec()), title.as_str());
        }
        name.push(DnType::CommonName, self.common_name.as_str());
        name
    }
}

fn make_error(error: impl std::fmt::Display) -> AuthorityError {
    AuthorityError::Make(error.to_string())
}

pub(super) fn moment(at: Timestamp) -> Result<time::OffsetDateTime, AuthorityError> {
    time::OffsetDateTime::from_unix_timestamp(at.as_second()).map_err(make_error)
}

/// The key in rcgen's own form, for the moment of issuing.
pub(super) fn key_pair(key: &SigningKey) -> Result<KeyPair, AuthorityError> {
    let der = key.to_pkcs8_der().map_err(make_error)?;
    KeyPair::try_from(der.as_bytes()).map_err(make_error)
}

/// 127 random bits, positive and of full length.
fn new_serial() -> SerialNumber {
    let mut serial = [0; 16];
    OsRng.fill_bytes(&mut serial);
    serial[0] = serial[0] & 0x3f | 0x40;
    SerialNumber::from_slice(&serial)
}

fn parameters(
    subject: &Subject,
    days: i32,
    limit: Option<Timestamp>,
    now: Timestamp,
) -> Result<CertificateParams, AuthorityError> {
    let end = now + DAY * days;
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = subject.name();
    parameters.serial_number = Some(new_serial());
    parameters.not_before = moment(now - BACKDATED)?;
    // Nothing outlives its issuer.
    parameters.not_after = moment(limit.map_or(end, |limit| end.min(limit)))?;
    parameters.use_authority_key_identifier_extension = true;
    Ok(parameters)
}

pub(super) fn self_signed(
    subject: &Subject,
    key: &SigningKey,
    _options: &Options,
    now: Timestamp,
) -> Result<Identity, AuthorityError> {
    let mut parameters = parameters(subject, ROOT_DAYS, None, now)?;
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let certificate = parameters.self_signed(&key_pair(key)?).map_err(make_error)?;
    identity(certificate.der().to_vec(), &[], key)
}

/// A certificate for this key by this issuer.
pub(super) fn certify(
    subject: &Subject,
    kind: &Kind,
    key: &SigningKey,
    issuer: &Identity,
    options: &Options,
    now: Timestamp,
) -> Result<Identity, AuthorityError> {
    let days = if *kind == Kind::Leaf { LEAF_DAYS } else { ISSUING_DAYS };
    let mut parameters = parameters(subject, days, Some(issuer.not_after), now)?;
    let list = match kind {
        Kind::Issuing => {
            parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
            parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
            "root.crl"
        }
        Kind::Timestamp => {
            parameters.is_ca = IsCa::ExplicitNoCa;
            parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            let mut usage = CustomExtension::from_oid_content(&EXTENDED_KEY_USAGE, TIME_STAMPING.to_vec());
            usage.set_criticality(true);
            parameters.custom_extensions.push(usage);
            "root.crl"
        }
        Kind::Leaf => {
            parameters.is_ca = IsCa::ExplicitNoCa;
            parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
            "issuing.crl"
        }
    };
    if let Some(base) = &options.crl_base {
        let uri = format!("{}/{list}", base.trim_end_matches('/'));
        parameters.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![uri] }];
    }
    let certificate = parameters.signed_by(&key_pair(key)?, &rcgen_issuer(issuer)?).map_err(make_error)?;
    identity(certificate.der().to_vec(), &issuer.chain, key)
}

/// The issuer as rcgen wants it: its name and key.
pub(super) fn rcgen_issuer(issuer: &Identity) -> Result<Issuer<'static, KeyPair>, AuthorityError> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = subject_of(&issuer.chain[0])?.name();
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(Issuer::new(parameters, key_pair(&issuer.key)?))
}

fn identity(certificate: Vec<u8>, above: &[Vec<u8>], key: &SigningKey) -> Result<Identity, AuthorityError> {
    let not_after = not_after(&certificate).ok_or_else(|| make_error("the certificate made cannot be read"))?;
    let chain = std::iter::once(certificate).chain(above.iter().cloned()).collect();
    Ok(Identity { chain, key: key.clone(), not_after })
}

/// The names of a certificate's subject.
pub(super) fn subject_of(certificate: &[u8]) -> Result<Subject, AuthorityError> {
    let subject = Certificate::from_der(certificate).map_err(make_error)?.tbs_certificate.subject;
    let find = |oid: &str| {
        let mut attributes = subject.0.iter().flat_map(|part| part.0.iter());
        let attribute = attributes.find(|attribute| attribute.oid.to_string() == oid)?;
        std::str::from_utf8(attribute.value.value()).ok().map(str::to_owned)
    };
    Ok(Subject {
        organisation: find("2.5.4.10").unwrap_or_default(),
        common_name: find("2.5.4.3").unwrap_or_default(),
        title: find("2.5.4.12"),
    })
}

pub(super) fn not_after(certificate: &[u8]) -> Option<Timestamp> {
    let validity = Certificate::from_der(certificate).ok()?.tbs_certificate.validity;
    let seconds = validity.not_after.to_unix_duration().as_secs();
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}

/// Whether a certificate names this one as its issuer.
pub(super) fn is_issued_by(certificate: &[u8], issuer: &[u8]) -> bool {
    let read = |der: &[u8]| Some(Certificate::from_der(der).ok()?.tbs_certificate);
    read(certificate).zip(read(issuer)).is_some_and(|(certificate, issuer)| certificate.issuer == issuer.subject)
}

/// Serial number in lower-case hexadecimal.
pub(super) fn serial_of(certificate: &[u8]) -> Option<String> {
    let serial = Certificate::from_der(certificate).ok()?.tbs_certificate.serial_number;
    Some(data_encoding::HEXLOWER.encode(serial.as_bytes()))
}

/// Is this the key of the certificate?
pub(super) fn belongs(certificate: &[u8], key: &SigningKey) -> bool {
    let public = key.verifying_key().to_encoded_point(false);
    Certificate::from_der(certificate).is_ok_and(|certificate| {
        let info = certificate.tbs_certificate.subject_public_key_info;
        info.to_der().is_ok() && info.subject_public_key.raw_bytes() == public.as_bytes()
    })
}
