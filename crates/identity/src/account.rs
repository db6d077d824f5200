//! Tài khoản: what the house knows of a person, and what a new account needs.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use songhan_app::Cx;
use songhan_base::{CitizenId, FieldError, Id, Lang, clean_line};
use songhan_db::At;

use crate::contact;
use crate::password::PasswordHash;

/// An account as others see it; no secret is in it.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    pub id: Id,
    pub name: String,
    /// Missing for service accounts only.
    pub citizen_id: Option<CitizenId>,
    pub date_of_birth: Option<Date>,
    /// In international form; see [`contact::phone_shown`].
    pub phone: Option<String>,
    pub email: Option<String>,
    /// House and street.
    pub address: Option<String>,
    /// Code of the area of residence.
    pub area: Option<String>,
    /// The language of notices.
    pub lang: Lang,
    pub created_at: At,
    /// A closed account cannot sign in; what it did stays.
    pub closed_at: Option<At>,
    /// Name of the service account, for a token of the command line.
    pub service: Option<String>,
}

impl Account {
    /// What a form takes from the account: keys as forms declare them, `account.name` to `account.area`.
    pub fn answers(&self) -> BTreeMap<&'static str, String> {
        let entries = [
            ("account.name", Some(self.name.clone())),
            ("account.citizen_id", self.citizen_id.clone().map(String::from)),
            ("account.date_of_birth", self.date_of_birth.map(|day| day.to_string())),
            ("account.phone", self.phone.as_deref().map(contact::phone_shown)),
            ("account.email", self.email.clone()),
            ("account.address", self.address.clone()),
            ("account.area", self.area.clone()),
        ];
        entries.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

/// What people type for a new account, not yet looked at.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub name: String,
    pub citizen_id: String,
    /// `2001-05-04`.
    pub date_of_birth: String,
    pub phone: String,
    pub email: String,
    pub address: String,
    pub area: String,
}

/// A new account's data, checked. Made by [`check`] and, for the demo, by hand.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub name: String,
    pub citizen_id: CitizenId,
    pub date_of_birth: Date,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub area: Option<String>,
    pub lang: Lang,
    /// Without one nobody can sign in to it yet.
    pub password: Option<PasswordHash>,
}

/// Where people can be reached and live: what they may change by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub area: Option<String>,
}

/// An error of a field in the language of the request. Its text stands under `identity-error-CODE-FIELD`, so that the
/// summary of a page names the field, or under `identity-error-CODE` where the code says enough.
pub(crate) fn wrong(cx: &Cx, field: &str, code: &'static str) -> FieldError {
    let key = format!("identity-error-{}", code.replace('_', "-"));
    let of_field = format!("{key}-{}", field.replace('_', "-"));
    let text = cx.renderer.texts().find(cx.lang, &of_field, None).map(std::borrow::Cow::into_owned);
    FieldError::new(field, code, text.unwrap_or_else(|| cx.t(&key)))
}

/// Checks what was typed; all that is wrong is told at once.
pub fn check(cx: &Cx, typed: &Typed) -> Result<NewAccount, Vec<FieldError>> {
    let mut errors = Vec::new();
    let name = contact::name(&typed.name).map_err(|code| errors.push(wrong(cx, "name", code)));
    let citizen_id = citizen_id(cx, &typed.citizen_id).map_err(|code| errors.push(wrong(cx, "citizen_id", code)));
    let date_of_birth =
        date_of_birth(cx, &typed.date_of_birth).map_err(|code| errors.push(wrong(cx, "date_of_birth", code)));
    if let (Ok(id), Ok(day)) = (&citizen_id, &date_of_birth)
        && id.birth_year() != day.year()
    {
        errors.push(wrong(cx, "date_of_birth", "date_of_birth_mismatch"));
    }
    let contact = check_contact(cx, typed).map_err(|more| errors.extend(more));
    match (name, citizen_id, date_of_birth, contact) {
        (Ok(name), Ok(citizen_id), Ok(date_of_birth), Ok(contact)) if errors.is_empty() => {
            let Contact { phone, email, address, area } = contact;
            Ok(NewAccount {
                name,
                citizen_id,
                date_of_birth,
                phone,
                email,
                address,
                area,
                lang: cx.lang,
                password: None,
            })
        }
        _ => Err(errors),
    }
}

/// Checks telephone, e-mail, address and area; each may be left out.
pub fn check_contact(cx: &Cx, typed: &Typed) -> Result<Contact, Vec<FieldError>> {
    let given = |text: &str| Some(clean_line(text)).filter(|text| !text.is_empty());
    let (mut errors, mut contact) = (Vec::new(), Contact::default());
    if let Some(text) = given(&typed.phone) {
        contact.phone = contact::phone(&text);
        if contact.phone.is_none() {
            errors.push(wrong(cx, "phone", "phone_form"));
        }
    }
    if let Some(text) = given(&typed.email) {
        contact.email = contact::email(&text);
        if contact.email.is_none() {
            errors.push(wrong(cx, "email", "email_form"));
        }
    }
    contact.address = given(&typed.address);
    if contact.address.as_ref().is_some_and(|address| address.chars().count() > 200) {
        errors.push(wrong(cx, "address", "too_long"));
    }
    contact.area = given(&typed.area);
    if let Some(area) = &contact.area
        && !cx.city.areas().at(area, cx.today()).is_some_and(|area| area.kind.is_commune_level())
    {
        errors.push(wrong(cx, "area", "area_unknown"));
    }
    if errors.is_empty() { Ok(contact) } else { Err(errors) }
}

fn citizen_id(cx: &Cx, typed: &str) -> Result<CitizenId, &'static str> {
    use songhan_base::CitizenIdError as E;
    let typed = clean_line(typed);
    if typed.is_empty() {
        return Err("required");
    }
    CitizenId::parse(&typed, cx.today().year()).map_err(|error| match error {
        E::Form => "citizen_id_form",
        E::Province => "citizen_id_province",
        E::Future => "citizen_id_future",
    })
}

fn date_of_birth(cx: &Cx, typed: &str) -> Result<Date, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err("required");
    }
    let day: Date = typed.parse().map_err(|_| "date_form")?;
    match day {
        day if day > cx.today() => Err("date_of_birth_future"),
        day if day.year() < 1900 => Err("date_form"),
        day => Ok(day),
    }
}

/// Checks a new password against the rules and the person's own data.
pub fn check_password(cx: &Cx, field: &str, password: &str, own: &[&str]) -> Result<(), FieldError> {
    crate::password::check_rules(password, own).map_err(|code| wrong(cx, field, code))
}

/// What others may know of a person, and so no password may hold.
pub fn own_data(
    name: &str,
    citizen_id: &str,
    day: Option<Date>,
    phone: Option<&str>,
    email: Option<&str>,
) -> Vec<String> {
    let mut own = vec![name.to_owned(), citizen_id.to_owned()];
    if let Some(day) = day {
        let (y, m, d) = (day.year(), day.month(), day.day());
        own.extend([format!("{d:02}{m:02}{y}"), format!("{y}{m:02}{d:02}")]);
    }
    own.extend(phone.map(|phone| phone.trim_start_matches("+84").to_owned()));
    own.extend(email.and_then(|email| email.split('@').next()).map(str::to_owned));
    own
}
