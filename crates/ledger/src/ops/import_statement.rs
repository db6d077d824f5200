//! Import a statement (nhập sao kê) and lay it beside the books. The same file again changes nothing; lines that an
//! earlier file had are left out; what differs becomes a difference that someone resolves with a reason.

use axum::Json;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Serialize;
use sha2::{Digest, Sha256};
use songhan_app::{App, Cx, IntoProblem, Problem};
use songhan_base::{Internal, clean_line};
use utoipa::ToSchema;

use crate::access::keeps_account;
use crate::config::BankAccounts;
use crate::gateway::GatewayName;
use crate::reconciling::Import;
use crate::statement::{self, Source, Unreadable};
use crate::store;
use crate::store::statements::Kept;

/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the statement cannot be read: {0}")]
    Unreadable(#[from] Unreadable),
    #[error("the statement has more than {} MB; divide it by day", FILE_BYTES_MAX / 1024 / 1024)]
    TooLarge,
    #[error("the account {0} is none of those whose books you keep; look whether it is the right file")]
    NotOurs(String),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Unreadable(_) => Problem::invalid("statement_unreadable", detail, Vec::new()),
            Self::TooLarge => Problem::too_large(FILE_BYTES_MAX),
            Self::NotOurs(_) => Problem::invalid("account_not_ours", detail, Vec::new()),
            Self::Internal(error) => error.into(),
        }
    }
}

/// What came of the import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportedStatement)]
pub struct Imported {
    pub statement: Kept,
    /// The same file was imported before; nothing was changed.
    pub already: bool,
}

/// As the command line tells it.
impl std::fmt::Display for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let s = &self.statement;
        if self.already {
            write!(
                f,
                "imported 0 lines: this file was imported before; {} of its {} differences are open",
                s.open, s.differences
            )
        } else {
            let Kept { line_count, matched, repeated, differences, .. } = s;
            write!(
                f,
                "imported {line_count} lines: {matched} matched, {repeated} known from before, {differences} differences"
            )
        }
    }
}

/// Reads a statement file and reconciles it. For the page, the API and `songhan import statement FILE`.
pub async fn import_statement(cx: &Cx, file_name: &str, bytes: &[u8]) -> Result<Imported, Rejection> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Rejection::TooLarge);
    }
    let read = statement::read(bytes)?;
    let accounts = BankAccounts::of(cx)?;
    for account in &read.accounts {
        let is_ours = match read.source {
            Source::Bank => accounts.numbered(account).is_some(),
            Source::Gateway => GatewayName::of_merchant(&cx.config, account).is_some(),
        };
        if !is_ours || !keeps_account(cx, &accounts, account) {
            return Err(Rejection::NotOurs(account.clone()));
        }
    }
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
    let mut tx = cx.begin().await?;
    store::hold(&mut tx, "ledger:statements").await?;
    if let Some(statement) = store::statements::of_bytes(&mut tx, &sha256).await? {
        return Ok(Imported { statement, already: true });
    }
    let file_name = clean_line(file_name).chars().take(120).collect();
    let statement = Import::new(cx, &read).run(&mut tx, file_name, &sha256).await?;
    tx.commit().await?;
    Ok(Imported { statement, already: false })
}

/// The part `file` of a posted form, with its name; `None` where there is none. `csrf` is looked at by `meant`.
pub async fn posted_file(
    request: Request,
    app: &App,
    mut meant: impl FnMut(&str) -> bool,
) -> Result<(bool, Option<(String, axum::body::Bytes)>), Problem> {
    let form = Multipart::from_request(request, app).await;
    let mut form = form.map_err(|error| Problem::new(error.status(), "body_unreadable", error.body_text()))?;
    let unreadable =
        |e: axum::extract::multipart::MultipartError| Problem::new(e.status(), "form_unreadable", e.body_text());
    let mut is_meant = false;
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let (name, file_name) = (field.name().unwrap_or("").to_owned(), field.file_name().unwrap_or("").to_owned());
        let bytes = field.bytes().await.map_err(unreadable)?;
        match name.as_str() {
            "csrf" => is_meant |= meant(&String::from_utf8_lossy(&bytes)),
            "file" if !bytes.is_empty() => file = Some((file_name, bytes)),
            _ => {}
        }
    }
    Ok((is_meant, file))
}

/// A form with a file.
#[derive(ToSchema)]
#[schema(as = StatementUpload)]
#[expect(dead_code, reason = "a document, never a value")]
pub struct Upload {
    /// camt.053 XML, or a table as the manual describes.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

#[utoipa::path(post, path = "/api/v1/ledger/statements", tag = "accounting", operation_id = "import_statement",
    summary = "Import a statement and reconcile it",
    description = "ISO 20022 camt.053 (XML), a bank's statement as CSV (`account,date,credit,debit,fee,reference,end_to_end,\
        description,reversal`) or a gateway's day (VNPay: `merchant,txn_ref,transaction_no,amount,fee,pay_date,type,status,description`; MoMo: \
        `partnerCode,orderId,transId,amount,fee,responseTime,transType,resultCode,description`). \
        The same file again changes nothing.",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, description = "Imported, or known already", body = Imported),
        (status = 404, description = "No such thing in books of yours"),
        (status = 409, description = "Its state does not allow it")))]
pub async fn handler(
    cx: Cx,
    axum::extract::State(app): axum::extract::State<App>,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    let kind = request.headers().get(axum::http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        let told = "send the file as the part `file` of a multipart/form-data body";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "multipart_wanted", told));
    }
    let (_, file) = posted_file(request, &app, |_| true).await?;
    let (name, bytes) = file.ok_or_else(|| Problem::bad_request("the form has no part `file`, or it is empty"))?;
    Ok(Json(import_statement(&cx, &name, &bytes).await.map_err(IntoProblem::into_problem)?))
}
