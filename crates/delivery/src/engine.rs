//! Choosing a way, handing parcels over, and what becomes of them: what systems call inside their own transactions.
//!
//! After a rejection the transaction must be dropped.

use serde_json::json;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal};
use songhan_db::{At, Db, On, Tx, next_number};

use crate::delivery::{Delivery, State};
use crate::events::DeliveryChanged;
use crate::parcel::{Ended, Manifest, Parcel};
use crate::service::PostalServices;
use crate::store;
use crate::wish::{Recipient, Way};

/// What is delivered.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub case: Id,
    pub code: &'a str,
    pub title: &'a str,
    pub unit: &'a str,
    /// Who has handed in.
    pub account: Id,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("nothing of {0} goes by post: its applicant has chosen otherwise, or the result is not there yet")]
    NotWaiting(String),
    #[error("the parcel of {0} is with the carrier already; it can be changed when it comes back")]
    UnderWay(String),
    #[error("no parcel of {0} is with the carrier")]
    NotUnderWay(String),
    #[error("{number:?} is no parcel number of the carrier; write it as it stands on the parcel, like {example}")]
    Number { number: String, example: String },
    #[error("the parcel number {number} belongs to {code}, which went to somebody else; look at both parcels")]
    Taken { number: String, code: String },
    #[error("nobody carries parcels today; the city's post.toml names no service for this day")]
    NoService,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        match self {
            Self::NotWaiting(_) => Problem::conflict("not_by_post", message),
            Self::UnderWay(_) => Problem::conflict("parcel_under_way", message),
            Self::NotUnderWay(_) => Problem::conflict("no_parcel", message),
            Self::NoService => Problem::conflict("no_postal_service", message),
            Self::Number { .. } => invalid("unreadable", message),
            Self::Taken { .. } => invalid("taken", message),
            Self::Internal(error) => error.into(),
        }
    }
}

fn invalid(code: &'static str, message: String) -> Problem {
    let field = FieldError::new("parcel", code, message.clone());
    Problem::invalid("parcel_invalid", message, vec![field])
}

/// What was chosen for a case, and where its result is.
pub async fn of_case<'a>(on: impl Into<On<'a>>, case: Id) -> Result<Option<Delivery>, Internal> {
    store::of_case(on, case).await
}

/// Whether the way, or the address, can still be changed.
pub fn is_changeable(delivery: Option<&Delivery>) -> bool {
    delivery.is_none_or(|one| matches!(one.state, State::Chosen | State::Ready | State::CameBack))
}

/// Keeps the way in which the result of a new case comes back; `to` goes with post.
pub async fn choose(tx: &mut Tx, about: About<'_>, way: Way, to: Option<&Recipient>) -> Result<Delivery, Internal> {
    let delivery = Delivery {
        case_id: about.case,
        code: about.code.to_owned(),
        title: about.title.to_owned(),
        unit: about.unit.to_owned(),
        account: about.account,
        way,
        recipient: to.map(|to| to.recipient.clone()),
        phone: to.map(|to| to.phone.clone()),
        address: to.map(|to| to.address.clone()),
        state: State::Chosen,
        parcel: None,
        number: None,
        service: None,
        reason: None,
        changed_at: At(tx.now()),
    };
    store::insert(tx, &delivery).await?;
    tx.emit(DeliveryChanged::of(&delivery, None)).await?;
    Ok(delivery)
}

/// Changes the way or the address, until a parcel is handed over. `has_result` says that it can be handed over now.
pub async fn change(
    tx: &mut Tx,
    about: About<'_>,
    way: Way,
    to: Option<&Recipient>,
    has_result: bool,
) -> Result<Delivery, Rejection> {
    let Some(before) = store::lock(tx, about.case).await? else {
        let mut delivery = choose(tx, about, way, to).await?;
        if has_result && way == Way::Post {
            delivery.state = State::Ready;
            store::update(tx, &delivery).await?;
        }
        audit(tx, "delivery.choose", &delivery).await?;
        return Ok(delivery);
    };
    if !is_changeable(Some(&before)) {
        return Err(Rejection::UnderWay(before.code));
    }
    let state = match (way, before.state) {
        (Way::Post, State::CameBack) => State::CameBack,
        (Way::Post, _) if has_result => State::Ready,
        _ => State::Chosen,
    };
    let delivery = Delivery {
        way,
        recipient: to.map(|to| to.recipient.clone()),
        phone: to.map(|to| to.phone.clone()),
        address: to.map(|to| to.address.clone()),
        state,
        ..before.clone()
    };
    moved(tx, "delivery.choose", &before, delivery).await.map_err(Into::into)
}

/// The result is there: what goes by post waits for the carrier from now on.
pub async fn make_ready(tx: &mut Tx, case: Id) -> Result<(), Internal> {
    let Some(before) = store::lock(tx, case).await? else { return Ok(()) };
    if before.is_by_post() && before.state == State::Chosen {
        let delivery = Delivery { state: State::Ready, ..before.clone() };
        moved(tx, "delivery.ready", &before, delivery).await?;
    }
    Ok(())
}

/// Bảng kê: opens the list of what is handed over now, by the carrier of today.
pub async fn open_manifest(tx: &mut Tx, cx: &Cx, unit: &str) -> Result<Manifest, Rejection> {
    let today = cx.today();
    let service = cx.city.get::<PostalServices>().on(today).ok_or(Rejection::NoService)?;
    let number = next_number(tx, &format!("manifest:{unit}:{}", today.year())).await?;
    let manifest = Manifest {
        id: cx.env.id(),
        unit: unit.to_owned(),
        number: format!("{number}/{}", today.year()),
        service: service.id.to_string(),
        officer: cx.actor.label(),
        officer_name: cx.actor.person().map_or_else(String::new, |person| person.name.clone()),
        handed_over_at: At(tx.now()),
    };
    store::insert_manifest(tx, &manifest).await?;
    Ok(manifest)
}

/// Giao bưu chính: hands a result over to the carrier under its parcel number, on the list of this hand-over.
pub async fn send(tx: &mut Tx, cx: &Cx, case: Id, typed: &str, on: &Manifest) -> Result<Delivery, Rejection> {
    let service = cx.city.get::<PostalServices>().get(&on.service).ok_or(Rejection::NoService)?;
    let number = service.parcel_number(typed).ok_or_else(|| Rejection::Number {
        number: typed.chars().take(40).collect(),
        example: service.number_example(),
    })?;
    let before = store::lock(tx, case).await?.ok_or_else(|| Rejection::NotWaiting("this dossier".to_owned()))?;
    if before.state == State::HandedOver {
        return Err(Rejection::UnderWay(before.code));
    }
    let to = before.to().filter(|_| before.state.is_waiting() && before.unit == on.unit);
    let Some(to) = to else { return Err(Rejection::NotWaiting(before.code)) };
    // What goes to the same person lies in one parcel; a number of somebody else's is a slip.
    if let Some(other) = store::other_with_number(tx, &number, before.account).await? {
        return Err(Rejection::Taken { number, code: other });
    }
    let parcel = Parcel {
        id: cx.env.id(),
        manifest: on.id,
        case_id: case,
        code: before.code.clone(),
        title: before.title.clone(),
        account: before.account,
        number: number.clone(),
        recipient: Some(to.recipient),
        phone: Some(to.phone),
        address: Some(to.address),
        state: State::HandedOver.as_str().to_owned(),
        reason: None,
        handed_over_at: At(tx.now()),
        ended_at: None,
    };
    store::insert_parcel(tx, &parcel).await?;
    let delivery = Delivery {
        state: State::HandedOver,
        parcel: Some(parcel.id),
        number: Some(number),
        service: Some(on.service.clone()),
        reason: None,
        ..before.clone()
    };
    Ok(moved(tx, "delivery.hand_over", &before, delivery).await?)
}

/// What became of the parcel that is with the carrier.
pub async fn end(tx: &mut Tx, case: Id, ended: Ended<'_>) -> Result<Delivery, Rejection> {
    let before = store::lock(tx, case).await?.ok_or_else(|| Rejection::NotUnderWay("this dossier".to_owned()))?;
    let Some(parcel) = before.parcel.filter(|_| before.state == State::HandedOver) else {
        return Err(Rejection::NotUnderWay(before.code));
    };
    let (action, word, state, reason) = match ended {
        Ended::Delivered => ("delivery.delivered", "delivered", State::Delivered, None),
        Ended::CameBack(reason) => ("delivery.came_back", "came_back", State::CameBack, Some(reason.to_owned())),
        Ended::Withdrawn => ("delivery.withdraw", "withdrawn", State::Ready, None),
    };
    store::end_parcel(tx, parcel, word, reason.as_deref()).await?;
    let mut delivery = Delivery { state, reason, ..before.clone() };
    if ended == Ended::Withdrawn {
        (delivery.parcel, delivery.number, delivery.service) = (None, None, None);
    }
    Ok(moved(tx, action, &before, delivery).await?)
}

/// Nhận tại quầy: whoever has chosen post, or nothing, came for it after all.
pub async fn collect(tx: &mut Tx, case: Id) -> Result<(), Rejection> {
    let Some(before) = store::lock(tx, case).await? else { return Ok(()) };
    match before.state {
        State::HandedOver => Err(Rejection::UnderWay(before.code)),
        State::Delivered | State::Collected => Ok(()),
        State::Chosen | State::Ready | State::CameBack => {
            // What was handed over at the counter did not go by post, and an address is kept for no other reason.
            let way = if before.is_by_post() { Way::Counter } else { before.way };
            let delivery = Delivery {
                way,
                recipient: None,
                phone: None,
                address: None,
                state: State::Collected,
                ..before.clone()
            };
            moved(tx, "delivery.collect", &before, delivery).await?;
            Ok(())
        }
    }
}

/// What waits for the carrier in these units, the longest first; `None` is every unit.
pub async fn waiting(db: &Db, units: Option<&[String]>, limit: i64) -> Result<Vec<Delivery>, Internal> {
    store::in_states(db, units, &[State::Ready, State::CameBack], None, limit).await
}

/// The ways that were chosen for these cases.
pub async fn ways(db: &Db, cases: &[Id]) -> Result<Vec<(Id, Way)>, Internal> {
    let found = store::ways(db, cases).await?;
    Ok(found.into_iter().filter_map(|(case, way)| Some((case, Way::of(&way)?))).collect())
}

/// A case was destroyed at the end of its term: nothing of its delivery is kept but that there was one.
pub async fn forget(tx: &mut Tx, case: Id) -> Result<(), Internal> {
    store::forget_case(tx, case).await
}

/// The newest lists of these units.
pub async fn manifests(db: &Db, units: Option<&[String]>, limit: i64) -> Result<Vec<Manifest>, Internal> {
    store::manifests(db, units, limit).await
}

/// The list on which the parcel that is with the carrier stands, and who handed it over.
pub async fn manifest_of<'a>(on: impl Into<On<'a>>, delivery: &Delivery) -> Result<Option<Manifest>, Internal> {
    match delivery.parcel.filter(|_| delivery.state == State::HandedOver) {
        Some(parcel) => store::manifest_of_parcel(on, parcel).await,
        None => Ok(None),
    }
}

/// Which of these cases wait for the carrier.
pub async fn waiting_among(db: &Db, cases: &[Id]) -> Result<Vec<Id>, Internal> {
    store::waiting_among(db, cases).await
}

/// What the carrier has, the longest first.
pub async fn with_carrier(db: &Db, units: Option<&[String]>, limit: i64) -> Result<Vec<Delivery>, Internal> {
    store::in_states(db, units, &[State::HandedOver], None, limit).await
}

async fn moved(
    tx: &mut Tx,
    action: &'static str,
    before: &Delivery,
    mut delivery: Delivery,
) -> Result<Delivery, Internal> {
    delivery.changed_at = At(tx.now());
    store::update(tx, &delivery).await?;
    tx.emit(DeliveryChanged::of(&delivery, Some(before.state))).await?;
    audit(tx, action, &delivery).await?;
    Ok(delivery)
}

/// Where it went is not written there: the log is kept longer than addresses are.
async fn audit(tx: &mut Tx, action: &'static str, delivery: &Delivery) -> Result<(), Internal> {
    let detail = json!({ "way": delivery.way, "state": delivery.state, "number": delivery.number });
    tx.audit(action, &format!("dossier:{}", delivery.code), detail).await
}
