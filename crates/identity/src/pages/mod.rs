//! Pages: sign in and out, register, one's account, the administrator's people. All work without JavaScript.

mod account;
mod days;
mod delegations;
mod for_others;
mod office_mandates;
mod people;
mod register;
mod reset;
mod rights;
mod security;
mod sign_in;

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use songhan_app::{Access, Cx, Problem, Route};
use songhan_base::{FieldError, Role};
use songhan_pages::{Flash, FlashKind};

use crate::account::wrong;
use crate::limits::TooMany;

/// Those who stand at a counter or answer for one.
pub(crate) const DESK: Access = Access::Roles(&[Role::Officer, Role::Leader]);

/// Those who keep the register of signatures of a unit.
pub(crate) const KEEPERS: Access = Access::Roles(&[Role::Leader, Role::Administrator]);

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/sign-in", sign_in::show, Access::Public),
        Route::post("/sign-in", sign_in::submit, Access::Public),
        Route::get("/sign-in/code", sign_in::show_code, Access::Public),
        Route::post("/sign-in/code", sign_in::submit_code, Access::Public),
        Route::post("/sign-out", sign_in::sign_out, Access::Public),
        Route::get("/sign-in/forgotten", reset::show_ask, Access::Public),
        Route::post("/sign-in/forgotten", reset::ask, Access::Public),
        Route::get("/sign-in/reset", reset::show_reset, Access::Public),
        Route::post("/sign-in/reset", reset::reset, Access::Public),
        Route::get("/account/reads", rights::reads, Access::SignedIn),
        Route::get("/account/export", rights::export, Access::SignedIn),
        Route::get("/account/export.json", crate::ops::export_me::export_me_handler, Access::SignedIn),
        Route::get("/account/corrections", rights::corrections, Access::SignedIn),
        Route::post("/account/corrections", rights::ask_correction, Access::SignedIn),
        Route::get("/admin/corrections", rights::open_corrections, Access::ADMINISTRATOR),
        Route::post("/admin/corrections/{id}", rights::decide, Access::ADMINISTRATOR),
        Route::post("/admin/people/{id}/erase", rights::erase, Access::ADMINISTRATOR),
        Route::get("/register", register::show, Access::Public),
        Route::post("/register", register::submit, Access::Public),
        Route::get("/account", account::show, Access::SignedIn),
        Route::get("/account/contact", account::show_contact, Access::SignedIn),
        Route::post("/account/contact", account::submit_contact, Access::SignedIn),
        Route::get("/account/password", account::show_password, Access::SignedIn),
        Route::post("/account/password", account::submit_password, Access::SignedIn),
        Route::get("/account/security", security::show, Access::SignedIn),
        Route::post("/account/security/sessions/{id}/end", security::end_session, Access::SignedIn),
        Route::get("/account/security/second-factor", security::show_offer, Access::SignedIn),
        Route::post("/account/security/second-factor", security::offer, Access::SignedIn),
        Route::post("/account/security/second-factor/confirm", security::confirm, Access::SignedIn),
        Route::get("/account/security/second-factor/remove", security::show_remove, Access::SignedIn),
        Route::post("/account/security/second-factor/remove", security::remove, Access::SignedIn),
        Route::get("/account/for-others", for_others::show, Access::SignedIn),
        Route::get("/account/for-others/grant", for_others::show_grant, Access::SignedIn),
        Route::post("/account/for-others/grant", for_others::submit_grant, Access::SignedIn),
        Route::get("/account/for-others/add", for_others::show_party, Access::SignedIn),
        Route::post("/account/for-others/add", for_others::submit_party, Access::SignedIn),
        Route::post("/account/for-others/{id}/accept", for_others::accept, Access::SignedIn),
        Route::post("/account/for-others/{id}/decline", for_others::decline, Access::SignedIn),
        Route::post("/account/for-others/{id}/end", for_others::end, Access::SignedIn),
        Route::get("/office/delegations", delegations::show, KEEPERS),
        Route::post("/office/delegations", delegations::give, KEEPERS),
        Route::get("/office/delegations/new", delegations::show_give, KEEPERS),
        Route::post("/office/delegations/{id}/end", delegations::end, KEEPERS),
        Route::get("/office/mandates", office_mandates::show, DESK),
        Route::post("/office/mandates/{id}/confirm", office_mandates::confirm, DESK),
        Route::post("/office/mandates/{id}/refuse", office_mandates::refuse, DESK),
        Route::get("/admin/people", people::search, Access::ADMINISTRATOR),
        Route::get("/admin/people/{id}", people::show, Access::ADMINISTRATOR),
        Route::post("/admin/people/{id}/grants", people::give, Access::ADMINISTRATOR),
        Route::post("/admin/people/{id}/close", people::close, Access::ADMINISTRATOR),
        Route::post("/admin/people/{id}/open", people::open, Access::ADMINISTRATOR),
        Route::post("/admin/grants/{id}/end", people::end, Access::ADMINISTRATOR),
    ]
}

/// A form that asks for nothing but the press of its button.
#[derive(Deserialize)]
pub struct Pressed {}

/// What was done just before, told once on the page that follows.
#[derive(Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    fn flash(&self, cx: &Cx) -> Option<Flash> {
        const KNOWN: &[&str] = &[
            "accepted",
            "correction",
            "decided",
            "erased",
            "reset",
            "declined",
            "delegated",
            "delegation-ended",
            "mandate-ended",
            "mandate-confirmed",
            "mandate-refused",
            "offered",
            "party",
            "registered",
            "contact",
            "password",
            "session",
            "enrolled",
            "removed",
            "given",
            "ended",
            "closed",
            "opened",
        ];
        let done = KNOWN.iter().find(|known| **known == self.done)?;
        Some(Flash { kind: FlashKind::Success, text: cx.t(&format!("identity-done-{done}")) })
    }
}

/// How a form that was refused is shown again: the status, and what is wrong.
struct Again {
    status: StatusCode,
    errors: Vec<FieldError>,
}

impl Again {
    fn fields(errors: Vec<FieldError>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, errors }
    }

    fn one(cx: &Cx, field: &str, code: &'static str) -> Self {
        Self::fields(vec![wrong(cx, field, code)])
    }

    fn too_many(cx: &Cx, field: &str, wait: std::time::Duration) -> Self {
        let seconds = (wait.as_secs() + 1).to_string();
        let text = cx.text(cx.lang, "identity-error-too-many", &[("seconds", &seconds)]);
        let errors = vec![FieldError::new(field, "too_many", text)];
        Self { status: StatusCode::TOO_MANY_REQUESTS, errors }
    }

    fn limited(cx: &Cx, field: &str, TooMany(wait): TooMany) -> Self {
        Self::too_many(cx, field, wait)
    }
}

/// `/path?next=…`, so that one who signs in arrives where they wanted to go.
fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() {
        return path.to_owned();
    }
    let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
    format!("{path}?next={next}")
}

/// `/path?name=value&…`.
fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let encode =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    format!("{path}?{}", query.join("&"))
}

/// A redirect that also sets a cookie.
fn with_cookies(mut response: Response, cookies: impl IntoIterator<Item = axum::http::HeaderValue>) -> Response {
    for cookie in cookies {
        response.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
    }
    response
}

/// What a page's handler answers.
type Answer = Result<Response, Problem>;
