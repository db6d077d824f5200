//! Answers to a form: a JSON object from question to value, as it travels in the API and stands in the database.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use songhan_app::{IntoProblem, Problem};
use songhan_base::FieldError;

/// Câu trả lời. What it holds is whatever was sent until [`Form::check`](crate::Form::check) has passed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object, example = json!({"full_name": "Trần Thị Lan", "copies": 2, "delivery": "post"}))]
pub struct Answers(Map<String, Value>);

impl Answers {
    /// Reads what a database column holds; anything but an object is no answers.
    pub fn parse(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    pub fn get(&self, question: &str) -> Option<&Value> {
        self.0.get(question)
    }

    /// The answer of a question that is answered by one text: text, date, choice, area, number on the card …
    pub fn text(&self, question: &str) -> Option<&str> {
        self.get(question)?.as_str()
    }

    /// The answer of a `number`.
    pub fn number(&self, question: &str) -> Option<i64> {
        self.get(question)?.as_i64()
    }

    /// The answer of a `yes_no`.
    pub fn flag(&self, question: &str) -> Option<bool> {
        self.get(question)?.as_bool()
    }

    /// The answers of `checkboxes`, the ids of an `upload`.
    pub fn list(&self, question: &str) -> Vec<&str> {
        self.get(question).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    pub fn is_answered(&self, question: &str) -> bool {
        self.0.contains_key(question)
    }

    /// Sets an answer; `None` takes it away.
    pub fn set(&mut self, question: &str, value: Option<Value>) {
        match value {
            Some(value) => drop(self.0.insert(question.to_owned(), value)),
            None => drop(self.0.shift_remove(question)),
        }
    }

    /// The same answers with those of `other` in place of theirs.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.0.extend(other.0.clone());
        all
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(question, value)| (question.as_str(), value))
    }

    pub fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

impl From<Map<String, Value>> for Answers {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Answers {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(question, value)| (question.into(), value.into())).collect())
    }
}

/// Answers that fit their form: cleaned, in the order of its questions, without those of hidden questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked(pub(crate) Answers);

impl Checked {
    pub fn into_answers(self) -> Answers {
        self.0
    }
}

impl std::ops::Deref for Checked {
    type Target = Answers;
    fn deref(&self) -> &Answers {
        &self.0
    }
}

/// Everything that is wrong with answers; never empty. `field` is the question's id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answers do not fit the form; correct the fields named")]
pub struct Errors(pub Vec<FieldError>);

impl IntoProblem for Errors {
    fn into_problem(self) -> Problem {
        Problem::invalid("answers_invalid", self.to_string(), self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_by_kind() {
        let answers: Answers =
            serde_json::from_value(json!({"a": "x", "n": 2, "y": true, "l": ["p", 1, "q"]})).unwrap();
        assert_eq!((answers.text("a"), answers.number("n"), answers.flag("y")), (Some("x"), Some(2), Some(true)));
        assert_eq!((answers.list("l"), answers.list("a"), answers.text("n")), (vec!["p", "q"], vec![], None));
        assert!(serde_json::from_value::<Answers>(json!([1])).is_err());
        assert_eq!(Answers::parse("[]"), Answers::default());
    }

    #[test]
    fn newer_answers_win() {
        let mut old: Answers = [("a", "1"), ("b", "2")].into_iter().collect();
        let new = old.with(&[("b", "3")].into_iter().collect());
        assert_eq!((new.text("a"), new.text("b")), (Some("1"), Some("3")));
        old.set("a", None);
        assert!(!old.is_answered("a") && old.len() == 1);
    }
}
