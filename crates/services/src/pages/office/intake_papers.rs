//! The papers that were handed over: scanned by the officer or kept on paper, each with what the officer saw.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, Path, Problem, redirect};
use songhan_base::{FieldError, Id};

use super::intake::{Head, done, opened};
use crate::counter::intake::Intake;
use crate::ops::save_intake::{Handed, SEEN, add_paper, remove_paper};
use crate::pages::posted;

#[derive(Serialize)]
struct Data {
    head: Head,
    papers: Vec<Value>,
    /// What the procedure asks for, and whether it is there.
    wanted: Vec<Value>,
    kinds: Vec<Value>,
    seen: Vec<Value>,
    typed: Typed,
    errors: Vec<FieldError>,
    review_href: String,
}

#[derive(Default, Serialize)]
struct Typed {
    question: String,
    name: String,
    seen: String,
}

pub async fn show(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    let Some(intake) = opened(&cx, &draft).await? else { return Ok(done(&draft)) };
    page(&cx, &intake, Typed::default(), Vec::new()).await
}

pub async fn save(cx: Cx, Path(draft): Path<String>, request: Request) -> Result<Response, Problem> {
    // Whose intake it is comes before any file is taken.
    let Some(intake) = opened(&cx, &draft).await? else { return Ok(done(&draft)) };
    let posted = posted::read(&cx, request).await?;
    if posted.has("remove") {
        remove_paper(&cx, &draft, posted.get("remove")).await.map_err(IntoProblem::into_problem)?;
        return Ok(redirect(&intake.path("papers")));
    }
    let typed = Typed {
        question: posted.get("question").to_owned(),
        name: posted.get("name").to_owned(),
        seen: posted.get("seen").to_owned(),
    };
    let scans: Vec<Id> = posted.all("scans").filter_map(|id| id.parse().ok()).collect();
    let mut errors = posted.wrong.clone();
    if errors.is_empty() {
        let handed = Handed { question: &typed.question, name: &typed.name, seen: &typed.seen, scans: &scans };
        errors = add_paper(&cx, &draft, handed).await.map_err(IntoProblem::into_problem)?;
    }
    if errors.is_empty() {
        return Ok(redirect(&intake.path("papers")));
    }
    // What was scanned beside a mistake is sent again with the corrected form.
    for scan in scans {
        songhan_documents::remove_upload(&cx, intake.draft.account, scan).await?;
    }
    page(&cx, &intake, typed, errors).await
}

async fn page(cx: &Cx, intake: &Intake<'_>, typed: Typed, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let questions = intake.paper_questions();
    let there = |id: &str| intake.desk.papers.iter().any(|paper| paper.question == id);
    let asked = questions
        .iter()
        .map(|q| json!({ "name": q.label.get(cx.lang), "there": there(&q.id), "required": q.required }));
    let listed =
        intake.procedure.documents.iter().map(|paper| json!({ "name": paper.name.get(cx.lang), "there": false }));
    let wanted = if questions.is_empty() { listed.collect() } else { asked.collect() };
    let mut kinds: Vec<Value> =
        questions.iter().map(|q| json!({ "value": q.id, "label": q.label.get(cx.lang) })).collect();
    kinds.push(json!({ "value": "other", "label": cx.t("counter-paper-other") }));
    let papers = intake.desk.papers.iter().map(|paper| {
        json!({
            "id": paper.upload,
            "name": paper.name,
            "href": if paper.is_paper_only() { String::new() } else { format!("/uploads/{}", paper.upload) },
            "seen": paper.seen.as_ref().map(|seen| cx.t(&format!("counter-seen-{seen}"))),
            "digitisation": cx.t(&format!("counter-digitisation-{}", paper.digitisation)),
        })
    });
    let data = Data {
        head: Head::of(cx, intake, "papers"),
        papers: papers.collect(),
        wanted,
        kinds,
        seen: SEEN
            .iter()
            .map(|seen| json!({ "value": seen, "label": cx.t(&format!("counter-seen-{seen}")) }))
            .collect(),
        typed,
        errors,
        review_href: intake.path("review"),
    };
    cx.page("services/office/intake-papers.html", Head::spec(cx, "papers").status(status), data).await
}
