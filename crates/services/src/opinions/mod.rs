//! Lấy ý kiến: what one agency asks another about a dossier. Each is a case of its own under the dossier's, with its
//! own clock and workflow (`workflows/opinion.toml`), so that it stands in the asked agency's inbox and is swept like
//! everything else.
//!
//! Who is asked reads the dossier while the question is open, and not a moment longer.

mod hear;
pub mod store;

use jiff::Timestamp;
use serde::Serialize;
use songhan_app::Cx;
use songhan_base::{Id, Internal, Role};
use songhan_cases::Case;
use songhan_db::{At, On};

pub use hear::hear;

use crate::dossier::{Dossier, Part};
use crate::ops::show_dossier::{DossierView, Seen, view};

/// The kind of these cases, and why they hang on a dossier's.
pub const KIND: &str = "opinion";
/// Their workflow.
pub const WORKFLOW: &str = "opinion";

/// Ý kiến, as its row holds it. Its term and state stand in its case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Opinion {
    /// Its case.
    #[sqlx(rename = "opinion")]
    pub case: Id,
    /// The dossier's case.
    pub dossier: Id,
    /// Code of the unit that was asked.
    pub unit: String,
    pub question: String,
    pub asked_by: Id,
    pub asked_by_name: String,
    pub asked_at: At,
    pub answer: Option<String>,
    pub answered_by_name: Option<String>,
    pub answered_at: Option<At>,
    pub upload: Option<Id>,
    pub upload_name: Option<String>,
}

/// An opinion as both agencies see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Opinion)]
pub struct OpinionView {
    /// The dossier's code with a number behind it.
    #[schema(example = "000.00.15.H17-261121-0001.1")]
    pub code: String,
    #[schema(example = "000.00.15.H17-261121-0001")]
    pub dossier: String,
    /// Code of the agency that was asked.
    #[schema(example = "ubnd-hoa-cuong")]
    pub unit: String,
    #[schema(example = "Ủy ban nhân dân phường Hòa Cường")]
    pub unit_name: String,
    #[schema(example = "Đề nghị cho ý kiến về hiện trạng sử dụng đất của thửa đất nêu trong hồ sơ")]
    pub question: String,
    pub asked_by_name: String,
    #[schema(example = "Ủy ban nhân dân phường Hải Châu")]
    pub asked_by_unit_name: String,
    #[schema(value_type = String, format = "date-time")]
    pub asked_at: Timestamp,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub due_at: Option<Timestamp>,
    pub late: bool,
    /// `asked`, `answered` or `called_off`.
    #[schema(example = "asked")]
    pub state: String,
    #[schema(example = "Chờ cho ý kiến")]
    pub state_name: String,
    pub answer: Option<String>,
    pub answered_by_name: Option<String>,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub answered_at: Option<Timestamp>,
    /// Name of the document that came with it.
    pub attachment: Option<String>,
    /// What a change must name to be sure that nothing came between.
    #[schema(example = 1)]
    pub version: i64,
    /// The dossier that is asked about: for the asked agency, while the question is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<DossierView>,
}

/// Whose eyes an opinion is seen with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The agency that was asked.
    Asked,
    /// The agency that handles the dossier.
    Asking,
}

/// What an operation on one opinion works with.
pub struct SeenOpinion {
    pub opinion: Opinion,
    pub case: Case,
    /// The dossier and its case, as the office sees them.
    pub about: Seen,
    pub side: Side,
}

impl SeenOpinion {
    /// Whether the dossier may be read from this side now: always by who handles it, by who is asked while they are.
    pub fn may_read(&self) -> bool {
        self.side == Side::Asking || !self.case.is_closed()
    }
}

/// Whether the actor works at the case's unit, in whatever role handles it.
pub fn works_at(cx: &Cx, case: &Case) -> bool {
    [Role::Officer, Role::Leader].into_iter().any(|role| case.is_handled_by(&cx.actor, role))
}

/// The opinion with this code, if the actor works at one of the two agencies. Nobody is asked about a dossier of their
/// own; whether someone else's exists is not told.
pub async fn see(cx: &Cx, code: &str) -> Result<Option<SeenOpinion>, Internal> {
    let Some(case) = songhan_cases::by_code(&cx.db, code).await?.filter(|case| case.kind == KIND) else {
        return Ok(None);
    };
    let Some(opinion) = store::by_case(&cx.db, case.id).await? else { return Ok(None) };
    let Some(dossier) = crate::store::by_case(&cx.db, opinion.dossier).await? else { return Ok(None) };
    let Some(parent) = songhan_cases::by_id(&cx.db, opinion.dossier).await? else { return Ok(None) };
    if cx.actor.account().is_none_or(|account| dossier.is_of(account)) {
        return Ok(None);
    }
    let side = match (works_at(cx, &case), works_at(cx, &parent)) {
        (true, _) => Side::Asked,
        (false, true) => Side::Asking,
        (false, false) => return Ok(None),
    };
    let about = Seen { dossier, case: parent, part: Part::Office };
    Ok(Some(SeenOpinion { opinion, case, about, side }))
}

/// An opinion in the reader's language. `dossier` is what it is about; `on` is `&cx.db` or a transaction.
pub async fn opinion_view<'a>(
    cx: &Cx,
    on: impl Into<On<'a>>,
    dossier: &Dossier,
    case: &Case,
    opinion: &Opinion,
) -> Result<OpinionView, Internal> {
    let workflow = songhan_cases::workflow(cx, on, case).await?;
    Ok(OpinionView {
        code: case.code.clone(),
        dossier: dossier.code.clone(),
        unit: case.unit.clone(),
        unit_name: unit_name(cx, &case.unit),
        question: opinion.question.clone(),
        asked_by_name: opinion.asked_by_name.clone(),
        asked_by_unit_name: unit_name(cx, &dossier.unit),
        asked_at: opinion.asked_at.0,
        due_at: case.due_at.map(|at| at.0),
        late: case.was_late() || case.is_late(cx.now()),
        state: case.state.clone(),
        state_name: workflow.state(&case.state).map_or(String::new(), |state| state.name.get(cx.lang).to_owned()),
        answer: opinion.answer.clone(),
        answered_by_name: opinion.answered_by_name.clone(),
        answered_at: opinion.answered_at.map(|at| at.0),
        attachment: opinion.upload_name.clone(),
        version: case.version,
        about: None,
    })
}

/// The same with the dossier, for who is asked while they are.
pub async fn whole_view(cx: &Cx, seen: &SeenOpinion) -> Result<OpinionView, Internal> {
    let mut whole = opinion_view(cx, &cx.db, &seen.about.dossier, &seen.case, &seen.opinion).await?;
    if seen.side == Side::Asked && seen.may_read() {
        whole.about = Some(view(cx, &cx.db, &seen.about).await?);
    }
    Ok(whole)
}

/// All opinions about a dossier, oldest first.
pub async fn of_dossier(cx: &Cx, dossier: &Dossier) -> Result<Vec<OpinionView>, Internal> {
    let opinions = store::of_dossier(&cx.db, dossier.case_id).await?;
    let ids: Vec<Id> = opinions.iter().map(|opinion| opinion.case).collect();
    let cases = songhan_cases::by_ids(&cx.db, &ids).await?;
    let mut views = Vec::with_capacity(opinions.len());
    for opinion in &opinions {
        if let Some(case) = cases.iter().find(|case| case.id == opinion.case) {
            views.push(opinion_view(cx, &cx.db, dossier, case, opinion).await?);
        }
    }
    Ok(views)
}

pub fn unit_name(cx: &Cx, code: &str) -> String {
    cx.city.agencies().get(code).map_or(code, |unit| unit.name.get(cx.lang)).to_owned()
}
