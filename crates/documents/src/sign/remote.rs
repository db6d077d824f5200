//! A licensed provider of remote signatures (nhà cung cấp dịch vụ ký số từ xa) by the API of the Cloud Signature
//! Consortium, version 2: the key stays with the provider, who receives a digest and returns a signature.

use std::time::Duration;

use data_encoding::BASE64;
use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use x509_cert::Certificate;
use x509_cert::ext::pkix::CrlDistributionPoints;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};

use super::{Algorithm, Digest, Evidence, Pending, SignError, Signer};

pub(crate) const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
const RSA_SHA256: &str = "1.2.840.113549.1.1.11";
/// A person may have to confirm on a telephone.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Answers are read to this size: revocation lists of national authorities are the largest.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Where the provider is and which key is ours.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Base address, such as `https://ca.example.vn/csc/v2`.
    pub url: String,
    /// The `credentialID` of the organisation's or leader's key.
    pub credential: String,
    /// Bearer token of the service account.
    pub token: String,
    /// PIN that authorises the credential, where the provider wants one.
    #[serde(default)]
    pub pin: Option<String>,
}

/// A key at a provider.
pub struct Remote {
    http: reqwest::Client,
    settings: Settings,
    chain: Vec<Vec<u8>>,
    algorithm: Algorithm,
}

#[derive(Deserialize)]
struct CredentialInfo {
    cert: CredentialCertificates,
    key: CredentialKey,
}

#[derive(Deserialize)]
struct CredentialCertificates {
    certificates: Vec<String>,
}

#[derive(Deserialize)]
struct CredentialKey {
    algo: Vec<String>,
}

#[derive(Deserialize)]
struct Authorised {
    #[serde(rename = "SAD")]
    sad: String,
}

#[derive(Deserialize)]
struct Signatures {
    signatures: Vec<String>,
}

impl Remote {
    /// Asks the provider for the certificates of the credential (`credentials/info`).
    pub async fn connect(http: reqwest::Client, settings: Settings) -> Result<Self, SignError> {
        let body = json!({ "credentialID": settings.credential, "certificates": "chain", "certInfo": false });
        let info: CredentialInfo = call(&http, &settings, "credentials/info", &body).await?;
        let chain = info.cert.certificates.iter().map(|encoded| decoded(&settings, encoded));
        let chain = chain.collect::<Result<Vec<_>, _>>()?;
        let neither = || problem(&settings.url, "the credential offers neither ECDSA nor RSA with SHA-256");
        let algorithm = algorithm_of(&info.key.algo).ok_or_else(neither)?;
        Ok(Self { http, settings, chain, algorithm })
    }

    async fn sign_hash(&self, digest: Digest) -> Result<Vec<u8>, SignError> {
        let hash = BASE64.encode(&digest);
        let mut body = json!({
            "credentialID": self.settings.credential,
            "numSignatures": 1,
            "hashes": [hash],
            "hashAlgorithmOID": SHA256,
        });
        if let Some(pin) = &self.settings.pin {
            body["PIN"] = Value::from(pin.as_str());
        }
        let authorised: Authorised = call(&self.http, &self.settings, "credentials/authorize", &body).await?;
        let body = json!({
            "credentialID": self.settings.credential,
            "SAD": authorised.sad,
            "hashes": [hash],
            "hashAlgorithmOID": SHA256,
            "signAlgo": oid_of(self.algorithm),
        });
        let answer: Signatures = call(&self.http, &self.settings, "signatures/signHash", &body).await?;
        let [signature] = answer.signatures.as_slice() else {
            return Err(problem(&self.settings.url, "not exactly one signature came back"));
        };
        let signature = decoded(&self.settings, signature)?;
        Ok(match self.algorithm {
            Algorithm::EcdsaSha256 => as_der(signature),
            Algorithm::RsaSha256 => signature,
        })
    }
}

/// Which of the algorithms understood here a credential offers. The key's own type is offered by some providers in place
/// of the signature algorithm.
pub(crate) fn algorithm_of(offered: &[String]) -> Option<Algorithm> {
    let offers = |oid: &[&str]| offered.iter().any(|offered| oid.contains(&offered.as_str()));
    if offers(&[ECDSA_SHA256, "1.2.840.10045.2.1"]) {
        Some(Algorithm::EcdsaSha256)
    } else if offers(&[RSA_SHA256, "1.2.840.113549.1.1.1"]) {
        Some(Algorithm::RsaSha256)
    } else {
        None
    }
}

/// Its object identifier, as `signAlgo` names it.
pub(crate) const fn oid_of(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EcdsaSha256 => ECDSA_SHA256,
        Algorithm::RsaSha256 => RSA_SHA256,
    }
}

/// Some providers return the two numbers of ECDSA side by side rather than in DER.
pub(crate) fn as_der(signature: Vec<u8>) -> Vec<u8> {
    match p256::ecdsa::Signature::from_slice(&signature) {
        Ok(plain) if p256::ecdsa::Signature::from_der(&signature).is_err() => plain.to_der().as_bytes().to_vec(),
        _ => signature,
    }
}

impl Signer for Remote {
    fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign(&self, digest: Digest) -> Pending<'_, Vec<u8>> {
        Box::pin(self.sign_hash(digest))
    }

    fn evidence(&self, _now: Timestamp) -> Pending<'_, Evidence> {
        Box::pin(evidence_of(&self.http, self.chain.clone()))
    }
}

fn problem(url: &str, problem: impl Into<String>) -> SignError {
    SignError::Provider { url: url.to_owned(), problem: problem.into() }
}

fn decoded(settings: &Settings, base64: &str) -> Result<Vec<u8>, SignError> {
    BASE64.decode(base64.as_bytes()).map_err(|_| problem(&settings.url, "an answer is not base64"))
}

async fn call<T: DeserializeOwned>(
    http: &reqwest::Client,
    settings: &Settings,
    method: &str,
    body: &Value,
) -> Result<T, SignError> {
    let url = format!("{}/{method}", settings.url.trim_end_matches('/'));
    let answer = bytes_of(http.post(&url).bearer_auth(&settings.token).json(body), &url).await?;
    serde_json::from_slice(&answer).map_err(|error| problem(&url, format!("an answer of another shape, {error}")))
}

/// Sends a request and reads a successful answer, bounded in size and time.
pub(super) async fn bytes_of(request: reqwest::RequestBuilder, url: &str) -> Result<Vec<u8>, SignError> {
    let failed = |error: reqwest::Error| problem(url, error.without_url().to_string());
    let mut answer = request.timeout(TIMEOUT).send().await.map_err(failed)?;
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(problem(url, format!("an answer of more than {ANSWER_BYTES_MAX} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    if status.is_success() {
        Ok(body)
    } else {
        let words: String = String::from_utf8_lossy(&body).chars().take(200).collect();
        Err(problem(url, format!("status {status}, {words}")))
    }
}

/// The chain with the revocation lists its certificates point to.
pub(crate) async fn evidence_of(http: &reqwest::Client, chain: Vec<Vec<u8>>) -> Result<Evidence, SignError> {
    let mut evidence = Evidence::default();
    for der in chain {
        for url in crl_addresses(&der)? {
            let crl = bytes_of(http.get(&url), &url).await?;
            // A list that cannot be read would spoil the whole store.
            let crl = x509_cert::crl::CertificateList::from_der(&crl)?.to_der()?;
            evidence.merge(Evidence { certificates: Vec::new(), crls: vec![crl] });
        }
        evidence.merge(Evidence { certificates: vec![der], crls: Vec::new() });
    }
    Ok(evidence)
}

fn crl_addresses(certificate: &[u8]) -> Result<Vec<String>, SignError> {
    let certificate = Certificate::from_der(certificate)?;
    let Some((_, points)) = certificate.tbs_certificate.get::<CrlDistributionPoints>()? else {
        return Ok(Vec::new());
    };
    let names = points.0.into_iter().filter_map(|point| match point.distribution_point {
        Some(DistributionPointName::FullName(names)) => Some(names),
        _ => None,
    });
    // One address a point is enough: the others are the same list elsewhere.
    let first = names.filter_map(|names| {
        names.into_iter().find_map(|name| match name {
            GeneralName::UniformResourceIdentifier(uri) if uri.as_str().starts_with("http") => Some(uri.to_string()),
            _ => None,
        })
    });
    Ok(first.collect())
}
