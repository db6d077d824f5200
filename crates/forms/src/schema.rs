//! The form as JSON Schema 2020-12: what each question's answer must be, and the whole for programs that fill it in.

use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value, json};
use songhan_base::Lang;

use crate::form::{Condition, Form, Period, Question, Widget};

/// Longest answers where the form does not say.
const LINE_MAX: u64 = 200;
const TEXT_MAX: u64 = 2_000;
/// Numbers beyond this lose digits in JavaScript, and nothing a resident counts is that large.
const NUMBER_MAX: i64 = 1_000_000_000_000;

/// The keywords a form may use for a widget: those whose mistakes can be told in a resident's words.
pub(crate) const fn keywords(widget: Widget) -> &'static [&'static str] {
    match widget {
        Widget::Text | Widget::Textarea => &["minLength", "maxLength", "pattern", "examples"],
        Widget::Number => {
            &["type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "examples"]
        }
        Widget::Checkboxes => &["minItems", "maxItems"],
        Widget::Upload => &["minItems"],
        Widget::Email | Widget::Phone | Widget::CitizenId => &["pattern", "examples"],
        _ => &[],
    }
}

/// The schema of one answer, without words.
pub(crate) fn of_answer(question: &Question) -> Map<String, Value> {
    let values = || question.options.iter().map(|option| option.value.as_str()).collect::<Vec<_>>();
    let base = match question.widget {
        Widget::Text => json!({"type": "string", "minLength": 1, "maxLength": LINE_MAX}),
        Widget::Textarea => json!({"type": "string", "minLength": 1, "maxLength": TEXT_MAX}),
        Widget::Date => json!({"type": "string", "format": "date"}),
        Widget::Radio | Widget::Select => json!({"type": "string", "enum": values()}),
        Widget::Checkboxes => json!({"type": "array", "minItems": 1, "uniqueItems": true,
            "items": {"type": "string", "enum": values()}}),
        Widget::Upload => json!({"type": "array", "minItems": 1, "maxItems": question.max_files, "uniqueItems": true,
            "items": {"type": "string", "format": "uuid"}}),
        Widget::CitizenId => json!({"type": "string", "pattern": "^[0-9]{12}$"}),
        Widget::Phone => json!({"type": "string", "pattern": r"^(0[0-9]{9,10}|\+[1-9][0-9]{6,14})$"}),
        Widget::Email => json!({"type": "string", "format": "email", "maxLength": 254}),
        Widget::Area => json!({"type": "string", "minLength": 1, "maxLength": 20}),
        Widget::Number => json!({"type": "integer", "minimum": -NUMBER_MAX, "maximum": NUMBER_MAX}),
        Widget::YesNo => json!({"type": "boolean"}),
    };
    let Value::Object(mut schema) = base else { return Map::new() };
    for (keyword, value) in &question.keywords {
        // A second pattern does not take the widget's own place.
        if keyword == "pattern" && schema.contains_key(keyword) {
            schema.insert("allOf".to_owned(), json!([{ "pattern": value }]));
        } else {
            schema.insert(keyword.clone(), value.clone());
        }
    }
    schema
}

/// Compiles a question's schema; the message of what is wrong with a keyword otherwise.
///
/// Patterns run on the engine without backtracking, so that no answer can keep it busy.
pub(crate) fn compile(question: &Question) -> Result<Validator, String> {
    build(&Value::Object(of_answer(question)))
}

pub(crate) fn build(schema: &Value) -> Result<Validator, String> {
    jsonschema::draft202012::options()
        .offline()
        .with_pattern_options(PatternOptions::regex())
        .build(schema)
        .map_err(|error| error.to_string())
}

/// Stands in for a schema that has been reported.
pub(crate) fn nothing() -> Validator {
    jsonschema::draft202012::options().build(&Value::Bool(true)).expect("`true` is a schema")
}

impl Form {
    /// The form as a JSON Schema 2020-12 object with its words in `lang`: for programs that fill it in.
    ///
    /// It describes the answers as the server keeps them; what is sent may be less tidy (blanks within a number, `yes`
    /// for `true`) and is cleaned. `x-when` repeats each condition in the form's own words.
    pub fn json_schema(&self, lang: Lang) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut conditions = Vec::new();
        for question in self.questions() {
            properties.insert(question.id.clone(), Value::Object(property(question, lang)));
            match &question.when {
                _ if !question.required => {}
                None => required.push(question.id.as_str()),
                Some(when) => conditions.push(json!({"if": self.condition(when), "then": {"required": [question.id]}})),
            }
        }
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.title.get(lang),
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
            "x-form": self.code,
            "x-version": self.version,
        });
        if !conditions.is_empty() {
            schema["allOf"] = Value::Array(conditions);
        }
        schema
    }

    /// The condition with those of the questions it hangs on, as a schema of the whole object.
    fn condition(&self, when: &Condition) -> Value {
        let one_of = json!({"enum": when.is});
        let on = self.question(&when.question);
        let fits = match on.map(|question| question.widget) {
            Some(Widget::Checkboxes) => json!({"contains": one_of}),
            _ => one_of,
        };
        let own = json!({"properties": {when.question.as_str(): fits}, "required": [when.question]});
        match on.and_then(|question| question.when.as_ref()) {
            // Conditions look upwards only, so this ends.
            Some(outer) => json!({"allOf": [self.condition(outer), own]}),
            None => own,
        }
    }
}

/// One question with its words and what JSON Schema has no keyword for.
fn property(question: &Question, lang: Lang) -> Map<String, Value> {
    let mut schema = of_answer(question);
    schema.insert("title".to_owned(), json!(question.label.get(lang)));
    if let Some(hint) = &question.hint {
        schema.insert("description".to_owned(), json!(hint.get(lang)));
    }
    schema.insert("x-widget".to_owned(), json!(question.widget.as_str()));
    if !question.options.is_empty() {
        let labels: Map<String, Value> =
            question.options.iter().map(|option| (option.value.clone(), json!(option.label.get(lang)))).collect();
        schema.insert("x-labels".to_owned(), Value::Object(labels));
    }
    if question.widget == Widget::Upload {
        schema.insert("x-accept".to_owned(), json!(question.accept));
    }
    if let Some(period) = question.period {
        let word = if period == Period::Past { "past" } else { "future" };
        schema.insert("x-period".to_owned(), json!(word));
    }
    if let Some(from) = question.from {
        schema.insert("x-from".to_owned(), json!(from.as_str()));
    }
    if let Some(when) = &question.when {
        schema.insert("x-when".to_owned(), json!({"question": when.question, "is": when.is}));
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{answers, form};

    #[test]
    fn programs_can_fill_it_in() {
        let schema = form().json_schema(Lang::En);
        assert!(jsonschema::meta::is_valid(&schema));
        insta::assert_json_snapshot!("json_schema", schema);
        let validator = build(&schema).unwrap();
        let mut filled = answers();
        assert!(validator.is_valid(&filled.to_json()));
        filled.set("kind", Some(json!("marriage")));
        assert!(!validator.is_valid(&filled.to_json()), "the condition asks for more");
        filled.set("spouse_abroad", Some(json!(true)));
        assert!(!validator.is_valid(&filled.to_json()), "and that for more still");
        filled.set("country", Some(json!("Lào")));
        assert!(validator.is_valid(&filled.to_json()));
        filled.set("kind", Some(json!("birth")));
        filled.set("country", None);
        assert!(validator.is_valid(&filled.to_json()), "a condition on a hidden question asks for nothing");
        filled.set("x", Some(json!(1)));
        assert!(!validator.is_valid(&filled.to_json()));
    }
}
