//! Papers of the archive: the record of a batch and the approved list for destruction, each a PDF under the unit's seal,
//! made by a job after the commit that promises it; and the same lists as tables for a spreadsheet.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use songhan_app::{Cx, Problem};
use songhan_base::{Id, Internal};
use songhan_city::UnitKind;
use songhan_db::{NewJob, Tx, enqueue};
use songhan_documents::Draft;
use songhan_documents::paper::{ArchiveEntry, ArchiveList, Paper, Signatory};
use songhan_documents::typeset::printable;

use crate::disposal::{Disposal, DisposalState, shown_day};
use crate::entry::{Batch, Entry};
use crate::store;

pub const JOB: &str = "archive.paper";

/// What a paper is about.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "about")]
pub enum About {
    Batch { id: Id },
    Disposal { id: Id },
}

/// Promises the paper in the caller's commit.
pub async fn promise(tx: &mut Tx, cx: &Cx, about: &About) -> Result<(), Internal> {
    let payload = serde_json::to_value(about).map_err(Internal::new)?;
    let (About::Batch { id } | About::Disposal { id }) = about;
    let dedupe = Some(format!("{JOB}:{id}"));
    enqueue(tx, NewJob { id: cx.env.id(), kind: JOB, payload, run_at: None, dedupe }).await
}

/// Makes the paper. Done twice it is one: its id was taken beforehand.
pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let about: About = serde_json::from_value(payload).map_err(Internal::new)?;
    let Some(draft) = draft(&cx, about).await? else { return Ok(()) };
    let id = draft.id;
    if songhan_documents::by_id(&cx.db, id).await?.is_some() {
        return Ok(());
    }
    let prepared = songhan_documents::prepare(&cx, draft).await?;
    let mut tx = cx.begin().await?;
    if songhan_documents::by_id(&mut tx, id).await?.is_some() || !still_wanted(&mut tx, about).await? {
        return Ok(());
    }
    songhan_documents::record(&mut tx, &cx, prepared).await?;
    tx.commit().await
}

/// A list that was withdrawn in the meantime gets no paper.
async fn still_wanted(tx: &mut Tx, about: About) -> Result<bool, Internal> {
    let About::Disposal { id } = about else { return Ok(true) };
    let disposal = store::disposals::lock(tx, id).await?;
    Ok(disposal.is_some_and(|disposal| is_carried_out(&disposal)))
}

fn is_carried_out(disposal: &Disposal) -> bool {
    matches!(disposal.state, DisposalState::Approved | DisposalState::Running | DisposalState::Done)
}

async fn draft(cx: &Cx, about: About) -> Result<Option<Draft>, Internal> {
    match about {
        About::Batch { id } => {
            let Some(batch) = store::batches::by_id(&cx.db, id).await? else { return Ok(None) };
            let entries = store::entries::of_batch(&cx.db, id).await?;
            Ok(Some(of_batch(cx, &batch, &entries)))
        }
        About::Disposal { id } => {
            let found = store::disposals::by_id(&cx.db, id).await?.filter(is_carried_out);
            let Some(disposal) = found else { return Ok(None) };
            let listed = store::entries::of_disposal(&cx.db, id).await?;
            let entries: Vec<Entry> = listed.into_iter().map(|listed| listed.entry).collect();
            Ok(Some(of_disposal(cx, &disposal, &entries)))
        }
    }
}

fn of_batch(cx: &Cx, batch: &Batch, entries: &[Entry]) -> Draft {
    let agency = unit_name(cx, &batch.unit);
    let body = vec![
        format!(
            "Ngày {}, {agency} giao nhận vào lưu trữ hiện hành {} hồ sơ thủ tục hành chính kết thúc năm {}.",
            shown_day(cx, batch.handed_at.0),
            batch.entries,
            batch.year,
        ),
        format!("Người giao nộp: {}.", batch.handed_by_name),
        "Hồ sơ điện tử được giao nhận trên hệ thống; từ ngày giao nhận hồ sơ chỉ để xem, không xử lý thêm.".to_owned(),
    ];
    let paper = ArchiveList {
        title: "Biên bản giao nhận hồ sơ".to_owned(),
        heading: "Mục lục hồ sơ nộp lưu".to_owned(),
        number: Some(batch.number.clone()),
        body,
        date: batch.handed_at.0.to_zoned(cx.zone.clone()).date(),
        signer: signer("Người giao nộp", &batch.handed_by_name),
        ..list(cx, &batch.unit, batch.document, entries)
    };
    drawn(paper, batch.document, format!("archive-batch:{}", batch.id), &batch.unit)
}

fn of_disposal(cx: &Cx, disposal: &Disposal, entries: &[Entry]) -> Draft {
    let decided = disposal.decided_by_name.clone().unwrap_or_default();
    let day = |at: Option<songhan_db::At>| at.map_or_else(String::new, |at| shown_day(cx, at.0));
    let mut body = vec![
        format!(
            "Người đề nghị: {}, ngày {}. Người duyệt: {decided}, ngày {}.",
            disposal.proposed_by_name,
            day(Some(disposal.proposed_at)),
            day(disposal.decided_at),
        ),
        format!(
            "Các hồ sơ dưới đây đã hết thời hạn bảo quản và được tiêu hủy từ ngày {}; trước ngày đó danh mục có thể được \
             rút lại. Hồ sơ được giữ lại trước khi tiêu hủy thì không bị tiêu hủy theo danh mục này.",
            day(disposal.destroys_at),
        ),
    ];
    body.extend(disposal.note.as_ref().map(|note| format!("Ghi chú: {}", printable(note))));
    let paper = ArchiveList {
        title: "Quyết định tiêu hủy hồ sơ hết giá trị".to_owned(),
        heading: "Danh mục hồ sơ hết giá trị".to_owned(),
        number: disposal.number.clone(),
        body,
        date: disposal.decided_at.map_or_else(|| cx.today(), |at| at.0.to_zoned(cx.zone.clone()).date()),
        signer: signer("Người duyệt", &decided),
        ..list(cx, &disposal.unit, disposal.document, entries)
    };
    drawn(paper, disposal.document, disposal.subject(), &disposal.unit)
}

fn signer(title: &str, name: &str) -> Signatory {
    Signatory { title: Some(title.to_owned()), name: Some(printable(name)), ..Signatory::default() }
}

/// What both papers have.
fn list(cx: &Cx, unit: &str, document: Id, entries: &[Entry]) -> ArchiveList {
    let unit_of = cx.city.agencies().get(unit);
    let above = unit_of.filter(|unit| !(unit.kind.is_commune_level() || unit.kind == UnitKind::City));
    ArchiveList {
        agency: unit_name(cx, unit),
        parent: above.and_then(|unit| unit.parent.as_ref()).map(|parent| unit_name(cx, parent)),
        place: Some(cx.city.manifest().short_name.vi.clone()),
        entries: entries.iter().map(|entry| line(cx, entry)).collect(),
        qr: Some(cx.url(&format!("/verify/{document}"))),
        verify_code: Some(document.to_string()),
        watermark: cx.config.demo.then(|| "Bản mô phỏng".to_owned()),
        ..ArchiveList::default()
    }
}

fn line(cx: &Cx, entry: &Entry) -> ArchiveEntry {
    ArchiveEntry {
        dossier: entry.code.clone(),
        title: printable(&entry.title),
        ended: entry.ended_at.0.to_zoned(cx.zone.clone()).date(),
        papers: entry.papers,
        term: entry.years.map_or_else(|| "Vĩnh viễn".to_owned(), |years| format!("{years} năm")),
        note: String::new(),
    }
}

fn drawn(paper: ArchiveList, id: Id, subject: String, unit: &str) -> Draft {
    Draft {
        id,
        title: paper.title.clone(),
        number: paper.number.clone(),
        paper: Paper::ArchiveList(Box::new(paper)),
        subject,
        unit: unit.to_owned(),
        holder: None,
        holder_name: String::new(),
        leader: None,
    }
}

fn unit_name(cx: &Cx, code: &str) -> String {
    cx.city.agencies().get(code).map_or(code, |unit| unit.name.vi.as_str()).to_owned()
}

/// A list as a table that a spreadsheet opens: its letters are marked as UTF-8.
pub fn table(cx: &Cx, entries: &[&Entry], name: &str) -> Result<Response, Problem> {
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let head = ["code", "title", "ended", "papers", "term", "until"].map(|key| cx.t(&format!("archive-csv-{key}")));
    writer.write_record(&head).map_err(Internal::new)?;
    for entry in entries {
        let line = line(cx, entry);
        let (papers, until) = (line.papers.to_string(), entry.keep_until.clone().unwrap_or_default());
        let cells = [line.dossier, guarded(line.title), line.ended.to_string(), papers, line.term, until];
        writer.write_record(&cells).map_err(Internal::new)?;
    }
    let bytes = writer.into_inner().map_err(|error| Internal::new(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

/// What begins like a formula is none.
fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}
