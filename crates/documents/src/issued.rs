//! Issued documents: typeset, signed, kept, and to be verified by anyone.
//!
//! [`prepare`] does what is slow (typesetting, signing, writing the file) before a transaction; [`record`] makes it a
//! document in the caller's commit. What was prepared and never recorded is a file that nothing names: it is swept.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem};
use songhan_base::{Id, Internal};
use songhan_db::{At, Event, On, Tx};

use crate::paper::Paper;
use crate::upload::{Upload, file_response};
use crate::{files, sign, signing, store};

/// Văn bản đã ban hành.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Document {
    /// Also the last part of its verify page's address.
    pub id: Id,
    pub template: String,
    pub title: String,
    /// Số, ký hiệu.
    pub number: Option<String>,
    /// What it is about, as `dossier:CODE`.
    pub subject: String,
    pub unit: String,
    pub unit_name: String,
    pub signer_name: Option<String>,
    /// Account of the person it was issued to.
    pub holder: Option<Id>,
    pub holder_name: String,
    pub sha256: String,
    pub size: i64,
    pub issued_at: At,
    pub revoked_at: Option<At>,
    pub revoked_reason: Option<String>,
    /// When the first certificate that its signatures rest on ends; it is renewed before.
    pub evidence_ends_at: Option<At>,
    /// Tiêu hủy: when its file was destroyed at the end of its term, and by what decision.
    pub destroyed_at: Option<At>,
    pub destroyed_by: Option<String>,
}

impl Document {
    /// Tờ khai: signed by its applicant and handed in, not issued by the unit.
    pub fn is_handed_in(&self) -> bool {
        self.template == "application"
    }
}

/// What to issue.
pub struct Draft {
    /// Its id, taken beforehand so that the paper can show the address of its verify page.
    pub id: Id,
    pub paper: Paper,
    pub title: String,
    pub number: Option<String>,
    pub subject: String,
    pub unit: String,
    pub holder: Option<Id>,
    pub holder_name: String,
    /// The leader who signs before the unit seals; `None` is the seal alone.
    pub leader: Option<Leader>,
}

/// Người ký.
pub struct Leader {
    pub account: Id,
    pub name: String,
    pub title: String,
}

/// A document that is typeset, signed and on disk, but not issued yet.
pub struct Prepared(pub(crate) Document);

/// A document was issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DocumentIssued {
    pub document: Id,
    pub about: String,
    pub template: String,
    pub unit: String,
}

impl Event for DocumentIssued {
    const KIND: &'static str = "documents.document_issued";
    fn subject(&self) -> String {
        self.about.clone()
    }
}

/// Typesets, signs and writes the file.
pub async fn prepare(cx: &Cx, draft: Draft) -> Result<Prepared, Internal> {
    let now = cx.now();
    let signed = signing::make(cx, &draft, &unit_name(cx, &draft.unit), now).await?;
    Ok(Prepared(Document {
        template: draft.paper.template().to_owned(),
        title: draft.title,
        number: draft.number,
        subject: draft.subject,
        signer_name: draft.leader.map(|leader| leader.name),
        holder: draft.holder,
        holder_name: draft.holder_name,
        ..kept(cx, draft.id, &draft.unit, signed, now).await?
    }))
}

/// Keeps a signed file, and answers what it says of a document of this unit; the rest is for the caller to add.
pub(crate) async fn kept(cx: &Cx, id: Id, unit: &str, signed: Vec<u8>, at: Timestamp) -> Result<Document, Internal> {
    let held = sign::held(&signed).map_err(Internal::new)?;
    Ok(Document {
        id,
        template: String::new(),
        title: String::new(),
        number: None,
        subject: String::new(),
        unit: unit.to_owned(),
        unit_name: unit_name(cx, unit),
        signer_name: None,
        holder: None,
        holder_name: String::new(),
        size: signed.len() as i64,
        sha256: files::put(&cx.app, signed).await?,
        issued_at: At(at),
        revoked_at: None,
        revoked_reason: None,
        evidence_ends_at: held.ends_at.map(At),
        destroyed_at: None,
        destroyed_by: None,
    })
}

pub(crate) fn unit_name(cx: &Cx, unit: &str) -> String {
    cx.city.agencies().get(unit).map_or(unit, |known| known.name.vi.as_str()).to_owned()
}

/// Issues what was prepared, in the caller's transaction.
pub async fn record(tx: &mut Tx, cx: &Cx, prepared: Prepared) -> Result<Document, Internal> {
    let document = prepared.0;
    let held = files::hold(&cx.app, tx, &document.sha256).await?;
    store::insert_document(tx, &document, &held).await?;
    tx.emit(DocumentIssued {
        document: document.id,
        about: document.subject.clone(),
        template: document.template.clone(),
        unit: document.unit.clone(),
    })
    .await?;
    let detail = serde_json::json!({ "subject": document.subject, "sha256": document.sha256 });
    tx.audit("documents.issue", &format!("document:{}", document.id), detail).await?;
    Ok(document)
}

/// Thu hồi: the document no longer holds; its verify page says so. `false` when it is unknown or revoked already.
pub async fn revoke(tx: &mut Tx, id: Id, reason: &str) -> Result<bool, Internal> {
    let now: Timestamp = tx.now();
    let revoked = store::revoke(tx, id, now, reason).await?;
    if revoked {
        tx.audit("documents.revoke", &format!("document:{id}"), serde_json::json!({ "reason": reason })).await?;
    }
    Ok(revoked)
}

/// The documents about something (`dossier:CODE`), the oldest first, revoked ones too. `on` is `&cx.db` or a transaction.
pub async fn of_subject<'a>(on: impl Into<On<'a>>, subject: &str) -> Result<Vec<Document>, Internal> {
    store::of_subject(on, subject).await
}

/// The document with this id. `on` is `&cx.db` or a transaction.
pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Document>, Internal> {
    store::document(on, id).await
}

/// The documents in force of which an upload is the very file: what the city has issued itself needs no second look.
pub async fn of_upload<'a>(on: impl Into<On<'a>>, upload: &Upload) -> Result<Vec<Id>, Internal> {
    store::of_file(on, &upload.sha256).await
}

/// The paper as a PDF without any signature and without being issued: what the office prints for itself.
pub async fn print(cx: &Cx, paper: Paper) -> Result<Vec<u8>, Internal> {
    let typesetter = signing::typesetter(cx);
    let set = tokio::task::spawn_blocking(move || typesetter.paper(&paper)).await.map_err(Internal::new)?;
    Ok(set.map_err(Internal::new)?.bytes)
}

/// A PDF that was printed, as an answer.
pub fn answer(bytes: Vec<u8>, name: &str) -> Response {
    file_response(bytes, "application/pdf", name)
}

/// The PDF of a document with the newest evidence, for whoever the caller has found entitled to it.
pub async fn serve(cx: &Cx, id: Id) -> Result<Response, Problem> {
    let document = store::document(&cx.db, id).await?.ok_or_else(|| Problem::not_found("document"))?;
    if let Some(by) = &document.destroyed_by {
        let told = format!("the city's file of this document was destroyed at the end of its term by {by}");
        return Err(Problem::new(StatusCode::GONE, "document_destroyed", told));
    }
    let bytes = files::get(&cx.app, &newest(cx, &document).await?).await?;
    let name = format!("{}.pdf", document.number.as_deref().unwrap_or(&document.title).replace('/', "-"));
    Ok(file_response(bytes, "application/pdf", &name))
}

/// The file of a document with the newest evidence.
pub(crate) async fn newest(cx: &Cx, document: &Document) -> Result<String, Internal> {
    Ok(store::renewals(&cx.db, document.id).await?.pop().unwrap_or_else(|| document.sha256.clone()))
}
