//! Who stands at the counter: read from the QR code of their card, or typed; and for whom they came.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_app::Cx;
use songhan_base::{FieldError, Id, Internal, clean_line};
use songhan_db::Tx;
use songhan_forms::Profile;
use songhan_identity::{Typed, citizen_card};
use songhan_procedures::Procedure;

use crate::principal::{Principal, PrincipalKind};

/// Người đến nộp, as typed or scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Comer {
    pub name: String,
    pub citizen_id: String,
    /// `1990-03-12`.
    pub date_of_birth: String,
    pub phone: String,
    pub email: String,
    pub address: String,
    pub area: String,
    /// `citizen`, `overseas` or `foreigner`; empty is a citizen.
    pub kind: String,
    /// Of who has a passport instead of a number.
    pub passport_country: String,
    pub passport: String,
}

impl Comer {
    /// What the code on an identity card says. What the card does not know stays as it was typed.
    pub fn scanned(&self, code: &str) -> Result<Self, citizen_card::CardError> {
        let card = citizen_card::read(code)?;
        let same = self.citizen_id == card.citizen_id.as_str();
        let before = if same { self.clone() } else { Self::default() };
        Ok(Self {
            name: card.name,
            citizen_id: card.citizen_id.as_str().to_owned(),
            date_of_birth: card.date_of_birth.to_string(),
            address: card.address,
            kind: String::new(),
            passport: String::new(),
            passport_country: String::new(),
            ..before
        })
    }

    /// As identity looks at it.
    pub fn typed(&self) -> Typed {
        Typed {
            name: self.name.clone(),
            citizen_id: self.citizen_id.clone(),
            date_of_birth: self.date_of_birth.clone(),
            phone: self.phone.clone(),
            email: self.email.clone(),
            address: self.address.clone(),
            area: self.area.clone(),
            kind: self.kind.clone(),
            passport_country: self.passport_country.clone(),
            passport: self.passport.clone(),
        }
    }

    /// What is wrong with it, told at the fields.
    pub fn check(&self, cx: &Cx) -> Result<(), Vec<FieldError>> {
        songhan_identity::check_at_counter(cx, &self.typed()).map(drop)
    }

    /// What forms may take from it.
    pub fn profile(&self) -> Profile {
        let given = |text: &str| Some(clean_line(text)).filter(|text| !text.is_empty());
        Profile {
            name: given(&self.name),
            citizen_id: given(&self.citizen_id),
            date_of_birth: given(&self.date_of_birth),
            phone: given(&self.phone),
            email: given(&self.email),
            address: given(&self.address),
            area: given(&self.area),
        }
    }
}

/// For whom they came, by the papers that the officer has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// As [`PrincipalKind`] writes it.
    pub kind: String,
    pub name: String,
    /// Số định danh, mã số thuế, số giấy khai sinh.
    #[serde(default)]
    pub number: String,
    /// Ngày sinh of a person.
    #[serde(default)]
    pub born: Option<Date>,
}

/// The longest name of an organisation.
const NAME_CHARS_MAX: usize = 200;
const NUMBER_CHARS_MAX: usize = 40;

impl Other {
    /// What is wrong with it; the kind must be one that the procedure takes.
    pub fn check(&self, cx: &Cx, procedure: &Procedure) -> Result<Principal, Vec<FieldError>> {
        let mut errors = Vec::new();
        let kind = PrincipalKind::of(&self.kind).filter(|kind| kind.is_taken_by(procedure));
        if kind.is_none() {
            errors.push(FieldError::new("other_kind", "unknown", cx.t("counter-error-other-kind")));
        }
        let (name, number) = (clean_line(&self.name), clean_line(&self.number));
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            errors.push(FieldError::new("other_name", "required", cx.t("counter-error-other-name")));
        }
        let is_number = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '.' | ' ');
        if number.chars().count() > NUMBER_CHARS_MAX || !number.chars().all(is_number) {
            errors.push(FieldError::new("other_number", "form", cx.t("counter-error-other-number")));
        }
        match kind {
            Some(kind) if errors.is_empty() => Ok(Principal {
                kind,
                name,
                number: Some(number).filter(|number| !number.is_empty()),
                account: None,
                party: None,
                mandate: None,
                // The officer has seen the papers.
                unproven: false,
            }),
            _ => Err(errors),
        }
    }

    /// What forms may take beforehand: whom it is about, and who came where one has to be reached.
    pub fn profile(&self, comer: Profile) -> Profile {
        let is_person = matches!(
            PrincipalKind::of(&self.kind),
            Some(PrincipalKind::Child | PrincipalKind::Ward | PrincipalKind::Person | PrincipalKind::Household)
        );
        if !is_person {
            return comer;
        }
        let given = |text: &str| Some(clean_line(text)).filter(|text| !text.is_empty());
        Profile {
            name: given(&self.name),
            citizen_id: given(&self.number),
            date_of_birth: self.born.map(|day| day.to_string()),
            ..comer
        }
    }
}

/// An account at the counter.
pub struct Known {
    pub account: Id,
    pub name: String,
    /// For an account that nobody has taken over yet.
    pub claim_code: Option<String>,
}

/// Why no account was found or made.
#[derive(Debug, thiserror::Error)]
pub enum NotKnown {
    #[error("the person's data do not fit")]
    Wrong(Vec<FieldError>),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The account of who stands there: found by their papers, or made for them.
pub async fn known(tx: &mut Tx, cx: &Cx, comer: &Comer) -> Result<Known, NotKnown> {
    let new = songhan_identity::check_at_counter(cx, &comer.typed()).map_err(NotKnown::Wrong)?;
    let account = songhan_identity::person_at_counter(tx, cx, new).await?;
    let claim_code = songhan_identity::claim_code(tx, cx, account.id).await?;
    Ok(Known { account: account.id, name: account.name, claim_code })
}
