//! A procedure's document: front matter read, defaults filled in, mistakes told.

use jiff::civil::Date;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use songhan_base::Text;
use songhan_city::{Declaration, Document, Folder, Place, Placed, Report, Term};

use super::{Fee, Law, Level, OnBehalf, Paper, Per, Places, Procedure, ResultPaper, Stage};

/// The front matter as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Front {
    code: Placed<String>,
    level: Placed<u8>,
    field: Placed<String>,
    agency: Placed<String>,
    workflow: Option<Placed<String>>,
    form: Option<Placed<String>>,
    deadline: Option<Placed<Term>>,
    #[serde(default)]
    steps: Vec<Stage>,
    #[serde(default)]
    fees: Vec<Fee>,
    fee_note: Option<Text>,
    result: Option<ResultPaper>,
    #[serde(default)]
    applicants: Vec<String>,
    #[serde(default)]
    documents: Vec<Paper>,
    #[serde(default)]
    legal: Vec<Law>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    on_behalf: Vec<OnBehalf>,
    #[serde(default)]
    starts: Vec<Placed<String>>,
    source: Option<Text>,
    #[serde(default, deserialize_with = "songhan_city::optional_date")]
    valid_from: Option<Date>,
}

/// What `city.toml` says for procedures that say nothing.
pub(super) struct Defaults {
    workflow: String,
    form: String,
}

impl Defaults {
    pub(super) fn read(folder: &Folder) -> Self {
        // Mistakes in city.toml are reported by the manifest itself.
        let manifest = songhan_city::Manifest::load(folder, &mut Report::default());
        Self { workflow: manifest.defaults.workflow.to_string(), form: manifest.defaults.form.to_string() }
    }
}

pub(super) fn read(
    document: Document<Front>,
    source: &str,
    defaults: &Defaults,
    report: &mut Report,
) -> Option<(Procedure, Place)> {
    let title = document.title();
    let Document { name, front, vi, en, .. } = document;
    let place = front.code.place().clone();
    let code = front.code.trim().to_owned();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if code.is_empty() || code.len() > 40 || !code.chars().all(plain) {
        report.add(
            &place,
            format!("`{code}` cannot be a code"),
            "use letters, digits, dots and hyphens, as in 2.000635",
        );
        return None;
    }
    if !(1..=4).contains(&*front.level) {
        report.add(front.level.place(), format!("there is no level {}", *front.level), "write 1, 2, 3 or 4");
        return None;
    }
    check_deadline(front.deadline.as_ref(), report);
    for fee in &front.fees {
        check_fee(fee, report);
    }
    let level = Level(*front.level);
    let default = |text: &str| Placed::new(text.to_owned(), place.clone());
    let workflow = front.workflow.clone().unwrap_or_else(|| default(&defaults.workflow));
    let form = front.form.clone().or_else(|| level.is_online().then(|| default(&defaults.form)));
    let version = data_encoding::HEXLOWER.encode(&Sha256::digest(source)[..8]);
    let procedure = Procedure {
        code,
        name,
        level,
        field: front.field.to_string(),
        agency: front.agency.to_string(),
        other_agencies: Vec::new(),
        workflow: workflow.to_string(),
        form: form.as_ref().map(ToString::to_string),
        deadline: front.deadline.as_deref().copied(),
        stages: front.steps,
        fees: front.fees,
        fee_note: front.fee_note,
        result: front.result,
        applicants: front.applicants,
        documents: front.documents,
        legal: front.legal,
        keywords: front.keywords,
        on_behalf: front.on_behalf,
        starts: front.starts,
        source: front.source,
        valid_from: front.valid_from,
        title,
        vi,
        en,
        version,
        national: None,
        places: Some(Places { field: front.field, agency: front.agency, workflow, form }),
    };
    Some((procedure, place))
}

fn check_deadline(deadline: Option<&Placed<Term>>, report: &mut Report) {
    if let Some(deadline) = deadline.filter(|deadline| !(1..=3650).contains(&deadline.amount)) {
        let remedy = "write an amount from 1 to 3650, or leave the deadline out";
        report.add(deadline.place(), "the deadline is out of range", remedy);
    }
}

/// A fee has one amount or amounts by answer, none of them negative, and reliefs that take something off.
fn check_fee(fee: &Fee, report: &mut Report) {
    let (id, place) = (&fee.id, fee.id.place());
    match (&fee.amount, &fee.amounts) {
        (None, None) => {
            report.add(place, format!("the fee `{id}` has no amount"), "write `amount = …` in đồng, or `amounts`");
        }
        (Some(_), Some(_)) => {
            report.add(place, format!("the fee `{id}` has both `amount` and `amounts`"), "remove one of the two");
        }
        _ => {}
    }
    let by_answer = fee.amounts.iter().flat_map(|amounts| amounts.by.values());
    if fee.amount.iter().chain(by_answer).any(|amount| amount.0 < 0) {
        report.add(place, format!("the fee `{id}` is negative"), "write whole đồng, 0 or more");
    }
    check_steps(fee, report);
    if let Some(percent) = &fee.online_percent
        && **percent > 100
    {
        let what = format!("{} percent of the fee `{id}` is more than all of it", **percent);
        report.add(percent.place(), what, "write what is due online in percent, 0 to 100");
    }
    if fee.from.zip(fee.until).is_some_and(|(from, until)| until < from) {
        report.add(place, format!("the fee `{id}` ends before it begins"), "correct `from` or `until`");
    }
}

/// Steps go up from the second one that is counted, and something is counted.
fn check_steps(fee: &Fee, report: &mut Report) {
    let (id, place) = (&fee.id, fee.id.place());
    if !fee.is_stepped() {
        if fee.copies.is_some() {
            let what = format!("the fee `{id}` has `copies`, and neither `tiers` nor `max`");
            report.add(place, what, "name the question in `quantity`");
        }
        return;
    }
    if fee.quantity.is_none() || fee.per == Per::Dossier {
        let what = format!("the fee `{id}` goes by steps of nothing");
        report.add(place, what, "write `per = \"page\"` (or `copy`) and the question that counts in `quantity`");
    }
    let starts: Vec<i64> = std::iter::once(1).chain(fee.tiers.iter().map(|tier| tier.from)).collect();
    if !starts.windows(2).all(|pair| pair[0] < pair[1]) {
        let what = format!("the steps of the fee `{id}` are out of order");
        report.add(place, what, "write them from the lowest `from` to the highest, the first 2 or more");
    }
    if fee.tiers.iter().map(|tier| tier.amount).chain(fee.max).any(|amount| amount.0 < 0) {
        report.add(place, format!("a step of the fee `{id}` is negative"), "write whole đồng, 0 or more");
    }
}
