//! Chủ thể: organisations, children and wards, households: who is acted for without an account of their own.

use serde::Serialize;
use songhan_app::Cx;
use songhan_base::{CitizenId, FieldError, Id, clean_line};
use songhan_db::At;

use crate::account::{check_place, citizen_id, wrong};
use crate::born::Born;
use crate::contact;
use crate::tax_code::TaxCode;

/// Loại tổ chức.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationForm {
    /// Doanh nghiệp.
    Enterprise,
    /// Tổ chức khác.
    Organisation,
    /// Đơn vị sự nghiệp.
    PublicUnit,
}

impl OrganisationForm {
    pub const ALL: [Self; 3] = [Self::Enterprise, Self::Organisation, Self::PublicUnit];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Organisation => "organisation",
            Self::PublicUnit => "public_unit",
        }
    }

    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == text)
    }
}

/// What a party is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PartyKind {
    /// Tổ chức, doanh nghiệp.
    Organisation {
        form: OrganisationForm,
        #[schema(value_type = String, example = "0100109106")]
        tax_code: String,
        /// Người đại diện theo pháp luật, as the organisation's papers name them.
        representative: String,
    },
    /// Con, người được giám hộ.
    Dependant {
        /// `2019-05-04` or `2019`.
        #[schema(value_type = String, example = "2019-05-04")]
        born: Born,
        #[schema(value_type = Option<String>)]
        citizen_id: Option<CitizenId>,
        /// Số giấy khai sinh.
        birth_certificate: Option<String>,
    },
    /// Hộ gia đình.
    Household {
        /// Số định danh của chủ hộ.
        #[schema(value_type = Option<String>)]
        citizen_id: Option<CitizenId>,
    },
    /// Cá nhân có tài khoản, who gave authority themselves.
    Person {
        #[schema(value_type = Option<String>)]
        citizen_id: Option<CitizenId>,
        #[schema(value_type = Option<String>)]
        born: Option<Born>,
    },
}

impl PartyKind {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Organisation { .. } => "organisation",
            Self::Dependant { .. } => "dependant",
            Self::Household { .. } => "household",
            Self::Person { .. } => "person",
        }
    }
}

/// Whom one acts for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Party {
    /// The party's, or of a person the account's.
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    #[serde(flatten)]
    pub kind: PartyKind,
    pub name: String,
    /// House and street.
    pub address: Option<String>,
    /// Code of the ward or commune.
    pub area: Option<String>,
    /// When an office first confirmed it; missing: what it says is the word of whoever added it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub confirmed_at: Option<At>,
}

/// A party to be added, checked.
#[derive(Clone, Debug)]
pub struct NewParty {
    pub kind: PartyKind,
    pub name: String,
    pub address: Option<String>,
    pub area: Option<String>,
}

/// What was typed for a party, not yet looked at.
#[derive(Clone, Debug, Default)]
pub struct TypedParty {
    /// `organisation`, `dependant` or `household`.
    pub kind: String,
    pub name: String,
    pub form: String,
    pub tax_code: String,
    pub representative: String,
    pub born: String,
    pub citizen_id: String,
    pub birth_certificate: String,
    pub address: String,
    pub area: String,
}

/// Checks what was typed; all that is wrong is told at once.
pub fn check(cx: &Cx, typed: &TypedParty) -> Result<NewParty, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut told = |field: &'static str, code: &'static str| errors.push(wrong(cx, field, code));
    let kind = match typed.kind.as_str() {
        "organisation" => organisation(typed, &mut told),
        "dependant" => dependant(cx, typed, &mut told),
        "household" => household(cx, typed, &mut told),
        _ => {
            told("kind", "required");
            None
        }
    };
    let name = match &kind {
        Some(PartyKind::Organisation { .. }) => title(&typed.name, 200),
        _ => contact::name(&typed.name),
    };
    let name = name.map_err(|code| told("name", code)).ok();
    let place = check_place(cx, &typed.address, &typed.area).map_err(|more| errors.extend(more)).ok();
    match (kind, name, place) {
        (Some(kind), Some(name), Some((address, area))) if errors.is_empty() => {
            Ok(NewParty { kind, name, address, area })
        }
        _ => Err(errors),
    }
}

/// A name that is no person's: one line, not empty.
fn title(typed: &str, length_max: usize) -> Result<String, &'static str> {
    let name = clean_line(typed);
    match name.chars().count() {
        0 => Err("required"),
        n if n > length_max => Err("too_long"),
        _ if !name.chars().any(char::is_alphabetic) => Err("title_form"),
        _ => Ok(name),
    }
}

type Told<'a> = dyn FnMut(&'static str, &'static str) + 'a;

fn organisation(typed: &TypedParty, told: &mut Told<'_>) -> Option<PartyKind> {
    let form = OrganisationForm::read(typed.form.trim());
    if form.is_none() {
        told("form", "required");
    }
    let tax_code = if typed.tax_code.trim().is_empty() { Err("required") } else { TaxCode::parse(&typed.tax_code) };
    let tax_code = tax_code.map_err(|code| told("tax_code", code)).ok();
    let representative = contact::name(&typed.representative).map_err(|code| told("representative", code)).ok();
    let (form, tax_code, representative) = (form?, tax_code?, representative?);
    Some(PartyKind::Organisation { form, tax_code: tax_code.as_str().to_owned(), representative })
}

fn dependant(cx: &Cx, typed: &TypedParty, told: &mut Told<'_>) -> Option<PartyKind> {
    let born = Born::parse(&typed.born, cx.today()).map_err(|code| told("born", code)).ok();
    let number = number_if_any(cx, &typed.citizen_id).map_err(|code| told("citizen_id", code)).ok();
    if let (Some(born), Some(Some(number))) = (born, &number)
        && number.birth_year() != born.year()
    {
        told("born", "date_of_birth_mismatch");
    }
    let certificate = clean_line(&typed.birth_certificate);
    let fits = certificate.chars().count() <= 40
        && certificate.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '-' | '.' | ' '));
    if !fits {
        told("birth_certificate", "birth_certificate_form");
    }
    let birth_certificate = Some(certificate).filter(|text| !text.is_empty());
    Some(PartyKind::Dependant { born: born?, citizen_id: number?, birth_certificate })
}

fn household(cx: &Cx, typed: &TypedParty, told: &mut Told<'_>) -> Option<PartyKind> {
    let number = number_if_any(cx, &typed.citizen_id).map_err(|code| told("citizen_id", code)).ok()?;
    if clean_line(&typed.address).is_empty() {
        told("address", "required");
    }
    Some(PartyKind::Household { citizen_id: number })
}

fn number_if_any(cx: &Cx, typed: &str) -> Result<Option<CitizenId>, &'static str> {
    if clean_line(typed).is_empty() { Ok(None) } else { citizen_id(cx, typed).map(Some) }
}
