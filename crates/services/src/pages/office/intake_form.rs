//! The form at the counter: all questions on one page, or screen by screen for whoever prefers to ask one after another.
//! What an answer opens is shown when the page is sent.

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, Query, redirect};
use songhan_base::FieldError;
use songhan_delivery::{Recipient, Way};
use songhan_forms::{Answers, CheckContext, QuestionView};
use songhan_procedures::Exemptions;

use super::intake::{Head, done, opened};
use crate::application::NO_GROUP;
use crate::counter::intake::Intake;
use crate::ops::save_intake::{save_answers, save_delivery};
use crate::pages::returning::{self, in_words};
use crate::returns;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// One screen alone.
    screen: String,
}

#[derive(Serialize)]
struct Data {
    head: Head,
    screen: String,
    sections: Vec<Section>,
    /// Names of what is asked here: what is not, is not touched by sending.
    shown: Vec<String>,
    groups: Vec<Value>,
    group: String,
    /// The ways in which the result comes back, where it may go by post; the chosen one, and to whom.
    ways: Vec<Value>,
    way: &'static str,
    to: Recipient,
    /// Where all questions stand on one page, and where one after the other.
    whole_href: String,
    single_href: Option<String>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Section {
    title: String,
    intro: String,
    questions: Vec<QuestionView>,
}

pub async fn show(cx: Cx, Path(draft): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let Some(intake) = opened(&cx, &draft).await? else { return Ok(done(&draft)) };
    page(&cx, &intake, &asked.screen, &intake.answers, None, Vec::new()).await
}

pub async fn save(
    cx: Cx,
    Path(draft): Path<String>,
    PageForm(fields): PageForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let get = |name: &str| fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let shown: Vec<&str> = fields.iter().filter(|(key, _)| key == "shown").map(|(_, value)| value.as_str()).collect();
    let (screen, group) = (get("screen"), get("exemption"));
    let group = Some(group.to_owned()).filter(|group| !group.is_empty() && group != NO_GROUP);
    if opened(&cx, &draft).await?.is_none() {
        return Ok(done(&draft));
    }
    let mut errors = save_answers(&cx, &draft, &fields, &shown, group).await.map_err(IntoProblem::into_problem)?;
    let to = Recipient {
        recipient: get("return_recipient").to_owned(),
        phone: get("return_phone").to_owned(),
        address: get("return_address").to_owned(),
    };
    if shown.contains(&"delivery") {
        let wrong = save_delivery(&cx, &draft, get("return_way"), &to).await.map_err(IntoProblem::into_problem)?;
        errors.extend(in_words(&cx, wrong));
    }
    let Some(intake) = opened(&cx, &draft).await? else { return Ok(done(&draft)) };
    if !errors.is_empty() {
        let mut typed = intake.answers.clone();
        for question in intake.form.questions().filter(|q| shown.contains(&q.id.as_str()) && Intake::is_in_words(q)) {
            typed.set(&question.id, Some(question.typed(&fields)));
        }
        let typed_to = shown.contains(&"delivery").then_some((get("return_way"), to));
        return page(&cx, &intake, screen, &typed, typed_to, errors).await;
    }
    let open = intake.open_questions();
    let next = match screen {
        // New questions have come up: the page is shown with them.
        "" if !open.is_empty() => intake.path("form"),
        "" => intake.path("papers"),
        here => match next_screen(&intake, here) {
            Some(next) => format!("{}?screen={next}", intake.path("form")),
            None => intake.path("papers"),
        },
    };
    Ok(redirect(&next))
}

/// The next screen with a question in words.
fn next_screen(intake: &Intake<'_>, here: &str) -> Option<String> {
    let mut at = here.to_owned();
    loop {
        let next = intake.form.next_after(&at, &intake.answers)?;
        if next.questions.iter().any(|question| Intake::is_in_words(question)) {
            return Some(next.id().to_owned());
        }
        at = next.id().to_owned();
    }
}

async fn page(
    cx: &Cx,
    intake: &Intake<'_>,
    screen: &str,
    answers: &Answers,
    typed_to: Option<(&str, Recipient)>,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let check = CheckContext::of(cx);
    let screens = intake.form.screens(&intake.answers);
    let is_known = screens.iter().any(|one| one.id() == screen);
    let mut sections: Vec<Section> = Vec::new();
    for one in screens.iter().filter(|one| !is_known || one.id() == screen) {
        let view = intake.form.view_screen(one, answers, &[], Vec::new(), &check);
        let questions = view.questions.into_iter().filter(|question| question.widget != "upload");
        let questions: Vec<_> = questions.map(|question| QuestionView { heading: false, ..question }).collect();
        if questions.is_empty() {
            continue;
        }
        match sections.last_mut().filter(|last| last.title == view.section) {
            Some(last) => last.questions.extend(questions),
            None => sections.push(Section { title: view.section, intro: view.intro, questions }),
        }
    }
    let groups = if is_known { Vec::new() } else { groups(cx, intake) };
    let mut shown: Vec<String> = sections.iter().flat_map(|s| &s.questions).map(|q| q.id.clone()).collect();
    if !groups.is_empty() {
        shown.push("exemption".to_owned());
    }
    let ways = if is_known { Vec::new() } else { offered(cx, intake) };
    if !ways.is_empty() {
        shown.push("delivery".to_owned());
    }
    let (way, to) = delivery(cx, intake, typed_to);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let first = screens.iter().find(|one| one.questions.iter().any(|question| Intake::is_in_words(question)));
    let data = Data {
        head: Head::of(cx, intake, "form"),
        screen: if is_known { screen.to_owned() } else { String::new() },
        sections,
        shown,
        groups,
        group: intake.desk.exemption.clone().unwrap_or_else(|| NO_GROUP.to_owned()),
        ways,
        way,
        to,
        whole_href: intake.path("form"),
        single_href: first.map(|first| format!("{}?screen={}", intake.path("form"), first.id())),
        errors,
    };
    cx.page("services/office/intake-form.html", Head::spec(cx, "form").status(status), data).await
}

/// The ways in which the result comes back; none where it does not go by post.
fn offered(cx: &Cx, intake: &Intake<'_>) -> Vec<Value> {
    if !returns::offers(cx, &intake.procedure.code) {
        return Vec::new();
    }
    let ways = returning::ways(cx, true).into_iter();
    ways.map(|(way, label, hint)| json!({ "value": way.as_str(), "label": label, "hint": hint })).collect()
}

/// What was typed, what is kept, or the counter and who came.
fn delivery(cx: &Cx, intake: &Intake<'_>, typed: Option<(&str, Recipient)>) -> (&'static str, Recipient) {
    if let Some((way, to)) = typed {
        return (Way::of(way).map_or("", Way::as_str), to);
    }
    let comer = &intake.desk.person;
    let kept = intake.desk.delivery.clone();
    let way = kept.as_ref().map_or(Way::Counter, |(way, _)| *way);
    let to = kept.and_then(|(_, to)| to);
    let to = to.unwrap_or_else(|| {
        returns::recipient(cx, comer.name.clone(), comer.phone.clone(), &comer.address, &comer.area)
    });
    (way.as_str(), to)
}

/// The groups that the fees spare, with what shows that someone belongs to one.
fn groups(cx: &Cx, intake: &Intake<'_>) -> Vec<Value> {
    let known = cx.city.get::<Exemptions>();
    let groups = intake.procedure.exempt_groups(cx.today(), intake.desk.channel);
    if groups.is_empty() {
        return Vec::new();
    }
    let none = json!({ "value": NO_GROUP, "label": cx.t("services-exemption-none") });
    let groups = groups
        .into_iter()
        .filter_map(|id| known.get(id))
        .map(|group| json!({ "value": *group.id, "label": group.name.get(cx.lang), "hint": group.proof.get(cx.lang) }));
    std::iter::once(none).chain(groups).collect()
}
