//! A screen as its template shows it: `forms/question.html` renders any question by the components of the pages.

use serde::Serialize;
use serde_json::{Map, Value};
use songhan_base::{FieldError, Lang, fold};

use crate::form::{Choice, Form, Question, Source, Widget};
use crate::screens::Screen;
use crate::{Answers, CheckContext};

/// What is known of an upload; the caller asks the documents for it.
#[derive(Clone, Debug, Serialize)]
pub struct UploadedFile {
    pub id: String,
    pub name: String,
    /// In bytes.
    pub size: i64,
    /// Where it can be looked at; may be empty.
    pub href: String,
}

/// A screen with everything its template needs.
#[derive(Clone, Debug, Serialize)]
pub struct ScreenView {
    pub id: String,
    /// Title of the section.
    pub section: String,
    /// The section's introduction, on its first screen.
    pub intro: String,
    pub questions: Vec<QuestionView>,
    /// Whether the form must be sent as `multipart/form-data`.
    pub multipart: bool,
    pub errors: Vec<FieldError>,
    /// This screen and how many there are.
    pub at: usize,
    pub of: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct QuestionView {
    pub id: String,
    pub widget: &'static str,
    pub label: String,
    pub hint: String,
    pub required: bool,
    /// Whether its label is the heading of the page.
    pub heading: bool,
    /// The answer as the component takes it.
    pub value: Value,
    pub options: Vec<OptionView>,
    pub maxlength: u64,
    pub width: &'static str,
    pub inputmode: &'static str,
    pub autocomplete: &'static str,
    pub accept: String,
    pub max_files: usize,
    pub files: Vec<UploadedFile>,
}

#[derive(Clone, Debug, Serialize)]
pub struct OptionView {
    pub value: String,
    pub label: String,
    pub hint: String,
}

impl Form {
    /// A screen as it is shown. `answers` may hold what was typed ([`Form::typed_screen`]); `files` are the uploads that
    /// the answers name.
    pub fn view_screen(
        &self,
        screen: &Screen,
        answers: &Answers,
        files: &[UploadedFile],
        errors: Vec<FieldError>,
        cx: &CheckContext,
    ) -> ScreenView {
        let alone = screen.questions.len() == 1;
        let (at, of) = self.progress(screen.id(), answers);
        let intro = screen.section.intro.as_ref().filter(|_| screen.opens_section);
        ScreenView {
            id: screen.id().to_owned(),
            section: screen.section.title.get(cx.lang).to_owned(),
            intro: intro.map(|intro| intro.get(cx.lang).to_owned()).unwrap_or_default(),
            questions: screen.questions.iter().map(|question| view(question, alone, answers, files, cx)).collect(),
            multipart: screen.questions.iter().any(|question| question.widget == Widget::Upload),
            errors,
            at,
            of,
        }
    }
}

fn view(q: &Question, heading: bool, answers: &Answers, files: &[UploadedFile], cx: &CheckContext) -> QuestionView {
    let number = |keyword: &str| q.keywords.get(keyword).and_then(Value::as_u64);
    let maxlength = match q.widget {
        Widget::Text => number("maxLength").unwrap_or(200),
        Widget::Textarea => number("maxLength").unwrap_or(2_000),
        _ => 0,
    };
    let (width, inputmode) = match q.widget {
        Widget::CitizenId => ("20", "numeric"),
        Widget::Phone => ("20", "tel"),
        Widget::Number => ("10", "numeric"),
        Widget::Text if maxlength <= 10 => ("10", ""),
        Widget::Text if maxlength <= 20 => ("20", ""),
        _ => ("", ""),
    };
    let ids = answers.list(&q.id);
    QuestionView {
        id: q.id.clone(),
        widget: q.widget.as_str(),
        label: q.label.get(cx.lang).to_owned(),
        hint: q.hint.as_ref().map(|hint| hint.get(cx.lang).to_owned()).unwrap_or_default(),
        required: q.required,
        heading,
        value: shown(q, answers.get(&q.id), cx.lang),
        options: options(q, cx),
        maxlength,
        width,
        inputmode,
        autocomplete: q.from.map_or("", Source::autocomplete),
        accept: q.accept.join(","),
        max_files: q.max_files,
        files: files.iter().filter(|file| ids.contains(&file.id.as_str())).cloned().collect(),
    }
}

/// The answer as the component takes it.
fn shown(question: &Question, value: Option<&Value>, lang: Lang) -> Value {
    match (question.widget, value) {
        (Widget::Checkboxes, None | Some(Value::Null)) => Value::Array(Vec::new()),
        (_, None | Some(Value::Null)) => Value::from(""),
        (Widget::YesNo, Some(Value::Bool(yes))) => Value::from(if *yes { "yes" } else { "no" }),
        (Widget::Number, Some(Value::Number(number))) if lang == Lang::Vi => {
            Value::from(number.to_string().replace('.', ","))
        }
        (Widget::Date, Some(Value::Object(boxes))) => Value::Object(boxes_of(boxes)),
        (_, Some(value)) => value.clone(),
    }
}

/// Only the boxes that the component has, whatever was kept.
fn boxes_of(typed: &Map<String, Value>) -> Map<String, Value> {
    ["day", "month", "year"]
        .into_iter()
        .map(|part| (part.to_owned(), typed.get(part).cloned().unwrap_or_else(|| Value::from(""))))
        .collect()
}

fn options(question: &Question, cx: &CheckContext) -> Vec<OptionView> {
    if question.widget == Widget::Area {
        let mut areas: Vec<_> = cx.areas.communes(cx.today);
        areas.sort_by_cached_key(|area| {
            fold(if cx.lang == Lang::Vi { area.bare_name() } else { area.name.get(cx.lang) })
        });
        let option = |area: &&songhan_city::Area| OptionView {
            value: area.code.clone(),
            label: area.name.get(cx.lang).to_owned(),
            hint: String::new(),
        };
        return areas.iter().map(option).collect();
    }
    let option = |choice: &Choice| OptionView {
        value: choice.value.clone(),
        label: choice.label.get(cx.lang).to_owned(),
        hint: choice.hint.as_ref().map(|hint| hint.get(cx.lang).to_owned()).unwrap_or_default(),
    };
    question.options.iter().map(option).collect()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;
    use songhan_city::{Declaration, Folder, Report};
    use songhan_pages::{Frame, Renderer};

    use super::*;
    use crate::sample::{TEXTS, UPLOAD, answers, context, form};
    use crate::{Answers, Forms, SummaryRow, SummarySection};

    const PAGE: &str = r#"{% import "forms/question.html" as forms %}{% import "forms/summary.html" as answers %}
{% if screen is defined %}{{ forms.screen(screen) }}{% endif %}
{% if sections is defined %}{{ answers.sections(sections) }}{% endif %}"#;

    fn render(lang: Lang, name: &str, data: impl Serialize) -> String {
        let templates = [crate::module().templates, &[("test.html", PAGE)]].concat();
        let renderer =
            Renderer::builder(TEXTS.clone(), TimeZone::UTC).templates(&templates).strict(true).build().unwrap();
        let data = serde_json::Map::from_iter([(name.to_owned(), serde_json::to_value(data).unwrap())]);
        let page = renderer.page("test.html", &Frame { lang, ..Frame::default() }, data).unwrap();
        // Whether a slash is escaped is the renderer's business.
        page.replace("&#x2f;", "/")
    }

    fn files() -> Vec<UploadedFile> {
        vec![UploadedFile { id: UPLOAD.into(), name: "sổ hộ khẩu.pdf".into(), size: 20_480, href: String::new() }]
    }

    #[test]
    fn every_question_renders_by_the_components() {
        let mut given = answers();
        given.set("kind", Some(json!("marriage")));
        given.set("spouse_abroad", Some(json!(true)));
        given.set("uses", Some(json!(["other"])));
        given.set("papers", Some(json!([UPLOAD])));
        let cx = context(Lang::Vi);
        let mut pages = String::new();
        for screen in form().screens(&given) {
            let error = FieldError::new(screen.questions[0].id.clone(), "required", "Hãy sửa");
            let view = form().view_screen(&screen, &given, &files(), vec![error], &cx);
            let page = render(Lang::Vi, "screen", view);
            assert_eq!(page.matches("<h1").count(), 1, "{page}");
            assert!(page.contains("Hãy sửa") && page.contains("field-error"), "{page}");
            assert!(page.contains(&format!("href=\"#f-{}\"", screen.questions[0].id)), "{page}");
            pages.push_str(&page);
        }
        for expected in [
            "value=\"Trần Thị Lan\"",
            "name=\"born-day\"",
            "value=\"1990\"",
            "autocomplete=\"bday-day\"",
            "inputmode=\"tel\"",
            "value=\"20242\" selected",
            "value=\"marriage\" checked",
            "value=\"yes\" checked",
            "Ghi tên cả hai người",
            "sổ hộ khẩu.pdf",
            "accept=\"application/pdf\"",
            "Thông tin lấy từ tài khoản của bạn.",
            "(không bắt buộc)",
        ] {
            assert!(pages.contains(expected), "{expected} is missing in {pages}");
        }
        assert_eq!(pages.matches("Thông tin lấy từ tài khoản của bạn.").count(), 1);
    }

    #[test]
    fn what_was_typed_is_shown_again_and_escaped() {
        let typed: Answers = serde_json::from_value(json!({
            "full_name": "<b>\"", "born": {"day": "3x", "month": "", "year": "19"},
        }))
        .unwrap();
        let screen = form().screen("applicant", &typed).unwrap();
        let page = render(Lang::En, "screen", form().view_screen(&screen, &typed, &[], Vec::new(), &context(Lang::En)));
        assert!(page.contains("&lt;b&gt;&quot;") && page.contains("value=\"3x\"") && !page.contains("<b>"), "{page}");
        assert!(page.contains("Date of birth") && page.contains("Taken from your account."), "{page}");
    }

    #[test]
    fn every_screen_of_the_citys_forms_can_be_shown() {
        let forms = Forms::load(&Folder::embedded(), &mut Report::default());
        for form in forms.iter() {
            for lang in Lang::ALL {
                let screens = form.screens(&Answers::default());
                assert!(!screens.is_empty());
                for screen in screens {
                    let view = form.view_screen(&screen, &Answers::default(), &[], Vec::new(), &context(lang));
                    assert_eq!(render(lang, "screen", view).matches("<h1").count(), 1, "{} {}", form.code, screen.id());
                }
            }
        }
    }

    #[test]
    fn areas_are_those_of_today_by_name() {
        let screen = form().screen("area", &answers()).unwrap();
        let view = form().view_screen(&screen, &Answers::default(), &[], Vec::new(), &context(Lang::En));
        let options: Vec<_> = view.questions[0].options.iter().map(|option| option.label.as_str()).collect();
        assert_eq!(options, ["Hai Chau Ward", "Hai Van Ward"]);
    }

    #[test]
    fn the_summary_speaks_in_words() {
        let mut given = answers();
        given.set("uses", Some(json!(["school", "work"])));
        given.set("copies", Some(json!(20_000)));
        given.set("papers", Some(json!([UPLOAD])));
        given.set("country", Some(json!("hidden")));
        let sections = |lang| -> Vec<SummarySection> {
            form().summary(&given, &files(), &context(lang), |screen| Some(format!("/apply/{screen}")))
        };
        let lines = |lang| -> String {
            let rows = sections(lang).into_iter().flat_map(|section| section.rows);
            let line =
                |row: SummaryRow| format!("{}: {} ({})", row.label, row.value.line(), row.href.unwrap_or_default());
            rows.map(line).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!("summary_vi", lines(Lang::Vi));
        insta::assert_snapshot!("summary_en", lines(Lang::En));
        let page = render(Lang::Vi, "sections", sections(Lang::Vi));
        assert!(page.contains("<dt>Họ và tên</dt>") && page.contains("href=\"/apply/applicant\""), "{page}");
        assert!(page.contains("<li>sổ hộ khẩu.pdf</li>") && page.contains("Chưa khai"), "{page}");
        let silent = form().summary(&given, &[], &context(Lang::Vi), |_| None);
        assert!(!render(Lang::Vi, "sections", silent).contains("href="));
    }
}
