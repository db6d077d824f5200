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
    // The boxes have names, so nothing is guessed: a dash typed within one is not one between them, and a year has
    // four digits where it stands.
    if [day, month, year].iter().any(|part| part.contains(['-', '/', '.'])) || !matches!(year.len(), 0 | 4) {
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

#[cfg(test)]
mod tests {
    use songhan_base::Lang;

    use super::*;
    use crate::sample::{UPLOAD, answers, context, form};

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn three_boxes_make_a_date() {
        let born = form().question("born").unwrap();
        let read = |day: &str, month: &str, year: &str| {
            let fields = fields(&[("born-day", day), ("born-month", month), ("born-year", year)]);
            form().read_question(born, &fields, &context(Lang::Vi)).map_err(|error| error.code)
        };
        assert_eq!(read("8", " 2", "1990"), Ok(Some(json!("1990-02-08"))));
        assert_eq!(read("", "", ""), Err("required"));
        assert_eq!(read("8", "", "1990"), Err("date_incomplete"));
        assert_eq!(read("30", "2", "1990"), Err("date"));
        assert_eq!(read("8/2", "2", "1990"), Err("date"));
        assert_eq!(read("1990", "2", "8"), Err("date"), "nothing is guessed");
        assert_eq!(read("22", "11", "2026"), Err("date_future"));
        let whole = form().read_question(born, &fields(&[("born", "1990-02-08")]), &context(Lang::Vi));
        assert_eq!(whole, Ok(Some(json!("1990-02-08"))));
    }

    #[test]
    fn a_screen_is_read_whole_and_shown_again_as_typed() {
        let given = answers();
        let screen = form().screen("applicant", &given).unwrap();
        let sent = fields(&[
            ("csrf", "x"),
            ("full_name", " Lê  An "),
            ("born-day", "31"),
            ("born-month", "2"),
            ("born-year", "1990"),
        ]);
        let errors = form().read_screen(&screen, &sent, &given, &context(Lang::Vi)).unwrap_err().0;
        assert_eq!(errors.iter().map(|e| (e.field.as_str(), e.code)).collect::<Vec<_>>(), [("born", "date")]);
        let typed = form().typed_screen(&screen, &sent, &given);
        assert_eq!(typed.get("born"), Some(&json!({"day": "31", "month": "2", "year": "1990"})));
        assert_eq!(typed.text("full_name"), Some(" Lê  An "));

        let sent = fields(&[("full_name", " Lê  An "), ("born-day", "28"), ("born-month", "2"), ("born-year", "1990")]);
        let read = form().read_screen(&screen, &sent, &given, &context(Lang::Vi)).unwrap();
        assert_eq!((read.text("full_name"), read.text("citizen_id")), (Some("Lê An"), given.text("citizen_id")));
    }

    #[test]
    fn lists_and_files() {
        let cx = context(Lang::Vi);
        let mut given = answers();
        let screen = form().screen("uses", &given).unwrap();
        given = form().read_screen(&screen, &fields(&[("uses", "work"), ("uses", "school")]), &given, &cx).unwrap();
        assert_eq!(given.list("uses"), ["school", "work"]);
        given = form().read_screen(&screen, &[], &given, &cx).unwrap();
        assert!(!given.is_answered("uses"), "nothing ticked is an answer taken away");

        let other = UPLOAD.replace('1', "2");
        let screen = form().screen("papers", &given).unwrap();
        given = form().read_screen(&screen, &fields(&[("papers", UPLOAD)]), &given, &cx).unwrap();
        given = form().read_screen(&screen, &[], &given, &cx).unwrap();
        given = form().read_screen(&screen, &fields(&[("papers", &other)]), &given, &cx).unwrap();
        assert_eq!(given.list("papers"), [UPLOAD, &other]);
        let more = fields(&[("papers", &UPLOAD.replace('1', "3"))]);
        assert_eq!(form().read_screen(&screen, &more, &given, &cx).unwrap_err().0[0].code, "too_many");
        let uploads: Vec<_> = form().uploads(&given).into_iter().map(|(q, id)| (q.id.clone(), id.to_owned())).collect();
        assert_eq!(uploads, [("papers".to_owned(), UPLOAD.to_owned()), ("papers".to_owned(), other.clone())]);
        given = form().remove_upload(&form().remove_upload(&given, UPLOAD), &other);
        assert!(!given.is_answered("papers"));
    }
}
