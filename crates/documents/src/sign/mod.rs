//! Signatures that last: PAdES B-B to B-LTA (ETSI EN 319 142-1, [`Level`]) as incremental updates, so that several
//! people may sign one paper and each signature keeps covering what its signer saw; renewed ([`archive`]) before what
//! proves them ends.
//!
//! Who holds the key is behind [`Signer`]: the city's own authority ([`crate::authority`]) or a licensed provider
//! over HTTP ([`remote`]). Who says when is behind [`Timestamper`]. Both are asked for a digest only, never for the
//! document.

mod archive;
mod cms;
mod dss;
mod pdf;
pub mod remote;
mod tsp;

use std::future::Future;
use std::pin::Pin;

use der::Decode as _;
use jiff::Timestamp;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;

pub use archive::{Held, archive, held};
use dss::preserve;
pub(crate) use remote::evidence_of as published;
pub use tsp::RemoteTimestamper;
pub(crate) use tsp::{imprint_of_request, response, token};

/// Room in a signature beside its certificates: attributes, the signature itself (RSA 4096 included), framing.
const CMS_ROOM: usize = 2 * 1024;
/// Room for a timestamp token with its chain: licensed authorities send up to three RSA certificates.
const TOKEN_ROOM: usize = 8 * 1024;

/// SHA-256, the one digest used here.
pub type Digest = [u8; 32];

/// What an asynchronous port returns.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, SignError>> + Send + 'a>>;

/// Signature algorithms understood from a provider; the city's own keys are P-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA with SHA-256.
    EcdsaSha256,
    /// RSA (PKCS #1 v1.5) with SHA-256.
    RsaSha256,
}

/// Holder of a signing key (người ký, cơ quan ký).
pub trait Signer: Send + Sync {
    /// Certificates in DER: the signer's own first, the root last.
    fn chain(&self) -> &[Vec<u8>];
    /// How it signs.
    fn algorithm(&self) -> Algorithm;
    /// The signature over a SHA-256 digest: DER `Ecdsa-Sig-Value`, or the RSA signature's bytes.
    fn sign(&self, digest: Digest) -> Pending<'_, Vec<u8>>;
    /// What a verifier will need when the certificates are long gone.
    fn evidence(&self, now: Timestamp) -> Pending<'_, Evidence>;
}

/// Timestamp authority (dịch vụ cấp dấu thời gian), RFC 3161.
pub trait Timestamper: Send + Sync {
    /// A `TimeStampToken` in DER over this digest.
    fn stamp(&self, digest: Digest, now: Timestamp) -> Pending<'_, Vec<u8>>;
    /// What a verifier will need for the token.
    fn evidence(&self, now: Timestamp) -> Pending<'_, Evidence>;
    /// Bytes to keep free for a token with its chain.
    fn room(&self) -> usize {
        TOKEN_ROOM
    }
}

/// Certificates and revocation lists, both DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Certificates of every chain involved.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists that cover them.
    pub crls: Vec<Vec<u8>>,
}

impl Evidence {
    /// Adds what the other has and this lacks.
    pub fn merge(&mut self, other: Evidence) {
        for certificate in other.certificates {
            if !self.certificates.contains(&certificate) {
                self.certificates.push(certificate);
            }
        }
        for crl in other.crls {
            if !self.crls.contains(&crl) {
                self.crls.push(crl);
            }
        }
    }
}

/// How long a signature can be verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// PAdES B-B: as long as the certificate is valid.
    Basic,
    /// PAdES B-T: it existed at a proven time.
    Timestamped,
    /// PAdES B-LT: with all evidence inside; needs no network and no authority to verify.
    LongTerm,
    /// PAdES B-LTA: and a timestamp over the evidence, which proves that it is of that time when its certificates have
    /// long ended. For the last signature of a paper: it covers those before.
    Archival,
}

/// What the signature looks like on the page.
#[derive(Debug, Clone)]
pub struct Appearance<'a> {
    /// Page, from 1.
    pub page: u32,
    /// Left, bottom, right, top in points; the drawing is scaled to fit.
    pub rect: [f32; 4],
    /// A one-page PDF with the drawing.
    pub drawing: &'a [u8],
}

/// What to write into the signature.
#[derive(Debug, Clone)]
pub struct SignRequest<'a> {
    /// Name of the field, such as `signature` or `seal`; a number is added if the paper has it already.
    pub field: &'a str,
    /// Lý do ký.
    pub reason: &'a str,
    /// Địa danh.
    pub location: Option<&'a str>,
    /// `None`: an invisible signature.
    pub appearance: Option<Appearance<'a>>,
    /// How long it must be verifiable.
    pub level: Level,
}

/// Why a paper could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// Not a PDF that can be added to.
    #[error("could not read the PDF to sign: {0}")]
    Pdf(#[from] lopdf::Error),
    /// A PDF without the parts a signature needs.
    #[error("could not sign the PDF: {0}")]
    Unsuitable(&'static str),
    /// Malformed certificate, token or list.
    #[error("could not read or write a certificate, signature or timestamp: {0}")]
    Asn1(#[from] der::Error),
    /// The signature with its certificates is larger than the room reserved in the file.
    #[error("could not sign the PDF: the signature takes {bytes} bytes of {bytes_max}, shorten the provider's chain")]
    TooLarge {
        /// Needed.
        bytes: usize,
        /// Reserved.
        bytes_max: usize,
    },
    /// The level asks for a timestamp and there is no authority for it.
    #[error("could not sign the PDF: this level needs a timestamp authority, configure one or choose the basic level")]
    NoTimestamper,
    /// The signer or timestamp authority is outside, and did not answer as agreed.
    #[error("could not get a signature or timestamp from {url}: {problem}")]
    Provider {
        /// Where.
        url: String,
        /// What went wrong.
        problem: String,
    },
    /// What came back does not verify with the signer's own certificate.
    #[error(
        "could not sign the PDF: the signature received does not match the signer's certificate, check the provider's credential"
    )]
    Mismatch,
    /// The signer's certificate is on the list of its own authority.
    #[error(
        "could not sign the PDF: the signer's certificate was revoked, let the authority issue a new one and sign again"
    )]
    Revoked,
    /// The city's own authority.
    #[error(transparent)]
    Authority(#[from] Box<crate::authority::AuthorityError>),
}

/// Signs a PDF and returns it with the signature appended; the bytes given stay as they are.
pub async fn sign(
    document: &[u8],
    request: &SignRequest<'_>,
    signer: &dyn Signer,
    timestamper: Option<&dyn Timestamper>,
    now: Timestamp,
) -> Result<Vec<u8>, SignError> {
    let begun = begin(document, request, signer.chain(), timestamper, now)?;
    let signature = signer.sign(begun.digest()).await?;
    finish(begun, signer, &signature, timestamper, now).await
}

/// A PDF with everything but the signature, for a signer who takes their time.
pub struct Begun {
    reserved: pdf::Reserved,
    attributes: cms::SignedAttributes,
    level: Level,
}

impl Begun {
    /// What the holder of the key signs. The same document, request, certificates and moment give the same again.
    pub fn digest(&self) -> Digest {
        self.attributes.digest()
    }
}

/// Prepares a signature by whoever has these certificates; `at` is the moment that the signature claims.
pub fn begin(
    document: &[u8],
    request: &SignRequest<'_>,
    chain: &[Vec<u8>],
    timestamper: Option<&dyn Timestamper>,
    at: Timestamp,
) -> Result<Begun, SignError> {
    let timestamper = stamping(request.level, timestamper)?;
    let certificates: usize = chain.iter().map(Vec::len).sum();
    let room = certificates + CMS_ROOM + timestamper.map_or(0, Timestamper::room);
    let reserved = pdf::reserve(document, request, room, at)?;
    let leaf = chain.first().ok_or(SignError::Unsuitable("the signer has no certificate"))?;
    let attributes = cms::SignedAttributes::new(cms::DATA, &reserved.digest(), leaf)?;
    Ok(Begun { reserved, attributes, level: request.level })
}

/// Puts the signature in, with what its level asks for as of now.
pub async fn finish(
    begun: Begun,
    signer: &dyn Signer,
    signature: &[u8],
    timestamper: Option<&dyn Timestamper>,
    now: Timestamp,
) -> Result<Vec<u8>, SignError> {
    let Begun { reserved, attributes, level } = begun;
    let timestamper = stamping(level, timestamper)?;
    let leaf = signer.chain().first().ok_or(SignError::Unsuitable("the signer has no certificate"))?;
    verified(leaf, signer.algorithm(), attributes.digest(), signature)?;
    let token = match timestamper {
        Some(authority) => Some(authority.stamp(Sha256::digest(signature).into(), now).await?),
        None => None,
    };
    let content = cms::assemble(&cms::Parts {
        content: None,
        attributes,
        chain: signer.chain(),
        algorithm: signer.algorithm(),
        signature,
        token: token.as_deref(),
    })?;
    let signed = reserved.fill(&content)?;
    match timestamper {
        Some(authority) if level >= Level::LongTerm => {
            let mut evidence = signer.evidence(now).await?;
            if is_revoked(leaf, &evidence)? {
                return Err(SignError::Revoked);
            }
            evidence.merge(authority.evidence(now).await?);
            let kept = preserve(&signed, &evidence)?;
            if level == Level::Archival { archive::stamp(&kept, authority, now).await } else { Ok(kept) }
        }
        _ => Ok(signed),
    }
}

/// Whether a PDF can be signed: it can be read, and added to.
pub fn can_be_added_to(document: &[u8]) -> bool {
    pdf::load(document).is_ok_and(|document| !document.get_pages().is_empty())
}

/// The timestamp authority, where the level asks for one.
fn stamping(level: Level, timestamper: Option<&dyn Timestamper>) -> Result<Option<&dyn Timestamper>, SignError> {
    match (level, timestamper) {
        (Level::Basic, _) => Ok(None),
        (_, None) => Err(SignError::NoTimestamper),
        (_, some) => Ok(some),
    }
}

/// A wrong signature must not reach a paper. RSA is left to the verifier: no RSA code is linked here.
fn verified(leaf: &[u8], algorithm: Algorithm, digest: Digest, signature: &[u8]) -> Result<(), SignError> {
    if algorithm != Algorithm::EcdsaSha256 {
        return Ok(());
    }
    let certificate = Certificate::from_der(leaf)?;
    let key = certificate.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes();
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| SignError::Mismatch)?;
    let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| SignError::Mismatch)?;
    key.verify_prehash(&digest, &signature).map_err(|_| SignError::Mismatch)
}

/// Whether a list of the certificate's issuer names it.
fn is_revoked(certificate: &[u8], evidence: &Evidence) -> Result<bool, SignError> {
    let certificate = Certificate::from_der(certificate)?.tbs_certificate;
    for crl in &evidence.crls {
        let list = x509_cert::crl::CertificateList::from_der(crl)?.tbs_cert_list;
        let named = list.revoked_certificates.iter().flatten();
        if list.issuer == certificate.issuer
            && named.into_iter().any(|revoked| revoked.serial_number == certificate.serial_number)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests;
