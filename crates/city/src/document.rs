//! Documents: TOML front matter between `+++` lines, then Markdown, in Vietnamese (`NAME.md`) and, where someone has
//! translated it, in English (`NAME.en.md`, without front matter).

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde::de::DeserializeOwned;
use songhan_base::{Lang, Text};

use crate::{Folder, Place, Report, toml_file};

/// A declaration with guidance that people read.
#[derive(Clone, Debug)]
pub struct Document<F> {
    /// The file's name without `.md`; the address of its page.
    pub name: String,
    /// The first line of `NAME.md`.
    pub place: Place,
    pub front: F,
    pub vi: Page,
    pub en: Option<Page>,
}

/// One language of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The first `# ` heading, as plain text.
    pub title: String,
    /// What follows the title, as Markdown; headings begin at `## `. `songhan_pages::markdown` makes HTML of it.
    pub markdown: String,
}

impl<F> Document<F> {
    pub fn title(&self) -> Text {
        Text { vi: self.vi.title.clone(), en: self.en.as_ref().map(|page| page.title.clone()) }
    }

    /// The page in `lang`, or in Vietnamese where it is not translated.
    pub fn page(&self, lang: Lang) -> &Page {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => self.en.as_ref().unwrap_or(&self.vi),
        }
    }

    /// The language of what [`Document::page`] gives, for the `lang` attribute of a page that is not translated.
    pub fn page_lang(&self, lang: Lang) -> Lang {
        if self.en.is_some() { lang } else { Lang::Vi }
    }
}

impl Page {
    /// The guidance as plain text, for search and summaries.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.markdown.len());
        for event in Parser::new_ext(&self.markdown, OPTIONS) {
            match event {
                Event::Text(text) | Event::Code(text) => out.push_str(&text),
                Event::SoftBreak | Event::HardBreak => out.push(' '),
                Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell) => out.push('\n'),
                _ => {}
            }
        }
        out
    }
}

const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH);

impl Folder {
    /// Reads every document of `dir`, in the order of their names, `NAME.md` paired with `NAME.en.md`.
    ///
    /// A document whose front matter cannot be read is reported and left out. Lines in the report and in
    /// [`crate::Placed`] values are those of the file, not of the front matter.
    pub fn documents<F: DeserializeOwned>(&self, dir: &str, report: &mut Report) -> Vec<Document<F>> {
        let mut documents = Vec::new();
        for path in self.list(dir, "md") {
            let Some(name) = path[dir.len() + 1..].strip_suffix(".md") else { continue };
            if name == "README" || name == "README.en" {
                continue;
            }
            if let Some(base) = name.strip_suffix(".en") {
                if !self.contains(&format!("{dir}/{base}.md")) {
                    let remedy = format!("write {base}.md beside it; Vietnamese comes first");
                    report.add(&Place::file(path), "an English document stands alone", remedy);
                }
                continue;
            }
            documents.extend(self.document(dir, name, report));
        }
        documents
    }

    fn document<F: DeserializeOwned>(&self, dir: &str, name: &str, report: &mut Report) -> Option<Document<F>> {
        let path = format!("{dir}/{name}.md");
        let text = self.read(&path)?;
        let Some((front, body)) = split(text) else {
            report.add(
                &Place::new(path.as_str(), 1),
                "the document has no front matter",
                "begin it with a line `+++`, the keys (code, level, field, agency …) and another line `+++`",
            );
            return None;
        };
        let vi = page(&path, body, lines(text) - lines(body), report);
        // After the pages, so that all of a document's mistakes are told at once.
        let front = toml_file::parse(&path, front, 1, report);
        let en_path = format!("{dir}/{name}.en.md");
        let en = self.read(&en_path).map(|text| {
            if split(text).is_some() {
                let remedy = format!("remove it; the front matter of {name}.md counts for both languages");
                report.add(&Place::new(en_path.as_str(), 1), "the English document has front matter", remedy);
            }
            page(&en_path, text, 0, report)
        });
        Some(Document { name: name.to_owned(), place: Place::new(path, 1), front: front?, vi, en })
    }
}

fn lines(text: &str) -> u32 {
    text.matches('\n').count() as u32
}

/// The front matter and the body of a document.
fn split(text: &str) -> Option<(&str, &str)> {
    let first = text.split_inclusive('\n').next()?;
    if first.trim_end() != "+++" {
        return None;
    }
    let rest = &text[first.len()..];
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "+++" {
            return Some((&rest[..at], &rest[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

/// Takes the title off a body that starts `offset` lines below the top of its file.
fn page(path: &str, body: &str, offset: u32, report: &mut Report) -> Page {
    let mut title: Option<(String, std::ops::Range<usize>)> = None;
    for (event, range) in Parser::new_ext(body, OPTIONS).into_offset_iter() {
        match (event, &mut title) {
            (Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }), None) => title = Some((String::new(), range)),
            (Event::Text(text) | Event::Code(text), Some((title, _))) => title.push_str(&text),
            (Event::End(TagEnd::Heading(HeadingLevel::H1)), Some(_)) => break,
            _ => {}
        }
    }
    let Some((title, range)) = title.filter(|(title, _)| !title.trim().is_empty()) else {
        let remedy = "write the name of what it describes on a line that begins with `# `";
        report.add(&Place::new(path, offset + 1), "the document has no title", remedy);
        return Page { title: String::new(), markdown: body.trim().to_owned() };
    };
    if !body[..range.start].trim().is_empty() {
        report.add(&Place::new(path, offset + 1), "text stands before the title", "move it below the `# ` line");
    }
    Page { title: title.trim().to_owned(), markdown: body[range.end..].trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;
    use crate::Placed;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Front {
        code: Placed<String>,
    }

    fn read(texts: &[(&str, &str)]) -> (Vec<Document<Front>>, String) {
        let mut report = Report::default();
        let documents = Folder::from_texts(texts.iter().copied()).documents("procedures", &mut report);
        (documents, report.to_string())
    }

    #[test]
    fn pairs_languages_and_keeps_lines() {
        let (documents, report) = read(&[
            ("procedures/a.md", "+++\n# a comment\ncode = \"1.1\"\n+++\n\n# Cấp *bản sao*\n\nNộp tờ khai.\n"),
            ("procedures/a.en.md", "# A copy\n\nHand in the form.\n"),
            ("procedures/README.md", "no front matter here\n"),
        ]);
        assert_eq!(report, "");
        let [a] = &*documents else { panic!("{documents:?}") };
        assert_eq!((a.name.as_str(), a.front.code.place().to_string().as_str()), ("a", "procedures/a.md:3"));
        assert_eq!(a.title(), Text::new("Cấp bản sao", "A copy"));
        assert_eq!(a.page(Lang::En).markdown, "Hand in the form.");
        assert_eq!(a.page(Lang::Vi).text(), "Nộp tờ khai.\n");
    }

    #[test]
    fn explains_what_is_wrong() {
        let good = "+++\ncode = \"1\"\n+++\n# T\n";
        let cases = [
            (vec![("procedures/a.md", "# T\n")], "procedures/a.md:1: the document has no front matter; "),
            (vec![("procedures/a.md", "+++\nkode = 1\n+++\n# T\n")], "procedures/a.md:2: unknown key `kode`; "),
            (
                vec![("procedures/a.md", "+++\ncode = \"1\"\n+++\n\nText\n")],
                "procedures/a.md:4: the document has no title",
            ),
            (
                vec![("procedures/a.md", "+++\ncode = \"1\"\n+++\nText\n\n# T\n")],
                "procedures/a.md:4: text stands before",
            ),
            (vec![("procedures/a.en.md", "# T\n")], "procedures/a.en.md:1: an English document stands alone; "),
            (
                vec![("procedures/a.md", good), ("procedures/a.en.md", good)],
                "procedures/a.en.md:1: the English document",
            ),
        ];
        for (texts, expected) in cases {
            let (_, report) = read(&texts);
            assert!(report.starts_with(expected), "{texts:?} gave {report:?}");
        }
    }

    #[test]
    fn danangs_guidance_is_in_both_languages() {
        let mut report = Report::default();
        let documents = Folder::embedded().documents::<toml::Table>("procedures", &mut report);
        assert!(report.is_empty() && documents.len() >= 4, "{report}");
        for document in documents {
            let en = document.en.as_ref().unwrap_or_else(|| panic!("{} has no English page", document.name));
            let headings = |page: &Page| page.markdown.lines().filter(|line| line.starts_with("## ")).count();
            assert_eq!(headings(&document.vi), headings(en), "{}", document.name);
        }
    }

    #[test]
    fn text_is_what_people_read() {
        let page = Page { title: String::new(), markdown: "## Một\n\nHai *ba* [bốn](/x)\n\n- năm".to_owned() };
        assert_eq!(page.text(), "Một\nHai ba bốn\nnăm\n");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(\\+\\+\\+|[#a-z <>\\[\\]():=\"\r\n]){0,40}") {
            let (documents, _) = read(&[("procedures/a.md", &text)]);
            for document in documents {
                prop_assert!(!document.vi.title.is_empty() || document.vi.markdown.len() <= text.len());
            }
        }
    }
}
