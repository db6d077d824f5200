//! Reading a page's posted form: its fields are the names that the page's components gave them.

use serde_json::{Value, json};
use songhan_base::FieldError;

use crate::form::{Form, Question, Widget};
use crate::screens::Screen;
use crate::{Answers, CheckContext, Errors};

/// The fields of a posted form, in order; a field may stand several times.
pub type Fields = [(String, String)];

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The three boxes of a date.
const PARTS: [&str; 3] = ["day", "month", "year"];

impl Question {
    /// What was typed, as it was typed: to show it again beside what is wrong with it.
    pub fn typed(&self, fields: &Fields) -> Value {
        let all = |name: &str| -> Vec<&str> {
            fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
        };
        match self.widget {
            Widget::Date => match PARTS.map(|part| field(fields, &format!("{}-{part}", self.id))) {
                // A browser without boxes, or a program, may send the date whole.
                [None, None, None] => field(fields, &self.id).map_or(Value::Null, Value::from),
                [day, month, year] => {
                    let [day, month, year] = [day, month, year].map(|part| part.unwrap_or("").trim());
                    json!({"day": day, "month": month, "year": year})
                }
            },
            widget if widget.is_list() => Value::from(all(&self.id)),
            _ => field(fields, &self.id).map_or(Value::Null, Value::from),
        }
    }
}

/// The typed value as an answer: three boxes become one date.
fn joined(typed: &Value) -> Value {
    let Some(boxes) = typed.as_object() else { return typed.clone() };
    let part = |name| boxes.get(name).and_then(Value::as_str).unwrap_or("");
    let (day, month, year) = (part("day"), part("month"), part("year"));
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return Value::Null;
    }
    // Dashes typed within a box must not be taken for those between the boxes.
    if [day, month, year].iter().any(|part| part.contains(['-', '/', '.'])) {
        return Value::from("?/?/?");
    }
    Value::from(format!("{day}/{month}/{year}"))
}

impl Form {
    /// Reads and checks one question of a posted form; `None` when it was left empty and may be.
    pub fn read_question(
        &self,
        question: &Question,
        fields: &Fields,
        cx: &CheckContext,
    ) -> Result<Option<Value>, FieldError> {
        self.check_answer(question, &joined(&question.typed(fields)), cx)
    }

    /// Reads and checks a whole screen. The answers come back with those of the screen set or taken away; everything
    /// else stays. Ids of uploads are added to those that are kept: a browser sends only the new files.
    pub fn read_screen(
        &self,
        screen: &Screen,
        fields: &Fields,
        answers: &Answers,
        cx: &CheckContext,
    ) -> Result<Answers, Errors> {
        let mut read = answers.clone();
        let mut errors = Vec::new();
        for question in &screen.questions {
            let result = if question.widget == Widget::Upload {
                let sent = fields.iter().filter(|(name, _)| *name == question.id).map(|(_, id)| id.as_str());
                let ids: Vec<&str> = answers.list(&question.id).into_iter().chain(sent).collect();
                self.check_answer(question, &Value::from(ids), cx)
            } else {
                self.read_question(question, fields, cx)
            };
            match result {
                Ok(value) => read.set(&question.id, value),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(read) } else { Err(Errors(errors)) }
    }

    /// The answers with what was typed on a screen in their place, right or wrong: to show the screen again.
    pub fn typed_screen(&self, screen: &Screen, fields: &Fields, answers: &Answers) -> Answers {
        let mut typed = answers.clone();
        for question in screen.questions.iter().filter(|question| question.widget != Widget::Upload) {
            typed.set(&question.id, Some(question.typed(fields)));
        }
        typed
    }

    /// The answers without one upload, as the button beside a file asks.
    pub fn remove_upload(&self, answers: &Answers, id: &str) -> Answers {
        let mut left = answers.clone();
        for question in self.questions().filter(|question| question.widget == Widget::Upload) {
            let ids: Vec<&str> = answers.list(&question.id).into_iter().filter(|other| *other != id).collect();
            left.set(&question.id, (!ids.is_empty()).then(|| Value::from(ids)));
        }
        left
    }
}
