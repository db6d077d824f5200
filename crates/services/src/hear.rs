//! What public services do when something happens elsewhere: tell the applicant, and the office when it is late; tell who
//! may hand in for whom; make the paper of a fee's receipt.
//!
//! Runs in the transaction that moves the subscriber's cursor: each notice is written once.

use songhan_app::{BoxFuture, Cx};
use songhan_base::{Id, Internal, Role};
use songhan_cases::{CaseActed, CaseAssigned, CaseDueSoon, CaseOverdue, CaseRef, National};
use songhan_db::{Recorded, Tx};
use songhan_delivery::{DeliveryChanged, PostalServices, State};
use songhan_identity::MandateState;
use songhan_identity::events::{MandateConfirmed, MandateMade};
use songhan_ledger::{ChargeEnded, ChargePaid, ReceiptIssued};
use songhan_notices::{Args, New};

use crate::dossier::DossierSubmitted;
use crate::{CASE_KIND, issue, returns, store};

/// The subscriber.
pub fn hear<'a>(cx: &'a Cx, tx: &'a mut Tx, event: &'a Recorded) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        if let Some(submitted) = event.read::<DossierSubmitted>() {
            let dossier = store::by_case_in(tx, submitted.case).await?;
            let Some(dossier) = dossier else { return Ok(()) };
            return tell(tx, cx, dossier.applicant, "dossier-submitted", &submitted.code, Args::new()).await;
        }
        if let Some(acted) = event.read::<CaseActed>().filter(|acted| ours(&acted.about)) {
            return tell_change(cx, tx, &acted).await;
        }
        if let Some(changed) = event.read::<DeliveryChanged>() {
            return tell_parcel(cx, tx, &changed).await;
        }
        if let Some(paid) = event.read::<ChargePaid>() {
            let Some(dossier) = store::by_charge_in(tx, paid.charge).await? else { return Ok(()) };
            let args = Args::new().money("amount", paid.amount);
            return tell(tx, cx, dossier.applicant, "dossier-paid", &dossier.code, args).await;
        }
        if let Some(issued) = event.read::<ReceiptIssued>() {
            return issue::payment::replaced(tx, &issued).await;
        }
        if let Some(ended) = event.read::<ChargeEnded>() {
            return issue::payment::end(tx, ended.charge).await;
        }
        if let Some(soon) = event.read::<CaseDueSoon>().filter(|soon| ours(&soon.about)) {
            return tell_office(cx, tx, &soon.about, "dossier-due-soon", false).await;
        }
        if let Some(late) = event.read::<CaseOverdue>().filter(|late| ours(&late.about)) {
            return tell_office(cx, tx, &late.about, "dossier-overdue", true).await;
        }
        if let Some(made) = event.read::<MandateMade>().filter(|made| made.state == MandateState::Offered) {
            return tell_mandate(cx, tx, "mandate-offered", made.agent, made.grantor).await;
        }
        if let Some(confirmed) = event.read::<MandateConfirmed>() {
            return tell_mandate(cx, tx, "mandate-accepted", confirmed.grantor, Some(confirmed.agent)).await;
        }
        if let Some(assigned) = event.read::<CaseAssigned>().filter(|assigned| ours(&assigned.about))
            && let Some(officer) = assigned.about.assignee.filter(|a| format!("account:{a}") != event.actor)
        {
            return tell_desk(tx, cx, officer, "dossier-assigned", &assigned.about.code).await;
        }
        Ok(())
    })
}

fn ours(about: &CaseRef) -> bool {
    about.kind == CASE_KIND
}

/// The applicant hears of every change of the national status, and the unit's leaders of what waits for them.
async fn tell_change(cx: &Cx, tx: &mut Tx, acted: &CaseActed) -> Result<(), Internal> {
    let code = &acted.about.code;
    let case = songhan_cases::by_id(&mut *tx, acted.about.case).await?;
    if case.is_some_and(|case| case.queue == Some(Role::Leader) && case.version == acted.version) {
        for (leader, _) in songhan_identity::people_at(&mut *tx, cx, Role::Leader, Some(&acted.about.unit)).await? {
            tell_desk(tx, cx, leader, "dossier-to-sign", code).await?;
        }
    }
    let Some(applicant) = acted.about.applicant.filter(|_| acted.national != acted.national_before) else {
        return Ok(());
    };
    if moves_parcel(cx, tx, acted).await? {
        return Ok(());
    }
    let kind = match acted.national {
        National::Accepted => "dossier-accepted",
        National::NotAccepted => "dossier-refused",
        National::SupplementRequested => "dossier-supplement",
        National::Stopped => "dossier-stopped",
        National::Withdrawn => "dossier-withdrawn",
        National::FinancialDuty => "dossier-payment",
        National::Done => "dossier-done",
        National::Returned => "dossier-returned",
        National::Registered | National::Processing => return Ok(()),
    };
    let args = match acted.due_at {
        Some(due) => Args::new().at("due", due),
        None => Args::new().text("due", ""),
    };
    tell(tx, cx, applicant, kind, code, args).await
}

/// Whether the step moved a parcel: of that the applicant is told, with its number.
async fn moves_parcel(cx: &Cx, tx: &mut Tx, acted: &CaseActed) -> Result<bool, Internal> {
    let Some(case) = songhan_cases::by_id(&mut *tx, acted.about.case).await? else { return Ok(false) };
    let workflow = songhan_cases::workflow(cx, &mut *tx, &case).await?;
    let action = workflow.action(&acted.action);
    Ok(action.is_some_and(|action| action.triggers.iter().any(|trigger| returns::moves_parcel(trigger))))
}

/// The applicant hears where the parcel with their result is.
async fn tell_parcel(cx: &Cx, tx: &mut Tx, changed: &DeliveryChanged) -> Result<(), Internal> {
    let kind = match (changed.before, changed.state) {
        (Some(_), State::HandedOver) => "dossier-posted",
        (Some(State::HandedOver), State::Delivered) => "dossier-post-delivered",
        (Some(State::HandedOver), State::CameBack) => "dossier-post-back",
        (Some(State::HandedOver), State::Ready) => "dossier-post-withdrawn",
        _ => return Ok(()),
    };
    let services = cx.city.get::<PostalServices>();
    let service = changed.service.as_deref().and_then(|id| services.get(id));
    let args = Args::new()
        .text("number", changed.number.clone().unwrap_or_default())
        .text("service", service.map_or("", |service| service.name.vi.as_str()));
    tell(tx, cx, changed.account, kind, &changed.code, args).await
}

/// One side of a written authority hears what the other did: dossiers are to be handed in by it.
async fn tell_mandate(
    cx: &Cx,
    tx: &mut Tx,
    kind: &'static str,
    to: Option<Id>,
    other: Option<Id>,
) -> Result<(), Internal> {
    let (Some(to), Some(other)) = (to, other) else { return Ok(()) };
    let Some(other) = songhan_identity::account(&mut *tx, other).await? else { return Ok(()) };
    let subject = format!("account:{}", other.id);
    let link = Some("/account/for-others".to_owned());
    let notice = New { kind, subject, args: Args::new().text("name", other.name), link };
    songhan_notices::notify(tx, cx, to, notice).await.map(drop)
}

/// Who is in charge hears of it, or every officer of the unit; what is late climbs to the leaders too.
async fn tell_office(cx: &Cx, tx: &mut Tx, about: &CaseRef, kind: &'static str, climbs: bool) -> Result<(), Internal> {
    let mut people: Vec<Id> = about.assignee.into_iter().collect();
    if people.is_empty() {
        people.extend(holders(cx, tx, about, Role::Officer).await?);
    }
    if climbs {
        people.extend(holders(cx, tx, about, Role::Leader).await?);
    }
    people.sort_unstable();
    people.dedup();
    for person in people {
        tell_desk(tx, cx, person, kind, &about.code).await?;
    }
    Ok(())
}

async fn holders(cx: &Cx, tx: &mut Tx, about: &CaseRef, role: Role) -> Result<Vec<Id>, Internal> {
    let people = songhan_identity::people_at(tx, cx, role, Some(&about.unit)).await?;
    Ok(people.into_iter().map(|(id, _)| id).collect())
}

async fn tell(tx: &mut Tx, cx: &Cx, account: Id, kind: &'static str, code: &str, args: Args) -> Result<(), Internal> {
    let subject = crate::dossier::subject(code);
    let notice = New { kind, subject, args: args.text("code", code), link: Some(format!("/dossiers/{code}")) };
    songhan_notices::notify(tx, cx, account, notice).await.map(drop)
}

async fn tell_desk(tx: &mut Tx, cx: &Cx, account: Id, kind: &'static str, code: &str) -> Result<(), Internal> {
    let subject = crate::dossier::subject(code);
    let args = Args::new().text("code", code);
    let notice = New { kind, subject, args, link: Some(format!("/office/dossiers/{code}")) };
    songhan_notices::notify(tx, cx, account, notice).await.map(drop)
}
