//! Tài khoản: what the house knows of a person, and what a new account needs.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use songhan_app::Cx;
use songhan_base::{CitizenId, FieldError, Id, Lang, clean_line};
use songhan_db::At;

use crate::born::Born;
use crate::password::PasswordHash;
use crate::person_kind::{Passport, PersonKind};
use crate::{contact, store};

/// An account as others see it; no secret is in it.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    pub id: Id,
    pub name: String,
    /// Missing for service accounts, and for who has a passport instead.
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
    /// Citizen, overseas Vietnamese or foreigner.
    pub kind: PersonKind,
    /// Of people without a citizen id.
    pub passport: Option<Passport>,
    /// Where the papers tell no day of birth.
    pub birth_year: Option<i16>,
    /// The personal data is gone for good.
    pub erased_at: Option<At>,
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
    /// `citizen`, `overseas` or `foreigner`; empty is a citizen.
    pub kind: String,
    /// Two letters, for a passport.
    pub passport_country: String,
    /// Instead of a citizen id, of who is no citizen living here.
    pub passport: String,
}

/// A citizen's new account, checked: of the demo and of tests.
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

/// A person to be known from now on, checked: by a citizen id or a passport.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub kind: PersonKind,
    pub name: String,
    pub citizen_id: Option<CitizenId>,
    pub passport: Option<Passport>,
    pub born: Born,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub area: Option<String>,
    pub lang: Lang,
    /// Without one nobody can sign in to it yet.
    pub password: Option<PasswordHash>,
}

impl NewPerson {
    /// What they are known by.
    pub(crate) fn paper(&self) -> store::Paper<'_> {
        store::Paper { citizen_id: self.citizen_id.as_ref().map(CitizenId::as_str), passport: self.passport.as_ref() }
    }

    /// The number as others may see it.
    pub(crate) fn masked(&self) -> String {
        let passport = || self.passport.as_ref().map(Passport::masked).unwrap_or_default();
        self.citizen_id.as_ref().map_or_else(passport, CitizenId::masked)
    }
}

impl From<NewAccount> for NewPerson {
    fn from(new: NewAccount) -> Self {
        let NewAccount { name, citizen_id, date_of_birth, phone, email, address, area, lang, password } = new;
        let (kind, citizen_id, born) = (PersonKind::Citizen, Some(citizen_id), Born::Day(date_of_birth));
        Self { kind, name, citizen_id, passport: None, born, phone, email, address, area, lang, password }
    }
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
pub fn check(cx: &Cx, typed: &Typed) -> Result<NewPerson, Vec<FieldError>> {
    check_person(cx, typed, false)
}

/// The same; at a counter the year of birth may stand alone, and nobody needs to be reached.
pub(crate) fn check_person(cx: &Cx, typed: &Typed, at_counter: bool) -> Result<NewPerson, Vec<FieldError>> {
    let mut errors = Vec::new();
    let name = contact::name(&typed.name).map_err(|code| errors.push(wrong(cx, "name", code)));
    let kind =
        if typed.kind.trim().is_empty() { Some(PersonKind::Citizen) } else { PersonKind::read(typed.kind.trim()) };
    if kind.is_none() {
        errors.push(wrong(cx, "kind", "required"));
    }
    let paper = paper(cx, kind.unwrap_or_default(), typed).map_err(|(field, code)| errors.push(wrong(cx, field, code)));
    let born = Born::parse(&typed.date_of_birth, cx.today())
        .and_then(|born| if at_counter || born.day().is_some() { Ok(born) } else { Err("date_form") })
        .map_err(|code| errors.push(wrong(cx, "date_of_birth", code)));
    if let (Ok((Some(id), _)), Ok(born)) = (&paper, &born)
        && id.birth_year() != born.year()
    {
        errors.push(wrong(cx, "date_of_birth", "date_of_birth_mismatch"));
    }
    let contact = check_contact(cx, typed).map_err(|more| errors.extend(more));
    // They sign in by one of the two: a passport's number is not theirs alone.
    if let (false, Ok((None, _)), Ok(Contact { phone: None, email: None, .. })) = (at_counter, &paper, &contact) {
        errors.push(wrong(cx, "email", "reach_needed"));
    }
    match (name, kind, paper, born, contact) {
        (Ok(name), Some(kind), Ok((citizen_id, passport)), Ok(born), Ok(contact)) if errors.is_empty() => {
            let Contact { phone, email, address, area } = contact;
            let (lang, password) = (cx.lang, None);
            Ok(NewPerson { kind, name, citizen_id, passport, born, phone, email, address, area, lang, password })
        }
        _ => Err(errors),
    }
}

/// The paper by which someone of this kind is known: a citizen's number, or of the others perhaps a passport.
fn paper(
    cx: &Cx,
    kind: PersonKind,
    typed: &Typed,
) -> Result<(Option<CitizenId>, Option<Passport>), (&'static str, &'static str)> {
    let has_passport = kind != PersonKind::Citizen && !clean_line(&typed.passport).is_empty();
    let number_missing = clean_line(&typed.citizen_id).is_empty();
    match kind {
        PersonKind::Foreigner if !has_passport => Err(("passport", "required")),
        PersonKind::Overseas if !has_passport && number_missing => Err(("passport", "paper_needed")),
        _ => {
            let passport =
                if has_passport { Some(Passport::parse(&typed.passport_country, &typed.passport)?) } else { None };
            let number = if passport.is_some() && number_missing || kind == PersonKind::Foreigner {
                None
            } else {
                Some(citizen_id(cx, &typed.citizen_id).map_err(|code| ("citizen_id", code))?)
            };
            Ok((number, passport))
        }
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
    match check_place(cx, &typed.address, &typed.area) {
        Ok(place) => (contact.address, contact.area) = place,
        Err(more) => errors.extend(more),
    }
    if errors.is_empty() { Ok(contact) } else { Err(errors) }
}

/// Checks an address and the code of its area; each may be left out.
pub(crate) fn check_place(
    cx: &Cx,
    address: &str,
    area: &str,
) -> Result<(Option<String>, Option<String>), Vec<FieldError>> {
    let given = |text: &str| Some(clean_line(text)).filter(|text| !text.is_empty());
    let (mut errors, address, area) = (Vec::new(), given(address), given(area));
    if address.as_ref().is_some_and(|address| address.chars().count() > 200) {
        errors.push(wrong(cx, "address", "too_long"));
    }
    if let Some(area) = &area
        && !cx.city.areas().at(area, cx.today()).is_some_and(|area| area.kind.is_commune_level())
    {
        errors.push(wrong(cx, "area", "area_unknown"));
    }
    if errors.is_empty() { Ok((address, area)) } else { Err(errors) }
}

pub(crate) fn citizen_id(cx: &Cx, typed: &str) -> Result<CitizenId, &'static str> {
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
