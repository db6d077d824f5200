//! At the counter: what someone says they may act for, compared with their papers and confirmed or refused.

use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Query, redirect};
use songhan_base::Id;

use super::for_others::{Row, row};
use super::{Answer, Done, with_query};
use crate::acting::party_of;
use crate::mandate::MandateState;
use crate::ops::{confirm_mandate, list_mandates};
use crate::party::{Party, PartyKind};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    done: String,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
}

#[derive(Serialize)]
struct Claim {
    row: Row,
    facts: Vec<Fact>,
}

#[derive(Serialize)]
struct View<'a> {
    q: &'a str,
    name: Option<String>,
    claims: Vec<Claim>,
}

pub async fn show(cx: Cx, Query(Asked { q, done }): Query<Asked>) -> Answer {
    let mut view = View { q: &q, name: None, claims: Vec::new() };
    if let Some((account, mandates)) = list_mandates::held_by(&cx, &q).await? {
        view.name = Some(account.name);
        for mandate in mandates.iter().filter(|m| m.state.is_open() && m.state != MandateState::Offered) {
            let facts = party_of(&cx.db, mandate).await?.map_or_else(Vec::new, |party| facts(&cx, party));
            view.claims.push(Claim { row: row(&cx, mandate, mandate.principal.clone()), facts });
        }
    }
    let spec = PageSpec::titled(cx.t("identity-mandates")).office().flash(Done { done }.flash(&cx));
    cx.page("identity/office-mandates.html", spec, view).await
}

/// What is to be compared with the papers.
fn facts(cx: &Cx, party: Party) -> Vec<Fact> {
    let fact = |key: &str, value: Option<String>| Some(Fact { label: cx.t(key), value: value? });
    let number = |number: Option<songhan_base::CitizenId>| number.map(String::from);
    let mut facts: Vec<Option<Fact>> = match party.kind {
        PartyKind::Organisation { tax_code, representative, .. } => {
            vec![fact("identity-tax-code", Some(tax_code)), fact("identity-representative", Some(representative))]
        }
        PartyKind::Dependant { born, citizen_id, birth_certificate } => vec![
            fact("identity-date-of-birth", Some(born.to_string())),
            fact("identity-citizen-id", number(citizen_id)),
            fact("identity-birth-certificate", birth_certificate),
        ],
        PartyKind::Household { citizen_id } => vec![fact("identity-head-id", number(citizen_id))],
        PartyKind::Person { citizen_id, .. } => vec![fact("identity-citizen-id", number(citizen_id))],
    };
    facts.push(fact("identity-address", party.address));
    facts.into_iter().flatten().collect()
}

#[derive(Deserialize)]
pub struct Decision {
    /// Whose claims are shown again.
    #[serde(default)]
    q: String,
}

pub async fn confirm(cx: Cx, Path(id): Path<Id>, PageForm(Decision { q }): PageForm<Decision>) -> Answer {
    confirm_mandate::confirm_mandate(&cx, id, true).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&with_query("/office/mandates", &[("done", "mandate-confirmed"), ("q", &q)])))
}

pub async fn refuse(cx: Cx, Path(id): Path<Id>, PageForm(Decision { q }): PageForm<Decision>) -> Answer {
    confirm_mandate::confirm_mandate(&cx, id, false).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&with_query("/office/mandates", &[("done", "mandate-refused"), ("q", &q)])))
}
