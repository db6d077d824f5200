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
            _ => self.words(
                &format!("forms-wrong-{}", key(question, wrong)),
                question.label.get(self.lang),
                &wrong.limit,
            ),
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
    pub fn check_answer(
        &self,
        question: &Question,
        value: &Value,
        cx: &CheckContext,
    ) -> Result<Option<Value>, FieldError> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;
    use crate::sample::{UPLOAD, answers, context, form};

    fn check(answers: &Answers) -> Result<Value, Vec<(String, &'static str)>> {
        form()
            .check(answers, &context(Lang::Vi))
            .map(|checked| checked.to_json())
            .map_err(|errors| errors.0.into_iter().map(|error| (error.field, error.code)).collect())
    }

    fn with(changes: Value) -> Answers {
        answers().with(&serde_json::from_value(changes).unwrap())
    }

    #[test]
    fn cleans_what_people_send() {
        let untidy = with(json!({
            "full_name": "  Trần   Thị\tLan ", "born": "28/02/1990", "citizen_id": "048 190 001 234", "copies": "02",
            "phone": "+84 905.123.456", "email": "lan@EXAMPLE.vn", "uses": ["work", "school", "work"],
            "papers": UPLOAD.to_uppercase(), "old_number": "", "return_by": null,
        }));
        let expected = with(json!({"email": "lan@example.vn", "uses": ["school", "work"], "papers": [UPLOAD]}));
        let checked = form().check(&untidy, &context(Lang::Vi)).unwrap().into_answers();
        assert_eq!(checked, expected);
        let order: Vec<_> = checked.iter().map(|(name, _)| name).collect();
        assert_eq!(order[..3], ["full_name", "born", "citizen_id"], "in the order of the questions");
    }

    #[test]
    fn hidden_answers_are_dropped_and_what_hangs_on_them() {
        let all = json!({"spouse_abroad": true, "country": "Lào"});
        assert_eq!(check(&with(all.clone())).unwrap(), answers().to_json());
        let mut married = with(all);
        married.set("kind", Some(json!("marriage")));
        assert_eq!(check(&married).unwrap()["country"], "Lào");
        married.set("spouse_abroad", None);
        assert_eq!(check(&married), Err(vec![("spouse_abroad".into(), "required")]));
        assert_eq!(check(&with(json!({"uses": ["other"]}))), Err(vec![("other_use".into(), "required")]));
    }

    #[test]
    fn all_mistakes_at_once_in_both_languages() {
        let wrong = with(json!({
            "full_name": "x".repeat(61), "born": "2027-01-01", "citizen_id": "12", "phone": "1", "email": "x",
            "area": "20200", "kind": "death", "copies": 0, "old_number": "abc", "return_by": "2026-11-20",
            "papers": ["x"], "uses": ["school", "work", "other"], "register": "c", "extra": 1,
        }));
        let expected = [
            ("full_name", "too_long"),
            ("born", "date_future"),
            ("citizen_id", "citizen_id"),
            ("phone", "phone"),
            ("email", "email"),
            ("area", "area"),
            ("kind", "choice"),
            ("uses", "too_many"),
            ("copies", "minimum"),
            ("old_number", "pattern"),
            ("return_by", "date_past"),
            ("register", "choice"),
            ("papers", "upload"),
            ("extra", "unknown"),
        ];
        assert_eq!(check(&wrong), Err(expected.map(|(field, code)| (field.to_owned(), code)).to_vec()));
        let told = |lang| -> String {
            let errors = form().check(&wrong, &context(lang)).unwrap_err().0;
            errors.into_iter().flat_map(|error| [error.message, "\n".to_owned()]).collect()
        };
        insta::assert_snapshot!("messages_vi", told(Lang::Vi));
        insta::assert_snapshot!("messages_en", told(Lang::En));
    }

    #[test]
    fn every_code_has_words_in_both_languages() {
        assert_eq!(crate::sample::TEXTS.check(), Vec::<String>::new());
        let nothing = form().check(&Answers::default(), &context(Lang::Vi)).unwrap_err().0;
        for error in nothing {
            assert!(error.message.starts_with("Hãy "), "{error:?}");
        }
        let question = form().question("papers").unwrap();
        for code in [
            "required",
            "type",
            "choice",
            "pattern",
            "too_long",
            "too_short",
            "too_many",
            "too_few",
            "number",
            "whole",
            "maximum",
            "minimum",
            "below",
            "above",
            "multiple",
            "date",
            "date_incomplete",
            "date_future",
            "date_past",
            "citizen_id",
            "citizen_id_province",
            "citizen_id_year",
            "phone",
            "email",
            "area",
            "upload",
        ] {
            let told = context(Lang::En).tell(question, &Wrong::new(code));
            assert!(!told.message.starts_with("forms-"), "{told:?}");
        }
    }

    #[test]
    fn parts_may_be_missing_but_not_wrong() {
        let part: Answers = [("kind", "birth")].into_iter().collect();
        assert_eq!(form().check_part(&part, &context(Lang::Vi)).unwrap().into_answers(), part);
        let wrong: Answers = [("kind", "x")].into_iter().collect();
        assert!(form().check_part(&wrong, &context(Lang::Vi)).is_err());
    }

    #[test]
    fn old_answers_keep_what_fits() {
        let old = with(json!({"area": "20200", "gone": "x", "spouse_abroad": true}));
        let fitting = form().fitting(&old, &context(Lang::Vi));
        let mut expected = answers();
        expected.set("area", None);
        assert_eq!((fitting.answers, fitting.dropped, fitting.gone), (expected, vec!["area".to_owned()], 1));
    }

    /// JSON of any shape, of the form's fields more often than not.
    fn any_answers() -> impl Strategy<Value = Answers> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
            "[0-9./ +-]{0,14}".prop_map(Value::from),
            prop::sample::select(vec![
                "birth",
                "marriage",
                "yes",
                "no",
                "other",
                "school",
                "2000-02-29",
                "20242",
                "a@b.vn",
                UPLOAD
            ])
            .prop_map(Value::from),
        ];
        let value = leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map("\\PC{0,5}", inner, 0..3)
                    .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
            ]
        });
        let names: Vec<String> = form().questions().map(|question| question.id.clone()).collect();
        let name = prop_oneof![9 => prop::sample::select(names), 1 => "\\PC{0,5}"];
        let sprinkled = prop::collection::hash_map(name, value, 0..10);
        (sprinkled, any::<bool>()).prop_map(|(map, on_top)| {
            let wild: Answers = map.into_iter().collect();
            if on_top { answers().with(&wild) } else { wild }
        })
    }

    proptest! {
        #[test]
        fn checking_never_panics_and_twice_is_once(wild in any_answers()) {
            let cx = context(Lang::Vi);
            for result in [form().check(&wild, &cx), form().check_part(&wild, &cx)] {
                let Ok(checked) = result else { continue };
                prop_assert_eq!(form().check_part(&checked, &cx), Ok(checked.clone()));
                prop_assert_eq!(&form().fitting(&checked, &cx).answers, &*checked);
                let asked: Vec<_> = form().asked(&checked).iter().map(|question| question.id.as_str()).collect();
                for (name, _) in checked.iter() {
                    prop_assert!(asked.contains(&name), "{} is hidden", name);
                }
            }
            if let Ok(checked) = form().check(&wild, &cx) {
                prop_assert_eq!(form().check(&checked, &cx), Ok(checked.clone()));
                let schema = crate::schema::build(&form().json_schema(Lang::Vi)).unwrap();
                prop_assert!(schema.is_valid(&checked.to_json()), "{:?}", checked);
            }
        }

        #[test]
        fn what_is_kept_of_old_answers_fits(wild in any_answers()) {
            let cx = context(Lang::Vi);
            let kept = form().fitting(&wild, &cx).answers;
            prop_assert_eq!(form().check_part(&kept, &cx).map(Checked::into_answers), Ok(kept));
        }

        #[test]
        fn any_screen_can_be_shown(wild in any_answers()) {
            let cx = context(Lang::En);
            for screen in form().screens(&wild) {
                let view = form().view_screen(&screen, &wild, &[], Vec::new(), &cx);
                prop_assert_eq!(view.questions.len(), screen.questions.len());
            }
            form().summary(&wild, &[], &cx, |_| None);
        }
    }
}
