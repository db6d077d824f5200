//! Procedures: what a resident can ask the city for, declared as `procedures/NAME.md` in the city's folder.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use songhan_base::{Lang, Money, Text};
use songhan_cases::Workflows;
use songhan_city::{City, Declaration, Document, Fields, Folder, Page, Placed, Report, Term, Unit, nearest};
use songhan_forms::{Answers, Forms};
use songhan_search::{Entry, Index};

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
}

/// Phí, lệ phí: one line of what a procedure costs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    pub id: String,
    pub name: Text,
    pub amount: Money,
    #[serde(default)]
    pub per: Per,
    /// The question whose answer counts the copies.
    #[serde(default)]
    pub quantity: Option<String>,
    /// Căn cứ: decree and article, or the People's Council's resolution.
    #[serde(default)]
    pub basis: Option<Text>,
    #[serde(default, deserialize_with = "songhan_city::optional_date")]
    pub from: Option<Date>,
    #[serde(default, deserialize_with = "songhan_city::optional_date")]
    pub until: Option<Date>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    #[default]
    Dossier,
    Copy,
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

/// The front matter as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    code: Placed<String>,
    level: Placed<u8>,
    field: Placed<String>,
    agency: Placed<String>,
    workflow: Option<Placed<String>>,
    form: Option<Placed<String>>,
    deadline: Option<Placed<Term>>,
    #[serde(default)]
    fees: Vec<Fee>,
    result: Option<ResultPaper>,
    #[serde(default)]
    applicants: Vec<String>,
    #[serde(default)]
    documents: Vec<Paper>,
    #[serde(default)]
    legal: Vec<Law>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default, deserialize_with = "songhan_city::optional_date")]
    valid_from: Option<Date>,
}

/// Thủ tục hành chính.
#[derive(Clone, Debug)]
pub struct Procedure {
    pub code: String,
    /// The file's name: the address of its page.
    pub name: String,
    pub level: Level,
    pub field: String,
    /// A unit's code, or a kind of unit of which the applicant chooses one.
    pub agency: String,
    pub workflow: String,
    /// The form of a procedure that can be handed in online.
    pub form: Option<String>,
    /// Thời hạn giải quyết.
    pub deadline: Option<Term>,
    pub fees: Vec<Fee>,
    pub result: Option<ResultPaper>,
    pub applicants: Vec<String>,
    pub documents: Vec<Paper>,
    pub legal: Vec<Law>,
    pub keywords: Vec<String>,
    pub valid_from: Option<Date>,
    pub title: Text,
    pub vi: Page,
    pub en: Option<Page>,
    /// A digest of the whole declaration: a dossier keeps the version it began with.
    pub version: String,
    places: Places,
}

#[derive(Clone, Debug)]
struct Places {
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
        city.agencies().handling(&self.agency)
    }

    /// Whether its dossiers can be handed in online today.
    pub fn is_open(&self, today: Date) -> bool {
        self.level.is_online() && self.form.is_some() && self.valid_from.is_none_or(|from| from <= today)
    }

    /// What is due for these answers on a day: each fee in force, with its quantity.
    pub fn fees_due(&self, answers: &Answers, today: Date) -> Vec<(&Fee, i64)> {
        let in_force = |fee: &&Fee| fee.from.is_none_or(|d| d <= today) && fee.until.is_none_or(|d| today <= d);
        let quantity = |fee: &Fee| match (fee.per, &fee.quantity) {
            (Per::Copy, Some(question)) => answers.number(question).unwrap_or(1).clamp(1, 1000),
            _ => 1,
        };
        self.fees.iter().filter(in_force).map(|fee| (fee, quantity(fee))).collect()
    }
}

/// All procedures of the city.
#[derive(Debug, Default)]
pub struct Procedures {
    all: Vec<Arc<Procedure>>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    index: OnceLock<Index<Arc<Procedure>>>,
}

impl Procedures {
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Procedure>> {
        self.all.iter()
    }

    pub fn get(&self, code: &str) -> Option<&Arc<Procedure>> {
        self.by_code.get(code).map(|&at| &self.all[at])
    }

    /// The best matches of a search, folded, small typos forgiven.
    pub fn find(&self, query: &str, limit: usize) -> Vec<&Arc<Procedure>> {
        let index = self.index.get_or_init(|| Index::new(self.all.iter().map(entry)));
        index.find(query, limit).into_iter().map(|(_, procedure)| procedure).collect()
    }

    /// By the name of its file, as in addresses of pages.
    pub fn named(&self, name: &str) -> Option<&Arc<Procedure>> {
        self.by_name.get(name).map(|&at| &self.all[at])
    }
}

fn entry(procedure: &Arc<Procedure>) -> Entry<Arc<Procedure>> {
    let pages = [Some(&procedure.vi), procedure.en.as_ref()];
    Entry {
        item: procedure.clone(),
        titles: [Some(&procedure.title.vi), procedure.title.en.as_ref()].into_iter().flatten().cloned().collect(),
        keywords: procedure.keywords.iter().cloned().chain([procedure.code.clone()]).collect(),
        body: pages.into_iter().flatten().map(Page::text).collect::<Vec<_>>().join("\n"),
    }
}

/// What the actions of a workflow may need of a dossier.
pub const NEEDS: [&str; 2] = ["paid", "result"];
/// What they may trigger here.
pub const TRIGGERS: [&str; 3] = ["issue_receipt", "issue_result", "release_charge"];

impl Declaration for Procedures {
    const NAME: &'static str = "procedures";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let defaults = Defaults::read(folder);
        let mut found = Self::default();
        for document in folder.documents::<Front>("procedures", report) {
            let source = folder.read(&format!("procedures/{}.md", document.name)).unwrap_or_default();
            let Some(procedure) = read(document, source, &defaults, report) else { continue };
            let (place, code) = (procedure.1, &procedure.0.code);
            if let Some(&at) = found.by_code.get(code) {
                let other = &found.all[at].name;
                report.add(
                    &place,
                    format!("the code `{code}` is used twice"),
                    format!("procedures/{other}.md has it too; give each its own"),
                );
                continue;
            }
            let at = found.all.len();
            found.by_code.insert(code.clone(), at);
            found.by_name.insert(procedure.0.name.clone(), at);
            found.all.push(Arc::new(procedure.0));
        }
        found
    }

    fn check(&self, city: &City, report: &mut Report) {
        let (fields, workflows) = (city.get::<Fields>(), city.get::<Workflows>());
        for code in self.all.iter().map(|p| p.workflow.as_str()).collect::<BTreeSet<_>>() {
            workflows.expect_words(code, &NEEDS, &TRIGGERS, report);
        }
        for procedure in &self.all {
            let places = &procedure.places;
            fields.expect(&places.field, report);
            city.agencies().expect(&places.agency, report);
            workflows.expect(&places.workflow, report);
            let Some(form) = &places.form else { continue };
            match city.get::<Forms>().get(form) {
                None => city.get::<Forms>().expect(form, report),
                Some(form) => {
                    check_quantities(procedure, form, report);
                    check_screens(form, report);
                }
            }
        }
    }
}

/// A fee by the copy counts an answer: the question must exist.
fn check_quantities(procedure: &Procedure, form: &songhan_forms::Form, report: &mut Report) {
    for fee in &procedure.fees {
        if let Some(question) = &fee.quantity
            && form.question(question).is_none()
        {
            let what = format!("the fee `{}` counts the answer `{question}`, which the form does not ask", fee.id);
            let near = nearest(question, form.questions().map(|q| q.id.as_str()));
            let remedy =
                near.map_or("name a question of the form".to_owned(), |near| format!("did you mean `{near}`?"));
            report.add(procedure.places.agency.place(), what, remedy);
        }
    }
}

/// Some addresses of an application are pages of their own.
fn check_screens(form: &songhan_forms::Form, report: &mut Report) {
    for question in form.questions().filter(|q| crate::application::RESERVED.contains(&q.screen_id())) {
        let what = format!("no screen can be called `{}`", question.screen_id());
        report.add(&form.place, what, "give the question another id, or another `screen`");
    }
}

/// What `city.toml` says for procedures that say nothing.
struct Defaults {
    workflow: String,
    form: String,
}

impl Defaults {
    fn read(folder: &Folder) -> Self {
        // Mistakes in city.toml are reported by the manifest itself.
        let manifest = songhan_city::Manifest::load(folder, &mut Report::default());
        Self { workflow: manifest.defaults.workflow.to_string(), form: manifest.defaults.form.to_string() }
    }
}

fn read(
    document: Document<Front>,
    source: &str,
    defaults: &Defaults,
    report: &mut Report,
) -> Option<(Procedure, songhan_city::Place)> {
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
    if let Some(deadline) = &front.deadline
        && !(1..=3650).contains(&deadline.amount)
    {
        report.add(
            deadline.place(),
            "the deadline is out of range",
            "write an amount from 1 to 3650, or leave the deadline out",
        );
    }
    for fee in &front.fees {
        if fee.amount.0 < 0 {
            report.add(&place, format!("the fee `{}` is negative", fee.id), "write whole đồng, 0 or more");
        }
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
        workflow: workflow.to_string(),
        form: form.as_ref().map(ToString::to_string),
        deadline: front.deadline.as_deref().copied(),
        fees: front.fees,
        result: front.result,
        applicants: front.applicants,
        documents: front.documents,
        legal: front.legal,
        keywords: front.keywords,
        valid_from: front.valid_from,
        title,
        vi,
        en,
        version,
        places: Places { field: front.field, agency: front.agency, workflow, form },
    };
    Some((procedure, place))
}
