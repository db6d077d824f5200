//! Timestamps (dấu thời gian), RFC 3161: tokens made with the city's own key, answers to outside requests, and a
//! client for a licensed authority.

use ::cms::cert::CertificateChoices;
use ::cms::content_info::ContentInfo;
use der::asn1::{GeneralizedTime, Int, ObjectIdentifier, OctetString};
use der::{Any, Decode as _, Encode as _, Sequence};
use jiff::Timestamp;
use p256::elliptic_curve::rand_core::{OsRng, RngCore as _};
use sha2::{Digest as _, Sha256};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::{Algorithm, Digest, Evidence, Pending, SignError, Timestamper, cms, remote};

/// `TimeStampReq`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Request {
    version: u8,
    imprint: Imprint,
    #[asn1(optional = "true")]
    policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    certificate_wanted: bool,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    extensions: Option<Vec<Any>>,
}

/// `MessageImprint`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

impl Imprint {
    fn new(digest: &Digest) -> der::Result<Self> {
        Ok(Self { algorithm: cms::sha256(), digest: OctetString::new(digest.as_slice())? })
    }

    /// The digest, if it is SHA-256.
    fn sha256(&self) -> Option<Digest> {
        (self.algorithm.oid == cms::sha256().oid).then(|| self.digest.as_bytes().try_into().ok()).flatten()
    }
}

/// `TSTInfo`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Info {
    version: u8,
    policy: ObjectIdentifier,
    imprint: Imprint,
    serial: Int,
    /// `GeneralizedTime`; other authorities write fractions, which `der` does not read.
    time: Any,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    authority: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    extensions: Option<Vec<Any>>,
}

/// `Accuracy`, whole seconds: the token's time has no fraction.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Accuracy {
    #[asn1(optional = "true")]
    seconds: Option<u32>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    millis: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    micros: Option<u16>,
}

/// `TimeStampResp`.
#[derive(Clone, Debug, Sequence)]
struct Response {
    status: Status,
    #[asn1(optional = "true")]
    token: Option<ContentInfo>,
}

/// `PKIStatusInfo`: 0 granted, 1 granted with changes, 2 rejected.
#[derive(Clone, Debug, Sequence)]
struct Status {
    code: u8,
    #[asn1(optional = "true")]
    words: Option<Vec<Any>>,
    #[asn1(optional = "true")]
    failure: Option<der::asn1::BitString>,
}

/// The policy under which the city stamps: "any policy", as it has registered none of its own and claims none.
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");

/// A token over `digest`, signed by `sign` with the key of `chain`'s first certificate.
pub(crate) fn token(
    digest: &Digest,
    nonce: Option<Int>,
    now: Timestamp,
    chain: &[Vec<u8>],
    sign: impl FnOnce(Digest) -> Result<Vec<u8>, SignError>,
) -> Result<Vec<u8>, SignError> {
    let mut serial = [0; 16];
    OsRng.fill_bytes(&mut serial);
    // Positive and of full length.
    serial[0] = serial[0] & 0x3f | 0x40;
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let info = Info {
        version: 1,
        policy: POLICY,
        imprint: Imprint::new(digest)?,
        serial: Int::new(&serial)?,
        time: Any::encode_from(&GeneralizedTime::from_unix_duration(std::time::Duration::from_secs(seconds))?)?,
        accuracy: Some(Accuracy { seconds: Some(1), millis: None, micros: None }),
        ordering: false,
        nonce,
        authority: None,
        extensions: None,
    }
    .to_der()?;
    let leaf = chain.first().ok_or(SignError::Unsuitable("the timestamp authority has no certificate"))?;
    let attributes = cms::SignedAttributes::new(cms::TST_INFO, &Sha256::digest(&info).into(), leaf)?;
    let signature = sign(attributes.digest())?;
    cms::assemble(&cms::Parts {
        content: Some(&info),
        attributes,
        chain,
        algorithm: Algorithm::EcdsaSha256,
        signature: &signature,
        token: None,
    })
}

/// What an outside `TimeStampReq` asks for: digest and nonce; `None` if it is malformed or not SHA-256.
pub(crate) fn imprint_of_request(request: &[u8]) -> Option<(Digest, Option<Int>)> {
    let request = Request::from_der(request).ok()?;
    Some((request.imprint.sha256()?, request.nonce))
}

/// The `TimeStampResp` around a token, or a rejection.
pub(crate) fn response(token: Option<&[u8]>) -> Result<Vec<u8>, SignError> {
    let status = Status { code: if token.is_some() { 0 } else { 2 }, words: None, failure: None };
    let token = token.map(ContentInfo::from_der).transpose()?;
    Ok(Response { status, token }.to_der()?)
}

/// A licensed timestamp authority over HTTP (RFC 3161, 3.4).
pub struct RemoteTimestamper {
    http: reqwest::Client,
    url: String,
    /// Certificates of the last token: what its evidence is about.
    seen: std::sync::Mutex<Vec<Vec<u8>>>,
}

impl RemoteTimestamper {
    /// `url` takes `application/timestamp-query` by POST.
    pub fn new(http: reqwest::Client, url: impl Into<String>) -> Self {
        Self { http, url: url.into(), seen: std::sync::Mutex::default() }
    }

    async fn ask(&self, digest: Digest) -> Result<Vec<u8>, SignError> {
        let mut nonce = [0; 8];
        OsRng.fill_bytes(&mut nonce);
        nonce[0] = nonce[0] & 0x3f | 0x40;
        let nonce = Int::new(&nonce)?;
        let request = Request {
            version: 1,
            imprint: Imprint::new(&digest)?,
            policy: None,
            nonce: Some(nonce.clone()),
            certificate_wanted: true,
            extensions: None,
        };
        let call =
            self.http.post(&self.url).header("content-type", "application/timestamp-query").body(request.to_der()?);
        let answer = remote::bytes_of(call, &self.url).await?;
        let problem = |problem: &str| SignError::Provider { url: self.url.clone(), problem: problem.to_owned() };
        let answer = Response::from_der(&answer)?;
        let token = answer.token.filter(|_| answer.status.code <= 1).ok_or_else(|| problem("no timestamp granted"))?;
        let token = token.to_der()?;
        let data = cms::opened(&token)?;
        let content = data.encap_content_info.econtent.ok_or_else(|| problem("an empty timestamp"))?;
        let info = Info::from_der(content.value())?;
        if info.imprint.sha256() != Some(digest) || info.nonce != Some(nonce) {
            return Err(problem("a timestamp of something else"));
        }
        let mut certificates = Vec::new();
        for choice in data.certificates.iter().flat_map(|set| set.0.iter()) {
            if let CertificateChoices::Certificate(certificate) = choice {
                certificates.push(certificate.to_der()?);
            }
        }
        *self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = certificates;
        Ok(token)
    }
}

impl Timestamper for RemoteTimestamper {
    fn stamp(&self, digest: Digest, _now: Timestamp) -> Pending<'_, Vec<u8>> {
        Box::pin(self.ask(digest))
    }

    fn evidence(&self, _now: Timestamp) -> Pending<'_, Evidence> {
        Box::pin(async move {
            let certificates = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
            remote::evidence_of(&self.http, certificates).await
        })
    }
}
