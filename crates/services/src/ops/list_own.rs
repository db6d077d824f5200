//! List what is one's own: dossiers that were handed in, and drafts that were not yet.

use jiff::Timestamp;
use serde::Serialize;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal};
use songhan_cases::{Case, Cursor};
use songhan_forms::drafts;
use songhan_procedures::Catalogue;

use crate::CASE_KIND;
use crate::application::procedure_of;
use crate::store;

/// A dossier in its applicant's list.
#[derive(Clone, Debug, Serialize)]
pub struct OwnDossier {
    pub code: String,
    pub title: String,
    pub unit_name: String,
    pub state_name: String,
    pub status: i64,
    pub received_at: Timestamp,
    pub due_at: Option<Timestamp>,
    pub late: bool,
    pub closed: bool,
    /// For whom it was handed in, where that is somebody else.
    pub for_name: Option<String>,
    /// Who handed it in, where that is somebody else.
    pub by_name: Option<String>,
}

/// A draft in its owner's list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = OwnDraft)]
pub struct OwnDraft {
    #[schema(format = "uuid", example = "019aa4c2-7c00-7000-8000-000000000007")]
    pub id: String,
    #[schema(example = "Đăng ký thành lập hộ kinh doanh")]
    pub title: String,
    /// The page of its procedure; missing when there is none any more.
    #[schema(example = "dang-ky-ho-kinh-doanh")]
    pub procedure: Option<String>,
    #[schema(value_type = String, format = "date-time", example = "2026-11-21T02:00:00Z")]
    pub updated_at: Timestamp,
    #[schema(value_type = String, format = "date-time", example = "2027-02-19T02:00:00Z")]
    pub kept_until: Timestamp,
}

#[derive(Clone, Debug, Default)]
pub struct Output {
    pub dossiers: Vec<OwnDossier>,
    pub next: Option<Cursor>,
    pub drafts: Vec<OwnDraft>,
    /// The newest that others have handed in for the account.
    pub by_others: Vec<OwnDossier>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("dossiers are for those signed in; sign in and try again")]
    SignIn,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::SignIn => Problem::unauthorized(),
            Self::Internal(error) => error.into(),
        }
    }
}

const PAGE: usize = 20;
/// Of what others have handed in.
const BY_OTHERS: i64 = 50;

/// The newest first; drafts stand with the first page.
pub async fn list_own(cx: &Cx, after: Option<Cursor>) -> Result<Output, Rejection> {
    let account = cx.actor.account().ok_or(Rejection::SignIn)?;
    let catalogue = Catalogue::of(cx).await?;
    let drafts = if after.is_none() { own_drafts(cx, &catalogue, account).await? } else { Vec::new() };
    let by_others = if after.is_none() { by_others(cx, &catalogue, account).await? } else { Vec::new() };
    let page = songhan_cases::of_applicant(&cx.db, account, after, PAGE).await?;
    let cases: Vec<_> = page.cases.iter().filter(|case| case.kind == CASE_KIND).collect();
    let ids: Vec<Id> = cases.iter().map(|case| case.id).collect();
    let principals = store::principal_names(&cx.db, &ids).await?;
    let mut dossiers = Vec::new();
    for case in cases {
        let principal = principals.iter().find(|(id, _)| *id == case.id);
        let for_name = principal.map(|(_, name)| name.clone());
        dossiers.push(OwnDossier { for_name, ..own_dossier(cx, &catalogue, case).await? });
    }
    Ok(Output { dossiers, next: page.next, drafts, by_others })
}

async fn by_others(cx: &Cx, catalogue: &Catalogue, account: Id) -> Result<Vec<OwnDossier>, Internal> {
    let found = store::of_principal(&cx.db, account, BY_OTHERS).await?;
    let mut dossiers = Vec::new();
    for dossier in found {
        let Some(case) = songhan_cases::by_id(&cx.db, dossier.case_id).await? else { continue };
        let own = own_dossier(cx, catalogue, &case).await?;
        dossiers.push(OwnDossier { by_name: Some(dossier.applicant_name), ..own });
    }
    Ok(dossiers)
}

async fn own_dossier(cx: &Cx, catalogue: &Catalogue, case: &Case) -> Result<OwnDossier, Internal> {
    let workflow = songhan_cases::workflow(cx, &cx.db, case).await?;
    let unit = cx.city.agencies().get(&case.unit);
    Ok(OwnDossier {
        code: case.code.clone(),
        title: title(cx, catalogue, &case.topic).unwrap_or_else(|| case.title.clone()),
        unit_name: unit.map_or_else(|| case.unit.clone(), |unit| unit.name.get(cx.lang).to_owned()),
        state_name: workflow.state(&case.state).map_or(String::new(), |s| s.name.get(cx.lang).to_owned()),
        status: case.national.number(),
        received_at: case.received_at.0,
        due_at: case.due_at.map(|at| at.0),
        late: case.is_late(cx.now()),
        closed: case.stopped_at.is_some(),
        for_name: None,
        by_name: None,
    })
}

/// The drafts alone.
pub async fn list_drafts(cx: &Cx, account: Id) -> Result<Vec<OwnDraft>, Internal> {
    let catalogue = Catalogue::of(cx).await?;
    own_drafts(cx, &catalogue, account).await
}

async fn own_drafts(cx: &Cx, catalogue: &Catalogue, account: Id) -> Result<Vec<OwnDraft>, Internal> {
    let drafts = drafts::list(&cx.db, account).await?;
    let own = drafts.into_iter().filter_map(|draft| {
        let code = procedure_of(&draft)?;
        let procedure = catalogue.get(code);
        Some(OwnDraft {
            title: procedure.map_or_else(|| code.to_owned(), |p| p.title.get(cx.lang).to_owned()),
            procedure: procedure.map(|p| p.name.clone()),
            updated_at: draft.updated_at.0,
            kept_until: draft.kept_until(),
            id: draft.id.to_string(),
        })
    });
    Ok(own.collect())
}

fn title(cx: &Cx, catalogue: &Catalogue, procedure: &str) -> Option<String> {
    catalogue.get(procedure).map(|p| p.title.get(cx.lang).to_owned())
}
