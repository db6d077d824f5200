//! Submit a draft: an application becomes a dossier, once. The draft's id is the key: clicking twice, or sending twice under
//! whatever keys, makes one dossier and gives one receipt.

use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::Internal;
use songhan_delivery::Wish;
use songhan_documents::personal;
use songhan_forms::drafts::{self, DraftError};

use crate::application::Choice;
use crate::ops::open_draft::{self, key, open_draft, submitted};
use crate::ops::sign_draft;
use crate::ops::submit::{self, Receipt};
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Opening(#[from] open_draft::Rejection),
    #[error("say first for whom the dossier is: whom you named cannot be acted for any more")]
    NoPrincipal,
    #[error("choose the unit that shall handle the dossier first")]
    NoUnit,
    #[error("the draft was changed elsewhere meanwhile; look through it again before handing it in")]
    Changed,
    #[error(
        "this form is signed by its applicant before it is handed in, as it is now; begin the signature with POST \
        /api/v1/drafts/{{id}}/signature, have it confirmed, ask for its state with GET, then hand in again"
    )]
    Unsigned,
    #[error(transparent)]
    Submitting(#[from] submit::Rejection),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Opening(rejection) => rejection.into_problem(),
            Self::NoPrincipal => Problem::invalid("mandate_invalid", self.to_string(), Vec::new()),
            Self::NoUnit => Problem::invalid("unit_invalid", self.to_string(), Vec::new()),
            Self::Changed => Problem::conflict("draft_changed", self.to_string()),
            Self::Unsigned => Problem::conflict("signature_missing", self.to_string()),
            Self::Submitting(rejection) => rejection.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Hands in a draft. `version` is what the applicant has looked through; a later change is shown first.
pub async fn submit_draft(cx: &Cx, draft: &str, version: Option<i64>) -> Result<Receipt, Rejection> {
    let application = match open_draft(cx, draft).await {
        Err(open_draft::Rejection::Submitted(receipt)) => return Ok(*receipt),
        other => other?,
    };
    let (account, id) = (application.draft.account, application.draft.id);
    if version.is_some_and(|seen| seen != application.draft.version) {
        return Err(Rejection::Changed);
    }
    let for_whom = Choice::ForWhom;
    if application.asks(for_whom) && application.choice(for_whom).is_none() {
        return Err(Rejection::NoPrincipal);
    }
    let unit = application.unit().ok_or(Rejection::NoUnit)?.code.to_string();
    let answers = application.answers.clone();
    let exemption = application.exemption().filter(|_| application.asks(Choice::Exemption)).map(str::to_owned);
    let on_behalf = application.principal().map(|principal| principal.key().to_owned());
    // A draft names a paper of an earlier dossier only where its owner has ticked it.
    let named =
        application.form.uploads(&application.answers).into_iter().map(|(_, id)| id.to_owned()).collect::<Vec<_>>();
    let earlier = if named.is_empty() { Vec::new() } else { store::reuse::own_papers(&cx.db, account, &named).await? };
    let reused = earlier.iter().map(ToString::to_string).collect();
    let procedure = application.procedure.code.clone();
    let delivery = application.way().map(|way| Wish::of(way, application.return_to.clone()));
    let input = submit::Input { procedure, unit: Some(unit), answers, exemption, on_behalf, reused, delivery };
    let ready = submit::prepare(cx, input).await?;
    let signed = match sign_draft::is_signed(&application) {
        true => {
            let (about, version) = (sign_draft::about(id), application.draft.version);
            let signature = personal::confirmed(&cx.db, &about, version).await?.ok_or(Rejection::Unsigned)?;
            Some(personal::signed_document(cx, &signature, &ready.unit).await?)
        }
        false => None,
    };

    let mut tx = cx.begin().await?;
    let still = match drafts::get_in(&mut tx, account, id).await {
        Ok(draft) => Some(draft.version),
        Err(DraftError::Internal(error)) => return Err(error.into()),
        Err(_) => None,
    };
    if still.is_some_and(|version| version != application.draft.version) {
        return Err(Rejection::Changed);
    }
    // Taking the draft away is what only one of two clicks can do; the other waits here and finds it gone.
    match drafts::delete(&mut tx, account, id).await {
        Ok(()) => {}
        Err(DraftError::Internal(error)) => return Err(error.into()),
        Err(_) => {
            drop(tx);
            let receipt = submitted(cx, id).await?;
            return receipt.ok_or(Rejection::Opening(open_draft::Rejection::NotFound));
        }
    }
    let (dossier, receipt) = submit::hand_in(&mut tx, cx, &ready).await?;
    if let Some(signed) = signed {
        let paper = signed.about(dossier.subject(), dossier.holder(), dossier.holder_name());
        songhan_documents::record(&mut tx, cx, paper).await?;
    }
    let body = serde_json::to_string(&receipt).map_err(Internal::new)?;
    if !songhan_db::keep_answer(&mut tx, &cx.actor.label(), &key(id), "submit_draft", 201, &body).await? {
        return Err(Internal::new("the answer to this draft is kept, but the draft was there").into());
    }
    cx.keep(&mut tx, 201, &receipt).await?;
    tx.commit().await?;
    Ok(receipt)
}
