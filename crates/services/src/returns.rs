//! Trả kết quả: what a dossier says to the engine `delivery`, and what the steps of its workflow do to its parcel.
//!
//! The workflow says which step hands a parcel over and what follows, by triggers; the step and what becomes of the parcel
//! are one commit.

use serde::Serialize;
use songhan_app::Cx;
use songhan_base::{Id, Internal, Lang};
use songhan_cases::{Case, Workflow};
use songhan_city::{City, Declaration, Folder, Report};
use songhan_db::Tx;
use songhan_delivery::{
    About, Delivery, Ended, Manifest, PostalService, PostalServices, Recipient, State, Way, Wish, is_changeable,
};
use songhan_procedures::Procedures;

use crate::dossier::{Dossier, Part};
use crate::ops::submit;

/// The need of actions for dossiers whose result goes by post.
pub const BY_POST: &str = "by_post";
/// The step that hands a parcel over: it takes the parcel's number.
pub const HANDED_OVER: &str = "parcel_handed_over";
/// The result was handed over at the counter.
pub const COLLECTED: &str = "parcel_collected";
const DELIVERED: &str = "parcel_delivered";
const CAME_BACK: &str = "parcel_came_back";
const WITHDRAWN: &str = "parcel_withdrawn";

/// Whether a trigger of a workflow is about parcels.
pub fn is_trigger(trigger: &str) -> bool {
    trigger == COLLECTED || moves_parcel(trigger)
}

/// Whether it moves a parcel: then the applicant is told of that, not of the state.
pub fn moves_parcel(trigger: &str) -> bool {
    matches!(trigger, HANDED_OVER | DELIVERED | CAME_BACK | WITHDRAWN)
}

/// Whether an action hands a parcel over.
pub fn takes_parcel(action: &songhan_cases::Action) -> bool {
    action.triggers.iter().any(|trigger| trigger == HANDED_OVER)
}

/// Whether the workflow that a case began with can send by post.
pub fn can_post(workflow: &Workflow) -> bool {
    workflow.actions.iter().any(takes_parcel)
}

/// Whether results of a procedure go by post, of what is handed in today.
pub fn offers(cx: &Cx, procedure: &str) -> bool {
    cx.city.get::<PostalServices>().offers(procedure, cx.today())
}

/// Who carries parcels today.
pub fn carrier(cx: &Cx) -> Option<&PostalService> {
    cx.city.get::<PostalServices>().on(cx.today())
}

pub fn about(dossier: &Dossier) -> About<'_> {
    About {
        case: dossier.case_id,
        code: &dossier.code,
        title: &dossier.procedure_title,
        unit: &dossier.unit,
        account: dossier.applicant,
    }
}

/// What an account says of where to reach its owner.
pub async fn known(cx: &Cx, account: Id) -> Result<Recipient, Internal> {
    let Some(account) = songhan_identity::account(&cx.db, account).await? else { return Ok(Recipient::default()) };
    let answers = account.answers();
    let get = |key: &str| answers.get(key).cloned().unwrap_or_default();
    Ok(recipient(cx, get("account.name"), get("account.phone"), &get("account.address"), &get("account.area")))
}

/// House and street, with the ward and the city where the address does not name them.
pub fn recipient(cx: &Cx, name: String, phone: String, address: &str, area: &str) -> Recipient {
    let mut parts: Vec<String> = Some(address.trim().to_owned()).filter(|text| !text.is_empty()).into_iter().collect();
    let area = cx.city.areas().at(area, cx.today()).map(|area| area.name.vi.clone());
    let city = cx.city.manifest().name.vi.clone();
    for more in area.into_iter().chain(Some(city)) {
        let is_said = parts.iter().any(|part| songhan_base::fold(part).contains(&songhan_base::fold(&more)));
        if !parts.is_empty() && !is_said {
            parts.push(more);
        }
    }
    Recipient { recipient: name, phone, address: parts.join(", ") }
}

/// A wish for a new dossier, looked at.
pub async fn checked(
    cx: &Cx,
    wish: &Wish,
    account: Id,
    procedure: &str,
) -> Result<(Way, Option<Recipient>), submit::Rejection> {
    let known = known(cx, account).await?;
    wish.checked(&known, offers(cx, procedure), "delivery/").map_err(submit::Rejection::Delivery)
}

/// What goes with a step that moves a parcel.
#[derive(Clone, Copy)]
pub struct With<'a> {
    pub number: Option<&'a str>,
    pub note: Option<&'a str>,
    /// The list of this hand-over, where several are handed over at once.
    pub manifest: Option<&'a Manifest>,
}

/// Does what a trigger says, within the step's own transaction.
pub async fn apply(
    tx: &mut Tx,
    cx: &Cx,
    case: &Case,
    trigger: &str,
    with: With<'_>,
) -> Result<(), songhan_delivery::Rejection> {
    let ended = match trigger {
        HANDED_OVER => {
            let own;
            let manifest = if let Some(manifest) = with.manifest {
                manifest
            } else {
                own = songhan_delivery::open_manifest(tx, cx, &case.unit).await?;
                &own
            };
            songhan_delivery::send(tx, cx, case.id, with.number.unwrap_or_default(), manifest).await?;
            return Ok(());
        }
        COLLECTED => return songhan_delivery::collect(tx, case.id).await,
        DELIVERED => Ended::Delivered,
        CAME_BACK => Ended::CameBack(with.note.unwrap_or_default()),
        _ => Ended::Withdrawn,
    };
    songhan_delivery::end(tx, case.id, ended).await.map(drop)
}

/// What the applicant reads of a hand-over: the parcel's number, and what the officer adds.
pub fn told(cx: &Cx, number: &str, note: Option<&str>) -> String {
    let carrier = carrier(cx);
    let number = carrier.and_then(|carrier| carrier.parcel_number(number)).unwrap_or_else(|| number.to_owned());
    let name = carrier.map_or("", |carrier| carrier.name.vi.as_str());
    let head = cx.text(Lang::Vi, "returns-told", &[("number", &number), ("service", name)]);
    [Some(head.as_str()), note].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// How the result comes back, as the applicant and the office see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DossierDelivery)]
pub struct DeliveryView {
    pub way: Way,
    pub state: State,
    /// To whom it goes by post; whoever it was handed in for sees the way and the number alone.
    #[schema(example = "Nguyễn Thị Lan")]
    pub recipient: Option<String>,
    #[schema(example = "0905 123 456")]
    pub phone: Option<String>,
    #[schema(example = "Số 27 đường Lê Lợi, phường Hải Châu, thành phố Đà Nẵng")]
    pub address: Option<String>,
    /// Số hiệu bưu gửi, once it was handed over.
    #[schema(example = "EA123456789VN")]
    pub number: Option<String>,
    #[schema(example = "Bưu điện Việt Nam (VNPost)")]
    pub service_name: Option<String>,
    #[schema(example = "1900 54 54 81")]
    pub service_phone: Option<String>,
    /// Why it came back.
    #[schema(example = "Người nhận đi vắng")]
    pub reason: Option<String>,
    /// The caller may choose otherwise now.
    pub changeable: bool,
}

impl DeliveryView {
    pub fn of(cx: &Cx, delivery: &Delivery, case: &Case, workflow: &Workflow, part: Part) -> Self {
        let services = cx.city.get::<PostalServices>();
        let service = delivery.service.as_deref().and_then(|id| services.get(id));
        let sees = part != Part::Principal;
        let to = delivery.to().filter(|_| sees);
        Self {
            way: delivery.way,
            state: delivery.state,
            recipient: to.as_ref().map(|to| to.recipient.clone()),
            phone: to.as_ref().map(|to| to.phone.clone()),
            address: to.map(|to| to.address),
            number: delivery.number.clone(),
            service_name: service.map(|service| service.name.get(cx.lang).to_owned()),
            service_phone: service.map(|service| service.phone.clone()),
            reason: delivery.reason.clone().filter(|_| sees),
            changeable: part == Part::Applicant && may_choose(case, workflow, Some(delivery)),
        }
    }
}

/// Whether the way can be chosen now: the case goes on, it can send by post, and no parcel is under way.
pub fn may_choose(case: &Case, workflow: &Workflow, delivery: Option<&Delivery>) -> bool {
    !case.is_closed() && can_post(workflow) && is_changeable(delivery)
}

/// What `post.toml` says of procedures, looked at by whoever knows them.
#[derive(Default)]
pub struct Offers;

impl Declaration for Offers {
    const NAME: &'static str = "procedures with return by post";

    fn load(_: &Folder, _: &mut Report) -> Self {
        Self
    }

    fn check(&self, city: &City, report: &mut Report) {
        let (Some(services), Some(procedures)) = (city.try_get::<PostalServices>(), city.try_get::<Procedures>())
        else {
            return;
        };
        for code in services.procedures() {
            procedures.expect(code, report);
            let informs = procedures.get(code).is_some_and(|procedure| procedure.result.is_none());
            if informs {
                let what = format!("the procedure `{}` has no result that could be sent", **code);
                report.add(code.place(), what, "remove it from the list, or declare its `result`");
            }
        }
    }
}

#[cfg(test)]
mod tests;
