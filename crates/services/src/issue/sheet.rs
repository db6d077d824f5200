//! Form 05: whose hands a dossier went through (phiếu kiểm soát quá trình giải quyết hồ sơ), out of its timeline.

use songhan_app::Cx;
use songhan_base::{Internal, Role};
use songhan_cases::{National, State, Step, Workflow, step};
use songhan_documents::paper::{Handover, Paper, Party, ProcessSheet, Timeliness};
use songhan_documents::typeset::printable;

use super::{head, local, unit_name};
use crate::ops::show_dossier::Seen;

/// A note of a handover is cut here: the sheet is narrow, and the whole stands in the timeline.
const NOTE_MAX: usize = 160;

/// Draws the sheet up as of now.
pub async fn sheet(cx: &Cx, seen: &Seen) -> Result<Vec<u8>, Internal> {
    let case = &seen.case;
    let workflow = songhan_cases::workflow(cx, &cx.db, case).await?;
    let steps = songhan_cases::timeline(&cx.db, case.id, false).await?;
    let asked = songhan_cases::children(&cx.db, case.id).await?;
    let mut others: Vec<String> = asked.iter().map(|child| unit_name(cx, &child.unit)).collect();
    others.retain(|name| *name != unit_name(cx, &case.unit));
    others.sort();
    others.dedup();
    let paper = ProcessSheet {
        dossier: seen.dossier.code.clone(),
        head: head(cx, &case.unit),
        others,
        procedure: Some(printable(&seen.dossier.procedure_title)),
        received: Some(local(cx, case.received_at.0)),
        due: case.due_at.map(|at| local(cx, at.0)),
        handovers: handovers(cx, &workflow, &steps, &seen.dossier.applicant_name),
    };
    songhan_documents::print(cx, Paper::ProcessSheet(Box::new(paper))).await
}

/// The steps after which the dossier lay elsewhere, or with someone else.
pub(super) fn handovers(cx: &Cx, workflow: &Workflow, steps: &[Step], applicant: &str) -> Vec<Handover> {
    let mut at = Party { desk: APPLICANT.to_owned(), name: Some(printable(applicant)) };
    let (mut held, mut stage_due, mut due) = (None, None, None);
    let mut found = Vec::new();
    for step in steps {
        // Who works on it keeps it until it lies at another desk.
        let desk = workflow.state(&step.to_state).map_or_else(|| at.desk.clone(), desk_of);
        let holder = match step.action.as_str() {
            step::TAKE => Some(step.actor_name.clone()),
            step::ASSIGN => step.note.clone(),
            step::UNASSIGN => None,
            _ if desk == APPLICANT => Some(applicant.to_owned()),
            _ if desk == at.desk => held.clone(),
            _ => None,
        };
        if desk != at.desk || holder != held {
            let from = Party { desk: at.desk.clone(), name: giver(step, &at, held.as_deref()) };
            let name = holder.as_deref().map(printable).filter(|name| !name.is_empty());
            let to = Party { desk: desk.clone(), name };
            let moment = local(cx, step.at.0);
            // Within a desk nothing was due; who ends the matter is held to the whole term.
            let limit: Option<jiff::Timestamp> = if desk == at.desk { None } else { stage_due.or(due) };
            let limit = limit.filter(|_| at.desk != APPLICANT).map(|limit| local(cx, limit));
            found.push(Handover {
                outcome: limit.map(|limit| Timeliness::of(moment, limit)),
                due: limit,
                from,
                to: to.clone(),
                at: moment,
                note: note(step),
            });
            at = to;
        }
        held = holder;
        stage_due = step.stage_due_at.map(|at| at.0);
        due = step.due_at.map(|at| at.0).or(due);
    }
    found
}

const APPLICANT: &str = "Người nộp hồ sơ";
const RECEPTION: &str = "Bộ phận tiếp nhận và trả kết quả";

/// Where a dossier in this state lies.
fn desk_of(state: &State) -> String {
    let desk = match (state.queue, state.national) {
        (Some(Role::Leader), _) => "Lãnh đạo đơn vị",
        (Some(_), National::Registered | National::Accepted | National::Done) => RECEPTION,
        (Some(_), _) => "Công chức thụ lý",
        // Signed, and not yet issued.
        (None, National::Processing) => "Văn thư",
        (None, _) => APPLICANT,
    };
    desk.to_owned()
}

/// Who gave it from the hand: whoever acted, where they sat there; else whoever held it.
fn giver(step: &Step, at: &Party, held: Option<&str>) -> Option<String> {
    let name = match step.action.as_str() {
        step::OPEN => at.name.clone().unwrap_or_default(),
        step::TAKE | step::ASSIGN | step::UNASSIGN => held.map(str::to_owned).unwrap_or_default(),
        _ if at.desk == APPLICANT => at.name.clone().unwrap_or_default(),
        _ => step.actor_name.clone(),
    };
    Some(printable(&name)).filter(|name| !name.is_empty())
}

fn note(step: &Step) -> Option<String> {
    let behalf = step.behalf_name.as_ref().map(|name| format!("Thay mặt {name}"));
    // The note of an assignment is the name, which stands in the row already.
    let said = step.public_note.clone().or_else(|| step.note.clone()).filter(|_| step.action != step::ASSIGN);
    let whole = behalf.into_iter().chain(said).collect::<Vec<_>>().join(". ");
    let short: String = whole.chars().take(NOTE_MAX).collect();
    let cut = if short.len() < whole.len() { "…" } else { "" };
    Some(printable(&format!("{short}{cut}").replace('\n', " "))).filter(|note| !note.is_empty())
}
