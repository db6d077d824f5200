//! Register: one page, and whoever is done is signed in.

use axum::Extension;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use songhan_app::{Client, Cx, PageForm, PageSpec, Query, redirect};
use songhan_base::FieldError;

use super::sign_in::Next;
use super::{Again, Answer, with_cookies, with_next};
use crate::account::wrong;
use crate::ops::register::{Input, Rejection, register};
use crate::ops::sign_in::{Via, open};
use crate::password::Unhashed;
use crate::person_kind::{self, PersonKind};
use crate::session::{self, SessionKind};

/// A date as typed into its three boxes.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DateBoxes {
    pub day: String,
    pub month: String,
    pub year: String,
}

impl DateBoxes {
    /// `2001-05-04`; nothing when all boxes are empty, and no date when they make none.
    pub fn date(&self) -> String {
        let (day, month, year) = (self.day.trim(), self.month.trim(), self.year.trim());
        match (day.parse::<u8>(), month.parse::<u8>(), year.parse::<u16>()) {
            (Ok(day), Ok(month), Ok(year)) if year <= 9999 => format!("{year:04}-{month:02}-{day:02}"),
            _ if day.is_empty() && month.is_empty() && year.is_empty() => String::new(),
            _ => "?".to_owned(),
        }
    }

    /// The same for whose papers may tell the year alone: `1950`.
    pub fn date_or_year(&self) -> String {
        let year = self.year.trim();
        let alone = self.day.trim().is_empty() && self.month.trim().is_empty() && !year.is_empty();
        if alone { year.to_owned() } else { self.date() }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    name: String,
    citizen_id: String,
    #[serde(rename = "date_of_birth-day")]
    day: String,
    #[serde(rename = "date_of_birth-month")]
    month: String,
    #[serde(rename = "date_of_birth-year")]
    year: String,
    phone: String,
    email: String,
    address: String,
    area: String,
    password: String,
    kind: String,
    passport_country: String,
    passport: String,
    claim_code: String,
    next: String,
}

/// A choice of a list.
#[derive(Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// The wards, communes and special zones of today, by name.
pub fn area_choices(cx: &Cx) -> Vec<Choice> {
    let areas = cx.city.areas().communes(cx.today());
    areas.into_iter().map(|a| Choice { value: a.code.clone(), label: a.name.get(cx.lang).to_owned() }).collect()
}

#[derive(Serialize)]
struct View<'a> {
    kind: &'a str,
    kinds: Vec<Choice>,
    passport_country: &'a str,
    countries: Vec<Choice>,
    passport: &'a str,
    claim_code: &'a str,
    name: &'a str,
    citizen_id: &'a str,
    date_of_birth: DateBoxes,
    phone: &'a str,
    email: &'a str,
    address: &'a str,
    area: &'a str,
    areas: Vec<Choice>,
    next: &'a str,
    sign_in: String,
    errors: &'a [FieldError],
}

async fn page(cx: &Cx, form: &Form, again: Option<Again>) -> Answer {
    let mut spec =
        PageSpec::titled(cx.t("identity-register")).crumb(with_next("/sign-in", &form.next), cx.t("identity-sign-in"));
    let errors = again.map_or_else(Vec::new, |again| {
        spec = std::mem::take(&mut spec).status(again.status);
        again.errors
    });
    let kind = |kind: PersonKind| Choice {
        value: kind.as_str().to_owned(),
        label: cx.t(&format!("identity-kind-{}", kind.as_str())),
    };
    let country = |code: &str| Choice { value: code.to_owned(), label: code.to_owned() };
    let view = View {
        kind: if form.kind.is_empty() { "citizen" } else { &form.kind },
        kinds: PersonKind::ALL.map(kind).into(),
        passport_country: &form.passport_country,
        countries: person_kind::countries().map(country).collect(),
        passport: &form.passport,
        claim_code: &form.claim_code,
        name: &form.name,
        citizen_id: &form.citizen_id,
        date_of_birth: DateBoxes { day: form.day.clone(), month: form.month.clone(), year: form.year.clone() },
        phone: &form.phone,
        email: &form.email,
        address: &form.address,
        area: &form.area,
        areas: area_choices(cx),
        next: &form.next,
        sign_in: with_next("/sign-in", &form.next),
        errors: &errors,
    };
    cx.page("identity/register.html", spec, view).await
}

pub async fn show(cx: Cx, Query(Next { next }): Query<Next>) -> Answer {
    if cx.actor.person().is_some() {
        return Ok(redirect(&next));
    }
    page(&cx, &Form { next, ..Form::default() }, None).await
}

pub async fn submit(
    cx: Cx,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    PageForm(form): PageForm<Form>,
) -> Answer {
    let date = DateBoxes { day: form.day.clone(), month: form.month.clone(), year: form.year.clone() };
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.trim().is_empty());
    let input = Input {
        name: form.name.clone(),
        citizen_id: form.citizen_id.clone(),
        date_of_birth: date.date(),
        phone: given(&form.phone),
        email: given(&form.email),
        password: form.password.clone(),
        address: given(&form.address),
        area: given(&form.area),
        kind: given(&form.kind),
        passport_country: given(&form.passport_country),
        passport: given(&form.passport),
        claim_code: given(&form.claim_code),
    };
    let again = match register(&cx, client, input).await {
        Ok(made) => {
            let via = Via::new(SessionKind::Browser, client, &headers);
            let mut tx = cx.begin().await?;
            let opened = open(&mut tx, &cx, made.id, &via, false).await?;
            tx.commit().await?;
            let to = if form.next.is_empty() { "/account?done=registered" } else { &form.next };
            return Ok(with_cookies(redirect(to), [session::cookie(&cx, Some(&opened.secret))]));
        }
        Err(Rejection::Invalid(errors)) => Again::fields(errors),
        Err(Rejection::Taken(fields)) => {
            Again::fields(fields.into_iter().map(|field| wrong(&cx, field, "taken_sign_in")).collect())
        }
        Err(Rejection::TooMany(wait)) => Again::limited(&cx, "name", wait),
        Err(Rejection::Unhashed(Unhashed::Busy(wait))) => Again::too_many(&cx, "name", wait),
        Err(Rejection::Unhashed(Unhashed::Internal(error)) | Rejection::Internal(error)) => return Err(error.into()),
    };
    page(&cx, &form, Some(again)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_make_a_date_or_say_that_they_do_not() {
        let date = |day: &str, month: &str, year: &str| {
            DateBoxes { day: day.into(), month: month.into(), year: year.into() }.date()
        };
        assert_eq!(date("4", "05", " 1990 "), "1990-05-04");
        assert_eq!(date("", " ", ""), "");
        assert_eq!(date("4", "", "1990"), "?");
        assert_eq!(date("4", "5", "19900"), "?");
        let year = |day: &str, year: &str| DateBoxes { day: day.into(), year: year.into(), ..DateBoxes::default() };
        assert_eq!((year("", "1950").date_or_year(), year("1", "1950").date_or_year()), ("1950".into(), "?".into()));
    }
}
