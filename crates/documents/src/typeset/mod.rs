//! Typesetting (dàn trang): a template and data become a PDF/A that lasts, the same bytes every time.
//!
//! Templates are typst sources that the city may replace; what people typed reaches them only as data in
//! `sys.inputs.data` and is never evaluated. A template tells where signatures belong by anchors
//! (`anchor(name, width, height)` of `/official.typ`), so that a changed layout needs no change of code.

mod input;
mod world;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use typst::foundations::{Bytes, Datetime, Dict, Label, Repr as _, Selector, Smart, Str, Value as Input};
use typst::introspection::{Introspector as _, MetadataElem};
use typst::utils::PicoStr;
use typst::{World as _, WorldExt as _};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

pub use input::printable;

use crate::qr;

/// Templates that come with the software, by name.
const EMBEDDED: [(&str, &str); 15] = [
    ("receipt", include_str!("../../templates/receipt.typ")),
    ("supplement-request", include_str!("../../templates/supplement-request.typ")),
    ("refusal", include_str!("../../templates/refusal.typ")),
    ("apology", include_str!("../../templates/apology.typ")),
    ("process-sheet", include_str!("../../templates/process-sheet.typ")),
    ("tracking-book", include_str!("../../templates/tracking-book.typ")),
    ("certified-copy", include_str!("../../templates/certified-copy.typ")),
    ("decision", include_str!("../../templates/decision.typ")),
    ("payment-receipt", include_str!("../../templates/payment-receipt.typ")),
    ("application", include_str!("../../templates/application.typ")),
    ("archive-list", include_str!("../../templates/archive-list.typ")),
    ("scan", include_str!("../../templates/scan.typ")),
    ("copy-stamp", include_str!("../../templates/copy-stamp.typ")),
    ("seal", include_str!("../../templates/seal.typ")),
    ("signature", include_str!("../../templates/signature.typ")),
];

/// Generations of typst's cache to keep: enough that fonts and the common library stay warm.
const CACHE_AGE_MAX: usize = 10;

/// A typeset paper.
#[derive(Debug, Clone)]
pub struct Pdf {
    /// The file: PDF/A-2u, tagged.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// Places the template keeps for signers.
    pub anchors: Vec<Anchor>,
}

impl Pdf {
    /// The first place of this name, if the template keeps one.
    pub fn anchor(&self, name: &str) -> Option<&Anchor> {
        self.anchors.iter().find(|anchor| anchor.name == name)
    }
}

/// A place on a page that a signer fills.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Anchor {
    /// Who fills it: `signature` (a leader) or `seal` (the organisation).
    pub name: String,
    /// Page, from 1.
    pub page: u32,
    /// Left, bottom, right, top in points from the page's lower left corner.
    pub rect: [f32; 4],
}

/// Why a paper could not be set.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// A field holds a character that the embedded fonts lack.
    #[error(
        "could not print `{field}`: the character {character:?} is in none of the fonts of official papers, remove it"
    )]
    Unprintable {
        /// Where in the data, such as `applicant.name` or `papers[2]`.
        field: String,
        /// The first such character.
        character: char,
    },
    /// All texts together are too long.
    #[error("could not set the paper: its texts are longer than {bytes_max} bytes, shorten them")]
    TooMuchText {
        /// The limit.
        bytes_max: usize,
    },
    /// The address of the QR code is too long.
    #[error(transparent)]
    Qr(#[from] qr::TooLong),
    /// No template of this name, neither of the city nor embedded.
    #[error(
        "could not find the template `{0}`: add {0}.typ to the city's templates or name one of those that come with the software"
    )]
    UnknownTemplate(String),
    /// The template has a mistake or wants data that is not there.
    #[error("could not set the template{}: {message}", line.map(|l| format!(" (line {l})")).unwrap_or_default())]
    Template {
        /// What typst says.
        message: String,
        /// Line in the template, where known.
        line: Option<usize>,
    },
}

/// The lookup of a city's own templates: name → typst source.
type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Sets papers from named templates; make one and share it.
pub struct Typesetter {
    own: Box<Lookup>,
}

impl Default for Typesetter {
    fn default() -> Self {
        Self::new()
    }
}

impl Typesetter {
    /// With the embedded templates only.
    pub fn new() -> Self {
        Self::with_templates(|_| None)
    }

    /// A template that `own` returns goes before the embedded one of that name.
    pub fn with_templates(own: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { own: Box::new(own) }
    }

    fn source(&self, template: &str) -> Option<String> {
        (self.own)(template)
            .or_else(|| EMBEDDED.iter().find(|(name, _)| *name == template).map(|(_, source)| (*source).to_owned()))
    }

    /// Sets a paper from the template of this name. CPU-bound, some 10 ms: call it off the async threads.
    ///
    /// `data` is a JSON object; a string at its key `qr` also reaches the template as a QR code.
    pub fn set(&self, template: &str, data: &Value) -> Result<Pdf, TypesetError> {
        let source = self.source(template).ok_or_else(|| TypesetError::UnknownTemplate(template.to_owned()))?;
        typeset(&source, data)
    }

    /// The same with a picture (JPEG or PNG), which reaches the template as `sys.inputs.picture`.
    pub fn picture(&self, template: &str, data: &Value, picture: Vec<u8>) -> Result<Pdf, TypesetError> {
        let source = self.source(template).ok_or_else(|| TypesetError::UnknownTemplate(template.to_owned()))?;
        typeset_with(&source, data, Some(picture))
    }

    /// The same from a typed paper.
    pub fn paper(&self, paper: &crate::paper::Paper) -> Result<Pdf, TypesetError> {
        let data = serde_json::to_value(paper)
            .map_err(|error| TypesetError::Template { message: error.to_string(), line: None })?;
        self.set(paper.template(), &data)
    }
}

/// Sets a paper from the source of a template.
fn typeset(template: &str, data: &Value) -> Result<Pdf, TypesetError> {
    typeset_with(template, data, None)
}

fn typeset_with(template: &str, data: &Value, picture: Option<Vec<u8>>) -> Result<Pdf, TypesetError> {
    let data = input::prepared(data)?;
    let mut inputs = Dict::new();
    inputs.insert(Str::from("data"), Input::Str(data.to_string().into()));
    if let Some(address) = data.get("qr").and_then(Value::as_str) {
        inputs.insert(Str::from("qr"), Input::Str(qr::svg(address, "QR")?.into()));
    }
    if let Some(picture) = picture {
        inputs.insert(Str::from("picture"), Input::Bytes(Bytes::new(picture)));
    }
    let desk = world::Desk::new(template, inputs);
    let result = compile(&desk, data.get("date").and_then(Value::as_str).and_then(midnight));
    comemo::evict(CACHE_AGE_MAX);
    result
}

fn compile(desk: &world::Desk, timestamp: Option<Timestamp>) -> Result<Pdf, TypesetError> {
    let document = typst::compile::<PagedDocument>(desk).output.map_err(|errors| explain(desk, &errors))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2u])
        .map_err(|error| TypesetError::Template { message: error.message().to_string(), line: None })?;
    let creator = Smart::Custom(Some("Songhan".to_owned()));
    // The archive format wants a date: the paper's own, unless the template sets another.
    let options = PdfOptions { creator, timestamp, standards, ..PdfOptions::default() };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| explain(desk, &errors))?;
    Ok(Pdf { bytes, pages: document.pages().len(), anchors: anchors_of(&document) })
}

/// The start of a day written as `2026-11-21`, whatever follows.
fn midnight(day: &str) -> Option<Timestamp> {
    let date: jiff::civil::Date = day.get(..10)?.parse().ok()?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    Datetime::from_ymd_hms(i32::from(date.year()), month, day, 0, 0, 0).map(Timestamp::new_utc)
}

fn explain(desk: &world::Desk, errors: &[typst::diag::SourceDiagnostic]) -> TypesetError {
    let Some(first) = errors.first() else {
        return TypesetError::Template { message: "unknown error".to_owned(), line: None };
    };
    let mut message = first.message.to_string();
    for hint in &first.hints {
        message.push_str("; ");
        message.push_str(&hint.v);
    }
    let line = desk
        .range(first.span)
        .filter(|_| first.span.id() == Some(desk.main()))
        .and_then(|range| Some(desk.source(desk.main()).ok()?.text().get(..range.start)?.lines().count().max(1)));
    TypesetError::Template { message, line }
}

fn anchors_of(document: &PagedDocument) -> Vec<Anchor> {
    let Some(label) = Label::new(PicoStr::intern("anchor")) else { return Vec::new() };
    let introspector = document.introspector();
    let found = introspector.query(&Selector::Label(label));
    found
        .iter()
        .filter_map(|element| {
            let Input::Dict(value) = &element.to_packed::<MetadataElem>()?.value else { return None };
            let number = |key: &str| match value.get(key).ok()? {
                Input::Float(n) => Some(*n as f32),
                Input::Int(n) => Some(*n as f32),
                _ => None,
            };
            let name = match value.get("name").ok()? {
                Input::Str(name) => name.to_string(),
                other => other.repr().to_string(),
            };
            let position = introspector.position(element.location()?)?;
            let page = document.pages().get(position.page.get() - 1)?;
            let left = position.point.x.to_pt() as f32;
            let top = (page.frame.height() - position.point.y).to_pt() as f32;
            let rect = [left, top - number("height")?, left + number("width")?, top];
            Some(Anchor { name, page: u32::try_from(position.page.get()).ok()?, rect })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn data_is_printed_and_never_run() {
        let template = r#"#let data = json(bytes(sys.inputs.data))
#set text(font: "Tinos")
#data.x"#;
        let data = json!({ "date": "2026-11-21", "x": "#panic(\"x\") #read(\"/etc/passwd\") $x^2$ *đậm* #import \"@preview/x:1.0.0\": *" });
        assert_eq!(typeset(template, &data).unwrap().pages, 1);
    }

    #[test]
    fn a_template_reaches_no_file_and_errors_carry_the_line() {
        let error = typeset("first line\n#read(\"/etc/passwd\")", &json!({})).unwrap_err();
        assert!(matches!(error, TypesetError::Template { line: Some(2), .. }), "{error}");
        assert!(typeset("#import \"@preview/x:1.0.0\": *", &json!({})).is_err());
        assert!(matches!(Typesetter::new().set("nothing", &json!({})), Err(TypesetError::UnknownTemplate(_))));
    }

    #[test]
    fn the_citys_template_goes_first() {
        let typesetter =
            Typesetter::with_templates(|name| (name == "receipt").then(|| "#set text(font: \"Tinos\")\nCity".into()));
        assert_eq!(typesetter.set("receipt", &json!({ "date": "2026-11-21" })).unwrap().pages, 1);
        assert!(matches!(typesetter.set("x", &json!({})), Err(TypesetError::UnknownTemplate(_))));
    }

    #[test]
    fn anchors_are_measured_from_the_lower_left() {
        let template = r#"#import "/official.typ": *
#set page(width: 200pt, height: 100pt, margin: 10pt)
#anchor("seal", 30pt, 20pt)"#;
        let pdf = typeset(template, &json!({ "date": "2026-11-21T09:30" })).unwrap();
        let anchor = pdf.anchor("seal").unwrap();
        assert_eq!((anchor.page, anchor.rect), (1, [10.0, 70.0, 40.0, 90.0]));
    }

    #[test]
    fn whatever_is_accepted_can_be_exported() {
        let all: String = world::FONTS.printable.iter().collect();
        assert!(world::FONTS.printable.len() > 2000);
        let template = r#"#let data = json(bytes(sys.inputs.data))
#set text(font: "Tinos")
#data.x #strong(data.x) #emph(data.x) #strong(emph(data.x))"#;
        let data = json!({ "date": "2026-11-21", "x": all });
        assert_eq!(typeset(template, &data).unwrap().bytes, typeset(template, &data).unwrap().bytes);
    }
}
