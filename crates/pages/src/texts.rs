//! Texts of the pages in every language, from Fluent sources that modules register.
//!
//! What needs no argument is formatted once at start, so that a page costs a look-up a text and no parsing.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource};
use songhan_base::Lang;
use unic_langid::langid;

/// A source of texts that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    #[error("language \"{0}\" is not one of the city's; use vi or en")]
    Language(String),
    #[error("texts in {lang} do not parse: {detail}")]
    Syntax { lang: Lang, detail: String },
}

/// All texts, ready to use from every thread.
#[derive(Clone)]
pub struct Texts {
    inner: Arc<Inner>,
}

struct Inner {
    vi: Language,
    en: Language,
}

struct Language {
    bundle: FluentBundle<FluentResource>,
    /// Every key, `message` or `message.attribute`.
    keys: BTreeSet<String>,
    /// Keys without arguments, formatted.
    fixed: HashMap<String, Arc<str>>,
}

impl Texts {
    /// Reads `(language tag, Fluent source)` pairs; later ones win, so that a city may reword a text.
    /// The texts of the layout and the components come first by themselves.
    pub fn new<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, TextsError> {
        let own = [("vi", include_str!("../locales/vi.ftl")), ("en", include_str!("../locales/en.ftl"))];
        let (mut vi, mut en) = (Language::new(Lang::Vi), Language::new(Lang::En));
        for (tag, source) in own.into_iter().chain(sources) {
            match Lang::from_tag(tag).ok_or_else(|| TextsError::Language(tag.to_owned()))? {
                Lang::Vi => vi.add(Lang::Vi, source)?,
                Lang::En => en.add(Lang::En, source)?,
            }
        }
        vi.fix();
        en.fix();
        Ok(Self { inner: Arc::new(Inner { vi, en }) })
    }

    /// The text of `key` (`message` or `message.attribute`): in `lang`, else in Vietnamese, else nothing.
    pub fn find(&self, lang: Lang, key: &str, args: Option<&FluentArgs>) -> Option<Cow<'_, str>> {
        let language = self.language(lang);
        language.format(key, args).or_else(|| (lang != Lang::Vi).then(|| self.inner.vi.format(key, args))?)
    }

    /// The text of `key`; a key that nobody defined shows as itself, so that a missing text is seen and harms nothing.
    pub fn get<'a>(&'a self, lang: Lang, key: &'a str) -> Cow<'a, str> {
        self.find(lang, key, None).unwrap_or(Cow::Borrowed(key))
    }

    /// The text of `key` with named arguments.
    pub fn format<'a>(&'a self, lang: Lang, key: &'a str, args: &[(&'static str, &str)]) -> Cow<'a, str> {
        let args: FluentArgs = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.find(lang, key, Some(&args)).unwrap_or(Cow::Borrowed(key))
    }

    /// The formatted text of a key that takes no arguments, shared.
    pub(crate) fn fixed(&self, lang: Lang, key: &str) -> Option<&Arc<str>> {
        self.language(lang).fixed.get(key)
    }

    /// Keys that stand in one language only, as messages for a test or for `songhan check`.
    pub fn check(&self) -> Vec<String> {
        let (vi, en) = (&self.inner.vi.keys, &self.inner.en.keys);
        let missing = |from: &BTreeSet<String>, to: &BTreeSet<String>, lang: Lang| -> Vec<String> {
            from.difference(to).map(|key| format!("text \"{key}\" is missing in {lang}; add it")).collect()
        };
        [missing(vi, en, Lang::En), missing(en, vi, Lang::Vi)].concat()
    }

    fn language(&self, lang: Lang) -> &Language {
        match lang {
            Lang::Vi => &self.inner.vi,
            Lang::En => &self.inner.en,
        }
    }
}

impl Language {
    fn new(lang: Lang) -> Self {
        let tag = match lang {
            Lang::Vi => langid!("vi"),
            Lang::En => langid!("en"),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolation marks are for mixed directions; here they would only end up in copied text.
        bundle.set_use_isolating(false);
        Self { bundle, keys: BTreeSet::new(), fixed: HashMap::new() }
    }

    fn add(&mut self, lang: Lang, source: &str) -> Result<(), TextsError> {
        let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| TextsError::Syntax {
            lang,
            detail: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        })?;
        // Fluent offers no list of a bundle's messages: an entry line starts at column 0, an attribute with `.name =`.
        let mut message = String::new();
        for line in resource.source().lines() {
            let Some((head, _)) = line.split_once('=') else { continue };
            let name = head.trim();
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                name.clone_into(&mut message);
                self.keys.insert(message.clone());
            } else if let Some(attribute) = name.strip_prefix('.') {
                self.keys.insert(format!("{message}.{attribute}"));
            }
        }
        self.bundle.add_resource_overriding(resource);
        // A message of attributes only has no text of its own.
        let bundle = &self.bundle;
        self.keys.retain(|key| format(bundle, key, None).is_some());
        Ok(())
    }

    fn fix(&mut self) {
        for key in &self.keys {
            if let Some((text, errors)) = format(&self.bundle, key, None)
                && errors.is_empty()
            {
                self.fixed.insert(key.clone(), Arc::from(text));
            }
        }
    }

    fn format<'a>(&'a self, key: &str, args: Option<&FluentArgs>) -> Option<Cow<'a, str>> {
        if let Some(text) = self.fixed.get(key) {
            return Some(Cow::Borrowed(text));
        }
        let (text, errors) = format(&self.bundle, key, args)?;
        if !errors.is_empty() {
            tracing::warn!(key, ?errors, "a text lacks an argument");
        }
        Some(Cow::Owned(text))
    }
}

/// Formats one key; `None` when the bundle has no such text, with what went wrong inside it otherwise.
fn format(
    bundle: &FluentBundle<FluentResource>,
    key: &str,
    args: Option<&FluentArgs>,
) -> Option<(String, Vec<FluentError>)> {
    let pattern = match key.split_once('.') {
        None => bundle.get_message(key)?.value()?,
        Some((message, attribute)) => bundle.get_message(message)?.get_attribute(attribute)?.value(),
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
    Some((text, errors))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Texts {
        let vi = "hello = Xin chào { $name }\nonly-vi = Chỉ có tiếng Việt\nbox = Hộp\n    .hint = Gợi ý\n";
        let en = "hello = Hello { $name }\nbox = Box\n    .hint = Hint\n";
        Texts::new([("vi", vi), ("en", en)]).unwrap()
    }

    #[test]
    fn formats_and_falls_back() {
        let texts = texts();
        assert_eq!(texts.format(Lang::En, "hello", &[("name", "Lan")]), "Hello Lan");
        assert_eq!(texts.get(Lang::En, "only-vi"), "Chỉ có tiếng Việt");
        assert_eq!(texts.get(Lang::Vi, "box.hint"), "Gợi ý");
        assert_eq!(texts.get(Lang::En, "nobody-wrote-this"), "nobody-wrote-this");
        assert_eq!(texts.check(), ["text \"only-vi\" is missing in en; add it"]);
    }

    #[test]
    fn a_later_source_rewords() {
        let texts = Texts::new([("vi", "box = Hộp"), ("vi", "box = Thùng")]).unwrap();
        assert_eq!(texts.get(Lang::Vi, "box"), "Thùng");
    }

    #[test]
    fn own_texts_stand_in_both_languages() {
        assert_eq!(Texts::new([]).unwrap().check(), Vec::<String>::new());
    }

    #[test]
    fn refuses_what_does_not_parse() {
        assert!(Texts::new([("vi", "= nothing")]).is_err());
        assert!(Texts::new([("fr", "a = b")]).is_err());
    }
}
