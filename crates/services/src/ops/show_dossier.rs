//! Show a dossier to its applicant, to whom it was handed in for, or to the officers and leaders of the unit that handles it.

use axum::Json;
use jiff::Timestamp;
use serde::Serialize;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal, Role};
use songhan_cases::{Available, Case, NoteRule, Workflow};
use songhan_db::On;
use songhan_forms::Answers;
use songhan_ledger::ChargeState;
use songhan_procedures::Procedure;

use crate::dossier::{Dossier, Paper, Part};
use crate::issue::{promised, signing};
use crate::ops::submit::{ChargeView, charge_view};
use crate::principal::PrincipalKind;
use crate::returns::{self, DeliveryView};
use crate::store;

/// A dossier whole, as its applicant and the office see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Dossier)]
pub struct DossierView {
    #[schema(example = "000.00.15.H17-261121-0001")]
    pub code: String,
    #[schema(example = "2.000635")]
    pub procedure: String,
    #[schema(example = "Cấp bản sao trích lục hộ tịch")]
    pub title: String,
    #[schema(example = "processing")]
    pub state: String,
    #[schema(example = "Đang xử lý")]
    pub state_name: String,
    /// The national status, 1 to 10.
    #[schema(example = 4)]
    pub status: i64,
    #[schema(example = "ubnd-hai-chau")]
    pub unit: String,
    #[schema(example = "Uỷ ban nhân dân phường Hải Châu")]
    pub unit_name: String,
    /// Who handed it in.
    #[schema(example = "Trần Thị Lan")]
    pub applicant_name: String,
    /// Chủ hồ sơ: for whom it was handed in, where that is somebody else.
    pub on_behalf: Option<PrincipalView>,
    /// Code of the unit whose counter took it in; missing where it came online.
    #[schema(example = "ubnd-an-hai")]
    pub received_by_unit: Option<String>,
    /// 1 counter, 2 online, 3 post.
    #[schema(example = 2)]
    pub channel: i64,
    #[schema(value_type = String, format = "date-time")]
    pub received_at: Timestamp,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub due_at: Option<Timestamp>,
    /// What is prescribed on the deadline, where no one number could be read out of it: for the officer to set a day.
    #[schema(example = "Trực tiếp: 05 ngày làm việc, 10 ngày nếu cần xác minh")]
    pub deadline_note: Option<String>,
    pub late: bool,
    pub assignee_name: Option<String>,
    /// What a change must name to be sure that nothing came between.
    #[schema(example = 3)]
    pub version: i64,
    pub answers: Answers,
    pub papers: Vec<Paper>,
    pub charge: Option<ChargeView>,
    /// The group by which the applicant says to be exempt from fees; the office looks at the proof.
    #[schema(example = "Hộ nghèo")]
    pub exemption: Option<String>,
    /// What the caller may do now.
    pub actions: Vec<ActionView>,
    pub result: Option<ResultView>,
    /// How the result comes back; missing where nobody has chosen.
    pub delivery: Option<DeliveryView>,
    /// Nộp lưu: since when it lies in the archive and is only read.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub archived_at: Option<Timestamp>,
    /// Tiêu hủy: when its papers and personal data were destroyed at the end of their term, and by what decision.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub destroyed_at: Option<Timestamp>,
    #[schema(example = json!(null))]
    pub destroyed_by: Option<String>,
}

/// For whom a dossier was handed in.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DossierPrincipal)]
pub struct PrincipalView {
    pub kind: PrincipalKind,
    #[schema(example = "Công ty TNHH Sông Hàn")]
    pub name: String,
    /// Citizen number or tax code.
    #[schema(example = "0401234567")]
    pub number: Option<String>,
    /// No office had confirmed when it was handed in that the applicant may act for them.
    pub unproven: bool,
}

/// Something the caller may do now.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DossierAction)]
pub struct ActionView {
    #[schema(example = "accept")]
    pub id: String,
    #[schema(example = "Tiếp nhận hồ sơ")]
    pub name: String,
    /// `none`, `optional` or `required`.
    #[schema(example = "none")]
    pub note: &'static str,
    /// What must be first: `paid`, `result`. Empty when it can be done.
    pub missing: Vec<String>,
    /// It gives the dossier a later date: `extension` goes with it.
    pub extends: bool,
    /// It hands the result over to the postal carrier: `parcel`, the parcel's number, goes with it.
    pub takes_parcel: bool,
}

impl ActionView {
    fn of(cx: &Cx, available: &songhan_cases::Available<'_>) -> Self {
        let action = available.action;
        Self {
            id: action.id.clone(),
            name: action.name.get(cx.lang).to_owned(),
            note: match action.note {
                NoteRule::None => "none",
                NoteRule::Optional => "optional",
                NoteRule::Required => "required",
            },
            missing: available.missing.iter().map(|need| (*need).to_owned()).collect(),
            extends: action.extends(),
            takes_parcel: returns::takes_parcel(action),
        }
    }
}

/// The signed result.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DossierResult)]
pub struct ResultView {
    #[schema(value_type = String, format = "uuid")]
    pub document: Id,
    #[schema(example = "12/TLKS-BS")]
    pub number: Option<String>,
    #[schema(example = "http://127.0.0.1:8080/dossiers/000.00.15.H17-261121-0001/result.pdf")]
    pub download_url: String,
    #[schema(example = "http://127.0.0.1:8080/verify/01890a5d-ac96-774b-bcce-b302099a8057")]
    pub verify_url: String,
}

/// What an operation on one dossier works with.
pub struct Seen {
    pub dossier: Dossier,
    pub case: Case,
    pub part: Part,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such dossier, or it is not yours to see")]
    NotFound,
    #[error("dossiers are for those signed in; sign in and try again")]
    SignIn,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found("dossier"),
            Self::SignIn => Problem::unauthorized(),
            Self::Internal(error) => error.into(),
        }
    }
}

/// The dossier with this code, if the actor may see it. Whether someone else's exists is not told.
pub async fn see(cx: &Cx, code: &str) -> Result<Seen, Rejection> {
    cx.actor.person().ok_or(Rejection::SignIn)?;
    // The case first: whoever sees that it is done then finds its result, whatever is committed in between.
    let case = songhan_cases::by_code(&cx.db, code).await?.ok_or(Rejection::NotFound)?;
    let dossier = store::by_code(&cx.db, code).await?.ok_or(Rejection::NotFound)?;
    let part = match dossier.part(&case, &cx.actor) {
        Some(part) => part,
        // Who signs for a unit by its register may work elsewhere: the head of a unit below.
        None if signs(cx, &cx.db, &dossier, &case).await? => Part::Office,
        None => return Err(Rejection::NotFound),
    };
    Ok(Seen { dossier, case, part })
}

/// Whether the actor, who is on the staff somewhere, signs in this dossier by an entry of the register.
async fn signs<'a>(cx: &Cx, on: impl Into<On<'a>>, dossier: &Dossier, case: &Case) -> Result<bool, Internal> {
    let is_staff = [Role::Officer, Role::Leader].into_iter().any(|role| cx.actor.has(role));
    if !is_staff || case.is_own_of(&cx.actor) {
        return Ok(false);
    }
    let right = signing::of_actor(on, cx, dossier, case).await?;
    Ok(right.is_some_and(|right| right.is_ok_and(|right| right.basis.is_some())))
}

/// Shows a dossier. An office's reading is logged.
pub async fn show_dossier(cx: &Cx, code: &str) -> Result<DossierView, Rejection> {
    let seen = see(cx, code).await?;
    log_reading(cx, &seen).await?;
    Ok(view(cx, &cx.db, &seen).await?)
}

/// Reading someone's personal data stands in the audit log, so that they can be told who read it.
pub async fn log_reading(cx: &Cx, seen: &Seen) -> Result<(), Internal> {
    if seen.part != Part::Office {
        return Ok(());
    }
    let mut tx = cx.begin().await?;
    let mut people = vec![seen.dossier.applicant, seen.dossier.holder()];
    people.dedup();
    for person in people {
        let detail = serde_json::json!({ "dossier": seen.dossier.code });
        tx.audit("services.read_dossier", &format!("account:{person}"), detail).await?;
    }
    tx.commit().await
}

/// The needs of actions that a dossier meets.
pub fn facts(dossier: &Dossier, charge: Option<&songhan_ledger::Charge>) -> Vec<&'static str> {
    let mut facts = Vec::new();
    if charge.is_none_or(|charge| matches!(charge.state, ChargeState::Paid | ChargeState::Waived)) {
        facts.push("paid");
    }
    if dossier.result_document.is_some() {
        facts.push("result");
    }
    facts
}

/// The dossier as the actor sees it; read inside a transaction, it shows what that has changed.
pub async fn view<'a>(cx: &Cx, on: impl Into<On<'a>>, seen: &Seen) -> Result<DossierView, Internal> {
    let mut on = on.into();
    let Seen { dossier, case, .. } = seen;
    let charge = match dossier.charge {
        Some(id) => songhan_ledger::by_id(on.again(), id).await?,
        None => None,
    };
    let workflow = songhan_cases::workflow(cx, on.again(), case).await?;
    let delivery = songhan_delivery::of_case(on.again(), case.id).await?;
    let mut facts = facts(dossier, charge.as_ref());
    if delivery.as_ref().is_some_and(songhan_delivery::Delivery::is_by_post) {
        facts.push(returns::BY_POST);
    }
    let actions = actions(cx, on.again(), seen, &workflow, &facts).await?;
    let unit = cx.city.agencies().get(&case.unit);
    let procedure = crate::catalogue::procedure_of(cx, dossier).await?;
    Ok(DossierView {
        code: dossier.code.clone(),
        procedure: dossier.procedure.clone(),
        title: procedure.as_ref().map_or(dossier.procedure_title.clone(), |p| p.title.get(cx.lang).to_owned()),
        deadline_note: procedure.as_ref().filter(|_| case.due_at.is_none()).and_then(|p| deadline_note(p)),
        state: case.state.clone(),
        state_name: workflow.state(&case.state).map_or(String::new(), |s| s.name.get(cx.lang).to_owned()),
        status: case.national.number(),
        unit: case.unit.clone(),
        unit_name: unit.map_or(case.unit.clone(), |u| u.name.get(cx.lang).to_owned()),
        applicant_name: dossier.applicant_name.clone(),
        on_behalf: dossier.principal().map(|principal| PrincipalView {
            kind: principal.kind,
            name: principal.name,
            number: principal.number,
            unproven: principal.unproven,
        }),
        received_by_unit: dossier.reception.received_by_unit.clone(),
        channel: dossier.channel,
        received_at: case.received_at.0,
        due_at: case.due_at.map(|at| at.0),
        late: case.late_at.is_some() || case.is_late(cx.now()),
        assignee_name: case.assignee_name.clone(),
        version: case.version,
        answers: Answers::parse(&dossier.answers),
        papers: store::papers(on, dossier.case_id).await?,
        charge: charge.as_ref().map(|charge| charge_view(cx, charge)),
        exemption: dossier.exemption.as_ref().map(|id| {
            let group = cx.city.get::<songhan_procedures::Exemptions>().get(id);
            group.map_or(id.as_str(), |group| group.name.get(cx.lang)).to_owned()
        }),
        actions: actions.into_iter().map(|a| ActionView::of(cx, &a)).collect(),
        delivery: delivery.map(|one| DeliveryView::of(cx, &one, case, &workflow, seen.part)),
        archived_at: case.archived_at.map(|at| at.0),
        destroyed_at: case.emptied_at.map(|at| at.0),
        destroyed_by: case.emptied_by.clone(),
        result: dossier.result_document.filter(|_| !case.is_emptied()).map(|document| ResultView {
            document,
            number: dossier.result_number.clone(),
            download_url: cx.url(&format!("/dossiers/{}/result.pdf", dossier.code)),
            verify_url: cx.url(&format!("/verify/{document}")),
        }),
    })
}

/// What this part can do now.
async fn actions<'w>(
    cx: &Cx,
    on: On<'_>,
    seen: &Seen,
    workflow: &'w Workflow,
    facts: &[&str],
) -> Result<Vec<Available<'w>>, Internal> {
    let Seen { dossier, case, part } = seen;
    let mut actions = match part {
        Part::Principal => Vec::new(),
        Part::Applicant => workflow.available(case, &cx.actor, facts),
        Part::Office => {
            let mut actions = workflow.available(case, &cx.actor, facts);
            let signed = signatures(workflow, case, facts);
            let others: Vec<_> = signed.into_iter().filter(|one| !actions.contains(one)).collect();
            if !others.is_empty() && signs(cx, on, dossier, case).await? {
                actions.extend(others);
            }
            actions
        }
    };
    // What goes by no post has no parcel: that is nothing to wait for.
    actions.retain(|one| !one.missing.contains(&returns::BY_POST));
    Ok(actions)
}

/// What ends in a signature now: for who signs by the register and has no such role of their own.
fn signatures<'a>(workflow: &'a Workflow, case: &Case, facts: &[&str]) -> Vec<Available<'a>> {
    let leaders = |action: &&songhan_cases::Action| {
        action.is_from(&case.state)
            && action.by.contains(&songhan_cases::By::Leader)
            && action.triggers.iter().filter_map(|trigger| promised(trigger)).any(|promised| promised.signed)
    };
    let missing = |needs: &'a [String]| -> Vec<&'a str> {
        needs.iter().map(String::as_str).filter(|need| !facts.contains(need)).collect()
    };
    workflow
        .actions
        .iter()
        .filter(leaders)
        .map(|action| Available { action, missing: missing(&action.needs) })
        .collect()
}

/// What the procedure that it began with says of its deadline in words.
fn deadline_note(procedure: &Procedure) -> Option<String> {
    procedure.national.as_ref()?.deadlines_in_words()
}

/// One dossier.
#[utoipa::path(get, path = "/api/v1/dossiers/{code}", operation_id = "show_dossier", tag = "dossiers",
    params(("code" = String, Path, description = "Code of the dossier", example = "000.00.15.H17-261121-0001")),
    responses(
        (status = 200, body = DossierView, description = "The dossier as it is now"),
        (status = 404, description = "No such dossier, or not yours"),
    ))]
pub async fn handler(cx: Cx, Path(code): Path<String>) -> Result<Json<DossierView>, Problem> {
    show_dossier(&cx, &code).await.map(Json).map_err(IntoProblem::into_problem)
}
