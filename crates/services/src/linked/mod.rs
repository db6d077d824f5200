//! Liên thông: a dossier that sets off others, declared in `linked.toml`.
//!
//! When a dossier is accepted or its result is issued, a job opens the dossiers that it sets off, in one commit: with the
//! answers that are known already, the same applicant, and the parent named. Running twice opens nothing twice.

mod open;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{BoxFuture, Cx, JobHandler};
use songhan_base::{Id, Internal, Text};
use songhan_cases::{CaseActed, National};
use songhan_city::{City, Declaration, Folder, Placed, Report, nearest};
use songhan_db::{NewJob, Recorded, Tx, enqueue};
use songhan_forms::{Form, Forms};
use songhan_procedures::{Exemptions, Procedures};

use crate::dossier::ResultIssued;
use crate::{CASE_KIND, store};

/// Why a case hangs on another, in the engine's words.
pub const LINK: &str = "starts";
const JOB: &str = "services.start_linked";

/// When dossiers are set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Khi tiếp nhận.
    Accepted,
    /// Khi có kết quả.
    Result,
}

impl When {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Result => "result",
        }
    }
}

/// One procedure that sets off another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    from: Placed<String>,
    to: Placed<String>,
    when: When,
    /// On what it rests.
    #[serde(rename = "source")]
    _source: Text,
    /// Questions of the new dossier, and those of the parent that answer them.
    #[serde(default)]
    answers: BTreeMap<String, Placed<String>>,
    /// Answers that are the same for all.
    #[serde(default)]
    set: BTreeMap<String, Value>,
    /// The group by which all such dossiers are exempt from fees.
    #[serde(default)]
    exemption: Option<Placed<String>>,
}

/// What procedures set off.
#[derive(Clone, Debug, Default)]
pub struct Linked(Vec<Start>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    start: Vec<Start>,
}

impl Linked {
    /// What a procedure sets off at that moment.
    fn of(&self, procedure: &str, when: When) -> impl Iterator<Item = &Start> {
        self.0.iter().filter(move |start| *start.from == procedure && start.when == when)
    }
}

impl Declaration for Linked {
    const NAME: &'static str = "linked procedures";

    /// A city whose procedures set nothing off needs no such file.
    fn load(folder: &Folder, report: &mut Report) -> Self {
        Self(folder.toml_if_present::<File>("linked.toml", report).map_or_else(Vec::new, |file| file.start))
    }

    fn check(&self, city: &City, report: &mut Report) {
        let procedures = city.get::<Procedures>();
        for start in &self.0 {
            procedures.expect(&start.from, report);
            procedures.expect(&start.to, report);
            if let Some(group) = &start.exemption {
                city.get::<Exemptions>().expect(group, report);
            }
            let (Some(from), Some(to)) = (procedures.get(&start.from), procedures.get(&start.to)) else { continue };
            if !from.starts.iter().any(|code| **code == *start.to) {
                let what = format!("the procedure `{}` does not say that it sets off `{}`", *start.from, *start.to);
                report.add(start.to.place(), what, "add the code to `starts` of its document");
            }
            let form = |code: &Option<String>| code.as_deref().and_then(|code| city.get::<Forms>().get(code));
            let (Some(old), Some(new)) = (form(&from.form), form(&to.form)) else { continue };
            for (question, from) in &start.answers {
                expect(new, question, from, report);
                expect(old, from, from, report);
            }
            for question in start.set.keys() {
                expect(new, question, &start.to, report);
            }
        }
    }
}

/// Reports a question that a form does not ask.
fn expect(form: &Form, question: &str, place: &Placed<String>, report: &mut Report) {
    if form.question(question).is_some() {
        return;
    }
    let near = nearest(question, form.questions().map(|q| q.id.as_str()));
    let remedy = near.map_or("name a question of the form".to_owned(), |near| format!("did you mean `{near}`?"));
    report.add(place.place(), format!("the form `{}` does not ask `{question}`", form.code), remedy);
}

/// Promises what a dossier sets off.
pub fn hear<'a>(cx: &'a Cx, tx: &'a mut Tx, event: &'a Recorded) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        if let Some(issued) = event.read::<ResultIssued>() {
            let Some(dossier) = store::by_case_in(tx, issued.case).await? else { return Ok(()) };
            return promise(cx, tx, issued.case, &dossier.procedure, When::Result).await;
        }
        let accepted = |acted: &CaseActed| {
            acted.about.kind == CASE_KIND
                && acted.national == National::Accepted
                && acted.national_before != National::Accepted
        };
        if let Some(acted) = event.read::<CaseActed>().filter(accepted) {
            return promise(cx, tx, acted.about.case, &acted.about.topic, When::Accepted).await;
        }
        Ok(())
    })
}

async fn promise(cx: &Cx, tx: &mut Tx, case: Id, procedure: &str, when: When) -> Result<(), Internal> {
    if cx.city.get::<Linked>().of(procedure, when).next().is_none() {
        return Ok(());
    }
    let payload = json!({ "case": case, "when": when });
    let dedupe = Some(format!("{JOB}:{case}:{}", when.as_str()));
    enqueue(tx, NewJob { id: cx.env.id(), kind: JOB, payload, run_at: None, dedupe }).await
}

pub fn job() -> JobHandler {
    JobHandler::new(JOB, open::run)
}
