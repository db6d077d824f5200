//! One's account: what the house knows, where to reach one, the password.

use serde::{Deserialize, Serialize};
use songhan_app::{Cx, PageForm, PageSpec, Query, redirect};
use songhan_base::{FieldError, Internal, Lang};

use super::register::{Choice, area_choices};
use super::{Again, Answer, Done};
use crate::account::{Account, Typed};
use crate::contact::phone_shown;
use crate::ops::{change_contact, change_password};
use crate::password::Unhashed;
use crate::store;

/// The account of whoever asks.
pub(super) async fn own(cx: &Cx) -> Result<Account, songhan_app::Problem> {
    let id = cx.person()?.account;
    Ok(store::account(&cx.db, id).await?.ok_or_else(|| Internal::new("the account is gone"))?)
}

#[derive(Serialize)]
struct View {
    name: String,
    citizen_id: String,
    passport: Option<String>,
    date_of_birth: Option<String>,
    phone: String,
    email: Option<String>,
    address: Option<String>,
    area: Option<String>,
    lang: Lang,
    roles: Vec<String>,
}

pub async fn show(cx: Cx, Query(done): Query<Done>) -> Answer {
    let account = own(&cx).await?;
    let area = account.area.as_deref().and_then(|code| cx.city.areas().full_name(code, cx.today(), cx.lang));
    let grants =
        cx.person()?.grants.iter().map(|grant| super::people::grant_in_words(&cx, grant.role, grant.unit.as_deref()));
    let view = View {
        name: account.name,
        citizen_id: account.citizen_id.map(String::from).unwrap_or_default(),
        passport: account.passport.map(|passport| format!("{} {}", passport.country, passport.number)),
        date_of_birth: account.date_of_birth.map(|day| day.to_string()),
        phone: account.phone.as_deref().map(phone_shown).unwrap_or_default(),
        email: account.email,
        address: account.address,
        area,
        lang: account.lang,
        roles: grants.collect(),
    };
    let spec = PageSpec::titled(cx.t("identity-account")).flash(done.flash(&cx));
    cx.page("identity/account.html", spec, view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ContactForm {
    phone: String,
    email: String,
    address: String,
    area: String,
    lang: String,
}

#[derive(Serialize)]
struct ContactView<'a> {
    phone: &'a str,
    email: &'a str,
    address: &'a str,
    area: &'a str,
    lang: &'a str,
    areas: Vec<Choice>,
    errors: &'a [FieldError],
}

async fn contact_page(cx: &Cx, form: &ContactForm, errors: &[FieldError]) -> Answer {
    let ContactForm { phone, email, address, area, lang } = form;
    let mut spec = PageSpec::titled(cx.t("identity-contact")).crumb("/account", cx.t("identity-account"));
    if !errors.is_empty() {
        spec = spec.status(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    }
    let view = ContactView { phone, email, address, area, lang, areas: area_choices(cx), errors };
    cx.page("identity/contact.html", spec, view).await
}

pub async fn show_contact(cx: Cx) -> Answer {
    let account = own(&cx).await?;
    let form = ContactForm {
        phone: account.phone.as_deref().map(phone_shown).unwrap_or_default(),
        email: account.email.unwrap_or_default(),
        address: account.address.unwrap_or_default(),
        area: account.area.unwrap_or_default(),
        lang: account.lang.tag().to_owned(),
    };
    contact_page(&cx, &form, &[]).await
}

pub async fn submit_contact(cx: Cx, PageForm(form): PageForm<ContactForm>) -> Answer {
    let account = cx.person()?.account;
    let ContactForm { phone, email, address, area, lang } = &form;
    let typed = Typed {
        phone: phone.clone(),
        email: email.clone(),
        address: address.clone(),
        area: area.clone(),
        ..Typed::default()
    };
    let lang = Lang::from_tag(lang).unwrap_or(cx.lang);
    match change_contact::change_contact(&cx, account, &typed, lang).await {
        Ok(()) => Ok(redirect("/account?done=contact")),
        Err(change_contact::Rejection::Invalid(errors)) => contact_page(&cx, &form, &errors).await,
        Err(change_contact::Rejection::Internal(error)) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    present_password: String,
    new_password: String,
}

#[derive(Serialize)]
struct PasswordView {
    errors: Vec<FieldError>,
}

async fn password_page(cx: &Cx, again: Option<Again>) -> Answer {
    let mut spec = PageSpec::titled(cx.t("identity-password-change")).crumb("/account", cx.t("identity-account"));
    let errors = again.map_or_else(Vec::new, |again| {
        spec = std::mem::take(&mut spec).status(again.status);
        again.errors
    });
    cx.page("identity/password.html", spec, PasswordView { errors }).await
}

pub async fn show_password(cx: Cx) -> Answer {
    password_page(&cx, None).await
}

pub async fn submit_password(cx: Cx, PageForm(form): PageForm<PasswordForm>) -> Answer {
    let (account, session) = (cx.person()?.account, cx.person()?.session);
    let changed =
        change_password::change_password(&cx, account, session, &form.present_password, &form.new_password).await;
    match changed {
        Ok(()) => Ok(redirect("/account/security?done=password")),
        Err(rejection) => password_page(&cx, Some(again(&cx, "present_password", rejection)?)).await,
    }
}

/// What a refused proof looks like in its form.
pub(super) fn again(
    cx: &Cx,
    field: &str,
    rejection: change_password::Rejection,
) -> Result<Again, songhan_app::Problem> {
    use change_password::Rejection;
    Ok(match rejection {
        Rejection::Invalid(errors) => Again::fields(errors),
        Rejection::TooMany(wait) => Again::limited(cx, field, wait),
        Rejection::Unhashed(Unhashed::Busy(wait)) => Again::too_many(cx, field, wait),
        Rejection::Unhashed(Unhashed::Internal(error)) | Rejection::Internal(error) => return Err(error.into()),
    })
}
