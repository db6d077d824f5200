//! Change contact: where someone can be reached and lives.

use serde_json::json;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal, Lang};

use crate::account::{Typed, check_contact, wrong};
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("some of the data does not fit; correct the fields named")]
    Invalid(Vec<FieldError>),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Invalid(errors) => Problem::invalid("contact_invalid", detail, errors),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Changes the account's (one's own) telephone, e-mail, address, area and language of notices.
pub async fn change_contact(cx: &Cx, account: Id, typed: &Typed, lang: Lang) -> Result<(), Rejection> {
    let contact = check_contact(cx, typed).map_err(Rejection::Invalid)?;
    let mut tx = cx.begin().await?;
    let taken = store::taken(
        &mut tx,
        Some(account),
        store::Paper::default(),
        contact.phone.as_deref(),
        contact.email.as_deref(),
    )
    .await?;
    if !taken.is_empty() {
        return Err(Rejection::Invalid(taken.into_iter().map(|field| wrong(cx, field, "taken")).collect()));
    }
    match store::set_contact(&mut tx, account, &contact, lang).await {
        // Someone else took the number or address between the look and the write.
        Err(error) if songhan_db::unique_violation(&error) => {
            return Err(Rejection::Invalid(vec![wrong(cx, "email", "taken")]));
        }
        other => other?,
    }
    tx.audit("identity.contact_changed", &format!("account:{account}"), json!({})).await?;
    tx.commit().await?;
    Ok(())
}
