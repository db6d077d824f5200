//! The papers that were issued about a dossier, as its pages list and serve them.

use serde_json::{Value, json};
use songhan_app::{Cx, Problem};
use songhan_base::{Id, Internal, Lang};

use crate::dossier::Dossier;
use crate::issue;

/// What is served under addresses of its own: the receipt, and the result.
fn has_own_place(dossier: &Dossier, id: Id) -> bool {
    dossier.receipt_document == Some(id) || dossier.result_document == Some(id)
}

/// For the lists of files of a page: slips and payment receipts, beside receipt and result, which it shows itself; and
/// the form that its applicant has signed (`handed_in`).
/// `base` is the path of the dossier's page.
pub async fn list(cx: &Cx, dossier: &Dossier, base: &str) -> Result<Vec<Value>, Internal> {
    issue::payment::make(cx, dossier).await?;
    let documents = songhan_documents::of_subject(&cx.db, &dossier.subject()).await?;
    let others = documents.into_iter().filter(|document| !has_own_place(dossier, document.id));
    let entry = |document: songhan_documents::Document| {
        let handed_in = document.is_handed_in();
        let day = document.issued_at.0.to_zoned(cx.zone.clone()).strftime("%d/%m/%Y").to_string();
        let number = document.number.map(|number| cx.text(cx.lang, "services-paper-number", &[("number", &number)]));
        let signed = handed_in.then(|| cx.t("services-paper-signed"));
        let revoked = document.revoked_at.map(|_| cx.t("services-paper-revoked"));
        let destroyed = document.destroyed_at.map(|_| cx.t("services-destroyed-paper"));
        let href = if destroyed.is_some() { String::new() } else { format!("{base}/issued/{}", document.id) };
        let text: Vec<String> = [number, signed, Some(day), revoked, destroyed].into_iter().flatten().collect();
        json!({
            "name": name(cx, &document.template, document.title),
            "href": href,
            "text": text.join(" · "),
            "handed_in": handed_in,
        })
    };
    Ok(others.map(entry).collect())
}

/// What the paper is called; one that only the register knows keeps the title that it was issued with.
fn name(cx: &Cx, template: &str, title: String) -> String {
    match (cx.lang, template) {
        (Lang::En, "supplement-request" | "refusal" | "apology" | "payment-receipt") => {
            issue::title(cx, Lang::En, template)
        }
        _ => title,
    }
}

/// The id of a paper of this dossier; others are not told of.
pub async fn of(cx: &Cx, dossier: &Dossier, document: &str) -> Result<Id, Problem> {
    let unknown = || Problem::not_found("document");
    let id: Id = document.parse().map_err(|_| unknown())?;
    let found = songhan_documents::by_id(&cx.db, id).await?.ok_or_else(unknown)?;
    if found.subject == dossier.subject() { Ok(id) } else { Err(unknown()) }
}
