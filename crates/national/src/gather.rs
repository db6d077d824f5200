//! Reads what there is to tell of a dossier, at the moment of telling.

use songhan_app::Cx;
use songhan_base::{Id, Internal, Lang, fold};
use songhan_cases::{Case, step};
use songhan_city::Fields;
use songhan_ledger::{Channel as PaidBy, ChargeState};
use songhan_procedures::{Catalogue, Channel};
use songhan_services::{Dossier, PrincipalKind};

use crate::payload::{Document, Facts, Fee, Holder, Paper, Step};

/// Who handed in and what is theirs to do: named by their part, since the name of the holder says who it is.
const APPLICANT: &str = "Người nộp hồ sơ";
const SYSTEM: &str = "Hệ thống";
/// Steps that are no processing: what hangs on the dossier, and what the portal told.
const NOT_TOLD: [&str; 2] = [step::OPEN_CHILD, step::REMARK];

/// The dossier of a case; `None` where there is none (any more).
pub async fn facts(cx: &Cx, case: Id) -> Result<Option<Facts>, Internal> {
    let cx = &cx.in_lang(Lang::Vi);
    let Some(case) = songhan_cases::by_id(&cx.db, case).await? else { return Ok(None) };
    let Some(dossier) = songhan_services::dossier(&cx.db, case.id).await? else { return Ok(None) };
    let catalogue = Catalogue::of(&cx.app).await?;
    let field = catalogue.get(&dossier.procedure).map_or_else(String::new, |procedure| procedure.field.clone());
    let field_name = cx.city.get::<Fields>().get(&field).map_or_else(String::new, |field| field.name.vi.clone());
    let unit_name = cx.city.agencies().get(&case.unit).map_or_else(|| case.unit.clone(), |unit| unit.name.vi.clone());
    Ok(Some(Facts {
        code: dossier.code.clone(),
        procedure: dossier.procedure.clone(),
        title: dossier.procedure_title.clone(),
        field,
        field_name,
        holder_name: dossier.holder_name().to_owned(),
        holder: holder(&dossier),
        received_at: case.received_at.0,
        due_at: case.due_at.map(|at| at.0),
        finished_at: case.stopped_at.map(|at| at.0),
        status: case.national.number(),
        channel: dossier.channel,
        by_post: songhan_delivery::of_case(&cx.db, case.id).await?.is_some_and(|one| one.is_by_post()),
        unit_name,
        papers: papers(cx, &dossier).await?,
        fees: fees(cx, &dossier).await?,
        steps: steps(cx, &case, &dossier).await?,
        results: results(cx, &dossier).await?,
    }))
}

fn holder(dossier: &Dossier) -> Holder {
    match dossier.principal().map(|principal| principal.kind) {
        Some(PrincipalKind::Business | PrincipalKind::HouseholdBusiness) => Holder::Business,
        Some(PrincipalKind::Organisation) => Holder::Organisation,
        _ => Holder::Citizen,
    }
}

async fn papers(cx: &Cx, dossier: &Dossier) -> Result<Vec<Paper>, Internal> {
    let papers = songhan_services::papers(&cx.db, dossier.case_id).await?.into_iter().map(|paper| Paper {
        id: paper.upload.to_string(),
        has_file: !paper.is_paper_only(),
        name: paper.name,
        part: paper.question,
        digitisation: paper.digitisation,
    });
    Ok(papers.collect())
}

/// What is to be paid, or was; what fell away is not told.
async fn fees(cx: &Cx, dossier: &Dossier) -> Result<Vec<Fee>, Internal> {
    let mut fees = Vec::new();
    for charge in songhan_ledger::charges_of(&cx.db, &dossier.subject()).await? {
        if matches!(charge.state, ChargeState::Cancelled | ChargeState::Waived) {
            continue;
        }
        let at_counter = match charge.channel {
            Some(channel) => channel == PaidBy::Counter,
            None => dossier.channel == Channel::Counter.number(),
        };
        let lines = songhan_ledger::lines_of(&cx.db, charge.id).await?;
        fees.extend(lines.into_iter().enumerate().map(|(at, line)| Fee {
            code: format!("{}-{}", charge.reference, at + 1),
            is_levy: fold(&line.name.vi).starts_with("le phi"),
            name: line.name.vi,
            amount: line.amount,
            at_counter,
        }));
    }
    Ok(fees)
}

async fn steps(cx: &Cx, case: &Case, dossier: &Dossier) -> Result<Vec<Step>, Internal> {
    let workflow = songhan_cases::workflow(cx, &cx.db, case).await?;
    let timeline = songhan_cases::timeline(&cx.db, case.id, false).await?;
    let applicant = format!("account:{}", dossier.applicant);
    let one = |step: songhan_cases::Step| Step {
        seq: step.seq,
        at: step.at.0,
        who: match () {
            () if step.actor == applicant => APPLICANT.to_owned(),
            () if step.actor_name.is_empty() => SYSTEM.to_owned(),
            () => step.actor_name,
        },
        what: workflow
            .action(&step.action)
            .map_or_else(|| cx.t(&format!("services-step-{}", step.action)), |action| action.name.vi.clone()),
        status: step.national.number(),
        told: step.public_note,
        due_at: step.due_at.map(|at| at.0),
        is_ours: !NOT_TOLD.contains(&step.action.as_str()),
    };
    Ok(timeline.into_iter().map(one).collect())
}

async fn results(cx: &Cx, dossier: &Dossier) -> Result<Vec<Document>, Internal> {
    let Some(id) = dossier.result_document else { return Ok(Vec::new()) };
    let document = songhan_documents::by_id(&cx.db, id).await?.filter(|document| document.revoked_at.is_none());
    let documents = document.into_iter().map(|document| Document {
        id: document.id.to_string(),
        name: document.title,
        url: cx.url(&format!("/verify/{}", document.id)),
    });
    Ok(documents.collect())
}
