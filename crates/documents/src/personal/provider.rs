//! A licensed provider of remote signatures for people (CSC API v2): digest out, signature in. The key stays with the
//! provider, and its holder confirms on their telephone; so the request is asynchronous (`operationMode` `A`) and is
//! asked after (`signatures/signPolling`).
//!
//! Section `[personal_signing]`: `url` (`https://ca.example.vn/csc/v2`), `token_file` or `token` of the service account,
//! and for a demonstration `phone`, the page that plays the telephone. Without the section nobody can sign here.

use std::path::PathBuf;
use std::time::Duration;

use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::Cx;
use songhan_base::Internal;

use crate::sign::{Algorithm, Digest, remote};

/// Nobody waits for it: a person confirms later.
const TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_BYTES_MAX: usize = 256 * 1024;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Section {
    url: Option<String>,
    token: Option<String>,
    token_file: Option<PathBuf>,
    phone: Option<String>,
}

/// The provider as it is configured.
pub struct Provider {
    http: reqwest::Client,
    url: String,
    token: String,
    /// Where the telephone of a demonstration is.
    pub phone: Option<String>,
}

/// Someone's key at the provider.
pub struct Credential {
    pub id: String,
    /// Certificates in DER, the signer's first.
    pub chain: Vec<Vec<u8>>,
    pub algorithm: Algorithm,
}

/// What has become of a request.
pub enum Answer {
    Waiting,
    Confirmed(Vec<u8>),
    Declined,
    Expired,
}

/// Why the provider could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error("the provider of signatures does not answer as agreed: {0}")]
    Failed(String),
    #[error("the provider of signatures knows no key of this person")]
    NoCredential,
}

impl Provider {
    /// `None` where nothing is configured.
    pub async fn of(cx: &Cx) -> Result<Option<Self>, Internal> {
        let section: Section = cx.config.section("personal_signing").map_err(Internal::new)?;
        let Some(url) = section.url else { return Ok(None) };
        let token = match (section.token, section.token_file) {
            (Some(token), _) => token,
            (None, Some(file)) => tokio::fs::read_to_string(&file).await.map_err(Internal::new)?.trim().to_owned(),
            (None, None) => {
                return Err(Internal::new("configuration section [personal_signing]: write token_file beside url"));
            }
        };
        let builder = reqwest::Client::builder().timeout(TIMEOUT);
        // A stand-in beside us: no authorities to read.
        let builder = if url.starts_with("http://") { builder.tls_certs_only([]) } else { builder };
        let http = builder.build().map_err(Internal::new)?;
        Ok(Some(Self { http, url: url.trim_end_matches('/').to_owned(), token, phone: section.phone }))
    }

    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The key of a person, by the number of their identity.
    pub async fn credential(&self, user: &str, name: &str) -> Result<Credential, ProviderError> {
        let listed = self.call("credentials/list", &json!({ "userID": user, "clientData": name })).await?;
        let id = listed["credentialIDs"][0].as_str().ok_or(ProviderError::NoCredential)?.to_owned();
        let body = json!({ "credentialID": id, "certificates": "chain", "certInfo": false });
        let info = self.call("credentials/info", &body).await?;
        let strange = |what: &str| ProviderError::Failed(format!("credentials/info: {what}"));
        let encoded = info["cert"]["certificates"].as_array().ok_or_else(|| strange("no certificates"))?;
        let chain = encoded.iter().map(|one| BASE64.decode(one.as_str().unwrap_or_default().as_bytes()).ok());
        let chain = chain.collect::<Option<Vec<_>>>().filter(|chain| !chain.is_empty());
        let offered: Vec<String> = serde_json::from_value(info["key"]["algo"].clone()).unwrap_or_default();
        Ok(Credential {
            id,
            chain: chain.ok_or_else(|| strange("unreadable certificates"))?,
            algorithm: remote::algorithm_of(&offered).ok_or_else(|| strange("neither ECDSA nor RSA with SHA-256"))?,
        })
    }

    /// Asks the holder of a key for a signature; the words and the code appear on their telephone. Answers the request.
    pub async fn ask(
        &self,
        credential: &Credential,
        digest: Digest,
        (words, code): (&str, &str),
    ) -> Result<String, ProviderError> {
        let body = json!({
            "credentialID": credential.id,
            "hashes": [BASE64.encode(&digest)],
            "hashAlgorithmOID": remote::SHA256,
            "signAlgo": remote::oid_of(credential.algorithm),
            "operationMode": "A",
            "clientData": json!({ "document": words, "code": code }).to_string(),
        });
        let answer = self.call("signatures/signHash", &body).await?;
        let reference = answer["responseID"].as_str().filter(|id| !id.is_empty() && id.len() <= 200);
        reference.map(str::to_owned).ok_or_else(|| ProviderError::Failed("signHash: no responseID".to_owned()))
    }

    /// What has become of a request; the same answer as often as it is asked.
    pub async fn look(&self, credential: &str, algorithm: Algorithm, reference: &str) -> Result<Answer, ProviderError> {
        let body = json!({ "credentialID": credential, "responseID": reference });
        let (status, answer) = self.post("signatures/signPolling", &body).await?;
        match (status, answer["error"].as_str()) {
            (200, None) => match answer["signatures"][0].as_str() {
                None => Ok(Answer::Waiting),
                Some(encoded) => {
                    let signature = BASE64.decode(encoded.as_bytes());
                    let signature =
                        signature.map_err(|_| ProviderError::Failed("signPolling: no base64".to_owned()))?;
                    Ok(Answer::Confirmed(match algorithm {
                        Algorithm::EcdsaSha256 => remote::as_der(signature),
                        Algorithm::RsaSha256 => signature,
                    }))
                }
            },
            (202, _) => Ok(Answer::Waiting),
            (400, Some("access_denied")) => Ok(Answer::Declined),
            (400, Some("expired_request")) => Ok(Answer::Expired),
            (status, error) => Err(ProviderError::Failed(format!("signPolling: status {status}, {error:?}"))),
        }
    }

    async fn call(&self, method: &str, body: &Value) -> Result<Value, ProviderError> {
        match self.post(method, body).await? {
            (200, answer) => Ok(answer),
            (status, answer) => Err(ProviderError::Failed(format!("{method}: status {status}, {}", answer["error"]))),
        }
    }

    async fn post(&self, method: &str, body: &Value) -> Result<(u16, Value), ProviderError> {
        let failed = |error: reqwest::Error| ProviderError::Failed(format!("{method}: {}", error.without_url()));
        let url = format!("{}/{method}", self.url);
        let mut answer = self.http.post(url).bearer_auth(&self.token).json(body).send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(ProviderError::Failed(format!("{method}: the answer is too large")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }
}

/// What a demonstration is configured with: the stand-in as machines reach it, and as people do.
pub fn demo_sections(machine: &str, people: &str) -> [(String, Value); 1] {
    let section = json!({ "url": format!("{machine}/sign/csc/v2"), "token": "mo-phong-khong-ky-that",
        "phone": format!("{people}/sign/phone") });
    [("personal_signing".to_owned(), section)]
}
