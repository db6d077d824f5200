//! Hears what the portal tells of dossiers: asked every minute for what came since, each entry taken once, as a line in
//! the dossier's timeline. What it tells of dossiers that are not here stands in the log alone.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use songhan_app::Cx;
use songhan_base::{Internal, Lang, clean_line, clean_text};
use songhan_cases::National;
use songhan_services::CASE_KIND;

use crate::portal::{self, Failure};
use crate::settings::Settings;
use crate::store::{heard, known, refused};

/// How far back is asked for the first time, and how much is asked for again each time: clocks differ.
const FIRST: SignedDuration = SignedDuration::from_hours(24);
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// Entries taken in one turn.
const ENTRIES_MAX: usize = 500;
const TEXT_MAX: usize = 1_000;
/// As it stands in timelines.
pub const BY: &str = "Cổng Dịch vụ công quốc gia";

/// An entry of the portal's list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    code: String,
    at: Timestamp,
    who: String,
    unit: String,
    what: String,
    status: Option<National>,
    digest: String,
}

/// The schedule.
pub async fn poll(cx: Cx) -> Result<(), Internal> {
    let Some(settings) = Settings::of(&cx).filter(|settings| settings.hears) else { return Ok(()) };
    let now = cx.now();
    let since = known::connection(&cx.db).await?.polled_until.map(|at| at.0);
    let since = since.unwrap_or(now - FIRST).min(now) - OVERLAP;
    let body = json!({ "tungay": time(&cx, since), "denngay": time(&cx, now) });
    let answer = match portal::call(&cx, &settings, &settings.progress_service, body).await {
        Ok(answer) => answer,
        // It stands in the state of the connection.
        Err(Failure::Unreachable(_)) => return Ok(()),
        // It stands on the administrators' page, with the reason, until the portal tells again.
        Err(Failure::Refused { code, told }) => {
            let service = &settings.progress_service;
            tracing::warn!(service, code, told, "the national portal refuses to tell progress; look at [national]");
            let mut tx = cx.begin().await?;
            refused::note_poll(&mut tx, &format!("{service}: {code} {told}")).await?;
            return tx.commit().await;
        }
    };
    let (entries, until) = read(&cx, &answer, now);
    for entry in &entries {
        take(&cx, entry).await?;
    }
    let mut tx = cx.begin().await?;
    known::note_poll(&mut tx, until).await?;
    tx.commit().await
}

fn time(cx: &Cx, at: Timestamp) -> String {
    at.to_zoned(cx.zone.clone()).strftime("%Y%m%d%H%M%S").to_string()
}

/// The entries of an answer, oldest first, and until when they reach. What cannot be read is left out and told.
fn read(cx: &Cx, answer: &Value, now: Timestamp) -> (Vec<Entry>, Timestamp) {
    let list = answer["result"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut entries: Vec<Entry> = list.iter().filter_map(|value| entry(cx, value)).collect();
    if entries.len() < list.len() {
        tracing::warn!(unreadable = list.len() - entries.len(), "entries of the national portal without code or time");
    }
    entries.sort_by(|a, b| (a.at, &a.digest).cmp(&(b.at, &b.digest)));
    let more = entries.len() > ENTRIES_MAX;
    entries.truncate(ENTRIES_MAX);
    let until = entries.last().filter(|_| more).map_or(now, |last| last.at.min(now));
    (entries, until)
}

fn entry(cx: &Cx, value: &Value) -> Option<Entry> {
    let text = |name: &str| {
        let text = value[name].as_str().unwrap_or_default();
        text.chars().filter(|c| *c != '\0').take(TEXT_MAX).collect::<String>()
    };
    let at = DateTime::strptime("%Y%m%d%H%M%S", text("ThoiDiemXuLy")).ok()?;
    let at = at.to_zoned(cx.zone.clone()).ok()?.timestamp();
    let code = clean_line(&text("MaHoSo"));
    if code.is_empty() {
        return None;
    }
    let status = match &value["TrangThai"] {
        Value::String(number) => number.trim().parse::<i64>().ok(),
        other => other.as_i64(),
    };
    let status = status.and_then(|number| National::try_from(number).ok());
    let (who, unit) = (clean_line(&text("NguoiXuLy")), clean_line(&text("PhongBanXuLy")));
    let what = clean_text(&text("NoiDungXuLy"));
    let number = status.map(National::number);
    let whole = json!([code, at.as_microsecond(), who, unit, what, number]).to_string();
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(whole));
    Some(Entry { code, at, who, unit, what, status, digest })
}

/// Takes an entry once: a line in the timeline of its dossier, or in the log alone.
async fn take(cx: &Cx, entry: &Entry) -> Result<(), Internal> {
    let case = songhan_cases::by_code(&cx.db, &entry.code).await?.filter(|case| case.kind == CASE_KIND);
    let case = case.map(|case| case.id);
    let mut tx = cx.begin().await?;
    let status = entry.status.map(National::number);
    if !heard::take(&mut tx, &entry.digest, &entry.code, case, status, entry.at).await? {
        return Ok(());
    }
    if let Some(case) = case {
        songhan_cases::remark(&mut tx, cx, case, BY, &remark(cx, entry)).await?;
    } else {
        tracing::info!(dossier = entry.code, "the national portal told of a dossier that is not here");
    }
    tx.commit().await
}

/// As an official reads it: "Đang xử lý (20/11/2026 09:00): … Nguyễn Văn A, Văn phòng".
fn remark(cx: &Cx, entry: &Entry) -> String {
    let at = entry.at.to_zoned(cx.zone.clone()).strftime("%d/%m/%Y %H:%M").to_string();
    let head = entry.status.map_or(at.clone(), |status| format!("{} ({at})", status.name(Lang::Vi)));
    let by = [entry.who.as_str(), entry.unit.as_str()].into_iter().filter(|part| !part.is_empty());
    let by = by.collect::<Vec<_>>().join(", ");
    let body = [entry.what.as_str(), by.as_str()].into_iter().filter(|part| !part.is_empty());
    let body = body.collect::<Vec<_>>().join(" – ");
    if body.is_empty() { head } else { format!("{head}: {body}") }
}
