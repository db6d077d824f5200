//! Người dân ký số từ xa: a paper is shown, its digest goes to the signer's licensed provider, they confirm on their
//! telephone, and the signature comes back into the paper (PAdES B-LT with the city's timestamp).
//!
//! A request is kept with all that the finishing needs, and is asked after whenever somebody looks: a server that dies in
//! between loses nothing. The file that was shown lies in the file store; prepared again with the same certificates and
//! moment it gives the same digest.

mod provider;

use data_encoding::BASE64;
use jiff::{SignedDuration, Timestamp};
use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::{At, Db, On};

pub use provider::demo_sections;
use provider::{Answer, Provider, ProviderError};

use crate::issued::{Document, Prepared, kept};
use crate::paper::Paper;
use crate::sign::{self, Algorithm, Digest, Evidence, Level, Pending, SignError, SignRequest, Signer};
use crate::{files, signing, store};

/// How long someone has to confirm.
const TERM: SignedDuration = SignedDuration::from_mins(10);

/// Where a request for a signature stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureState {
    /// Chờ xác nhận trên điện thoại.
    Waiting,
    /// Đã ký.
    Confirmed,
    /// Người ký từ chối.
    Declined,
    /// Quá thời gian xác nhận.
    Expired,
}

impl SignatureState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Confirmed, Self::Declined, Self::Expired];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
            Self::Expired => "expired",
        }
    }
}

impl TryFrom<String> for SignatureState {
    type Error = Internal;

    fn try_from(text: String) -> Result<Self, Internal> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| Internal::new(format!("{text:?} is no state of a signature")))
    }
}

/// A request for somebody's signature.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonalSignature {
    pub id: Id,
    pub account: Id,
    /// What it is about, such as `draft:ID`.
    pub subject: String,
    /// Which version of that.
    pub version: i64,
    pub title: String,
    pub template: String,
    #[sqlx(try_from = "String")]
    pub state: SignatureState,
    pub signer_name: String,
    /// The file that was shown.
    pub sha256: String,
    pub signed_sha256: Option<String>,
    pub(crate) credential: String,
    pub(crate) chain: String,
    pub(crate) algorithm: String,
    pub(crate) reference: String,
    /// Mã đối chiếu: the same stands on the telephone.
    pub code: String,
    pub begun_at: At,
    pub expires_at: At,
    pub ended_at: Option<At>,
}

/// Who shall sign what.
pub struct Asked<'a> {
    pub account: Id,
    pub name: &'a str,
    /// By which the provider knows them: the citizen number.
    pub number: &'a str,
    pub subject: String,
    pub version: i64,
    pub title: String,
}

/// Why nobody was asked to sign.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    #[error("no provider of signatures is configured here; hand it in at a one-stop counter")]
    NoProvider,
    #[error("the provider of signatures knows no key of yours; get a certificate there or go to a one-stop counter")]
    NoCredential,
    #[error("the provider of signatures does not answer now; try again in some minutes")]
    Unavailable,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<ProviderError> for NotAsked {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::NoCredential => Self::NoCredential,
            ProviderError::Failed(_) => {
                tracing::warn!(%error, "cannot ask for somebody's signature");
                Self::Unavailable
            }
        }
    }
}

/// Where the telephone of a demonstration is, if this is one.
pub async fn phone(cx: &Cx) -> Result<Option<String>, Internal> {
    Ok(Provider::of(cx).await?.and_then(|provider| provider.phone))
}

/// Shows somebody a paper to sign and asks for the signature. One request for one version of one thing: asked again while
/// it waits, or after it was confirmed, it is the same. `paper` is made with the id that its verify page will have.
pub async fn request_signature(
    cx: &Cx,
    asked: Asked<'_>,
    paper: impl FnOnce(Id) -> Paper,
) -> Result<PersonalSignature, NotAsked> {
    if let Some(there) = look(cx, &asked.subject, asked.version).await?
        && matches!(there.state, SignatureState::Waiting | SignatureState::Confirmed)
    {
        return Ok(there);
    }
    let provider = Provider::of(cx).await?.ok_or(NotAsked::NoProvider)?;
    let credential = provider.credential(asked.number, asked.name).await?;
    let (id, now) = (cx.env.id(), cx.now());
    let paper = paper(id);
    let template = paper.template().to_owned();
    let bytes = crate::issued::print(cx, paper).await?;
    let begun = begun(cx, &bytes, &credential.chain, now).await?;
    let sha256 = files::put(&cx.app, bytes).await?;
    let code = code_of(&begun.digest());
    let reference = provider.ask(&credential, begun.digest(), (&asked.title, &code)).await?;
    let chain: Vec<String> = credential.chain.iter().map(|der| BASE64.encode(der)).collect();
    let new = PersonalSignature {
        id,
        account: asked.account,
        subject: asked.subject,
        version: asked.version,
        title: asked.title,
        template,
        state: SignatureState::Waiting,
        signer_name: asked.name.to_owned(),
        sha256,
        signed_sha256: None,
        credential: credential.id,
        chain: chain.join(" "),
        algorithm: sign::remote::oid_of(credential.algorithm).to_owned(),
        reference,
        code,
        begun_at: At(now),
        expires_at: At(now + TERM),
        ended_at: None,
    };
    let mut tx = cx.begin().await?;
    // What waits for an older version is not wanted any more.
    store::expire_signatures(&mut tx, &new.subject, new.version).await?;
    let shown = files::hold(&cx.app, &mut tx, &new.sha256).await?;
    let inserted = store::insert_signature(&mut tx, &new, &shown).await?;
    if inserted {
        let detail = serde_json::json!({ "signature": id, "sha256": new.sha256, "about": new.subject });
        tx.audit("documents.signature_asked", &format!("account:{}", new.account), detail).await?;
    }
    tx.commit().await?;
    match inserted {
        true => Ok(new),
        // Another click was quicker; the request that lost is left to run out at the provider.
        false => latest(cx, &new.subject, new.version).await?.ok_or(NotAsked::Unavailable),
    }
}

async fn latest(cx: &Cx, subject: &str, version: i64) -> Result<Option<PersonalSignature>, Internal> {
    store::signature_of(&cx.db, subject, version).await
}

/// Where the signature of this version stands now: a request that waits is asked after, and what was confirmed is put
/// into the paper.
pub async fn look(cx: &Cx, subject: &str, version: i64) -> Result<Option<PersonalSignature>, Internal> {
    let Some(found) = latest(cx, subject, version).await? else { return Ok(None) };
    if found.state != SignatureState::Waiting {
        return Ok(Some(found));
    }
    let Some(provider) = Provider::of(cx).await? else { return Ok(Some(found)) };
    let algorithm = algorithm_named(&found.algorithm)?;
    let answer = provider.look(&found.credential, algorithm, &found.reference).await;
    let (state, signed) = match answer {
        Ok(Answer::Confirmed(signature)) => match finished(cx, &provider, &found, algorithm, &signature).await {
            Ok(bytes) => (SignatureState::Confirmed, Some(files::put(&cx.app, bytes).await?)),
            Err(SignError::Mismatch | SignError::Revoked) => (SignatureState::Declined, None),
            // Their lists of revoked certificates cannot be had now: the next look tries again.
            Err(error @ SignError::Provider { .. }) => {
                tracing::warn!(%error, "cannot finish somebody's signature");
                return Ok(Some(found));
            }
            Err(error) => return Err(Internal::new(error)),
        },
        Ok(Answer::Declined) => (SignatureState::Declined, None),
        Ok(Answer::Expired) => (SignatureState::Expired, None),
        Ok(Answer::Waiting) if found.expires_at.0 <= cx.now() => (SignatureState::Expired, None),
        Ok(Answer::Waiting) => return Ok(Some(found)),
        Err(error) => {
            tracing::warn!(%error, "cannot ask after somebody's signature");
            return Ok(Some(found));
        }
    };
    let mut tx = cx.begin().await?;
    let held = match &signed {
        Some(name) => Some(files::hold(&cx.app, &mut tx, name).await?),
        None => None,
    };
    if store::end_signature(&mut tx, found.id, state, held.as_ref()).await? {
        let detail = serde_json::json!({ "signature": found.id, "state": state.as_str(), "sha256": signed });
        tx.audit("documents.signature_ended", &format!("account:{}", found.account), detail).await?;
    }
    tx.commit().await?;
    latest(cx, subject, version).await
}

/// What was signed of this version, without asking anybody.
pub async fn confirmed<'a>(
    on: impl Into<On<'a>>,
    subject: &str,
    version: i64,
) -> Result<Option<PersonalSignature>, Internal> {
    let found = store::signature_of(on, subject, version).await?;
    Ok(found.filter(|signature| signature.state == SignatureState::Confirmed))
}

/// Whether an older version of this was signed: it has been changed since.
pub async fn signed_before(db: &Db, subject: &str, version: i64) -> Result<bool, Internal> {
    store::signed_before(db, subject, version).await
}

/// The file of a request: with the signature once it is there.
pub async fn file_of(cx: &Cx, signature: &PersonalSignature) -> Result<Vec<u8>, Internal> {
    files::get(&cx.app, signature.signed_sha256.as_ref().unwrap_or(&signature.sha256)).await
}

/// What was signed, to become a document of the unit that it goes to.
pub async fn signed_document(cx: &Cx, signature: &PersonalSignature, unit: &str) -> Result<Signed, Internal> {
    if signature.signed_sha256.is_none() {
        return Err(Internal::new("the paper is not signed"));
    }
    let signed = file_of(cx, signature).await?;
    Ok(Signed(Document {
        template: signature.template.clone(),
        title: signature.title.clone(),
        signer_name: Some(signature.signer_name.clone()),
        // Kept again, so that nothing takes it away before it is handed in.
        ..kept(cx, signature.id, unit, signed, cx.now()).await?
    }))
}

/// A signed paper that does not know yet what it is about.
pub struct Signed(Document);

impl Signed {
    /// About `dossier:CODE` of somebody, ready to be [recorded](crate::record).
    pub fn about(self, subject: String, holder: Id, holder_name: &str) -> Prepared {
        Prepared(Document { subject, holder: Some(holder), holder_name: holder_name.to_owned(), ..self.0 })
    }
}

async fn begun(cx: &Cx, bytes: &[u8], chain: &[Vec<u8>], at: Timestamp) -> Result<sign::Begun, Internal> {
    let stamper = signing::authority(&cx.app).await?.timestamper();
    sign::begin(bytes, &request(), chain, Some(&stamper), at).map_err(Internal::new)
}

async fn finished(
    cx: &Cx,
    provider: &Provider,
    of: &PersonalSignature,
    algorithm: Algorithm,
    signature: &[u8],
) -> Result<Vec<u8>, SignError> {
    let internal = |_| SignError::Unsuitable("its file or its certificates are not there any more");
    let bytes = files::get(&cx.app, &of.sha256).await.map_err(internal)?;
    let chain = of.chain.split(' ').map(|one| BASE64.decode(one.as_bytes()).ok()).collect::<Option<Vec<_>>>();
    let chain = chain.ok_or(SignError::Unsuitable("its certificates cannot be read"))?;
    let begun = begun(cx, &bytes, &chain, of.begun_at.0).await.map_err(internal)?;
    let stamper = signing::authority(&cx.app).await.map_err(internal)?.timestamper();
    let signer = Holder { http: provider.http().clone(), chain, algorithm };
    sign::finish(begun, &signer, signature, Some(&stamper), cx.now()).await
}

fn request() -> SignRequest<'static> {
    SignRequest {
        field: "applicant", reason: "Nộp hồ sơ", location: None, appearance: None, level: Level::LongTerm
    }
}

/// Four digits of the digest: whoever confirms compares them.
fn code_of(digest: &Digest) -> String {
    format!("{:04}", u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) % 10_000)
}

fn algorithm_named(oid: &str) -> Result<Algorithm, Internal> {
    sign::remote::algorithm_of(&[oid.to_owned()]).ok_or_else(|| Internal::new("an algorithm that is not understood"))
}

/// Someone whose signature has been given.
struct Holder {
    http: reqwest::Client,
    chain: Vec<Vec<u8>>,
    algorithm: Algorithm,
}

impl Signer for Holder {
    fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign(&self, _: Digest) -> Pending<'_, Vec<u8>> {
        Box::pin(async { Err(SignError::Unsuitable("its signer is asked by their provider alone")) })
    }

    fn evidence(&self, _: Timestamp) -> Pending<'_, Evidence> {
        Box::pin(sign::published(&self.http, self.chain.clone()))
    }
}

#[cfg(test)]
mod tests;
