//! List reads: who has read one's personal data, for which unit, why and when. Taken from the audit log.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem, Query};
use songhan_base::{Id, Internal, Role};
use songhan_db::{At, AuditRow, audit_about};

use crate::store;

/// Entries of one page.
const PAGE: i64 = 50;

/// One reading.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Reading {
    #[schema(value_type = String, format = DateTime)]
    pub at: At,
    /// The name of whoever read.
    pub who: String,
    /// The units for which they worked on that day.
    pub units: Vec<String>,
    /// What was read, in words.
    pub what: String,
    /// The dossier for which, where it was for one.
    pub dossier: Option<String>,
}

/// Readings, the latest first.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ReadingList, example = json!({"items": [{"at": "2026-11-20T02:15:00Z", "who": "Trần Văn Bình",
    "units": ["UBND phường Hải Châu"], "what": "Xem hồ sơ", "dossier": "000.00.15.H17-261119-0004"}], "next": null}))]
pub struct Readings {
    pub items: Vec<Reading>,
    /// For the page that follows; missing on the last.
    pub next: Option<i64>,
}

/// From where on.
#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// `next` of the page before.
    #[serde(default)]
    pub before: Option<i64>,
}

/// Who has read the data of `account`, except themselves.
pub async fn list_reads(cx: &Cx, account: Id, before: Option<i64>) -> Result<Readings, Internal> {
    let known: HashMap<&str, &str> = cx.modules.iter().flat_map(|m| m.readings).copied().collect();
    let actions: Vec<&str> = known.keys().copied().collect();
    let rows = audit_about(&cx.db, &format!("account:{account}"), &actions, before, PAGE).await?;
    let next = if rows.len() as i64 == PAGE { rows.last().map(|row| row.seq) } else { None };
    let mut people: HashMap<Id, Option<Reader>> = HashMap::new();
    let mut items = Vec::new();
    for row in rows {
        let Some(reader) = row.actor.strip_prefix("account:").and_then(|id| id.parse::<Id>().ok()) else { continue };
        if reader == account {
            continue;
        }
        let reader = match people.entry(reader) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(find(cx, reader).await?),
        };
        let reader = reader.as_ref();
        let what = known.get(row.action.as_str()).map(|key| cx.t(key)).unwrap_or_default();
        items.push(reading(cx, reader, &row, what));
    }
    Ok(Readings { items, next })
}

/// Someone who reads: name, and grants with their days.
struct Reader {
    name: String,
    grants: Vec<crate::GrantRow>,
}

async fn find(cx: &Cx, id: Id) -> Result<Option<Reader>, Internal> {
    let Some(account) = store::account(&cx.db, id).await? else { return Ok(None) };
    Ok(Some(Reader { name: account.name, grants: store::grants_of(&cx.db, id).await? }))
}

fn reading(cx: &Cx, reader: Option<&Reader>, row: &AuditRow, what: String) -> Reading {
    let day = row.at.0.to_zoned(cx.zone.clone()).date();
    let unit = |grant: &crate::GrantRow| match grant.unit.as_deref() {
        Some(code) => cx.city.agencies().get(code).map_or_else(|| code.to_owned(), |u| u.name.get(cx.lang).to_owned()),
        None => cx.t("identity-whole-city"),
    };
    let counted = |grant: &&crate::GrantRow| {
        let ended = grant.ended_at.is_some_and(|at| at.0 < row.at.0);
        grant.role != Role::Resident && grant.from <= day && grant.until.is_none_or(|last| day <= last) && !ended
    };
    let mut units: Vec<String> = reader.iter().flat_map(|r| &r.grants).filter(counted).map(unit).collect();
    units.sort();
    units.dedup();
    let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap_or_default();
    Reading {
        at: row.at,
        who: reader.map_or_else(|| cx.t("identity-reads-someone"), |reader| reader.name.clone()),
        units,
        what,
        dossier: detail["dossier"].as_str().map(str::to_owned),
    }
}

#[utoipa::path(get, path = "/api/v1/me/reads", operation_id = "list_reads", tag = "identity",
    summary = "Who has read my data", params(Page),
    responses(
        (status = 200, description = "Readings by others, the latest first", body = Readings),
    ))]
pub async fn list_reads_handler(cx: Cx, Query(page): Query<Page>) -> Result<impl IntoResponse, Problem> {
    let account = cx.person()?.account;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(list_reads(&cx, account, page.before).await?)))
}
