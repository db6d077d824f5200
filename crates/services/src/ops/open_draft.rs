//! Open a draft: its owner goes on with an application.

use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal};
use songhan_forms::drafts::{self, Draft, DraftError};
use songhan_procedures::Catalogue;

use crate::application::{Application, procedure_of};
use crate::ops::submit::{self, Receipt};
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("applying needs an account; sign in and try again")]
    SignIn,
    #[error("there is no such draft, or it is not yours; list your drafts and open one of them")]
    NotFound,
    #[error("the draft was handed in as dossier {}", .0.code)]
    Submitted(Box<Receipt>),
    #[error("the procedure of this draft is not open for online submission any more; its page says what to do")]
    Closed(Box<Draft>),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::SignIn => Problem::unauthorized(),
            Self::NotFound => Problem::not_found("draft"),
            Self::Submitted(_) => Problem::conflict("draft_submitted", self.to_string()),
            Self::Closed(_) => Problem::conflict("procedure_closed", self.to_string()),
            Self::Internal(error) => error.into(),
        }
    }
}

/// The draft as an application. Somebody else's is not there; one that was sent tells what became of it.
pub async fn open_draft<'a>(cx: &'a Cx, id: &str) -> Result<Application<'a>, Rejection> {
    let account = cx.actor.account().ok_or(Rejection::SignIn)?;
    let id: Id = id.parse().map_err(|_| Rejection::NotFound)?;
    match drafts::get(&cx.db, account, id).await {
        Ok(draft) => {
            let mut application = application(cx, draft).await?;
            keep_uploads(cx, &mut application).await?;
            Ok(application)
        }
        Err(DraftError::Internal(error)) => Err(error.into()),
        Err(_) => match submitted(cx, id).await? {
            Some(receipt) => Err(Rejection::Submitted(Box::new(receipt))),
            None => Err(Rejection::NotFound),
        },
    }
}

/// Papers that nobody handed in are forgotten after a while; the draft asks for them again.
async fn keep_uploads(cx: &Cx, application: &mut Application<'_>) -> Result<(), Internal> {
    let ids: Vec<String> =
        application.form.uploads(&application.answers).into_iter().map(|(_, id)| id.to_owned()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let owner = application.draft.account;
    let found = songhan_documents::uploads(cx, &ids).await?;
    let usable = found.into_iter().filter(|upload| upload.owner == owner && upload.claimed_at.is_none());
    let mut there: Vec<String> = usable.map(|upload| upload.id.to_string()).collect();
    if there.len() < ids.len() {
        // Papers of earlier dossiers, used again.
        there.extend(store::reuse::own_papers(&cx.db, owner, &ids).await?.iter().map(ToString::to_string));
    }
    application.keep_uploads(cx, &there);
    Ok(())
}

async fn application(cx: &Cx, draft: Draft) -> Result<Application<'_>, Rejection> {
    let Some(code) = procedure_of(&draft) else { return Err(Rejection::NotFound) };
    let procedure = Catalogue::of(&cx.app).await?.get(code).cloned();
    let open = procedure.and_then(|procedure| {
        let form = submit::open_form(cx, &procedure).ok()?;
        Some((procedure, form))
    });
    match open {
        Some((procedure, form)) => Ok(Application::of(cx, draft, procedure, form).await?),
        None => Err(Rejection::Closed(Box::new(draft))),
    }
}

/// The key under which the answer to a draft's submission is kept: sending twice is sending once. The blank in it keeps it
/// apart from every key that a request can carry.
pub fn key(draft: Id) -> String {
    format!("draft {draft}")
}

/// What a draft became, within the days that answers are kept.
pub async fn submitted(cx: &Cx, draft: Id) -> Result<Option<Receipt>, Internal> {
    let kept = songhan_db::answered(&cx.db, &cx.actor.label(), &key(draft)).await?;
    kept.map(|answer| serde_json::from_str(&answer.body).map_err(Internal::new)).transpose()
}
