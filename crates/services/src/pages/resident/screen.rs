//! A screen of the form: one question, kept as soon as it is answered.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Internal};
use songhan_forms::{Answers, CheckContext, Screen, ScreenView};

use super::apply::{Asked, Head, stopped};
use super::{files, posted, reuse};
use crate::application::{Application, Stop};
use crate::ops::open_draft::open_draft;
use crate::ops::save_draft::{Input, Rejection, save_draft};
use crate::ops::start_draft::known;

#[derive(Serialize)]
struct Data {
    head: Head,
    view: ScreenView,
    /// The applicant comes from the review and goes back there.
    change: bool,
    /// Going on with an older draft, kept then.
    resumed_at: Option<String>,
    /// What is filled in comes from the account.
    known: bool,
    /// Papers of earlier dossiers, and results, that can be used again.
    earlier: Vec<Value>,
}

pub async fn show(
    cx: Cx,
    Path((draft, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let application = match open_draft(&cx, &draft).await {
        Ok(application) => application,
        Err(rejection) => return stopped(&cx, rejection).await,
    };
    let Some(screen) = application.screen(&id) else {
        // An answer has hidden it, or the form was changed: go on where something is to be done.
        return Ok(redirect(&application.path(&application.end())));
    };
    let resumed_at = asked.is_resumed().then(|| application.draft.updated_at.0.to_string());
    let shown = Shown { answers: &application.answers, errors: Vec::new(), change: asked.is_change(), resumed_at };
    page(&cx, &application, &screen, shown).await
}

pub async fn answer(cx: Cx, Path((draft, id)): Path<(String, String)>, request: Request) -> Result<Response, Problem> {
    // Whose draft it is comes before any file is taken.
    let application = match open_draft(&cx, &draft).await {
        Ok(application) => application,
        Err(rejection) => return stopped(&cx, rejection).await,
    };
    let mut posted = posted::read(&cx, request).await?;
    reuse::take(&cx, &application, &mut posted).await?;
    let (leave, change) = (posted.has("leave"), posted.has("change"));
    let remove = Some(posted.get("remove")).filter(|upload| !upload.is_empty());
    // Where a file was refused the rest is kept, and the screen is shown again with the reason.
    let lenient = leave || !posted.wrong.is_empty();
    let input = Input { screen: &id, fields: &posted.fields, remove, lenient };
    match save_draft(&cx, &draft, input).await {
        Ok(application) if !posted.wrong.is_empty() && !leave => {
            let Some(screen) = application.screen(&id) else {
                return Ok(redirect(&application.path(&application.end())));
            };
            let typed = application.form.typed_screen(&screen, &posted.fields, &application.answers);
            let shown = Shown { answers: &typed, errors: posted.wrong, change, resumed_at: None };
            page(&cx, &application, &screen, shown).await
        }
        Ok(_) if leave => Ok(redirect("/dossiers?said=saved")),
        Ok(application) => Ok(redirect(&next(&application, &id, change, remove.is_some()))),
        Err(Rejection::Answers { application, typed, errors }) => {
            // The answers that are right are kept by now: the files among them are shown.
            let Ok(now) = open_draft(&cx, &draft).await else {
                return Err(Rejection::Answers { application, typed, errors }.into_problem());
            };
            let Some(screen) = now.screen(&id) else { return Ok(redirect(&now.path(&now.end()))) };
            let shown = Shown { answers: &typed, errors: errors.0, change, resumed_at: None };
            page(&cx, &now, &screen, shown).await
        }
        Err(Rejection::NotAsked(application)) => Ok(redirect(&application.path(&application.end()))),
        Err(Rejection::Opening(rejection)) => stopped(&cx, rejection).await,
        Err(other) => Err(other.into_problem()),
    }
}

/// Where to go after a screen.
fn next(application: &Application<'_>, id: &str, change: bool, stay: bool) -> String {
    let stop = match (stay, change) {
        (true, _) => Stop::Screen(id.to_owned()),
        (false, true) => application.end(),
        (false, false) => application.after(id),
    };
    let keeps_change = change && matches!(stop, Stop::Screen(_));
    let path = application.path(&stop);
    if keeps_change { format!("{path}?change=1") } else { path }
}

/// Keeps what is right of a screen while someone types; answers nothing.
pub async fn keep(
    cx: Cx,
    Path((draft, id)): Path<(String, String)>,
    PageForm(fields): PageForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let input = Input { screen: &id, fields: &fields, remove: None, lenient: true };
    save_draft(&cx, &draft, input).await.map_err(IntoProblem::into_problem)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

struct Shown<'s> {
    answers: &'s Answers,
    errors: Vec<FieldError>,
    change: bool,
    resumed_at: Option<String>,
}

async fn page(
    cx: &Cx,
    application: &Application<'_>,
    screen: &Screen<'_>,
    shown: Shown<'_>,
) -> Result<Response, Problem> {
    let Shown { answers, errors, change, resumed_at } = shown;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let ids = screen.questions.iter().flat_map(|q| application.answers.list(&q.id)).collect::<Vec<_>>();
    let files = files::uploaded(cx, &ids).await?;
    let view = application.form.view_screen(screen, answers, &files, errors, &CheckContext::of(cx));
    let back = if change { Some(Stop::Review) } else { application.before(screen.id()) };
    let title = match &view.questions[..] {
        [only] => only.label.clone(),
        _ => view.section.clone(),
    };
    let data = Data {
        head: Head::of(cx, application, back.as_ref(), application.place(&Stop::Screen(String::new()), view.at)),
        known: is_known(cx, application, screen).await?,
        earlier: reuse::offered(cx, application, screen).await?,
        view,
        change,
        resumed_at,
    };
    let title = if status == StatusCode::OK { title } else { format!("{}: {title}", cx.t("field-error")) };
    cx.page("services/apply-screen.html", PageSpec::titled(title).status(status), data).await
}

/// Whether an answer on the screen is the one that the account gave.
async fn is_known(cx: &Cx, application: &Application<'_>, screen: &Screen<'_>) -> Result<bool, Internal> {
    if screen.questions.iter().all(|question| question.from.is_none()) {
        return Ok(false);
    }
    let known = known(cx, &application.form, application.principal()).await?;
    let same = |id: &str| known.get(id).is_some_and(|value| application.answers.get(id) == Some(value));
    Ok(screen.questions.iter().any(|question| same(&question.id)))
}
