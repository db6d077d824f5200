//! Sign in, give the code, sign out.

use axum::Extension;
use axum::http::HeaderMap;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use songhan_app::{Client, Cx, PageForm, PageSpec, Problem, Query, SESSION, redirect};
use songhan_base::FieldError;
use songhan_city::DemoPeople;

use super::{Again, Answer, Done, Pressed, with_cookies, with_next};
use crate::ops::sign_in::{self, Rejection, SignedIn, Via};
use crate::password::Unhashed;
use crate::session::{self, SessionKind};

/// Cookie of half a sign-in: the password was right, the code is awaited.
const HALF: &str = "songhan_half";
const HALF_PATH: &str = "/sign-in";

#[derive(Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    pub next: String,
}

#[derive(Deserialize)]
pub struct Form {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Serialize)]
struct View<'a> {
    login: &'a str,
    next: &'a str,
    register: String,
    errors: &'a [FieldError],
    demo: Vec<DemoRow>,
    demo_password: &'a str,
}

/// Someone of the demo, to be signed in by one press.
#[derive(Serialize)]
struct DemoRow {
    name: String,
    role: String,
    unit: String,
    login: String,
}

/// The people a visitor of the demo may be; nobody elsewhere.
fn demo_rows(cx: &Cx) -> Vec<DemoRow> {
    if !cx.config.demo {
        return Vec::new();
    }
    let row = |person: &songhan_city::DemoPerson| DemoRow {
        name: person.name.clone(),
        role: cx.t(&format!("role-{}", person.role)),
        unit: person
            .unit
            .as_deref()
            .and_then(|code| cx.city.agencies().get(code))
            .map(|unit| unit.name.get(cx.lang).to_owned())
            .unwrap_or_default(),
        login: person.citizen_id.as_str().to_owned(),
    };
    cx.city.get::<DemoPeople>().iter().map(row).collect()
}

async fn page(cx: &Cx, login: &str, next: &str, again: Option<Again>) -> Answer {
    page_after(cx, login, next, again, &Done::default()).await
}

async fn page_after(cx: &Cx, login: &str, next: &str, again: Option<Again>, done: &Done) -> Answer {
    let mut spec = PageSpec::titled(cx.t("identity-sign-in")).flash(done.flash(cx));
    let errors = again.map_or_else(Vec::new, |again| {
        spec = std::mem::take(&mut spec).status(again.status);
        again.errors
    });
    let demo_password = &cx.city.get::<DemoPeople>().password;
    let view = View {
        login,
        next,
        register: with_next("/register", next),
        errors: &errors,
        demo: demo_rows(cx),
        demo_password: if cx.config.demo { demo_password } else { "" },
    };
    cx.page("identity/sign-in.html", spec, view).await
}

pub async fn show(cx: Cx, Query(Next { next }): Query<Next>, Query(done): Query<Done>) -> Answer {
    if cx.actor.person().is_some() {
        return Ok(redirect(&next));
    }
    page_after(&cx, "", &next, None, &done).await
}

pub async fn submit(
    cx: Cx,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    PageForm(form): PageForm<Form>,
) -> Answer {
    let input = sign_in::Input { login: form.login, password: form.password, totp: None };
    let next = &form.next;
    let again = match sign_in::sign_in(&cx, &input, &via(client, &headers)).await {
        Ok(SignedIn::Done { opened, .. }) => return Ok(arrive(&cx, next, &opened.secret)),
        Ok(SignedIn::CodeAwaited { half }) => {
            let cookie = session::private_cookie(&cx, HALF, HALF_PATH, Some(&half));
            return Ok(with_cookies(redirect(&with_next("/sign-in/code", next)), [cookie]));
        }
        Err(rejection) => again(&cx, "login", rejection)?,
    };
    page(&cx, &input.login, next, Some(again)).await
}

fn via(client: Client, headers: &HeaderMap) -> Via {
    let replaces = CookieJar::from_headers(headers).get(SESSION).map(|cookie| cookie.value().to_owned());
    Via { replaces, ..Via::new(SessionKind::Browser, client, headers) }
}

fn arrive(cx: &Cx, next: &str, secret: &str) -> Response {
    let half = session::private_cookie(cx, HALF, HALF_PATH, None);
    with_cookies(redirect(next), [session::cookie(cx, Some(secret)), half])
}

/// What a refused sign-in looks like in its form.
fn again(cx: &Cx, field: &str, rejection: Rejection) -> Result<Again, Problem> {
    Ok(match rejection {
        Rejection::Wrong => Again::one(cx, field, "sign_in_wrong"),
        Rejection::CodeMissing | Rejection::CodeWrong => Again::one(cx, field, "code_wrong"),
        Rejection::Stale => Again::one(cx, field, "sign_in_stale"),
        Rejection::TooMany(wait) => Again::limited(cx, field, wait),
        Rejection::Unhashed(Unhashed::Busy(wait)) => Again::too_many(cx, field, wait),
        Rejection::Unhashed(Unhashed::Internal(error)) | Rejection::Internal(error) => return Err(error.into()),
    })
}

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

#[derive(Serialize)]
struct CodeView<'a> {
    next: &'a str,
    errors: &'a [FieldError],
}

async fn code_page(cx: &Cx, next: &str, again: Option<Again>) -> Answer {
    let mut spec =
        PageSpec::titled(cx.t("identity-code-title")).crumb(with_next("/sign-in", next), cx.t("identity-sign-in"));
    let errors = again.map_or_else(Vec::new, |again| {
        spec = std::mem::take(&mut spec).status(again.status);
        again.errors
    });
    cx.page("identity/code.html", spec, CodeView { next, errors: &errors }).await
}

pub async fn show_code(cx: Cx, headers: HeaderMap, Query(Next { next }): Query<Next>) -> Answer {
    if CookieJar::from_headers(&headers).get(HALF).is_none() {
        return Ok(redirect(&with_next("/sign-in", &next)));
    }
    code_page(&cx, &next, None).await
}

pub async fn submit_code(
    cx: Cx,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    PageForm(form): PageForm<CodeForm>,
) -> Answer {
    let half = CookieJar::from_headers(&headers).get(HALF).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    match sign_in::finish(&cx, &half, &form.code, &via(client, &headers)).await {
        Ok(opened) => Ok(arrive(&cx, &form.next, &opened.secret)),
        // The password is to be given again.
        Err(rejection @ Rejection::Stale) => page(&cx, "", &form.next, Some(again(&cx, "login", rejection)?)).await,
        Err(rejection) => code_page(&cx, &form.next, Some(again(&cx, "code", rejection)?)).await,
    }
}

pub async fn sign_out(cx: Cx, headers: HeaderMap, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    if let Some(cookie) = CookieJar::from_headers(&headers).get(SESSION) {
        crate::ops::end_session::sign_out(&cx, cookie.value()).await?;
    }
    Ok(with_cookies(redirect("/"), [session::cookie(&cx, None)]))
}
