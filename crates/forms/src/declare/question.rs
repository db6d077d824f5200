//! One question of a form's file: its keys read one by one, each mistake explained where it stands.

use serde::Deserialize;
use serde_json::{Map, Value};
use songhan_base::Text;
use songhan_city::{Placed, Report, nearest};

use super::check_id;
use crate::form::{ACCEPT, Choice, Condition, Period, Question, Section, Source, Widget};
use crate::schema;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawQuestion {
    id: Placed<String>,
    label: Text,
    hint: Option<Text>,
    widget: Placed<String>,
    #[serde(default = "yes")]
    required: bool,
    #[serde(default)]
    options: Vec<RawChoice>,
    from: Option<Placed<String>>,
    when: Option<RawCondition>,
    screen: Option<Placed<String>>,
    #[serde(default)]
    accept: Vec<Placed<String>>,
    max_files: Option<Placed<i64>>,
    period: Option<Placed<String>>,
    message: Option<Text>,
    schema: Option<Placed<Map<String, Value>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChoice {
    value: Placed<String>,
    label: Text,
    hint: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCondition {
    question: Placed<String>,
    is: Placed<Vec<Value>>,
}

/// Who leaves `required` out means that the answer is needed: what is not needed should not be asked.
const fn yes() -> bool {
    true
}

/// More files than this belong into one PDF.
const FILES_MAX: i64 = 20;

/// Reads one question against those before it. What cannot be asked at all is reported and left out.
pub fn read_question(raw: RawQuestion, before: &[Section], report: &mut Report) -> Option<Question> {
    let earlier: Vec<&Question> = before.iter().flat_map(|section| &section.questions).collect();
    check_question_id(&raw, &earlier, report);
    let widget = widget(&raw.widget, report)?;
    let options = options(&raw, widget, report);
    let when = raw.when.as_ref().and_then(|when| condition(when, &raw, &earlier, report));
    let from = raw.from.as_ref().and_then(|from| source(from, widget, report));
    let period = raw.period.as_ref().and_then(|p| period(p, widget, report));
    let (accept, max_files) = files(&raw, widget, report);
    check_screen(&raw, before, report);
    let keywords = keywords(&raw, widget, report);
    let mut question = Question {
        id: raw.id.into_inner(),
        label: raw.label,
        hint: raw.hint,
        widget,
        required: raw.required,
        options,
        // A date of birth is never in the future, whether the form says so or not.
        period: period.or((from == Some(Source::DateOfBirth)).then_some(Period::Past)),
        from,
        when,
        screen: raw.screen.map(Placed::into_inner),
        accept,
        max_files,
        message: raw.message,
        keywords,
        validator: schema::nothing(),
    };
    match schema::compile(&question) {
        Ok(validator) => question.validator = validator,
        Err(error) => {
            let place = raw.schema.as_ref().map_or(raw.widget.place(), Placed::place);
            report.add(place, format!("the schema is no JSON Schema ({error})"), "correct the value of the keyword");
        }
    }
    Some(question)
}

/// The declared keywords, as far as the widget can have them.
fn keywords(raw: &RawQuestion, widget: Widget, report: &mut Report) -> Map<String, Value> {
    let Some(declared) = &raw.schema else { return Map::new() };
    let (place, known) = (declared.place(), schema::keywords(widget));
    let mut keywords = (**declared).clone();
    keywords.retain(|keyword, _| {
        let is_known = known.contains(&keyword.as_str());
        if !is_known {
            let what = format!("`{keyword}` is no JSON Schema keyword that {} can have", widget.as_str());
            let remedy = match nearest(keyword, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => "remove it".to_owned(),
                None => format!("use {}", known.join(", ")),
            };
            report.add(place, what, remedy);
        }
        is_known
    });
    if keywords.get("type").is_some_and(|kind| kind != "integer" && kind != "number") {
        report.add(place, "the type of a number is not known", "write type = \"integer\" or type = \"number\"");
        keywords.remove("type");
    }
    keywords
}

fn check_question_id(raw: &RawQuestion, earlier: &[&Question], report: &mut Report) {
    check_id(&raw.id, "question", report);
    for other in earlier {
        let clash = |date: &str, id: &str| ["day", "month", "year"].iter().any(|part| format!("{date}-{part}") == id);
        if other.id == *raw.id {
            report.add(raw.id.place(), format!("the question `{}` stands twice", raw.id), "give one another id");
        } else if clash(&other.id, &raw.id) || clash(&raw.id, &other.id) {
            let what = format!("the ids `{}` and `{}` mean the same box on a page", other.id, raw.id);
            report.add(raw.id.place(), what, "let no id end in -day, -month or -year");
        }
    }
}

fn widget(raw: &Placed<String>, report: &mut Report) -> Option<Widget> {
    let found = Widget::ALL.into_iter().find(|widget| widget.as_str() == raw.as_str());
    if found.is_none() {
        let names = Widget::ALL.map(Widget::as_str);
        let remedy = match nearest(raw, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of {}", names.join(", ")),
        };
        report.add(raw.place(), format!("the widget `{raw}` is not known"), remedy);
    }
    found
}

fn options(raw: &RawQuestion, widget: Widget, report: &mut Report) -> Vec<Choice> {
    if widget.has_options() && raw.options.is_empty() {
        let what = format!("the question `{}` has nothing to choose from", raw.id);
        report.add(raw.widget.place(), what, "add options = [{ value = \"…\", label = \"…\" }, …]");
    }
    if let (false, Some(option)) = (widget.has_options(), raw.options.first()) {
        let what = format!("a question with widget {} has no options", widget.as_str());
        report.add(option.value.place(), what, "remove them, or use radio, select or checkboxes");
    }
    for (n, option) in raw.options.iter().enumerate() {
        if option.value.is_empty() {
            report.add(
                option.value.place(),
                "the value of an option is empty",
                "write a word; it stands for the choice",
            );
        }
        if raw.options[..n].iter().any(|other| other.value == option.value) {
            let what = format!("the value `{}` stands twice among the options", option.value);
            report.add(option.value.place(), what, "give each option a value of its own");
        }
    }
    let choice = |option: &RawChoice| Choice {
        value: option.value.to_string(),
        label: option.label.clone(),
        hint: option.hint.clone(),
    };
    raw.options.iter().map(choice).collect()
}

fn condition(when: &RawCondition, raw: &RawQuestion, earlier: &[&Question], report: &mut Report) -> Option<Condition> {
    let place = when.question.place();
    let Some(on) = earlier.iter().find(|question| question.id == *when.question) else {
        let what = format!("`when` names `{}`, which is no earlier question", when.question);
        let remedy = match nearest(&when.question, earlier.iter().map(|q| q.id.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a question that stands above, or move this one below it".to_owned(),
        };
        report.add(place, what, remedy);
        return None;
    };
    if raw.screen.as_ref().is_some_and(|screen| on.screen_id() == screen.as_str()) {
        let what = format!("`when` names `{}`, which stands on the same screen", on.id);
        report.add(place, what, "give this question a screen of its own: what it hangs on must be answered before");
    }
    if matches!(on.widget, Widget::Date | Widget::Upload) {
        let what = format!("`when` names `{}`, a question with widget {}", on.id, on.widget.as_str());
        report.add(place, what, "let it hang on a question with few answers, such as radio or yes_no");
        return None;
    }
    if when.is.is_empty() {
        report.add(
            when.is.place(),
            "`is` lists no value, so the question is never asked",
            "write the answers that call for it",
        );
    }
    let mut is = Vec::new();
    for value in &*when.is {
        let value = match (on.widget, value.as_str()) {
            (Widget::YesNo, Some("yes")) => Value::Bool(true),
            (Widget::YesNo, Some("no")) => Value::Bool(false),
            _ => value.clone(),
        };
        let possible = match on.widget {
            Widget::YesNo => value.is_boolean(),
            Widget::Number => value.is_number(),
            widget if widget.has_options() => {
                on.options.iter().any(|option| Some(option.value.as_str()) == value.as_str())
            }
            _ => value.is_string(),
        };
        if possible {
            is.push(value);
            continue;
        }
        let known = on.options.iter().map(|option| option.value.as_str());
        let remedy = match value.as_str().and_then(|wrong| nearest(wrong, known.clone())) {
            Some(near) => format!("did you mean `{near}`?"),
            None if on.widget == Widget::YesNo => "write true or false".to_owned(),
            None if on.widget.has_options() => format!("write one of {}", known.collect::<Vec<_>>().join(", ")),
            None => "write a value that the question can have".to_owned(),
        };
        report.add(when.is.place(), format!("the question `{}` is never answered {value}", on.id), remedy);
    }
    Some(Condition { question: on.id.clone(), is })
}

fn source(raw: &Placed<String>, widget: Widget, report: &mut Report) -> Option<Source> {
    let names = Source::ALL.map(Source::as_str);
    let Some(source) = Source::ALL.into_iter().find(|source| source.as_str() == raw.as_str()) else {
        let remedy = match nearest(raw, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of {}", names.join(", ")),
        };
        report.add(raw.place(), format!("`from` names `{raw}`, which no account has"), remedy);
        return None;
    };
    if source.widgets().contains(&widget) {
        return Some(source);
    }
    let fitting: Vec<_> = source.widgets().iter().map(|w| format!("widget = \"{}\"", w.as_str())).collect();
    let what = format!("{raw} does not fit a question with widget {}", widget.as_str());
    report.add(raw.place(), what, format!("write {}, or remove `from`", fitting.join(" or ")));
    None
}

fn period(raw: &Placed<String>, widget: Widget, report: &mut Report) -> Option<Period> {
    if widget != Widget::Date {
        report.add(raw.place(), "`period` is for questions with widget date", "remove it");
    }
    match raw.as_str() {
        "past" => Some(Period::Past),
        "future" => Some(Period::Future),
        _ => {
            report.add(raw.place(), format!("the period `{raw}` is not known"), "write \"past\" or \"future\"");
            None
        }
    }
}

fn files(raw: &RawQuestion, widget: Widget, report: &mut Report) -> (Vec<String>, usize) {
    if widget != Widget::Upload {
        let stray = raw.accept.first().map(Placed::place).or(raw.max_files.as_ref().map(Placed::place));
        if let Some(place) = stray {
            report.add(place, "`accept` and `max_files` are for questions with widget upload", "remove them");
        }
        return (Vec::new(), 0);
    }
    for media in &raw.accept {
        if !ACCEPT.contains(&media.as_str()) {
            let what = format!("files of the type `{media}` are not taken");
            report.add(media.place(), what, format!("use {}", ACCEPT.join(", ")));
        }
    }
    let accept = if raw.accept.is_empty() {
        ACCEPT.map(str::to_owned).to_vec()
    } else {
        raw.accept.iter().map(ToString::to_string).collect()
    };
    let max_files = raw.max_files.as_ref().map_or(1, |n| {
        if !(1..=FILES_MAX).contains(&**n) {
            report.add(n.place(), format!("{n} is no number of files"), format!("write 1 to {FILES_MAX}"));
        }
        (**n).clamp(1, FILES_MAX)
    });
    (accept, max_files as usize)
}

/// Questions of one screen stand one after the other in one section, and no other screen has that name.
fn check_screen(raw: &RawQuestion, before: &[Section], report: &mut Report) {
    let (place, id) = raw.screen.as_ref().map_or((raw.id.place(), &raw.id), |screen| (screen.place(), screen));
    if raw.screen.is_some() {
        check_id(id, "screen", report);
    }
    let Some((current, closed)) = before.split_last() else { return };
    let earlier = closed.iter().flat_map(|section| &section.questions);
    let mut open = current.questions.iter().rev().peekable();
    let continued = raw.screen.is_some() && open.peek().is_some_and(|q| q.screen.as_deref() == Some(id.as_str()));
    let rest = open.skip_while(|q| continued && q.screen.as_deref() == Some(id.as_str()));
    if raw.screen.is_some() && earlier.chain(rest).any(|q| q.screen_id() == id.as_str())
        || raw.screen.is_none()
            && before.iter().flat_map(|s| &s.questions).any(|q| q.screen.as_deref() == Some(id.as_str()))
    {
        let what = format!("the screen `{id}` stands in two places");
        report.add(place, what, "put its questions one after the other in one section, or give one another name");
    }
}
