//! What the city has already, offered where a file is asked for (dùng lại giấy tờ đã có): papers of earlier dossiers, and
//! results that it issued to the applicant itself.

use serde_json::{Value, json};
use songhan_app::{Cx, Problem};
use songhan_base::{FieldError, Id, Internal};
use songhan_documents::Document;
use songhan_forms::{Question, Screen, Widget};

use super::files;
use super::posted::Posted;
use crate::application::Application;
use crate::store::reuse::{self as store, EarlierPaper, OwnResult};

/// Papers of earlier dossiers at a time.
const PAPERS: i64 = 10;
/// Results at a time; of those ticked some may be older by then.
const RESULTS: i64 = 5;
const TICKED: i64 = 100;
/// Stands before the id of a document in the value of its box.
const RESULT: &str = "result-";
const PDF: &str = "application/pdf";

/// What was ticked stands among the fields like files that have just come.
pub async fn take(cx: &Cx, application: &Application<'_>, posted: &mut Posted) -> Result<(), Problem> {
    let account = application.draft.account;
    let mut ticked: Vec<(String, String)> = Vec::new();
    for (question, what) in posted.all("reuse").filter_map(|ticked| ticked.split_once(':')) {
        let one = (question.to_owned(), what.to_owned());
        // The same box twice in one form is one.
        if !ticked.contains(&one) {
            ticked.push(one);
        }
    }
    let (results, papers): (Vec<_>, Vec<_>) = ticked.into_iter().partition(|(_, what)| what.starts_with(RESULT));
    if !papers.is_empty() {
        let uploads: Vec<String> = papers.iter().map(|(_, upload)| upload.clone()).collect();
        let own = store::own_papers(&cx.db, account, &uploads).await?;
        posted.fields.extend(papers.into_iter().filter(|(_, upload)| own.iter().any(|id| id.to_string() == *upload)));
    }
    if results.is_empty() {
        return Ok(());
    }
    let own = own(cx, account, TICKED).await?;
    for (question, what) in results {
        let document = own.iter().map(|(_, document)| document).find(|document| value(document.id) == what);
        let Some(document) = document else { continue };
        // A form that is sent twice does not add it twice.
        if answered(cx, application, &question).await?.contains(&document.id) {
            continue;
        }
        let taken = songhan_documents::take_issued(cx, document).await;
        match files::stored(cx, &document.title, taken)? {
            Ok(upload) => posted.fields.push((question, upload.to_string())),
            Err(message) => posted.wrong.push(FieldError::new(question, "file", message)),
        }
    }
    Ok(())
}

/// What was handed in before for the same questions, and what the city has issued, unless it is among the answers.
pub async fn offered(cx: &Cx, application: &Application<'_>, screen: &Screen<'_>) -> Result<Vec<Value>, Internal> {
    let uploads: Vec<&Question> = screen.questions.iter().copied().filter(|q| q.widget == Widget::Upload).collect();
    // Somebody else's papers are not the applicant's.
    if uploads.is_empty() || application.principal().is_some() {
        return Ok(Vec::new());
    }
    let mut offered = papers(cx, application, &uploads).await?;
    offered.extend(results(cx, application, &uploads).await?);
    Ok(offered)
}

async fn papers(cx: &Cx, application: &Application<'_>, asked: &[&Question]) -> Result<Vec<Value>, Internal> {
    let questions: Vec<&str> = asked.iter().map(|question| question.id.as_str()).collect();
    let mut found = store::earlier_papers(&cx.db, application.draft.account, &questions, PAPERS).await?;
    let mut known: Vec<Id> = Vec::new();
    found.retain(|paper| {
        let is_new = !known.contains(&paper.upload);
        known.push(paper.upload);
        is_new && !application.answers.list(&paper.question).contains(&paper.upload.to_string().as_str())
    });
    let shown = |paper: &EarlierPaper| {
        json!({
            "value": format!("{}:{}", paper.question, paper.upload),
            "label": paper.name,
            "hint": cx.text(cx.lang, "services-reuse-from", &[("code", &paper.code)]),
            "href": format!("/uploads/{}", paper.upload),
        })
    };
    Ok(found.iter().map(shown).collect())
}

async fn results(cx: &Cx, application: &Application<'_>, asked: &[&Question]) -> Result<Vec<Value>, Internal> {
    let mut offered = Vec::new();
    let own = own(cx, application.draft.account, RESULTS).await?;
    for question in asked.iter().filter(|q| q.accept.is_empty() || q.accept.iter().any(|mime| mime == PDF)) {
        let there = answered(cx, application, &question.id).await?;
        // Where a screen asks for several, the box says for which.
        let for_which = if asked.len() > 1 { format!(" · {}", question.label.get(cx.lang)) } else { String::new() };
        for (result, document) in own.iter().filter(|(_, document)| !there.contains(&document.id)) {
            offered.push(json!({
                "value": format!("{}:{}", question.id, value(document.id)),
                "label": document.title,
                "hint": cx.text(cx.lang, "services-reuse-result", &[("code", &result.code)]) + &for_which,
                "href": format!("/dossiers/{}/result.pdf", result.code),
            }));
        }
    }
    Ok(offered)
}

/// The documents of which a copy is among the answers to a question already.
async fn answered(cx: &Cx, application: &Application<'_>, question: &str) -> Result<Vec<Id>, Internal> {
    let answers: Vec<String> = application.answers.list(question).into_iter().map(str::to_owned).collect();
    let mut documents = Vec::new();
    for upload in songhan_documents::uploads(cx, &answers).await? {
        documents.extend(songhan_documents::of_upload(&cx.db, &upload).await?);
    }
    Ok(documents)
}

/// Results that were issued to the account and hold.
async fn own(cx: &Cx, account: Id, limit: i64) -> Result<Vec<(OwnResult, Document)>, Internal> {
    let mut own = Vec::new();
    for result in store::own_results(&cx.db, account, limit).await? {
        let document = songhan_documents::by_id(&cx.db, result.document).await?;
        own.extend(document.filter(|d| d.revoked_at.is_none() && d.destroyed_at.is_none()).map(|d| (result, d)));
    }
    Ok(own)
}

fn value(document: Id) -> String {
    format!("{RESULT}{document}")
}
