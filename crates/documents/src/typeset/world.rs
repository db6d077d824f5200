//! The little world a template sees: embedded fonts, the common library, its data. No files, no network, no clock.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

/// The serif of official papers (Times metrics, all of Vietnamese) and the sans of the seal.
const FONT_FILES: [&[u8]; 5] = [
    include_bytes!("../../fonts/Tinos-Regular.ttf"),
    include_bytes!("../../fonts/Tinos-Italic.ttf"),
    include_bytes!("../../fonts/Tinos-Bold.ttf"),
    include_bytes!("../../fonts/Tinos-BoldItalic.ttf"),
    include_bytes!("../../fonts/BeVietnamPro-Bold.ttf"),
];
/// How many of them carry running text.
const TEXT_FONTS: usize = 4;

/// Common parts that a template imports as `/official.typ`.
const OFFICIAL: &str = include_str!("../../templates/official.typ");

pub(super) struct Fonts {
    book: LazyHash<FontBook>,
    faces: Vec<Font>,
    /// Characters that every style of the text family can print.
    pub(super) printable: BTreeSet<char>,
}

pub(super) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONT_FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    let book = LazyHash::new(FontBook::from_fonts(&fonts));
    let text: Vec<&Font> = fonts.iter().take(TEXT_FONTS).collect();
    let covered = |font: &&Font| -> BTreeSet<char> { font.info().coverage.iter().filter_map(char::from_u32).collect() };
    let mut printable = text.iter().map(covered).reduce(|a, b| &a & &b).unwrap_or_default();
    printable.retain(|c| !c.is_control() && !is_private(*c) && !is_invisible(*c));
    Fonts { book, faces: fonts, printable }
});

/// Fonts keep pictures of their own at these places; they mean nothing to a reader of the text.
fn is_private(c: char) -> bool {
    matches!(u32::from(c), 0xE000..=0xF8FF | 0xF0000..)
}

/// Marks that change the direction or joining of text without being seen: a paper must read as it looks.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c), 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFF0..=0xFFFB)
}

fn file_id(path: &str) -> FileId {
    // Both paths are constants of this module.
    let path = VirtualPath::new(path).expect("a constant path is valid");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

static MAIN: LazyLock<FileId> = LazyLock::new(|| file_id("main.typ"));
static LIBRARY: LazyLock<Source> = LazyLock::new(|| Source::new(file_id("official.typ"), OFFICIAL.to_owned()));

/// One document being set.
pub(super) struct Desk {
    standard: LazyHash<Library>,
    main: Source,
}

impl Desk {
    pub(super) fn new(template: &str, inputs: Dict) -> Self {
        Self {
            standard: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            main: Source::new(*MAIN, template.to_owned()),
        }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.standard
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        *MAIN
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == *MAIN {
            Ok(self.main.clone())
        } else if id == LIBRARY.id() {
            Ok(LIBRARY.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
