//! Lấy ý kiến: who handles a dossier asks other agencies; who is asked reads the dossier and answers.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Id, Internal};
use songhan_forms::{Answers, CheckContext, SummarySection, UploadedFile};
use songhan_pages::{Flash, FlashKind};

use super::dossier::desk;
use super::inbox::due;
use crate::opinions::{self, OpinionView, SeenOpinion, Side};
use crate::ops::show_dossier::log_reading;
use crate::ops::{ask_opinion, give_opinion};
use crate::pages::posted;
use crate::{catalogue, store};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// What has just been done.
    done: String,
}

/// What was typed into the form of a question. Three agencies at once are enough for a form; a program asks twenty.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct AskForm {
    unit: String,
    unit_2: String,
    unit_3: String,
    question: String,
    days: String,
}

/// Working days that stand in the form at first.
const DAYS: &str = "5";

/// The opinions about a dossier, and the form to ask for more.
pub async fn list(cx: Cx, Path(code): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let flash = flash(&cx, &asked, &[("asked", "opinions-asked"), ("called-off", "opinions-called-off")]);
    let question = AskForm { days: DAYS.to_owned(), ..AskForm::default() };
    asking(&cx, &code, question, Vec::new(), flash).await
}

fn flash(cx: &Cx, asked: &Asked, known: &[(&str, &str)]) -> Option<Flash> {
    let (_, key) = known.iter().find(|(word, _)| *word == asked.done)?;
    Some(Flash { kind: FlashKind::Success, text: cx.t(key) })
}

async fn asking(
    cx: &Cx,
    code: &str,
    typed: AskForm,
    errors: Vec<FieldError>,
    flash: Option<Flash>,
) -> Result<Response, Problem> {
    let seen = desk(cx, code).await?;
    let opinions = opinions::of_dossier(cx, &seen.dossier).await?;
    let units: Vec<Value> = cx
        .city
        .agencies()
        .iter()
        .filter(|unit| *unit.code != seen.case.unit)
        .map(|unit| json!({ "value": unit.code.to_string(), "label": unit.name.get(cx.lang) }))
        .collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let items: Vec<Value> = opinions.iter().map(|opinion| item(cx, opinion)).collect();
    let spec = PageSpec::titled(cx.t("opinions-title"))
        .office()
        .crumb("/office", cx.t("inbox-title"))
        .crumb(format!("/office/dossiers/{code}"), code.to_owned())
        .flash(flash)
        .status(status);
    let data = json!({
        "code": code,
        "title": seen.dossier.procedure_title,
        "open": !seen.case.is_closed(),
        "items": items,
        "units": units,
        "typed": typed,
        "errors": errors,
    });
    cx.page("services/office/opinions.html", spec, data).await
}

fn item(cx: &Cx, opinion: &OpinionView) -> Value {
    let answered = opinion
        .answered_by_name
        .as_ref()
        .map(|name| cx.text(cx.lang, "opinions-by", &[("name", name), ("unit", &opinion.unit_name)]));
    json!({ "opinion": opinion, "answered_by": answered, "is_open": opinion.state == "asked" })
}

pub async fn ask(cx: Cx, Path(code): Path<String>, PageForm(form): PageForm<AskForm>) -> Result<Response, Problem> {
    desk(&cx, &code).await?;
    let units = [&form.unit, &form.unit_2, &form.unit_3].into_iter().filter(|unit| !unit.is_empty()).cloned();
    let input = ask_opinion::Input {
        units: units.collect(),
        question: form.question.clone(),
        days: form.days.trim().parse().unwrap_or(0),
    };
    let (field, key) = match ask_opinion::ask(&cx, &code, &input).await {
        Ok(_) => return Ok(redirect(&format!("/office/dossiers/{code}/opinions?done=asked"))),
        Err(ask_opinion::Rejection::Question) => ("question", "opinions-error-question"),
        Err(ask_opinion::Rejection::Days) => ("days", "opinions-error-days"),
        Err(ask_opinion::Rejection::Units | ask_opinion::Rejection::Unit(_)) => ("unit", "opinions-error-units"),
        Err(other) => return Err(other.into_problem()),
    };
    asking(&cx, &code, form, vec![FieldError::new(field, "invalid", cx.t(key))], None).await
}

async fn seen(cx: &Cx, code: &str) -> Result<SeenOpinion, Problem> {
    opinions::see(cx, code).await?.ok_or_else(|| Problem::not_found("opinion"))
}

/// One opinion: the question, the answer, and the dossier while it may be read.
pub async fn show(cx: Cx, Path(code): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let flash = flash(&cx, &asked, &[("answered", "opinions-sent")]);
    page(&cx, &code, String::new(), Vec::new(), flash).await
}

async fn page(
    cx: &Cx,
    code: &str,
    typed: String,
    errors: Vec<FieldError>,
    flash: Option<Flash>,
) -> Result<Response, Problem> {
    let seen = seen(cx, code).await?;
    let view = opinions::opinion_view(cx, &cx.db, &seen.about.dossier, &seen.case, &seen.opinion).await?;
    let reads = seen.side == Side::Asked && seen.may_read();
    let (sections, files) = if reads { about(cx, &seen).await? } else { (Vec::new(), Vec::new()) };
    if reads {
        log_reading(cx, &seen.about).await?;
    }
    let (kind, label) = due(cx, &seen.case);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let back = match seen.side {
        Side::Asking => (format!("/office/dossiers/{}/opinions", view.dossier), cx.t("opinions-title")),
        Side::Asked => ("/office".to_owned(), cx.t("inbox-title")),
    };
    let data = json!({
        "item": item(cx, &view),
        "due": { "kind": kind, "label": label },
        "title": seen.about.dossier.procedure_title,
        "applicant": reads.then(|| seen.about.dossier.holder_name()),
        "may_answer": reads,
        "may_call_off": seen.side == Side::Asking && !seen.case.is_closed(),
        "may_read": reads,
        "sections": sections,
        "files": files,
        "typed": typed,
        "errors": errors,
    });
    let spec = PageSpec::titled(format!("{code} · {}", cx.t("opinions-title"))).office().crumb(back.0, back.1);
    cx.page("services/office/opinion.html", spec.flash(flash).status(status), data).await
}

/// What was handed in, for who is asked about it.
async fn about(cx: &Cx, seen: &SeenOpinion) -> Result<(Vec<SummarySection>, Vec<Value>), Internal> {
    let papers = store::papers(&cx.db, seen.opinion.dossier).await?;
    let there = papers.iter().filter(|paper| !paper.is_paper_only());
    let files: Vec<UploadedFile> = there
        .map(|paper| UploadedFile {
            id: paper.upload.to_string(),
            name: paper.name.clone(),
            size: 0,
            href: format!("/office/opinions/{}/papers/{}", seen.case.code, paper.upload),
        })
        .collect();
    let answers = Answers::parse(&seen.about.dossier.answers);
    let form = catalogue::form_of(cx, &seen.about.dossier).await?;
    let sections = form.map(|form| form.summary(&answers, &files, &CheckContext::of(cx), |_| None)).unwrap_or_default();
    let links = files.iter().map(|file| json!({ "name": file.name, "href": file.href })).collect();
    Ok((sections, links))
}

pub async fn answer(cx: Cx, Path(code): Path<String>, request: Request) -> Result<Response, Problem> {
    // Whose work it is comes before any file is taken.
    if seen(&cx, &code).await?.side != Side::Asked {
        return Err(give_opinion::Rejection::NotAsked.into_problem());
    }
    let posted = posted::read(&cx, request).await?;
    let typed = posted.get("answer").to_owned();
    if !posted.wrong.is_empty() {
        return page(&cx, &code, typed, posted.wrong, None).await;
    }
    let input = give_opinion::Input {
        answer: typed.clone(),
        upload: Some(posted.get("upload").to_owned()).filter(|upload| !upload.is_empty()),
        version: posted.get("version").parse().ok(),
    };
    let wrong = |field: &str, key: &str| vec![FieldError::new(field, "invalid", cx.t(key))];
    use songhan_cases::Rejection::{NotNow, NoteRequired, NoteTooLong, Stale};
    let errors = match give_opinion::answer(&cx, &code, &input).await {
        Ok(_) => return Ok(redirect(&format!("/office/opinions/{code}?done=answered"))),
        Err(give_opinion::Rejection::Case(NoteRequired(_) | NoteTooLong)) => wrong("answer", "opinions-error-answer"),
        Err(give_opinion::Rejection::Uploads(_)) => wrong("upload", "opinions-error-file"),
        Err(give_opinion::Rejection::Case(NotNow { .. } | Stale { .. })) => wrong("answer", "office-error-stale"),
        Err(other) => return Err(other.into_problem()),
    };
    page(&cx, &code, typed, errors, None).await
}

#[derive(Debug, Deserialize)]
pub struct Nothing {}

pub async fn call_off(cx: Cx, Path(code): Path<String>, PageForm(_): PageForm<Nothing>) -> Result<Response, Problem> {
    let view = give_opinion::call_off(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&format!("/office/dossiers/{}/opinions?done=called-off", view.dossier)))
}

/// A paper of the dossier, for who is asked, while they are. Reading it is logged.
pub async fn paper(cx: Cx, Path((code, upload)): Path<(String, String)>) -> Result<Response, Problem> {
    let seen = seen(&cx, &code).await?;
    let missing = || Problem::not_found("paper");
    if !seen.may_read() {
        return Err(missing());
    }
    let upload: Id = upload.parse().map_err(|_| missing())?;
    let papers = store::papers(&cx.db, seen.opinion.dossier).await?;
    if !papers.iter().any(|paper| paper.upload == upload && !paper.is_paper_only()) {
        return Err(missing());
    }
    log_reading(&cx, &seen.about).await?;
    songhan_documents::serve_upload(&cx, upload).await
}

/// The document that came with the answer, for both agencies.
pub async fn attachment(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let upload = seen(&cx, &code).await?.opinion.upload.ok_or_else(|| Problem::not_found("document"))?;
    songhan_documents::serve_upload(&cx, upload).await
}
