//! An intake on its way: the draft of an officer who fills in a form for someone who stands at the counter.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_app::Cx;
use songhan_base::{Actor, Grant, Id, Internal, Role};
use songhan_city::Unit;
use songhan_delivery::{Recipient, Way};
use songhan_forms::drafts::{self, Draft, DraftError};
use songhan_forms::{Answers, CheckContext, Form, Forms, Question, Widget};
use songhan_procedures::{Catalogue, Channel, Procedure};

use super::person::{Comer, Other};
use crate::dossier::Paper;

/// What the officer notes beside the answers; it stands among them under a name that no question can have.
const DESK: &str = "_desk";

/// What the officer notes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Desk {
    /// Code of the unit whose counter it is.
    pub at: String,
    pub channel: Channel,
    /// Ngày gửi theo dấu bưu điện.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postmarked_on: Option<Date>,
    /// Code of the unit that shall handle it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Who stands there.
    #[serde(default)]
    pub person: Comer,
    /// For whom they came, where that is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<Other>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exemption: Option<String>,
    #[serde(default)]
    pub papers: Vec<Paper>,
    /// How the result comes back, and by post, to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<(Way, Option<Recipient>)>,
    /// The ticket by which they were called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Id>,
}

/// Hồ sơ đang tiếp nhận.
#[derive(Clone)]
pub struct Intake<'a> {
    pub draft: Draft,
    pub procedure: Arc<Procedure>,
    pub form: Arc<Form>,
    pub answers: Answers,
    pub desk: Desk,
    /// The units that can handle it.
    pub units: Vec<&'a Unit>,
}

#[derive(Debug, thiserror::Error)]
pub enum Missing {
    #[error("there is no such intake, or it is not yours; begin one at /office/intake")]
    NotFound,
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What an intake of a procedure is kept under.
pub fn purpose(procedure: &str) -> String {
    format!("intake:{procedure}")
}

/// The code of the procedure of an officer's intake.
pub fn procedure_of(draft: &Draft) -> Option<&str> {
    draft.purpose.strip_prefix("intake:")
}

/// The form by which the counter takes in a procedure: its own, or the city's general one.
pub fn form_of(cx: &Cx, procedure: &Procedure) -> Option<Arc<Form>> {
    let general = || cx.city.get::<Forms>().shared(&cx.city.manifest().defaults.form);
    procedure.form(&cx.city).or_else(general)
}

/// The same context at the desk of the unit that handles the dossier. Whoever takes in for another unit does there, in
/// that unit's name, what its own officer would: take the money and accept. The audit log names the officer all the same.
pub fn at_desk_of(cx: &Cx, unit: &str) -> Cx {
    match cx.actor.person() {
        Some(person) => {
            let grants = vec![Grant { role: Role::Officer, unit: Some(unit.to_owned()) }];
            cx.acting_as(Actor::Person(songhan_base::Person { grants, ..person.clone() }))
        }
        None => cx.clone(),
    }
}

impl<'a> Intake<'a> {
    /// An intake of the officer's own.
    pub async fn open(cx: &'a Cx, draft: &str) -> Result<Self, Missing> {
        let account = cx.actor.account().ok_or(Missing::NotFound)?;
        let id: Id = draft.parse().map_err(|_| Missing::NotFound)?;
        match drafts::get(&cx.db, account, id).await {
            Ok(draft) => Self::of(cx, draft).await,
            Err(DraftError::Internal(error)) => Err(error.into()),
            Err(_) => Err(Missing::NotFound),
        }
    }

    pub async fn of(cx: &'a Cx, draft: Draft) -> Result<Self, Missing> {
        let code = procedure_of(&draft).ok_or(Missing::NotFound)?;
        let procedure = Catalogue::of(&cx.app).await?.get(code).cloned().ok_or(Missing::NotFound)?;
        let form = form_of(cx, &procedure).ok_or(Missing::NotFound)?;
        let mut kept = draft.answers();
        let desk = kept.get(DESK).cloned().ok_or(Missing::NotFound)?;
        let desk: Desk = serde_json::from_value(desk).map_err(Internal::new)?;
        kept.set(DESK, None);
        // Who no longer works at that counter cannot go on there.
        if !cx.actor.has_at(Role::Officer, &desk.at) {
            return Err(Missing::NotFound);
        }
        let answers = form.fitting(&kept, &CheckContext::of(cx)).answers;
        let units = procedure.units(&cx.city);
        Ok(Self { draft, procedure, form, answers, desk, units })
    }

    /// The unit that shall handle it: the one chosen, the only one there is, or this one where it can.
    pub fn unit(&self) -> Option<&'a Unit> {
        if let [only] = self.units[..] {
            return Some(only);
        }
        let wanted = self.desk.unit.as_deref().unwrap_or(&self.desk.at);
        self.units.iter().find(|unit| *unit.code == wanted).copied()
    }

    /// Questions that are answered in words; papers have a page of their own.
    pub fn is_in_words(question: &Question) -> bool {
        question.widget != Widget::Upload
    }

    /// Questions in words that are asked and have no answer yet.
    pub fn open_questions(&self) -> Vec<&Question> {
        let asked = self.form.asked(&self.answers).into_iter().filter(|q| Self::is_in_words(q));
        asked.filter(|q| q.required && !self.answers.is_answered(&q.id)).collect()
    }

    /// The questions that papers answer.
    pub fn paper_questions(&self) -> Vec<&Question> {
        self.form.asked(&self.answers).into_iter().filter(|q| !Self::is_in_words(q)).collect()
    }

    /// As the draft keeps it.
    pub fn kept(&self) -> Result<Answers, Internal> {
        let mut kept = self.answers.clone();
        kept.set(DESK, Some(serde_json::to_value(&self.desk).map_err(Internal::new)?));
        Ok(kept)
    }

    /// The answers with the scanned papers in the places where the form asks for them.
    pub fn whole_answers(&self) -> Answers {
        let mut whole = self.answers.clone();
        for question in self.paper_questions() {
            let scans = self.desk.papers.iter().filter(|p| p.question == question.id && !p.is_paper_only());
            let ids: Vec<String> = scans.map(|paper| paper.upload.to_string()).collect();
            whole.set(&question.id, (!ids.is_empty()).then(|| ids.into()));
        }
        whole
    }

    /// The address of one of its pages.
    pub fn path(&self, page: &str) -> String {
        format!("/office/intake/{}/{page}", self.draft.id)
    }
}

/// What a new intake begins with.
pub fn first_answers(desk: &Desk) -> Result<Answers, Internal> {
    let mut kept = Answers::default();
    kept.set(DESK, Some(serde_json::to_value(desk).map_err(Internal::new)?));
    Ok(kept)
}
