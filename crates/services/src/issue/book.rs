//! Form 06: the book in which a one-stop office follows its dossiers (sổ theo dõi hồ sơ), of a span of days.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use songhan_app::Cx;
use songhan_base::{FieldError, Id, Internal};
use songhan_cases::{Case, National, PAGE_MAX};
use songhan_delivery::Way;
use songhan_documents::paper::{BookEntry, Head, Paper, TrackingBook};
use songhan_documents::typeset::printable;
use songhan_procedures::Channel;

use super::{head, local, unit_name};
use crate::dossier::Dossier;
use crate::store;

/// Dossiers in one book: some hundred pages, set in a second or two.
pub const ENTRIES_MAX: usize = 2_000;
/// Days in one book.
pub const DAYS_MAX: i32 = 366;

/// Why no book could be drawn up.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(
        "the days of the book cannot be read; give `from` and `until` as dates, until not before from and at most a year later"
    )]
    Days(FieldError),
    #[error("there are more than {ENTRIES_MAX} dossiers in these days; ask for fewer days")]
    TooMany,
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The days that were asked for: both may be left out, then it is this month until today.
pub fn days(cx: &Cx, from: &str, until: &str) -> Result<(Date, Date), Rejection> {
    let read = |field: &'static str, text: &str, or: Date| {
        if text.is_empty() { Ok(or) } else { text.parse().map_err(|_| wrong(field)) }
    };
    let until = read("until", until, cx.today())?;
    let from = read("from", from, until.first_of_month())?;
    let length = (until - from).get_days();
    if (0..DAYS_MAX).contains(&length) { Ok((from, until)) } else { Err(wrong("until")) }
}

fn wrong(field: &'static str) -> Rejection {
    Rejection::Days(FieldError::new(field, "not_a_span", "write a date as 2026-11-20, the last not before the first"))
}

/// Draws the book of these units up; `None` is the whole city.
pub async fn book(cx: &Cx, units: Option<&[String]>, from: Date, until: Date) -> Result<Vec<u8>, Rejection> {
    let (begin, end) = (start_of(cx, from)?, start_of(cx, until.tomorrow().map_err(Internal::new)?)?);
    let dossiers = store::received_between(&cx.db, units, begin, end, ENTRIES_MAX as i64 + 1).await?;
    if dossiers.len() > ENTRIES_MAX {
        return Err(Rejection::TooMany);
    }
    let ids: Vec<Id> = dossiers.iter().map(|dossier| dossier.case_id).collect();
    let mut cases = HashMap::new();
    for some in ids.chunks(PAGE_MAX) {
        cases.extend(songhan_cases::by_ids(&cx.db, some).await?.into_iter().map(|case| (case.id, case)));
    }
    let contacts = contacts(cx, &dossiers).await?;
    let ways: HashMap<Id, Way> = songhan_delivery::ways(&cx.db, &ids).await?.into_iter().collect();
    let mut entries = Vec::with_capacity(dossiers.len());
    for dossier in &dossiers {
        let Some(case) = cases.get(&dossier.case_id) else { continue };
        let contact = contacts.get(&dossier.applicant).cloned().unwrap_or_default();
        entries.push(entry(cx, dossier, case, contact, ways.get(&dossier.case_id).copied()));
    }
    let one = units.filter(|units| units.len() == 1).and_then(|units| units.first());
    let city = Head { agency: cx.city.manifest().name.vi.clone(), ..head(cx, "") };
    let paper = TrackingBook {
        head: one.map_or(city, |unit| head(cx, unit)),
        office: Some("Bộ phận tiếp nhận và trả kết quả".to_owned()),
        from,
        until,
        entries,
    };
    Ok(songhan_documents::print(cx, Paper::TrackingBook(Box::new(paper))).await?)
}

fn start_of(cx: &Cx, day: Date) -> Result<Timestamp, Internal> {
    cx.zone.to_timestamp(day.to_datetime(Time::midnight())).map_err(Internal::new)
}

/// Address and telephone number of the applicants, each account once.
async fn contacts(cx: &Cx, dossiers: &[Dossier]) -> Result<HashMap<Id, String>, Internal> {
    let mut known = HashMap::new();
    for dossier in dossiers {
        if known.contains_key(&dossier.applicant) {
            continue;
        }
        let account = songhan_identity::account(&cx.db, dossier.applicant).await?;
        let answers = account.map(|account| account.answers()).unwrap_or_default();
        let told = ["account.address", "account.phone"].iter().filter_map(|key| answers.get(key));
        known.insert(dossier.applicant, printable(&told.cloned().collect::<Vec<_>>().join("; ")));
    }
    Ok(known)
}

fn entry(cx: &Cx, dossier: &Dossier, case: &Case, contact: String, way: Option<Way>) -> BookEntry {
    let returned = case.closed_at.filter(|_| case.national == National::Returned);
    BookEntry {
        dossier: dossier.code.clone(),
        procedure: printable(&dossier.procedure_title),
        copies: 1,
        applicant: printable(dossier.holder_name()),
        contact,
        agency: unit_name(cx, &case.unit),
        received: local(cx, case.received_at.0),
        due: case.due_at.map(|at| local(cx, at.0)),
        returned: returned.map(|at| local(cx, at.0)),
        // Where no other way of return was asked for, a result goes back the way its dossier came.
        delivery: match (way, Channel::of(dossier.channel)) {
            (Some(Way::Counter), _) | (None, Some(Channel::Counter)) => "Trực tiếp",
            (Some(Way::Post), _) | (None, Some(Channel::Post)) => "Bưu chính",
            (Some(Way::Electronic), _) | (None, Some(Channel::Online) | None) => "Trực tuyến",
        }
        .to_owned(),
        note: standing(cx, case),
    }
}

/// Where it stands, and whether it is or was late.
fn standing(cx: &Cx, case: &Case) -> String {
    let workflow = cx.city.get::<songhan_cases::Workflows>().get(&case.workflow);
    let state = workflow.and_then(|workflow| workflow.state(&case.state)).map_or("", |state| state.name.vi.as_str());
    let late = if case.was_late() || case.is_late(cx.now()) { "; quá hạn" } else { "" };
    format!("{state}{late}")
}
