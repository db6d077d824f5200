//! Thẩm quyền ký: by which right whoever signs a result does so, from the register of delegations to what is printed
//! above the signature (Decree 30/2020/NĐ-CP, article 13 and Appendix I, II.7).

use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_cases::Case;
use songhan_city::UnitKind;
use songhan_db::{On, Tx};
use songhan_documents::paper::{Authority, By};
use songhan_identity::{Authority as Right, Delegation, NoAuthority, SigningForm};

use super::{Signing, is_committee, promised};
use crate::catalogue;
use crate::dossier::Dossier;

/// By which right the actor would do an action that ends in their signature; `None` where it does not, or where nobody
/// acts who could sign.
pub async fn right(
    tx: &mut Tx,
    cx: &Cx,
    dossier: &Dossier,
    action: &str,
) -> Result<Option<Result<Right, NoAuthority>>, Internal> {
    let Some(case) = songhan_cases::by_id(&mut *tx, dossier.case_id).await? else { return Ok(None) };
    let workflow = songhan_cases::workflow(cx, &mut *tx, &case).await?;
    let triggers = workflow.action(action).map(|action| action.triggers.as_slice()).unwrap_or_default();
    if !triggers.iter().filter_map(|trigger| promised(trigger)).any(|promised| promised.signed) {
        return Ok(None);
    }
    of_actor(tx, cx, dossier, &case).await
}

/// By which right the actor signs in this dossier; `None` where nobody acts who could sign.
pub async fn of_actor<'a>(
    on: impl Into<On<'a>>,
    cx: &Cx,
    dossier: &Dossier,
    case: &Case,
) -> Result<Option<Result<Right, NoAuthority>>, Internal> {
    let Some(account) = cx.actor.account() else { return Ok(None) };
    let procedure = catalogue::procedure_of(cx, dossier).await?;
    let field = procedure.as_ref().map_or("", |procedure| procedure.field.as_str());
    let about = (dossier.procedure.as_str(), field);
    songhan_identity::signing_authority(on, cx, account, &case.unit, about, cx.today()).await.map(Some)
}

/// In whose place they sign: account, name, and the entry as the timeline cites it.
pub fn behalf(right: &Right) -> Option<(Id, &str, String)> {
    let (account, name) = right.on_behalf_of.as_ref()?;
    Some((*account, name, cited(right.form, right.basis.as_ref()?)))
}

/// `TUQ. theo văn bản số 12/QĐ-UBND`; an entry without a document is cited by its first day.
fn cited(form: SigningForm, entry: &Delegation) -> String {
    match &entry.document {
        Some(document) => format!("{} theo văn bản số {document}", form.abbreviation()),
        None => {
            format!("{} theo sổ ủy quyền ký, từ ngày {}", form.abbreviation(), entry.from.strftime("%d/%m/%Y"))
        }
    }
}

/// What stands above the signature.
pub fn printed(cx: &Cx, unit: &str, right: &Right) -> Signing {
    let own = own_authority(cx, unit);
    let head = own.title.clone();
    let title = || right.basis.as_ref().and_then(|entry| entry.title.clone());
    match right.form {
        SigningForm::Head | SigningForm::Tm => own,
        SigningForm::Kt => {
            let mut authority = own.authority;
            authority.push(Authority::new(By::Deputy, head.as_str()));
            Signing { authority, title: title().unwrap_or_else(|| deputy_of(&head)) }
        }
        SigningForm::Tuq | SigningForm::Tl => {
            let by = if right.form == SigningForm::Tuq { By::Delegation } else { By::Order };
            let authority = vec![Authority::new(by, head)];
            Signing { authority, title: title().unwrap_or_else(|| "Công chức được giao ký".to_owned()) }
        }
    }
}

/// `Phó Chủ tịch`, `Phó Giám đốc`.
fn deputy_of(head: &str) -> String {
    format!("Phó {head}")
}

/// How the head of a unit signs: of a People's Committee for the whole of it, of a department by their own authority.
pub fn own_authority(cx: &Cx, unit: &str) -> Signing {
    let kind = cx.city.agencies().get(unit).map(|unit| unit.kind);
    let authority = match kind {
        Some(kind) if is_committee(kind) => vec![Authority::new(By::Body, "Ủy ban nhân dân")],
        _ => Vec::new(),
    };
    let title = match kind {
        Some(UnitKind::Department | UnitKind::Centre) => "Giám đốc",
        _ => "Chủ tịch",
    };
    Signing { authority, title: title.to_owned() }
}
