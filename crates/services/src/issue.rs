//! Documents of a dossier, made after the commit that promised them: the receipt, and the signed result.
//!
//! A job may run twice: what is already there is not made again.

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::Cx;
use songhan_base::{Id, Internal, Lang};
use songhan_cases::{Act, Case};
use songhan_documents::{Draft, Signing};
use songhan_forms::{Answers, CheckContext, Form, Forms, UploadedFile};

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
    let zone = cx.zone.clone();
    let data = json!({
        "code": dossier.code,
        "procedure": dossier.procedure_title,
        "applicant": dossier.applicant_name,
        "unit": unit_data(&cx, &case.unit),
        "received_at": moment(&zone, case.received_at.0),
        "due_at": case.due_at.map(|at| moment(&zone, at.0)),
        "channel": dossier.channel,
        "papers": store::papers(&cx.db, case.id).await?.into_iter().map(|p| p.name).collect::<Vec<_>>(),
        "track_url": cx.url(&format!("/track/{}", dossier.code)),
        "place": city_name(&cx),
    });
    let draft = Draft {
        template: "receipt",
        title: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả".to_owned(),
        number: None,
        subject: dossier.subject(),
        unit: case.unit.clone(),
        holder: Some(dossier.applicant),
        holder_name: dossier.applicant_name.clone(),
        data,
        signing: Signing::Unit,
    };
    let prepared = songhan_documents::prepare(&cx, draft).await?;
    let mut tx = cx.begin().await?;
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
    let procedure = cx.city.get::<Procedures>().get(&dossier.procedure).cloned();
    let template = procedure.as_ref().and_then(|p| p.result.as_ref()).map_or("decision", |r| r.template.as_str());
    let title = procedure.as_ref().and_then(|p| p.result.as_ref()).map_or(&dossier.procedure_title, |r| &r.title.vi);
    let leader_name = match leader {
        Some(id) => songhan_identity::account(&cx.db, id).await?.map(|a| a.name),
        None => None,
    };
    let data = json!({
        "number": number,
        "title": title,
        "procedure": dossier.procedure_title,
        "code": dossier.code,
        "applicant": dossier.applicant_name,
        "unit": unit_data(&cx, &case.unit),
        "issued_at": moment(&cx.zone, cx.now()),
        "signer": leader_name,
        "sections": answered(&cx, &dossier).await?,
        "answers": serde_json::from_str::<Value>(&dossier.answers).unwrap_or_default(),
        "place": city_name(&cx),
    });
    let draft = Draft {
        template,
        title: title.clone(),
        number: Some(number),
        subject: dossier.subject(),
        unit: case.unit.clone(),
        holder: Some(dossier.applicant),
        holder_name: dossier.applicant_name.clone(),
        data,
        signing: leader_name.map_or(Signing::Unit, |name| Signing::Leader { name }),
    };
    let prepared = songhan_documents::prepare(&cx, draft).await?;
    let mut tx = cx.begin().await?;
    let document = songhan_documents::record(&mut tx, &cx, prepared).await?;
    store::set_result(&mut tx, case.id, document.id).await?;
    let act = Act { action: "issue", facts: &["result", "paid"], ..Act::default() };
    songhan_cases::act(&mut tx, &cx, case.id, act).await.map_err(Internal::new)?;
    tx.emit(ResultIssued { case: case.id, code: dossier.code.clone(), document: document.id }).await?;
    tx.commit().await
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
async fn answered(cx: &Cx, dossier: &Dossier) -> Result<Value, Internal> {
    let Some(form) = form_of(cx, dossier) else { return Ok(json!([])) };
    let answers = Answers::parse(&dossier.answers);
    let check = CheckContext { lang: Lang::Vi, ..CheckContext::of(cx) };
    let files: Vec<_> = store::papers(&cx.db, dossier.case_id)
        .await?
        .into_iter()
        .map(|p| UploadedFile { id: p.upload.to_string(), name: p.name, size: 0, href: String::new() })
        .collect();
    let summary = form.summary(&answers, &files, &check, |_| None);
    let sections = summary.into_iter().map(|section| {
        let rows: Vec<_> = section.rows.iter().map(|row| json!({ "label": row.label, "value": row.value.line() })).collect();
        json!({ "title": section.title, "rows": rows })
    });
    Ok(Value::from(sections.collect::<Vec<_>>()))
}

pub fn form_of<'a>(cx: &'a Cx, dossier: &Dossier) -> Option<&'a Form> {
    cx.city.get::<Forms>().get(&dossier.form)
}

fn unit_data(cx: &Cx, code: &str) -> Value {
    let unit = cx.city.agencies().get(code);
    let parent = unit.and_then(|u| u.parent.as_ref()).and_then(|p| cx.city.agencies().get(p));
    json!({
        "code": code,
        "name": unit.map_or(code, |u| u.name.vi.as_str()),
        "parent": parent.map(|u| u.name.vi.clone()),
        "address": unit.and_then(|u| u.address.as_ref()).map(|a| a.vi.clone()),
        "phone": unit.and_then(|u| u.phone.clone()),
    })
}

fn city_name(cx: &Cx) -> String {
    cx.city.manifest().name.vi.clone()
}

/// A moment in the parts that official papers are written with.
fn moment(zone: &TimeZone, at: jiff::Timestamp) -> Value {
    let z = at.to_zoned(zone.clone());
    json!({ "day": z.day(), "month": z.month(), "year": z.year(), "hour": z.hour(), "minute": z.minute() })
}
