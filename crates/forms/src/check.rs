//! Checking answers: everything that is wrong is told at once, in the language of the request.

use jiff::civil::Date;
use serde_json::Value;
use songhan_app::Cx;
use songhan_base::{FieldError, Lang};
use songhan_city::Areas;
use songhan_pages::Texts;

use crate::form::{Form, Question, Widget};
use crate::value::{Wrong, clean};
use crate::{Answers, Checked, Errors};

/// What answers are checked against beside their form.
#[derive(Clone, Copy)]
pub struct CheckContext<'a> {
    /// Today in the city.
    pub today: Date,
    /// The language of messages.
    pub lang: Lang,
    pub areas: &'a Areas,
    pub texts: &'a Texts,
}

impl<'a> CheckContext<'a> {
    pub fn of(cx: &'a Cx) -> Self {
        Self { today: cx.today(), lang: cx.lang, areas: cx.city.areas(), texts: cx.renderer.texts() }
    }

    /// The message of a mistake in a question.
    pub(crate) fn tell(&self, question: &Question, wrong: &Wrong) -> FieldError {
        let message = match &question.message {
            Some(own) if wrong.code == "pattern" => own.get(self.lang).to_owned(),
            _ => self.words(&format!("forms-wrong-{}", key(question, wrong)), question.label.get(self.lang), &wrong.limit),
        };
        FieldError::new(&question.id, wrong.code, message)
    }

    pub(crate) fn words(&self, key: &str, label: &str, limit: &str) -> String {
        // A label is often a question; within a sentence its mark is in the way.
        let label = label.trim_end_matches(['?', ':', '.', ' ']);
        self.texts.format(self.lang, key, &[("label", label), ("limit", limit)]).into_owned()
    }
}

/// What is missing is said by what there is to do: to type, to choose or to attach.
fn key(question: &Question, wrong: &Wrong) -> String {
    let code = wrong.code.replace('_', "-");
    match (wrong.code, question.widget) {
        ("required", Widget::Upload) => "required-upload".to_owned(),
        ("required", widget) if widget.has_options() || matches!(widget, Widget::YesNo | Widget::Area) => {
            "required-choice".to_owned()
        }
        ("too_many" | "too_few", Widget::Upload) => format!("{code}-upload"),
        _ => code,
    }
}

/// More unknown fields than this are not worth naming.
const UNKNOWN_MAX: usize = 20;

impl Form {
    /// Checks whole answers: cleans them, drops those of hidden questions, refuses unknown ones, and finds every
    /// mistake. Checking what was checked changes nothing.
    pub fn check(&self, answers: &Answers, cx: &CheckContext) -> Result<Checked, Errors> {
        self.sift(answers, cx, true)
    }

    /// Checks answers that are not complete yet (a draft sent by a program): as [`Form::check`], but nothing is missing.
    pub fn check_part(&self, answers: &Answers, cx: &CheckContext) -> Result<Checked, Errors> {
        self.sift(answers, cx, false)
    }

    fn sift(&self, answers: &Answers, cx: &CheckContext, whole: bool) -> Result<Checked, Errors> {
        let mut kept = Answers::default();
        let mut errors = Vec::new();
        for question in self.questions() {
            if !question.is_asked(&kept) {
                continue;
            }
            match clean(question, answers.get(&question.id).unwrap_or(&Value::Null), cx) {
                Ok(Some(value)) => kept.set(&question.id, Some(value)),
                Ok(None) if whole && question.required => errors.push(cx.tell(question, &Wrong::new("required"))),
                Ok(None) => {}
                Err(wrong) => errors.push(cx.tell(question, &wrong)),
            }
        }
        let unknown = answers.iter().map(|(name, _)| name).filter(|name| self.question(name).is_none());
        for name in unknown.take(UNKNOWN_MAX) {
            let name: String = name.chars().take(60).collect();
            let message = cx.words("forms-wrong-unknown", &name, "");
            errors.push(FieldError::new(name, "unknown", message));
        }
        if errors.is_empty() { Ok(Checked(kept)) } else { Err(Errors(errors)) }
    }

    /// Checks one answer by itself; `None` when it says nothing and need not.
    pub fn check_answer(&self, question: &Question, value: &Value, cx: &CheckContext) -> Result<Option<Value>, FieldError> {
        match clean(question, value, cx) {
            Ok(None) if question.required => Err(cx.tell(question, &Wrong::new("required"))),
            Ok(value) => Ok(value),
            Err(wrong) => Err(cx.tell(question, &wrong)),
        }
    }

    /// What of older answers still fits, and the questions whose answers did not (the form was edited, an area is no
    /// more): the first is kept, the second is to be told.
    pub fn fitting(&self, answers: &Answers, cx: &CheckContext) -> Fitting {
        let mut kept = Answers::default();
        let mut dropped = Vec::new();
        for question in self.questions() {
            let Some(value) = answers.get(&question.id) else { continue };
            match clean(question, value, cx) {
                Ok(value) if question.is_asked(&kept) => kept.set(&question.id, value),
                Ok(_) => {}
                Err(_) => dropped.push(question.id.clone()),
            }
        }
        let gone = answers.iter().filter(|(name, _)| self.question(name).is_none()).count();
        Fitting { answers: kept, dropped, gone }
    }
}

/// What [`Form::fitting`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitting {
    pub answers: Answers,
    /// Questions to be answered again.
    pub dropped: Vec<String>,
    /// How many answers belong to questions that are asked no more.
    pub gone: usize,
}
