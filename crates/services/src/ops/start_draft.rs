//! Start a draft: an application begins, or goes on where it was left. What the account knows is filled in.

use std::sync::Arc;

use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::Internal;
use songhan_forms::drafts::{self, DraftError, NewDraft};
use songhan_forms::{Answers, CheckContext, Form, Profile};
use songhan_identity::Account;
use songhan_procedures::Procedure;

use crate::application::{Application, purpose};
use crate::ops::submit;
use crate::principal::Represented;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("applying needs an account; sign in and try again")]
    SignIn,
    #[error("procedure {0} is not open for online submission; its page says where to hand it in")]
    Closed(String),
    #[error("there are too many drafts already; send or delete one first")]
    TooMany,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::SignIn => Problem::unauthorized(),
            Self::Closed(_) => Problem::conflict("procedure_closed", self.to_string()),
            Self::TooMany => Problem::conflict("drafts_too_many", self.to_string()),
            Self::Internal(error) => error.into(),
        }
    }
}

/// An application, and whether it was there before.
pub struct Started<'a> {
    pub application: Application<'a>,
    pub resumed: bool,
}

/// Goes on with the latest draft for this procedure, or begins one. Asking twice begins one.
pub async fn start_draft<'a>(cx: &'a Cx, procedure: &Arc<Procedure>) -> Result<Started<'a>, Rejection> {
    let account = cx.actor.account().ok_or(Rejection::SignIn)?;
    let form = submit::open_form(cx, procedure).map_err(|_| Rejection::Closed(procedure.code.clone()))?;
    let purpose = purpose(&procedure.code);
    if let Some(draft) = drafts::latest(&cx.db, account, &purpose).await? {
        let application = Application::of(cx, draft, procedure.clone(), form).await?;
        return Ok(Started { application, resumed: true });
    }
    let answers = known(cx, &form, None).await?;
    let mut tx = cx.begin().await?;
    let new = NewDraft { account, form: &form, purpose: &purpose, answers: &answers, at_screen: "" };
    let draft = match drafts::start(&mut tx, cx.env.id(), new).await {
        Ok(draft) => draft,
        Err(DraftError::Internal(error)) => return Err(error.into()),
        Err(_) => return Err(Rejection::TooMany),
    };
    tx.commit().await?;
    let application = Application::of(cx, draft, procedure.clone(), form).await?;
    Ok(Started { application, resumed: false })
}

/// The answers that are known beforehand: those of the account, or of the person for whom it applies. Where that is an
/// organisation, forms ask for the person who represents it: the account again.
pub async fn known(cx: &Cx, form: &Form, principal: Option<&Represented>) -> Result<Answers, Internal> {
    let Some(id) = cx.actor.account() else { return Ok(Answers::default()) };
    let Some(account) = songhan_identity::account(&cx.db, id).await? else { return Ok(Answers::default()) };
    let own = profile_of(&account);
    let profile = match principal {
        Some(principal) => principal.profile(own),
        None => own,
    };
    Ok(form.prefill(&profile, &CheckContext::of(cx)))
}

/// What forms may take from an account.
pub fn profile_of(account: &Account) -> Profile {
    let mut known = account.answers();
    let mut take = |key| known.remove(key);
    Profile {
        name: take("account.name"),
        citizen_id: take("account.citizen_id"),
        date_of_birth: take("account.date_of_birth"),
        phone: take("account.phone"),
        email: take("account.email"),
        address: take("account.address"),
        area: take("account.area"),
    }
}
