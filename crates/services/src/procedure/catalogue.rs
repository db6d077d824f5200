//! All procedures of the city: loaded, checked against the rest of its folder, found.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use songhan_cases::Workflows;
use songhan_city::{City, Declaration, Fields, Folder, Page, Placed, Report, nearest};
use songhan_forms::Forms;
use songhan_search::{Entry, Index};

use super::declared::{Defaults, Front, read};
use super::{Exemptions, Procedure, check, stage};

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

    /// Reports a code that no procedure has, where it is named.
    pub fn expect(&self, code: &Placed<String>, report: &mut Report) {
        if self.get(code).is_none() {
            let near = nearest(code, self.all.iter().map(|one| one.code.as_str()));
            let remedy =
                near.map_or("name a code of the catalogue".to_owned(), |near| format!("did you mean `{near}`?"));
            report.add(code.place(), format!("there is no procedure `{code}`"), remedy);
        }
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
            if let Some(workflow) = workflows.get(&procedure.workflow) {
                stage::check(&procedure.stages, procedure.deadline, workflow, report);
            }
            check::starts(procedure, self, report);
            for group in procedure.fees.iter().flat_map(|fee| &fee.exempt) {
                city.get::<Exemptions>().expect(group, report);
            }
            let Some(form) = &places.form else { continue };
            match city.get::<Forms>().get(form) {
                None => city.get::<Forms>().expect(form, report),
                Some(form) => {
                    check::fees(procedure, form, report);
                    check::screens(form, report);
                }
            }
        }
    }
}
