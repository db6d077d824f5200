//! A forgotten password: ask for a code, then set a new one by it. Nothing here tells whether an account exists.

use axum::Extension;
use serde::{Deserialize, Serialize};
use songhan_app::{Client, Cx, PageForm, PageSpec, Problem, Query, redirect};
use songhan_base::FieldError;

use super::{Again, Answer, with_query};
use crate::ops::reset_password::{self, Rejection};
use crate::password::Unhashed;
use crate::rules::Rules;

#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    login: String,
}

#[derive(Serialize)]
struct AskView<'a> {
    login: &'a str,
    errors: Vec<FieldError>,
}

fn again(cx: &Cx, field: &str, rejection: Rejection) -> Result<Again, Problem> {
    Ok(match rejection {
        Rejection::Invalid(errors) => Again::fields(errors),
        Rejection::TooMany(wait) => Again::limited(cx, field, wait),
        Rejection::Unhashed(Unhashed::Busy(wait)) => Again::too_many(cx, field, wait),
        Rejection::Unhashed(Unhashed::Internal(error)) | Rejection::Internal(error) => return Err(error.into()),
    })
}

async fn ask_page(cx: &Cx, login: &str, again: Option<Again>) -> Answer {
    let mut spec = PageSpec::titled(cx.t("identity-forgotten")).crumb("/sign-in", cx.t("identity-sign-in"));
    let errors = again.map_or_else(Vec::new, |again| {
        spec = std::mem::take(&mut spec).status(again.status);
        again.errors
    });
    cx.page("identity/forgotten.html", spec, AskView { login, errors }).await
}

pub async fn show_ask(cx: Cx) -> Answer {
    ask_page(&cx, "", None).await
}

pub async fn ask(cx: Cx, Extension(client): Extension<Client>, PageForm(form): PageForm<Asked>) -> Answer {
    match reset_password::ask(&cx, &form.login, client.0).await {
        Ok(()) => Ok(redirect(&with_query("/sign-in/reset", &[("login", &form.login)]))),
        Err(rejection) => ask_page(&cx, &form.login, Some(again(&cx, "login", rejection)?)).await,
    }
}

#[derive(Serialize)]
struct ResetView<'a> {
    login: &'a str,
    minutes: String,
    errors: Vec<FieldError>,
}

async fn reset_page(cx: &Cx, login: &str, again: Option<Again>) -> Answer {
    let mut spec = PageSpec::titled(cx.t("identity-reset")).crumb("/sign-in", cx.t("identity-sign-in"));
    let errors = again.map_or_else(Vec::new, |again| {
        spec = std::mem::take(&mut spec).status(again.status);
        again.errors
    });
    let minutes = cx.city.get::<Rules>().reset_minutes.to_string();
    cx.page("identity/reset.html", spec, ResetView { login, minutes, errors }).await
}

pub async fn show_reset(cx: Cx, Query(Asked { login }): Query<Asked>) -> Answer {
    reset_page(&cx, &login, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Form {
    login: String,
    code: String,
    password: String,
}

pub async fn reset(cx: Cx, Extension(client): Extension<Client>, PageForm(form): PageForm<Form>) -> Answer {
    match reset_password::reset(&cx, &form.login, &form.code, &form.password, client.0).await {
        Ok(()) => Ok(redirect("/sign-in?done=reset")),
        Err(rejection) => reset_page(&cx, &form.login, Some(again(&cx, "code", rejection)?)).await,
    }
}
