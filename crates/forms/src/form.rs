//! A form: sections of questions, each with a widget, conditions and checks. Pure; nothing here reads or renders.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use songhan_base::Text;
use songhan_city::{Place, Placed, Report, nearest};

use crate::Answers;

/// Tờ khai điện tử, as a file of `forms/` declares it.
#[derive(Debug)]
pub struct Form {
    /// The file's name without `.toml`.
    pub code: String,
    pub title: Text,
    pub sections: Vec<Section>,
    /// Chữ ký: who signs it before it is handed in online.
    pub signature: Option<Signature>,
    /// Hash of the file: another one means that the form was edited.
    pub version: String,
    pub place: Place,
}

/// Who signs a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// Người nộp, with a certificate of their own.
    Applicant,
}

/// Phần của tờ khai.
#[derive(Clone, Debug)]
pub struct Section {
    pub id: String,
    pub title: Text,
    pub intro: Option<Text>,
    pub questions: Vec<Question>,
}

/// Câu hỏi.
#[derive(Clone, Debug)]
pub struct Question {
    pub id: String,
    pub label: Text,
    pub hint: Option<Text>,
    pub widget: Widget,
    pub required: bool,
    /// Of `radio`, `checkboxes` and `select`.
    pub options: Vec<Choice>,
    pub from: Option<Source>,
    pub when: Option<Condition>,
    /// Questions with the same name stand on one screen.
    pub screen: Option<String>,
    /// Of `upload`: media types.
    pub accept: Vec<String>,
    pub max_files: usize,
    /// Of `date`.
    pub period: Option<Period>,
    /// What to say when `pattern` does not fit.
    pub message: Option<Text>,
    /// JSON Schema keywords of the declaration.
    pub(crate) keywords: Map<String, Value>,
    /// The widget's schema with the keywords, compiled.
    pub(crate) validator: jsonschema::Validator,
}

/// One answer to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: Text,
    pub hint: Option<Text>,
}

/// When a question is asked: an earlier question has one of these answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub question: String,
    pub is: Vec<Value>,
}

/// What an upload takes when the question does not say.
pub(crate) const ACCEPT: [&str; 3] = ["application/pdf", "image/jpeg", "image/png"];

/// How a question is asked and answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Widget {
    Text,
    Textarea,
    Date,
    Radio,
    Checkboxes,
    Select,
    Upload,
    CitizenId,
    Phone,
    Email,
    Area,
    Number,
    YesNo,
}

/// On which side of today a date lies; today is on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Past,
    Future,
}

/// What of the account answers a question beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    Name,
    CitizenId,
    DateOfBirth,
    Phone,
    Email,
    Address,
    Area,
}

impl Widget {
    pub const ALL: [Self; 13] = [
        Self::Text,
        Self::Textarea,
        Self::Date,
        Self::Radio,
        Self::Checkboxes,
        Self::Select,
        Self::Upload,
        Self::CitizenId,
        Self::Phone,
        Self::Email,
        Self::Area,
        Self::Number,
        Self::YesNo,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Textarea => "textarea",
            Self::Date => "date",
            Self::Radio => "radio",
            Self::Checkboxes => "checkboxes",
            Self::Select => "select",
            Self::Upload => "upload",
            Self::CitizenId => "citizen_id",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Area => "area",
            Self::Number => "number",
            Self::YesNo => "yes_no",
        }
    }

    /// Whether the declaration lists what can be chosen.
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Radio | Self::Checkboxes | Self::Select)
    }

    /// Whether the answer is a list.
    pub const fn is_list(self) -> bool {
        matches!(self, Self::Checkboxes | Self::Upload)
    }
}

impl Source {
    pub const ALL: [Self; 7] =
        [Self::Name, Self::CitizenId, Self::DateOfBirth, Self::Phone, Self::Email, Self::Address, Self::Area];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "account.name",
            Self::CitizenId => "account.citizen_id",
            Self::DateOfBirth => "account.date_of_birth",
            Self::Phone => "account.phone",
            Self::Email => "account.email",
            Self::Address => "account.address",
            Self::Area => "account.area",
        }
    }

    /// The widgets that can show it.
    pub(crate) const fn widgets(self) -> &'static [Widget] {
        match self {
            Self::Name => &[Widget::Text],
            Self::CitizenId => &[Widget::CitizenId],
            Self::DateOfBirth => &[Widget::Date],
            Self::Phone => &[Widget::Phone],
            Self::Email => &[Widget::Email],
            Self::Address => &[Widget::Text, Widget::Textarea],
            Self::Area => &[Widget::Area],
        }
    }

    /// The token of HTML's `autocomplete`.
    pub(crate) const fn autocomplete(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::DateOfBirth => "bday",
            Self::Phone => "tel",
            Self::Email => "email",
            Self::Address => "street-address",
            Self::CitizenId | Self::Area => "",
        }
    }
}

impl Question {
    /// Whether it is asked, given the answers kept before it.
    pub(crate) fn is_asked(&self, answers: &Answers) -> bool {
        let Some(when) = &self.when else { return true };
        match answers.get(&when.question) {
            Some(Value::Array(chosen)) => chosen.iter().any(|value| when.is.contains(value)),
            Some(value) => when.is.contains(value),
            None => false,
        }
    }

    /// The screen it stands on.
    pub fn screen_id(&self) -> &str {
        self.screen.as_deref().unwrap_or(&self.id)
    }
}

impl Form {
    /// All questions in order, hidden ones too.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|section| &section.questions)
    }

    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions().find(|question| question.id == id)
    }

    /// The questions asked given these answers. A question whose condition hangs on a hidden one is hidden too.
    pub fn asked<'a>(&'a self, answers: &Answers) -> Vec<&'a Question> {
        let mut kept = Answers::default();
        let mut asked = Vec::new();
        for question in self.questions() {
            if question.is_asked(&kept) {
                kept.set(&question.id, answers.get(&question.id).cloned());
                asked.push(question);
            }
        }
        asked
    }

    /// The uploads that the answers name, with the question each belongs to. That they exist, are the applicant's own
    /// and of a type in [`Question::accept`] is for the caller to check.
    pub fn uploads<'a>(&'a self, answers: &'a Answers) -> Vec<(&'a Question, &'a str)> {
        let questions = self.asked(answers).into_iter().filter(|q| q.widget == Widget::Upload);
        questions.flat_map(|q| answers.list(&q.id).into_iter().map(move |id| (q, id))).collect()
    }
}

/// All forms of the city, by code.
#[derive(Debug, Default)]
pub struct Forms {
    pub(crate) forms: BTreeMap<String, Arc<Form>>,
}

impl Forms {
    pub fn get(&self, code: &str) -> Option<&Form> {
        self.forms.get(code).map(AsRef::as_ref)
    }

    /// The same to be kept beside forms that are made while running.
    pub fn shared(&self, code: &str) -> Option<Arc<Form>> {
        self.forms.get(code).cloned()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Form> {
        self.forms.values().map(AsRef::as_ref)
    }

    /// Reports a form that is not declared, where `code` stands.
    pub fn expect(&self, code: &Placed<String>, report: &mut Report) {
        if self.get(code).is_none() {
            let remedy = match nearest(code, self.forms.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write the name of a file in forms/, or add forms/{code}.toml"),
            };
            report.add(code.place(), format!("the form `{code}` is not known"), remedy);
        }
    }
}
