//! A choice beside the questions of the form: for whom, which unit, which exemption. One page and one template for all.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, fold};
use songhan_delivery::Way;
use songhan_procedures::Exemptions;

use super::apply::{Asked, Head, stopped};
use super::returning;
use crate::application::{Application, Choice, MYSELF, NO_GROUP, Stop};
use crate::ops::open_draft::open_draft;
use crate::ops::save_draft::{Rejection, choose};

/// Where a mandate is asked for or a child is entered.
const ADD_HREF: &str = "/account/for-others";

#[derive(Serialize)]
struct Data {
    head: Head,
    /// The last part of the address.
    id: &'static str,
    field: &'static str,
    title: String,
    hint: String,
    /// Many to choose among stand in a list that opens, few beneath each other.
    long: bool,
    options: Vec<Shown>,
    value: String,
    errors: Vec<FieldError>,
    /// Where what is missing among them can be added.
    add_href: Option<&'static str>,
    /// The applicant comes from the review and goes back there.
    change: bool,
}

#[derive(Serialize)]
struct Shown {
    value: String,
    label: String,
    hint: String,
}

impl Shown {
    fn new(value: impl Into<String>, label: String, hint: String) -> Self {
        Self { value: value.into(), label, hint }
    }
}

pub async fn show(cx: Cx, draft: String, asked: Asked, choice: Choice) -> Result<Response, Problem> {
    match open_draft(&cx, &draft).await {
        Ok(application) if is_open(&application, choice) => page(&cx, &application, choice, asked, Vec::new()).await,
        Ok(application) => Ok(redirect(&application.path(&application.end()))),
        Err(rejection) => stopped(&cx, rejection).await,
    }
}

/// Whether it has a page: where there is nobody to choose yet, that page says how to add someone.
fn is_open(application: &Application<'_>, choice: Choice) -> bool {
    application.asks(choice) || (choice == Choice::ForWhom && application.may_be_for_others())
}

type Fields = PageForm<Vec<(String, String)>>;

pub async fn choose_and_go_on(
    cx: Cx,
    draft: String,
    PageForm(fields): Fields,
    choice: Choice,
) -> Result<Response, Problem> {
    let get = |name: &str| fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let (value, leaves) = (get(choice.field()), !get("leave").is_empty());
    if leaves && value.is_empty() {
        return Ok(redirect("/dossiers?said=saved"));
    }
    match choose(&cx, &draft, choice, value).await {
        Ok(_) if leaves => Ok(redirect("/dossiers?said=saved")),
        Ok(application) => Ok(redirect(&application.path(&application.after_choice(choice)))),
        Err(Rejection::NotOffered(application, _)) => {
            let wrong = cx.t(&format!("{}-wrong", choice.texts()));
            let errors = vec![FieldError::new(choice.field(), "required", wrong)];
            page(&cx, &application, choice, Asked::default(), errors).await
        }
        Err(Rejection::Opening(rejection)) => stopped(&cx, rejection).await,
        Err(other) => Err(other.into_problem()),
    }
}

async fn page(
    cx: &Cx,
    application: &Application<'_>,
    choice: Choice,
    asked: Asked,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let chosen = application.choice(choice).map(str::to_owned);
    let suggested = match choice {
        Choice::Unit if chosen.is_none() => own_unit(cx, application).await?,
        Choice::ForWhom if chosen.is_none() => Some(MYSELF.to_owned()),
        Choice::Return if chosen.is_none() => Some(Way::Electronic.as_str().to_owned()),
        _ => None,
    };
    let hint = if choice == Choice::Unit && suggested.is_some() { "suggested" } else { "hint" };
    let stop = Stop::Choice(choice);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let back = if asked.is_change() { Some(Stop::Review) } else { application.before_choice(choice) };
    let title = cx.t(&format!("{}-title", choice.texts()));
    let data = Data {
        head: Head::of(cx, application, back.as_ref(), application.place(&stop, 0)),
        id: choice.id(),
        field: choice.field(),
        title: title.clone(),
        hint: cx.t(&format!("{}-{hint}", choice.texts())),
        long: choice == Choice::Unit,
        options: options(cx, application, choice),
        value: chosen.or(suggested).unwrap_or_default(),
        errors,
        add_href: (choice == Choice::ForWhom).then_some(ADD_HREF),
        change: asked.is_change(),
    };
    cx.page("services/apply-choice.html", PageSpec::titled(title).status(status), data).await
}

fn options(cx: &Cx, application: &Application<'_>, choice: Choice) -> Vec<Shown> {
    match choice {
        Choice::ForWhom => {
            let myself = Shown::new(MYSELF, cx.t("services-for-whom-self"), own_name(cx));
            let others = application
                .represented
                .iter()
                .map(|one| Shown::new(one.key(), one.principal.name.clone(), one.in_words(cx)));
            std::iter::once(myself).chain(others).collect()
        }
        Choice::Unit => {
            let unit = |unit: &&songhan_city::Unit| {
                Shown::new(unit.code.to_string(), unit.name.get(cx.lang).to_owned(), String::new())
            };
            let mut units: Vec<_> = application.units.iter().map(unit).collect();
            units.sort_by_cached_key(|unit| fold(&unit.label));
            units
        }
        Choice::Exemption => {
            let known = cx.city.get::<Exemptions>();
            let none = Shown::new(NO_GROUP, cx.t("services-exemption-none"), String::new());
            let groups = application.groups.iter().filter_map(|id| known.get(id)).map(|group| {
                Shown::new(
                    group.id.to_string(),
                    group.name.get(cx.lang).to_owned(),
                    group.proof.get(cx.lang).to_owned(),
                )
            });
            std::iter::once(none).chain(groups).collect()
        }
        Choice::Return => {
            let ways = returning::ways(cx, true).into_iter();
            ways.map(|(way, label, hint)| Shown::new(way.as_str(), label, hint)).collect()
        }
    }
}

fn own_name(cx: &Cx) -> String {
    cx.actor.person().map(|person| person.name.clone()).unwrap_or_default()
}

/// The unit of the area where the applicant lives.
async fn own_unit(cx: &Cx, application: &Application<'_>) -> Result<Option<String>, Problem> {
    let account = songhan_identity::account(&cx.db, application.draft.account).await?;
    let area = account.and_then(|account| account.area);
    let own = area.and_then(|area| cx.city.agencies().of_area(&area));
    let code = own.map(|unit| unit.code.to_string());
    Ok(code.filter(|code| application.offers(Choice::Unit, code)))
}

macro_rules! pages {
    ($($show:ident, $answer:ident: $choice:ident;)+) => {$(
        pub async fn $show(cx: Cx, Path(draft): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
            show(cx, draft, asked, Choice::$choice).await
        }

        pub async fn $answer(cx: Cx, Path(draft): Path<String>, form: Fields) -> Result<Response, Problem> {
            choose_and_go_on(cx, draft, form, Choice::$choice).await
        }
    )+};
}

pages! {
    for_whom, choose_for_whom: ForWhom;
    unit, choose_unit: Unit;
    exemption, claim_exemption: Exemption;
    returns, choose_return: Return;
}
