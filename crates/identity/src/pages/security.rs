//! Security: where one is signed in, and the second factor.

use serde::{Deserialize, Serialize};
use songhan_app::{Cx, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Id};

use super::{Again, Answer, Done, Pressed};
use crate::ops::enrol_second_factor::{self as enrol, Rejection};
use crate::ops::list_sessions::{Session, list_sessions};
use crate::ops::{end_session as ending, remove_second_factor};
use crate::settings::Settings;
use crate::store;

const HERE: &str = "/account/security";
const OFFER: &str = "/account/security/second-factor";

#[derive(Serialize)]
struct View {
    sessions: Vec<Session>,
    second_factor: bool,
    recovery_codes: i64,
    /// A role of this person sleeps until a second factor is set up.
    needed: bool,
}

pub async fn show(cx: Cx, Query(done): Query<Done>) -> Answer {
    let account = cx.person()?.account;
    let factor = store::second_factor(&cx.db, account).await?.filter(|factor| factor.confirmed_at.is_some());
    let today = cx.today();
    let required = &Settings::of(&cx).require_totp;
    let grants = store::grants_of(&cx.db, account).await?;
    let needed = grants.iter().any(|grant| grant.is_in_force(today) && required.contains(&grant.role));
    let view = View {
        sessions: list_sessions(&cx).await?,
        second_factor: factor.is_some(),
        recovery_codes: store::recovery_codes_left(&cx.db, account).await?,
        needed: needed && factor.is_none(),
    };
    let spec =
        PageSpec::titled(cx.t("identity-security")).crumb("/account", cx.t("identity-account")).flash(done.flash(&cx));
    cx.page("identity/security.html", spec, view).await
}

pub async fn end_session(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    match ending::end_session(&cx, id).await {
        // Pressed twice, or the session has just expired: it is gone either way.
        Err(problem) if problem.status() != axum::http::StatusCode::NOT_FOUND => Err(problem),
        _ => Ok(redirect("/account/security?done=session")),
    }
}

#[derive(Serialize)]
struct OfferView {
    secret: String,
    url: String,
    errors: Vec<FieldError>,
}

async fn offer_page(cx: &Cx, again: Option<Again>) -> Answer {
    let Some(offer) = enrol::offered(cx, cx.person()?.account).await? else { return Ok(redirect(HERE)) };
    let mut spec = PageSpec::titled(cx.t("identity-enrol")).crumb(HERE, cx.t("identity-security"));
    let errors = again.map_or_else(Vec::new, |again| {
        spec = std::mem::take(&mut spec).status(again.status);
        again.errors
    });
    // In groups of four, as people type it.
    let groups: Vec<String> =
        offer.secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    let view = OfferView { secret: groups.join(" "), url: offer.url, errors };
    cx.page("identity/enrol.html", spec, view).await
}

pub async fn show_offer(cx: Cx) -> Answer {
    offer_page(&cx, None).await
}

pub async fn offer(cx: Cx, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    match enrol::offer(&cx, cx.person()?.account).await {
        Ok(()) => Ok(redirect(OFFER)),
        Err(rejection) => refused(&cx, rejection).map(|_| redirect(HERE)),
    }
}

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Serialize)]
struct CodesView {
    codes: Vec<String>,
}

pub async fn confirm(cx: Cx, PageForm(form): PageForm<CodeForm>) -> Answer {
    let (account, session) = (cx.person()?.account, cx.person()?.session);
    match enrol::confirm(&cx, account, session, &form.code).await {
        Ok(codes) => {
            let spec = PageSpec::titled(cx.t("identity-recovery")).crumb(HERE, cx.t("identity-security"));
            cx.page("identity/recovery.html", spec, CodesView { codes }).await
        }
        Err(rejection) => {
            let again = refused(&cx, rejection)?;
            offer_page(&cx, again).await
        }
    }
}

/// What a refused set-up looks like; nothing when the account has a second factor already.
fn refused(cx: &Cx, rejection: Rejection) -> Result<Option<Again>, Problem> {
    Ok(match rejection {
        Rejection::Invalid(errors) => Some(Again::fields(errors)),
        Rejection::Confirmed => None,
        Rejection::TooMany(wait) => Some(Again::limited(cx, "code", wait)),
        Rejection::Internal(error) => return Err(error.into()),
    })
}

#[derive(Serialize)]
struct RemoveView {
    errors: Vec<FieldError>,
}

async fn remove_page(cx: &Cx, again: Option<Again>) -> Answer {
    let mut spec = PageSpec::titled(cx.t("identity-remove")).crumb(HERE, cx.t("identity-security"));
    let errors = again.map_or_else(Vec::new, |again| {
        spec = std::mem::take(&mut spec).status(again.status);
        again.errors
    });
    cx.page("identity/remove.html", spec, RemoveView { errors }).await
}

pub async fn show_remove(cx: Cx) -> Answer {
    remove_page(&cx, None).await
}

#[derive(Deserialize)]
pub struct RemoveForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

pub async fn remove(cx: Cx, PageForm(form): PageForm<RemoveForm>) -> Answer {
    let account = cx.person()?.account;
    match remove_second_factor::remove(&cx, account, &form.password, &form.code).await {
        Ok(()) => Ok(redirect("/account/security?done=removed")),
        Err(rejection) => remove_page(&cx, Some(super::account::again(&cx, "password", rejection)?)).await,
    }
}
