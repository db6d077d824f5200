//! Sign a draft: an application whose form asks for it is shown as a PDF and signed by its applicant before it is handed
//! in, with a certificate of their own at a licensed provider.

use axum::Json;
use serde::{Deserialize, Serialize};
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal, Lang};
use songhan_documents::paper::{Application as Filled, Entry, Paper, Section};
use songhan_documents::personal::{self, Asked, NotAsked, PersonalSignature};
use songhan_documents::typeset::printable;
use songhan_forms::{CheckContext, Signature};

use crate::application::{Application, Stop};
use crate::issue::verification;
use crate::ops::open_draft::{self, open_draft};
use crate::ops::show_signature::SignatureView;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Opening(#[from] open_draft::Rejection),
    #[error("the form of this draft needs no signature; hand it in")]
    NotNeeded,
    #[error("the draft is not filled in to its end; go on with it first")]
    Unfinished,
    #[error("the draft was changed elsewhere meanwhile; look through it again before signing it")]
    Changed,
    #[error(transparent)]
    Asking(#[from] NotAsked),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Opening(rejection) => rejection.into_problem(),
            Self::NotNeeded => Problem::conflict("signature_not_needed", self.to_string()),
            Self::Unfinished => Problem::conflict("draft_unfinished", self.to_string()),
            Self::Changed => Problem::conflict("draft_changed", self.to_string()),
            Self::Asking(NotAsked::Internal(error)) | Self::Internal(error) => error.into(),
            Self::Asking(why) => Problem::conflict("signature_unavailable", why.to_string()),
        }
    }
}

/// Tình trạng chữ ký của người nộp: how far the applicant's signature under a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DraftSignatureStanding)]
pub enum Standing {
    /// The form asks for none.
    NotNeeded,
    Missing,
    /// An older version was signed: the draft has been changed since.
    Outdated,
    /// The draft as it is now is signed.
    Signed,
}

/// How far it is, without asking the applicant's provider.
pub async fn standing(cx: &Cx, application: &Application<'_>) -> Result<Standing, Internal> {
    if !is_signed(application) {
        return Ok(Standing::NotNeeded);
    }
    let (subject, version) = (about(application.draft.id), application.draft.version);
    if personal::confirmed(&cx.db, &subject, version).await?.is_some() {
        return Ok(Standing::Signed);
    }
    let before = personal::signed_before(&cx.db, &subject, version).await?;
    Ok(if before { Standing::Outdated } else { Standing::Missing })
}

/// What a signature is about while there is no dossier.
pub fn about(draft: Id) -> String {
    format!("draft:{draft}")
}

/// Whether its applicant signs it before it is handed in.
pub fn is_signed(application: &Application<'_>) -> bool {
    application.form.signature == Some(Signature::Applicant)
}

/// Asks the applicant's provider for their signature under the draft as it is.
pub async fn sign_draft(cx: &Cx, draft: &str, version: Option<i64>) -> Result<PersonalSignature, Rejection> {
    let application = open_draft(cx, draft).await?;
    if !is_signed(&application) {
        return Err(Rejection::NotNeeded);
    }
    if application.end() != Stop::Review {
        return Err(Rejection::Unfinished);
    }
    if version.is_some_and(|seen| seen != application.draft.version) {
        return Err(Rejection::Changed);
    }
    let account = songhan_identity::account(&cx.db, application.draft.account).await?;
    let account = account.ok_or_else(|| Internal::new("the account of a draft is gone"))?;
    let number = account.citizen_id.as_ref().map(|number| number.as_str().to_owned()).ok_or(NotAsked::NoCredential)?;
    let paper = filled(cx, &application, &account.name).await?;
    let asked = Asked {
        account: account.id,
        name: &account.name,
        number: &number,
        subject: about(application.draft.id),
        version: application.draft.version,
        title: application.form.title.vi.clone(),
    };
    let signature = personal::request_signature(cx, asked, |id| {
        Paper::Application(Box::new(Filled { verify: verification(cx, id), ..paper }))
    });
    Ok(signature.await?)
}

/// Where the signature under the draft as it is stands now; `None` before it was asked for.
pub async fn signature_of(cx: &Cx, application: &Application<'_>) -> Result<Option<PersonalSignature>, Internal> {
    personal::look(cx, &about(application.draft.id), application.draft.version).await
}

/// The filled form as it is typeset.
async fn filled(cx: &Cx, application: &Application<'_>, applicant: &str) -> Result<Filled, Internal> {
    let ids: Vec<String> =
        application.form.uploads(&application.answers).into_iter().map(|(_, id)| id.to_owned()).collect();
    let uploads = songhan_documents::uploads(cx, &ids).await?;
    let file = |upload: &songhan_documents::Upload| songhan_forms::UploadedFile {
        id: upload.id.to_string(),
        name: upload.name.clone(),
        size: upload.size,
        href: String::new(),
    };
    let files: Vec<_> = uploads.iter().map(file).collect();
    let check = CheckContext { lang: Lang::Vi, ..CheckContext::of(cx) };
    let summary = application.form.summary(&application.answers, &files, &check, |_| None);
    let section = |section: songhan_forms::SummarySection| Section {
        title: Some(printable(&section.title)),
        rows: section
            .rows
            .iter()
            .map(|row| vec![Entry::new(printable(&row.label), printable(&row.value.line()))])
            .collect(),
    };
    Ok(Filled {
        title: printable(&application.form.title.vi),
        addressee: application.unit().map_or(String::new(), |unit| unit.name.vi.clone()),
        procedure: printable(&application.procedure.title.vi),
        applicant: printable(applicant),
        on_behalf: application.principal().map(|principal| printable(&principal.principal.name)),
        place: Some(cx.city.manifest().short_name.vi.clone()),
        date: cx.today(),
        sections: summary.into_iter().map(section).collect(),
        papers: uploads.iter().map(|upload| printable(&upload.name)).collect(),
        watermark: cx.config.demo.then(|| "Bản mô phỏng".to_owned()),
        ..Filled::default()
    })
}

/// Which version is signed.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = DraftSignatureInput, example = json!({"version": 1}))]
pub struct Input {
    /// The version that the applicant has looked through: a later change is refused. Left out, the draft as it is.
    #[schema(example = 1)]
    pub version: Option<i64>,
}

/// Begin the applicant's signature under a draft.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/signature", operation_id = "begin_draft_signature", tag = "drafts",
    description = "Shows the filled-in form to the applicant's provider of signatures; the applicant compares the code and confirms on their telephone. Begun again while it waits or after it was confirmed it is the same one.",
    params(("id" = String, Path, format = Uuid, description = "Id of the draft",
        example = "019aa4c2-7c00-7000-8000-000000000007")),
    request_body = Input,
    responses(
        (status = 200, body = SignatureView, description = "Begun; ask for its state until it is not `waiting` any more"),
        (status = 404, description = "No such draft, or not yours"),
        (status = 409, description = "The form asks for none (`signature_not_needed`), the draft is unfinished or was changed, it was handed in, or nobody can be asked now (`signature_unavailable`)"),
        (status = 422, description = "Something in the body does not fit"),
    ))]
pub async fn handler(
    cx: Cx,
    Path(draft): Path<String>,
    ApiJson(input): ApiJson<Input>,
) -> Result<Json<SignatureView>, Problem> {
    let signature = sign_draft(&cx, &draft, input.version).await.map_err(IntoProblem::into_problem)?;
    let view = SignatureView::of(&cx, &draft, &signature).await?;
    // What was begun is begun once by itself; a key keeps the answer also after it was declined.
    let mut tx = cx.begin().await?;
    cx.keep(&mut tx, 200, &view).await?;
    tx.commit().await?;
    Ok(Json(view))
}
