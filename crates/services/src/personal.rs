//! What is held about a person here: the dossiers that they handed in, or that were handed in for them, with what was paid
//! for each and how they rated it. Dossiers are records of the authorities: they are kept for their own terms and not
//! erased with an account; what was said of them beside is.

use serde_json::{Value, json};
use songhan_app::{BoxFuture, Cx};
use songhan_base::{Id, Internal};
use songhan_db::Tx;

use crate::dossier::Dossier;
use crate::{CASE_KIND, store};

/// Dossiers in one download; who has more asks an office.
const DOSSIERS_MAX: usize = 2000;
const PAGE: usize = 100;

/// The dossiers of an account, the latest first.
pub fn data(cx: &Cx, account: Id) -> BoxFuture<'_, Result<Value, Internal>> {
    Box::pin(async move {
        let (mut own, mut after) = (Vec::new(), None);
        while own.len() < DOSSIERS_MAX {
            let page = songhan_cases::of_applicant(&cx.db, account, after, PAGE).await?;
            for case in page.cases.iter().filter(|case| case.kind == CASE_KIND) {
                if let Some(dossier) = store::by_case(&cx.db, case.id).await? {
                    own.push(one(cx, &dossier, account).await?);
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let mut by_others = Vec::new();
        for dossier in store::of_principal(&cx.db, account, DOSSIERS_MAX as i64).await? {
            by_others.push(one(cx, &dossier, account).await?);
        }
        Ok(json!({ "dossiers": own, "dossiers_by_others": by_others }))
    })
}

/// Forgets the sentences that an account sent with its ratings, and the answers that are kept for its repeated requests:
/// that to a draft holds what was filled in.
pub fn erase<'a>(_: &'a Cx, tx: &'a mut Tx, account: Id) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        store::forget_comments(tx, account).await?;
        songhan_db::forget_answers_to(tx, &format!("account:{account}")).await.map(drop)
    })
}

async fn one(cx: &Cx, dossier: &Dossier, account: Id) -> Result<Value, Internal> {
    let answers: Value = serde_json::from_str(&dossier.answers).unwrap_or_default();
    let papers = store::papers(&cx.db, dossier.case_id).await?.into_iter();
    let papers: Vec<Value> = papers.map(|paper| json!({ "name": paper.name, "upload": paper.upload })).collect();
    let charge = match dossier.charge {
        Some(id) => charge(cx, id).await?,
        None => Value::Null,
    };
    // The rating is its applicant's; whom it was handed in for has none.
    let rating = store::rating(&cx.db, dossier.case_id).await?.filter(|_| dossier.applicant == account);
    let rating = rating.map(|(score, comment)| json!({ "score": score, "comment": comment }));
    let state = songhan_cases::by_id(&cx.db, dossier.case_id).await?.map(|case| case.state);
    Ok(json!({ "code": dossier.code, "procedure": dossier.procedure, "title": dossier.procedure_title,
        "unit": dossier.unit, "applicant": dossier.applicant_name, "created_at": dossier.created_at, "state": state,
        "answers": answers, "papers": papers, "result_number": dossier.result_number, "charge": charge,
        "rating": rating }))
}

/// What was to be paid, and what was.
async fn charge(cx: &Cx, id: Id) -> Result<Value, Internal> {
    let Some(charge) = songhan_ledger::by_id(&cx.db, id).await? else { return Ok(Value::Null) };
    let payments = songhan_ledger::payments_of(&cx.db, id).await?.into_iter().map(|payment| {
        json!({ "channel": payment.channel, "amount": payment.amount.0, "state": payment.state,
            "reference": payment.txn_ref, "number": payment.gateway_no, "at": payment.created_at,
            "settled_at": payment.settled_at })
    });
    Ok(json!({ "reference": charge.reference, "amount": charge.amount.0, "state": charge.state,
        "paid_at": charge.paid_at, "payments": payments.collect::<Vec<_>>() }))
}
