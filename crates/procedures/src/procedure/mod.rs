//! Procedures: what a resident can ask the city for, declared as `procedures/NAME.md` in the city's folder.

mod catalogue;
pub(crate) mod check;
mod declared;
pub mod exemptions;
mod fee;
pub mod life_events;
mod stage;

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_base::{Lang, Text};
use songhan_city::{City, Page, Placed, Term, Unit};
use songhan_forms::drafts::Draft;
use songhan_forms::{Form, Forms};

use crate::channel::Channel;
use crate::imported::National;

pub use catalogue::Procedures;
pub use exemptions::Exemptions;
pub use fee::{Fee, FeeDue, FeeFacts, Per, Relief};
pub use life_events::{LifeEvent, LifeEvents};
pub use stage::Stage;

/// Ids of screens that are pages of an application's own: no question may be called so.
pub const RESERVED: [&str; 8] =
    ["for-whom", "unit", "fee-exemption", "return", "return-to", "review", "submit", "delete"];

/// Mức độ dịch vụ công trực tuyến. Since Decree 42/2022 levels 3 and 4 are called partial and full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Level(u8);

impl Level {
    /// Filled in and handed in online.
    pub const fn is_online(self) -> bool {
        self.0 >= 3
    }

    /// Paid and answered online as well (toàn trình).
    pub const fn is_full(self) -> bool {
        self.0 == 4
    }

    pub const fn number(self) -> u8 {
        self.0
    }

    /// Thông tin về thủ tục, and forms to be downloaded.
    pub(crate) const fn of_information(has_forms: bool) -> Self {
        Self(if has_forms { 2 } else { 1 })
    }

    /// Một phần, or toàn trình.
    pub(crate) const fn of_service(whole: bool) -> Self {
        Self(if whole { 4 } else { 3 })
    }
}

/// Cấp giải quyết.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Cấp xã.
    Commune,
    /// Cấp tỉnh, thành phố.
    Province,
    /// Cấp bộ.
    Central,
    /// Cơ quan khác: courts, social insurance, …
    Other,
}

impl Tier {
    pub const ALL: [Self; 4] = [Self::Commune, Self::Province, Self::Central, Self::Other];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Province => "province",
            Self::Central => "central",
            Self::Other => "other",
        }
    }
}

/// Giấy tờ: a paper that is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    pub name: Text,
    #[serde(default)]
    pub originals: u32,
    #[serde(default)]
    pub copies: u32,
    /// In which case, or as which part of the dossier, it is asked for.
    #[serde(default)]
    pub case: Option<Text>,
    /// Mẫu đơn, tờ khai: the name of the form's file.
    #[serde(default)]
    pub form: Option<String>,
}

/// Căn cứ pháp lý.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    pub title: Text,
    #[serde(default)]
    pub article: Option<String>,
    #[serde(default)]
    pub url: Option<String>,
}

/// Kết quả: the document that ends a dossier.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultPaper {
    pub template: String,
    pub title: Text,
}

/// Thủ tục hành chính.
#[derive(Clone, Debug)]
pub struct Procedure {
    pub code: String,
    /// The file's name: the address of its page. Of an imported one, its code.
    pub name: String,
    pub level: Level,
    pub field: String,
    /// A unit's code, or a kind of unit of which the applicant chooses one.
    pub agency: String,
    /// Others that take its dossiers as well, written likewise.
    pub other_agencies: Vec<String>,
    pub workflow: String,
    /// The form of a procedure that can be handed in online.
    pub form: Option<String>,
    /// Thời hạn giải quyết.
    pub deadline: Option<Term>,
    /// How much of it each step may take.
    pub stages: Vec<Stage>,
    pub fees: Vec<Fee>,
    /// Who sets the fees where no amount stands here; without it and without fees, it is free of charge.
    pub fee_note: Option<Text>,
    pub result: Option<ResultPaper>,
    pub applicants: Vec<String>,
    pub documents: Vec<Paper>,
    pub legal: Vec<Law>,
    pub keywords: Vec<String>,
    /// For whom else someone may apply.
    pub on_behalf: Vec<OnBehalf>,
    /// Codes of procedures that it sets off (liên thông).
    pub starts: Vec<Placed<String>>,
    /// Where its facts are from and when they were looked up.
    pub source: Option<Text>,
    pub valid_from: Option<Date>,
    pub title: Text,
    pub vi: Page,
    pub en: Option<Page>,
    /// A digest of the whole declaration: a dossier keeps the version it began with.
    pub version: String,
    /// What the national catalogue says of it, where it was imported.
    pub national: Option<Box<National>>,
    /// Where a file of the folder says what; an imported one has no file.
    pub(crate) places: Option<Places>,
}

#[derive(Clone, Debug)]
pub(crate) struct Places {
    field: Placed<String>,
    agency: Placed<String>,
    workflow: Placed<String>,
    form: Option<Placed<String>>,
}

impl Procedure {
    pub fn page(&self, lang: Lang) -> &Page {
        match (lang, &self.en) {
            (Lang::En, Some(page)) => page,
            _ => &self.vi,
        }
    }

    /// The language of what [`Procedure::page`] gives.
    pub fn page_lang(&self, lang: Lang) -> Lang {
        if self.en.is_some() { lang } else { Lang::Vi }
    }

    /// The units that can take this procedure's dossiers.
    pub fn units<'a>(&self, city: &'a City) -> Vec<&'a Unit> {
        let agencies = std::iter::once(&self.agency).chain(&self.other_agencies);
        agencies.flat_map(|agency| city.agencies().handling(agency)).collect()
    }

    /// At which levels of government it is handled.
    pub fn tiers(&self, city: &City) -> Vec<Tier> {
        if let Some(national) = &self.national {
            return national.tiers();
        }
        let agencies = city.agencies();
        let is_commune = match agencies.get(&self.agency) {
            Some(unit) => unit.kind.is_commune_level(),
            None => agencies.handling(&self.agency).iter().all(|unit| unit.kind.is_commune_level()),
        };
        vec![if is_commune { Tier::Commune } else { Tier::Province }]
    }

    /// The form that is filled in for it: a declared one, or one made of its papers.
    pub fn form(&self, city: &City) -> Option<Arc<Form>> {
        let code = self.form.as_deref()?;
        match &self.national {
            Some(national) => Some(national.form(self, city)),
            None => city.get::<Forms>().shared(code),
        }
    }

    /// Thời hạn giải quyết for what is handed in by that channel.
    pub fn deadline_by(&self, channel: Channel) -> Option<Term> {
        self.deadline.or_else(|| self.national.as_ref()?.deadline_by(channel))
    }

    /// Whether its dossiers can be handed in online today.
    pub fn is_open(&self, today: Date) -> bool {
        self.level.is_online() && self.form.is_some() && self.valid_from.is_none_or(|from| from <= today)
    }

    /// What is due: each fee in force, with its quantity and what is taken off.
    pub fn fees_due(&self, facts: &FeeFacts<'_>) -> Vec<FeeDue<'_>> {
        self.fees.iter().filter_map(|fee| fee.due(facts)).collect()
    }

    /// The groups that a fee of this procedure spares on that day and by that channel, each once.
    pub fn exempt_groups(&self, today: Date, channel: Channel) -> Vec<&str> {
        let mut groups = Vec::new();
        for fee in self.fees.iter().filter(|fee| fee.in_force(today) && fee.due_by(channel)) {
            for group in &fee.exempt {
                if !groups.contains(&group.as_str()) {
                    groups.push(group.as_str());
                }
            }
        }
        groups
    }
}

/// For whom an applicant may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBehalf {
    /// Con chưa thành niên.
    Child,
    /// Người được giám hộ.
    Ward,
    /// Hộ gia đình.
    Household,
    /// Người uỷ quyền.
    Authorised,
}

impl OnBehalf {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Ward => "ward",
            Self::Household => "household",
            Self::Authorised => "authorised",
        }
    }
}

/// What a draft for a procedure is kept under among somebody's drafts.
pub fn purpose(procedure: &str) -> String {
    format!("procedure:{procedure}")
}

/// The code of the procedure that a draft is for.
pub fn procedure_of(draft: &Draft) -> Option<&str> {
    draft.purpose.strip_prefix("procedure:")
}
