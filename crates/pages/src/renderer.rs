//! The renderer: every template compiled once, one environment a language, so that a page is only filled in.

use jiff::tz::TimeZone;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, merge_maps};
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior};
use serde::Serialize;
use songhan_base::Lang;

use crate::{Frame, Texts, assets, filters};

/// Templates of the layout and the components, under the names that other templates use.
const OWN: &[(&str, &str)] = &[
    ("layout.html", include_str!("../templates/layout.html")),
    ("macros.html", include_str!("../templates/macros.html")),
    ("error.html", include_str!("../templates/error.html")),
    ("hero_art.html", include_str!("../templates/hero_art.html")),
    ("design.html", include_str!("../templates/design.html")),
];

/// A template that cannot be compiled or filled in. It is our fault or the city's, never the visitor's.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("template {name} does not compile: {detail}")]
    Compile { name: String, detail: String },
    #[error("cannot render {name}: {detail}")]
    Render { name: String, detail: String },
}

/// Finds the city's own version of a template by its name.
pub type Lookup = dyn Fn(&str) -> Option<String>;

/// Renders pages. Cheap to share: put it in an `Arc`.
pub struct Renderer {
    vi: Environment<'static>,
    en: Environment<'static>,
    texts: Texts,
}

/// Collects templates, then compiles them.
pub struct Builder<'a> {
    texts: Texts,
    zone: TimeZone,
    strict: bool,
    templates: Vec<(&'a str, &'a str)>,
    city: Option<&'a Lookup>,
    globals: Vec<(String, Value)>,
}

impl<'a> Builder<'a> {
    /// Templates of a module: `(name, source)`; a later one of the same name wins.
    #[must_use]
    pub fn templates(mut self, templates: &[(&'a str, &'a str)]) -> Self {
        self.templates.extend_from_slice(templates);
        self
    }

    /// How to look up the city's own version of a template, by its name.
    #[must_use]
    pub fn city(mut self, lookup: &'a Lookup) -> Self {
        self.city = Some(lookup);
        self
    }

    /// A value that every template sees.
    #[must_use]
    pub fn global(mut self, name: &str, value: impl Serialize) -> Self {
        self.globals.push((name.to_owned(), Value::from(Serde(value))));
        self
    }

    /// Whether printing what is not there, or a text nobody wrote, fails the page. Debug builds and tests do.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Compiles everything.
    pub fn build(self) -> Result<Renderer, RenderError> {
        let mut base = environment();
        for (name, source) in OWN.iter().copied().chain(self.templates) {
            let source = self.city.and_then(|lookup| lookup(name)).unwrap_or_else(|| source.to_owned());
            base.add_template_owned(name.to_owned(), source)
                .map_err(|error| RenderError::Compile { name: name.to_owned(), detail: chain(&error) })?;
        }
        for (name, value) in self.globals {
            base.add_global(name, value);
        }
        let language = |lang: Lang| {
            let mut env = base.clone();
            filters::register(&mut env, lang, &self.zone, &self.texts, self.strict);
            env.add_global("lang", lang.tag());
            env.add_function("assets", |entry: &str| Value::from_safe_string(assets::tags(entry)));
            let undefined = if self.strict { UndefinedBehavior::SemiStrict } else { UndefinedBehavior::Chainable };
            env.set_undefined_behavior(undefined);
            env
        };
        Ok(Renderer { vi: language(Lang::Vi), en: language(Lang::En), texts: self.texts })
    }
}

impl Renderer {
    /// Starts a renderer with the texts and the city's time zone.
    pub fn builder<'a>(texts: Texts, zone: TimeZone) -> Builder<'a> {
        Builder { texts, zone, strict: cfg!(debug_assertions), templates: Vec::new(), city: None, globals: Vec::new() }
    }

    /// One page: the fields of `data` are the template's variables, the frame is `page`.
    pub fn page(&self, template: &str, frame: &Frame, data: impl Serialize) -> Result<String, RenderError> {
        let page = minijinja::context! { page => Value::from(Serde(frame)) };
        // The last map wins: no page can replace its frame by accident.
        self.fill(frame.lang, template, merge_maps([Value::from(Serde(data)), page]))
    }

    /// A fragment without a frame: a part of a page for a live update, an e-mail.
    pub fn fragment(&self, template: &str, lang: Lang, data: impl Serialize) -> Result<String, RenderError> {
        self.fill(lang, template, Value::from(Serde(data)))
    }

    /// The page of an error: `status` and, where it says more than the standard words, a message in the page's
    /// language. Never fails: the last resort is a plain page.
    pub fn error(&self, frame: &Frame, status: u16, message: Option<&str>) -> String {
        let known = match status {
            401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 503 => status,
            400..=499 => 400,
            _ => 500,
        };
        let lang = frame.lang;
        let text = |part: &str| self.texts.get(lang, &format!("error-{known}.{part}")).into_owned();
        let (title, body) = (text("title"), message.map_or_else(|| text("body"), str::to_owned));
        let frame = Frame { title: title.clone(), ..frame.clone() };
        let data = minijinja::context! { status, title => title.clone(), body => body.clone() };
        self.page("error.html", &frame, data).unwrap_or_else(|error| {
            tracing::error!(%error, "cannot render the error page");
            let (title, body) = (minijinja::HtmlEscape(&title), minijinja::HtmlEscape(&body));
            format!("<!doctype html><html lang=\"{lang}\"><title>{title}</title><h1>{title}</h1><p>{body}</p></html>")
        })
    }

    /// The texts, for what is not a template: flash messages, e-mail subjects.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    fn fill(&self, lang: Lang, template: &str, context: Value) -> Result<String, RenderError> {
        let env = match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        };
        env.get_template(template)
            .and_then(|template| template.render(context))
            .map_err(|error| RenderError::Render { name: template.to_owned(), detail: chain(&error) })
    }
}

/// An error with its causes: MiniJinja keeps the line of an included template in the cause.
fn chain(error: &minijinja::Error) -> String {
    let mut out = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        out = format!("{out}: {cause}");
        source = cause.source();
    }
    out
}

/// An empty environment: lines that hold only a tag leave no blank line, and every template but `.txt` is HTML.
fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        env.set_syntax(syntax);
    }
    env.set_auto_escape_callback(|name| {
        let plain = name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("txt"));
        if plain { AutoEscape::None } else { AutoEscape::Html }
    });
    env.set_formatter(format_value);
    env
}

/// Prints a value: what is absent prints nothing, and text is escaped without touching `/`, which the usual escaping
/// would turn into five characters in every address.
fn format_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_none() {
        return Ok(());
    }
    match value.as_str() {
        Some(text) if !value.is_safe() && matches!(state.auto_escape(), AutoEscape::Html) => {
            let mut rest = text;
            while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
                out.write_str(&rest[..at])?;
                out.write_str(match rest.as_bytes()[at] {
                    b'&' => "&amp;",
                    b'<' => "&lt;",
                    b'>' => "&gt;",
                    b'"' => "&quot;",
                    _ => "&#39;",
                })?;
                rest = &rest[at + 1..];
            }
            Ok(out.write_str(rest)?)
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Flash, FlashKind, User};

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Ho_Chi_Minh").unwrap()
    }

    fn frame(lang: Lang) -> Frame {
        Frame {
            lang, city: "Đà Nẵng".to_owned(), path: "/a?b=1".to_owned(), csrf: "t".to_owned(), ..Frame::default()
        }
    }

    fn renderer(templates: &[(&str, &str)]) -> Renderer {
        Renderer::builder(Texts::new([]).unwrap(), zone()).templates(templates).strict(true).build().unwrap()
    }

    /// The gallery uses every component, so nothing undefined and no missing text is left in any of them.
    #[test]
    fn the_gallery_renders_in_every_language() {
        let renderer = renderer(&[]);
        for lang in Lang::ALL {
            let page = renderer.page("design.html", &frame(lang), minijinja::context! {}).unwrap();
            assert!(page.contains(&format!("<html lang=\"{lang}\">")) && page.contains("class=\"timeline\""));
            assert!(
                !page.contains(" style=") && !page.contains("<style") && !page.contains("onclick"),
                "breaks the CSP"
            );
        }
    }

    #[test]
    fn the_frame_shows_who_where_and_what_happened() {
        let renderer = renderer(&[("x.html", "{% extends 'layout.html' %}{% block main %}{{ body }}{% endblock %}")]);
        let full = Frame {
            user: Some(User { name: "Lê <Thư>".to_owned(), roles: vec!["Lãnh đạo".to_owned()] }),
            flash: Some(Flash { kind: FlashKind::Success, text: "Đã lưu".to_owned() }),
            unread: 120,
            demo: true,
            ..frame(Lang::En)
        };
        let page =
            renderer.page("x.html", &full, serde_json::json!({ "body": "<b>", "page": "not the frame" })).unwrap();
        for part in ["Lê &lt;Thư&gt;", "99+", "Simulated data", "Đã lưu", "&lt;b&gt;", "name=\"csrf\" value=\"t\""]
        {
            assert!(page.contains(part), "{part} is missing in {page}");
        }
        let anonymous = renderer.page("x.html", &frame(Lang::Vi), serde_json::json!({ "body": "" })).unwrap();
        assert!(anonymous.contains("/sign-in?next=/a%3Fb%3D1"), "{anonymous}");
    }

    #[test]
    fn every_error_has_words_in_both_languages() {
        let renderer = renderer(&[]);
        for lang in Lang::ALL {
            for status in [400, 401, 403, 404, 405, 409, 410, 413, 418, 422, 429, 500, 502, 503] {
                let page = renderer.error(&frame(lang), status, None);
                assert!(
                    page.contains("error-page") && !page.contains("error-4") && !page.contains("error-5"),
                    "{page}"
                );
            }
        }
        assert!(renderer.error(&frame(Lang::Vi), 404, Some("Không có <hồ sơ> này")).contains("&lt;hồ sơ&gt;"));
    }

    #[test]
    fn a_city_replaces_a_template() {
        let city = |name: &str| (name == "x.html").then(|| "của thành phố".to_owned());
        let builder = Renderer::builder(Texts::new([]).unwrap(), zone());
        let renderer = builder.templates(&[("x.html", "chung")]).city(&city).build().unwrap();
        assert_eq!(renderer.fragment("x.html", Lang::Vi, ()).unwrap(), "của thành phố");
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let builder = Renderer::builder(Texts::new([]).unwrap(), zone());
        let error = builder.templates(&[("x.html", "{% if %}")]).build().err().unwrap();
        assert!(error.to_string().starts_with("template x.html does not compile"), "{error}");
        let renderer = renderer(&[("x.html", "a\n{{ nobody }}"), ("y.html", "{{ t('nobody-wrote-this') }}")]);
        let error = renderer.fragment("x.html", Lang::Vi, ()).unwrap_err().to_string();
        assert!(error.contains("x.html:2"), "{error}");
        assert!(renderer.fragment("y.html", Lang::Vi, ()).is_err());
    }
}
