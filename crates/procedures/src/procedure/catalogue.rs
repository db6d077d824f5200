//! All procedures that the city declares itself: loaded and checked against the rest of its folder. What is found beside
//! them in the national catalogue: [`crate::Catalogue`].

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use songhan_cases::Workflows;
use songhan_city::{City, Declaration, Fields, Folder, Placed, Report, nearest};
use songhan_forms::Forms;

use super::declared::{Defaults, Front, read};
use super::{Exemptions, Procedure, check, stage};

/// All procedures of the city's folder.
#[derive(Debug, Default)]
pub struct Procedures {
    all: Vec<Arc<Procedure>>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

impl Procedures {
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Procedure>> {
        self.all.iter()
    }

    pub fn get(&self, code: &str) -> Option<&Arc<Procedure>> {
        self.by_code.get(code).map(|&at| &self.all[at])
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

/// What the actions of a workflow may need of a dossier.
pub const NEEDS: [&str; 3] = ["paid", "result", "by_post"];
/// What they may trigger here.
pub const TRIGGERS: [&str; 11] = [
    "issue_receipt",
    "issue_supplement",
    "issue_refusal",
    "issue_apology",
    "issue_result",
    "release_charge",
    "parcel_handed_over",
    "parcel_delivered",
    "parcel_came_back",
    "parcel_withdrawn",
    "parcel_collected",
];

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
        check::receipts(&self.all, city, report);
        for procedure in &self.all {
            let Some(places) = &procedure.places else { continue };
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
