//! The files of a city: a directory on disk, the built-in city, or a handful of texts in a test.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_embed::RustEmbed;
use unicode_normalization::is_nfc;

use crate::{Place, Report};

/// Da Nang, built into the binary. A debug build reads it from the source tree.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../city/danang"]
struct DaNang;

/// What is read as text, and therefore checked for UTF-8 and NFC.
const TEXTS: [&str; 8] = ["toml", "md", "csv", "html", "ftl", "txt", "json", "svg"];
/// No declaration is this long; what is bigger has got into the folder by mistake.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("the city folder {path} cannot be read ({source}); give --city a folder that holds city.toml")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{path} has more than 16 MiB; a city folder holds declarations, move large data elsewhere")]
    TooLarge { path: PathBuf },
    #[error("{path} has a name that is not UTF-8; rename it")]
    Name { path: PathBuf },
}

/// All files of a city, read into memory once. Cheap to clone. Paths are relative and written with `/`.
#[derive(Clone, Debug)]
pub struct Folder {
    files: Arc<BTreeMap<String, Cow<'static, [u8]>>>,
}

impl Folder {
    /// The built-in city, Da Nang.
    pub fn embedded() -> Self {
        let files = DaNang::iter()
            .filter_map(|path| DaNang::get(&path).map(|file| (path.replace('\\', "/"), file.data)))
            .collect();
        Self { files: Arc::new(files) }
    }

    /// A folder on disk. Hidden files and what editors leave behind (`x~`) are passed over.
    pub fn open(dir: &Path) -> Result<Self, FolderError> {
        let mut files = BTreeMap::new();
        read_dir(dir, "", &mut files)?;
        Ok(Self { files: Arc::new(files) })
    }

    /// A folder made of texts, for tests.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = texts.into_iter().map(|(path, text)| (path.to_owned(), Cow::Owned(text.as_bytes().to_vec())));
        Self { files: Arc::new(files.collect()) }
    }

    /// The same folder with one text added or replaced.
    #[must_use]
    pub fn with(&self, path: &str, text: &str) -> Self {
        let mut files = (*self.files).clone();
        files.insert(path.to_owned(), Cow::Owned(text.as_bytes().to_vec()));
        Self { files: Arc::new(files) }
    }

    /// The same folder without one file.
    #[must_use]
    pub fn without(&self, path: &str) -> Self {
        let mut files = (*self.files).clone();
        files.remove(path);
        Self { files: Arc::new(files) }
    }

    /// All paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The files directly in `dir` whose names end in `.ext`, in order.
    pub fn list<'a>(&'a self, dir: &'a str, ext: &'a str) -> impl Iterator<Item = &'a str> {
        self.paths().filter(move |path| {
            path.rsplit_once('/').is_some_and(|(parent, _)| parent == dir)
                && path.rsplit_once('.').is_some_and(|(_, end)| end == ext)
        })
    }

    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The text of a file, without a byte order mark; `None` when it is missing or not UTF-8 (which
    /// [`crate::City::load`] reports by itself).
    pub fn read(&self, path: &str) -> Option<&str> {
        let text = std::str::from_utf8(self.bytes(path)?).ok()?;
        Some(text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(AsRef::as_ref)
    }

    /// Reports texts that are not UTF-8 or not in NFC: equal words would compare unequal.
    pub(crate) fn check_texts(&self, report: &mut Report) {
        let texts = self.files.iter().filter(|(path, _)| TEXTS.iter().any(|t| path.ends_with(&format!(".{t}"))));
        for (path, bytes) in texts {
            match std::str::from_utf8(bytes) {
                Err(error) => {
                    let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
                    report.add(
                        &Place::new(path.as_str(), line as u32),
                        "this line is not UTF-8 text",
                        "save the file again with the encoding UTF-8",
                    );
                }
                Ok(text) => {
                    if let Some(line) = text.lines().position(|line| !is_nfc(line)) {
                        report.add(
                            &Place::new(path.as_str(), line as u32 + 1),
                            "the marks on this line are separate characters (not Unicode NFC)",
                            "type the words again with a Unicode keyboard (\"Unicode dựng sẵn\")",
                        );
                    }
                }
            }
        }
    }
}

fn read_dir(dir: &Path, prefix: &str, files: &mut BTreeMap<String, Cow<'static, [u8]>>) -> Result<(), FolderError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Unreadable { path, source }
    };
    for entry in std::fs::read_dir(dir).map_err(unreadable(dir))? {
        let path = entry.map_err(unreadable(dir))?.path();
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else {
            return Err(FolderError::Name { path });
        };
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let relative = format!("{prefix}{name}");
        let meta = std::fs::metadata(&path).map_err(unreadable(&path))?;
        if meta.is_dir() {
            read_dir(&path, &format!("{relative}/"), files)?;
        } else if meta.len() > FILE_BYTES_MAX {
            return Err(FolderError::TooLarge { path });
        } else {
            files.insert(relative, Cow::Owned(std::fs::read(&path).map_err(unreadable(&path))?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_one_level() {
        let folder =
            Folder::from_texts([("city.toml", ""), ("forms/a.toml", ""), ("forms/b.md", ""), ("forms/x/c.toml", "")]);
        assert_eq!(folder.list("forms", "toml").collect::<Vec<_>>(), ["forms/a.toml"]);
        assert_eq!(folder.with("forms/z.toml", "").list("forms", "toml").count(), 2);
        assert!(!folder.without("city.toml").contains("city.toml"));
    }

    #[test]
    fn reports_encodings_with_the_line() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.toml"), b"x = 1\ny = \"\xe0\xa0\"\n").unwrap();
        std::fs::write(dir.path().join("b.md"), "ok\nNguye\u{302}\u{303}n\n").unwrap();
        std::fs::write(dir.path().join(".hidden.toml"), b"\xff").unwrap();
        std::fs::create_dir(dir.path().join("img")).unwrap();
        std::fs::write(dir.path().join("img/seal.png"), b"\xff\xd8").unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        assert_eq!(folder.paths().collect::<Vec<_>>(), ["a.toml", "b.md", "img/seal.png"]);
        let mut report = Report::default();
        folder.check_texts(&mut report);
        let places: Vec<_> = report.problems.iter().map(|p| (&*p.file, p.line)).collect();
        assert_eq!(places, [("a.toml", 2), ("b.md", 2)]);
    }

    #[test]
    fn says_which_folder_is_missing() {
        let error = Folder::open(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    }
}
