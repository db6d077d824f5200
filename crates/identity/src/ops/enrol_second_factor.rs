//! Enrol a second factor: a secret is offered as a QR code, the first code from it confirms that it arrived.

use serde_json::json;
use songhan_app::Cx;
use songhan_base::{FieldError, Id, Internal};

use crate::account::wrong;
use crate::limits::{Limits, TooMany};
use crate::ops::change_password::end_others;
use crate::ops::sign_in::use_code;
use crate::{factor_secret, store, totp};

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the code does not fit; correct the fields named")]
    Invalid(Vec<FieldError>),
    #[error("the account has a second factor; remove it before another is set up")]
    Confirmed,
    #[error("too many wrong codes; try again in {} seconds", .0.0.as_secs() + 1)]
    TooMany(TooMany),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What is shown while a second factor is offered.
pub struct Offer {
    /// In base32, to type by hand.
    pub secret: String,
    /// `otpauth://…`, for the QR code.
    pub url: String,
}

/// Offers a new secret to the account; nothing changes until it is confirmed.
pub async fn offer(cx: &Cx, account: Id) -> Result<(), Rejection> {
    let secret = factor_secret::seal(cx, account, &totp::new_secret(&cx.env))?;
    let mut tx = cx.begin().await?;
    if !store::offer_second_factor(&mut tx, account, &secret).await? {
        return Err(Rejection::Confirmed);
    }
    tx.commit().await?;
    Ok(())
}

/// The secret that is offered and not confirmed, if any.
pub async fn offered(cx: &Cx, account: Id) -> Result<Option<Offer>, Internal> {
    let factor = store::second_factor(&cx.db, account).await?.filter(|factor| factor.confirmed_at.is_none());
    let Some(factor) = factor else { return Ok(None) };
    let found = store::account(&cx.db, account).await?.ok_or_else(|| Internal::new("the account is gone"))?;
    let label = found.email.or(found.phone).unwrap_or(found.name);
    let issuer = cx.city.manifest().short_name.get(cx.lang);
    let secret = factor_secret::open(cx, account, &factor.secret)?;
    let url = totp::enrol_url(&secret, &label, issuer)?;
    Ok(Some(Offer { secret, url }))
}

/// Confirms the offered secret by its first code; answers the recovery codes, told once. Other sessions, which were
/// opened without a code, end; `session` is from now on one with a second factor.
pub async fn confirm(cx: &Cx, account: Id, session: Id, code: &str) -> Result<Vec<String>, Rejection> {
    Limits::of(cx).proof(&account.to_string()).map_err(Rejection::TooMany)?;
    let codes = totp::recovery_codes(&cx.env);
    let hashes: Vec<String> = codes.iter().filter_map(|code| totp::recovery_hash(code)).collect();
    let mut tx = cx.begin().await?;
    let factor = store::second_factor(&mut tx, account).await?;
    if factor.is_none_or(|factor| factor.confirmed_at.is_some()) {
        return Err(Rejection::Confirmed);
    }
    if !use_code(&mut tx, cx, account, code).await? {
        return Err(Rejection::Invalid(vec![wrong(cx, "code", "code_wrong")]));
    }
    store::confirm_second_factor(&mut tx, account).await?;
    store::set_recovery_codes(&mut tx, account, &hashes).await?;
    store::strengthen_session(&mut tx, session).await?;
    end_others(&mut tx, account, session).await?;
    tx.audit("identity.second_factor_added", &format!("account:{account}"), json!({})).await?;
    tx.commit().await?;
    Ok(codes)
}
