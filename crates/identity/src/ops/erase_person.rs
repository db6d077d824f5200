//! Erase a person: at the end of its time a closed account's personal data goes, in every module; what it did stays, and
//! with the person's key the sealed parts of the audit log become unreadable, whose chain stays whole.

use axum::http::StatusCode;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal, Lang};

use crate::account::Account;
use crate::events::PersonErased;
use crate::grant::may_administer;
use crate::rules::Rules;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such account, or it is erased")]
    NoAccount,
    #[error("only an administrator of the whole city may do this")]
    Forbidden,
    #[error("only a closed account is erased, and not before {0}")]
    TooEarly(String),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NoAccount => Problem::not_found("account"),
            Self::Forbidden => Problem::new(StatusCode::FORBIDDEN, "forbidden", detail),
            Self::TooEarly(_) => Problem::conflict("retention", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// The first day on which a closed account may be erased; `None` while it is open, and once it is erased.
pub fn erasable_from(cx: &Cx, account: &Account) -> Option<Date> {
    if account.erased_at.is_some() || account.service.is_some() {
        return None;
    }
    let closed = account.closed_at?.0.to_zoned(cx.zone.clone()).date();
    closed.checked_add(cx.city.get::<Rules>().closed_account_years.years()).ok()
}

/// Erases it. There is no way back.
pub async fn erase_person(cx: &Cx, account: Id) -> Result<(), Rejection> {
    if !may_administer(&cx.actor, None) {
        return Err(Rejection::Forbidden);
    }
    let name = cx.text(Lang::Vi, "identity-erased-name", &[]);
    let mut tx = cx.begin().await?;
    let found =
        store::account(&mut tx, account).await?.filter(|found| found.service.is_none() && found.erased_at.is_none());
    let found = found.ok_or(Rejection::NoAccount)?;
    match erasable_from(cx, &found) {
        Some(day) if day <= cx.today() => {}
        Some(day) => return Err(Rejection::TooEarly(day.to_string())),
        None => return Err(Rejection::TooEarly("it is closed".to_owned())),
    }
    for erase in cx.modules.iter().filter_map(|module| module.erase) {
        erase(cx, &mut tx, account).await?;
    }
    store::erase_account(&mut tx, account, &name).await?;
    tx.audit("identity.person_erased", &format!("account:{account}"), json!({})).await?;
    tx.emit(PersonErased { account }).await?;
    tx.commit().await?;
    Ok(())
}
