//! The end of an intake: everything once more with what it costs, taking it in, and what the person takes home.

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, redirect};
use songhan_forms::{CheckContext, SummarySection, UploadedFile};
use songhan_ledger::ChargeState;
use songhan_procedures::{Exemptions, FeeFacts, term_in_words};

use super::intake::{Head, done, opened};
use crate::counter::intake::Intake;
use crate::ops::submit;
use crate::ops::take_in::{Pay, Rejection, settle_taken_in, take_in, taken_in};
use crate::store;

#[derive(Serialize)]
struct Review {
    head: Head,
    person: Vec<Value>,
    sections: Vec<SummarySection>,
    papers: Vec<Value>,
    fees: Vec<Value>,
    total: i64,
    version: i64,
    /// Why it was not taken in.
    refused: String,
}

pub async fn review(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    let Some(intake) = opened(&cx, &draft).await? else { return Ok(done(&draft)) };
    review_page(&cx, &intake, "", StatusCode::OK).await
}

async fn review_page(cx: &Cx, intake: &Intake<'_>, refused: &str, status: StatusCode) -> Result<Response, Problem> {
    if intake.desk.person.check(cx).is_err() {
        return Ok(redirect(&intake.path("person")));
    }
    if !intake.open_questions().is_empty() {
        return Ok(redirect(&intake.path("form")));
    }
    let answers = intake.whole_answers();
    let files: Vec<_> = intake
        .desk
        .papers
        .iter()
        .map(|p| UploadedFile { id: p.upload.to_string(), name: p.name.clone(), size: 0, href: String::new() })
        .collect();
    let sections = intake.form.summary(&answers, &files, &CheckContext::of(cx), |_| None);
    let facts = FeeFacts {
        answers: &answers,
        channel: intake.desk.channel,
        exemption: intake.desk.exemption.as_deref(),
        today: cx.today(),
    };
    let due = intake.procedure.fees_due(&facts);
    let due: Vec<_> = due.into_iter().filter(|due| !due.full.is_zero()).collect();
    let data = Review {
        head: Head::of(cx, intake, "review"),
        person: person_rows(cx, intake),
        sections,
        papers: intake
            .desk
            .papers
            .iter()
            .map(|paper| {
                let seen = paper.seen.as_ref().map(|seen| cx.t(&format!("counter-seen-{seen}"))).unwrap_or_default();
                let how = cx.t(&format!("counter-digitisation-{}", paper.digitisation));
                json!({ "name": paper.name, "text": format!("{seen}, {how}") })
            })
            .collect(),
        total: due.iter().map(|due| due.amount().0).sum(),
        fees: due
            .iter()
            .map(
                |due| json!({ "label": due.fee.name.get(cx.lang), "amount": due.amount().0, "quantity": due.quantity }),
            )
            .collect(),
        version: intake.draft.version,
        refused: refused.to_owned(),
    };
    cx.page("services/office/intake-review.html", Head::spec(cx, "review").status(status), data).await
}

fn person_rows(cx: &Cx, intake: &Intake<'_>) -> Vec<Value> {
    let (desk, person) = (&intake.desk, intake.path("person"));
    let unit = intake.unit().map_or("", |unit| unit.name.get(cx.lang));
    let mut rows = vec![
        json!({ "label": cx.t("counter-person"), "value": desk.person.name, "hint": desk.person.citizen_id, "href": person }),
    ];
    if let Some(other) = &desk.other {
        let hint = cx.t(&format!("services-principal-{}", other.kind));
        rows.push(
            json!({ "label": cx.t("services-dossier-principal"), "value": other.name, "hint": hint, "href": person }),
        );
    }
    rows.push(json!({ "label": cx.t("counter-handled-by"), "value": unit, "href": person }));
    let channel = cx.t(&format!("counter-channel-{}", desk.channel.as_str()));
    let postmark = desk
        .postmarked_on
        .map(|day| cx.text(cx.lang, "counter-postmarked", &[("day", &day.strftime("%d/%m/%Y").to_string())]));
    rows.push(json!({ "label": cx.t("counter-channel"), "value": channel, "hint": postmark, "href": person }));
    if let Some(group) = desk.exemption.as_deref().and_then(|id| cx.city.get::<Exemptions>().get(id)) {
        let href = intake.path("form");
        rows.push(json!({ "label": cx.t("services-exemption"), "value": group.name.get(cx.lang), "href": href }));
    }
    if let Some((way, to)) = &desk.delivery {
        let hint = to.as_ref().map(|to| [to.recipient.as_str(), &to.address, &to.phone].join(" · "));
        rows.push(json!({ "label": cx.t("returns-way"), "value": cx.t(&format!("delivery-way-{}", way.as_str())),
            "hint": hint, "href": intake.path("form") }));
    }
    if let Some(term) = intake.procedure.deadline_by(desk.channel) {
        rows.push(json!({ "label": cx.t("services-fact-deadline"), "value": term_in_words(cx, term) }));
    }
    rows
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Taking {
    version: Option<i64>,
    pay: String,
    receipt: String,
}

impl Taking {
    fn pay(&self) -> Pay {
        let receipt = Some(self.receipt.trim().to_owned()).filter(|receipt| !receipt.is_empty());
        if self.pay == "cash" { Pay::Cash(receipt) } else { Pay::Later }
    }
}

pub async fn take(cx: Cx, Path(draft): Path<String>, PageForm(form): PageForm<Taking>) -> Result<Response, Problem> {
    let Err(rejection) = take_in(&cx, &draft, form.version, form.pay()).await else { return Ok(done(&draft)) };
    let (why, status) = match rejection {
        Rejection::Person(_) => return Ok(redirect(&format!("/office/intake/{draft}/person"))),
        Rejection::Submitting(submit::Rejection::Answers(errors)) => match opened(&cx, &draft).await? {
            // Too many files for one question, say.
            Some(intake) if intake.paper_questions().iter().any(|q| errors.0.iter().any(|e| e.field == q.id)) => {
                ("counter-error-scans", StatusCode::UNPROCESSABLE_ENTITY)
            }
            _ => return Ok(redirect(&format!("/office/intake/{draft}/form"))),
        },
        Rejection::Changed => ("counter-error-changed", StatusCode::CONFLICT),
        Rejection::OwnDossier => ("counter-error-own", StatusCode::CONFLICT),
        Rejection::Submitting(submit::Rejection::Unit(_)) => ("services-unit-wrong", StatusCode::UNPROCESSABLE_ENTITY),
        Rejection::Submitting(submit::Rejection::Uploads(_)) => {
            ("counter-error-scans", StatusCode::UNPROCESSABLE_ENTITY)
        }
        Rejection::Submitting(submit::Rejection::Case(songhan_cases::Rejection::DayFull { .. })) => {
            ("services-review-day-full", StatusCode::CONFLICT)
        }
        Rejection::Cash(songhan_ledger::CounterRejection::Receipt) => {
            ("counter-error-receipt", StatusCode::UNPROCESSABLE_ENTITY)
        }
        other => return Err(other.into_problem()),
    };
    match opened(&cx, &draft).await? {
        Some(intake) => review_page(&cx, &intake, &cx.t(why), status).await,
        None => Ok(done(&draft)),
    }
}

/// What was taken in: the code, the receipt, the code for the account, and the fee while it is open.
pub async fn show_done(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    let taken = taken_in(&cx, &draft).await?.ok_or_else(|| Problem::not_found("intake"))?;
    let missing = || Problem::not_found("dossier");
    let dossier = store::by_case(&cx.db, taken.case).await?.ok_or_else(missing)?;
    let case = songhan_cases::by_id(&cx.db, taken.case).await?.ok_or_else(missing)?;
    let workflow = songhan_cases::workflow(&cx, &cx.db, &case).await?;
    let charge = match dossier.charge {
        Some(id) => songhan_ledger::by_id(&cx.db, id).await?,
        None => None,
    };
    let due = charge.as_ref().filter(|charge| charge.state == ChargeState::Due);
    let transfer = match due {
        Some(charge) => songhan_ledger::transfer_code(&cx, charge)?,
        None => None,
    };
    let unit = cx.city.agencies().get(&dossier.unit).map_or(dossier.unit.as_str(), |unit| unit.name.get(cx.lang));
    let at = dossier.reception.received_by_unit.as_deref().unwrap_or(&dossier.unit);
    let at_name = cx.city.agencies().get(at).map_or(at, |unit| unit.name.get(cx.lang));
    let data = json!({
        "id": draft,
        "code": dossier.code,
        "title": dossier.procedure_title,
        "applicant": taken.applicant_name,
        "principal": dossier.principal().map(|principal| principal.name),
        "unit": unit,
        "at": at_name,
        "elsewhere": at != dossier.unit,
        "state": workflow.state(&case.state).map_or("", |state| state.name.get(cx.lang)),
        "status": case.national.number(),
        "received_at": case.received_at.0,
        "due_at": case.due_at.map(|at| at.0),
        "accepted": case.national != songhan_cases::National::Registered,
        "charge": charge.as_ref().map(|c| json!({ "amount": c.amount.0, "state": cx.t(&format!("office-charge-{}", c.state.as_str())), "reference": c.reference })),
        "unpaid": due.is_some(),
        "transfer": transfer,
        "claim_code": taken.claim_code,
        "track_url": format!("{}?key={}", taken.receipt.track_url, taken.receipt.receipt_key),
        "has_receipt": dossier.receipt_document.is_some(),
        "papers": store::papers(&cx.db, case.id).await?.into_iter().map(|paper| paper.name).collect::<Vec<_>>(),
    });
    let spec = Head::spec(&cx, "done");
    cx.page("services/office/intake-done.html", spec, data).await
}

/// Takes the money now, or looks whether it has come; accepts the dossier when it is there.
pub async fn settle(cx: Cx, Path(draft): Path<String>, PageForm(form): PageForm<Taking>) -> Result<Response, Problem> {
    match settle_taken_in(&cx, &draft, form.pay()).await {
        Ok(_) => Ok(done(&draft)),
        Err(rejection) => Err(rejection.into_problem()),
    }
}

/// Form 01, for the counter that took it in.
pub async fn receipt(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    let taken = taken_in(&cx, &draft).await?.ok_or_else(|| Problem::not_found("intake"))?;
    let dossier = store::by_case(&cx.db, taken.case).await?.ok_or_else(|| Problem::not_found("dossier"))?;
    let document = dossier.receipt_document.ok_or_else(|| Problem::not_found("document"))?;
    songhan_documents::serve(&cx, document).await
}
