//! Documents of a dossier, made after the commit that promised them: the receipt, and the signed result.
//!
//! A job may run twice: what is already there is not made again.

use jiff::civil::DateTime;
use serde::Deserialize;
use serde_json::Value;
use songhan_app::Cx;
use songhan_base::{Id, Internal, Lang};
use songhan_cases::{Act, Case};
use songhan_city::UnitKind;
use songhan_documents::paper::{Applicant, CertifiedCopy, Decision, Entry, Paper, Receipt, Section, Signatory};
use songhan_documents::typeset::printable;
use songhan_documents::{Draft, Leader};
use songhan_forms::{Answers, CheckContext, Form, Forms, UploadedFile};
use songhan_ledger::ChargeState;

use crate::dossier::{Dossier, ResultIssued};
use crate::procedure::Procedures;
use crate::store;

/// Jobs of this module.
pub const RECEIPT: &str = "services.issue_receipt";
pub const RESULT: &str = "services.issue_result";

#[derive(Deserialize)]
struct Payload {
    case: Id,
    leader: Option<Id>,
}

/// Giấy tiếp nhận hồ sơ và hẹn trả kết quả (form 01).
pub async fn receipt(cx: Cx, payload: Value) -> Result<(), Internal> {
    let (dossier, case, _) = load(&cx, payload).await?;
    if dossier.receipt_document.is_some() {
        return Ok(());
    }
    let procedure = cx.city.get::<Procedures>().get(&dossier.procedure);
    let charge = match dossier.charge {
        Some(id) => songhan_ledger::by_id(&cx.db, id).await?,
        None => None,
    };
    let applicant = songhan_identity::account(&cx.db, dossier.applicant).await?;
    let vi = cx.in_lang(Lang::Vi);
    let paper = Receipt {
        dossier: dossier.code.clone(),
        agency: unit_name(&cx, &case.unit),
        place: Some(place(&cx)),
        date: cx.today(),
        applicant: Applicant {
            name: printable(&dossier.applicant_name),
            phone: applicant.as_ref().and_then(|a| a.phone.clone()),
            email: applicant.as_ref().and_then(|a| a.email.clone()),
            ..Applicant::default()
        },
        procedure: printable(&dossier.procedure_title),
        papers: store::papers(&cx.db, case.id).await?.iter().map(|p| printable(&p.name)).collect(),
        copies: 1,
        deadline: procedure.and_then(|p| p.deadline).map(|term| crate::view::term_in_words(&vi, term)),
        received: local(&cx, case.received_at.0),
        due: case.due_at.map(|at| local(&cx, at.0)),
        fee: charge.as_ref().map(|c| c.amount.0),
        fee_paid: charge.is_some_and(|c| c.state == ChargeState::Paid),
        channel: Some("online".to_owned()),
        hotline: Some(cx.city.manifest().hotline.clone()).filter(|h| !h.is_empty()),
        qr: Some(cx.url(&format!("/track/{}", dossier.code))),
        watermark: watermark(&cx),
        ..Receipt::default()
    };
    let draft = Draft {
        id: cx.env.id(),
        paper: Paper::Receipt(Box::new(paper)),
        title: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả".to_owned(),
        number: None,
        subject: dossier.subject(),
        unit: case.unit.clone(),
        holder: Some(dossier.applicant),
        holder_name: dossier.applicant_name.clone(),
        leader: None,
    };
    let prepared = songhan_documents::prepare(&cx, draft).await?;
    let mut tx = cx.begin().await?;
    // Another worker may have been quicker: its document stays, ours is a file that nothing names.
    if store::by_case_in(&mut tx, case.id).await?.is_none_or(|d| d.receipt_document.is_some()) {
        return Ok(());
    }
    let document = songhan_documents::record(&mut tx, &cx, prepared).await?;
    store::set_receipt(&mut tx, case.id, document.id).await?;
    tx.commit().await
}

/// The result that the leader has signed: numbered, typeset, signed, and the case closed.
pub async fn result(cx: Cx, payload: Value) -> Result<(), Internal> {
    let (dossier, case, leader) = load(&cx, payload).await?;
    if dossier.result_document.is_some() {
        return Ok(());
    }
    let number = number(&cx, &dossier, &case).await?;
    let declared = cx.city.get::<Procedures>().get(&dossier.procedure).and_then(|p| p.result.clone());
    let title = declared.as_ref().map_or(dossier.procedure_title.clone(), |r| r.title.vi.clone());
    let template = declared.map_or_else(|| "decision".to_owned(), |r| r.template);
    let leader = match leader {
        Some(id) => songhan_identity::account(&cx.db, id).await?.map(|account| (id, account.name)),
        None => None,
    };
    let id = cx.env.id();
    let paper = self::paper(
        &cx,
        &dossier,
        &case,
        Issuing { id, template: &template, title: &title, number: &number, leader: leader.as_ref() },
    )
    .await?;
    let draft = Draft {
        id,
        paper,
        title,
        number: Some(number),
        subject: dossier.subject(),
        unit: case.unit.clone(),
        holder: Some(dossier.applicant),
        holder_name: dossier.applicant_name.clone(),
        leader: leader.map(|(account, name)| Leader { account, name, title: leader_title(&cx, &case.unit).to_owned() }),
    };
    let prepared = songhan_documents::prepare(&cx, draft).await?;
    let mut tx = cx.begin().await?;
    if store::by_case_in(&mut tx, case.id).await?.is_none_or(|d| d.result_document.is_some()) {
        return Ok(());
    }
    let document = songhan_documents::record(&mut tx, &cx, prepared).await?;
    store::set_result(&mut tx, case.id, document.id).await?;
    let act = Act { action: "issue", facts: &["result", "paid"], ..Act::default() };
    songhan_cases::act(&mut tx, &cx, case.id, act).await.map_err(Internal::new)?;
    tx.emit(ResultIssued { case: case.id, code: dossier.code.clone(), document: document.id }).await?;
    tx.commit().await
}

/// What the paper of a result says beside its dossier.
struct Issuing<'a> {
    id: Id,
    template: &'a str,
    title: &'a str,
    number: &'a str,
    leader: Option<&'a (Id, String)>,
}

/// The paper in the declared layout: a certified copy of a record, or a decision.
async fn paper(cx: &Cx, dossier: &Dossier, case: &Case, issuing: Issuing<'_>) -> Result<Paper, Internal> {
    let sections = answered(cx, dossier).await?;
    let agency = unit_name(cx, &case.unit);
    let signer = Signatory {
        authority: Some(format!("TM. {}", authority_name(cx, &case.unit))),
        title: Some(leader_title(cx, &case.unit).to_owned()),
        name: issuing.leader.map(|(_, name)| printable(name)),
    };
    let qr = Some(cx.url(&format!("/verify/{}", issuing.id)));
    if issuing.template == "certified-copy" {
        return Ok(Paper::CertifiedCopy(Box::new(CertifiedCopy {
            title: issuing.title.to_owned(),
            agency,
            number: issuing.number.to_owned(),
            place: Some(place(cx)),
            date: cx.today(),
            sections,
            signer,
            qr,
            verify_code: Some(issuing.id.to_string()),
            watermark: watermark(cx),
            ..CertifiedCopy::default()
        })));
    }
    let entries = sections.into_iter().flat_map(|section| section.rows).flatten().collect();
    Ok(Paper::Decision(Box::new(Decision {
        kind: Some(issuing.title.to_owned()),
        agency,
        number: issuing.number.to_owned(),
        place: Some(place(cx)),
        date: cx.today(),
        body: vec![format!(
            "Xét hồ sơ mã số {} của {} về việc {}, {} xác nhận kết quả giải quyết như sau:",
            dossier.code,
            printable(&dossier.applicant_name),
            printable(&dossier.procedure_title),
            unit_name(cx, &case.unit),
        )],
        entries,
        recipients: vec![format!("{};", printable(&dossier.applicant_name)), "Lưu: VT, hồ sơ.".to_owned()],
        signer,
        qr,
        verify_code: Some(issuing.id.to_string()),
        watermark: watermark(cx),
        ..Decision::default()
    })))
}

async fn load(cx: &Cx, payload: Value) -> Result<(Dossier, Case, Option<Id>), Internal> {
    let payload: Payload = serde_json::from_value(payload).map_err(Internal::new)?;
    let dossier = store::by_case(&cx.db, payload.case).await?.ok_or_else(|| Internal::new("the dossier is gone"))?;
    let case = songhan_cases::by_id(&cx.db, payload.case).await?.ok_or_else(|| Internal::new("the case is gone"))?;
    Ok((dossier, case, payload.leader))
}

/// Số, ký hiệu: counted per unit and year, taken once and kept with the dossier before the document is made.
async fn number(cx: &Cx, dossier: &Dossier, case: &Case) -> Result<String, Internal> {
    if let Some(number) = &dossier.result_number {
        return Ok(number.clone());
    }
    let mut tx = cx.begin().await?;
    let again = store::by_case_in(&mut tx, case.id).await?.and_then(|d| d.result_number);
    if let Some(number) = again {
        return Ok(number);
    }
    let counter = format!("result:{}:{}", case.unit, cx.today().year());
    let number = format!("{}/{}", songhan_db::next_number(&mut tx, &counter).await?, cx.today().year());
    store::set_result_number(&mut tx, case.id, &number).await?;
    tx.commit().await?;
    Ok(number)
}

/// The answers in words, section by section, as the form asked them.
async fn answered(cx: &Cx, dossier: &Dossier) -> Result<Vec<Section>, Internal> {
    let Some(form) = form_of(cx, dossier) else { return Ok(Vec::new()) };
    let answers = Answers::parse(&dossier.answers);
    let files: Vec<_> = store::papers(&cx.db, dossier.case_id)
        .await?
        .into_iter()
        .map(|p| UploadedFile { id: p.upload.to_string(), name: p.name, size: 0, href: String::new() })
        .collect();
    let check = CheckContext { lang: Lang::Vi, ..CheckContext::of(cx) };
    let summary = form.summary(&answers, &files, &check, |_| None);
    let section = |section: songhan_forms::SummarySection| Section {
        title: Some(printable(&section.title)),
        rows: section
            .rows
            .iter()
            .map(|row| vec![Entry::new(printable(&row.label), printable(&row.value.line()))])
            .collect(),
    };
    Ok(summary.into_iter().map(section).collect())
}

pub fn form_of<'a>(cx: &'a Cx, dossier: &Dossier) -> Option<&'a Form> {
    cx.city.get::<Forms>().get(&dossier.form)
}

fn unit_name(cx: &Cx, code: &str) -> String {
    cx.city.agencies().get(code).map_or(code, |unit| unit.name.vi.as_str()).to_owned()
}

/// Địa danh: the unit's own area, or the city.
fn place(cx: &Cx) -> String {
    cx.city.manifest().short_name.vi.clone()
}

/// On whose behalf a leader signs: a People's Committee, or the agency itself.
fn authority_name(cx: &Cx, unit: &str) -> String {
    let unit = cx.city.agencies().get(unit);
    match unit {
        Some(unit) if unit.kind.is_commune_level() || unit.kind == UnitKind::City => "Ủy ban nhân dân".to_owned(),
        Some(unit) => unit.name.vi.clone(),
        None => String::new(),
    }
}

/// Chức vụ of who leads a unit of this kind.
fn leader_title(cx: &Cx, unit: &str) -> &'static str {
    match cx.city.agencies().get(unit).map(|unit| unit.kind) {
        Some(UnitKind::Department | UnitKind::Centre) => "Giám đốc",
        _ => "Chủ tịch",
    }
}

/// Papers of a demonstration say so.
fn watermark(cx: &Cx) -> Option<String> {
    cx.config.demo.then(|| "Bản mô phỏng".to_owned())
}

fn local(cx: &Cx, at: jiff::Timestamp) -> DateTime {
    at.to_zoned(cx.zone.clone()).datetime()
}
