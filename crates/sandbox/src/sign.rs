//! A stand-in for a licensed provider of remote signatures, after the API of the Cloud Signature Consortium (version 2):
//! it keeps people's keys, takes digests, and plays the telephone on which they confirm. Its certificates say that they
//! are a simulation; nobody should trust them.
//!
//! Whoever is asked about gets a key. A number ending in 99 has none.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use data_encoding::BASE64;
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::ecdsa::{Signature, SigningKey};
use pkcs8::EncodePrivateKey as _;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint, DnType, IsCa, Issuer,
    KeyIdMethod, KeyPair, KeyUsagePurpose, SerialNumber,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Sandbox;
use crate::page::{page, refusal, rows, text};

/// The service account of the demonstration's city; everyone knows it.
const TOKEN: &str = "mo-phong-khong-ky-that";
const TERM: SignedDuration = SignedDuration::from_mins(10);
/// A stand-in that runs for months must not grow.
const KEPT: usize = 500;

/// Keys, and what was asked of them.
pub struct Provider {
    authority: Option<Authority>,
    kept: Mutex<Kept>,
}

struct Authority {
    der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

#[derive(Default)]
struct Kept {
    keys: HashMap<String, Key>,
    requests: Vec<Asked>,
}

struct Key {
    name: String,
    secret: SigningKey,
    certificate: Option<Vec<u8>>,
}

struct Asked {
    id: String,
    credential: String,
    digest: [u8; 32],
    document: String,
    code: String,
    state: Given,
    expires_at: Timestamp,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Waiting,
    Confirmed,
    Declined,
}

impl Provider {
    pub fn new(now: Timestamp) -> Self {
        Self { authority: authority(now), kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn new_key() -> SigningKey {
    SigningKey::random(&mut p256::elliptic_curve::rand_core::OsRng)
}

fn pair(key: &SigningKey) -> Option<KeyPair> {
    KeyPair::try_from(key.to_pkcs8_der().ok()?.as_bytes()).ok()
}

fn moment(at: Timestamp) -> Option<time::OffsetDateTime> {
    time::OffsetDateTime::from_unix_timestamp(at.as_second()).ok()
}

fn parameters(name: &str, days: i64, now: Timestamp) -> Option<CertificateParams> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CountryName, "VN");
    parameters.distinguished_name.push(DnType::OrganizationName, "Nhà cung cấp chữ ký số mô phỏng");
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.not_before = moment(now - SignedDuration::from_hours(1))?;
    parameters.not_after = moment(now + SignedDuration::from_hours(24 * days))?;
    parameters.use_authority_key_identifier_extension = true;
    Some(parameters)
}

fn authority(now: Timestamp) -> Option<Authority> {
    let key = new_key();
    let mut parameters = parameters("Chứng thư gốc mô phỏng", 3650, now)?;
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let certificate = parameters.self_signed(&pair(&key)?).ok()?;
    Some(Authority { der: certificate.der().to_vec(), issuer: Issuer::new(parameters, pair(&key)?) })
}

/// The certificate of a person; `host` is where the list of revocations will be asked for.
fn certify(authority: &Authority, key: &Key, serial: &str, host: &str, now: Timestamp) -> Option<Vec<u8>> {
    let mut parameters = parameters(&key.name, 730, now)?;
    parameters.serial_number = Some(SerialNumber::from_slice(&serial.as_bytes()[..serial.len().min(16)]));
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    let uri = format!("http://{host}/sign/ca.crl");
    parameters.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![uri] }];
    Some(parameters.signed_by(&pair(&key.secret)?, &authority.issuer).ok()?.der().to_vec())
}

/// What was revoked: nothing, freshly signed.
pub async fn revoked(State(sandbox): State<Arc<Sandbox>>) -> Response {
    let now = sandbox.env.now();
    let list = sandbox.sign.authority.as_ref().and_then(|authority| {
        let parameters = CertificateRevocationListParams {
            this_update: moment(now)?,
            next_update: moment(now + SignedDuration::from_hours(24 * 7))?,
            crl_number: SerialNumber::from(u64::try_from(now.as_microsecond()).unwrap_or_default()),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Some(parameters.signed_by(&authority.issuer).ok()?.der().to_vec())
    });
    match list {
        Some(list) => ([(header::CONTENT_TYPE, "application/pkix-crl")], list).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn wrong(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}

/// One method of the provider's API.
pub async fn call(
    State(sandbox): State<Arc<Sandbox>>,
    Path((group, method)): Path<(String, String)>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if bearer != Some(&format!("Bearer {TOKEN}")) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_token" }))).into_response();
    }
    let Ok(body) = serde_json::from_str::<Value>(&body) else { return wrong("invalid_request") };
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("127.0.0.1");
    match (group.as_str(), method.as_str()) {
        ("credentials", "list") => list(&sandbox, &body),
        ("credentials", "info") => info(&sandbox, &body, host),
        ("signatures", "signHash") => sign(&sandbox, &body),
        ("signatures", "signPolling") => poll(&sandbox, &body),
        _ => wrong("invalid_request"),
    }
}

fn list(sandbox: &Sandbox, body: &Value) -> Response {
    let user = body["userID"].as_str().unwrap_or_default();
    if user.is_empty() || user.ends_with("99") {
        return Json(json!({ "credentialIDs": [] })).into_response();
    }
    let mut kept = sandbox.sign.kept();
    if kept.keys.len() < KEPT || kept.keys.contains_key(user) {
        let name = body["clientData"].as_str().unwrap_or("Người ký mô phỏng").to_owned();
        kept.keys.entry(user.to_owned()).or_insert_with(|| Key { name, secret: new_key(), certificate: None });
    }
    Json(json!({ "credentialIDs": [user] })).into_response()
}

fn info(sandbox: &Sandbox, body: &Value, host: &str) -> Response {
    let Some(authority) = &sandbox.sign.authority else { return wrong("server_error") };
    let mut kept = sandbox.sign.kept();
    let Some(key) = kept.keys.get_mut(body["credentialID"].as_str().unwrap_or_default()) else {
        return wrong("invalid_request");
    };
    if key.certificate.is_none() {
        let serial = sandbox.env.secret::<12>();
        key.certificate = certify(authority, key, &serial, host, sandbox.env.now());
    }
    let Some(certificate) = &key.certificate else { return wrong("server_error") };
    Json(json!({
        "key": { "status": "enabled", "algo": ["1.2.840.10045.4.3.2"], "len": 256 },
        "cert": { "status": "valid", "certificates": [BASE64.encode(certificate), BASE64.encode(&authority.der)] },
        "multisign": 1,
    }))
    .into_response()
}

fn sign(sandbox: &Sandbox, body: &Value) -> Response {
    let hash = BASE64.decode(body["hashes"][0].as_str().unwrap_or_default().as_bytes()).ok();
    let Some(digest) = hash.and_then(|hash| <[u8; 32]>::try_from(hash).ok()) else { return wrong("invalid_request") };
    let said: Value = serde_json::from_str(body["clientData"].as_str().unwrap_or("{}")).unwrap_or_default();
    let credential = body["credentialID"].as_str().unwrap_or_default().to_owned();
    let mut kept = sandbox.sign.kept();
    if body["operationMode"] != "A" || !kept.keys.contains_key(&credential) {
        return wrong("invalid_request");
    }
    if kept.requests.len() >= KEPT {
        kept.requests.remove(0);
    }
    let id = sandbox.env.secret::<16>();
    kept.requests.push(Asked {
        id: id.clone(),
        credential,
        digest,
        document: said["document"].as_str().unwrap_or_default().to_owned(),
        code: said["code"].as_str().unwrap_or_default().to_owned(),
        state: Given::Waiting,
        expires_at: sandbox.env.now() + TERM,
    });
    Json(json!({ "responseID": id })).into_response()
}

fn poll(sandbox: &Sandbox, body: &Value) -> Response {
    let kept = sandbox.sign.kept();
    let asked = kept.requests.iter().find(|asked| body["responseID"] == asked.id.as_str());
    let Some(asked) = asked else { return wrong("expired_request") };
    let signed = || -> Option<String> {
        let signature: Signature = kept.keys.get(&asked.credential)?.secret.sign_prehash(&asked.digest).ok()?;
        Some(BASE64.encode(signature.to_der().as_bytes()))
    };
    match asked.state {
        Given::Declined => wrong("access_denied"),
        Given::Waiting if asked.expires_at <= sandbox.env.now() => wrong("expired_request"),
        Given::Waiting => (StatusCode::ACCEPTED, Json(json!({}))).into_response(),
        Given::Confirmed => match signed() {
            Some(signature) => Json(json!({ "signatures": [signature] })).into_response(),
            None => wrong("server_error"),
        },
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    done: String,
}

/// The telephone: what waits for somebody's word, the newest first.
pub async fn phone(State(sandbox): State<Arc<Sandbox>>, Query(shown): Query<Shown>) -> Html<String> {
    let now = sandbox.env.now();
    let kept = sandbox.sign.kept();
    let waiting = kept.requests.iter().rev().filter(|one| one.state == Given::Waiting && one.expires_at > now);
    let cards: String = waiting
        .map(|asked| {
            let who = kept.keys.get(&asked.credential).map_or(String::new(), |key| key.name.clone());
            let facts = rows(&[
                ("Văn bản / Document", asked.document.clone()),
                ("Người ký / Signer", who),
                ("Mã đối chiếu / Code", asked.code.clone()),
            ]);
            let id = text(&asked.id);
            format!(
                "<section><form method=\"post\" action=\"/sign/phone/{id}\">{facts}\
                 <button name=\"answer\" value=\"confirm\">Xác nhận ký / Confirm</button>\
                 <button class=\"plain\" name=\"answer\" value=\"decline\">Từ chối / Decline</button></form></section>"
            )
        })
        .collect();
    let said = match shown.done.as_str() {
        "confirm" => {
            "<p class=\"good\">Đã ký. Hãy quay lại cổng dịch vụ công.<span lang=\"en\">Signed. Go back to the portal.</span></p>"
        }
        "decline" => "<p class=\"bad\">Đã từ chối.<span lang=\"en\">Declined.</span></p>",
        _ => "",
    };
    let none = if cards.is_empty() {
        "<p>Không có yêu cầu nào.<span lang=\"en\">Nothing to sign.</span></p>"
    } else {
        ""
    };
    page(
        "Điện thoại / Telephone",
        &format!("<h1>Xác nhận ký số <span lang=\"en\">Confirm a signature</span></h1>{said}{cards}{none}"),
    )
}

#[derive(Deserialize)]
pub struct Word {
    answer: String,
}

/// The holder's word.
pub async fn answer(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>, body: String) -> Response {
    let Ok(word) = serde_html_form::from_str::<Word>(&body) else {
        return refusal("Không đọc được.", "Unreadable.").into_response();
    };
    let now = sandbox.env.now();
    let mut kept = sandbox.sign.kept();
    let found = kept.requests.iter_mut().find(|asked| asked.id == id && asked.expires_at > now);
    let Some(asked) = found.filter(|asked| asked.state == Given::Waiting) else {
        return refusal("Yêu cầu không còn.", "There is no such request any more.").into_response();
    };
    let confirms = word.answer == "confirm";
    asked.state = if confirms { Given::Confirmed } else { Given::Declined };
    Redirect::to(if confirms { "/sign/phone?done=confirm" } else { "/sign/phone?done=decline" }).into_response()
}
