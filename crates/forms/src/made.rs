//! Questions made while running: what some forms ask follows from data that is in no file of the city's folder. They are
//! asked, checked and shown like declared ones.

use serde_json::Map;
use songhan_base::Text;

use crate::form::{ACCEPT, Choice, Condition, Question, Widget};
use crate::schema;

impl Question {
    /// A choice of one or more, as check boxes.
    pub fn choices(id: impl Into<String>, label: Text, options: Vec<Choice>) -> Self {
        Self::made(id.into(), label, Widget::Checkboxes, options, 0)
    }

    /// Files: PDF or photographs.
    pub fn upload(id: impl Into<String>, label: Text, max_files: usize) -> Self {
        Self::made(id.into(), label, Widget::Upload, Vec::new(), max_files)
    }

    #[must_use]
    pub fn hint(mut self, hint: Option<Text>) -> Self {
        self.hint = hint;
        self
    }

    #[must_use]
    pub const fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    /// On one screen with the questions of the same name beside it.
    #[must_use]
    pub fn screen(mut self, screen: Option<String>) -> Self {
        self.screen = screen;
        self
    }

    /// Asked only when an earlier question has that answer.
    #[must_use]
    pub fn when(mut self, when: Option<Condition>) -> Self {
        self.when = when;
        self
    }

    fn made(id: String, label: Text, widget: Widget, options: Vec<Choice>, max_files: usize) -> Self {
        let accept = if widget == Widget::Upload { ACCEPT.map(str::to_owned).to_vec() } else { Vec::new() };
        let mut question = Self {
            id,
            label,
            hint: None,
            widget,
            required: true,
            options,
            from: None,
            when: None,
            screen: None,
            accept,
            max_files,
            period: None,
            message: None,
            keywords: Map::new(),
            validator: schema::nothing(),
        };
        // Without keywords of a declaration there is nothing in it that could be wrong.
        question.validator = schema::compile(&question).expect("the schema of a widget is a schema");
        question
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use songhan_base::Lang;

    use super::*;
    use crate::sample::{UPLOAD, context};
    use crate::{Answers, Form, Section};

    #[test]
    fn made_questions_are_asked_and_checked() {
        let choice = |value: &str| Choice { value: value.to_owned(), label: value.into(), hint: None };
        let when = Condition { question: "case".to_owned(), is: vec![json!("b")] };
        let form = Form {
            code: "made".to_owned(),
            title: "Tờ khai".into(),
            signature: None,
            sections: vec![Section {
                id: "papers".to_owned(),
                title: "Giấy tờ".into(),
                intro: None,
                questions: vec![
                    Question::choices("case", "Trường hợp".into(), vec![choice("a"), choice("b")]),
                    Question::upload("deed", "Hợp đồng".into(), 2).when(Some(when)),
                    Question::upload("photo", "Ảnh".into(), 1).required(false),
                ],
            }],
            version: "1".to_owned(),
            place: songhan_city::Place::file("made"),
        };
        let check = |answers: serde_json::Value| {
            let answers: Answers = serde_json::from_value(answers).unwrap();
            let checked = form.check(&answers, &context(Lang::Vi));
            checked.map(|_| ()).map_err(|errors| errors.0.into_iter().map(|e| e.field).collect::<Vec<_>>())
        };
        assert_eq!(check(json!({ "case": ["a"] })), Ok(()));
        assert_eq!(check(json!({ "case": ["b"] })), Err(vec!["deed".to_owned()]));
        assert_eq!(check(json!({ "case": ["a", "b"], "deed": [UPLOAD] })), Ok(()));
        assert_eq!(check(json!({ "case": ["c"], "photo": ["x"] })), Err(vec!["case".to_owned(), "photo".to_owned()]));
    }
}
